//! Values: lowering from JavaScript and lifting to it.

use std::sync::Arc;

use landbridge::{AnyRef, Error, Exception, ExternRef, GcRef, Result, Slot, Type, Value, messages};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::guard::CallbackInfo;
use crate::handle::held;
use crate::object;
use crate::side::{Kept, Side};
use crate::slot::{lift_slot, lower_slot, number, refusal};
use crate::target;

/// JavaScript to a value of any type; `place` names it for the message.
pub(crate) fn lower(
    env: Env,
    side: &Arc<Side>,
    value: Js,
    ty: Type,
    place: &dyn Fn() -> String,
) -> Result<Value> {
    let kind = env.kind(value)?;
    if kind == sys::ValueType::napi_null && !ty.is_plain() {
        return Ok(Value::zero(ty));
    }
    match (ty.top(), kind) {
        (Type::FuncRef, sys::ValueType::napi_function) => {
            let func = target::of(env, value);
            let func = func.ok_or_else(|| {
                Error::wrong_type(
                    &place(),
                    ty,
                    "a function that is no Func (make one: new Func)",
                )
            })?;
            Ok(Value::FuncRef(Some(func)))
        }
        (Type::ExternRef, _) => {
            let any = lower_any(env, side, value)?;
            Ok(Value::ExternRef(Some(ExternRef::from_any(any))))
        }
        (Type::AnyRef, sys::ValueType::napi_number) => match small(env, value) {
            Some(small) => Ok(Value::AnyRef(Some(AnyRef::I31(small)))),
            None => Err(refusal(env, value, ty, &place())),
        },
        (Type::AnyRef, _) => Ok(Value::AnyRef(Some(lower_any(env, side, value)?))),
        (Type::ExnRef, _) => match held::<(Exception, Arc<Side>)>(env, value) {
            Some((exception, _)) => Ok(Value::ExnRef(Some(exception.clone()))),
            None => Err(refusal(env, value, ty, &place())),
        },
        _ => {
            let mut slot = Slot::zero();
            let lowered = lower_slot(env, value, ty, &mut slot);
            lowered.ok_or_else(|| refusal(env, value, ty, &place()))?;
            Ok(plain(&slot, ty))
        }
    }
}

/// An object of the guest's heap, or any value as an object of the host.
fn lower_any(env: Env, side: &Arc<Side>, value: Js) -> Result<AnyRef> {
    match held::<(GcRef, Arc<Side>)>(env, value) {
        Some((object, _)) => Ok(AnyRef::Object(object.clone())),
        None => Ok(AnyRef::Host(ExternRef::new(side.keep(env, value)?))),
    }
}

/// A whole number of 31 bits.
fn small(env: Env, value: Js) -> Option<i32> {
    let value = number(env, value)?;
    let whole = value as i32;
    (f64::from(whole) == value && (-(1 << 30)..1 << 30).contains(&whole)).then_some(whole)
}

fn plain(slot: &Slot, ty: Type) -> Value {
    match ty {
        Type::I32 => Value::I32(slot.as_i32()),
        Type::I64 => Value::I64(slot.as_i64()),
        Type::F32 => Value::F32(slot.as_f32()),
        Type::F64 => Value::F64(slot.as_f64()),
        _ => Value::V128(slot.as_v128()),
    }
}

/// A value to JavaScript.
pub(crate) fn lift(env: Env, side: &Arc<Side>, value: &Value) -> Result<Js> {
    match value {
        Value::I32(v) => lift_slot(env, &Slot::from_i32(*v), Type::I32),
        Value::I64(v) => lift_slot(env, &Slot::from_i64(*v), Type::I64),
        Value::F32(v) => lift_slot(env, &Slot::from_f32(*v), Type::F32),
        Value::F64(v) => lift_slot(env, &Slot::from_f64(*v), Type::F64),
        Value::V128(v) => lift_slot(env, &Slot::from_v128(*v), Type::V128),
        Value::FuncRef(Some(func)) => target::into_js(env, side, func),
        Value::ExternRef(Some(object)) => match object.any() {
            Some(any) => lift_any(env, side, any),
            None => lift_host(env, object),
        },
        Value::AnyRef(Some(any)) => lift_any(env, side, any),
        Value::ExnRef(Some(exception)) => object::of_exception(env, side, exception),
        _ => env.null(),
    }
}

fn lift_any(env: Env, side: &Arc<Side>, any: &AnyRef) -> Result<Js> {
    match any {
        AnyRef::I31(small) => env.number(f64::from(*small)),
        AnyRef::Object(object) => object::of_gc(env, side, object),
        AnyRef::Host(object) => lift_host(env, object),
    }
}

fn lift_host(env: Env, object: &ExternRef) -> Result<Js> {
    match object.get::<Kept>() {
        Some(kept) => kept.get(env),
        None => Err(messages::foreign_object()),
    }
}

/// What JavaScript has for a float: a number, whose NaN has no bits of its own, or an integer of
/// its bits.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Floats {
    Numbers,
    Bits,
}

impl Floats {
    /// As [`lower`].
    pub(crate) fn lower(
        self,
        env: Env,
        side: &Arc<Side>,
        value: Js,
        ty: Type,
        place: &dyn Fn() -> String,
    ) -> Result<Value> {
        let integer = match (self, ty) {
            (Floats::Bits, Type::F32) => Type::I32,
            (Floats::Bits, Type::F64) => Type::I64,
            _ => return lower(env, side, value, ty, place),
        };
        let place = || format!("bits of {}", place());
        match lower(env, side, value, integer, &place)? {
            Value::I32(bits) => Ok(Value::F32(f32::from_bits(bits as u32))),
            Value::I64(bits) => Ok(Value::F64(f64::from_bits(bits as u64))),
            other => Ok(other),
        }
    }

    /// As [`lift`].
    pub(crate) fn lift(self, env: Env, side: &Arc<Side>, value: &Value) -> Result<Js> {
        match (self, value) {
            (Floats::Bits, Value::F32(v)) => env.number(v.to_bits().into()),
            (Floats::Bits, Value::F64(v)) => env.big(v.to_bits()),
            _ => lift(env, side, value),
        }
    }
}

/// Several results are an array, one is itself, none is `undefined`.
pub(crate) fn many(env: Env, floats: Floats, side: &Arc<Side>, results: &[Value]) -> Result<Js> {
    let lift = |value| floats.lift(env, side, value);
    match results {
        [] => env.undefined(),
        [one] => lift(one),
        _ => env.array(results.iter().map(lift)),
    }
}

impl CallbackInfo {
    /// Whether floats are bits.
    pub(crate) fn floats(&self, index: usize) -> Result<Floats> {
        match self.flag(index, false)? {
            true => Ok(Floats::Bits),
            false => Ok(Floats::Numbers),
        }
    }
}
