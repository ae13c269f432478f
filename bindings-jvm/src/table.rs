//! Table: references by index. Values come and go in arrays of one element.

use std::sync::Arc;

use jni::sys::{jboolean, jclass, jint, jlong, jlongArray, jobjectArray};
use landbridge::{ExternType, Result, Table, TableType, Value, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::store;
use crate::value::{extern_numbers, insert, lift, lower, maximum, type_of};

fn of(table: jlong) -> Result<Arc<Table>> {
    handle::get(table as u64, "table")
}

fn value(env: Env, ty: jint, bits: jlongArray, objects: jobjectArray) -> Result<Value> {
    Ok(lower(env, &[type_of(ty)?], bits, objects)?.remove(0))
}

pub(crate) extern "system" fn new(
    env: Env,
    _: jclass,
    store: jlong,
    element: jint,
    min: jlong,
    bounded: jboolean,
    max: jlong,
    is_64: jboolean,
    bits: jlongArray,
    objects: jobjectArray,
) -> jlong {
    guard(env, || {
        let init = value(env, element, bits, objects)?;
        let ty = TableType {
            element: type_of(element)?,
            min: min as u64,
            max: maximum(bounded, max),
            is_64,
        };
        insert("table", Table::new(&*store::get(store)?, &ty, &init)?)
    })
}

pub(crate) extern "system" fn ty(env: Env, _: jclass, table: jlong) -> jlongArray {
    guard(env, || {
        env.longs(&extern_numbers(&ExternType::Table(of(table)?.ty()?)))
    })
}

pub(crate) extern "system" fn size(env: Env, _: jclass, table: jlong) -> jlong {
    guard(env, || Ok(of(table)?.size()? as jlong))
}

pub(crate) extern "system" fn get(
    env: Env,
    _: jclass,
    table: jlong,
    index: jlong,
    bits: jlongArray,
    objects: jobjectArray,
) {
    guard(env, || {
        lift(env, &[of(table)?.get(index as u64)?], bits, objects)
    })
}

pub(crate) extern "system" fn set(
    env: Env,
    _: jclass,
    table: jlong,
    index: jlong,
    element: jint,
    bits: jlongArray,
    objects: jobjectArray,
) {
    guard(env, || {
        of(table)?.set(index as u64, &value(env, element, bits, objects)?)
    })
}

pub(crate) extern "system" fn grow(
    env: Env,
    _: jclass,
    table: jlong,
    delta: jlong,
    element: jint,
    bits: jlongArray,
    objects: jobjectArray,
) -> jlong {
    guard(env, || {
        let init = value(env, element, bits, objects)?;
        Ok(of(table)?.grow(delta as u64, &init)? as jlong)
    })
}
