//! Global: one value that Java and guests share. It comes and goes in arrays of one element.

use std::sync::Arc;

use jni::sys::{jboolean, jclass, jint, jlong, jlongArray, jobjectArray};
use landbridge::{ExternType, Global, GlobalType, Result, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::store;
use crate::value::{extern_numbers, insert, lift, lower, type_of};

fn of(global: jlong) -> Result<Arc<Global>> {
    handle::get(global as u64, "global")
}

pub(crate) extern "system" fn new(
    env: Env,
    _: jclass,
    store: jlong,
    content: jint,
    mutable: jboolean,
    bits: jlongArray,
    objects: jobjectArray,
) -> jlong {
    guard(env, || {
        let content = type_of(content)?;
        let value = lower(env, &[content], bits, objects)?.remove(0);
        let ty = GlobalType { content, mutable };
        insert("global", Global::new(&*store::get(store)?, &ty, &value)?)
    })
}

pub(crate) extern "system" fn ty(env: Env, _: jclass, global: jlong) -> jlongArray {
    guard(env, || {
        env.longs(&extern_numbers(&ExternType::Global(of(global)?.ty()?)))
    })
}

pub(crate) extern "system" fn get(
    env: Env,
    _: jclass,
    global: jlong,
    bits: jlongArray,
    objects: jobjectArray,
) {
    guard(env, || lift(env, &[of(global)?.get()?], bits, objects))
}

pub(crate) extern "system" fn set(
    env: Env,
    _: jclass,
    global: jlong,
    content: jint,
    bits: jlongArray,
    objects: jobjectArray,
) {
    guard(env, || {
        let value = lower(env, &[type_of(content)?], bits, objects)?.remove(0);
        of(global)?.set(&value)
    })
}
