//! Inspection: what a module is, told without compiling it, as a frame.

use landbridge::{Inspection, Result, frame};

use crate::env::Js;
use crate::guard::{Call, Native};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("inspectFile", file),
    ("inspectString", string),
    ("inspectBytes", bytes),
];

fn told(call: &Call, found: &Inspection) -> Result<Js> {
    call.env.view(&frame::write(found)?)
}

/// `inspectString(text or path)`: which it is, the core says.
fn string(call: &Call) -> Result<Js> {
    let source = call.env.text(call.args[0])?;
    told(call, &Inspection::of(&source)?)
}

/// `inspectFile(path)`
fn file(call: &Call) -> Result<Js> {
    let path = call.env.text(call.args[0])?;
    told(call, &Inspection::of_file(path)?)
}

/// `inspectBytes(bytes)`
fn bytes(call: &Call) -> Result<Js> {
    told(call, &Inspection::new(call.copied(0)?)?)
}
