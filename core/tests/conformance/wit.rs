//! Steps about functions of components.

use std::sync::Arc;

use landbridge::{Resource, WitFunc, WitFuncType, WitType, WitValue};
use serde_json::Value as Json;

use crate::step::Step;
use crate::wit_values::{close, keep, told, value};
use crate::world::{Done, Thing, World, same, wrong};

pub(crate) fn act(world: &Arc<World>, step: &Step<'_>) -> Done {
    match step.text("do")? {
        "wit_call" => {
            let func = func(world, step)?;
            // All names are texts in Rust.
            step.get("spelled");
            let args = args(world, func.ty(), step)?;
            check(world, step, func.call(&args)?)
        }
        "wit_pool_call" => {
            let pool = world.pool(step.text("pool")?)?;
            let args = args(world, func_of(world, step)?.ty(), step)?;
            check(world, step, pool.wit_call(step.text("func")?, &args)?)
        }
        "wit_call_async" => start(world, step),
        "wit_await" => {
            for call in world.wit_calls(step.text("call")?)? {
                check(world, step, call.wait()?)?;
            }
            Ok(())
        }
        "wit_type" => {
            let found = func(world, step)?.ty().to_string();
            same(found.as_str(), step.text("equals")?)
        }
        "wit_text" => text(world, step),
        "wit_drop" => Ok(close(&world.resource(step.text("resource")?)?)?),
        "wit_object" => match world.resource(step.text("resource")?)? {
            Resource::Host(it) => same(it == world.host_object(step.text("equals")?), true),
            Resource::Guest(it) => wrong(format!("a resource of a guest: {it:?}")),
        },
        "wit_log" => {
            let log = world.shared.wit_log.lock().unwrap().clone();
            let expected: Vec<Vec<String>> = serde_json::from_value(step.need("equals")?.clone())
                .or_else(|e| wrong(e.to_string()))?;
            same(log, expected)
        }
        other => wrong(format!("no step does {other:?}")),
    }
}

fn func(world: &World, step: &Step<'_>) -> Done<WitFunc> {
    let instance = world.instance(step.text("instance")?)?;
    Ok(instance.wit_func(step.text("func")?)?)
}

/// Of another instance of the component, for the types.
fn func_of(world: &World, step: &Step<'_>) -> Done<WitFunc> {
    let instance = world.instance(step.text("of")?)?;
    Ok(instance.wit_func(step.text("func")?)?)
}

fn args(world: &World, ty: &WitFuncType, step: &Step<'_>) -> Done<Vec<WitValue>> {
    arguments(world, ty, step.list("args")?)
}

pub(crate) fn arguments(world: &World, ty: &WitFuncType, list: &[Json]) -> Done<Vec<WitValue>> {
    let of = |i: usize| ty.params.get(i).map(|it| &it.ty);
    let list = list.iter().enumerate();
    list.map(|(i, it)| value(world, of(i), it)).collect()
}

/// Compares what a call gave.
fn check(world: &World, step: &Step<'_>, found: Option<WitValue>) -> Done {
    match step.list("keep")? {
        [] => {}
        names => return keep(world, found.as_slice(), names),
    }
    match step.get("result") {
        None => Ok(()),
        Some(expected) => same(found.as_ref().map(told).as_deref(), expected.as_str()),
    }
}

fn start(world: &World, step: &Step<'_>) -> Done {
    let times = step.number_or_none("times")?.unwrap_or(1);
    let mut calls = Vec::new();
    if step.get("pool").is_some() {
        let pool = world.pool(step.text("pool")?)?;
        let args = args(world, func_of(world, step)?.ty(), step)?;
        for _ in 0..times {
            calls.push(pool.wit_call_async(step.text("func")?, &args)?);
        }
    } else {
        let func = func(world, step)?;
        let args = args(world, func.ty(), step)?;
        for _ in 0..times {
            calls.push(func.call_async(&args)?);
        }
    }
    world.put(step.text("as")?, Thing::WitCalls(calls));
    Ok(())
}

/// Reads a text and writes it again.
fn text(world: &World, step: &Step<'_>) -> Done {
    let func = func(world, step)?;
    let param = step.number_or_none("param")?.unwrap_or(0);
    let ty: &WitType = match func.ty().params.get(param) {
        Some(param) => &param.ty,
        None => return wrong(format!("no parameter {param}")),
    };
    let found = WitValue::parse(ty, step.text("text")?)?.to_text();
    match step.get("equals") {
        None => Ok(()),
        Some(expected) => same(Some(found.as_str()), expected.as_str()),
    }
}
