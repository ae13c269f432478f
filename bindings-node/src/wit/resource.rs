//! Resources of guests, by their handles.

use landbridge::{Instance, Result};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::js::get;
use crate::object::shown;

pub(crate) const TABLE: &[(&str, Native)] =
    &[("witClose", close), ("witHas", has), ("witDrop", let_go)];

/// The handle of the second argument and the third: its lower half and its higher.
fn handle(call: &CallbackInfo) -> Result<u64> {
    let low = get!(call.env, napi_get_value_uint32(call.args[1]), 0)?;
    let high = get!(call.env, napi_get_value_uint32(call.args[2]), 0)?;
    Ok(u64::from(low) | u64::from(high) << 32)
}

/// `witClose(instance, low, high)`: lets go of it now.
fn close(call: &CallbackInfo) -> Result<Js> {
    let (env, (instance, side)) = (call.env, call.sided::<Instance>(0)?);
    let closed = instance.store().close_resource(handle(call)?);
    closed.map_err(|error| shown(env, side, error))?;
    side.sweep(env)?;
    env.undefined()
}

/// `witHas(instance, low, high)`: whether it can be used.
fn has(call: &CallbackInfo) -> Result<Js> {
    let (instance, _) = call.sided::<Instance>(0)?;
    call.env
        .boolean(instance.store().has_resource(handle(call)?)?)
}

/// `witDrop(instance, low, high)`: lets go of it when a component is called next.
fn let_go(call: &CallbackInfo) -> Result<Js> {
    let (instance, _) = call.sided::<Instance>(0)?;
    instance.store().drop_resource(handle(call)?);
    call.env.undefined()
}
