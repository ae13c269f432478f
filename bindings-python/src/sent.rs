//! Sent: how values travel by pickle, each as a name of ours that makes it anew (`arrived.rs`), and its parts.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::lazy::Lazy;

/// What `__reduce__` gives: what to call where it arrives, and with what.
pub(crate) type Sent<'py> = (Bound<'py, PyAny>, (&'static str, Bound<'py, PyTuple>));

/// A value of a sort, by its parts.
pub(crate) fn sent<'py>(
    py: Python<'py>,
    sort: &'static str,
    parts: impl IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error = PyErr>,
) -> PyResult<Sent<'py>> {
    static ARRIVED: Lazy<Py<PyAny>> = Lazy::new();
    let arrived = ARRIVED.import(py, "landbridge._native", "_arrived")?;
    Ok((arrived.clone(), (sort, parts.into_pyobject(py)?)))
}
