//! Network: what a policy grants of it, and the questions.

use std::net::{IpAddr, SocketAddr};

use jni::sys::{jboolean, jbyteArray, jclass, jint, jlong, jstring};
use landbridge::{Ports, Result};

use crate::env::Env;
use crate::guard::guard;
use crate::policy::{change, get};

/// The one form of a text for ports.
pub(crate) extern "system" fn ports(env: Env, _: jclass, text: jstring) -> jstring {
    guard(env, || env.string(&read_ports(env, text)?.to_string()))
}

fn read_ports(env: Env, text: jstring) -> Result<Ports> {
    Ports::parse(&env.text(text)?)
}

/// The numbers of sorts are those of `Policy.java`.
pub(crate) extern "system" fn with_addresses(
    env: Env,
    _: jclass,
    policy: jlong,
    sort: jint,
    network: jstring,
    ports: jstring,
) -> jlong {
    change(env, policy, |policy| {
        let (network, ports) = (env.text(network)?, read_ports(env, ports)?);
        match sort {
            0 => policy.with_tcp_connect(&network, ports),
            1 => policy.with_tcp_bind(&network, ports),
            2 => policy.with_udp_connect(&network, ports),
            _ => policy.with_udp_bind(&network, ports),
        }
    })
}

pub(crate) extern "system" fn with_name(
    env: Env,
    _: jclass,
    policy: jlong,
    name: jstring,
    ports: jstring,
) -> jlong {
    change(env, policy, |policy| {
        policy.with_name(&env.text(name)?, read_ports(env, ports)?)
    })
}

pub(crate) extern "system" fn with_http(
    env: Env,
    _: jclass,
    policy: jlong,
    scheme: jstring,
    host: jstring,
    ports: jstring,
    method: jstring,
) -> jlong {
    change(env, policy, |policy| {
        let (scheme, host) = (env.text(scheme)?, env.text(host)?);
        policy.with_http(&scheme, &host, read_ports(env, ports)?, &env.text(method)?)
    })
}

/// Ports in questions are in range: Java has seen to that.
pub(crate) extern "system" fn allows_address(
    env: Env,
    _: jclass,
    policy: jlong,
    sort: jint,
    ip: jbyteArray,
    port: jint,
) -> jboolean {
    guard(env, || {
        let (policy, address) = (
            get(policy)?,
            SocketAddr::new(read_ip(env, ip)?, port as u16),
        );
        Ok(match sort {
            0 => policy.allows_tcp_connect(address),
            1 => policy.allows_tcp_bind(address),
            2 => policy.allows_udp_connect(address),
            _ => policy.allows_udp_bind(address),
        })
    })
}

/// Four bytes, or sixteen.
fn read_ip(env: Env, bytes: jbyteArray) -> Result<IpAddr> {
    if env.length(bytes) == 4 {
        let mut ip = [0; 4];
        env.read_bytes(bytes, 0, &mut ip)?;
        return Ok(ip.into());
    }
    let mut ip = [0; 16];
    env.read_bytes(bytes, 0, &mut ip)?;
    Ok(ip.into())
}

pub(crate) extern "system" fn allows_name(
    env: Env,
    _: jclass,
    policy: jlong,
    name: jstring,
) -> jboolean {
    guard(env, || Ok(get(policy)?.allows_name(&env.text(name)?)))
}

pub(crate) extern "system" fn allows_name_port(
    env: Env,
    _: jclass,
    policy: jlong,
    name: jstring,
    port: jint,
) -> jboolean {
    guard(env, || {
        Ok(get(policy)?.allows_name_port(&env.text(name)?, port as u16))
    })
}

pub(crate) extern "system" fn allows_http(
    env: Env,
    _: jclass,
    policy: jlong,
    scheme: jstring,
    host: jstring,
    port: jint,
    method: jstring,
) -> jboolean {
    guard(env, || {
        let (scheme, host, method) = (env.text(scheme)?, env.text(host)?, env.text(method)?);
        Ok(get(policy)?.allows_http(&scheme, &host, port as u16, &method))
    })
}
