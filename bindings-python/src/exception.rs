//! Exception: what a guest or Python throws. The class that users see, `TaggedException`, is in
//! `errors.py`; an object of it holds an [`Exn`].

mod class;

use landbridge::{Error, Exception};
use pyo3::prelude::*;

use crate::error;
use crate::gil;
use crate::guard::Fault;
use crate::lazy::Lazy;
use crate::store::Store;

static CLASS: Lazy<Py<PyAny>> = Lazy::new();
static TAGGED: Lazy<Py<PyAny>> = Lazy::new();

/// Imports what is needed for exceptions, while importing still works.
pub(crate) fn prepare(py: Python<'_>) -> PyResult<()> {
    CLASS.import(py, "landbridge.errors", "TaggedException")?;
    TAGGED.import(py, "landbridge.errors", "_tagged").map(drop)
}

/// An exception as guests have it.
#[pyclass(frozen, module = "landbridge._native")]
pub(crate) struct Exn {
    native: Exception,
    store: Py<Store>,
}

/// The object of Python's for an exception of `store`.
pub(crate) fn wrap<'py>(
    py: Python<'py>,
    native: Exception,
    store: &Py<Store>,
) -> PyResult<Bound<'py, PyAny>> {
    let store = store.clone_ref(py);
    let tagged = TAGGED.import(py, "landbridge.errors", "_tagged")?;
    tagged.call1((Exn { native, store },))
}

/// The core's exception, if the object is a `TaggedException`.
pub(crate) fn native(object: &Bound<'_, PyAny>) -> Option<Exception> {
    let class = CLASS.import(object.py(), "landbridge.errors", "TaggedException");
    if !object.is_instance(class.ok()?).ok()? {
        return None;
    }
    let exn = object.getattr("_exn").ok()?;
    Some(exn.cast::<Exn>().ok()?.get().native.clone())
}

/// Why a call of a guest of `store` failed. What the guest threw becomes an object of Python's here;
/// what Python threw is one already.
#[cold]
pub(crate) fn thrown(error: Error, store: &Py<Store>) -> Fault {
    match error.exception() {
        Some(exception) if error.host_exception().is_none() => {
            let raised = gil::held(|py| raise(py, &error, exception.clone(), store));
            raised.unwrap_or_else(|failed| failed).into()
        }
        _ => error.into(),
    }
}

fn raise(
    py: Python<'_>,
    error: &Error,
    exception: Exception,
    store: &Py<Store>,
) -> PyResult<PyErr> {
    let raised = wrap(py, exception, store)?;
    // Read while its objects are there: the store may be closed when it is asked for.
    raised.getattr("payload")?;
    error::add_frames(&raised, error)?;
    error::add_output(&raised, error)?;
    Ok(PyErr::from_value(raised))
}
