//! Pool: ready instances for callers that run side by side.

use std::sync::Arc;
use std::time::Duration;

use landbridge::{Error, ErrorKind, Pool, PoolCounts, PoolOptions, Reset, Result, Value};

use crate::call::{arguments, lift, promise};
use crate::env::{Env, Js};
use crate::guard::{Call, Native};
use crate::handle::Held;
use crate::sides::{PoolSides, Sides};
use crate::value::whole_or_none;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("poolNew", new),
    ("poolGet", take),
    ("poolCall", run),
    ("poolAsync", later),
    ("poolCounts", counts),
    ("poolClose", close),
];

/// A pool as JavaScript holds it.
pub(crate) struct Pooled {
    pool: Pool,
    sides: Arc<PoolSides>,
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

/// `poolNew(module, imports, state, sandbox or undefined, options)`, with options as an array of
/// max, waitMs and reset, each of which may be `undefined`.
fn new(call: &Call) -> Result<Js> {
    let env = call.env;
    let kept = PoolSides::new(env, call.args[2])?;
    let sides = Sides::Pool(kept.clone());
    let mut imports = crate::imports::read(env, &sides, call.args[1])?;
    imports.initialize(call.flag(5, true)?);
    let sandbox = crate::sandbox::read(env, sides.base(), call.args[3])?;
    let options = options(env, call.args[4])?;
    let made = Pool::new(call.module(0)?, &imports, &sandbox, options);
    let pool = made.map_err(|error| sides.shown(env, error))?;
    Held::Pool(Pooled { pool, sides: kept }).into_js(env)
}

fn options(env: Env, given: Js) -> Result<PoolOptions> {
    let mut options = PoolOptions::default();
    if let Some(max) = whole_or_none(env, env.element(given, 0)?, "max")? {
        options.max = usize::try_from(max).unwrap_or(usize::MAX);
    }
    if let Some(wait) = whole_or_none(env, env.element(given, 1)?, "waitMs")? {
        options.wait = Duration::from_millis(wait);
    }
    options.reset = match env.text(env.element(given, 2)?)?.as_str() {
        "fresh" => Reset::Fresh,
        "reuse" => Reset::Reuse,
        other => {
            let text = format!("reset: expected 'fresh' or 'reuse', got {other:?}");
            return Err(Error::new(ErrorKind::Type, text));
        }
    };
    Ok(options)
}

/// `poolGet(pool)`: an array of an instance and the state of its store.
fn take(call: &Call) -> Result<Js> {
    let (env, kept) = (call.env, call.pool(0)?);
    let taken = kept.pool.get();
    let instance = taken.map_err(|error| kept.sides().shown(env, error))?;
    let side = kept.sides().of(env, Some(instance.store()))?;
    let state = side.state(env);
    env.array([Held::Instance(instance, side).into_js(env), state])
}

/// The name and the arguments of a call.
fn asked(call: &Call, kept: &Pooled) -> Result<(String, Vec<Value>)> {
    let name = call.env.text(call.args[1])?;
    let (module, given) = (kept.pool.module(), call.args[2]);
    let args = arguments(call.env, module, &name, given, &kept.sides())?;
    Ok((name, args))
}

/// `poolCall(pool, name, arguments)`
fn run(call: &Call) -> Result<Js> {
    let (env, kept) = (call.env, call.pool(0)?);
    let (name, args) = asked(call, kept)?;
    let called = kept.pool.call(&name, &args);
    let given = called.map_err(|error| kept.sides().shown(env, error))?;
    lift(env, &kept.sides(), &given)
}

/// `poolAsync(pool, name, arguments, carrier or undefined)`: a promise.
fn later(call: &Call) -> Result<Js> {
    let kept = call.pool(0)?;
    let (name, args) = asked(call, kept)?;
    let begin = || kept.pool.call_async(&name, &args);
    promise(call.env, kept.sides(), None, call.args[3], begin)
}

/// `poolCounts(pool)`: an array in the order of `lib/pool.js`.
fn counts(call: &Call) -> Result<Js> {
    let PoolCounts {
        ready,
        taken,
        waiting,
        made,
        served,
    } = call.pool(0)?.pool.counts();
    let now = [ready, taken, waiting].map(|count| count as f64);
    let ever = [made, served].map(|count| count as f64);
    let counts = now.into_iter().chain(ever);
    call.env.array(counts.map(|count| call.env.number(count)))
}

/// `poolClose(pool)`
fn close(call: &Call) -> Result<Js> {
    call.pool(0)?.pool.close();
    call.env.undefined()
}
