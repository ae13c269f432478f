//! Pool: ready instances of one module for callers that run in parallel.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use landbridge::{self as lb, Error, PoolOptions, Reset, messages};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::call::{self, Scope};
use crate::exception;
use crate::gil;
use crate::guard::{Fault, guard};
use crate::imports;
use crate::instance::Instance;
use crate::kept::{Roots, gone};
use crate::lazy::Lazy;
use crate::module::Module;
use crate::passing::carry;
use crate::read::number;
use crate::sandbox::Sandbox;
use crate::store::Store;

/// Ready instances of one module for callers that run in parallel.
// The objects that guests reach are kept here: an instance's own objects come and go with those
// who have it.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Pool {
    /// Set as soon as it is made: start functions run before.
    native: OnceLock<lb::Pool>,
    #[pyo3(get)]
    module: Py<Module>,
    /// Of host functions and values for globals, which all stores share.
    roots: Arc<Roots>,
    /// Of each store that met Python and is not closed.
    stores: Mutex<Vec<(lb::Store, Arc<Roots>)>>,
    max: usize,
    /// Of asynchronous calls, made for the first of them.
    line: Lazy<Py<PyAny>>,
}

impl Pool {
    fn native(&self) -> lb::Result<&lb::Pool> {
        self.native.get().ok_or_else(gone)
    }

    fn stores(&self) -> MutexGuard<'_, Vec<(lb::Store, Arc<Roots>)>> {
        self.stores.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The roots of a store.
    pub(crate) fn roots_of(&self, native: &lb::Store) -> Arc<Roots> {
        let mut stores = self.stores();
        if let Some((_, roots)) = stores.iter().find(|(store, _)| store.same(native)) {
            return roots.clone();
        }
        let roots = Roots::new();
        stores.push((native.clone(), roots.clone()));
        roots
    }

    /// The object of a store.
    pub(crate) fn store(slf: &Bound<'_, Pool>, native: &lb::Store) -> Result<Py<Store>, Fault> {
        let py = slf.py();
        let roots = slf.get().roots_of(native);
        if let Some(store) = roots.owner::<Store>(py) {
            return Ok(store.unbind());
        }
        let engine = slf.get().module.get().engine().bind(py);
        let pool = slf.clone().into_any().unbind();
        let store = Store::of(engine, native.clone(), roots, Some(pool))?;
        Ok(store.unbind())
    }

    /// The same for its roots.
    fn find<'py>(pool: Bound<'py, PyAny>, native: &lb::Store) -> lb::Result<Bound<'py, PyAny>> {
        let pool = pool.cast_into::<Pool>().map_err(|_| gone())?;
        let store = Pool::store(&pool, native).map_err(carry)?;
        Ok(store.into_bound(pool.py()).into_any())
    }

    /// Lets go of what the guests of stores that are closed could reach.
    pub(crate) fn sweep(&self) {
        let is_closed = |(store, _): &mut (lb::Store, _)| store.is_closed();
        let closed: Vec<_> = self.stores().extract_if(.., is_closed).collect();
        closed.iter().for_each(|(_, roots)| roots.clear());
    }

    /// Why no instance could be made.
    fn failed(slf: &Bound<'_, Pool>, error: Error) -> Fault {
        let store = error.exception().map(|it| Pool::store(slf, it.store()));
        match store {
            Some(Ok(store)) => exception::thrown(error, &store),
            _ => error.into(),
        }
    }
}

#[pymethods]
impl Pool {
    #[new]
    #[pyo3(signature = (
        module,
        imports=None,
        *,
        initialize=true,
        max=None,
        wait=30.0,
        reset="fresh",
        **sandbox,
    ))]
    fn new(
        module: &Bound<'_, Module>,
        imports: Option<&Bound<'_, PyAny>>,
        initialize: bool,
        max: Option<&Bound<'_, PyAny>>,
        wait: f64,
        reset: &str,
        sandbox: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Pool>> {
        guard(|| {
            let default = PoolOptions::default();
            let max = max.map(|max| number(max, "max")).transpose()?;
            let options = PoolOptions {
                max: max.map_or(default.max, |max| {
                    usize::try_from(max).unwrap_or(usize::MAX)
                }),
                wait: self::wait(wait)?,
                reset: Reset::named(reset)?,
            };
            let sandbox = Sandbox::from_keywords(sandbox)?;
            let pool = Pool {
                native: OnceLock::new(),
                module: module.clone().unbind(),
                roots: Roots::new(),
                stores: Mutex::default(),
                max: options.max,
                line: Lazy::new(),
            };
            let pool = Bound::new(module.py(), pool)?;
            let roots = &pool.get().roots;
            roots.set_owner(&pool, Pool::find);
            let sandbox = sandbox.native(roots)?;
            let module = module.get().native();
            let mut lent = imports::lend(module, imports, roots)?;
            lent.initialize(initialize);
            let native = gil::enter(|| lb::Pool::new(module, &lent, &sandbox, options));
            let native = native.map_err(|error| Pool::failed(&pool, error))?;
            let _ = pool.get().native.set(native);
            Ok(pool.unbind())
        })
    }

    /// Takes an instance; closing it gives it back.
    fn get(slf: &Bound<'_, Self>) -> PyResult<Py<Instance>> {
        guard(|| {
            let native = slf.get().native()?;
            let native = gil::enter(|| native.get());
            let native = native.map_err(|error| Pool::failed(slf, error))?;
            let store = Pool::store(slf, native.store())?;
            Instance::of(
                slf.py(),
                native,
                &store,
                slf.get().module.clone_ref(slf.py()).into_any(),
                false,
            )
        })
    }

    /// Takes an instance, calls a function of it, and gives it back.
    #[pyo3(signature = (name, /, *args))]
    fn call<'py>(
        slf: &Bound<'py, Self>,
        name: &Bound<'py, PyString>,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let instance = Pool::get(slf)?;
        let called = instance.get().call(name, args);
        instance.get().close()?;
        called
    }

    /// The same, without waiting.
    #[pyo3(signature = (name, /, *args))]
    fn call_async<'py>(
        slf: &Bound<'py, Self>,
        name: &Bound<'py, PyString>,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        guard(|| {
            let call = slf.getattr(PyString::intern(py, "call"))?;
            let make = || {
                let threads = slf.get().module.get().engine().get().threads(py)?;
                call::line(threads, slf.get().max)
            };
            let line = slf.get().line.get_or_try_init(py, make)?;
            let scope = Scope::in_engine(slf.get().module.get().engine().get().native());
            Ok(call::start(
                line.bind(py),
                scope,
                &call,
                call::named(name, args)?,
            )?)
        })
    }

    /// What it has now, and has done.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static CLASS: Lazy<Py<PyAny>> = Lazy::new();
        guard(|| {
            let found = self.native()?.counts();
            let class = CLASS.import(py, "landbridge._names", "PoolCounts")?;
            Ok(class.call1((
                found.ready,
                found.taken,
                found.waiting,
                found.made,
                found.served,
                found.in_slots,
            ))?)
        })
    }

    /// Closes it: callers get `closed` from now on. Never waits; twice is no error.
    fn close(&self) -> PyResult<()> {
        guard(|| {
            self.native()?.close();
            self.sweep();
            Ok(())
        })
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> PyResult<bool> {
        guard(|| Ok(self.native()?.is_closed()))
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_args))]
    fn __exit__(&self, _args: &Bound<'_, PyAny>) -> PyResult<()> {
        self.close()
    }

    fn __repr__(&self) -> String {
        format!("<Pool{}>", self.module.get().native().shown_name())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.module)?;
        self.roots.traverse(&visit)?;
        let stores = self.stores();
        stores
            .iter()
            .try_for_each(|(_, roots)| roots.traverse(&visit))
    }

    fn __clear__(&self) {
        self.let_go();
    }
}

impl Pool {
    fn let_go(&self) {
        let stores = std::mem::take(&mut *self.stores());
        stores.iter().for_each(|(_, roots)| roots.clear());
        self.roots.clear();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.roots.forget_owner();
        self.let_go();
    }
}

/// Seconds; not a number and less than none are refused.
fn wait(seconds: f64) -> Result<Duration, Fault> {
    match Duration::try_from_secs_f64(seconds) {
        Ok(wait) => Ok(wait),
        Err(_) if seconds > 0.0 => Ok(Duration::MAX),
        Err(_) => {
            let last = Duration::MAX.as_secs();
            Err(messages::out_of_range("wait", seconds, 0, last).into())
        }
    }
}
