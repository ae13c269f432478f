//! Handle: what an object of a resource class holds: the number of a guest's resource, and its store.

use landbridge::ErrorKind;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use super::wrong::{What, Wrong};
use crate::exception;
use crate::gil;
use crate::guard::guard;
use crate::lazy::Lazy;
use crate::store::Store;

/// A resource of a guest.
// It does not change: core knows what was closed or given away.
#[pyclass(frozen, module = "landbridge._native", name = "_Handle")]
pub(crate) struct Handle {
    store: Py<Store>,
    number: u64,
    is_own: bool,
}

impl Handle {
    pub(super) fn new<'py>(
        py: Python<'py>,
        store: &Py<Store>,
        number: u64,
        is_own: bool,
    ) -> PyResult<Bound<'py, Handle>> {
        let store = store.clone_ref(py);
        Bound::new(
            py,
            Handle {
                store,
                number,
                is_own,
            },
        )
    }

    /// The number, for a call in a store.
    pub(super) fn number_in(&self, store: &Store) -> Result<u64, Wrong> {
        if self.store.get().native().is_closed() {
            return Err(What::Closed.into());
        }
        match self.store.get().native().same(store.native()) {
            true => Ok(self.number),
            false => Err(What::Foreign.into()),
        }
    }
}

/// What an object of a resource class holds, if it is one.
pub(super) fn of<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, Handle>>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let py = object.py();
    if !object.is_instance(CLASS.import(py, "landbridge._wit", "Resource")?)? {
        return Ok(None);
    }
    let held = object.getattr(pyo3::intern!(py, "_handle"))?;
    Ok(Some(held.cast_into()?))
}

#[pymethods]
impl Handle {
    /// Runs the guest's destructor now, or when calls that are at work have returned.
    fn close(&self) -> PyResult<()> {
        guard(|| {
            if !self.is_own || self.store.get().native().is_closed() {
                return Ok(());
            }
            let closed = gil::enter(|| self.store.get().native().close_resource(self.number));
            match closed {
                Err(error) if error.kind() == ErrorKind::Closed => Ok(()),
                other => other.map_err(|error| exception::thrown(error, &self.store)),
            }
        })
    }

    /// Whether it can be used no more.
    #[getter]
    fn closed(&self) -> PyResult<bool> {
        guard(|| {
            let has = gil::enter(|| self.store.get().native().has_resource(self.number));
            Ok(!has?)
        })
    }

    #[getter]
    fn store(&self, py: Python<'_>) -> Py<Store> {
        self.store.clone_ref(py)
    }

    /// Tells it from all others of this process.
    #[getter]
    fn number(&self) -> u64 {
        self.number
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.is_own {
            self.store.get().native().drop_resource(self.number);
        }
    }
}
