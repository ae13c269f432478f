//! Sandbox: what a store is made with. Java holds one only while it makes the store.

use std::sync::Arc;

use jni::sys::{jclass, jlong, jlongArray, jobject, jobjectArray};
use landbridge::{Result, Sandbox, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::value::insert;
use crate::{limits, policy, stdio};

/// Zero is the default.
pub(crate) fn get(sandbox: jlong) -> Result<Arc<Sandbox>> {
    match sandbox {
        0 => Ok(Arc::default()),
        sandbox => handle::get(sandbox as u64, "sandbox"),
    }
}

pub(crate) extern "system" fn new(
    env: Env,
    _: jclass,
    policy: jlong,
    limits: jlongArray,
    lender: jobject,
    streams: jlongArray,
    objects: jobjectArray,
) -> jlong {
    guard(env, || {
        let sandbox = Sandbox {
            policy: (*policy::get(policy)?).clone(),
            limits: limits::read(env, limits)?,
            stdio: stdio::read(env, lender, streams, objects)?,
        };
        insert("sandbox", sandbox)
    })
}
