//! GcRef: structs and arrays of the guest's heap.

use std::sync::Arc;

use landbridge::{FieldType, GcRef, GcType, Result, Value};

use crate::env::{Env, Js};
use crate::guard::{Call, Native};
use crate::handle::{Held, held};
use crate::store::Side;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("gcType", ty),
    ("gcLength", length),
    ("gcGet", get),
    ("gcSet", set),
    ("gcSame", same),
];

/// A new object for an object of the guest's heap.
pub(crate) fn into_js(env: Env, side: &Arc<Side>, gc: &GcRef) -> Result<Js> {
    let hook = side.addon.hook(env, "gcRef")?;
    let object = env.call(hook, &[side.state(env)?])?;
    Held::Gc(gc.clone(), side.clone()).carried_by(env, object)?;
    Ok(object)
}

/// `gcType(object)`: the sort, the text form, and arrays of storage and mutability: of each field,
/// or one of the elements.
fn ty(call: &Call) -> Result<Js> {
    let (env, ty) = (call.env, call.gc(0)?.0.ty());
    let (sort, fields) = match ty {
        GcType::Struct(fields) => ("struct", fields.as_slice()),
        GcType::Array(element) => ("array", std::slice::from_ref(element)),
    };
    let field = |field: &FieldType| {
        let storage = env.string(field.storage.name());
        env.array([storage, env.boolean(field.mutable)])
    };
    let fields = env.array(fields.iter().map(field));
    env.array([env.string(sort), env.string(&ty.to_string()), fields])
}

/// `gcLength(object)`
fn length(call: &Call) -> Result<Js> {
    call.env.number(call.gc(0)?.0.len()?.into())
}

/// The index of an argument. One that no object has is left to the core to refuse.
fn index(call: &Call) -> Result<u32> {
    Ok(u32::try_from(call.whole(1, "index")?).unwrap_or(u32::MAX))
}

/// `gcGet(object, index, isBits or undefined)`
fn get(call: &Call) -> Result<Js> {
    let (object, side) = call.gc(0)?;
    let value = object.get(index(call)?)?;
    call.floats(2)?.lift(call.env, side, &value)
}

/// `gcSet(object, index, value, isBits or undefined)`
fn set(call: &Call) -> Result<Js> {
    let (object, side) = call.gc(0)?;
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

/// `gcSame(object, other)`, where the other may be anything.
fn same(call: &Call) -> Result<Js> {
    let object = call.gc(0)?.0;
    let other = held(call.env, call.args[1]);
    call.env.boolean(match other {
        Some(Held::Gc(other, _)) => object.same(other),
        _ => false,
    })
}
