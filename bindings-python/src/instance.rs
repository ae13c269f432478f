//! Instance: a module at work.

mod class;

use landbridge as lb;
use pyo3::prelude::*;

use crate::exports::Exports;
use crate::guard::Fault;
use crate::store::Store;

/// A module at work. `exports` has what it exports.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Instance {
    native: lb::Instance,
    #[pyo3(get)]
    exports: Py<Exports>,
    #[pyo3(get)]
    store: Py<Store>,
    #[pyo3(get)]
    module: Py<PyAny>,
    /// Whether the store was made for this instance alone and closes with it.
    owns_store: bool,
}

impl Instance {
    /// The object for an instance of the core's.
    pub(crate) fn of(
        py: Python<'_>,
        native: lb::Instance,
        store: &Py<Store>,
        module: Py<PyAny>,
        owns_store: bool,
    ) -> Result<Py<Instance>, Fault> {
        let exports = Exports::new(py, native.clone(), store.clone_ref(py))?;
        let instance = Instance {
            native,
            exports: Py::new(py, exports)?,
            store: store.clone_ref(py),
            module,
            owns_store,
        };
        Ok(Py::new(py, instance)?)
    }

    pub(crate) fn native(&self) -> &lb::Instance {
        &self.native
    }

    pub(crate) fn exports(&self) -> &Py<Exports> {
        &self.exports
    }
}
