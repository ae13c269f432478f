//! Policy: what it grants comes as JSON, and so do questions; what there is goes as a frame.

use std::sync::Arc;

use landbridge::{Module, Policy, Ports, Program, Result, frame};

pub(crate) fn from_json(text: String) -> Result<Policy> {
    Policy::from_json(&text)
}

pub(crate) fn from_file(path: String) -> Result<Policy> {
    Policy::from_file(path)
}

pub(crate) fn to_json(policy: Arc<Policy>) -> Result<String> {
    Ok(policy.to_json())
}

/// A new policy that grants what a JSON does, too.
pub(crate) fn grant(policy: Arc<Policy>, text: String) -> Result<Policy> {
    (*policy).clone().with_json(&text)
}

/// With the name and the arguments of the program that a module is.
pub(crate) fn of_program(
    policy: Arc<Policy>,
    module: Arc<Module>,
    name: String,
    args: Vec<u8>,
) -> Result<Policy> {
    let program = Program::new(&module, &name)?;
    program.policy(&policy, frame::read::<Vec<String>>(&args)?)
}

pub(crate) fn restrict(policy: Arc<Policy>, by: Arc<Policy>) -> Result<Policy> {
    Ok(policy.restrict(&by))
}

pub(crate) fn allows(policy: Arc<Policy>, other: Arc<Policy>) -> Result<bool> {
    Ok(policy.allows(&other))
}

/// The answer to a question that is written as a JSON.
pub(crate) fn answer(policy: Arc<Policy>, question: String) -> Result<bool> {
    policy.allows_json(&question)
}

pub(crate) fn same(a: Arc<Policy>, b: Arc<Policy>) -> Result<bool> {
    Ok(a == b)
}

/// All that it grants, the network aside.
pub(crate) fn content(policy: Arc<Policy>) -> Result<Vec<u8>> {
    frame::write(&*policy)
}

/// The one form of a text for ports.
pub(crate) fn ports(text: String) -> Result<String> {
    Ok(Ports::parse(&text)?.to_string())
}
