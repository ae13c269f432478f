//! Arrow: the structs of Arrow's C data interface, and the capsules of Python's that carry them.
//!
//! Whoever is given a capsule moves the struct out of it, and releases it.

use std::ffi::{CStr, c_char, c_int, c_void};

use pyo3::ffi;
use pyo3::prelude::*;

/// Arrow's `struct ArrowSchema`.
#[repr(C)]
pub(crate) struct ArrowSchema {
    pub(crate) format: *const c_char,
    pub(crate) name: *const c_char,
    pub(crate) metadata: *const c_char,
    pub(crate) flags: i64,
    pub(crate) n_children: i64,
    pub(crate) children: *mut *mut ArrowSchema,
    pub(crate) dictionary: *mut ArrowSchema,
    pub(crate) release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    pub(crate) private_data: *mut c_void,
}

/// Arrow's `struct ArrowArray`.
#[repr(C)]
pub(crate) struct ArrowArray {
    pub(crate) length: i64,
    pub(crate) null_count: i64,
    pub(crate) offset: i64,
    pub(crate) n_buffers: i64,
    pub(crate) n_children: i64,
    pub(crate) buffers: *mut *const c_void,
    pub(crate) children: *mut *mut ArrowArray,
    pub(crate) dictionary: *mut ArrowArray,
    pub(crate) release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    pub(crate) private_data: *mut c_void,
}

/// Arrow's `struct ArrowArrayStream`.
#[repr(C)]
pub(crate) struct ArrowArrayStream {
    pub(crate) get_schema:
        Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    pub(crate) get_next:
        Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    pub(crate) get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    private_data: *mut c_void,
}

/// A struct of Arrow's: whoever has it calls its `release` once.
pub(crate) trait Released: Sized {
    const NAME: &'static CStr;
    fn release(&mut self) -> &mut Option<unsafe extern "C" fn(*mut Self)>;
}

macro_rules! released {
    ($($of:ident $name:literal)*) => {$(
        impl Released for $of {
            const NAME: &'static CStr = $name;
            fn release(&mut self) -> &mut Option<unsafe extern "C" fn(*mut Self)> {
                &mut self.release
            }
        }
    )*};
}

released! { ArrowSchema c"arrow_schema" ArrowArray c"arrow_array" ArrowArrayStream c"arrow_array_stream" }

/// A struct that is ours to release.
pub(crate) struct Moved<T: Released>(pub(crate) T);

impl<T: Released> Moved<T> {
    /// A struct for a producer to fill; one that is all zeroes needs no release.
    pub(crate) fn empty() -> Moved<T> {
        // SAFETY: pointers, numbers and functions that may be null: zeroes are values of all of them.
        Moved(unsafe { std::mem::zeroed() })
    }

    /// Moves it out of a capsule, as the interface has it: what stays there is marked as released.
    pub(crate) fn out_of(capsule: &Bound<'_, PyAny>) -> PyResult<Moved<T>> {
        // SAFETY: the lock is held. A capsule of this name has such a struct, or none.
        unsafe {
            let found = ffi::PyCapsule_GetPointer(capsule.as_ptr(), T::NAME.as_ptr()).cast::<T>();
            if found.is_null() {
                return Err(PyErr::fetch(capsule.py()));
            }
            let mut moved = Moved(found.read());
            *(*found).release() = None;
            // A struct that was moved out before has nothing to give.
            if moved.0.release().is_none() {
                moved = Moved::empty();
            }
            Ok(moved)
        }
    }

    pub(crate) fn is_released(&mut self) -> bool {
        self.0.release().is_none()
    }
}

impl<T: Released> Drop for Moved<T> {
    fn drop(&mut self) {
        if let Some(release) = *self.0.release() {
            // SAFETY: it is released once, by whoever has it.
            unsafe { release(&raw mut self.0) };
        }
    }
}

/// A capsule for a struct of ours.
pub(crate) fn capsule<'py, T: Released>(py: Python<'py>, given: T) -> PyResult<Bound<'py, PyAny>> {
    let given = Box::into_raw(Box::new(given));
    // SAFETY: the name lives for ever; the struct is given up by `let_go`, or here.
    unsafe {
        let capsule = ffi::PyCapsule_New(given.cast(), T::NAME.as_ptr(), Some(let_go::<T>));
        if capsule.is_null() {
            drop(Moved(*Box::from_raw(given)));
        }
        Bound::from_owned_ptr_or_err(py, capsule)
    }
}

/// The end of a capsule, whose struct may have been moved out.
unsafe extern "C" fn let_go<T: Released>(capsule: *mut ffi::PyObject) {
    // SAFETY: a capsule of `capsule`, which ends once. An exception that is on its way stays.
    unsafe {
        let given = ffi::PyCapsule_GetPointer(capsule, T::NAME.as_ptr()).cast::<T>();
        if !given.is_null() {
            drop(Moved(*Box::from_raw(given)));
        }
    }
}
