//! Grants of names.

use std::fmt;

use super::grants::Scope;
use super::json::wrong;
use crate::Result;

/// Names of hosts: one, all below one, or all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Names {
    All,
    /// All names that end so; it begins with a dot.
    Below(String),
    One(String),
}

impl Names {
    pub(super) fn new(text: &str) -> Result<Names> {
        let name = |text: &str| host_name(text).ok_or_else(|| no_name(text));
        match text.strip_prefix("*.") {
            _ if text == "*" => Ok(Names::All),
            Some(parent) => Ok(Names::Below(format!(".{}", name(parent)?))),
            None => Ok(Names::One(name(text)?)),
        }
    }

    /// Whether a name is one of these.
    pub(super) fn have(&self, name: &str) -> bool {
        host_name(name).is_some_and(|name| self.contain(&name))
    }

    /// The same of a name in its one form.
    fn contain(&self, name: &str) -> bool {
        match self {
            Names::All => true,
            Names::Below(end) => name.ends_with(end.as_str()),
            Names::One(one) => one == name,
        }
    }
}

fn no_name(text: &str) -> crate::Error {
    wrong(&format!(
        "{text:?} is no name of a host; write api.example.org or *.example.org, without a port, \
         and other letters than ASCII as xn--"
    ))
}

/// A name in its one form: small letters, no dot at the end. None if it is no name, and for what
/// systems read as a number of an address.
pub(super) fn host_name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let is_label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.bytes().all(plain)
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_number = last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit());
    (name.len() <= 253 && name.split('.').all(is_label) && !is_number).then_some(name)
}

impl Scope for Names {
    fn wider(&self) -> Vec<Names> {
        let (text, own) = match self {
            Names::All => return vec![Names::All],
            Names::Below(end) => (end.as_str(), None),
            Names::One(name) => (name.as_str(), Some(self.clone())),
        };
        let dots = text.match_indices('.');
        let below = dots.map(|(at, _)| Names::Below(text[at..].to_owned()));
        own.into_iter().chain(below).chain([Names::All]).collect()
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Names::All => f.write_str("*"),
            Names::Below(end) => write!(f, "*{end}"),
            Names::One(name) => f.write_str(name),
        }
    }
}
