//! Sandbox: everything that a store is made with.

use std::sync::Arc;

use landbridge::{Policy, Result, Sandbox};

use crate::env::{Env, Js};
use crate::handle::held;
use crate::side::Side;

/// Reads an object of limits, policy and streams, or `undefined`; see `lib/sandbox.js`.
pub(crate) fn read(env: Env, side: &Arc<Side>, given: Js) -> Result<Sandbox> {
    if env.is_undefined(given)? {
        return Ok(Sandbox::default());
    }
    let policy = held::<Policy>(env, env.field(given, c"policy")?);
    Ok(Sandbox {
        limits: crate::limits::read(env, env.field(given, c"limits")?)?,
        policy: policy.cloned().unwrap_or_else(Policy::none),
        stdio: crate::stdio::read(env, side, given)?,
    })
}
