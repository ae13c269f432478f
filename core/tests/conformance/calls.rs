//! Steps about calls in flight and pools.

use std::sync::Arc;
use std::time::Duration;

use landbridge::{Call, Pool, PoolOptions, Reset};
use serde_json::json;

use crate::limits;
use crate::step::Step;
use crate::values::{check, values};
use crate::world::{Done, Thing, World, same, wrong};

pub(crate) fn pool(world: &Arc<World>, step: &Step<'_>) -> Done<Pool> {
    let module = world.module(step.text("module")?)?;
    let imports = crate::run::imports_of(world, step)?;
    let sandbox = limits::sandbox(world, step)?;
    let mut options = PoolOptions::default();
    if let Some(max) = step.number_or_none("max")? {
        options.max = max;
    }
    if let Some(wait) = step.number_or_none("wait_ms")? {
        options.wait = Duration::from_millis(wait);
    }
    options.reset = match step.text_or_none("reset")? {
        None | Some("fresh") => Reset::Fresh,
        Some("reuse") => Reset::Reuse,
        Some(other) => return wrong(format!("no pool resets by {other:?}")),
    };
    Ok(Pool::new(&module, &imports, &sandbox, options)?)
}

/// The calls that a step starts.
pub(crate) fn start(world: &World, step: &Step<'_>) -> Done<Vec<Call>> {
    let args = values(world, step.list("args")?)?;
    let times = step.number_or_none("times")?.unwrap_or(1);
    let start = || -> Done<Call> {
        if step.get("object").is_some() {
            return Ok(world.func(step.text("object")?)?.call_async(&args)?);
        }
        let func = step.text("func")?;
        if step.get("pool").is_some() {
            return Ok(world.pool(step.text("pool")?)?.call_async(func, &args)?);
        }
        let instance = world.instance(step.text("instance")?)?;
        Ok(instance.call_async(func, &args)?)
    };
    (0..times).map(|_| start()).collect()
}

pub(crate) fn act(world: &World, step: &Step<'_>) -> Done {
    match step.text("do")? {
        "await" => {
            let calls = world.calls(step.text("call")?)?;
            let expected = values(world, step.list("results")?)?;
            for call in calls {
                let found = call.wait()?;
                if step.get("results").is_some() {
                    check(&found, &expected)?;
                }
            }
            Ok(())
        }
        "cancel_call" => {
            match world.get(step.text("call")?)? {
                Thing::Calls(calls) => calls.iter().for_each(Call::cancel),
                Thing::WitCalls(calls) => calls.iter().for_each(Call::cancel),
                _ => return wrong("no calls"),
            }
            Ok(())
        }
        "await_exit" => {
            let call = world.instance(step.text("instance")?)?.run_async()?;
            check(
                &call.wait()?,
                &[landbridge::Value::I32(step.number("exit")?)],
            )
        }
        "pool_call" => {
            let args = values(world, step.list("args")?)?;
            let pool = world.pool(step.text("pool")?)?;
            let found = pool.call(step.text("func")?, &args)?;
            match step.get("results") {
                Some(_) => check(&found, &values(world, step.list("results")?)?),
                None => Ok(()),
            }
        }
        _ => {
            let found = world.pool(step.text("pool")?)?.counts();
            let found = json!({
                "ready": found.ready,
                "taken": found.taken,
                "waiting": found.waiting,
                "made": found.made,
                "served": found.served,
                "in_slots": found.in_slots,
            });
            let expected = step.need("equals")?.as_object().expect("an object");
            let mut keys = expected.iter();
            keys.try_for_each(|(key, value)| same(&found[key], value))
        }
    }
}
