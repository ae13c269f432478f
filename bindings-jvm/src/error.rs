//! What an error looks like in Java: the host's own Throwable, or a WasmException.

use std::path::Path;

use jni::sys::{
    jboolean, jclass, jint, jintArray, jlong, jlongArray, jobject, jobjectArray, jstring, jvalue,
};
use landbridge::{Error, Result, Type, text};

use crate::env::Env;
use crate::guard::guard;
use crate::load::classes;
use crate::passing::Thrown;
use crate::value::{insert, type_of};

/// Makes the error the pending exception.
pub(crate) fn throw(env: Env, error: &Error) {
    let thrown = throwable(env, error).or_else(|second| match thrown_by(&second) {
        // Java failed to make the exception, most likely for want of memory: that is the news.
        Some(thrown) => Ok(thrown.object.local(env)),
        None => Err(second),
    });
    if let Ok(thrown) = thrown {
        env.throw(thrown);
    }
}

/// The Throwable inside of an error.
fn thrown_by(error: &Error) -> Option<&Thrown> {
    error.host_exception()?.downcast_ref()
}

fn throwable(env: Env, error: &Error) -> Result<jobject> {
    let classes = classes();
    let (names, numbers) = frames(env, error)?;
    let [names, numbers] = [jvalue { l: names }, jvalue { l: numbers }];
    let Some(thrown) = thrown_by(error) else {
        let output = jvalue {
            l: match error.output() {
                "" => std::ptr::null_mut(),
                output => env.string(output)?,
            },
        };
        let message = jvalue {
            l: env.string(error.message())?,
        };
        if let Some(exception) = error.exception() {
            let exception = jvalue {
                j: insert("exception", exception.clone())?,
            };
            let args = [exception, message, names, numbers, output];
            return env.call_static_object(classes.native.raw(), classes.make_tagged, &args);
        }
        let kind = jvalue {
            i: error.kind().number() as jint,
        };
        let code = jvalue { i: code(error) };
        let os_code = jvalue {
            i: error.os_code().unwrap_or(0),
        };
        let path = error.path().map(Path::to_string_lossy);
        let path = jvalue {
            l: env.string_or_null(path.as_deref())?,
        };
        let args = [kind, code, message, names, numbers, output, os_code, path];
        return env.call_static_object(classes.native.raw(), classes.make_error, &args);
    };
    if error.frames().is_empty() && error.kept_frames() == thrown.known {
        return Ok(thrown.object.local(env));
    }
    let object = jvalue {
        l: thrown.object.raw(),
    };
    let kept = jvalue {
        i: error.kept_frames() as jint,
    };
    let args = [object, kept, names, numbers];
    env.call_static_object(classes.native.raw(), classes.add_frames, &args)
}

/// The exit code or the number of the trap's code; zero for none.
fn code(error: &Error) -> jint {
    let trap = || error.trap_code().map_or(0, |code| code.number() as jint);
    error.exit_code().unwrap_or_else(trap)
}

/// Two names and two numbers for each frame: module and function, index and offset or -1. The numbers of the trail
/// follow.
fn frames(env: Env, error: &Error) -> Result<(jobjectArray, jlongArray)> {
    let frames = error.frames();
    let names = env.objects(2 * frames.len())?;
    let mut numbers = Vec::with_capacity(2 * frames.len());
    for (i, frame) in frames.iter().enumerate() {
        for (j, name) in [&frame.module, &frame.func_name].into_iter().enumerate() {
            if let Some(name) = name {
                env.put(names, 2 * i + j, env.string(name)?)?;
            }
        }
        numbers.push(frame.func_index.into());
        numbers.push(frame.module_offset.map_or(-1, |offset| offset as jlong));
    }
    let trail = error.trail().to_numbers();
    numbers.extend(trail.into_iter().map(|it| it as jlong));
    Ok((names, env.longs(&numbers)?))
}

/// Throws: a wrong number of values where `expected` are the types.
pub(crate) extern "system" fn count(
    env: Env,
    _: jclass,
    what: jstring,
    expected: jintArray,
    given: jint,
    with_text: jboolean,
) {
    guard(env, || {
        let expected = env.read_ints(expected)?.into_iter().map(type_of);
        let expected = expected.collect::<Result<Vec<_>>>()?;
        let error = Error::count(&env.text(what)?, &expected, given as usize);
        Err(match with_text {
            true => error.with_text_given(),
            false => error,
        })
    })
}

/// Throws: a value of the wrong type.
pub(crate) extern "system" fn wrong_type(
    env: Env,
    _: jclass,
    what: jstring,
    expected: jint,
    given: jstring,
) {
    fail_with(env, what, expected, given, Error::wrong_type)
}

/// Throws: an integer that does not fit.
pub(crate) extern "system" fn range(
    env: Env,
    _: jclass,
    what: jstring,
    expected: jint,
    given: jstring,
) {
    fail_with(env, what, expected, given, Error::range)
}

fn fail_with(
    env: Env,
    what: jstring,
    expected: jint,
    given: jstring,
    error: fn(&str, Type, &str) -> Error,
) {
    guard(env, || {
        let (what, given) = (env.text(what)?, env.text(given)?);
        Err(error(&what, type_of(expected)?, &given))
    })
}

/// Throws if a text is not Unicode.
pub(crate) extern "system" fn check_text(env: Env, _: jclass, what: jstring, text: jstring) {
    guard(env, || {
        let what = env.text(what)?;
        env.text_named(text, || what).map(drop)
    })
}

/// A name as it is in messages.
pub(crate) extern "system" fn told(env: Env, _: jclass, name: jstring) -> jstring {
    guard(env, || env.string(&text::name(&env.text(name)?)))
}
