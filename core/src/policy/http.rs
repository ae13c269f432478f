//! Grants of requests by HTTP.

use std::fmt;
use std::net::IpAddr;

use super::Ports;
use super::grants::Grant;
use super::json::wrong;
use super::name::{Names, host_name};
use crate::Result;

/// One word, or any.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    Any,
    One(String),
}

/// Hosts: by name, or an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hosts {
    Named(Names),
    Address(IpAddr),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HttpGrant {
    pub(super) scheme: Word,
    pub(super) host: Hosts,
    pub(super) ports: Ports,
    pub(super) method: Word,
}

impl HttpGrant {
    pub(super) fn new(scheme: &str, host: &str, ports: Ports, method: &str) -> Result<HttpGrant> {
        let scheme = match scheme.to_ascii_lowercase() {
            any if any == "*" => Word::Any,
            one if one == "http" || one == "https" => Word::One(one),
            _ => {
                return Err(wrong(&format!(
                    "no scheme is {scheme:?}; write http or https"
                )));
            }
        };
        let method = match method {
            "*" => Word::Any,
            "" => return Err(wrong("a method is missing; write GET, or * for any")),
            one if one.bytes().all(|byte| byte.is_ascii_graphic()) => Word::One(one.to_owned()),
            _ => return Err(wrong(&format!("no method is {method:?}"))),
        };
        let host = match address(host) {
            Some(ip) => Hosts::Address(ip),
            None => Hosts::Named(Names::new(host)?),
        };
        Ok(HttpGrant {
            scheme,
            host,
            ports,
            method,
        })
    }

    pub(super) fn allows(&self, scheme: &str, host: &str, port: u16, method: &str) -> bool {
        self.scheme.is(&scheme.to_ascii_lowercase())
            && self.host.has(host)
            && self.ports.contains(port)
            && self.method.is(method)
    }
}

impl Word {
    fn is(&self, word: &str) -> bool {
        match self {
            Word::Any => true,
            Word::One(one) => one == word,
        }
    }
}

impl Hosts {
    /// Any name does not stand for any address.
    fn has(&self, host: &str) -> bool {
        match self {
            Hosts::Named(names) => host_name(host).is_some_and(|name| names.contain(&name)),
            Hosts::Address(ip) => address(host) == Some(*ip),
        }
    }
}

/// An address as it stands in a URL, with or without its brackets.
fn address(host: &str) -> Option<IpAddr> {
    let inside = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let ip: IpAddr = inside.unwrap_or(host).parse().ok()?;
    Some(ip.to_canonical())
}

impl Grant for Word {
    fn covers(&self, other: &Word) -> bool {
        *self == Word::Any || self == other
    }

    fn meet(&self, other: &Word) -> Option<Word> {
        match (self, other) {
            (Word::Any, word) | (word, Word::Any) => Some(word.clone()),
            (ours, theirs) => (ours == theirs).then(|| ours.clone()),
        }
    }
}

impl Grant for Hosts {
    fn covers(&self, other: &Hosts) -> bool {
        match (self, other) {
            (Hosts::Named(ours), Hosts::Named(theirs)) => ours.covers(theirs),
            (ours, theirs) => ours == theirs,
        }
    }

    fn meet(&self, other: &Hosts) -> Option<Hosts> {
        match (self, other) {
            (Hosts::Named(ours), Hosts::Named(theirs)) => ours.meet(theirs).map(Hosts::Named),
            (ours, theirs) => (ours == theirs).then(|| ours.clone()),
        }
    }
}

impl Grant for HttpGrant {
    fn covers(&self, other: &HttpGrant) -> bool {
        self.scheme.covers(&other.scheme)
            && self.host.covers(&other.host)
            && self.ports.covers(&other.ports)
            && self.method.covers(&other.method)
    }

    fn meet(&self, other: &HttpGrant) -> Option<HttpGrant> {
        Some(HttpGrant {
            scheme: self.scheme.meet(&other.scheme)?,
            host: self.host.meet(&other.host)?,
            ports: self.ports.meet(&other.ports)?,
            method: self.method.meet(&other.method)?,
        })
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Word::Any => f.write_str("*"),
            Word::One(word) => f.write_str(word),
        }
    }
}

impl fmt::Display for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hosts::Named(names) => names.fmt(f),
            Hosts::Address(ip) => ip.fmt(f),
        }
    }
}
