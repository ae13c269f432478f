//! Errors: a core error becomes an instance of the class of its kind; what JavaScript threw comes out
//! of one as the very same value.

use std::ptr;

use landbridge::{Error, Result, frame};

use crate::addon::Hook;
use crate::env::{Env, Js};
use crate::js::{Thrown, get, run};

/// Throws an error into JavaScript; what is returned is to be returned to Node.js at once.
#[cold]
pub(crate) fn throw(env: Env, error: &Error) -> Js {
    if let Ok(value) = into_js(env, error) {
        // If this fails the thread is stopping, and Node.js unwinds it by itself.
        let _ = run!(env, napi_throw(value));
    }
    ptr::null_mut()
}

/// The JavaScript value of an error. With little stack left the hooks may fail; then it is what
/// they threw.
pub(crate) fn into_js(env: Env, error: &Error) -> Result<Js> {
    to_js(env, error).or_else(|second| bare(env, &second))
}

/// The JavaScript value of an error: what the host threw, or a new object of the kind's class.
fn to_js(env: Env, error: &Error) -> Result<Js> {
    let addon = env.addon()?;
    let told = || env.view(&frame::write(error)?);
    let row = match error.row() {
        Some(row) => env.number(row as f64)?,
        None => env.undefined()?,
    };
    let Some(thrown) = Thrown::of(error) else {
        return env.call(addon.hook(env, Hook::Fail)?, &[told()?, row]);
    };
    let value = thrown.value(env)?;
    if !error.has_other_frames() && error.output().is_empty() && error.row().is_none() {
        return Ok(value);
    }
    let kept = env.number(error.kept_frames() as f64)?;
    let passed = env.call(addon.hook(env, Hook::Pass)?, &[value, kept, told()?, row]);
    passed.or(Ok(value))
}

/// The value of an error without calling JavaScript.
fn bare(env: Env, error: &Error) -> Result<Js> {
    if let Some(thrown) = Thrown::of(error) {
        return thrown.value(env);
    }
    let (none, message) = (ptr::null_mut(), env.string(error.message())?);
    get!(env, napi_create_error(none, message), ptr::null_mut())
}
