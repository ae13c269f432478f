//! The one gate of every call from Python (its twin for calls of the guest is `passing.rs`): panics are caught,
//! errors become exceptions, and what the core let go of meanwhile is released.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use landbridge::Error;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::kept;
use crate::{error, gil, stay};

/// Why a call failed.
pub(crate) enum Fault {
    /// The core said so.
    Core(Error),
    /// An exception is set in Python.
    Set,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Core(error)
    }
}

impl From<PyErr> for Fault {
    fn from(raised: PyErr) -> Fault {
        gil::held(|py| raised.restore(py));
        Fault::Set
    }
}

/// The gate of methods.
pub(crate) fn guard<T>(what: impl FnOnce() -> Result<T, Fault>) -> PyResult<T> {
    stay::enrol();
    let outcome = caught(what);
    outcome.map_err(|fault| gil::held(|py| raised(py, fault)))
}

/// The gate of a call through Python's fastest protocol: null after an error.
#[inline(always)]
pub(crate) fn guard_call(
    what: impl FnOnce() -> Result<*mut ffi::PyObject, Fault>,
) -> *mut ffi::PyObject {
    match caught(what) {
        Ok(object) => object,
        Err(fault) => {
            set(fault);
            ptr::null_mut()
        }
    }
}

/// The gate of slots that answer 0, or -1 after an error.
pub(crate) fn guard_status(what: impl FnOnce() -> Result<(), Fault>) -> std::ffi::c_int {
    match caught(what) {
        Ok(()) => 0,
        Err(fault) => {
            set(fault);
            -1
        }
    }
}

#[inline(always)]
fn caught<T>(what: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let outcome = catch_unwind(AssertUnwindSafe(what));
    kept::release_waiting();
    outcome.unwrap_or_else(panicked)
}

#[cold]
fn panicked<T>(payload: Box<dyn Any + Send>) -> Result<T, Fault> {
    Err(Fault::Core(Error::from_panic(&*payload)))
}

#[cold]
fn set(fault: Fault) {
    if let Fault::Core(error) = fault {
        gil::held(|py| error::raise(py, &error).restore(py));
        kept::release_waiting();
    }
}

fn raised(py: Python<'_>, fault: Fault) -> PyErr {
    match fault {
        Fault::Core(error) => error::raise(py, &error),
        Fault::Set => PyErr::fetch(py),
    }
}
