//! Values as Java passes them: two `long`s of bits each, and an object where there is one.
//!
//! A function or exception is its handle in the bits, zero for null. What an externref or anyref is
//! says the second `long`: null, a host object in the array of objects, a small integer in the bits,
//! or the handle of something of the guest's heap.

use std::sync::Arc;

use jni::sys::{jboolean, jint, jlong, jlongArray, jobjectArray};
use landbridge::handle::{self, Handle};
use landbridge::{
    AnyRef, Error, ErrorKind, Exception, ExternRef, ExternType, Func, FuncType, GcRef, Result,
    Slot, Type, Value,
};

use crate::env::{Env, Global};

/// What the second `long` of an externref or anyref says. `Values.java` knows the numbers.
const NULL: jlong = 0;
const OBJECT: jlong = 1;
const SMALL: jlong = 2;
const HEAP: jlong = 3;

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

/// The signature that such numbers tell.
pub(crate) fn signature_of(numbers: &[jint]) -> Result<FuncType> {
    let unknown = || Error::new(ErrorKind::Type, "the numbers are not a signature");
    let (params, types) = numbers.split_first().ok_or_else(unknown)?;
    let types = types
        .iter()
        .map(|ty| type_of(*ty))
        .collect::<Result<Vec<_>>>()?;
    let params = usize::try_from(*params).ok().filter(|n| *n <= types.len());
    let (params, results) = types.split_at(params.ok_or_else(unknown)?);
    Ok(FuncType::new(params, results))
}

/// The type of an import or export as numbers, its sort first.
pub(crate) fn extern_numbers(ty: &ExternType) -> Vec<jlong> {
    let bound = |max: Option<u64>| [max.is_some().into(), max.unwrap_or(0) as jlong];
    let signature = |sort, ty: &FuncType| {
        let types = signature_numbers(ty).into_iter().map(jlong::from);
        std::iter::once(sort).chain(types).collect()
    };
    match ty {
        ExternType::Func(ty) => signature(1, ty),
        ExternType::Memory(ty) => {
            let [bounded, max] = bound(ty.max);
            vec![
                2,
                ty.min as jlong,
                bounded,
                max,
                ty.is_64.into(),
                ty.page_bytes as jlong,
            ]
        }
        ExternType::Table(ty) => {
            let [bounded, max] = bound(ty.max);
            let (element, is_64) = (ty.element as jlong, ty.is_64.into());
            vec![3, ty.min as jlong, bounded, max, is_64, element]
        }
        ExternType::Global(ty) => vec![4, ty.content as jlong, ty.mutable.into()],
        ExternType::Tag(ty) => signature(5, ty),
    }
}

/// A maximum as [`extern_numbers`] tells it.
pub(crate) fn maximum(bounded: jboolean, max: jlong) -> Option<u64> {
    bounded.then_some(max as u64)
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
    env: Env,
    types: &[Type],
    bits: jlongArray,
    objects: jobjectArray,
) -> Result<Vec<Value>> {
    let mut room = vec![0; 2 * types.len()];
    env.read_longs(bits, &mut room)?;
    let pairs = room.chunks_exact(2).zip(types).enumerate();
    pairs
        .map(|(i, (bits, ty))| lower_one(env, *ty, bits, (objects, i)))
        .collect()
}

fn lower_one(env: Env, ty: Type, bits: &[jlong], place: (jobjectArray, usize)) -> Result<Value> {
    Ok(match ty.top() {
        Type::I32 => Value::I32(bits[0] as i32),
        Type::I64 => Value::I64(bits[0]),
        Type::F32 => Value::F32(f32::from_bits(bits[0] as u32)),
        Type::F64 => Value::F64(f64::from_bits(bits[0] as u64)),
        Type::V128 => Value::V128(joined(bits)),
        Type::FuncRef => Value::FuncRef(lower_handle::<Func>(bits[0], "func")?),
        Type::ExnRef => Value::ExnRef(lower_handle::<Exception>(bits[0], "exception")?),
        Type::ExternRef => Value::ExternRef(lower_any(env, bits, place)?.map(ExternRef::from_any)),
        _ => Value::AnyRef(lower_any(env, bits, place)?),
    })
}

/// What a handle leads to; zero is null.
fn lower_handle<T: Clone + Send + Sync + 'static>(
    bits: jlong,
    kind: &'static str,
) -> Result<Option<T>> {
    match bits as Handle {
        0 => Ok(None),
        handle => Ok(Some((*handle::get::<T>(handle, kind)?).clone())),
    }
}

fn lower_any(env: Env, bits: &[jlong], place: (jobjectArray, usize)) -> Result<Option<AnyRef>> {
    match bits[1] {
        SMALL => Ok(Some(AnyRef::I31(bits[0] as i32))),
        HEAP => Ok(lower_handle::<GcRef>(bits[0], "object")?.map(AnyRef::Object)),
        OBJECT => Ok(lower_object(env, place)?.map(AnyRef::Host)),
        _ => Ok(None),
    }
}

fn lower_object(env: Env, (objects, index): (jobjectArray, usize)) -> Result<Option<ExternRef>> {
    let object = env.element(objects, index)?;
    if object.is_null() {
        return Ok(None);
    }
    let global = Global::new(env, object);
    env.forget(object);
    Ok(Some(ExternRef::new(global?)))
}

/// Core to Java.
pub(crate) fn lift(
    env: Env,
    values: &[Value],
    bits: jlongArray,
    objects: jobjectArray,
) -> Result<()> {
    let mut room = Vec::with_capacity(2 * values.len());
    for (i, value) in values.iter().enumerate() {
        room.extend(lift_one(env, value, (objects, i))?);
    }
    env.write_longs(bits, &room)
}

fn lift_one(env: Env, value: &Value, place: (jobjectArray, usize)) -> Result<[jlong; 2]> {
    Ok(match value {
        Value::I32(v) => [(*v).into(), 0],
        Value::I64(v) => [*v, 0],
        Value::F32(v) => [v.to_bits().into(), 0],
        Value::F64(v) => [v.to_bits() as jlong, 0],
        Value::V128(v) => halves(*v),
        Value::FuncRef(Some(func)) => [insert("func", func.clone())?, 0],
        Value::ExnRef(Some(exception)) => [insert("exception", exception.clone())?, 0],
        Value::ExternRef(Some(object)) => match object.any() {
            Some(any) => lift_any(env, any, place)?,
            None => lift_object(env, object, place)?,
        },
        Value::AnyRef(Some(any)) => lift_any(env, any, place)?,
        Value::FuncRef(None) | Value::ExnRef(None) => [0, 0],
        Value::ExternRef(None) | Value::AnyRef(None) => [0, NULL],
    })
}

fn lift_any(env: Env, any: &AnyRef, place: (jobjectArray, usize)) -> Result<[jlong; 2]> {
    match any {
        AnyRef::I31(v) => Ok([(*v).into(), SMALL]),
        AnyRef::Object(object) => Ok([insert("object", object.clone())?, HEAP]),
        AnyRef::Host(object) => lift_object(env, object, place),
    }
}

fn lift_object(
    env: Env,
    object: &ExternRef,
    (objects, index): (jobjectArray, usize),
) -> Result<[jlong; 2]> {
    let foreign = || Error::new(ErrorKind::Unsupported, "the object is not one of the JVM's");
    let global = object.get::<Global>().ok_or_else(foreign)?;
    env.set_element(objects, index, global.raw())?;
    Ok([0, OBJECT])
}

/// Keeps an object of the core and gives Java its handle.
pub(crate) fn insert<T: Send + Sync + 'static>(kind: &'static str, object: T) -> Result<jlong> {
    Ok(handle::insert(kind, Arc::new(object))? as jlong)
}
