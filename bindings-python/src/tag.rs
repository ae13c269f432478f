//! Tag: what tells one sort of exception from another.

use landbridge as lb;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use crate::guard::guard;
use crate::store::{Store, hash_in};
use crate::types;

/// What tells one sort of exception from another, and the types of what these carry.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Tag {
    native: lb::Tag,
    #[pyo3(get)]
    store: Py<Store>,
}

impl Tag {
    pub(crate) fn of(py: Python<'_>, native: lb::Tag, store: &Py<Store>) -> Tag {
        let store = store.clone_ref(py);
        Tag { native, store }
    }

    pub(crate) fn native(&self) -> &lb::Tag {
        &self.native
    }

    pub(crate) fn store(&self) -> &Py<Store> {
        &self.store
    }
}

#[pymethods]
impl Tag {
    #[new]
    #[pyo3(signature = (store, params=Vec::new()))]
    fn new(store: &Bound<'_, Store>, params: Vec<String>) -> PyResult<Tag> {
        guard(|| {
            let native = lb::Tag::new(store.get().native(), &types::list(&params)?)?;
            Ok(Tag::of(store.py(), native, store.as_unbound()))
        })
    }

    /// The types of what its exceptions carry.
    #[getter]
    fn r#type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        types::wrap(py, &lb::ExternType::Tag(self.native.ty().clone()))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<Tag>();
        other.is_ok_and(|other| self.native.same(&other.get().native))
    }

    /// Tags that are equal live in one store and have one type.
    fn __hash__(&self) -> u64 {
        hash_in(&self.store, self.native.ty())
    }

    fn __repr__(&self) -> String {
        let ty = lb::ExternType::Tag(self.native.ty().clone()).to_string();
        format!("<Tag {}>", ty.trim_start_matches("tag "))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}
