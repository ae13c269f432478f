//! Func: a callable type of our own, with Python's fastest protocol.
//!
//! A class of PyO3's is called through a tuple of arguments; this one gets them where the
//! interpreter has them. It is a heap type, made once when the module is loaded.

mod call;
pub(crate) mod class;
mod shape;

use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use landbridge as lb;
use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi;
use pyo3::prelude::*;

use shape::Shape;

use crate::store::Store;

/// The object itself.
#[repr(C)]
struct Func {
    head: ffi::PyObject,
    /// How it is called: chosen by its signature when it is resolved.
    call: ffi::vectorcallfunc,
    shape: Shape,
    weak_references: *mut ffi::PyObject,
    store: Py<Store>,
    native: lb::Func,
}

/// How functions of a signature are called; set when the class is made.
static CALLS: OnceLock<fn(&lb::FuncType) -> ffi::vectorcallfunc> = OnceLock::new();

static CLASS: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// The object for a function of `store`.
pub(crate) fn wrap(py: Python<'_>, native: lb::Func, store: &Py<Store>) -> PyResult<Py<PyAny>> {
    let calls = CALLS
        .get()
        .ok_or_else(|| PyRuntimeError::new_err("landbridge is not loaded"))?;
    let call = calls(native.ty());
    // SAFETY: the new object is of this class, so its memory has the fields that are written, each
    // once, before the collector sees it.
    unsafe {
        let object = ffi::PyObject_GC_New::<Func>(CLASS.load(Ordering::Relaxed));
        if object.is_null() {
            return Err(PyErr::fetch(py));
        }
        (&raw mut (*object).call).write(call);
        (&raw mut (*object).shape).write(Shape::of(native.ty()));
        (&raw mut (*object).weak_references).write(ptr::null_mut());
        (&raw mut (*object).store).write(store.clone_ref(py));
        (&raw mut (*object).native).write(native);
        ffi::PyObject_GC_Track(object.cast());
        Ok(Bound::from_owned_ptr(py, object.cast()).unbind())
    }
}

/// The core's function, if the object is one of ours.
pub(crate) fn native<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a lb::Func> {
    let is_ours = object.get_type_ptr() == CLASS.load(Ordering::Relaxed);
    // SAFETY: an object of this class, alive as long as the borrow.
    is_ours.then(|| unsafe { &(*object.as_ptr().cast::<Func>()).native })
}

/// Reads the object behind `self` of a slot.
///
/// # Safety
/// `object` is alive, of this class, and stays so for `'a`.
#[inline(always)]
unsafe fn of<'a>(object: *mut ffi::PyObject) -> &'a Func {
    // SAFETY: the caller's promise.
    unsafe { &*object.cast::<Func>() }
}
