//! What an error looks like in Java: the host's own Throwable, or a WasmException.

use jni::sys::{jint, jobject};
use landbridge::frame::{self, ToFrame, Writer};
use landbridge::{Error, Result};

use crate::classes::classes;
use crate::env::Env;
use crate::kind::insert;
use crate::pending::Thrown;
use crate::types::{Here, Ints, Text, Throwable};
use crate::value::type_of;

/// Makes the error the pending exception.
pub(crate) fn throw(env: Env, error: &Error) {
    let thrown = throwable(env, error).or_else(|second| match Thrown::of(&second) {
        // Java failed to make the exception, most likely for want of memory: that is the news.
        Some(thrown) => Ok(thrown.object.local(env)),
        None => Err(second),
    });
    if let Ok(thrown) = thrown {
        env.throw(thrown);
    }
}

fn throwable(env: Env, error: &Error) -> Result<jobject> {
    match Thrown::of(error) {
        Some(thrown) => passed_on(env, thrown, error),
        None => made(env, error),
    }
}

/// The host's own one, with the frames that are new to it and the trail.
fn passed_on(env: Env, thrown: &Thrown, error: &Error) -> Result<jobject> {
    let object = thrown.object.local(env);
    if !error.frames().is_empty() || error.kept_frames() != thrown.known {
        let mut frame = Writer::new();
        error.frames().put(&mut frame);
        error.trail().to_numbers().put(&mut frame);
        let frames = env.bytes(&frame.finish()?)?;
        let (classes, kept) = (classes(), error.kept_frames() as jint);
        let args = (Throwable(object), kept, frames);
        classes.add_frames.call(env, classes.native.raw(), args);
        env.check()?;
    }
    Ok(object)
}

fn made(env: Env, error: &Error) -> Result<jobject> {
    let classes = classes();
    let exception = error.exception().cloned().map_or(Ok(0), insert)?;
    let told = env.bytes(&frame::write(error)?)?;
    let native = classes.native.raw();
    let made = classes.make_error.call(env, native, (exception, told));
    env.check()?;
    Ok(made.0)
}

/// Throws: a wrong number of values where `expected` are the types.
pub(crate) fn count(
    what: String,
    expected: Here<Ints>,
    given: jint,
    with_text: bool,
) -> Result<()> {
    let expected = expected.read()?.into_iter().map(type_of);
    let expected = expected.collect::<Result<Vec<_>>>()?;
    let error = Error::count(&what, &expected, given as usize);
    Err(match with_text {
        true => error.with_text_given(),
        false => error,
    })
}

/// Throws: a value of the wrong type.
pub(crate) fn wrong_type(what: String, expected: jint, given: String) -> Result<()> {
    Err(Error::wrong_type(&what, type_of(expected)?, &given))
}

/// Throws: an integer that does not fit.
pub(crate) fn range(what: String, expected: jint, given: String) -> Result<()> {
    Err(Error::range(&what, type_of(expected)?, &given))
}

/// Throws if a text is not Unicode.
pub(crate) fn check_text(what: String, text: Here<Text>) -> Result<()> {
    text.env.text_named(text.it.0, &what).map(drop)
}
