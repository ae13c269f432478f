//! What Python calls of a store.

use landbridge as lb;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use super::Store;
use crate::engine::{Engine, or_shared};
use crate::guard::{Fault, guard};
use crate::instance::Instance;
use crate::kept::Roots;
use crate::limits;
use crate::module::Module;
use crate::read;
use crate::sandbox::Sandbox;

impl Store {
    pub(crate) fn make<'py>(
        engine: &Bound<'py, Engine>,
        sandbox: &Sandbox<'py>,
    ) -> Result<Bound<'py, Store>, Fault> {
        let roots = Roots::new();
        let native = lb::Store::with(engine.get().native(), &sandbox.native(&roots)?)?;
        Ok(Store::of(engine, native, roots, None)?)
    }
}

#[pymethods]
impl Store {
    #[new]
    #[pyo3(signature = (*, engine=None, **sandbox))]
    fn new(
        py: Python<'_>,
        engine: Option<&Bound<'_, Engine>>,
        sandbox: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Store>> {
        guard(|| {
            let sandbox = Sandbox::from_keywords(sandbox)?;
            Ok(Store::make(&or_shared(py, engine)?, &sandbox)?.unbind())
        })
    }

    /// Makes an instance that shares this store.
    #[pyo3(signature = (module, imports=None, *, initialize=true))]
    fn instantiate(
        slf: &Bound<'_, Self>,
        module: &Bound<'_, Module>,
        imports: Option<&Bound<'_, PyAny>>,
        initialize: bool,
    ) -> PyResult<Py<Instance>> {
        guard(|| Instance::make(slf, module, imports, initialize, false))
    }

    /// What its guests use and used.
    fn usage<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| Ok(limits::usage(py, &self.native.usage()?)?))
    }

    /// Gives it so much fuel, in place of what is left.
    #[pyo3(signature = (fuel, /))]
    fn set_fuel(&self, fuel: &Bound<'_, PyAny>) -> PyResult<()> {
        guard(|| Ok(self.native.set_fuel(read::number(fuel, "fuel")?)?))
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

    /// Takes what its guests wrote to stdout, as text.
    fn stdout_text(&self) -> String {
        self.native.stdout_text()
    }

    /// Takes what its guests wrote to stderr, as text.
    fn stderr_text(&self) -> String {
        self.native.stderr_text()
    }

    /// Takes what WASI refused its guests, if that is captured.
    fn refusals<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.native.refusals())
    }

    /// What its guests wrote last, and were refused, where nobody could see it.
    fn output(&self) -> String {
        self.native.output()
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

    fn __repr__(&self) -> String {
        format!("<{}>", self.native.shown())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match &self.pool {
            Some(pool) => visit.call(pool),
            None => self.roots.traverse(&visit),
        }
    }

    fn __clear__(&self) {
        self.let_go();
    }
}
