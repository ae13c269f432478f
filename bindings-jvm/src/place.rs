//! Place: where an asynchronous call stands among all calls of its store. Such calls run on Java's threads.

use std::mem;
use std::sync::Arc;

use jni::sys::{jclass, jint, jlong};
use landbridge::host::Place;
use landbridge::{Func, Pool, Result, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::instance;
use crate::value::insert;

const KIND: &str = "place";

fn get(place: jlong) -> Result<Arc<Place>> {
    handle::get(place as u64, KIND)
}

/// Zero if there is no such thing any more: then the call itself says so.
fn booked(place: Result<Place>) -> Result<jlong> {
    place.map_or(Ok(0), |place| insert(KIND, place))
}

pub(crate) extern "system" fn of_func(env: Env, _: jclass, func: jlong, threads: jint) -> jlong {
    guard(env, || {
        let func = handle::get::<Func>(func as u64, "func");
        booked(func.map(|func| func.store().book(threads as usize)))
    })
}

pub(crate) extern "system" fn of_instance(
    env: Env,
    _: jclass,
    instance: jlong,
    threads: jint,
) -> jlong {
    guard(env, || {
        let instance = instance::get(instance);
        booked(instance.map(|it| it.store().book(threads as usize)))
    })
}

pub(crate) extern "system" fn of_pool(env: Env, _: jclass, pool: jlong, threads: jint) -> jlong {
    guard(env, || {
        let pool = handle::get::<Pool>(pool as u64, "pool");
        booked(pool.map(|pool| pool.module().engine().book(threads as usize)))
    })
}

pub(crate) extern "system" fn begin(env: Env, _: jclass, place: jlong) {
    guard(env, || {
        mem::forget(get(place)?.begin()?);
        Ok(())
    })
}

pub(crate) extern "system" fn end(env: Env, _: jclass, place: jlong) {
    guard(env, || {
        // SAFETY: Java calls this once, on the thread on which `begin` has returned.
        unsafe { get(place)?.end() };
        Ok(())
    })
}

pub(crate) extern "system" fn rest(env: Env, _: jclass, place: jlong) {
    guard(env, || {
        get(place)?.rest();
        handle::release::<Place>(place as u64, KIND)
    })
}

pub(crate) extern "system" fn give_up(env: Env, _: jclass, place: jlong) {
    guard(env, || {
        get(place)?.give_up();
        handle::release::<Place>(place as u64, KIND)
    })
}
