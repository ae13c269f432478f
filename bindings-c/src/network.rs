//! Grants of the network
//!
//! What a policy grants of the network, and the questions by which that is judged. No function of
//! WASI preview 1 opens a connection, so guests of it reach no network whatever is granted here.
//!
//! A network is an address or has the form "10.0.0.0/8". Ports are a text: "443", "8000-8999" or
//! "*", which is all of them.

use std::ffi::c_char;
use std::net::SocketAddr;

use landbridge::given::address_of;
use landbridge::{Policy, Ports, Result};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_out};
use crate::handle::lb_policy_t;
use crate::out::Out;
use crate::policy::{change, now};
use crate::read::text;

/// # Safety
/// `network` and `ports` are NULL or texts.
unsafe fn span(
    policy: lb_policy_t,
    network: *const c_char,
    ports: *const c_char,
    grant: impl Fn(Policy, &str, Ports) -> Result<Policy>,
) -> *mut lb_error_t {
    // SAFETY: the caller's promise is ours.
    guard(|| unsafe {
        let (network, ports) = (text(network, "network")?, ports_of(ports)?);
        change(policy, |it| grant(it, &network, ports))
    })
}

/// # Safety
/// `ports` is NULL or a text.
unsafe fn ports_of(ports: *const c_char) -> Result<Ports> {
    // SAFETY: the caller's promise is ours.
    Ports::parse(&unsafe { text(ports, "ports") }?)
}

/// Grants to connect by TCP to a network.
///
/// Errors: LB_KIND_TYPE if it is no network or these are no ports, LB_KIND_CLOSED if the policy was
/// released; so for all grants below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_tcp_connect(
    policy: lb_policy_t,
    network: *const c_char,
    ports: *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or texts.
    unsafe { span(policy, network, ports, Policy::with_tcp_connect) }
}

/// Grants to wait for connections by TCP at addresses of this machine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_tcp_bind(
    policy: lb_policy_t,
    network: *const c_char,
    ports: *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or texts.
    unsafe { span(policy, network, ports, Policy::with_tcp_bind) }
}

/// Grants to send to a network by UDP, and to receive from it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_udp_connect(
    policy: lb_policy_t,
    network: *const c_char,
    ports: *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or texts.
    unsafe { span(policy, network, ports, Policy::with_udp_connect) }
}

/// Grants to receive by UDP at addresses of this machine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_udp_bind(
    policy: lb_policy_t,
    network: *const c_char,
    ports: *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or texts.
    unsafe { span(policy, network, ports, Policy::with_udp_bind) }
}

/// Grants to resolve a name and to connect by TCP to the addresses that come back, at these ports.
/// "*.example.org" stands for all names below that one, without itself, "*" for any. Whoever
/// answers for the name chooses the addresses, ones of this machine included.
///
/// LB_KIND_TYPE if it is no name of a host. Other letters than ASCII are written as "xn--".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_name(
    policy: lb_policy_t,
    name: *const c_char,
    ports: *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or texts.
    guard(|| unsafe {
        let (name, ports) = (text(name, "name")?, ports_of(ports)?);
        change(policy, |it| it.with_name(&name, ports))
    })
}

/// Grants requests by HTTP. The scheme is "http", "https" or "*"; the host is an address or a name
/// as in lb_policy_name(); the method is written as it is sent, or "*". It grants no connections of
/// the guest's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_http(
    policy: lb_policy_t,
    scheme: *const c_char,
    host: *const c_char,
    ports: *const c_char,
    method: *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or texts.
    guard(|| unsafe {
        let (scheme, host) = (text(scheme, "scheme")?, text(host, "host")?);
        let (ports, method) = (ports_of(ports)?, text(method, "method")?);
        change(policy, |it| it.with_http(&scheme, &host, ports, &method))
    })
}

/// # Safety
/// `address` is NULL or a text, `allowed` NULL or an out parameter.
unsafe fn ask(
    policy: lb_policy_t,
    address: *const c_char,
    port: u16,
    allowed: Out<bool>,
    question: impl FnOnce(&Policy, SocketAddr) -> bool,
) -> *mut lb_error_t {
    // SAFETY: the caller's promise is ours.
    unsafe {
        guard_out(allowed, false, || {
            let address = address_of(&text(address, "address")?)?;
            Ok(question(&now(policy)?, SocketAddr::new(address, port)))
        })
    }
}

/// Tells whether a guest may connect to an address by TCP. An IPv4 address in IPv6 clothes counts
/// as what it is, and the address of no machine ("0.0.0.0", "::") as this machine, which is what
/// systems take it for.
///
/// Errors: LB_KIND_TYPE if it is no address, LB_KIND_CLOSED if the policy was released; so for all
/// questions below. allowed is false then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_allows_tcp_connect(
    policy: lb_policy_t,
    address: *const c_char,
    port: u16,
    allowed: Out<bool>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { ask(policy, address, port, allowed, Policy::allows_tcp_connect) }
}

/// Tells whether a guest may wait for connections at an address. "0.0.0.0" means all addresses of
/// IPv4 and needs a grant of "0.0.0.0/0"; "::" all those of IPv6 alone, with "::/0".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_allows_tcp_bind(
    policy: lb_policy_t,
    address: *const c_char,
    port: u16,
    allowed: Out<bool>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { ask(policy, address, port, allowed, Policy::allows_tcp_bind) }
}

/// Tells whether a guest may send to an address by UDP. See lb_policy_allows_tcp_connect().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_allows_udp_connect(
    policy: lb_policy_t,
    address: *const c_char,
    port: u16,
    allowed: Out<bool>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { ask(policy, address, port, allowed, Policy::allows_udp_connect) }
}

/// Tells whether a guest may receive at an address by UDP. See lb_policy_allows_tcp_bind().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_allows_udp_bind(
    policy: lb_policy_t,
    address: *const c_char,
    port: u16,
    allowed: Out<bool>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { ask(policy, address, port, allowed, Policy::allows_udp_bind) }
}

/// Tells whether a guest may resolve a name. Large letters are small ones, and a dot at the end
/// does not count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_allows_name(
    policy: lb_policy_t,
    name: *const c_char,
    allowed: Out<bool>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_out(allowed, false, || {
            Ok(now(policy)?.allows_name(&text(name, "name")?))
        })
    }
}

/// Tells whether a guest may connect by TCP to an address that this name resolved to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_allows_name_port(
    policy: lb_policy_t,
    name: *const c_char,
    port: u16,
    allowed: Out<bool>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_out(allowed, false, || {
            Ok(now(policy)?.allows_name_port(&text(name, "name")?, port))
        })
    }
}

/// Tells whether a guest may make a request by HTTP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_allows_http(
    policy: lb_policy_t,
    scheme: *const c_char,
    host: *const c_char,
    port: u16,
    method: *const c_char,
    allowed: Out<bool>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_out(allowed, false, || {
            let (scheme, host) = (text(scheme, "scheme")?, text(host, "host")?);
            let method = text(method, "method")?;
            Ok(now(policy)?.allows_http(&scheme, &host, port, &method))
        })
    }
}
