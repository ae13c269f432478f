//! Network: grants of addresses, names and requests, and the addresses of questions. The class of the
//! grants is in `_names.py`.

use std::net::{IpAddr, SocketAddr};

use landbridge::{Policy, Ports, messages, text as told};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::guard::Fault;
use crate::read::{is_a, not_a, number_to, parts, text};

type Grant = fn(Policy, &str, Ports) -> landbridge::Result<Policy>;

/// The grants that are a text and ports, by the attribute that has them.
const PAIRS: [(&str, &str, Grant); 5] = [
    ("tcp_connect", SPAN, |policy, network, ports| {
        policy.with_tcp_connect(network, ports)
    }),
    ("tcp_bind", SPAN, |policy, network, ports| {
        policy.with_tcp_bind(network, ports)
    }),
    ("udp_connect", SPAN, |policy, network, ports| {
        policy.with_udp_connect(network, ports)
    }),
    ("udp_bind", SPAN, |policy, network, ports| {
        policy.with_udp_bind(network, ports)
    }),
    ("names", NAME, |policy, name, ports| {
        policy.with_name(name, ports)
    }),
];

const SPAN: &str = "a tuple (network, ports)";
const NAME: &str = "a tuple (name, ports)";
const REQUEST: &str = "a tuple (scheme, host, ports, method)";

/// Grants what an object of the class `Network` has.
pub(crate) fn grant(mut policy: Policy, network: &Bound<'_, PyAny>) -> Result<Policy, Fault> {
    if !is_a(network, "Network")? {
        return Err(not_a(network, "network", "a Network or None"));
    }
    for (name, expected, grant) in PAIRS {
        for given in network.getattr(name)?.try_iter()? {
            let [what, at] = parts(&given?, name, expected)?;
            policy = grant(policy, &text(&what, name)?, ports(&at, name)?)?;
        }
    }
    for given in network.getattr("http")?.try_iter()? {
        let [scheme, host, at, method] = parts(&given?, "http", REQUEST)?;
        let (scheme, host) = (text(&scheme, "http")?, text(&host, "http")?);
        let method = text(&method, "http")?;
        policy = policy.with_http(&scheme, &host, ports(&at, "http")?, &method)?;
    }
    Ok(policy)
}

/// A number, or a text such as `8000-8999` or `*`.
fn ports(given: &Bound<'_, PyAny>, place: &str) -> Result<Ports, Fault> {
    if let Ok(text) = given.cast::<PyString>() {
        return Ok(Ports::parse(text.to_str()?)?);
    }
    let expected = "a port, or ports such as \"8000-8999\" or \"*\"";
    let port: u16 = number_to(given, u16::MAX, place, expected)?;
    Ok(Ports::from(port))
}

/// The port of a question.
pub(crate) fn port(given: &Bound<'_, PyAny>) -> Result<u16, Fault> {
    number_to(given, u16::MAX, "port", "an integer")
}

/// The address of a question: a text or an object of `ipaddress`.
pub(crate) fn socket(
    address: &Bound<'_, PyAny>,
    at: &Bound<'_, PyAny>,
) -> Result<SocketAddr, Fault> {
    let ip: IpAddr = address.extract().map_err(|_| no_address(address))?;
    Ok(SocketAddr::new(ip, port(at)?))
}

fn no_address(given: &Bound<'_, PyAny>) -> Fault {
    let shown = match given.extract::<&str>() {
        Ok(text) => Ok(told::quoted(text)),
        Err(_) => given.repr().map(|repr| repr.to_string()),
    };
    messages::not_an_address(shown.unwrap_or_else(|_| "this".to_owned())).into()
}
