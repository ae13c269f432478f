//! The one gate that panics and errors leave by.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jni::sys::jobject;
use landbridge::{Error, Result};

use crate::env::Env;
use crate::error;

/// What a native returns while an exception is pending: the JVM does not look at it.
pub(crate) trait Nothing {
    const NOTHING: Self;
}

impl Nothing for () {
    const NOTHING: () = ();
}

impl Nothing for i32 {
    const NOTHING: i32 = 0;
}

impl Nothing for i64 {
    const NOTHING: i64 = 0;
}

impl Nothing for bool {
    const NOTHING: bool = false;
}

impl Nothing for jobject {
    const NOTHING: jobject = std::ptr::null_mut();
}

/// Runs a native. An error or a panic becomes the pending exception of the JVM.
#[inline(always)]
pub(crate) fn guard<R: Nothing>(env: Env, what: impl FnOnce() -> Result<R>) -> R {
    match catch_unwind(AssertUnwindSafe(what)) {
        Ok(Ok(done)) => done,
        Ok(Err(error)) => fail(env, error),
        Err(panic) => fail(env, Error::from_panic(&*panic)),
    }
}

#[cold]
fn fail<R: Nothing>(env: Env, error: Error) -> R {
    // Making the exception runs Java; if even that panics, the JVM gets no exception but lives.
    let _ = catch_unwind(AssertUnwindSafe(|| error::throw(env, &error)));
    R::NOTHING
}
