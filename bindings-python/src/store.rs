//! Store: one sandbox, and the objects of Python's that its guests can reach.

use std::sync::Arc;

use landbridge as lb;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::engine::{Engine, or_shared};
use crate::guard::{Fault, guard};
use crate::instance::Instance;
use crate::kept::Roots;
use crate::limits::{self, Limits};
use crate::module::Module;
use crate::policy::Policy;
use crate::sandbox::Sandbox;
use crate::stdio::Given;

/// One sandbox. Instances in one store can share memories, tables and functions.
// Each store of the core has one object of this class; everything that lives in it refers to it.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Store {
    native: lb::Store,
    roots: Arc<Roots>,
}

impl Store {
    pub(crate) fn make<'py>(
        py: Python<'py>,
        engine: &lb::Engine,
        sandbox: &Sandbox<'_, '_>,
    ) -> Result<Bound<'py, Store>, Fault> {
        let roots = Roots::new();
        let native = lb::Store::with(engine, &sandbox.native(&roots)?)?;
        let store = Bound::new(py, Store { native, roots })?;
        store.get().roots.set_owner(&store);
        Ok(store)
    }

    pub(crate) fn native(&self) -> &lb::Store {
        &self.native
    }

    pub(crate) fn roots(&self) -> &Arc<Roots> {
        &self.roots
    }

    /// Closes it and lets go of what its guests could reach.
    pub(crate) fn shut(&self) {
        self.native.close();
        self.roots.clear();
    }
}

#[pymethods]
impl Store {
    #[new]
    #[pyo3(signature = (*, engine=None, policy=None, limits=None, stdin=None, stdout=None, stderr=None))]
    fn new(
        py: Python<'_>,
        engine: Option<&Bound<'_, Engine>>,
        policy: Option<&Bound<'_, Policy>>,
        limits: Option<&Bound<'_, Limits>>,
        stdin: Given<'_, '_>,
        stdout: Given<'_, '_>,
        stderr: Given<'_, '_>,
    ) -> PyResult<Py<Store>> {
        let sandbox = Sandbox {
            policy,
            limits,
            stdin,
            stdout,
            stderr,
        };
        guard(|| Ok(Store::make(py, &or_shared(engine)?, &sandbox)?.unbind()))
    }

    /// Makes an instance that shares this store.
    #[pyo3(signature = (module, imports=None))]
    fn instantiate(
        slf: &Bound<'_, Self>,
        module: &Bound<'_, Module>,
        imports: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<Instance>> {
        guard(|| Instance::make(slf, module, imports, false))
    }

    /// What its guests use and used.
    fn usage<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| Ok(limits::usage(py, &self.native.usage()?)?))
    }

    /// Gives it so much fuel, in place of what is left.
    #[pyo3(signature = (fuel, /))]
    fn set_fuel(&self, fuel: &Bound<'_, PyAny>) -> PyResult<()> {
        guard(|| Ok(self.native.set_fuel(limits::number(fuel, "fuel")?)?))
    }

    /// Ends the call that runs in it. Does not wait.
    fn cancel(&self) {
        self.native.cancel();
    }

    /// Takes what its guests wrote to stdout, if it is captured.
    fn stdout<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.native.stdout())
    }

    /// Takes what its guests wrote to stderr, if it is captured.
    fn stderr<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.native.stderr())
    }

    /// Collects garbage of the guests' heap now.
    fn gc(&self) -> PyResult<()> {
        guard(|| Ok(self.native.gc()?))
    }

    /// Closes it: everything in it answers `closed` from now on. Never waits; twice is no error.
    fn close(&self) -> PyResult<()> {
        guard(|| {
            self.shut();
            Ok(())
        })
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.native.is_closed()
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_args))]
    fn __exit__(&self, _args: &Bound<'_, PyAny>) -> PyResult<()> {
        self.close()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.roots.traverse(&visit)
    }

    fn __clear__(&self) {
        self.roots.clear();
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.roots.forget_owner();
        self.roots.clear();
    }
}
