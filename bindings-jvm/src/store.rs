//! Store: made, measured, cancelled, collected and closed.

use std::sync::Arc;

use jni::sys::{jbyteArray, jclass, jlong, jlongArray, jstring};
use landbridge::{Result, Store, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::value::insert;
use crate::{engine, limits, sandbox};

pub(crate) fn get(store: jlong) -> Result<Arc<Store>> {
    handle::get(store as u64, "store")
}

pub(crate) extern "system" fn new(env: Env, _: jclass, engine: jlong, sandbox: jlong) -> jlong {
    guard(env, || {
        let (engine, sandbox) = (engine::get(engine)?, sandbox::get(sandbox)?);
        insert("store", Store::with(&engine, &sandbox)?)
    })
}

pub(crate) extern "system" fn usage(env: Env, _: jclass, store: jlong) -> jlongArray {
    guard(env, || limits::usage(env, &get(store)?.usage()?))
}

pub(crate) extern "system" fn set_fuel(env: Env, _: jclass, store: jlong, fuel: jlong) {
    guard(env, || get(store)?.set_fuel(fuel as u64))
}

pub(crate) extern "system" fn cancel(env: Env, _: jclass, store: jlong) {
    guard(env, || {
        get(store)?.cancel();
        Ok(())
    })
}

pub(crate) extern "system" fn stdout(env: Env, _: jclass, store: jlong) -> jbyteArray {
    guard(env, || env.bytes(&get(store)?.stdout()))
}

pub(crate) extern "system" fn stderr(env: Env, _: jclass, store: jlong) -> jbyteArray {
    guard(env, || env.bytes(&get(store)?.stderr()))
}

pub(crate) extern "system" fn stdout_text(env: Env, _: jclass, store: jlong) -> jstring {
    guard(env, || env.string(&get(store)?.stdout_text()))
}

pub(crate) extern "system" fn stderr_text(env: Env, _: jclass, store: jlong) -> jstring {
    guard(env, || env.string(&get(store)?.stderr_text()))
}

pub(crate) extern "system" fn refusals(env: Env, _: jclass, store: jlong) -> jbyteArray {
    guard(env, || env.bytes(&get(store)?.refusals()))
}

pub(crate) extern "system" fn output(env: Env, _: jclass, store: jlong) -> jstring {
    guard(env, || env.string(&get(store)?.output()))
}

pub(crate) extern "system" fn gc(env: Env, _: jclass, store: jlong) {
    guard(env, || get(store)?.gc())
}

pub(crate) extern "system" fn close(env: Env, _: jclass, store: jlong) {
    guard(env, || {
        get(store)?.close();
        Ok(())
    })
}
