//! GcRef: structs and arrays of the guest's garbage-collected heap, held by Python.

mod class;

use landbridge as lb;
use pyo3::prelude::*;

use crate::store::Store;

/// A struct or an array of the guest's heap, by index.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct GcRef {
    native: lb::GcRef,
    #[pyo3(get)]
    store: Py<Store>,
}

/// The object of Python's for one of `store`.
pub(crate) fn wrap<'py>(
    py: Python<'py>,
    native: lb::GcRef,
    store: &Py<Store>,
) -> PyResult<Bound<'py, PyAny>> {
    let store = store.clone_ref(py);
    Ok(Bound::new(py, GcRef { native, store })?.into_any())
}

/// The core's object, if it is one of ours.
pub(crate) fn native<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a lb::GcRef> {
    let object = object.cast::<GcRef>().ok()?;
    Some(&object.get().native)
}
