//! Engine: compiles modules and keeps time.

use std::path::PathBuf;

use landbridge::{self as lb, CompileCache, EngineOptions};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyTuple};

use crate::call::{self, Scope};
use crate::guard::{Fault, guard};
use crate::lazy::Lazy;

/// Compiles modules and keeps time. Most programs use the shared one and never name it.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Engine {
    native: lb::Engine,
    /// Those of asynchronous calls, made for the first of them.
    threads: Lazy<Py<PyAny>>,
    /// Of modules that are loaded asynchronously, made for the first of them.
    loading: Lazy<Py<PyAny>>,
}

/// Modules that are loaded at a time: each compiles on all cores, but a small one need not wait for a large
/// one. No call waits for these threads.
const LOADERS: usize = 2;

impl Engine {
    fn of(native: lb::Engine) -> Engine {
        Engine {
            native,
            threads: Lazy::new(),
            loading: Lazy::new(),
        }
    }

    pub(crate) fn native(&self) -> &lb::Engine {
        &self.native
    }

    /// What runs the asynchronous calls of its stores.
    pub(crate) fn threads<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        let most = self.native.options().call_threads;
        let threads = self.threads.get_or_try_init(py, || call::threads(py, most));
        Ok(threads?.bind(py))
    }

    fn loading<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        let make = || call::line(call::threads(py, LOADERS)?.bind(py), LOADERS);
        Ok(self.loading.get_or_try_init(py, make)?.bind(py))
    }
}

/// Has a thread of the engine's for loading call a function of ours, and gives what is to be awaited.
#[pyfunction]
#[pyo3(signature = (engine, what, args, /))]
pub(crate) fn load_async<'py>(
    py: Python<'py>,
    engine: Option<&Bound<'py, Engine>>,
    what: &Bound<'py, PyAny>,
    args: Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    guard(|| {
        let engine = or_shared(py, engine)?;
        Ok(call::start(
            engine.get().loading(py)?,
            Scope::of_loader(),
            what,
            args,
        )?)
    })
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (
        *,
        // generated: rust.py_option_defaults
        interruptible=true,
        stack_bytes=None,
        cache=Cache(CompileCache::User),
        wide_arithmetic=false,
        custom_page_sizes=false,
        call_threads=None,
        signal_handlers=true,
        compile_cost=None,
        memory_reservation_bytes=None,
        deterministic=false,
        pool_slots=None,
        // end generated
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each keyword")]
    fn new(
        // generated: rust.py_option_arguments
        interruptible: bool,
        stack_bytes: Option<usize>,
        cache: Cache,
        wide_arithmetic: bool,
        custom_page_sizes: bool,
        call_threads: Option<usize>,
        signal_handlers: bool,
        compile_cost: Option<u64>,
        memory_reservation_bytes: Option<u64>,
        deterministic: bool,
        pool_slots: Option<usize>,
        // end generated
    ) -> PyResult<Engine> {
        let usual = EngineOptions::default();
        let options = EngineOptions {
            // generated: rust.py_options
            interruptible,
            stack_bytes: stack_bytes.unwrap_or(usual.stack_bytes),
            cache: cache.0,
            wide_arithmetic,
            custom_page_sizes,
            call_threads: call_threads.unwrap_or(usual.call_threads).max(1),
            signal_handlers,
            compile_cost: compile_cost.unwrap_or(usual.compile_cost),
            memory_reservation_bytes: memory_reservation_bytes
                .unwrap_or(usual.memory_reservation_bytes),
            deterministic,
            pool_slots: pool_slots.unwrap_or(usual.pool_slots),
            // end generated
        };
        guard(|| Ok(Engine::of(lb::Engine::new(options)?)))
    }

    // generated: rust.py_option_getters
    #[getter]
    fn interruptible(&self) -> bool {
        self.native.options().interruptible
    }

    #[getter]
    fn stack_bytes(&self) -> usize {
        self.native.options().stack_bytes
    }

    #[getter]
    fn wide_arithmetic(&self) -> bool {
        self.native.options().wide_arithmetic
    }

    #[getter]
    fn custom_page_sizes(&self) -> bool {
        self.native.options().custom_page_sizes
    }

    #[getter]
    fn call_threads(&self) -> usize {
        self.native.options().call_threads
    }

    #[getter]
    fn signal_handlers(&self) -> bool {
        self.native.options().signal_handlers
    }

    #[getter]
    fn compile_cost(&self) -> u64 {
        self.native.options().compile_cost
    }

    #[getter]
    fn memory_reservation_bytes(&self) -> u64 {
        self.native.options().memory_reservation_bytes
    }

    #[getter]
    fn deterministic(&self) -> bool {
        self.native.options().deterministic
    }

    #[getter]
    fn pool_slots(&self) -> usize {
        self.native.options().pool_slots
    }
    // end generated

    #[getter]
    fn cache(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match &self.native.options().cache {
            CompileCache::User => true.into_py_any(py),
            CompileCache::Off => false.into_py_any(py),
            CompileCache::Folder(folder) => folder.into_py_any(py),
        }
    }
}

/// Where compiled code is kept: true, false or a path.
struct Cache(CompileCache);

impl FromPyObject<'_, '_> for Cache {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Cache> {
        Ok(Cache(match given.cast::<PyBool>() {
            Ok(flag) if flag.is_true() => CompileCache::User,
            Ok(_) => CompileCache::Off,
            Err(_) => CompileCache::Folder(given.extract::<PathBuf>()?),
        }))
    }
}

/// The given engine, or the one that all share.
pub(crate) fn or_shared<'py>(
    py: Python<'py>,
    engine: Option<&Bound<'py, Engine>>,
) -> Result<Bound<'py, Engine>, Fault> {
    static SHARED: Lazy<Py<Engine>> = Lazy::new();
    if let Some(engine) = engine {
        return Ok(engine.clone());
    }
    let native = lb::Engine::shared()?;
    let shared = SHARED.get_or_try_init(py, || Py::new(py, Engine::of(native)))?;
    Ok(shared.bind(py).clone())
}
