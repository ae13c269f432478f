//! Instance: a module at work.

use landbridge as lb;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::exception;
use crate::exports::{Exports, other_sort};
use crate::func;
use crate::gil;
use crate::global::Global;
use crate::guard::{Fault, guard};
use crate::imports;
use crate::memory::Memory;
use crate::module::Module;
use crate::stdio;
use crate::store::Store;
use crate::table::Table;
use crate::tag::Tag;

/// A module at work. `exports` has what it exports.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Instance {
    native: lb::Instance,
    #[pyo3(get)]
    exports: Py<Exports>,
    #[pyo3(get)]
    store: Py<Store>,
    #[pyo3(get)]
    module: Py<Module>,
    /// Whether the store was made for this instance alone and closes with it.
    owns_store: bool,
}

impl Instance {
    pub(crate) fn make(
        store: &Bound<'_, Store>,
        module: &Bound<'_, Module>,
        imports: Option<&Bound<'_, PyAny>>,
        owns_store: bool,
    ) -> Result<Py<Instance>, Fault> {
        let py = store.py();
        let lent = imports::lend(&module.get().0, imports, store)?;
        let native = gil::enter(|| {
            let store = store.get().native();
            if stdio::has_files(&store.sandbox().stdio) {
                gil::let_go();
            }
            store.instantiate(&module.get().0, &lent)
        });
        let native = native.map_err(|error| exception::thrown(error, store.as_unbound()))?;
        let exports = Exports::new(py, native.clone(), store.clone().unbind())?;
        let instance = Instance {
            native,
            exports: Py::new(py, exports)?,
            store: store.clone().unbind(),
            module: module.clone().unbind(),
            owns_store,
        };
        Ok(Py::new(py, instance)?)
    }

    pub(crate) fn exports(&self) -> &Py<Exports> {
        &self.exports
    }

    /// An export of one sort.
    fn of_sort<'py>(
        &self,
        name: &Bound<'py, PyString>,
        wanted: &str,
        is: impl FnOnce(&Bound<'py, PyAny>) -> bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            let found = self.exports.get().find(name)?;
            if is(&found) {
                return Ok(found);
            }
            let text = name.to_str()?;
            let sort = self.native.export(text)?;
            Err(other_sort(text, wanted, sort.sort()))
        })
    }
}

#[pymethods]
impl Instance {
    /// An exported function.
    fn func<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.of_sort(name, "func", |found| func::native(found).is_some())
    }

    /// An exported memory.
    fn memory<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.of_sort(name, "memory", |found| found.is_instance_of::<Memory>())
    }

    /// An exported table.
    fn table<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.of_sort(name, "table", |found| found.is_instance_of::<Table>())
    }

    /// An exported global.
    #[pyo3(name = "global_")]
    fn global<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.of_sort(name, "global", |found| found.is_instance_of::<Global>())
    }

    /// An exported tag of exceptions.
    fn tag<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.of_sort(name, "tag", |found| found.is_instance_of::<Tag>())
    }

    /// Calls an exported function by name.
    #[pyo3(signature = (name, /, *args))]
    fn call<'py>(
        &self,
        name: &Bound<'py, PyString>,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.func(name)?.call1(args)
    }

    /// Runs a program of WASI, and gives its exit code.
    fn run(&self) -> PyResult<i32> {
        guard(|| {
            let code = gil::enter(|| self.native.run());
            code.map_err(|error| exception::thrown(error, &self.store))
        })
    }

    /// Closes it, and its store if it has one of its own. Never waits; twice is no error.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        guard(|| {
            self.native.close();
            if self.owns_store {
                self.store.bind(py).get().shut();
            }
            Ok(())
        })
    }

    /// Whether it was closed, or its store was.
    #[getter]
    fn closed(&self) -> bool {
        self.native.is_closed()
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_args))]
    fn __exit__(&self, py: Python<'_>, _args: &Bound<'_, PyAny>) -> PyResult<()> {
        self.close(py)
    }

    fn __repr__(&self) -> String {
        let name = self.native.module().name().unwrap_or("of a module");
        format!("<Instance {name}>")
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.exports)?;
        visit.call(&self.store)?;
        visit.call(&self.module)
    }
}
