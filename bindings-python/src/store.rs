//! Store: one sandbox, and the objects of Python's that its guests can reach.

mod class;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use landbridge as lb;
use pyo3::prelude::*;

use crate::call;
use crate::engine::Engine;
use crate::guard::Fault;
use crate::kept::Roots;
use crate::lazy::Lazy;
use crate::types;

/// The hash of what lives in a store: what is equal lives in one, and has one type.
pub(crate) fn hash_in(store: &Py<Store>, ty: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    store.as_ptr().hash(&mut hasher);
    ty.hash(&mut hasher);
    hasher.finish()
}

/// One sandbox. Instances in one store can share memories, tables and functions.
// Each store of the core has one object of this class; everything that lives in it refers to it.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Store {
    native: lb::Store,
    roots: Arc<Roots>,
    engine: Py<Engine>,
    /// The pool that it belongs to, which keeps its roots too.
    pool: Option<Py<PyAny>>,
    /// Of asynchronous calls, made for the first of them.
    line: Lazy<Py<PyAny>>,
}

impl Store {
    /// The object for a store of the core's.
    pub(crate) fn of<'py>(
        engine: &Bound<'py, Engine>,
        native: lb::Store,
        roots: Arc<Roots>,
        pool: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, Store>> {
        // What tells of exceptions, while importing still works.
        types::classes(engine.py())?;
        let made = Store {
            native,
            roots,
            engine: engine.clone().unbind(),
            pool,
            line: Lazy::new(),
        };
        let store = Bound::new(engine.py(), made)?;
        store.get().roots.set_owner(&store, |store, _| Ok(store));
        Ok(store)
    }

    /// The object of the store that a guest runs in which reaches these roots.
    pub(crate) fn of_roots(
        py: Python<'_>,
        roots: &Roots,
        native: &lb::Store,
    ) -> Result<Py<Store>, Fault> {
        let store = roots.store(py, native)?.cast_into::<Store>();
        Ok(store.map_err(PyErr::from)?.unbind())
    }

    /// In which its asynchronous calls wait.
    pub(crate) fn line<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        let make = || call::line(self.engine.get().threads(py)?, 1);
        Ok(self.line.get_or_try_init(py, make)?.bind(py))
    }

    pub(crate) fn pool(&self) -> Option<&Py<PyAny>> {
        self.pool.as_ref()
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

impl Store {
    /// Lets go of what its guests could reach, unless a pool keeps that.
    fn let_go(&self) {
        if self.pool.is_none() {
            self.roots.clear();
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.roots.forget_owner();
        self.let_go();
    }
}
