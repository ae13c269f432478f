//! Throwables on their way through guests. What tells which frames they have, core knows: see [`Trail`].

use std::sync::Arc;

use jni::sys::jobject;
use landbridge::{Error, Result, Trail};

use crate::env::{Env, Global};
use crate::exception;
use crate::load::classes;

/// A Throwable on its way through a guest.
pub(crate) struct Thrown {
    pub(crate) object: Global,
    /// The frames it has.
    pub(crate) known: usize,
}

/// The error for what a host function has thrown.
pub(crate) fn thrown(env: Env, object: Global) -> Error {
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
    // Null also if that fails: what it throws must not be asked for its own.
    let kept = env.ask_of(classes().trail, object);
    if kept.is_null() {
        return Ok(Trail::default());
    }
    let mut numbers = vec![0; env.length(kept)];
    env.read_longs(kept, &mut numbers)?;
    env.forget(kept);
    let numbers: Vec<_> = numbers.into_iter().map(|it| it as u64).collect();
    Ok(Trail::from_numbers(&numbers))
}

/// What a Throwable says to guests, if it is one of those that do: an exception of WebAssembly, or an
/// exit.
fn said(env: Env, object: jobject) -> Option<Error> {
    let classes = classes();
    if env.is_instance(object, classes.exit.raw()) {
        return Some(Error::exit(env.int_field(object, classes.exit_code)));
    }
    exception::of(env, object).map(Error::from)
}
