//! Exception: what a TaggedException of Java stands for.

use std::sync::Arc;

use jni::sys::{jboolean, jclass, jlong, jlongArray, jobject, jobjectArray, jstring};
use landbridge::{Error, Exception, Result, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::load::classes;
use crate::tag;
use crate::value::{insert, lift, lower};

fn get(exception: jlong) -> Result<Arc<Exception>> {
    handle::get(exception as u64, "exception")
}

/// The exception that an object of the JVM stands for: none if it is no TaggedException, or one that
/// came from another process.
pub(crate) fn of(env: Env, object: jobject) -> Option<Exception> {
    let classes = classes();
    if !env.is_instance(object, classes.tagged.raw()) {
        return None;
    }
    let exception = get(env.long_field(object, classes.tagged_handle)).ok()?;
    Some((*exception).clone())
}

pub(crate) extern "system" fn new(
    env: Env,
    _: jclass,
    tag: jlong,
    bits: jlongArray,
    objects: jobjectArray,
) -> jlong {
    guard(env, || {
        let tag = tag::get(tag)?;
        let payload = lower(env, tag.ty().params(), bits, objects)?;
        insert("exception", Exception::new(&tag, &payload)?)
    })
}

/// What the error says that throws it.
pub(crate) extern "system" fn message(env: Env, _: jclass, exception: jlong) -> jstring {
    guard(env, || {
        let error = Error::from((*get(exception)?).clone());
        env.string(error.message())
    })
}

pub(crate) extern "system" fn tag(env: Env, _: jclass, exception: jlong) -> jlong {
    guard(env, || insert("tag", get(exception)?.tag().clone()))
}

/// Fills the arrays, which have room for what the tag says.
pub(crate) extern "system" fn payload(
    env: Env,
    _: jclass,
    exception: jlong,
    bits: jlongArray,
    objects: jobjectArray,
) {
    guard(env, || {
        lift(env, &get(exception)?.payload()?, bits, objects)
    })
}

pub(crate) extern "system" fn same(env: Env, _: jclass, a: jlong, b: jlong) -> jboolean {
    guard(env, || Ok(get(a)?.same(&*get(b)?)))
}
