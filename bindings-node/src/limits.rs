//! Limits: how much a store may use.

use std::ffi::CStr;
use std::time::Duration;

use landbridge::{Limits, Result};

use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, Native};
use crate::read::whole;

pub(crate) const TABLE: &[(&str, Native)] =
    &[("limitsFromJson", from_json), ("limitsToJson", to_json)];

/// Reads an object of limits, each of which may be `undefined`; that itself is none.
pub(crate) fn read(env: Env, given: Js) -> Result<Limits> {
    if env.is_undefined(given)? {
        return Ok(Limits::default());
    }
    let limit = |name: &CStr| {
        let given = env.field(given, name)?;
        if env.is_undefined(given)? {
            return Ok(None);
        }
        let place = format!("limits.{}", name.to_string_lossy());
        whole(env, given, &place).map(Some)
    };
    Ok(Limits {
        // generated: rust.node_limits
        memory_bytes: limit(c"memoryBytes")?,
        table_elements: limit(c"tableElements")?,
        instances: limit(c"instances")?,
        fuel: limit(c"fuel")?,
        output_bytes: limit(c"outputBytes")?,
        written_bytes: limit(c"writtenBytes")?,
        open_files: limit(c"openFiles")?,
        timeout: limit(c"timeoutMs")?.map(Duration::from_millis),
        transfer_bytes: limit(c"transferBytes")?,
        handles: limit(c"handles")?,
        // end generated
    })
}

/// `limitsFromJson(text)`: an object of those that are set.
fn from_json(call: &CallbackInfo) -> Result<Js> {
    let env = call.env;
    let limits = Limits::from_json(&env.text(call.args[0])?)?;
    let millis = |it: Duration| {
        let whole = it.as_nanos().div_ceil(1_000_000);
        whole.try_into().unwrap_or(u64::MAX)
    };
    let all = [
        // generated: rust.node_limits_given
        ("memoryBytes", limits.memory_bytes),
        ("tableElements", limits.table_elements),
        ("instances", limits.instances),
        ("fuel", limits.fuel),
        ("outputBytes", limits.output_bytes),
        ("writtenBytes", limits.written_bytes),
        ("openFiles", limits.open_files),
        ("timeoutMs", limits.timeout.map(millis)),
        ("transferBytes", limits.transfer_bytes),
        ("handles", limits.handles),
        // end generated
    ];
    let set = all.into_iter();
    env.object(set.filter_map(|(name, limit)| Some((name, env.whole(limit?)))))
}

/// `limitsToJson(limits)`
fn to_json(call: &CallbackInfo) -> Result<Js> {
    call.env.string(&read(call.env, call.args[0])?.to_json())
}
