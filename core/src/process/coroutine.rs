//! Coroutines: what else may run on a thread while a guest's frames are on its native stack.
//!
//! A host function may switch to another coroutine (ucontext, Boost.Context, greenlet), which finds the
//! same thread: its turns are this thread's, and the engine's list of the thread's calls leads into a
//! stack that nobody is on, or that was copied away. Nothing must be put on top of that. So each
//! thread notes its innermost host function, and whoever is not below that one is refused; see [`Thread`](crate::this_thread::Thread).

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::{Error, ErrorKind};

#[cold]
pub(crate) fn another() -> Error {
    Error::new(
        ErrorKind::Busy,
        "another coroutine of this thread is inside of a guest, in a host function that has not returned; \
         let it return first, or call on another thread",
    )
}

#[cold]
pub(crate) fn moved() -> Error {
    Error::new(
        ErrorKind::Busy,
        "this coroutine is inside of a guest and has moved to another thread; \
         it must stay on its thread until its host function has returned",
    )
}

type Current = fn() -> usize;

static CURRENT: AtomicPtr<()> = AtomicPtr::new(ptr::null_mut());

/// See [`host::tell_coroutines_apart`](crate::host::tell_coroutines_apart).
pub(crate) fn tell_apart(current: Current) {
    CURRENT.store(current as *mut (), Ordering::Relaxed);
}

/// The number of the coroutine that runs, if the host tells.
pub(crate) fn current() -> Option<usize> {
    let installed = CURRENT.load(Ordering::Relaxed);
    if installed.is_null() {
        return None;
    }
    // SAFETY: only `tell_apart` writes it, a function of this type.
    Some(unsafe { std::mem::transmute::<*mut (), Current>(installed)() })
}
