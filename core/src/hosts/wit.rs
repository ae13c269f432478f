//! What bindings call components with: they write and read frames of values of WIT by themselves.
//!
//! A binding reads the [description](describe()) of a component once. Then it writes the arguments of a call into a frame
//! ([`WitFrame`]), calls, and reads the result out of one.
//!
//! **Objects of the host** that cross as resources have no handle where a binding writes a frame. There it writes the
//! place of the object in a list that lies beside the frame, as 8 bytes: a handle whose higher half is 0. It reads them in
//! the same way. Every other handle is that of a guest's resource.

mod crossing;

pub use crate::components::described::{Description, describe};
pub use crate::components::typed::signature::Signature;
pub use crate::components::wrong::{WrongValue, wrong_value};
pub use crossing::{Crossed, Crossing};

use crate::components::decode::decode_one;
use crate::components::encode::{self, encode_one};
use crate::components::naming;
use crate::{Result, WitFrame, WitFuncType, WitType, WitValue, text};

/// Reads a value of a type from text in WAVE, into a frame; see [`WitValue::parse`].
///
/// # Errors
/// `type`, `range`: the message says where.
pub fn parse(ty: &WitType, text: &str) -> Result<WitFrame> {
    encode_one(ty, &WitValue::parse(ty, text)?)
}

/// The value in a frame as text in WAVE. The frame is used up.
///
/// # Errors
/// `type` if the frame is malformed, or has a resource in it, which has no text.
pub fn format(ty: &WitType, frame: &mut WitFrame) -> Result<String> {
    Ok(decode_one(ty, frame)?.to_text())
}

/// Refuses another number of arguments than a function of this name has.
///
/// # Errors
/// `type`.
pub fn check_count(ty: &WitFuncType, name: &str, given: usize) -> Result<()> {
    encode::check_count(ty, &text::name(name), given)
}

/// How well a name that somebody gave names an interface by its full name; the least is the best, none is not at all.
///
/// For `demo:app/shapes@1.2.0` these do: the same, `demo:app/shapes@1.2` and other versions that are compatible,
/// `demo:app/shapes`, and `shapes`.
pub fn interface_fits(given: &str, full: &str) -> Option<u32> {
    naming::fits(given, full)
}
