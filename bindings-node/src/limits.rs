//! Limits: how much a store may use, and what it used.

use std::time::Duration;

use landbridge::{Limits, Result};

use crate::env::{Env, Js};
use crate::guard::{Call, Native};
use crate::value::whole_or_none;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("limitsFromJson", from_json),
    ("limitsToJson", to_json),
    ("storeUsage", usage),
    ("storeSetFuel", set_fuel),
    ("storeCancel", cancel),
];

/// Reads an array of the limits in the order of `lib/limits.js`, each of which may be `undefined`.
pub(crate) fn read(env: Env, list: Js) -> Result<Limits> {
    let limit = |index, name: &str| {
        let item = env.element(list, index)?;
        whole_or_none(env, item, &format!("limits.{name}"))
    };
    Ok(Limits {
        memory_bytes: limit(0, "memoryBytes")?,
        table_elements: limit(1, "tableElements")?,
        instances: limit(2, "instances")?,
        fuel: limit(3, "fuel")?,
        output_bytes: limit(4, "outputBytes")?,
        written_bytes: limit(5, "writtenBytes")?,
        open_files: limit(6, "openFiles")?,
        timeout: limit(7, "timeoutMs")?.map(Duration::from_millis),
    })
}

/// `limitsFromJson(text)`: an array in the order of `lib/limits.js`, `undefined` for none.
fn from_json(call: &Call) -> Result<Js> {
    let env = call.env;
    let limits = Limits::from_json(&env.text(call.args[0])?)?;
    let whole = |it: Option<u64>| match it {
        None => env.undefined(),
        Some(number) if number <= MAX_SAFE => env.number(number as f64),
        Some(number) => env.big(number),
    };
    let millis = |it: Duration| {
        it.as_nanos()
            .div_ceil(1_000_000)
            .try_into()
            .unwrap_or(u64::MAX)
    };
    env.array([
        whole(limits.memory_bytes),
        whole(limits.table_elements),
        whole(limits.instances),
        whole(limits.fuel),
        whole(limits.output_bytes),
        whole(limits.written_bytes),
        whole(limits.open_files),
        whole(limits.timeout.map(millis)),
    ])
}

/// `limitsToJson(limits)`
fn to_json(call: &Call) -> Result<Js> {
    call.env.string(&read(call.env, call.args[0])?.to_json())
}

/// Up to here a number of JavaScript's is exact.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// `storeUsage(store)`: an array in the order of `lib/limits.js`.
fn usage(call: &Call) -> Result<Js> {
    let (env, usage) = (call.env, call.store(0)?.0.usage()?);
    let counts = [
        usage.memory_bytes,
        usage.peak_memory_bytes,
        usage.table_elements,
        usage.instances,
        usage.output_bytes,
        usage.written_bytes,
        usage.open_files,
    ];
    let fuel = match usage.fuel_used {
        Some(fuel) => env.big(fuel),
        None => env.undefined(),
    };
    let rest = [fuel, env.number(usage.last_call.as_secs_f64() * 1000.0)];
    let counts = counts.map(|count| env.number(count as f64));
    env.array(counts.into_iter().chain(rest))
}

/// `storeSetFuel(store, fuel)`
fn set_fuel(call: &Call) -> Result<Js> {
    call.store(0)?.0.set_fuel(call.whole(1, "fuel")?)?;
    call.env.undefined()
}

/// `storeCancel(store)`
fn cancel(call: &Call) -> Result<Js> {
    call.store(0)?.0.cancel();
    call.env.undefined()
}
