//! Exception: what guests and host functions throw, carried by a `TaggedException`; and the exit code
//! that an `ExitError` carries.

use landbridge::{Error, Exception, Result, Slot, Tag, Type, messages};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::{carry, handle};
use crate::object::Exit;
use crate::slot::{lower_slot, refusal};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("exceptionNew", new),
    ("exceptionTag", tag),
    ("exceptionPayload", payload),
    ("exitNew", exit_new),
];

/// `exceptionNew(object, tag, payload, isBits or undefined)`: the object carries it from now on.
fn new(call: &CallbackInfo) -> Result<Js> {
    let (env, (tag, side)) = (call.env, call.sided::<Tag>(1)?);
    let (types, given) = (tag.ty().params(), env.array_length(call.args[2])? as usize);
    if given != types.len() {
        return Err(Error::count(messages::payload(), types, given));
    }
    let floats = call.floats(3)?;
    let items = env.items(call.args[2])?.into_iter().zip(types).enumerate();
    let lowered = items.map(|(i, (item, ty))| {
        let place = || messages::payload_value(i + 1);
        floats.lower(env, side, item, *ty, &place)
    });
    let exception = Exception::new(tag, &lowered.collect::<Result<Vec<_>>>()?)?;
    carry(env, call.args[0], (exception, side.clone()))?;
    env.undefined()
}

/// `exceptionTag(exception)`
fn tag(call: &CallbackInfo) -> Result<Js> {
    let (exception, side) = call.sided::<Exception>(0)?;
    handle(call.env, (exception.tag().clone(), side.clone()))
}

/// `exceptionPayload(exception, isBits or undefined)`: an array.
fn payload(call: &CallbackInfo) -> Result<Js> {
    let (exception, side) = call.sided::<Exception>(0)?;
    let (floats, payload) = (call.floats(1)?, exception.payload()?);
    let values = payload.iter();
    call.env
        .array(values.map(|value| floats.lift(call.env, side, value)))
}

/// `exitNew(object, code)`: the object carries the code from now on, which comes back as it is signed.
fn exit_new(call: &CallbackInfo) -> Result<Js> {
    let (env, given) = (call.env, call.args[1]);
    let mut slot = Slot::zero();
    lower_slot(env, given, Type::I32, &mut slot)
        .ok_or_else(|| refusal(env, given, Type::I32, "exitCode"))?;
    carry(env, call.args[0], Exit(slot.as_i32()))?;
    env.number(slot.as_i32().into())
}
