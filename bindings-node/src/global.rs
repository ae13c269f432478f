//! Global: one value that JavaScript and guests share.

use landbridge::{ExternType, Global, GlobalType, Result};

use crate::env::Js;
use crate::guard::{Call, Native};
use crate::handle::Held;
use crate::value::lower;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("globalNew", new),
    ("globalId", id),
    ("globalType", ty),
    ("globalGet", get),
    ("globalSet", set),
];

fn place() -> String {
    "value of a global".to_owned()
}

/// `globalNew(store, type, mutable, value)`
fn new(call: &Call) -> Result<Js> {
    let (store, side) = call.store(0)?;
    let ty = GlobalType {
        content: call.ty(1)?,
        mutable: call.env.bool(call.args[2])?,
    };
    let value = lower(call.env, side, call.args[3], ty.content, &place)?;
    Held::Global(Global::new(store, &ty, &value)?, side.clone()).into_js(call.env)
}

/// `globalType(global)`
fn ty(call: &Call) -> Result<Js> {
    let ty = call.global(0)?.0.ty()?;
    crate::module::extern_type(call.env, &ExternType::Global(ty))
}

/// `globalGet(global, isBits or undefined)`
fn get(call: &Call) -> Result<Js> {
    let (global, side) = call.global(0)?;
    call.floats(1)?.lift(call.env, side, &global.get()?)
}

/// `globalSet(global, value, isBits or undefined)`
fn set(call: &Call) -> Result<Js> {
    let (global, side) = call.global(0)?;
    let (floats, ty) = (call.floats(2)?, global.ty()?.content);
    let value = floats.lower(call.env, side, call.args[1], ty, &place)?;
    global.set(&value)?;
    call.env.undefined()
}

/// `globalId(global)`
fn id(call: &Call) -> Result<Js> {
    call.env.string(&call.global(0)?.0.identity().to_string())
}
