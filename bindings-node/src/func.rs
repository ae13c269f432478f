//! Func: making one, and the calls that take or give more than plain values.

use std::ptr;

use landbridge::{Func, FuncType, Result, Store, Value};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, Native, enter};
use crate::host_func::JsFunc;
use crate::object::shown;
use crate::sides::Sides;
use crate::target::{Target, argument, arguments, into_js, miscounted, with_text};
use crate::value::{Floats, many};

pub(crate) const TABLE: &[(&str, Native)] =
    &[("funcNew", new), ("funcBits", bits), ("funcAsync", later)];

/// A call of any function.
pub(crate) unsafe extern "C" fn any(raw: sys::napi_env, info: sys::napi_callback_info) -> Js {
    // SAFETY: as in `few`.
    let (env, (count, target)) = unsafe { (Env::new(raw), arguments(raw, info, &mut [])) };
    let mut args = vec![ptr::null_mut(); count];
    // SAFETY: as in `few`.
    unsafe { arguments(raw, info, &mut args) };
    enter(env, || match target {
        Some(target) if count == target.params.len() => {
            target.call_any(env, Floats::Numbers, &args)
        }
        target => Err(miscounted(env, target, count, &args)),
    })
}

impl Target {
    fn lower(&self, env: Env, floats: Floats, args: &[Js]) -> Result<Vec<Value>> {
        let mut values = Vec::with_capacity(args.len());
        for (i, (arg, ty)) in args.iter().zip(&self.params).enumerate() {
            let place = || self.func.argument_place(i);
            values.push(floats.lower(env, &self.side, *arg, *ty, &place)?);
        }
        Ok(values)
    }

    fn call_any(&self, env: Env, floats: Floats, args: &[Js]) -> Result<Js> {
        let side = &self.side;
        let values = self.lower(env, floats, args)?;
        let called = self.func.call(&values);
        let results = called.map_err(|error| shown(env, side, error))?;
        drop(values);
        let result = many(env, floats, side, &results)?;
        side.sweep(env)?;
        Ok(result)
    }
}

/// `funcNew(store, params, results, function)`
fn new(call: &CallbackInfo) -> Result<Js> {
    let (store, side) = call.sided::<Store>(0)?;
    let ty = FuncType::new(call.types(1)?, call.types(2)?);
    let func = JsFunc::lend(call.env, &Sides::One(side.clone()), call.args[3])?;
    into_js(call.env, side, &Func::new(store, &ty, func)?)
}

/// The function and the arguments of a call, as many as it takes.
fn called(call: &CallbackInfo) -> Result<(&'static Target, Vec<Js>)> {
    let (target, args) = (argument(call, 0)?, call.env.items(call.args[1])?);
    let checked = target.func.check_count(args.len());
    checked.map_err(|error| with_text(call.env, error, &args))?;
    Ok((target, args))
}

/// `funcBits(function, arguments)`: a call whose floats are bits.
fn bits(call: &CallbackInfo) -> Result<Js> {
    let (target, args) = called(call)?;
    target.call_any(call.env, Floats::Bits, &args)
}

/// `funcAsync(function, arguments, carrier or undefined)`: a promise.
fn later(call: &CallbackInfo) -> Result<Js> {
    let (env, (target, args)) = (call.env, called(call)?);
    let args = target.lower(env, Floats::Numbers, &args)?;
    let sides = Sides::One(target.side.clone());
    let begin = || target.func.call_async(&args);
    let store = Some(target.func.store());
    crate::call::promise(env, sides, store, call.args[2], begin)
}
