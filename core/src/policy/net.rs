//! Grants of addresses and ports.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;

use ipnet::{IpNet, Ipv4Net};

use super::grants::{Grant, Grants};
use super::json::wrong;
use super::{HttpGrant, NameGrant};
use crate::Result;

/// What is granted of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Network {
    pub(super) tcp_connect: Grants<Span>,
    pub(super) tcp_bind: Grants<Span>,
    pub(super) udp_connect: Grants<Span>,
    pub(super) udp_bind: Grants<Span>,
    pub(super) names: Grants<NameGrant>,
    pub(super) http: Grants<HttpGrant>,
}

impl Network {
    pub(super) fn restrict(&self, by: &Network) -> Network {
        Network {
            tcp_connect: self.tcp_connect.restrict(&by.tcp_connect),
            tcp_bind: self.tcp_bind.restrict(&by.tcp_bind),
            udp_connect: self.udp_connect.restrict(&by.udp_connect),
            udp_bind: self.udp_bind.restrict(&by.udp_bind),
            names: self.names.restrict(&by.names),
            http: self.http.restrict(&by.http),
        }
    }

    pub(super) fn covers(&self, other: &Network) -> bool {
        self.tcp_connect.cover_all(&other.tcp_connect)
            && self.tcp_bind.cover_all(&other.tcp_bind)
            && self.udp_connect.cover_all(&other.udp_connect)
            && self.udp_bind.cover_all(&other.udp_bind)
            && self.names.cover_all(&other.names)
            && self.http.cover_all(&other.http)
    }
}

/// Ports: one, or all of a range. Made from a number or a range such as `8000..=8999`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ports {
    first: u16,
    last: u16,
}

impl Ports {
    /// All ports.
    pub const ANY: Ports = Ports {
        first: 0,
        last: u16::MAX,
    };

    /// Reads `443`, `8000-8999` or `*`, which is all of them.
    ///
    /// # Errors
    /// `type` if it is none of these.
    pub fn parse(text: &str) -> Result<Ports> {
        let (first, last) = match text {
            "*" => return Ok(Ports::ANY),
            _ => text.split_once('-').unwrap_or((text, text)),
        };
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Ports { first, last }),
            _ => Err(wrong(&format!(
                "no ports are {text:?}; write 443, 8000-8999 or *"
            ))),
        }
    }

    /// Whether a port is one of these.
    pub fn contains(self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

/// Digits alone, without a sign.
fn number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl Grant for Ports {
    fn covers(&self, other: &Ports) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    fn meet(&self, other: &Ports) -> Option<Ports> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Ports { first, last })
    }
}

impl From<u16> for Ports {
    fn from(port: u16) -> Ports {
        (port..=port).into()
    }
}

impl From<RangeInclusive<u16>> for Ports {
    /// The ports of the range; if it ends before it begins, its beginning and no other.
    fn from(range: RangeInclusive<u16>) -> Ports {
        Ports {
            first: *range.start(),
            last: *range.end().max(range.start()),
        }
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (0, u16::MAX) => f.write_str("*"),
            (first, last) if first == last => write!(f, "{first}"),
            (first, last) => write!(f, "{first}-{last}"),
        }
    }
}

/// Addresses of a network at some ports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) network: IpNet,
    pub(super) ports: Ports,
}

impl Span {
    pub(super) fn new(network: &str, ports: Ports) -> Result<Span> {
        let address = || network.parse::<IpAddr>().ok().map(IpNet::from);
        let read = network.parse::<IpNet>().ok().or_else(address);
        let read = read.ok_or_else(|| {
            let text = "is no address or network; write 10.0.0.0/8, 192.0.2.1 or 2001:db8::/32";
            wrong(&format!("{network:?} {text}"))
        })?;
        let network = plain(read.trunc());
        Ok(Span { network, ports })
    }

    fn has(&self, ip: IpAddr, port: u16) -> bool {
        self.network.contains(&ip) && self.ports.contains(port)
    }

    /// Whether it is every address of its sort.
    fn is_everywhere(&self, ip: IpAddr, port: u16) -> bool {
        self.network.prefix_len() == 0 && self.has(ip, port)
    }
}

/// IPv4 in IPv6 clothes as IPv4.
fn plain(network: IpNet) -> IpNet {
    let mapped = match network {
        IpNet::V6(it) if it.prefix_len() >= 96 => it.addr().to_ipv4_mapped().map(|ip| (ip, it)),
        _ => None,
    };
    let plain = mapped.and_then(|(ip, it)| Ipv4Net::new(ip, it.prefix_len() - 96).ok());
    plain.map_or(network, IpNet::V4)
}

impl Grant for Span {
    fn covers(&self, other: &Span) -> bool {
        self.network.contains(&other.network) && self.ports.covers(&other.ports)
    }

    /// Of two networks one is in the other, or they have nothing in common.
    fn meet(&self, other: &Span) -> Option<Span> {
        let network = match (self.network, other.network) {
            (ours, theirs) if ours.contains(&theirs) => theirs,
            (ours, theirs) if theirs.contains(&ours) => ours,
            _ => return None,
        };
        let ports = self.ports.meet(&other.ports)?;
        Some(Span { network, ports })
    }
}

pub(super) fn allows_connect(grants: &Grants<Span>, address: SocketAddr) -> bool {
    let ip = match address.ip().to_canonical() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    grants.iter().any(|it| it.has(ip, address.port()))
}

pub(super) fn allows_bind(grants: &Grants<Span>, address: SocketAddr) -> bool {
    let ip = address.ip().to_canonical();
    let port = address.port();
    match ip.is_unspecified() {
        true => grants.iter().any(|it| it.is_everywhere(ip, port)),
        false => grants.iter().any(|it| it.has(ip, port)),
    }
}
