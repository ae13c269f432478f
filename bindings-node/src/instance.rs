//! Instance: making one, and its exports.

use landbridge::{Instance, Module, Result, Store};

use crate::addon::Hook;
use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle};
use crate::object::shown;
use crate::side::Side;
use crate::sides::Sides;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("instantiate", instantiate),
    ("instantiateIn", instantiate_in),
    ("instanceExports", exports),
    ("instanceFind", find),
    ("instanceRun", run),
    ("instanceStore", store),
    ("instanceState", state),
    ("instanceClose", close),
];

impl Noun for Instance {
    const NAME: &'static str = "Instance";
}

/// `instantiate(module, state, sandbox or undefined, ...)`, with what is lent, see `imports.rs`: in a
/// store of its own.
fn instantiate(call: &CallbackInfo) -> Result<Js> {
    let (env, module) = (call.env, call.held::<Module>(0)?);
    let side = Side::new(env, call.args[1])?;
    let imports = crate::imports::read(call, &Sides::One(side.clone()), module, 3)?;
    let sandbox = crate::sandbox::read(env, &side, call.args[2])?;
    let made = module.instantiate_with(&imports, &sandbox);
    let instance = made.map_err(|error| shown(env, &side, error))?;
    handle(env, (instance, side))
}

/// `instantiateIn(module, store, ...)`, with what is lent.
fn instantiate_in(call: &CallbackInfo) -> Result<Js> {
    let (module, (store, side)) = (call.held::<Module>(0)?, call.sided::<Store>(1)?);
    let imports = crate::imports::read(call, &Sides::One(side.clone()), module, 2)?;
    let made = store.instantiate(module, &imports);
    let instance = made.map_err(|error| shown(call.env, side, error))?;
    handle(call.env, (instance, side.clone()))
}

/// `instanceExports(instance)`: an array of their objects, in the module's order.
fn exports(call: &CallbackInfo) -> Result<Js> {
    let (instance, side) = call.sided::<Instance>(0)?;
    let exports = instance.exports()?;
    let exports = exports.iter();
    call.env
        .array(exports.map(|(_, item)| crate::export::into_js(call.env, side, item)))
}

/// `instanceFind(instance, name, sort)`: fails as the core says if there is no such export.
fn find(call: &CallbackInfo) -> Result<Js> {
    let (instance, _) = call.sided::<Instance>(0)?;
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
fn run(call: &CallbackInfo) -> Result<Js> {
    let (instance, side) = call.sided::<Instance>(0)?;
    let ran = instance.run();
    let code = ran.map_err(|error| shown(call.env, side, error))?;
    side.sweep(call.env)?;
    call.env.number(code.into())
}

/// `instanceStore(instance)`: the object of the store it lives in.
fn store(call: &CallbackInfo) -> Result<Js> {
    let (env, (instance, side)) = (call.env, call.sided::<Instance>(0)?);
    let store = handle(env, (instance.store().clone(), side.clone()))?;
    let hook = side.addon.hook(env, Hook::StoreOf)?;
    env.call(hook, &[store, side.state(env)?])
}

/// `instanceState(instance)`: the state of that store.
fn state(call: &CallbackInfo) -> Result<Js> {
    call.sided::<Instance>(0)?.1.state(call.env)
}

/// `instanceClose(instance)`
fn close(call: &CallbackInfo) -> Result<Js> {
    let (instance, side) = call.sided::<Instance>(0)?;
    instance.close();
    side.sweep(call.env)?;
    call.env.undefined()
}
