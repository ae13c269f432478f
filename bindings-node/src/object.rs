//! Objects: those of JavaScript that carry a struct, an array, an exception or an exit code.

use std::ptr;
use std::sync::Arc;

use landbridge::{Error, Exception, GcRef, Result, Trail};
use napi_sys as sys;

use crate::addon::Hook;
use crate::env::{Env, Js};
use crate::handle::{Noun, any, carry};
use crate::js::{Thrown, take};
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
/// exception or an exit code is one. It has the trail that is kept with it.
#[cold]
pub(crate) fn recognised(env: Env, error: Error) -> Error {
    let value = Thrown::of(&error).and_then(|thrown| thrown.value(env).ok());
    let (Some(value), Some(host)) = (value, error.host_exception().cloned()) else {
        return error;
    };
    let trail = trail_of(env, value).unwrap_or_default();
    said(env, value, host).unwrap_or(error).with_trail(trail)
}

fn trail_of(env: Env, value: Js) -> Result<Trail> {
    let (hook, this) = (env.addon()?.hook(env, Hook::TrailOf)?, env.undefined()?);
    let mut found = ptr::null_mut();
    // SAFETY: as in `get`. With little stack left it throws, which is no news.
    let status = unsafe { sys::napi_call_function(env.raw(), this, hook, 1, &value, &mut found) };
    if status != sys::Status::napi_ok {
        take(env);
        return Ok(Trail::default());
    }
    let numbers = env.items(found)?.into_iter();
    let numbers = numbers.map(|it| env.double(it).map(|it| it as u64));
    Ok(Trail::from_numbers(&numbers.collect::<Result<Vec<_>>>()?))
}

fn said(env: Env, value: Js, host: Arc<dyn std::any::Any + Send + Sync>) -> Option<Error> {
    let carried = any(env, value)?;
    if let Some((exception, _)) = carried.downcast_ref::<(Exception, Arc<Side>)>() {
        return Some(Error::from(exception.clone()).with_host(host));
    }
    let Exit(code) = carried.downcast_ref()?;
    Some(Error::exit(*code).with_host(host))
}
