//! Grants of names.

use std::fmt;

use super::Ports;
use super::grants::Grant;
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

    /// Whether a name, in its one form, is one of these.
    pub(super) fn contain(&self, name: &str) -> bool {
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

impl Grant for Names {
    fn covers(&self, other: &Names) -> bool {
        match (self, other) {
            (Names::All, _) => true,
            (_, Names::All) => false,
            (_, Names::One(name)) => self.contain(name),
            (Names::Below(ours), Names::Below(theirs)) => theirs.ends_with(ours.as_str()),
            (Names::One(_), Names::Below(_)) => false,
        }
    }

    /// Of two one is in the other, or they have nothing in common.
    fn meet(&self, other: &Names) -> Option<Names> {
        match (self.covers(other), other.covers(self)) {
            (true, _) => Some(other.clone()),
            (_, true) => Some(self.clone()),
            _ => None,
        }
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

/// Names that may be resolved, and the ports at which what came back may be connected to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NameGrant {
    pub(super) names: Names,
    pub(super) ports: Ports,
}

impl NameGrant {
    pub(super) fn new(name: &str, ports: Ports) -> Result<NameGrant> {
        let names = Names::new(name)?;
        Ok(NameGrant { names, ports })
    }

    pub(super) fn allows(&self, name: &str, port: Option<u16>) -> bool {
        let named = host_name(name).is_some_and(|name| self.names.contain(&name));
        named && port.is_none_or(|port| self.ports.contains(port))
    }
}

impl Grant for NameGrant {
    fn covers(&self, other: &NameGrant) -> bool {
        self.names.covers(&other.names) && self.ports.covers(&other.ports)
    }

    fn meet(&self, other: &NameGrant) -> Option<NameGrant> {
        let names = self.names.meet(&other.names)?;
        let ports = self.ports.meet(&other.ports)?;
        Some(NameGrant { names, ports })
    }
}
