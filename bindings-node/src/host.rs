//! The habits of a thread: one of JavaScript never waits, and looks now and then whether it is to
//! stop; one of the engine's waits, and looks for the thread that it works for.

use std::cell::Cell;
use std::ptr;

use landbridge::{Error, ErrorKind, Result, host};
use napi_sys as sys;

use crate::env::Env;
use crate::error::is_stopping;
use crate::loan;

struct JsHost;

/// Ticks, of a millisecond each, between two looks.
const LOOK: u32 = 16;

impl host::Host for JsHost {
    fn wait(&self, wait: &mut dyn FnMut()) -> Result<()> {
        if ENV.get().is_null() {
            wait();
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Busy,
            "the store is in use by a call that is not done, and a JavaScript thread must not wait; await \
             the promise of that call first",
        ))
    }

    /// Ends the guest of a worker that is being terminated: a loop in it would never end by itself.
    fn tick(&self, ticks: u32) -> Result<()> {
        if !ticks.is_multiple_of(LOOK) {
            return Ok(());
        }
        let env = ENV.get();
        let is_over = match env.is_null() {
            true => loan::is_over(),
            false => is_stopping(env),
        };
        match is_over {
            true => Err(stopping()),
            false => Ok(()),
        }
    }
}

/// What ends the guests of a JavaScript thread that ends.
#[cold]
pub(crate) fn stopping() -> Error {
    Error::new(ErrorKind::Cancelled, "the JavaScript thread is stopping")
}

thread_local! {
    /// The environment of this thread; null on one of the engine's.
    static ENV: Cell<sys::napi_env> = const { Cell::new(ptr::null_mut()) };
}

pub(crate) fn enter_thread(env: Env) {
    host::install(&JsHost);
    ENV.set(env.raw());
}

pub(crate) fn leave_thread() {
    ENV.set(ptr::null_mut());
}

/// The environment of this thread.
pub(crate) fn here() -> Option<Env> {
    let env = ENV.get();
    // SAFETY: a thread is in an environment only while that is alive.
    (!env.is_null()).then(|| unsafe { Env::new(env) })
}
