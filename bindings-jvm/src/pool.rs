//! Pool: made, asked for instances, counted and closed. What it lends is an instance like others.

use std::sync::Arc;
use std::time::Duration;

use jni::sys::{jclass, jlong, jlongArray, jobject, jobjectArray};
use landbridge::{Pool, PoolOptions, Reset, Result, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::value::insert;
use crate::{imports, module, sandbox};

fn find(pool: jlong) -> Result<Arc<Pool>> {
    handle::get(pool as u64, "pool")
}

/// What is lent is as in [`imports::instantiate`]; all instances have one lender.
pub(crate) extern "system" fn new(
    env: Env,
    _: jclass,
    module: jlong,
    sandbox: jlong,
    lender: jobject,
    names: jobjectArray,
    items: jlongArray,
    bits: jlongArray,
    objects: jobjectArray,
    numbers: jlongArray,
) -> jlong {
    guard(env, || {
        let module = module::get(module)?;
        let imports = imports::imports(env, lender, (names, items), (bits, objects))?;
        let (sandbox, options) = (sandbox::get(sandbox)?, options(env, numbers)?);
        insert("pool", Pool::new(&module, &imports, &sandbox, options)?)
    })
}

/// The most instances, the nanoseconds to wait, and the number of the reset.
fn options(env: Env, numbers: jlongArray) -> Result<PoolOptions> {
    let mut given = [0; 3];
    env.read_longs(numbers, &mut given)?;
    let [max, wait, reset] = given;
    Ok(PoolOptions {
        max: max as usize,
        wait: Duration::from_nanos(wait as u64),
        reset: match reset {
            0 => Reset::Fresh,
            _ => Reset::Reuse,
        },
    })
}

pub(crate) extern "system" fn get(env: Env, _: jclass, pool: jlong) -> jlong {
    guard(env, || insert("instance", find(pool)?.get()?))
}

/// One number for each component of the record, in its order.
pub(crate) extern "system" fn counts(env: Env, _: jclass, pool: jlong) -> jlongArray {
    guard(env, || {
        let counts = find(pool)?.counts();
        let now = [counts.ready, counts.taken, counts.waiting].map(|it| it as jlong);
        let ever = [counts.made, counts.served].map(|it| it as jlong);
        env.longs(&[now.as_slice(), &ever].concat())
    })
}

pub(crate) extern "system" fn close(env: Env, _: jclass, pool: jlong) {
    guard(env, || {
        find(pool)?.close();
        Ok(())
    })
}
