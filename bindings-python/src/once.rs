//! Once: a value of Python's that is made when it is first asked for.
//!
//! The global lock alone guards it. Making the value may let go of that lock, so two threads may
//! both make one: the first to be done counts. A lock of its own would be held meanwhile, and for
//! ever in a child that is forked then.

use std::cell::UnsafeCell;

use pyo3::prelude::*;

pub(crate) struct Once<T>(UnsafeCell<Option<Py<T>>>);

// SAFETY: it is only read and written with the global lock held, as `py` shows, and what is in it
// may be used on any thread.
unsafe impl<T> Sync for Once<T> {}

impl<T> Once<T> {
    pub(crate) const fn new() -> Once<T> {
        Once(UnsafeCell::new(None))
    }

    pub(crate) fn get(&self, _py: Python<'_>) -> Option<&Py<T>> {
        // SAFETY: the global lock is held. What was set is never changed while it can be borrowed.
        unsafe { (*self.0.get()).as_ref() }
    }

    pub(crate) fn get_or_try_init<E>(
        &self,
        py: Python<'_>,
        make: impl FnOnce() -> Result<Py<T>, E>,
    ) -> Result<&Py<T>, E> {
        if let Some(value) = self.get(py) {
            return Ok(value);
        }
        let made = make()?;
        let unused = match self.get(py) {
            Some(_) => Some(made),
            None => {
                // SAFETY: the global lock is held, and nobody has borrowed what is not there.
                unsafe { *self.0.get() = Some(made) };
                None
            }
        };
        drop(unused);
        // SAFETY: as in `get`; it is there now.
        match unsafe { (*self.0.get()).as_ref() } {
            Some(value) => Ok(value),
            None => unreachable!("it was just set"),
        }
    }
}

impl Once<PyAny> {
    /// A name of a module that is loaded already.
    pub(crate) fn import<'py>(
        &self,
        py: Python<'py>,
        module: &str,
        name: &str,
    ) -> PyResult<&Bound<'py, PyAny>> {
        let value =
            self.get_or_try_init(py, || py.import(module)?.getattr(name).map(Bound::unbind));
        Ok(value?.bind(py))
    }
}
