//! Global: one value that Python and guests share.

use landbridge as lb;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use crate::guard::guard;
use crate::store::Store;
use crate::types;
use crate::value;

/// One value that Python and guests share.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Global {
    native: lb::Global,
    #[pyo3(get)]
    store: Py<Store>,
}

impl Global {
    pub(crate) fn of(py: Python<'_>, native: lb::Global, store: &Py<Store>) -> Global {
        let store = store.clone_ref(py);
        Global { native, store }
    }

    pub(crate) fn native(&self) -> &lb::Global {
        &self.native
    }
}

fn place() -> String {
    lb::messages::global_value().to_owned()
}

#[pymethods]
impl Global {
    #[new]
    #[pyo3(signature = (store, r#type, value, *, mutable=false))]
    fn new(
        store: &Bound<'_, Store>,
        r#type: &str,
        value: &Bound<'_, PyAny>,
        mutable: bool,
    ) -> PyResult<Global> {
        guard(|| {
            let content = lb::Type::named(r#type)?;
            let value = value::lower(value, content, store.get().roots(), &place)?;
            let ty = lb::GlobalType { content, mutable };
            let native = lb::Global::new(store.get().native(), &ty, &value)?;
            Ok(Global::of(store.py(), native, store.as_unbound()))
        })
    }

    /// The value now.
    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| value::lift(py, self.native.get()?, &self.store))
    }

    #[setter]
    fn set_value(&self, value: &Bound<'_, PyAny>) -> PyResult<()> {
        guard(|| {
            let content = self.native.ty()?.content;
            let value = value::lower(value, content, self.store.get().roots(), &place)?;
            Ok(self.native.set(&value)?)
        })
    }

    /// Its type.
    #[getter]
    fn r#type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| Ok(types::wrap(py, &lb::ExternType::Global(self.native.ty()?))?))
    }

    fn __repr__(&self) -> String {
        format!("<{}>", self.native.shown())
    }

    /// Whether both are one global of one store.
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<Global>();
        other.is_ok_and(|other| self.native.same(&other.get().native))
    }

    fn __hash__(&self) -> usize {
        self.store.as_ptr() as usize >> 4
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}
