//! Grants of requests by HTTP.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use super::grants::Scope;
use super::json::wrong;
use super::name::Names;
use super::ports::PortSet;
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
pub(super) struct HttpScope {
    pub(super) scheme: Word,
    pub(super) host: Hosts,
    /// The last one, so that all of a scheme and a host are together.
    pub(super) method: Word,
}

impl HttpScope {
    pub(super) fn new(scheme: &str, host: &str, method: &str) -> Result<HttpScope> {
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
        Ok(HttpScope {
            scheme,
            host,
            method,
        })
    }

    pub(super) fn allows(&self, scheme: &str, host: &str, method: &str) -> bool {
        self.scheme.is(&scheme.to_ascii_lowercase())
            && self.host.has(host)
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
            Hosts::Named(names) => names.have(host),
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

impl Word {
    /// This one, and any.
    fn wider(&self) -> Vec<Word> {
        match self {
            Word::Any => vec![Word::Any],
            one => vec![one.clone(), Word::Any],
        }
    }

    fn meet(&self, other: &Word) -> Word {
        match self {
            Word::Any => other.clone(),
            one => one.clone(),
        }
    }
}

impl Hosts {
    fn wider(&self) -> Vec<Hosts> {
        match self {
            Hosts::Named(names) => names.wider().into_iter().map(Hosts::Named).collect(),
            address => vec![address.clone()],
        }
    }
}

/// The schemes that there are, and any.
fn schemes() -> Vec<Word> {
    let one = |scheme: &str| Word::One(scheme.to_owned());
    vec![Word::Any, one("http"), one("https")]
}

impl HttpScope {
    /// All combinations of such schemes, hosts and methods.
    fn all(schemes: &[Word], hosts: &[Hosts], methods: &[Word]) -> Vec<HttpScope> {
        let mut all = Vec::new();
        for scheme in schemes {
            for host in hosts {
                all.extend(methods.iter().map(|method| HttpScope {
                    scheme: scheme.clone(),
                    host: host.clone(),
                    method: method.clone(),
                }));
            }
        }
        all
    }
}

impl Scope for HttpScope {
    fn wider(&self) -> Vec<HttpScope> {
        let methods = self.method.wider();
        HttpScope::all(&self.scheme.wider(), &self.host.wider(), &methods)
    }

    /// Hosts nest; of schemes and methods either may be the wider one.
    fn meet<'a>(&self, others: &'a BTreeMap<HttpScope, PortSet>) -> Vec<(HttpScope, &'a PortSet)> {
        let schemes = match self.scheme {
            Word::Any => schemes(),
            _ => self.scheme.wider(),
        };
        let mut met = Vec::new();
        for other in HttpScope::all(&schemes, &self.host.wider(), &self.method.wider()) {
            let alike = others.range(&other..);
            let alike = alike.take_while(|(it, _)| match self.method {
                Word::Any => it.scheme == other.scheme && it.host == other.host,
                _ => **it == other,
            });
            met.extend(alike.map(|(it, ports)| {
                let scope = HttpScope {
                    scheme: self.scheme.meet(&it.scheme),
                    host: self.host.clone(),
                    method: self.method.meet(&it.method),
                };
                (scope, ports)
            }));
        }
        met
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
