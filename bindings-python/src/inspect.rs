//! Inspection: what a module is and what it will ask for, told without compiling it.

use std::path::PathBuf;

use landbridge as lb;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};

use crate::gil;
use crate::guard::{Fault, guard};
use crate::lazy::Lazy;
use crate::module::{Source, string_of};
use crate::read::bytes_of;
use crate::types;

/// Inspects a file of bytes or of WebAssembly text.
#[pyfunction]
#[pyo3(signature = (path, /))]
pub(crate) fn inspect_file(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyAny>> {
    inspect(py, || lb::Inspection::of_file(&path))
}

/// Inspects what a string names or is.
#[pyfunction]
#[pyo3(signature = (source, /))]
pub(crate) fn inspect_string<'py>(source: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let (py, found) = (source.py(), string_of(source)?);
    inspect(py, || match found {
        Source::Text(text) => lb::Inspection::of(text),
        Source::Path(path) => lb::Inspection::of_file(path),
    })
}

/// Inspects WebAssembly text.
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(crate) fn inspect_text<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    inspect(py, || lb::Inspection::new(text))
}

/// Inspects bytes, from any buffer.
#[pyfunction]
#[pyo3(signature = (data, /))]
pub(crate) fn inspect_bytes<'py>(data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let bytes = bytes_of(data)?;
    let bytes = bytes.as_bytes();
    inspect(data.py(), || lb::Inspection::new(bytes))
}

/// Inspects with the lock let go.
fn inspect<'py>(
    py: Python<'py>,
    what: impl FnOnce() -> lb::Result<lb::Inspection> + Send,
) -> PyResult<Bound<'py, PyAny>> {
    guard(|| {
        let found = gil::detach(py, what).map_err(Fault::Core)?;
        Ok(wrap(py, &found)?)
    })
}

fn wrap<'py>(py: Python<'py>, found: &lb::Inspection) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    // A tuple of Rust has twelve at most.
    let parts = [
        (&found.name).into_bound_py_any(py)?,
        PyTuple::new(py, types::imports(py, &found.imports)?)?.into_any(),
        asks(py, &found.asks)?.into_any(),
        found.built_for.into_bound_py_any(py)?,
        PyTuple::new(py, types::exports(py, &found.exports)?)?.into_any(),
        memories(py, &found.memories)?.into_any(),
        PyTuple::new(py, &found.features)?.into_any(),
        found.compile_cost.into_bound_py_any(py)?,
        custom_sections(py, &found.custom_sections)?.into_any(),
        producers(py, &found.producers)?.into_any(),
        PyTuple::new(py, &found.target_features)?.into_any(),
        found
            .world
            .as_ref()
            .map(ToString::to_string)
            .into_bound_py_any(py)?,
        found.to_json().into_bound_py_any(py)?,
    ];
    let class = CLASS.import(py, "landbridge._names", "Inspection")?;
    class.call1(PyTuple::new(py, parts)?)
}

fn memories<'py>(py: Python<'py>, found: &[lb::MemoryType]) -> PyResult<Bound<'py, PyTuple>> {
    let rows = found.iter().cloned().map(lb::ExternType::Memory);
    let rows = rows.map(|ty| types::wrap(py, &ty));
    PyTuple::new(py, rows.collect::<PyResult<Vec<_>>>()?)
}

fn asks<'py>(py: Python<'py>, found: &[lb::Ask]) -> PyResult<Bound<'py, PyTuple>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let class = CLASS.import(py, "landbridge._names", "Ask")?;
    let rows = found.iter();
    let rows = rows.map(|it| class.call1((it.what, PyTuple::new(py, &it.functions)?)));
    PyTuple::new(py, rows.collect::<PyResult<Vec<_>>>()?)
}

fn custom_sections<'py>(
    py: Python<'py>,
    found: &[lb::CustomSection],
) -> PyResult<Bound<'py, PyTuple>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let class = CLASS.import(py, "landbridge._names", "CustomSection")?;
    let rows = found.iter();
    let rows = rows.map(|it| class.call1((&it.name, PyBytes::new(py, &it.bytes))));
    PyTuple::new(py, rows.collect::<PyResult<Vec<_>>>()?)
}

fn producers<'py>(py: Python<'py>, found: &[lb::Producer]) -> PyResult<Bound<'py, PyTuple>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let class = CLASS.import(py, "landbridge._names", "Producer")?;
    let rows = found.iter();
    let rows = rows.map(|it| class.call1((&it.field, &it.name, &it.version)));
    PyTuple::new(py, rows.collect::<PyResult<Vec<_>>>()?)
}
