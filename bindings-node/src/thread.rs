//! The thread of an environment.

use std::cell::Cell;
use std::ptr;

use napi_sys as sys;

use crate::env::Env;
use crate::js::get;

thread_local! {
    /// The environment of this thread; null on one of the engine's.
    static ENV: Cell<sys::napi_env> = const { Cell::new(ptr::null_mut()) };
}

pub(crate) fn enter_thread(env: Env) {
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

/// Whether this thread is being stopped: a worker that is terminated, or the process that ends.
pub(crate) fn is_stopping(env: Env) -> bool {
    let probe = env.scoped(|| {
        // The cheapest function that Node.js refuses when it stops; it runs no JavaScript.
        Ok(get!(env, napi_create_date(0.0), ptr::null_mut()).is_err())
    });
    probe.unwrap_or(true)
}
