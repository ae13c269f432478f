//! What an error looks like in Java: the host's own Throwable, or a WasmException.

use jni::sys::{jint, jlong, jobject};
use landbridge::frame::ToFrame;
use landbridge::{Error, Result, frame};

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

/// The host's own one, with the frames that core says.
fn passed_on(env: Env, thrown: &Thrown, error: &Error) -> Result<jobject> {
    let object = thrown.object.local(env);
    if error.has_other_frames() {
        let classes = classes();
        let mut told = frame::Writer::new();
        error.frames().put(&mut told);
        error.trail().to_numbers().put(&mut told);
        let told = env.bytes(&told.finish()?)?;
        let args = (Throwable(object), error.kept_frames() as jint, told);
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
    if let Some(row) = error.row() {
        classes.set_row.call(env, native, (made, row as jlong));
        env.check()?;
    }
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
