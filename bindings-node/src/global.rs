//! Global: one value that JavaScript and guests share.

use landbridge::{Global, GlobalType, Result, Store, messages};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle};
use crate::value::lower;

pub(crate) const TABLE: &[(&str, Native)] =
    &[("globalNew", new), ("globalGet", get), ("globalSet", set)];

impl Noun for Global {
    const NAME: &'static str = "Global";
}

fn place() -> String {
    messages::global_value().to_owned()
}

/// `globalNew(store, type, mutable, value)`
fn new(call: &CallbackInfo) -> Result<Js> {
    let (store, side) = call.sided::<Store>(0)?;
    let ty = GlobalType {
        content: call.ty(1)?,
        mutable: call.env.bool(call.args[2])?,
    };
    let value = lower(call.env, side, call.args[3], ty.content, &place)?;
    handle(call.env, (Global::new(store, &ty, &value)?, side.clone()))
}

/// `globalGet(global, isBits or undefined)`
fn get(call: &CallbackInfo) -> Result<Js> {
    let (global, side) = call.sided::<Global>(0)?;
    call.floats(1)?.lift(call.env, side, &global.get()?)
}

/// `globalSet(global, value, isBits or undefined)`
fn set(call: &CallbackInfo) -> Result<Js> {
    let (global, side) = call.sided::<Global>(0)?;
    let (floats, ty) = (call.floats(2)?, global.ty()?.content);
    let value = floats.lower(call.env, side, call.args[1], ty, &place)?;
    global.set(&value)?;
    call.env.undefined()
}
