//! Words: what the core says of names, texts and numbers, for what is read in JavaScript.

use landbridge::{Result, given, text};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("told", told),
    ("meant", meant),
    ("isProvided", is_provided),
    ("checkText", check_text),
    ("whole", whole),
];

/// `told(name)`: a name as it is in messages.
fn told(call: &CallbackInfo) -> Result<Js> {
    let name = call.env.shown(call.args[0])?;
    call.env.string(&text::name(&name))
}

/// `meant(name, names)`: the end of a message about a name that is not among these.
fn meant(call: &CallbackInfo) -> Result<Js> {
    let (env, name) = (call.env, call.env.shown(call.args[0])?);
    let known = env.items(call.args[1])?.into_iter();
    let known = known.map(|it| env.shown(it)).collect::<Result<Vec<_>>>()?;
    let known = known.iter().map(String::as_str);
    env.string(&given::did_you_mean(&name, known))
}

/// `isProvided(module, name)`: whether an import is there without being lent.
fn is_provided(call: &CallbackInfo) -> Result<Js> {
    let (env, [module, name]) = (call.env, [call.args[0], call.args[1]]);
    env.boolean(given::is_provided(&env.shown(module)?, &env.shown(name)?))
}

/// `checkText(what, text)`: fails if it is not Unicode.
fn check_text(call: &CallbackInfo) -> Result<Js> {
    let name = || call.env.shown(call.args[0]).unwrap_or_default();
    call.env.text_named(call.args[1], name)?;
    call.env.undefined()
}

/// `whole(what, number)`: it as a number or, where that is not exact, a `BigInt`, if it is a whole one
/// from 0.
fn whole(call: &CallbackInfo) -> Result<Js> {
    let what = call.env.text(call.args[0])?;
    call.env.whole(call.whole(1, &what)?)
}
