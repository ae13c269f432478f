//! Texts of a policy: how messages name them, and which texts are refused.

use std::path::Path;

use super::json::wrong;
use crate::{Error, ErrorKind, Result, text};

/// The name of an argument of a program in messages.
pub fn argument(index: usize) -> String {
    format!("args[{index}]")
}

/// The name of a variable's value in messages.
pub fn variable(name: &str) -> String {
    format!("the variable {}", text::quoted(name))
}

/// The error for a text that is not Unicode. `what` names it.
pub fn not_unicode(what: &str) -> Error {
    Error::new(
        ErrorKind::Type,
        format!(
            "{what} is not Unicode text: it has half of a surrogate pair, or bytes that are not UTF-8"
        ),
    )
}

/// A text may not be cut where it has a zero byte, as guests read it.
fn no_zero(what: &str, given: &str) -> Result<()> {
    match given.contains('\0') {
        true => Err(wrong(&format!(
            "{what} has a zero byte, at which a guest would cut it"
        ))),
        false => Ok(()),
    }
}

pub(super) fn check_argument(index: usize, given: &str) -> Result<()> {
    no_zero(&argument(index), given)
}

pub(super) fn check_variable(name: &str, value: &str) -> Result<()> {
    if name.is_empty() {
        return Err(wrong("a variable of the environment has no name"));
    }
    if name.contains('=') {
        let text = format!(
            "the name of {} has a \"=\", which ends a name",
            variable(name)
        );
        return Err(wrong(&text));
    }
    no_zero(&format!("the name of {}", variable(name)), name)?;
    no_zero(&variable(name), value)
}

pub(super) fn check_folder(guest: &str, host: Option<&Path>) -> Result<()> {
    let folder = format!("the folder {}", text::quoted(guest));
    no_zero(&folder, guest)?;
    let has_zero = host.is_some_and(|host| host.as_os_str().as_encoded_bytes().contains(&0));
    match has_zero {
        true => Err(wrong(&format!(
            "the path of {folder} has a zero byte, which no path has"
        ))),
        false => Ok(()),
    }
}
