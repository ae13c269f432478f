//! How Python's global lock and a running guest get along.
//!
//! A call enters the guest with the lock held, so that a short one pays nothing. A call that still
//! runs at the second tick lets go of the lock; host functions take it back for their run, and the
//! gate of each call takes it back at the end. Waiting for a store never happens with the lock held.

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use landbridge::host::{self, Host};
use landbridge::{Error, ErrorKind, Result};
use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::call;
use crate::coroutine;
use crate::guard::{self, Fault};
use crate::stay;

thread_local! {
    /// The thread state this thread saved when it let go of the lock; null while it holds it.
    static SAVED: Cell<*mut ffi::PyThreadState> = const { Cell::new(ptr::null_mut()) };
    /// The number of the coroutine that let go of it.
    static COROUTINE: Cell<usize> = const { Cell::new(0) };
}

/// How many threads have let go of the lock: while it is zero, this one has not.
static DETACHED: AtomicUsize = AtomicUsize::new(0);

/// Set when the interpreter is about to end.
static EXITING: AtomicBool = AtomicBool::new(false);

/// The first tick at which the lock is let go.
const LET_GO_TICK: u32 = 2;

/// Ticks between two looks for Ctrl-C. A look can wait as long as Python's switch interval for
/// the lock, so looking more often would slow a guest that has busy Python threads beside it.
const SIGNAL_TICKS: u32 = 20;

struct PythonHost;

/// Only the main interpreter can have this library: its classes and the objects that guests hold
/// are the process's, and PyO3 asks for the lock in a way that knows one interpreter.
pub(crate) fn refuse_others() -> PyResult<()> {
    // SAFETY: this thread holds the lock.
    let is_main = unsafe { ffi::PyInterpreterState_Get() == ffi::PyInterpreterState_Main() };
    if !is_main {
        return Err(PyImportError::new_err(
            "landbridge works in Python's main interpreter only, and this is a subinterpreter; let \
             the server run the application in the main one (mod_wsgi: WSGIApplicationGroup \
             %{GLOBAL}; uWSGI: single-interpreter = true), or use processes",
        ));
    }
    if is_exiting() {
        return Err(PyImportError::new_err(
            "landbridge was loaded in an interpreter that has ended, and cannot be loaded again in \
             this process; start another process",
        ));
    }
    Ok(())
}

/// Installs Python's habits in the core, and asks to be told of a fork and of the end.
pub(crate) fn install(py: Python<'_>) -> PyResult<()> {
    MAIN.store(main_ident(py)?, Ordering::Relaxed);
    let at_fork = PyDict::new(py);
    at_fork.set_item("after_in_child", wrap_pyfunction!(forked, py)?)?;
    if let Ok(register) = py.import("os")?.getattr("register_at_fork") {
        register.call((), Some(&at_fork))?;
    }
    py.import("atexit")?
        .call_method1("register", (wrap_pyfunction!(exiting, py)?,))?;
    host::install(&PythonHost);
    Ok(())
}

/// The system's number of the main thread. Under gevent Python has another one for it; then it is the thread that
/// imports this.
fn main_ident(py: Python<'_>) -> PyResult<usize> {
    let main = py.import("threading")?.call_method0("main_thread")?;
    let ident = main.getattr("ident")?;
    let frames = py.import("sys")?.call_method0("_current_frames")?;
    match frames.contains(&ident)? {
        true => ident.extract(),
        false => Ok(thread_ident()),
    }
}

/// The thread that forked is the child's main thread.
#[pyfunction]
fn forked() {
    MAIN.store(thread_ident(), Ordering::Relaxed);
    call::forked();
}

#[pyfunction]
fn exiting() {
    EXITING.store(true, Ordering::Relaxed);
}

impl Host for PythonHost {
    fn wait(&self, wait: &mut dyn FnMut()) -> Result<()> {
        let_go_for(wait);
        Ok(())
    }

    fn waiting(&self) -> Result<()> {
        call::enter_loans();
        match is_main_thread() {
            // Other threads come to rest in guests then, and do not leave them.
            true if is_exiting() => Err(Error::new(
                ErrorKind::Busy,
                "another thread is inside of this store, and stays there: the interpreter ends",
            )),
            true => look_for_signals(),
            false => Ok(()),
        }
    }

    fn wait_for_guest(&self, wait: &mut dyn FnMut()) {
        let_go_for(wait);
    }

    fn block(&self) {
        let_go();
    }

    fn tick(&self, ticks: u32) -> Result<()> {
        if ticks >= LET_GO_TICK {
            let_go();
            rest_if_exiting();
        }
        call::look_for_loop(ticks)?;
        match ticks.is_multiple_of(SIGNAL_TICKS) && is_main_thread() {
            true => look_for_signals(),
            false => Ok(()),
        }
    }
}

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
    COROUTINE.set(coroutine::current());
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

/// The number of the coroutine that let go of the lock on this thread, which cannot switch to
/// another one before it has the lock again. Nothing if this thread has not let go.
pub(crate) fn coroutine() -> Option<usize> {
    match SAVED.get().is_null() {
        true => None,
        false => Some(COROUTINE.get()),
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
pub(crate) struct Turn(bool);

impl Turn {
    #[inline(always)]
    pub(crate) fn of_host() -> Turn {
        Turn(take_back())
    }
}

impl Drop for Turn {
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

/// Runs pending signal handlers; what they raise ends the guest and comes out of the call.
#[cold]
fn look_for_signals() -> Result<()> {
    taken_for(|_| {
        // SAFETY: the lock is held.
        match unsafe { ffi::PyErr_CheckSignals() } {
            0 => Ok(()),
            _ => Err(guard::carry(Fault::Set)),
        }
    })
}

/// The interpreter's main thread, which alone runs signal handlers.
static MAIN: AtomicUsize = AtomicUsize::new(0);

fn is_main_thread() -> bool {
    thread_ident() == MAIN.load(Ordering::Relaxed)
}

pub(crate) fn thread_ident() -> usize {
    // SAFETY: may be called on any thread at any time.
    unsafe { ffi::PyThread_get_thread_ident() as usize }
}

/// Whether the interpreter is about to end, or has ended.
pub(crate) fn is_exiting() -> bool {
    EXITING.load(Ordering::Relaxed)
}

/// Keeps a thread that a guest occupies out of an interpreter that ends; the process ends with it.
fn rest_if_exiting() {
    if is_exiting() && !is_main_thread() {
        loop {
            std::thread::park();
        }
    }
}
