//! Host: the habits of Python in the core: how its threads wait, and what is done at a tick.

use std::sync::atomic::{AtomicBool, Ordering};

use landbridge::host::{self, Host};
use landbridge::{Error, ErrorKind, Result};
use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::coroutine;
use crate::gil;
use crate::guard::Fault;
use crate::loan;
use crate::passing;
use crate::stay;

/// The first tick at which the lock is let go.
const LET_GO_TICK: u32 = 2;

/// Ticks between two looks for Ctrl-C. A look can wait as long as Python's switch interval for
/// the lock, so looking more often would slow a guest that has busy Python threads beside it.
const SIGNAL_TICKS: u32 = 20;

struct PythonHost;

/// Whether the module was filled: its classes and what it imported from the files in Python are the process's.
static FILLED: AtomicBool = AtomicBool::new(false);

/// Says that the module is complete.
pub(crate) fn filled() {
    FILLED.store(true, Ordering::Relaxed);
}

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
    if stay::is_exiting() {
        return Err(PyImportError::new_err(
            "landbridge was loaded in an interpreter that has ended, and cannot be loaded again in \
             this process; start another process",
        ));
    }
    if FILLED.load(Ordering::Relaxed) {
        return Err(PyImportError::new_err(
            "this process has loaded it already, and it can be loaded once: something took the modules of \
             landbridge out of sys.modules; leave them there, or start another process",
        ));
    }
    Ok(())
}

/// Installs Python's habits in the core, and asks to be told of a fork and of the end.
pub(crate) fn install(py: Python<'_>) -> PyResult<()> {
    gil::set_main(main_ident(py)?);
    coroutine::install(py)?;
    host::tell_coroutines_apart(gil::coroutine);
    let at_fork = PyDict::new(py);
    at_fork.set_item("after_in_child", wrap_pyfunction!(forked, py)?)?;
    if let Ok(register) = py.import("os")?.getattr("register_at_fork") {
        register.call((), Some(&at_fork))?;
    }
    py.import("atexit")?
        .call_method1("register", (wrap_pyfunction!(exiting, py)?,))?;
    host::install(&PythonHost);
    host::print_defects_alone();
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
        false => Ok(gil::thread_ident()),
    }
}

/// The thread that forked is the child's main thread.
#[pyfunction]
fn forked() {
    gil::set_main(gil::thread_ident());
    loan::forked();
}

#[pyfunction]
fn exiting() {
    stay::set_exiting();
}

impl Host for PythonHost {
    fn wait(&self, wait: &mut dyn FnMut()) -> Result<()> {
        gil::let_go_for(wait);
        Ok(())
    }

    fn waiting(&self) -> Result<()> {
        loan::enter_loans();
        match gil::is_main_thread() {
            // Other threads come to rest in guests then, and do not leave them.
            true if stay::is_exiting() => Err(Error::new(
                ErrorKind::Busy,
                "another thread is inside of this store, and stays there: the interpreter ends",
            )),
            true => look_for_signals(),
            false => Ok(()),
        }
    }

    fn wait_for_guest(&self, wait: &mut dyn FnMut()) {
        gil::let_go_for(wait);
    }

    fn block(&self) {
        gil::let_go();
    }

    fn tick(&self, ticks: u32) -> Result<()> {
        if ticks >= LET_GO_TICK {
            gil::let_go();
            gil::rest_if_exiting();
        }
        loan::look_for_loop(ticks)?;
        match ticks.is_multiple_of(SIGNAL_TICKS) && gil::is_main_thread() {
            true => look_for_signals(),
            false => Ok(()),
        }
    }
}

/// Runs pending signal handlers; what they raise ends the guest and comes out of the call.
#[cold]
fn look_for_signals() -> Result<()> {
    gil::taken_for(|_| {
        // SAFETY: the lock is held.
        match unsafe { ffi::PyErr_CheckSignals() } {
            0 => Ok(()),
            _ => Err(passing::carry(Fault::Set)),
        }
    })
}
