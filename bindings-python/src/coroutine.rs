//! Greenlets: coroutines that share the stack of their thread, which only their library can tell apart.

use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicPtr, Ordering};

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// `sys.modules`, kept for ever.
static MODULES: AtomicPtr<ffi::PyDictObject> = AtomicPtr::new(ptr::null_mut());

/// How many modules there were when `greenlet` was looked for last.
static SEEN: AtomicIsize = AtomicIsize::new(-1);

static LOADED: AtomicBool = AtomicBool::new(false);

/// `PyGreenlet_GetCurrent`, which gives a new reference, and `PyGreenlet_MAIN`.
static GET_CURRENT: AtomicPtr<()> = AtomicPtr::new(ptr::null_mut());
static IS_MAIN: AtomicPtr<()> = AtomicPtr::new(ptr::null_mut());

/// Their places in the table that `greenlet._C_API` holds; see `greenlet.h`.
const GET_CURRENT_AT: usize = 4;
const IS_MAIN_AT: usize = 8;

type GetCurrent = unsafe extern "C" fn() -> *mut ffi::PyObject;
type IsMain = unsafe extern "C" fn(*mut ffi::PyObject) -> std::ffi::c_int;

/// Notes where modules are; called before anything else here.
pub(crate) fn install(py: Python<'_>) -> PyResult<()> {
    let modules = py.import("sys")?.getattr("modules")?;
    let modules = modules.cast_into::<PyDict>()?;
    MODULES.store(modules.into_ptr().cast(), Ordering::Relaxed);
    Ok(())
}

/// Whether this thread may have greenlets.
#[inline]
pub(crate) fn are_there() -> bool {
    // SAFETY: the dict is never freed. Its size is one word, which a thread without the lock may
    // find old: a thread that has never had the lock has no greenlets.
    LOADED.load(Ordering::Relaxed)
        || unsafe { (*MODULES.load(Ordering::Relaxed)).ma_used } != SEEN.load(Ordering::Relaxed)
}

/// The greenlet that runs; zero for the one that a thread begins with.
///
/// # Safety
/// The lock is held.
pub(crate) unsafe fn look() -> usize {
    // SAFETY: the lock is held, and the functions have the types that `greenlet.h` gives them.
    unsafe {
        if !LOADED.load(Ordering::Relaxed) && !load() {
            return 0;
        }
        let get_current: GetCurrent = std::mem::transmute(GET_CURRENT.load(Ordering::Relaxed));
        let is_main: IsMain = std::mem::transmute(IS_MAIN.load(Ordering::Relaxed));
        let greenlet = get_current();
        if greenlet.is_null() {
            ffi::PyErr_Clear();
            return 0;
        }
        let number = match is_main(greenlet) {
            0 => greenlet.addr(),
            _ => 0,
        };
        ffi::Py_DECREF(greenlet);
        number
    }
}

/// Whether `greenlet` is there by now. It is not imported for this: who has not, has no greenlets.
///
/// # Safety
/// The lock is held.
#[cold]
unsafe fn load() -> bool {
    let modules = MODULES.load(Ordering::Relaxed);
    // SAFETY: the lock is held; the reference is borrowed from the dict for a moment.
    let (size, found) = unsafe {
        let found = ffi::PyDict_GetItemString(modules.cast(), c"greenlet".as_ptr());
        ((*modules).ma_used, found)
    };
    if found.is_null() {
        SEEN.store(size, Ordering::Relaxed);
        return false;
    }
    // SAFETY: the lock is held. The module is kept by a reference while it is used. The capsule holds a
    // table of pointers which lives as long as the process. `PyCapsule_Import` would wait for a
    // thread that imports the module.
    unsafe {
        ffi::Py_INCREF(found);
        let capsule = ffi::PyObject_GetAttrString(found, c"_C_API".as_ptr());
        ffi::Py_DECREF(found);
        if capsule.is_null() {
            // It is being imported just now.
            ffi::PyErr_Clear();
            return false;
        }
        let table = ffi::PyCapsule_GetPointer(capsule, c"greenlet._C_API".as_ptr());
        ffi::Py_DECREF(capsule);
        let table = table.cast::<*mut ()>();
        if table.is_null() {
            ffi::PyErr_Clear();
            return false;
        }
        GET_CURRENT.store(*table.add(GET_CURRENT_AT), Ordering::Relaxed);
        IS_MAIN.store(*table.add(IS_MAIN_AT), Ordering::Relaxed);
    }
    LOADED.store(true, Ordering::Relaxed);
    true
}
