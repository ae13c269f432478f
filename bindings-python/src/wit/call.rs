//! Call: the arguments of a call, written; and a call for later, with its arguments as they were when it was made.

use std::sync::{Mutex, PoisonError};

use landbridge::{Error, ErrorKind, HostResource, NumberList};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::blobs::Beside;
use super::func::WitFunc;
use super::handle::Handle;
use crate::guard::guard;

/// What crosses to a guest.
pub(super) struct Given<B> {
    pub(super) bytes: Vec<u8>,
    pub(super) beside: B,
    pub(super) objects: Vec<HostResource>,
    /// Resources of guests: nobody else may have them, and what is dropped is closed.
    pub(super) _held: Vec<Py<Handle>>,
}

impl Given<Beside> {
    /// The same with copies of all that Python could change meanwhile.
    fn into_own(self) -> Given<Vec<NumberList>> {
        Given {
            bytes: self.bytes,
            beside: self.beside.into_own(),
            objects: self.objects,
            _held: self._held,
        }
    }
}

/// A call that another thread makes, once.
#[pyclass(frozen, module = "landbridge._native", name = "_WitCall")]
pub(crate) struct WitCall {
    func: Py<WitFunc>,
    given: Mutex<Option<PyResult<Given<Vec<NumberList>>>>>,
}

impl WitCall {
    /// What is wrong with the arguments is raised when it is called.
    pub(super) fn new<'py>(
        func: &Bound<'py, WitFunc>,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, WitCall>> {
        let given = guard(|| {
            let (put, given) = func.get().given(args, Vec::new());
            put.map(|()| given.into_own())
        });
        let call = WitCall {
            func: func.clone().unbind(),
            given: Mutex::new(Some(given)),
        };
        Bound::new(func.py(), call)
    }
}

#[pymethods]
impl WitCall {
    fn __call__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let given = self
            .given
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        guard(|| match given {
            Some(given) => self.func.get().enter(&mut given?, &mut Vec::new(), py),
            None => Err(Error::new(ErrorKind::Internal, "the call was made already").into()),
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.func)
    }
}
