//! Exception: what guests and host functions throw, carried by a `TaggedException`.

use std::sync::Arc;

use landbridge::{Error, Exception, Result};

use crate::env::{Env, Js};
use crate::error::Thrown;
use crate::guard::{Call, Native};
use crate::handle::{Held, held};
use crate::store::Side;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("exceptionNew", new),
    ("exceptionTag", tag),
    ("exceptionPayload", payload),
    ("exceptionSame", same),
];

/// A new object for an exception of a guest.
pub(crate) fn into_js(env: Env, side: &Arc<Side>, exception: &Exception) -> Result<Js> {
    let error = Error::from(exception.clone());
    let message = env.string(error.message())?;
    let hook = side.addon.hook(env, "exception")?;
    let object = env.call(hook, &[side.state(env)?, message])?;
    Held::Exception(exception.clone(), side.clone()).carried_by(env, object)?;
    Ok(object)
}

/// Gives the error of a call its object, if a guest threw an exception: later nobody knows the
/// store.
#[cold]
pub(crate) fn shown(env: Env, side: &Arc<Side>, error: Error) -> Error {
    let (Some(exception), None) = (error.exception(), error.host_exception()) else {
        return error;
    };
    let object = into_js(env, side, exception);
    match object.and_then(|object| Thrown::new(env, object, 0)) {
        Ok(thrown) => error.with_host(Arc::new(thrown)),
        Err(failed) => failed,
    }
}

/// `exceptionNew(object, tag, payload, isBits or undefined)`: the object carries it from now on.
fn new(call: &Call) -> Result<Js> {
    let (env, (tag, side)) = (call.env, call.tag(1)?);
    let (types, given) = (tag.ty().params(), env.array_length(call.args[2])? as usize);
    if given != types.len() {
        return Err(Error::count("payload of an exception", types, given));
    }
    let floats = call.floats(3)?;
    let items = env.items(call.args[2])?.into_iter().zip(types).enumerate();
    let lowered = items.map(|(i, (item, ty))| {
        let place = || format!("value {} of an exception", i + 1);
        floats.lower(env, side, item, *ty, &place)
    });
    let exception = Exception::new(tag, &lowered.collect::<Result<Vec<_>>>()?)?;
    Held::Exception(exception, side.clone()).carried_by(env, call.args[0])?;
    env.undefined()
}

/// `exceptionTag(exception)`
fn tag(call: &Call) -> Result<Js> {
    let (exception, side) = call.exception(0)?;
    Held::Tag(exception.tag().clone(), side.clone()).into_js(call.env)
}

/// `exceptionPayload(exception, isBits or undefined)`: an array.
fn payload(call: &Call) -> Result<Js> {
    let (exception, side) = call.exception(0)?;
    let (floats, payload) = (call.floats(1)?, exception.payload()?);
    let values = payload.iter();
    call.env
        .array(values.map(|value| floats.lift(call.env, side, value)))
}

/// `exceptionSame(exception, other)`, where the other may be anything.
fn same(call: &Call) -> Result<Js> {
    let exception = call.exception(0)?.0;
    let other = held(call.env, call.args[1]);
    call.env.boolean(match other {
        Some(Held::Exception(other, _)) => exception.same(other),
        _ => false,
    })
}
