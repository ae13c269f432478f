//! Grants of addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net};

use super::grants::{Grants, Scope};
use super::http::HttpScope;
use super::json::wrong;
use super::name::Names;
use crate::Result;

/// What is granted of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Network {
    pub(super) tcp_connect: Grants<IpNet>,
    pub(super) tcp_bind: Grants<IpNet>,
    pub(super) udp_connect: Grants<IpNet>,
    pub(super) udp_bind: Grants<IpNet>,
    pub(super) names: Grants<Names>,
    pub(super) http: Grants<HttpScope>,
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

/// Reads an address or a network.
pub(super) fn network(text: &str) -> Result<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let read = text.parse::<IpNet>().ok().or_else(address);
    let read = read.ok_or_else(|| {
        let why = "is no address or network; write 10.0.0.0/8, 192.0.2.1 or 2001:db8::/32";
        wrong(&format!("{text:?} {why}"))
    })?;
    Ok(plain(read.trunc()))
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

impl Scope for IpNet {
    fn wider(&self) -> Vec<IpNet> {
        std::iter::successors(Some(*self), IpNet::supernet).collect()
    }
}

pub(super) fn allows_connect(grants: &Grants<IpNet>, address: SocketAddr) -> bool {
    let ip = match address.ip().to_canonical() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    grants.any(address.port(), |it| it.contains(&ip))
}

pub(super) fn allows_bind(grants: &Grants<IpNet>, address: SocketAddr) -> bool {
    let ip = address.ip().to_canonical();
    let port = address.port();
    // The address of no machine means every one of its sort.
    let is_in = |it: &IpNet| it.contains(&ip) && (!ip.is_unspecified() || it.prefix_len() == 0);
    grants.any(port, is_in)
}
