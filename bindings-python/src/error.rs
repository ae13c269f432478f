//! What an error looks like in Python. The classes are in `errors.py`, in a table by kind.

use std::path::Path;

use landbridge::{Error, Trail};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple, PyType};

use crate::kept::Kept;
use crate::lazy::Lazy;

static MAKE: Lazy<Py<PyAny>> = Lazy::new();
static ADD_FRAMES: Lazy<Py<PyAny>> = Lazy::new();
static ADD_OUTPUT: Lazy<Py<PyAny>> = Lazy::new();
static ADD_ROW: Lazy<Py<PyAny>> = Lazy::new();

/// Imports what is needed for errors, while importing still works.
pub(crate) fn prepare(py: Python<'_>) -> PyResult<()> {
    MAKE.import(py, "landbridge.errors", "_make")?;
    ADD_FRAMES.import(py, "landbridge.errors", "_add_frames")?;
    ADD_OUTPUT.import(py, "landbridge.errors", "_add_output")?;
    ADD_ROW.import(py, "landbridge.errors", "_add_row")?;
    Ok(())
}

/// The exception for an error: the host's own object if one travels along, else one of its kind.
/// The guest's frames are added to it.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).map_or_else(|failed| failed, PyErr::from_value)
}

fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    if let Some(own) = own(py, error) {
        // Whatever an exception does with new attributes, it comes out itself.
        let _ = add_frames(&own, error);
        return Ok(own);
    }
    let make = MAKE.import(py, "landbridge.errors", "_make")?;
    let code = error.trap_code().map(|code| code.name());
    make.call1((
        error.kind().name(),
        error.message(),
        code,
        frames(py, error)?,
        PyTrail(error.trail()),
        error.exit_code(),
        error.output(),
        error.os_code(),
        error.path().map(Path::as_os_str),
        error.row(),
    ))
}

/// Adds the guest's frames to an exception, and the row of a batch.
pub(crate) fn add_frames(exception: &Bound<'_, PyAny>, error: &Error) -> PyResult<()> {
    let py = exception.py();
    let add = ADD_FRAMES.import(py, "landbridge.errors", "_add_frames")?;
    let trail = PyTrail(error.trail());
    add.call1((exception, error.kept_frames(), frames(py, error)?, trail))?;
    let add = ADD_ROW.import(py, "landbridge.errors", "_add_row")?;
    add.call1((exception, error.row()))?;
    Ok(())
}

/// The trail that an exception of Python's keeps. It means nothing in another process, and is an empty one there.
#[pyclass(frozen, module = "landbridge._native", name = "_Trail")]
#[derive(Default)]
pub(crate) struct PyTrail(pub(crate) Trail);

#[pymethods]
impl PyTrail {
    #[new]
    fn new() -> PyTrail {
        PyTrail::default()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyType>, Bound<'py, PyTuple>) {
        (slf.get_type(), PyTuple::empty(slf.py()))
    }
}

/// Adds what the guest had written.
pub(crate) fn add_output(exception: &Bound<'_, PyAny>, error: &Error) -> PyResult<()> {
    let add = ADD_OUTPUT.import(exception.py(), "landbridge.errors", "_add_output")?;
    add.call1((exception, error.output()))?;
    Ok(())
}

/// The host's own exception.
fn own<'py>(py: Python<'py>, error: &Error) -> Option<Bound<'py, PyAny>> {
    error.host_exception()?.downcast_ref::<Kept>()?.get(py)
}

fn frames<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyTuple>> {
    let list = PyList::empty(py);
    for frame in error.frames() {
        let (module, name) = (frame.module.as_deref(), frame.func_name.as_deref());
        list.append((module, frame.func_index, name, frame.module_offset))?;
    }
    Ok(list.to_tuple())
}
