//! The text of values, and what is said of wrong ones.

use landbridge::host::wit::{self, WrongValue, wrong_value};
use landbridge::{Error, ErrorKind, Module, Result, WitType};

use super::crossed::{blobs_to_js, buffer, frame_of, used};
use crate::env::Js;
use crate::error::into_js;
use crate::guard::{CallbackInfo, Native};
use crate::js::get;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("witParse", parse),
    ("witFormat", format),
    ("witWrong", wrong),
];

/// The type of a module, which are the first two arguments.
fn ty(call: &CallbackInfo) -> Result<&'static WitType> {
    let place = get!(call.env, napi_get_value_uint32(call.args[1]), 0)?;
    let types = &call.held::<Module>(0)?.description()?.types;
    let none = || Error::new(ErrorKind::Internal, "there is no such type");
    types.get(place as usize).ok_or_else(none)
}

/// `witParse(module, type, text)`: an object with `bytes`, and what lies beside them, `found`.
fn parse(call: &CallbackInfo) -> Result<Js> {
    let env = call.env;
    let frame = wit::parse(ty(call)?, &env.text(call.args[2])?)?;
    env.object([
        ("bytes", buffer(env, &frame.bytes)),
        ("found", blobs_to_js(env, &frame.blobs)),
    ])
}

/// `witFormat(module, type, lane, bytes, beside)`: the text of the value in a lane.
fn format(call: &CallbackInfo) -> Result<Js> {
    let (env, addon) = (call.env, call.env.addon()?);
    let used = used(env, &call.args[2..])?;
    let mut frame = frame_of(env, &addon, used, Vec::new())?;
    env.string(&wit::format(ty(call)?, &mut frame)?)
}

/// `witWrong(place, sort, ...words)`: the error for a wrong value, with the numbers of `lib/wit/wrong.js`.
fn wrong(call: &CallbackInfo) -> Result<Js> {
    let env = call.env;
    let place = env.shown(call.args[0])?;
    let sort = get!(env, napi_get_value_uint32(call.args[1]), 0)?;
    let word = |i: usize| match call.given(2 + i)? {
        true => env.shown(call.args[2 + i]),
        false => Ok(String::new()),
    };
    let (a, b, c) = (word(0)?, word(1)?, word(2)?);
    let known = match sort {
        3 => env.items(call.args[5])?,
        _ => Vec::new(),
    };
    let known = known.into_iter().map(|it| env.shown(it));
    let known = known.collect::<Result<Vec<_>>>()?;
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let wrong = WrongValue::numbered(sort, [&a, &b, &c], &known);
    into_js(env, &wrong_value(&place, wrong))
}
