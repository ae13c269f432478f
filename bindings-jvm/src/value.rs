//! Values as Java passes them: two `long`s of bits each, and an object where there is one.
//!
//! A function or exception is its handle in the bits, zero for null. What an externref or anyref is
//! says the second `long`: null, a host object in the array of objects, a small integer in the bits,
//! or the handle of something of the guest's heap.

use jni::sys::{jint, jlong};
use landbridge::{
    AnyRef, Error, ErrorKind, Exception, ExternRef, Func, FuncType, GcRef, Result, Slot, Type,
    Value, messages,
};

use crate::kind::{Kind, find, insert};
use crate::refs::Global;
use crate::types::{Here, Longs, Objects};

/// What the second `long` of an externref or anyref says. `Values.java` knows the numbers.
const NULL: jlong = 0;
const OBJECT: jlong = 1;
const SMALL: jlong = 2;
const HEAP: jlong = 3;

/// Where the object of a value lies: the array, and the index in it.
type ObjectAt = (Here<Objects>, usize);

/// The type of a number that Java gave.
pub(crate) fn type_of(number: jint) -> Result<Type> {
    let found = Type::ALL.iter().find(|ty| **ty as jint == number);
    let unknown = || {
        Error::new(
            ErrorKind::Type,
            format!("{number} is not the number of a type"),
        )
    };
    found.copied().ok_or_else(unknown)
}

/// A signature as numbers: the count of parameters, then all types.
pub(crate) fn signature_numbers(ty: &FuncType) -> Vec<jint> {
    let types = ty.params().iter().chain(ty.results()).map(|ty| *ty as jint);
    std::iter::once(ty.params().len() as jint)
        .chain(types)
        .collect()
}

/// The bits of a plain value, low half first.
pub(crate) fn bits_of(slot: &Slot, ty: Type) -> [jlong; 2] {
    match ty {
        Type::V128 => halves(slot.as_v128()),
        Type::I64 | Type::F64 => [slot.as_i64(), 0],
        _ => [slot.as_i32().into(), 0],
    }
}

/// A plain value of such bits.
pub(crate) fn slot_of(bits: &[jlong], ty: Type) -> Slot {
    match ty {
        Type::V128 => Slot::from_v128(joined(bits)),
        _ => Slot::from_i64(bits[0]),
    }
}

fn halves(vector: u128) -> [jlong; 2] {
    [vector as jlong, (vector >> 64) as jlong]
}

fn joined(bits: &[jlong]) -> u128 {
    u128::from(bits[0] as u64) | u128::from(bits[1] as u64) << 64
}

/// Java to core.
pub(crate) fn lower(
    types: &[Type],
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<Vec<Value>> {
    let mut room = vec![0; 2 * types.len()];
    bits.read(&mut room)?;
    let pairs = room.chunks_exact(2).zip(types).enumerate();
    pairs
        .map(|(i, (bits, ty))| lower_one(*ty, bits, (objects, i)))
        .collect()
}

/// The same for one value of a type that Java gave.
pub(crate) fn lower_single(ty: jint, bits: Here<Longs>, objects: Here<Objects>) -> Result<Value> {
    Ok(lower(&[type_of(ty)?], bits, objects)?.remove(0))
}

pub(crate) fn lower_one(ty: Type, bits: &[jlong], at: ObjectAt) -> Result<Value> {
    Ok(match ty.top() {
        Type::I32 => Value::I32(bits[0] as i32),
        Type::I64 => Value::I64(bits[0]),
        Type::F32 => Value::F32(f32::from_bits(bits[0] as u32)),
        Type::F64 => Value::F64(f64::from_bits(bits[0] as u64)),
        Type::V128 => Value::V128(joined(bits)),
        Type::FuncRef => Value::FuncRef(lower_handle::<Func>(bits[0])?),
        Type::ExnRef => Value::ExnRef(lower_handle::<Exception>(bits[0])?),
        Type::ExternRef => Value::ExternRef(lower_any(bits, at)?.map(ExternRef::from_any)),
        _ => Value::AnyRef(lower_any(bits, at)?),
    })
}

/// What a handle leads to; zero is null.
fn lower_handle<T: Kind + Clone>(handle: jlong) -> Result<Option<T>> {
    match handle {
        0 => Ok(None),
        handle => Ok(Some((*find::<T>(handle)?).clone())),
    }
}

fn lower_any(bits: &[jlong], at: ObjectAt) -> Result<Option<AnyRef>> {
    match bits[1] {
        SMALL => Ok(Some(AnyRef::I31(bits[0] as i32))),
        HEAP => Ok(lower_handle::<GcRef>(bits[0])?.map(AnyRef::Object)),
        OBJECT => Ok(lower_object(at)?.map(AnyRef::Host)),
        _ => Ok(None),
    }
}

fn lower_object((objects, index): ObjectAt) -> Result<Option<ExternRef>> {
    let object = objects.get(index)?;
    if object.is_null() {
        return Ok(None);
    }
    Ok(Some(ExternRef::new(Global::taken(objects.env, object)?)))
}

/// Core to Java.
pub(crate) fn lift(values: &[Value], bits: Here<Longs>, objects: Here<Objects>) -> Result<()> {
    let mut room = Vec::with_capacity(2 * values.len());
    for (i, value) in values.iter().enumerate() {
        room.extend(lift_one(value, (objects, i))?);
    }
    bits.write(&room)
}

fn lift_one(value: &Value, at: ObjectAt) -> Result<[jlong; 2]> {
    Ok(match value {
        Value::I32(v) => [(*v).into(), 0],
        Value::I64(v) => [*v, 0],
        Value::F32(v) => [v.to_bits().into(), 0],
        Value::F64(v) => [v.to_bits() as jlong, 0],
        Value::V128(v) => halves(*v),
        Value::FuncRef(Some(func)) => [insert(func.clone())?, 0],
        Value::ExnRef(Some(exception)) => [insert(exception.clone())?, 0],
        Value::ExternRef(Some(object)) => match object.any() {
            Some(any) => lift_any(any, at)?,
            None => lift_object(object, at)?,
        },
        Value::AnyRef(Some(any)) => lift_any(any, at)?,
        Value::FuncRef(None) | Value::ExnRef(None) => [0, 0],
        Value::ExternRef(None) | Value::AnyRef(None) => [0, NULL],
    })
}

fn lift_any(any: &AnyRef, at: ObjectAt) -> Result<[jlong; 2]> {
    match any {
        AnyRef::I31(v) => Ok([(*v).into(), SMALL]),
        AnyRef::Object(object) => Ok([insert(object.clone())?, HEAP]),
        AnyRef::Host(object) => lift_object(object, at),
    }
}

fn lift_object(object: &ExternRef, (objects, index): ObjectAt) -> Result<[jlong; 2]> {
    let global = object
        .get::<Global>()
        .ok_or_else(messages::foreign_object)?;
    objects.set(index, global.raw())?;
    Ok([0, OBJECT])
}
