//! Questions to a policy, as JSON.

use std::net::{IpAddr, SocketAddr};

use serde_json::Value as Json;

use super::{Policy, strict, wrong};
use crate::Result;

impl Policy {
    /// The answer to a question that is written as JSON, for hosts that have no other way to ask: an object of one key.
    /// Of `tcp_connect`, `tcp_bind`, `udp_connect` and `udp_bind` it is `{"address": "10.0.0.1", "port": 80}`, of `name`
    /// `{"name": "example.org"}` with or without a port, of `http`
    /// `{"scheme": "https", "host": "example.org", "port": 443, "method": "GET"}`.
    ///
    /// # Errors
    /// `type` if it is no such question.
    pub fn allows_json(&self, question: &str) -> Result<bool> {
        let json = strict::parse(question).map_err(|e| wrong(&e.to_string()))?;
        let about = |key: &str| json.get(key);
        if let Some(asked) = about("tcp_connect") {
            Ok(self.allows_tcp_connect(address(asked)?))
        } else if let Some(asked) = about("tcp_bind") {
            Ok(self.allows_tcp_bind(address(asked)?))
        } else if let Some(asked) = about("udp_connect") {
            Ok(self.allows_udp_connect(address(asked)?))
        } else if let Some(asked) = about("udp_bind") {
            Ok(self.allows_udp_bind(address(asked)?))
        } else if let Some(asked) = about("name") {
            let name = text(asked, "name")?;
            Ok(match asked.get("port") {
                None => self.allows_name(name),
                Some(_) => self.allows_name_port(name, port(asked)?),
            })
        } else if let Some(asked) = about("http") {
            let (scheme, host) = (text(asked, "scheme")?, text(asked, "host")?);
            Ok(self.allows_http(scheme, host, port(asked)?, text(asked, "method")?))
        } else {
            Err(wrong(&format!("{question} is no question to it")))
        }
    }
}

fn address(asked: &Json) -> Result<SocketAddr> {
    let ip: Option<IpAddr> = text(asked, "address")?.parse().ok();
    let ip = ip.ok_or_else(|| wrong("an address is asked for as 10.0.0.1 or ::1"))?;
    Ok(SocketAddr::new(ip, port(asked)?))
}

fn text<'a>(asked: &'a Json, key: &str) -> Result<&'a str> {
    let found = asked.get(key).and_then(Json::as_str);
    found.ok_or_else(|| wrong(&format!("a question needs a text {key:?}")))
}

fn port(asked: &Json) -> Result<u16> {
    let found = asked.get("port").and_then(Json::as_u64);
    let found = found.and_then(|port| u16::try_from(port).ok());
    found.ok_or_else(|| wrong("a question needs a port from 0 to 65535"))
}
