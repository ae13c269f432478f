//! Throwables on their way through guests. Which frames they have, core knows: see [`Trail`].

use jni::sys::{jlong, jobject};
use landbridge::{Error, Exception, Result, Trail};

use crate::classes::classes;
use crate::env::Env;
use crate::kind::find;
use crate::method::{Arguments, Method};
use crate::pending::Thrown;
use crate::refs::Global;
use crate::types::Throwable;

/// Calls a dispatcher of what Java lends, for a guest.
#[inline]
pub(crate) fn call_host<A: Arguments>(
    env: Env,
    method: &Method<A, jlong>,
    args: A,
) -> Result<jlong> {
    let given = method.call(env, classes().native.raw(), args);
    match env.is_throwing() {
        false => Ok(given),
        true => Err(pending(env)),
    }
}

#[cold]
fn pending(env: Env) -> Error {
    env.take()
        .map_or_else(|error| error, |object| thrown(env, object))
}

/// The error for what a host function has thrown.
pub(crate) fn thrown(env: Env, object: Global) -> Error {
    let said = said(env, object.raw());
    let trail = trail(env, object.raw());
    let error = Thrown { object }.into_error();
    let error = match (said, error.host_exception()) {
        (Some(said), Some(thrown)) => said.with_host(thrown.clone()),
        _ => error,
    };
    error.with_trail(trail)
}

/// What is kept with a Throwable; an empty one if it cannot be asked, for what that throws must not be asked either.
fn trail(env: Env, object: jobject) -> Trail {
    let classes = classes();
    let native = classes.native.raw();
    let kept = classes.trail.call(env, native, (Throwable(object),));
    if env.clear() || kept.0.is_null() {
        return Trail::default();
    }
    let numbers = env.here(kept).all().unwrap_or_default();
    env.forget(kept.0);
    let numbers: Vec<_> = numbers.into_iter().map(|it| it as u64).collect();
    Trail::from_numbers(&numbers)
}

/// What a Throwable says to guests, if it is one of those that do: an exception of WebAssembly, or an
/// exit.
fn said(env: Env, object: jobject) -> Option<Error> {
    let classes = classes();
    if env.is_instance(object, classes.exit.raw()) {
        return Some(Error::exit(env.int_field(object, classes.exit_code)));
    }
    if !env.is_instance(object, classes.tagged.raw()) {
        return None;
    }
    // None for one that came from another process.
    let exception = find::<Exception>(env.long_field(object, classes.tagged_handle)).ok()?;
    Some(Error::from((*exception).clone()))
}
