//! Errors: a core error becomes an instance of the class of its kind; what JavaScript threw travels
//! inside of a core error and comes out as the very same value.

use std::ptr;
use std::sync::Arc;

use landbridge::{Error, ErrorKind, Frame, Result, Slot, Trail, TrapCode, Type, given, text};
use napi_sys as sys;

use crate::env::{Env, Js, Reference, get, run};
use crate::guard::{Call, Native};
use crate::handle::{Held, held};
use crate::host::stopping;
use crate::value::{lower_slot, refusal};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("exitNew", exit_new),
    ("told", told),
    ("meant", meant),
    ("isProvided", is_provided),
    ("checkText", check_text),
];

/// What JavaScript threw, any value.
pub(crate) struct Thrown {
    /// A reference needs an object, so an array is put around it.
    value: Reference,
    /// The frames it has.
    known: usize,
}

impl Thrown {
    pub(crate) fn new(env: Env, value: Js, known: usize) -> Result<Thrown> {
        let value = env.reference(env.array([Ok(value)])?, false)?;
        Ok(Thrown { value, known })
    }
}

/// Takes the exception that is pending and puts it into an error.
#[cold]
pub(crate) fn thrown(env: Env) -> Error {
    match pending(env) {
        Ok(Some(error)) => error,
        // No exception, but JavaScript cannot run: the thread is being stopped.
        _ => stopping(),
    }
}

fn pending(env: Env) -> Result<Option<Error>> {
    take(env).map(|value| from_js(env, value)).transpose()
}

/// The exception that is pending, which it is no more.
fn take(env: Env) -> Option<Js> {
    let (mut is, mut value) = (false, ptr::null_mut());
    // SAFETY: the environment is alive and on its thread; the pointers are to locals. Both
    // functions work while an exception is pending, and the second one ends that.
    let status = unsafe {
        sys::napi_is_exception_pending(env.raw(), &mut is);
        sys::napi_get_and_clear_last_exception(env.raw(), &mut value)
    };
    (is && status == sys::Status::napi_ok).then_some(value)
}

/// Puts what a host function threw into an error.
pub(crate) fn from_js(env: Env, value: Js) -> Result<Error> {
    let trail = trail(env, value)?;
    let thrown = Arc::new(Thrown::new(env, value, trail.known_frames())?);
    let error = match held(env, value) {
        Some(Held::Exception(exception, _)) => Error::from(exception.clone()).with_host(thrown),
        Some(Held::Exit(code)) => Error::exit(*code).with_host(thrown),
        _ => Error::host("a host function threw", thrown),
    };
    Ok(error.with_trail(trail))
}

/// What is kept with what was thrown; see [`to_js`].
fn trail(env: Env, value: Js) -> Result<Trail> {
    let (hook, this) = (env.addon()?.hook(env, "trailOf")?, env.undefined()?);
    let mut found = ptr::null_mut();
    // SAFETY: as in `get`. That would ask what this throws for its own trail.
    let status = unsafe { sys::napi_call_function(env.raw(), this, hook, 1, &value, &mut found) };
    if status != sys::Status::napi_ok {
        // There is too little stack left, so there was none to come from a call either.
        take(env);
        return Ok(Trail::default());
    }
    let numbers = env.items(found)?.into_iter();
    let numbers = numbers.map(|it| env.double(it).map(|it| it as u64));
    Ok(Trail::from_numbers(&numbers.collect::<Result<Vec<_>>>()?))
}

/// `exitNew(object, code)`: the object carries the code from now on, which comes back as it is signed.
fn exit_new(call: &Call) -> Result<Js> {
    let (env, given) = (call.env, call.args[1]);
    let mut slot = Slot::zero();
    lower_slot(env, given, Type::I32, &mut slot)
        .ok_or_else(|| refusal(env, given, Type::I32, "exitCode"))?;
    Held::Exit(slot.as_i32()).carried_by(env, call.args[0])?;
    env.number(slot.as_i32().into())
}

/// Throws an error into JavaScript; what is returned is to be returned to Node.js at once.
#[cold]
pub(crate) fn throw(env: Env, error: &Error) -> Js {
    if let Ok(value) = into_js(env, error) {
        // If this fails the thread is stopping, and Node.js unwinds it by itself.
        let _ = run!(env, napi_throw(value));
    }
    ptr::null_mut()
}

/// The JavaScript value of an error. With little stack left the hooks may fail; then it is what
/// they threw.
pub(crate) fn into_js(env: Env, error: &Error) -> Result<Js> {
    to_js(env, error).or_else(|second| bare(env, &second))
}

/// The JavaScript value of an error: what the host threw, or a new object of the kind's class.
fn to_js(env: Env, error: &Error) -> Result<Js> {
    let addon = env.addon()?;
    let frames = env.array(error.frames().iter().map(|frame| frame_to_js(env, frame)))?;
    let trail = error.trail().to_numbers();
    let trail = env.array(trail.into_iter().map(|it| env.number(it as f64)))?;
    if let Some((value, known)) = value(env, error)? {
        if error.frames().is_empty() && error.output().is_empty() && error.kept_frames() == known {
            return Ok(value);
        }
        let kept = env.number(error.kept_frames() as f64)?;
        let output = env.string(error.output())?;
        return env
            .call(
                addon.hook(env, "pass")?,
                &[value, kept, frames, trail, output],
            )
            .or(Ok(value));
    }
    let kind = env.string(error.kind().name())?;
    let code = match error.trap_code() {
        Some(code) => env.string(code.name())?,
        None => env.undefined()?,
    };
    let exit = match error.exit_code() {
        Some(exit) => env.number(exit.into())?,
        None => env.undefined()?,
    };
    let os_code = match error.os_code() {
        Some(code) => env.number(code.into())?,
        None => env.undefined()?,
    };
    let path = match error.path() {
        Some(path) => env.string(&path.to_string_lossy())?,
        None => env.undefined()?,
    };
    let message = env.string(error.message())?;
    let output = env.string(error.output())?;
    env.call(
        addon.hook(env, "fail")?,
        &[
            kind, message, code, frames, trail, exit, os_code, path, output,
        ],
    )
}

/// The value of an error without calling JavaScript.
fn bare(env: Env, error: &Error) -> Result<Js> {
    match value(env, error)? {
        Some((value, _)) => Ok(value),
        None => {
            let message = env.string(error.message())?;
            get!(
                env,
                napi_create_error(ptr::null_mut(), message),
                ptr::null_mut()
            )
        }
    }
}

/// What the host threw, if it did, and how many frames that has.
fn value(env: Env, error: &Error) -> Result<Option<(Js, usize)>> {
    let thrown = error
        .host_exception()
        .and_then(|host| host.downcast_ref::<Thrown>());
    let value = |thrown: &Thrown| {
        let around = thrown.value.get(env).ok_or_else(gone)?;
        Ok((env.element(around, 0)?, thrown.known))
    };
    thrown.map(value).transpose()
}

#[cold]
pub(crate) fn gone() -> Error {
    Error::new(
        ErrorKind::Internal,
        "a JavaScript object was collected while it was in use",
    )
}

fn frame_to_js(env: Env, frame: &Frame) -> Result<Js> {
    let optional = |text: &Option<String>| match text {
        Some(text) => env.string(text),
        None => env.undefined(),
    };
    let offset = match frame.module_offset {
        Some(offset) => env.number(offset as f64)?,
        None => env.undefined()?,
    };
    env.array([
        optional(&frame.module),
        env.number(frame.func_index.into()),
        optional(&frame.func_name),
        Ok(offset),
        env.string(&frame.to_string()),
    ])
}

/// `told(name)`: a name as it is in messages.
fn told(call: &Call) -> Result<Js> {
    let name = call.env.shown(call.args[0])?;
    call.env.string(&text::name(&name))
}

/// `meant(name, names)`: the end of a message about a name that is not among these.
fn meant(call: &Call) -> Result<Js> {
    let (env, name) = (call.env, call.env.shown(call.args[0])?);
    let known = env.items(call.args[1])?.into_iter();
    let known = known.map(|it| env.shown(it)).collect::<Result<Vec<_>>>()?;
    let known = known.iter().map(String::as_str);
    env.string(&given::did_you_mean(&name, known))
}

/// `isProvided(module, name)`: whether an import is there without being lent.
fn is_provided(call: &Call) -> Result<Js> {
    let (env, [module, name]) = (call.env, [call.args[0], call.args[1]]);
    env.boolean(given::is_provided(&env.shown(module)?, &env.shown(name)?))
}

/// `checkText(what, text)`: fails if it is not Unicode.
fn check_text(call: &Call) -> Result<Js> {
    let name = || call.env.shown(call.args[0]).unwrap_or_default();
    call.env.text_named(call.args[1], name)?;
    call.env.undefined()
}

/// The tables of kinds and trap codes, as arrays of names and numbers.
pub(crate) fn tables(env: Env) -> Result<(Js, Js)> {
    let pair = |name: &str, number: u32| env.array([env.string(name), env.number(number.into())]);
    let kinds = ErrorKind::ALL
        .iter()
        .map(|kind| pair(kind.name(), kind.number()));
    let codes = TrapCode::ALL
        .iter()
        .map(|code| pair(code.name(), code.number()));
    Ok((env.array(kinds)?, env.array(codes)?))
}

/// Whether this thread is being stopped: a worker that is terminated, or the process that ends.
pub(crate) fn is_stopping(raw: sys::napi_env) -> bool {
    // SAFETY: called on the thread of the environment, inside of a call that came from it.
    let env = unsafe { Env::new(raw) };
    let probe = env.scoped(|| {
        // The cheapest function that Node.js refuses when it stops; it runs no JavaScript.
        Ok(get!(env, napi_create_date(0.0), ptr::null_mut()).is_err())
    });
    probe.unwrap_or(true)
}
