//! Lazy: what is made when it is first needed, and kept.
//!
//! No lock is held while it is made: a thread that makes it lets go of Python's lock now and then, and
//! a child that is forked meanwhile does not have that thread, so it would wait for ever. Two threads may
//! make it instead; the first one's is kept.

use std::cell::OnceCell;

use pyo3::PyTypeInfo;
use pyo3::panic::PanicException;
use pyo3::prelude::*;
use pyo3::types::PyMapping;

/// Guarded by Python's lock alone.
pub(crate) struct Lazy<T>(OnceCell<T>);

// SAFETY: the cell is only reached with the lock held, which its methods are shown, and neither of the
// cell's own methods that they call lets go of it. Others may have references and drop what is inside.
unsafe impl<T: Send + Sync> Sync for Lazy<T> {}

impl<T> Lazy<T> {
    pub(crate) const fn new() -> Lazy<T> {
        Lazy(OnceCell::new())
    }

    pub(crate) fn get_or_try_init<E>(
        &self,
        _: Python<'_>,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<&T, E> {
        if let Some(kept) = self.0.get() {
            return Ok(kept);
        }
        let made = make()?;
        let refused = self.0.set(made);
        // With the lock held, and after the cell was filled: what is dropped may run anything.
        drop(refused);
        match self.0.get() {
            Some(kept) => Ok(kept),
            None => unreachable!("it was just set"),
        }
    }
}

impl Lazy<Py<PyAny>> {
    /// A name of a module.
    pub(crate) fn import<'py>(
        &self,
        py: Python<'py>,
        module: &str,
        name: &str,
    ) -> PyResult<&Bound<'py, PyAny>> {
        let import = || Ok::<_, PyErr>(self::module(py, module)?.getattr(name)?.unbind());
        Ok(self.get_or_try_init(py, import)?.bind(py))
    }
}

/// A module of this package. `_late.py` imports it when it is first needed, while nobody forks.
pub(crate) fn module<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("landbridge._late")?
        .call_method1("module", (name,))
}

/// Makes what PyO3 would make later, with a lock held.
pub(crate) fn prepare(py: Python<'_>) {
    PyMapping::type_object(py);
    PanicException::type_object(py);
}
