//! GcRef: structs and arrays of the guest's heap. Values come and go in arrays of one element.

use std::slice;
use std::sync::Arc;

use jni::sys::{jboolean, jclass, jint, jlong, jlongArray, jobjectArray, jstring};
use landbridge::{FieldType, GcRef, GcType, Result, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::value::{lift, lower, type_of};

fn of(object: jlong) -> Result<Arc<GcRef>> {
    handle::get(object as u64, "object")
}

/// Whether it is a struct, then for each field, or for the elements, its storage's name, and the
/// number of its type with whether it can be written.
pub(crate) extern "system" fn ty(env: Env, _: jclass, object: jlong) -> jobjectArray {
    guard(env, || {
        let object = of(object)?;
        let (is_struct, fields) = match object.ty() {
            GcType::Struct(fields) => (true, &fields[..]),
            GcType::Array(element) => (false, slice::from_ref(element)),
        };
        let array = env.objects(1 + 2 * fields.len())?;
        env.put(array, 0, env.longs(&[is_struct.into()])?)?;
        for (i, field) in fields.iter().enumerate() {
            put_field(env, array, 1 + 2 * i, field)?;
        }
        Ok(array)
    })
}

fn put_field(env: Env, array: jobjectArray, at: usize, field: &FieldType) -> Result<()> {
    env.put(array, at, env.string(field.storage.name())?)?;
    let numbers = [field.storage.ty() as jlong, field.mutable.into()];
    env.put(array, at + 1, env.longs(&numbers)?)
}

pub(crate) extern "system" fn length(env: Env, _: jclass, object: jlong) -> jint {
    guard(env, || Ok(of(object)?.len()? as jint))
}

/// Gives the number of the value's type.
pub(crate) extern "system" fn get(
    env: Env,
    _: jclass,
    object: jlong,
    index: jint,
    bits: jlongArray,
    objects: jobjectArray,
) -> jint {
    guard(env, || {
        let value = of(object)?.get(index as u32)?;
        let ty = value.ty() as jint;
        lift(env, &[value], bits, objects)?;
        Ok(ty)
    })
}

pub(crate) extern "system" fn set(
    env: Env,
    _: jclass,
    object: jlong,
    index: jint,
    ty: jint,
    bits: jlongArray,
    objects: jobjectArray,
) {
    guard(env, || {
        let value = lower(env, &[type_of(ty)?], bits, objects)?.remove(0);
        of(object)?.set(index as u32, &value)
    })
}

/// `field 1 of a struct`, for messages.
pub(crate) extern "system" fn place(env: Env, _: jclass, object: jlong, index: jint) -> jstring {
    guard(env, || env.string(&of(object)?.place(index as u32)))
}

pub(crate) extern "system" fn same(env: Env, _: jclass, a: jlong, b: jlong) -> jboolean {
    guard(env, || Ok(of(a)?.same(&*of(b)?)))
}
