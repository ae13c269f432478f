//! GcRef: structs and arrays of the guest's heap.

use landbridge::{GcRef, Result, Value};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};

pub(crate) const TABLE: &[(&str, Native)] = &[("gcLength", length), ("gcGet", get), ("gcSet", set)];

/// `gcLength(object)`
fn length(call: &CallbackInfo) -> Result<Js> {
    call.env.number(call.sided::<GcRef>(0)?.0.len()?.into())
}

/// The index of an argument. One that no object has is left to the core to refuse.
fn index(call: &CallbackInfo) -> Result<u32> {
    Ok(u32::try_from(call.whole(1, "index")?).unwrap_or(u32::MAX))
}

/// `gcGet(object, index, isBits or undefined)`
fn get(call: &CallbackInfo) -> Result<Js> {
    let (object, side) = call.sided::<GcRef>(0)?;
    let value = object.get(index(call)?)?;
    call.floats(2)?.lift(call.env, side, &value)
}

/// `gcSet(object, index, value, isBits or undefined)`
fn set(call: &CallbackInfo) -> Result<Js> {
    let (object, side) = call.sided::<GcRef>(0)?;
    let (index, floats) = (index(call)?, call.floats(3)?);
    let place = || object.place(index);
    let value = match object.ty().field(index) {
        Some(field) => floats.lower(call.env, side, call.args[2], field.storage.ty(), &place)?,
        // The core says that there is no such field.
        None => Value::I32(0),
    };
    object.set(index, &value)?;
    call.env.undefined()
}
