//! The one gate that panics and errors leave by.

use std::panic::{AssertUnwindSafe, catch_unwind};

use landbridge::{Error, Result};

use crate::env::Env;
use crate::error;
use crate::types::Crosses;

/// Runs a native. An error or a panic becomes the pending exception of the JVM.
#[inline(always)]
pub(crate) fn guard<R: Crosses>(env: Env, what: impl FnOnce() -> Result<R>) -> R {
    match catch_unwind(AssertUnwindSafe(what)) {
        Ok(Ok(done)) => done,
        Ok(Err(error)) => fail(env, error),
        Err(panic) => fail(env, Error::from_panic(&*panic)),
    }
}

#[cold]
fn fail<R: Crosses>(env: Env, error: Error) -> R {
    // Making the exception runs Java; if even that panics, the JVM gets no exception but lives.
    let _ = catch_unwind(AssertUnwindSafe(|| error::throw(env, &error)));
    R::NOTHING
}
