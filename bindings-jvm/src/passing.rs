//! Throwables on their way through guests. What tells which frames they have, core knows: see [`Trail`].

use std::sync::Arc;

use jni::sys::{jlong, jobject};
use landbridge::{Error, Exception, Result, Trail};

use crate::classes::classes;
use crate::env::Env;
use crate::kind::find;
use crate::method::{Arguments, Method};
use crate::pending::Thrown;
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
        true => Err(thrown(env)),
    }
}

/// The error for what a host function has thrown.
#[cold]
fn thrown(env: Env) -> Error {
    let object = match env.take() {
        Ok(object) => object,
        Err(error) => return error,
    };
    let said = said(env, object.raw());
    let trail = trail(env, object.raw()).unwrap_or_default();
    let known = trail.known_frames();
    let thrown = Arc::new(Thrown { object, known });
    let error = match said {
        Some(error) => error.with_host(thrown),
        None => Error::host("a host function threw", thrown),
    };
    error.with_trail(trail)
}

fn trail(env: Env, object: jobject) -> Result<Trail> {
    let classes = classes();
    let kept = (Throwable(object),);
    let kept = env.here(classes.trail.call(env, classes.native.raw(), kept));
    // None also if that fails: what it throws must not be asked for its own.
    if env.clear() || kept.it.0.is_null() {
        return Ok(Trail::default());
    }
    let numbers: Vec<_> = kept.all()?.into_iter().map(|it| it as u64).collect();
    env.forget(kept.it.0);
    Ok(Trail::from_numbers(&numbers))
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
