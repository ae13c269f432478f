//! Lanes: JavaScript makes them, and tells where they are.

use std::ptr;

use landbridge::Result;
use napi_sys as sys;

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::js::get;
use crate::lanes::no_lane;

pub(crate) const TABLE: &[(&str, Native)] =
    &[("witHead", head), ("witLane", lane), ("witTake", take)];

/// `witHead(array)`: what is told of lanes, a `Uint32Array` of three.
fn head(call: &CallbackInfo) -> Result<Js> {
    let (env, array) = (call.env, call.args[0]);
    let (mut kind, mut length, mut data, none) = (0, 0, ptr::null_mut(), ptr::null_mut());
    // SAFETY: the environment runs on this thread, the value is of the open scope; the out pointers that are null are not wanted.
    let status = unsafe {
        let offset = ptr::null_mut();
        sys::napi_get_typedarray_info(
            env.raw(),
            array,
            &mut kind,
            &mut length,
            &mut data,
            none,
            offset,
        )
    };
    env.check(status)?;
    if kind != sys::TypedarrayType::uint32_array || length != 3 || data.is_null() {
        return Err(no_lane());
    }
    let kept = env.reference(array, false)?;
    // SAFETY: they are those of the array, which `lib/wit/lane.js` gives to nobody else.
    unsafe { env.addon()?.lanes.tell_of(data.cast(), kept) };
    env.undefined()
}

/// `witLane(index, lane, buffer)`: an object, and the `ArrayBuffer` that it has from now on.
fn lane(call: &CallbackInfo) -> Result<Js> {
    let (env, object, buffer) = (call.env, call.args[1], call.args[2]);
    let index = get!(env, napi_get_value_uint32(call.args[0]), 0)? as usize;
    let mut data = ptr::null_mut();
    let size = get!(env, napi_get_arraybuffer_info(buffer, &mut data), 0)?;
    let (object, kept) = (env.reference(object, false)?, env.reference(buffer, false)?);
    let place = (data.cast(), size);
    // SAFETY: they are those of the buffer, which `lib/wit/lane.js` gives to nobody else.
    unsafe { env.addon()?.lanes.add(index, place, object, kept) };
    env.undefined()
}

/// `witTake(index)`: puts a result that did not fit into the lane, which is large enough now.
fn take(call: &CallbackInfo) -> Result<Js> {
    let index = get!(call.env, napi_get_value_int32(call.args[0]), 0)?;
    call.env.addon()?.lanes.put_pending(index)?;
    call.env.undefined()
}
