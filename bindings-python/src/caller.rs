//! Caller: what a host function may ask of the guest that called it.

use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use landbridge::{self as lb, Extern, HostContext};
use landbridge::{host::Loan, messages};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::exports;
use crate::guard::guard;
use crate::store::Store;

/// Who called a host function; valid during that call, on its thread, and while it is awaited.
#[pyclass(frozen, module = "landbridge")]
pub(crate) struct Caller {
    context: AtomicPtr<HostContext<'static>>,
    thread: std::thread::ThreadId,
    loan: OnceLock<Loan>,
    #[pyo3(get)]
    name: String,
    #[pyo3(get)]
    store: Py<Store>,
}

impl Caller {
    pub(crate) fn new(context: &HostContext<'_>, store: Py<Store>) -> Caller {
        Caller {
            context: AtomicPtr::new(ptr::from_ref(context).cast_mut().cast()),
            thread: std::thread::current().id(),
            loan: OnceLock::new(),
            name: context.name().to_owned(),
            store,
        }
    }

    /// The call that lent the context ends.
    pub(crate) fn end(&self) {
        self.context.store(ptr::null_mut(), Ordering::Relaxed);
    }

    /// The host function is awaited now.
    pub(crate) fn lend(&self, loan: Loan) {
        let _ = self.loan.set(loan);
    }

    fn find(&self, name: &str) -> lb::Result<Option<Extern>> {
        match self.loan.get() {
            Some(loan) if loan.is_open() => Ok(loan.context().export(name)),
            _ => Ok(self.context()?.export(name)),
        }
    }

    fn context(&self) -> lb::Result<&HostContext<'_>> {
        let context = self.context.load(Ordering::Relaxed);
        if context.is_null() || std::thread::current().id() != self.thread {
            return Err(messages::context_closed());
        }
        // SAFETY: the call that lent the context has not ended, and cannot end before this
        // returns: it runs further out on this very stack.
        Ok(unsafe { &*context })
    }
}

#[pymethods]
impl Caller {
    /// An export of the instance that called, or None.
    fn export<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
        guard(|| match self.find(name.to_str()?)? {
            Some(item) => Ok(Some(exports::wrap(name.py(), item, &self.store)?)),
            None => Ok(None),
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}
