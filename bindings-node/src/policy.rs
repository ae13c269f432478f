//! Policy: what a guest may touch. What it grants comes as JSON, and so do questions; what it holds
//! goes as a frame.

use landbridge::{Policy, Result, frame};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle};
use crate::read::whole_to;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("policyProgram", program),
    ("policyFromJson", from_json),
    ("policyFromFile", from_file),
    ("policyGrant", grant),
    ("policyContent", content),
    ("policyRestrict", restrict),
    ("policyAllows", allows),
    ("policyAnswer", answer),
    ("policySame", same),
    ("policyToJson", to_json),
    ("port", port),
];

impl Noun for Policy {
    const NAME: &'static str = "Policy";
}

fn policy(call: &CallbackInfo, index: usize) -> Result<&'static Policy> {
    call.held(index)
}

/// `policyProgram()`
fn program(call: &CallbackInfo) -> Result<Js> {
    handle(call.env, Policy::program())
}

/// `policyFromJson(text)`
fn from_json(call: &CallbackInfo) -> Result<Js> {
    handle(call.env, Policy::from_json(&call.env.text(call.args[0])?)?)
}

/// `policyFromFile(path)`
fn from_file(call: &CallbackInfo) -> Result<Js> {
    handle(call.env, Policy::from_file(call.env.text(call.args[0])?)?)
}

/// `policyGrant(policy, json)`: a new one that grants what the JSON does, too.
fn grant(call: &CallbackInfo) -> Result<Js> {
    let (policy, json) = (policy(call, 0)?.clone(), call.env.text(call.args[1])?);
    handle(call.env, policy.with_json(&json)?)
}

/// `policyContent(policy)`: a frame of all that it grants, the network aside.
fn content(call: &CallbackInfo) -> Result<Js> {
    call.env.view(&frame::write(policy(call, 0)?)?)
}

/// `policyRestrict(policy, by)`
fn restrict(call: &CallbackInfo) -> Result<Js> {
    handle(call.env, policy(call, 0)?.restrict(policy(call, 1)?))
}

/// `policyAllows(policy, other)`
fn allows(call: &CallbackInfo) -> Result<Js> {
    call.env.boolean(policy(call, 0)?.allows(policy(call, 1)?))
}

/// `policyAnswer(policy, json)`: to the question that the JSON is.
fn answer(call: &CallbackInfo) -> Result<Js> {
    let question = call.env.text(call.args[1])?;
    call.env.boolean(policy(call, 0)?.allows_json(&question)?)
}

/// `policySame(policy, other)`
fn same(call: &CallbackInfo) -> Result<Js> {
    call.env.boolean(policy(call, 0)? == policy(call, 1)?)
}

/// `policyToJson(policy)`
fn to_json(call: &CallbackInfo) -> Result<Js> {
    call.env.string(&policy(call, 0)?.to_json())
}

/// `port(what, number)`: it as a number, if it is one of a port.
fn port(call: &CallbackInfo) -> Result<Js> {
    let what = call.env.text(call.args[0])?;
    let port = whole_to(call.env, call.args[1], &what, u16::MAX.into())?;
    call.env.number(port as f64)
}
