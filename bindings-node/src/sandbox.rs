//! Sandbox: everything that a store is made with.

use std::sync::Arc;

use landbridge::{Policy, Result, Sandbox};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::handle::{Held, held};
use crate::store::Side;

/// Reads an array of limits, policy and streams, or `undefined`; see `lib/sandbox.js`.
pub(crate) fn read(env: Env, side: &Arc<Side>, given: Js) -> Result<Sandbox> {
    if env.kind(given)? == sys::ValueType::napi_undefined {
        return Ok(Sandbox::default());
    }
    let item = |index| env.element(given, index);
    Ok(Sandbox {
        limits: crate::limits::read(env, item(0)?)?,
        policy: policy(env, item(1)?)?,
        stdio: crate::stdio::read(env, side, [item(2)?, item(3)?, item(4)?, item(5)?])?,
    })
}

fn policy(env: Env, given: Js) -> Result<Policy> {
    match held(env, given) {
        Some(Held::Policy(policy)) => Ok(policy.clone()),
        _ => Ok(Policy::none()),
    }
}
