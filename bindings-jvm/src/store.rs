//! Store: made, collected and closed.

use std::sync::Arc;

use jni::sys::{jclass, jlong};
use landbridge::{Result, Store, handle};

use crate::engine;
use crate::env::Env;
use crate::guard::guard;
use crate::value::insert;

pub(crate) fn get(store: jlong) -> Result<Arc<Store>> {
    handle::get(store as u64, "store")
}

pub(crate) extern "system" fn new(env: Env, _: jclass, engine: jlong) -> jlong {
    guard(env, || insert("store", Store::new(&*engine::get(engine)?)?))
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
