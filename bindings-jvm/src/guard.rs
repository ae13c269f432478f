//! The one gate that panics and errors leave by.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jni::sys::jlong;
use landbridge::{Error, Result};

use crate::env::Env;
use crate::error;
use crate::types::Crosses;

/// Runs a native. An error or a panic becomes the pending exception of the JVM. `func` is the function that it
/// calls, which may be one in a chain that an exception passes, or zero.
#[inline(always)]
pub(crate) fn guard<R: Crosses>(env: Env, func: jlong, what: impl FnOnce() -> Result<R>) -> R {
    match catch_unwind(AssertUnwindSafe(what)) {
        Ok(Ok(done)) => done,
        Ok(Err(error)) => fail(env, func, error),
        Err(panic) => fail(env, func, Error::from_panic(&*panic)),
    }
}

#[cold]
fn fail<R: Crosses>(env: Env, func: jlong, error: Error) -> R {
    // Making the exception runs Java; if even that panics, the JVM gets no exception but lives.
    let _ = catch_unwind(AssertUnwindSafe(|| error::throw(env, func, &error)));
    R::NOTHING
}
