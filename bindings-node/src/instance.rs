//! Instance: making one, and its exports.

use std::sync::Arc;

use landbridge::{Extern, Instance, Result};

use crate::env::{Env, Js};
use crate::exception::shown;
use crate::guard::{Call, Native};
use crate::handle::Held;
use crate::sides::Sides;
use crate::store::Side;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("instantiate", instantiate),
    ("instantiateIn", instantiate_in),
    ("instanceExports", exports),
    ("instanceFind", find),
    ("instanceRun", run),
    ("instanceStore", store),
    ("instanceClose", close),
];

/// `instantiate(module, imports, state, sandbox or undefined, initialize)`: in a store of its own.
fn instantiate(call: &Call) -> Result<Js> {
    let env = call.env;
    let side = Side::new(env, call.args[2])?;
    let sides = Sides::One(side.clone());
    let mut imports = crate::imports::read(env, &sides, call.args[1])?;
    imports.initialize(call.flag(4, true)?);
    let sandbox = crate::sandbox::read(env, &side, call.args[3])?;
    let made = call.module(0)?.instantiate_with(&imports, &sandbox);
    let instance = made.map_err(|error| shown(env, &side, error))?;
    Held::Instance(instance, side).into_js(env)
}

/// `instantiateIn(module, imports, store, initialize)`
fn instantiate_in(call: &Call) -> Result<Js> {
    let (store, side) = call.store(2)?;
    let sides = Sides::One(side.clone());
    let mut imports = crate::imports::read(call.env, &sides, call.args[1])?;
    imports.initialize(call.flag(3, true)?);
    let made = store.instantiate(call.module(0)?, &imports);
    let instance = made.map_err(|error| shown(call.env, side, error))?;
    Held::Instance(instance, side.clone()).into_js(call.env)
}

/// `instanceExports(instance)`: an array of arrays, see [`export`].
fn exports(call: &Call) -> Result<Js> {
    let (instance, side) = call.instance(0)?;
    let exports = instance.exports()?;
    let exports = exports.iter();
    call.env
        .array(exports.map(|(name, item)| export(call.env, side, name, item)))
}

/// The name, the sort, and the function or the handle; of a handle also what it names.
pub(crate) fn export(env: Env, side: &Arc<Side>, name: &str, item: &Extern) -> Result<Js> {
    let object = match item {
        Extern::Func(func) => crate::func::into_js(env, side, func),
        Extern::Memory(memory) => Held::Memory(memory.clone()).into_js(env),
        Extern::Table(table) => Held::Table(table.clone(), side.clone()).into_js(env),
        Extern::Global(global) => Held::Global(global.clone(), side.clone()).into_js(env),
        Extern::Tag(tag) => Held::Tag(tag.clone(), side.clone()).into_js(env),
    };
    let id = match item {
        Extern::Func(_) => env.undefined(),
        _ => env.string(&item.identity().to_string()),
    };
    env.array([env.string(name), env.string(item.sort()), object, id])
}

/// `instanceFind(instance, name, sort)`: fails as the core says if there is no such export.
fn find(call: &Call) -> Result<Js> {
    let (instance, _) = call.instance(0)?;
    let (name, sort) = (call.env.text(call.args[1])?, call.env.text(call.args[2])?);
    check(instance, &name, &sort)?;
    call.env.undefined()
}

fn check(instance: &Instance, name: &str, sort: &str) -> Result<()> {
    match sort {
        "memory" => instance.memory(name).map(drop),
        "table" => instance.table(name).map(drop),
        "global" => instance.global(name).map(drop),
        "tag" => instance.tag(name).map(drop),
        _ => instance.func(name).map(drop),
    }
}

/// `instanceRun(instance)`: the exit code.
fn run(call: &Call) -> Result<Js> {
    let (instance, side) = call.instance(0)?;
    let ran = instance.run();
    let code = ran.map_err(|error| shown(call.env, side, error))?;
    side.sweep(call.env)?;
    call.env.number(code.into())
}

/// `instanceStore(instance)`: a handle of the store it lives in.
fn store(call: &Call) -> Result<Js> {
    let (instance, side) = call.instance(0)?;
    Held::Store(instance.store().clone(), side.clone()).into_js(call.env)
}

/// `instanceClose(instance)`
fn close(call: &Call) -> Result<Js> {
    let (instance, side) = call.instance(0)?;
    instance.close();
    side.sweep(call.env)?;
    call.env.undefined()
}
