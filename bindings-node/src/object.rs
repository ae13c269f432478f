//! Objects: those of JavaScript that carry a struct, an array, an exception or an exit code.

use std::sync::Arc;

use landbridge::{Error, Exception, GcRef, Result};

use crate::addon::Hook;
use crate::env::{Env, Js};
use crate::handle::{Noun, any, carry};
use crate::js::Thrown;
use crate::side::Side;

impl Noun for GcRef {
    const NAME: &'static str = "GcRef";
}

impl Noun for Exception {
    const NAME: &'static str = "TaggedException";
}

/// The exit code of an `ExitError`.
pub(crate) struct Exit(pub(crate) i32);

/// A new object for an object of the guest's heap.
pub(crate) fn of_gc(env: Env, side: &Arc<Side>, gc: &GcRef) -> Result<Js> {
    let hook = side.addon.hook(env, Hook::GcRef)?;
    let object = env.call(hook, &[side.state(env)?])?;
    carry(env, object, (gc.clone(), side.clone()))?;
    Ok(object)
}

/// A new object for an exception of a guest.
pub(crate) fn of_exception(env: Env, side: &Arc<Side>, exception: &Exception) -> Result<Js> {
    let error = Error::from(exception.clone());
    let message = env.string(error.message())?;
    let hook = side.addon.hook(env, Hook::Exception)?;
    let object = env.call(hook, &[side.state(env)?, message])?;
    carry(env, object, (exception.clone(), side.clone()))?;
    Ok(object)
}

/// Gives the error of a call its object, if a guest threw an exception: later nobody knows the
/// store.
#[cold]
pub(crate) fn shown(env: Env, side: &Arc<Side>, error: Error) -> Error {
    let (Some(exception), None) = (error.exception(), error.host_exception()) else {
        return error;
    };
    let object = of_exception(env, side, exception);
    match object.and_then(|object| Thrown::new(env, object)) {
        Ok(thrown) => error.with_host(Arc::new(thrown)),
        Err(failed) => failed,
    }
}

/// What a function of JavaScript threw, as guests and the core take it: an object that carries an
/// exception or an exit code is one.
#[cold]
pub(crate) fn recognised(env: Env, error: Error) -> Error {
    let carried = Thrown::of(&error).and_then(|thrown| any(env, thrown.value(env).ok()?));
    let (Some(carried), Some(host)) = (carried, error.host_exception().cloned()) else {
        return error;
    };
    if let Some((exception, _)) = carried.downcast_ref::<(Exception, Arc<Side>)>() {
        Error::from(exception.clone()).with_host(host)
    } else if let Some(Exit(code)) = carried.downcast_ref() {
        Error::exit(*code).with_host(host)
    } else {
        error
    }
}
