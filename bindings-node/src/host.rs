//! The habits of a JavaScript thread: it never waits, and it looks now and then whether it is to stop.

use std::cell::Cell;
use std::ptr;

use landbridge::{Error, ErrorKind, Result, host};
use napi_sys as sys;

use crate::env::Env;
use crate::error::is_stopping;

struct JsHost;

/// Ticks, of a millisecond each, between two looks.
const LOOK: u32 = 16;

impl host::Host for JsHost {
    fn wait(&self, _: &mut dyn FnMut()) -> Result<()> {
        Err(Error::new(
            ErrorKind::Busy,
            "the store is in use by another thread, and a JavaScript thread must not wait",
        ))
    }

    /// Ends the guest of a worker that is being terminated: a loop in it would never end by itself.
    fn tick(&self, ticks: u32) -> Result<()> {
        let env = ENV.get();
        if ticks.is_multiple_of(LOOK) && !env.is_null() && is_stopping(env) {
            return Err(Error::new(
                ErrorKind::Cancelled,
                "the JavaScript thread is stopping",
            ));
        }
        Ok(())
    }
}

thread_local! {
    /// The environment of this thread, for the tick, which is called without one.
    static ENV: Cell<sys::napi_env> = const { Cell::new(ptr::null_mut()) };
}

pub(crate) fn enter_thread(env: Env) {
    host::install(&JsHost);
    ENV.set(env.raw());
}

pub(crate) fn leave_thread() {
    ENV.set(ptr::null_mut());
}
