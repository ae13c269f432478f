//! Pool: ready instances for callers that run side by side.

use std::sync::Arc;
use std::time::Duration;

use landbridge::{Module, Pool, PoolOptions, Reset, Result, Value};

use crate::call::{arguments, lift, promise};
use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle};
use crate::read::whole_or_none;
use crate::sides::{PoolSides, Sides};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("poolNew", new),
    ("poolGet", take),
    ("poolCall", run),
    ("poolAsync", later),
    ("witPoolAsync", wit_later),
    ("poolCounts", counts),
    ("poolClose", close),
];

/// A pool as JavaScript holds it.
pub(crate) struct Pooled {
    pool: Pool,
    sides: Arc<PoolSides>,
}

impl Noun for Pooled {
    const NAME: &'static str = "Pool";
}

fn pooled(call: &CallbackInfo) -> Result<&'static Pooled> {
    call.held(0)
}

impl Pooled {
    fn sides(&self) -> Sides {
        Sides::Pool(self.sides.clone())
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        self.sides.end();
    }
}

/// `poolNew(module, state, sandbox or undefined, options, ...)`, with what is lent, see `imports.rs`;
/// options has `max`, `waitMs` and `reset`, each of which may be `undefined`.
fn new(call: &CallbackInfo) -> Result<Js> {
    let (env, module) = (call.env, call.held::<Module>(0)?);
    let kept = PoolSides::new(env, call.args[1])?;
    let sides = Sides::Pool(kept.clone());
    let imports = crate::imports::read(call, &sides, module, 4)?;
    let sandbox = crate::sandbox::read(env, sides.base(), call.args[2])?;
    let options = options(env, call.args[3])?;
    let made = Pool::new(module, &imports, &sandbox, options);
    let pool = made.map_err(|error| sides.shown(env, error))?;
    handle(env, Pooled { pool, sides: kept })
}

fn options(env: Env, given: Js) -> Result<PoolOptions> {
    let mut options = PoolOptions::default();
    if let Some(max) = whole_or_none(env, env.field(given, c"max")?, "max")? {
        options.max = usize::try_from(max).unwrap_or(usize::MAX);
    }
    if let Some(wait) = whole_or_none(env, env.field(given, c"waitMs")?, "waitMs")? {
        options.wait = Duration::from_millis(wait);
    }
    options.reset = Reset::named(&env.text(env.field(given, c"reset")?)?)?;
    Ok(options)
}

/// `poolGet(pool)`: an instance.
fn take(call: &CallbackInfo) -> Result<Js> {
    let (env, kept) = (call.env, pooled(call)?);
    let taken = kept.pool.get();
    let instance = taken.map_err(|error| kept.sides().shown(env, error))?;
    let side = kept.sides().of(env, Some(instance.store()))?;
    handle(env, (instance, side))
}

/// The name and the arguments of a call.
fn asked(call: &CallbackInfo, kept: &Pooled) -> Result<(String, Vec<Value>)> {
    let name = call.env.text(call.args[1])?;
    let (module, given) = (kept.pool.module(), call.args[2]);
    let args = arguments(call.env, module, &name, given, &kept.sides())?;
    Ok((name, args))
}

/// `poolCall(pool, name, arguments)`
fn run(call: &CallbackInfo) -> Result<Js> {
    let (env, kept) = (call.env, pooled(call)?);
    let (name, args) = asked(call, kept)?;
    let called = kept.pool.call(&name, &args);
    let given = called.map_err(|error| kept.sides().shown(env, error))?;
    lift(env, &kept.sides(), &given)
}

/// `poolAsync(pool, name, arguments, carrier or undefined)`: a promise.
fn later(call: &CallbackInfo) -> Result<Js> {
    let kept = pooled(call)?;
    let (name, args) = asked(call, kept)?;
    let begin = || kept.pool.call_async(&name, &args);
    promise(call.env, kept.sides(), None, call.args[3], begin)
}

/// `witPoolAsync(pool, name, lane, bytes, beside, carrier or undefined)`: a promise, as that of `witAsync`.
fn wit_later(call: &CallbackInfo) -> Result<Js> {
    let (env, kept) = (call.env, pooled(call)?);
    let (name, sides) = (env.text(call.args[1])?, kept.sides());
    let args = crate::wit::arguments(call, sides.base(), 2)?;
    crate::wit::promise(env, sides, None, call.args[5], || {
        kept.pool.prepare_crossed(&name, args).start()
    })
}

/// `poolCounts(pool)`: an object.
fn counts(call: &CallbackInfo) -> Result<Js> {
    let (env, counts) = (call.env, pooled(call)?.pool.counts());
    env.object([
        ("ready", env.number(counts.ready as f64)),
        ("taken", env.number(counts.taken as f64)),
        ("waiting", env.number(counts.waiting as f64)),
        ("made", env.number(counts.made as f64)),
        ("served", env.number(counts.served as f64)),
        ("inSlots", env.number(counts.in_slots as f64)),
    ])
}

/// `poolClose(pool)`
fn close(call: &CallbackInfo) -> Result<Js> {
    pooled(call)?.pool.close();
    call.env.undefined()
}
