//! Calls of the functions of components.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use landbridge::frame::Reader;
use landbridge::host::wit::{Crossed, Crossing};
use landbridge::{Call, Error, ErrorKind, Instance, Result, Store, WitFunc};
use napi_sys as sys;

use super::crossed::{Arrays, Found, blobs_to_js, buffer, copied, objects_of, objects_to_js, used};
use super::plain;
use crate::call::{Lift, start};
use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, Native, enter, quietly};
use crate::js::{get, run};
use crate::object::shown;
use crate::side::Side;
use crate::sides::Sides;

pub(crate) const TABLE: &[(&str, Native)] = &[("witFunc", func), ("witAsync", later)];

/// What a function object calls.
struct Target {
    func: WitFunc,
    side: Arc<Side>,
    /// Whether it can be called without a lane.
    is_plain: bool,
}

/// `witFunc(instance, name)`: a function of the arguments in the lane that was taken last, which has its result then. If there
/// is not enough room, see `witTake`. It can be called with plain arguments, too, and then gives its result, or tells that
/// it was not called, since there is something that is not plain.
fn func(call: &CallbackInfo) -> Result<Js> {
    let (env, (instance, side)) = (call.env, call.sided::<Instance>(0)?);
    let func = instance.wit_func(&env.text(call.args[1])?)?;
    let target = Target {
        is_plain: plain::is_plain(func.ty()),
        func,
        side: side.clone(),
    };
    let target: *mut c_void = Box::into_raw(Box::new(target)).cast();
    // SAFETY: on failure nobody has the box: it is wrapped by the last step that can fail.
    object(env, target).inspect_err(|_| drop(unsafe { Box::from_raw(target.cast::<Target>()) }))
}

fn object(env: Env, target: *mut c_void) -> Result<Js> {
    let (name, none) = (c"wit", ptr::null_mut());
    let object = get!(
        env,
        napi_create_function(name.as_ptr(), 3, Some(called), target),
        ptr::null_mut()
    )?;
    run!(
        env,
        napi_wrap(object, target, Some(release), none, ptr::null_mut())
    )?;
    Ok(object)
}

/// Frees the target of a function object that was collected.
unsafe extern "C" fn release(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    // SAFETY: `func` gave this box to this object, which is finalised once.
    quietly(|| drop(unsafe { Box::from_raw(data.cast::<Target>()) }));
}

/// A call.
unsafe extern "C" fn called(raw: sys::napi_env, info: sys::napi_callback_info) -> Js {
    let (mut args, mut count) = ([ptr::null_mut(); plain::MOST], plain::MOST);
    let (mut data, this) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: Node.js gives the environment of this thread; `args` has room for `count` values. The target lives as long as
    // its function object, which is on the stack of this call.
    let (env, target) = unsafe {
        sys::napi_get_cb_info(raw, info, &mut count, args.as_mut_ptr(), this, &mut data);
        (Env::new(raw), data.cast::<Target>().as_ref())
    };
    // Nothing is as good as `undefined`.
    enter(env, || {
        let target = target.ok_or_else(no_target)?;
        match target.side.addon.lanes.is_direct()? {
            true => target.call_plain(env, &args),
            false => target.call(env).map(|()| ptr::null_mut()),
        }
    })
}

#[cold]
fn too_large(bytes: usize) -> Error {
    let text = format!("a result of {bytes} bytes is too large for JavaScript");
    Error::new(ErrorKind::Limit, text)
}

#[cold]
fn no_target() -> Error {
    Error::new(ErrorKind::Internal, "expected a function of a component")
}

impl Target {
    /// Calls it with plain arguments.
    #[inline]
    fn call_plain(&self, env: Env, args: &[Js; plain::MOST]) -> Result<Js> {
        let lanes = &self.side.addon.lanes;
        let done = match self.is_plain {
            true => lanes.with_buffers(|buffers| self.call_with(env, args, buffers))?,
            false => None,
        };
        let Some(given) = done else {
            return Ok(ptr::null_mut());
        };
        lanes.tell_direct();
        Ok(given)
    }

    /// Nothing if an argument is not plain: then it was not called.
    #[inline]
    fn call_with(
        &self,
        env: Env,
        args: &[Js; plain::MOST],
        [bytes, results]: &mut [Vec<u8>; 2],
    ) -> Result<Option<Js>> {
        let ty = self.func.ty();
        for (arg, param) in args.iter().zip(&ty.params) {
            if plain::lower(env, &param.ty, *arg, bytes).is_none() {
                return Ok(None);
            }
        }
        let mut blobs = Vec::new();
        let args = Crossing {
            bytes,
            blobs: &(),
            objects: &[],
        };
        let called = self.func.call_host(args, results, &mut blobs);
        called.map_err(|error| shown(env, &self.side, error))?;
        let Some(ty) = &ty.result else {
            return env.undefined().map(Some);
        };
        match plain::lift(env, ty, &mut Reader::values(results), &blobs)? {
            Some(given) => Ok(Some(given)),
            None => Err(no_target()),
        }
    }

    #[inline]
    fn call(&self, env: Env) -> Result<()> {
        let side = &self.side;
        let lanes = &side.addon.lanes;
        let used = lanes.used()?;
        let lane = used.lane;
        let blobs = Arrays::of(env, &side.addon, lane, used.beside)?;
        let objects = objects_of(env, side, lane, used.beside)?;
        let (bytes, mut results) = (lanes.bytes(lane, used.bytes)?, lanes.spare(lane)?);
        let mut found = Found::new(side);
        let args = Crossing {
            // SAFETY: this lane is the call's own until it returns: JavaScript that runs meanwhile takes the next ones.
            bytes: unsafe { &mut *bytes },
            blobs: &blobs,
            objects: &objects,
        };
        let called = self.func.call_host(args, &mut results, &mut found);
        drop(objects);
        let given = called.map_err(|error| shown(env, side, error));
        let given = given.and_then(|given| {
            if let Some(found) = found.into_js(env)? {
                set(env, lanes.object(env, lane)?, c"found", found)?;
            }
            if !given.is_empty() {
                let given = objects_to_js(env, &given)?;
                set(env, lanes.object(env, lane)?, c"given", given)?;
            }
            Ok(())
        });
        if let Err(error) = given {
            lanes.keep_spare(lane, results);
            return Err(error);
        }
        let count = u32::try_from(results.len()).map_err(|_| too_large(results.len()))?;
        let fits = lanes.put(lane, &results);
        lanes.tell(count, !fits);
        match fits {
            true => lanes.keep_spare(lane, results),
            false => lanes.keep(lane, results)?,
        }
        Ok(())
    }
}

fn set(env: Env, object: Js, name: &std::ffi::CStr, value: Js) -> Result<()> {
    run!(env, napi_set_named_property(object, name.as_ptr(), value))
}

/// `witAsync(instance, name, lane, bytes, beside, carrier or undefined)`: a promise of an object with the result: `bytes`,
/// and what lies beside them, `found` and `given`.
fn later(call: &CallbackInfo) -> Result<Js> {
    let (env, (instance, side)) = (call.env, call.sided::<Instance>(0)?);
    let name = env.text(call.args[1])?;
    let args = arguments(call, side, 2)?;
    let (sides, store) = (Sides::One(side.clone()), Some(instance.store()));
    promise(env, sides, store, call.args[5], || {
        instance.prepare_crossed(&name, args).start()
    })
}

/// The promise of a call that `begin` begins; see [`crate::call::start`].
pub(crate) fn promise(
    env: Env,
    sides: Sides,
    store: Option<&Store>,
    carrier: Js,
    begin: impl FnOnce() -> Result<Call<Crossed>>,
) -> Result<Js> {
    // Keeps what guests hold of JavaScript.
    let state = env.reference(sides.base().state(env)?, false)?;
    let lifted: Lift<Crossed> = Box::new(move |env, outcome| {
        let given = outcome.and_then(|crossed| to_js(env, &crossed));
        drop(state);
        given.map_err(|error| sides.shown(env, error))
    });
    start(env, carrier, lifted, Call::cancel, || {
        Ok((begin()?, store.map(Store::mark)))
    })
}

/// The arguments of a call that is made elsewhere: a lane, its bytes and what lies beside it are the arguments from one on.
pub(crate) fn arguments(call: &CallbackInfo, side: &Arc<Side>, first: usize) -> Result<Crossed> {
    let used = used(call.env, &call.args[first..])?;
    copied(call.env, side, used, Vec::new())
}

/// What a call gave, as an object.
fn to_js(env: Env, crossed: &Crossed) -> Result<Js> {
    env.object([
        ("bytes", buffer(env, &crossed.frame.bytes)),
        ("found", blobs_to_js(env, &crossed.frame.blobs)),
        ("given", objects_to_js(env, &crossed.objects)),
    ])
}
