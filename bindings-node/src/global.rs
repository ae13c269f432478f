//! Global: one value that JavaScript and guests share.

use std::sync::Arc;

use landbridge::{ExternType, Global, GlobalType, Result, Type, Value};

use crate::env::Js;
use crate::guard::{Call, Native};
use crate::handle::Held;
use crate::store::Sandbox;
use crate::value::{lift, lower};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("globalNew", new),
    ("globalType", ty),
    ("globalGet", get),
    ("globalSet", set),
];

fn content(call: &Call, sandbox: &Arc<Sandbox>, index: usize, ty: Type) -> Result<Value> {
    let place = || "value of a global".to_owned();
    lower(call.env, sandbox, call.args[index], ty, &place)
}

/// `globalNew(store, type, mutable, value)`
fn new(call: &Call) -> Result<Js> {
    let (store, sandbox) = call.store(0)?;
    let ty = GlobalType {
        content: call.ty(1)?,
        mutable: call.env.bool(call.args[2])?,
    };
    let value = content(call, sandbox, 3, ty.content)?;
    Held::Global(Global::new(store, &ty, &value)?, sandbox.clone()).into_js(call.env)
}

/// `globalType(global)`
fn ty(call: &Call) -> Result<Js> {
    let ty = call.global(0)?.0.ty()?;
    crate::module::extern_type(call.env, &ExternType::Global(ty))
}

/// `globalGet(global)`
fn get(call: &Call) -> Result<Js> {
    let (global, sandbox) = call.global(0)?;
    lift(call.env, sandbox, &global.get()?)
}

/// `globalSet(global, value)`
fn set(call: &Call) -> Result<Js> {
    let (global, sandbox) = call.global(0)?;
    let value = content(call, sandbox, 1, global.ty()?.content)?;
    global.set(&value)?;
    call.env.undefined()
}
