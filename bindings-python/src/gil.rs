//! How Python's global lock and a running guest get along.
//!
//! A call enters the guest with the lock held, so that a short one pays nothing. A call that still
//! runs at the second tick lets go of the lock; host functions take it back for their run, and the
//! gate of each call takes it back at the end. Waiting for a store never happens with the lock held.

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

use landbridge::host;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::coroutine;
use crate::stay;

thread_local! {
    /// The thread state this thread saved when it let go of the lock; null while it holds it.
    static SAVED: Cell<*mut ffi::PyThreadState> = const { Cell::new(ptr::null_mut()) };
    /// The number of the coroutine that let go of it.
    static COROUTINE: Cell<usize> = const { Cell::new(0) };
}

/// How many threads have let go of the lock: while it is zero, this one has not.
static DETACHED: AtomicUsize = AtomicUsize::new(0);

/// Runs what may block with the lock let go; it is held again when this returns or unwinds, if it
/// was before.
pub(crate) fn let_go_for<R>(what: impl FnOnce() -> R) -> R {
    struct Back(bool);
    impl Drop for Back {
        fn drop(&mut self) {
            if self.0 {
                take_back();
            }
        }
    }
    let _back = Back(let_go());
    what()
}

/// Runs what takes long and has nothing of Python's. Unlike PyO3's way this one is known here, so
/// `is_held` and `coroutine` are right inside of it.
pub(crate) fn detach<R: Send>(_: Python<'_>, what: impl FnOnce() -> R + Send) -> R {
    let_go_for(what)
}

/// Lets go of the lock, if this thread holds it; says whether it did.
pub(crate) fn let_go() -> bool {
    if !is_held() {
        return false;
    }
    COROUTINE.set(coroutine());
    stay::enrol();
    // SAFETY: this thread holds the lock, and no reference to an object of Python's is used until
    // it takes it back: guests and the core hold none.
    SAVED.set(unsafe { ffi::PyEval_SaveThread() });
    DETACHED.fetch_add(1, Ordering::Relaxed);
    true
}

/// Whether this thread holds the lock: it has been Python's, and has not let go. All ways to let go are
/// in this file. `PyGILState_Check` would always say yes where there are subinterpreters.
pub(crate) fn is_held() -> bool {
    // SAFETY: both may be called on any thread at any time.
    SAVED.get().is_null()
        && unsafe {
            !ffi::PyGILState_GetThisThreadState().is_null()
                && !ffi::compat::PyThreadState_GetUnchecked().is_null()
        }
}

/// The greenlet that runs, or that let go of the lock on this thread, which cannot switch to another one before it
/// has the lock again; zero for the one that a thread begins with.
pub(crate) fn coroutine() -> usize {
    if !coroutine::are_there() {
        return 0;
    }
    match SAVED.get().is_null() {
        false => COROUTINE.get(),
        // SAFETY: the lock is held.
        true if is_held() => unsafe { coroutine::look() },
        true => 0,
    }
}

/// Runs `what` with the lock, which this thread holds. PyO3 is told so, except while the
/// interpreter ends: then it refuses to attach, though finalizers still run and call. Nor is it told
/// where this thread came to Python through another interpreter: it would ask for the lock of that.
pub(crate) fn held<R>(what: impl FnOnce(Python<'_>) -> R) -> R {
    stay::enrol();
    let mut what = Some(what);
    let mut run = |py: Python<'_>| what.take().map(|what| what(py));
    // SAFETY: both may be called on any thread at any time.
    let is_usual = unsafe {
        ffi::compat::PyThreadState_GetUnchecked() == ffi::PyGILState_GetThisThreadState()
    };
    if is_usual && let Some(done) = Python::try_attach(&mut run).flatten() {
        return done;
    }
    // SAFETY: the lock is held.
    match run(unsafe { Python::assume_attached() }) {
        Some(done) => done,
        None => unreachable!("it runs once"),
    }
}

/// Runs what may run a guest; the lock is held again when this returns or unwinds.
#[inline(always)]
pub(crate) fn enter<R>(what: impl FnOnce() -> R) -> R {
    struct Back;
    impl Drop for Back {
        #[inline(always)]
        fn drop(&mut self) {
            take_back();
        }
    }
    let _back = Back;
    what()
}

/// Takes the lock back if this thread let it go, and says whether it did. One load if no thread did.
#[inline(always)]
pub(crate) fn take_back() -> bool {
    DETACHED.load(Ordering::Relaxed) != 0 && take_back_saved()
}

#[cold]
fn take_back_saved() -> bool {
    let saved = SAVED.replace(ptr::null_mut());
    if saved.is_null() {
        return false;
    }
    rest_if_exiting();
    // SAFETY: the state was saved by this thread, which has not taken the lock since. If the
    // interpreter ends meanwhile the thread stays here: it is not needed any more.
    unsafe { ffi::PyEval_RestoreThread(saved) };
    DETACHED.fetch_sub(1, Ordering::Relaxed);
    true
}

/// Held while Python code runs that a guest called: the lock is held.
pub(crate) struct Attached(bool);

impl Attached {
    #[inline(always)]
    pub(crate) fn for_host() -> Attached {
        Attached(take_back())
    }
}

impl Drop for Attached {
    /// A thread that works for another one lets go again: that one may wait for the lock soon.
    #[inline(always)]
    fn drop(&mut self) {
        if self.0 && host::is_serving() {
            let_go();
        }
    }
}

/// Runs `what` with the lock, and lets go of it again.
pub(crate) fn taken_for<R>(what: impl FnOnce(Python<'_>) -> R) -> R {
    take_back();
    let done = held(what);
    let_go();
    done
}

/// The interpreter's main thread, which alone runs signal handlers.
static MAIN: AtomicUsize = AtomicUsize::new(0);

/// Says which thread that is.
pub(crate) fn set_main(ident: usize) {
    MAIN.store(ident, Ordering::Relaxed);
}

pub(crate) fn is_main_thread() -> bool {
    thread_ident() == MAIN.load(Ordering::Relaxed)
}

pub(crate) fn thread_ident() -> usize {
    // SAFETY: may be called on any thread at any time.
    unsafe { ffi::PyThread_get_thread_ident() as usize }
}

/// Keeps a thread that a guest occupies out of an interpreter that ends; the process ends with it.
pub(crate) fn rest_if_exiting() {
    if stay::is_exiting() && !is_main_thread() {
        loop {
            std::thread::park();
        }
    }
}
