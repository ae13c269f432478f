//! Grants of the network, and the questions that are asked of them.

use std::net::{IpAddr, SocketAddr};

use landbridge::{Error, ErrorKind, Policy, Ports, Result};
use napi_sys as sys;

use super::into_js;
use crate::env::Js;
use crate::guard::{Call, Native};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("policyWithTcpConnect", with_tcp_connect),
    ("policyWithTcpBind", with_tcp_bind),
    ("policyWithUdpConnect", with_udp_connect),
    ("policyWithUdpBind", with_udp_bind),
    ("policyWithName", with_name),
    ("policyWithHttp", with_http),
    ("policyAllowsTcpConnect", allows_tcp_connect),
    ("policyAllowsTcpBind", allows_tcp_bind),
    ("policyAllowsUdpConnect", allows_udp_connect),
    ("policyAllowsUdpBind", allows_udp_bind),
    ("policyAllowsName", allows_name),
    ("policyAllowsNamePort", allows_name_port),
    ("policyAllowsHttp", allows_http),
];

/// Ports that are granted: a number, or a text.
fn ports(call: &Call, index: usize) -> Result<Ports> {
    match call.env.kind(call.args[index])? {
        sys::ValueType::napi_string => Ports::parse(&call.env.text(call.args[index])?),
        sys::ValueType::napi_number => Ok(port(call, index, "ports")?.into()),
        _ => {
            let given = call.env.describe(call.args[index]);
            let text =
                format!("ports: expected a number, or a text such as 8000-8999 or *, got {given}");
            Err(Error::new(ErrorKind::Type, text))
        }
    }
}

fn port(call: &Call, index: usize, what: &str) -> Result<u16> {
    let number = call.whole(index, what)?;
    number.try_into().map_err(|_| {
        let text = format!("{what}: expected a number from 0 to 65535, got {number}");
        Error::new(ErrorKind::Range, text)
    })
}

/// `(policy, network or name, ports)`
fn granted(call: &Call, grant: fn(Policy, &str, Ports) -> Result<Policy>) -> Result<Js> {
    let (policy, place) = (call.policy(0)?.clone(), call.env.text(call.args[1])?);
    into_js(call, grant(policy, &place, ports(call, 2)?)?)
}

/// `policyWithTcpConnect(policy, network, ports)`
fn with_tcp_connect(call: &Call) -> Result<Js> {
    granted(call, Policy::with_tcp_connect)
}

/// `policyWithTcpBind(policy, network, ports)`
fn with_tcp_bind(call: &Call) -> Result<Js> {
    granted(call, Policy::with_tcp_bind)
}

/// `policyWithUdpConnect(policy, network, ports)`
fn with_udp_connect(call: &Call) -> Result<Js> {
    granted(call, Policy::with_udp_connect)
}

/// `policyWithUdpBind(policy, network, ports)`
fn with_udp_bind(call: &Call) -> Result<Js> {
    granted(call, Policy::with_udp_bind)
}

/// `policyWithName(policy, name, ports)`
fn with_name(call: &Call) -> Result<Js> {
    granted(call, Policy::with_name)
}

/// `policyWithHttp(policy, scheme, host, ports, method)`
fn with_http(call: &Call) -> Result<Js> {
    let text = |index: usize| call.env.text(call.args[index]);
    let (policy, ports) = (call.policy(0)?.clone(), ports(call, 3)?);
    into_js(
        call,
        policy.with_http(&text(1)?, &text(2)?, ports, &text(4)?)?,
    )
}

/// `(policy, address, port)`
fn asked(call: &Call, question: fn(&Policy, SocketAddr) -> bool) -> Result<Js> {
    let (policy, given) = (call.policy(0)?, call.env.text(call.args[1])?);
    let address: IpAddr = given.parse().map_err(|_| {
        let text = format!(
            "address: expected one such as 192.0.2.1 or 2001:db8::1, got {given:?}; \
             of names there is allowsName"
        );
        Error::new(ErrorKind::Type, text)
    })?;
    let address = SocketAddr::new(address, port(call, 2, "port")?);
    call.env.boolean(question(policy, address))
}

/// `policyAllowsTcpConnect(policy, address, port)`
fn allows_tcp_connect(call: &Call) -> Result<Js> {
    asked(call, Policy::allows_tcp_connect)
}

/// `policyAllowsTcpBind(policy, address, port)`
fn allows_tcp_bind(call: &Call) -> Result<Js> {
    asked(call, Policy::allows_tcp_bind)
}

/// `policyAllowsUdpConnect(policy, address, port)`
fn allows_udp_connect(call: &Call) -> Result<Js> {
    asked(call, Policy::allows_udp_connect)
}

/// `policyAllowsUdpBind(policy, address, port)`
fn allows_udp_bind(call: &Call) -> Result<Js> {
    asked(call, Policy::allows_udp_bind)
}

/// `policyAllowsName(policy, name)`
fn allows_name(call: &Call) -> Result<Js> {
    let name = call.env.text(call.args[1])?;
    call.env.boolean(call.policy(0)?.allows_name(&name))
}

/// `policyAllowsNamePort(policy, name, port)`
fn allows_name_port(call: &Call) -> Result<Js> {
    let (name, port) = (call.env.text(call.args[1])?, port(call, 2, "port")?);
    call.env
        .boolean(call.policy(0)?.allows_name_port(&name, port))
}

/// `policyAllowsHttp(policy, scheme, host, port, method)`
fn allows_http(call: &Call) -> Result<Js> {
    let text = |index: usize| call.env.text(call.args[index]);
    let (scheme, host, method) = (text(1)?, text(2)?, text(4)?);
    let allows = call
        .policy(0)?
        .allows_http(&scheme, &host, port(call, 3, "port")?, &method);
    call.env.boolean(allows)
}
