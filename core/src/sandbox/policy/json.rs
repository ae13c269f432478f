//! A policy as JSON.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ipnet::IpNet;
use serde_json::{Map, Value as Json, json};

use super::grants::{Grants, Scope};
use super::net::network;
use super::{Access, Clock, Dir, HttpScope, MemoryDir, Names, Network, Policy, Ports, Random};
use crate::near::did_you_mean;
use crate::strict;
use crate::{Error, Result};

impl Policy {
    /// The policy as JSON, the same bytes in every host. The network is left out if
    /// nothing of it is granted.
    pub fn to_json(&self) -> String {
        let dirs = self
            .dirs
            .iter()
            .map(|(name, it)| (name.clone(), it.to_json()));
        let memory = self.memory_dirs.iter();
        let memory = memory.map(|(name, it)| (name.clone(), it.to_json()));
        let dirs: Map<_, _> = dirs.chain(memory).collect();
        let mut json = json!({
            "args": self.args,
            "clock": self.clock.to_json(),
            "dirs": dirs,
            "env": self.env,
            "random": self.random.to_json(),
        });
        if self.network != Network::default() {
            json["network"] = self.network.to_json();
        }
        json.to_string()
    }

    /// Reads a policy from JSON. Keys that are not there grant nothing.
    ///
    /// # Errors
    /// `type`, saying which key is unknown or wrong, or there twice and at which line and column.
    pub fn from_json(text: &str) -> Result<Policy> {
        Policy::none().with_json(text)
    }

    /// Grants what a policy in JSON grants as well. As with the other methods, a folder or a variable of a name that is
    /// there takes its place, and so do arguments, a clock and random numbers; keys that are not there change nothing.
    ///
    /// # Errors
    /// As [`Policy::from_json`].
    pub fn with_json(mut self, text: &str) -> Result<Policy> {
        let json = parse(text)?;
        for (key, value) in object(&json, "a policy")? {
            match key.as_str() {
                "args" => self.set_args(texts(value, "args")?)?,
                "clock" => self.clock = Clock::from_json(value)?,
                "dirs" => {
                    for (name, dir) in object(value, "dirs")? {
                        self.read_dir(name.clone(), dir)?;
                    }
                }
                "env" => {
                    for (name, value) in object(value, "env")? {
                        self.add_env(name.clone(), string(value, "env")?)?;
                    }
                }
                "network" => self.network.read(value)?,
                "random" => self.random = Random::from_json(value)?,
                other => return Err(no_key("there is", other, KEYS)),
            }
        }
        Ok(self)
    }
}

impl Access {
    fn name(self) -> &'static str {
        match self {
            Access::Read => "read",
            Access::Write => "write",
        }
    }
}

impl Policy {
    /// A folder of the host has a path, one in memory has files.
    fn read_dir(&mut self, name: String, json: &Json) -> Result<()> {
        match object(json, "a folder")?.contains_key("files") {
            true => self.add_memory_dir(name, MemoryDir::from_json(json)?),
            false => self.add_dir(name, Dir::from_json(json)?),
        }
    }
}

impl MemoryDir {
    fn to_json(&self) -> Json {
        let files = self.files().iter();
        let files = files.map(|(name, bytes)| (name.clone(), content(bytes)));
        let files: Map<_, _> = files.collect();
        json!({"access": self.access().name(), "files": files})
    }

    fn from_json(json: &Json) -> Result<MemoryDir> {
        let (mut files, mut access) = (BTreeMap::new(), Access::Read);
        for (key, value) in object(json, "a folder")? {
            match (key.as_str(), value.as_str()) {
                ("files", _) => {
                    for (name, content) in object(value, "files")? {
                        files.insert(name.clone(), bytes(content)?);
                    }
                }
                ("access", Some("read")) => access = Access::Read,
                ("access", Some("write")) => access = Access::Write,
                _ => {
                    let text = format!("a folder in memory cannot have {key}: {value}");
                    return Err(wrong(&text));
                }
            }
        }
        MemoryDir::new(files, access)
    }
}

/// What a file holds: a text if it is one, else `{"hex": "..."}`.
fn content(bytes: &[u8]) -> Json {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            json!({"hex": hex})
        }
    }
}

fn bytes(json: &Json) -> Result<Vec<u8>> {
    let hex = json.get("hex").and_then(Json::as_str);
    let keys = json.as_object().map_or(0, Map::len);
    let read = match (json.as_str(), hex) {
        (Some(text), _) => Some(text.as_bytes().to_vec()),
        (None, Some(hex)) if keys == 1 => bytes_of(hex),
        _ => None,
    };
    read.ok_or_else(|| wrong("a file holds a text or {\"hex\": \"...\"}"))
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let digits: Option<Vec<u8>> = hex.as_bytes().iter().map(digit).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|two| two[0] << 4 | two[1]).collect())
}

impl Dir {
    fn to_json(&self) -> Json {
        json!({"access": self.access.name(), "path": self.path.to_string_lossy()})
    }

    fn from_json(json: &Json) -> Result<Dir> {
        let (mut path, mut access) = (None, Access::Read);
        for (key, value) in object(json, "a folder")? {
            match (key.as_str(), value.as_str()) {
                ("path", Some(text)) => path = Some(PathBuf::from(text)),
                ("access", Some("read")) => access = Access::Read,
                ("access", Some("write")) => access = Access::Write,
                _ => return Err(wrong(&format!("a folder cannot have {key}: {value}"))),
            }
        }
        let path = path.ok_or_else(|| wrong("a folder needs a path"))?;
        Ok(Dir { path, access })
    }
}

impl Clock {
    fn to_json(self) -> Json {
        match self {
            Clock::None => json!("none"),
            Clock::Fixed(at) => json!({"fixed_ns": at}),
            Clock::Stepped { start, step } => json!({"start_ns": start, "step_ns": step}),
            Clock::Real => json!("real"),
        }
    }

    fn from_json(json: &Json) -> Result<Clock> {
        let number = |key: &str| json.get(key).and_then(Json::as_u64);
        let keys = json.as_object().map_or(0, Map::len);
        match (
            json.as_str(),
            number("fixed_ns"),
            number("start_ns"),
            number("step_ns"),
        ) {
            (Some("none"), ..) => Ok(Clock::None),
            (Some("real"), ..) => Ok(Clock::Real),
            (None, Some(at), None, None) if keys == 1 => Ok(Clock::Fixed(at)),
            (None, None, Some(start), Some(step)) if keys == 2 => {
                Ok(Clock::Stepped { start, step })
            }
            _ => Err(wrong(&format!("no clock is {json}"))),
        }
    }
}

impl Random {
    fn to_json(self) -> Json {
        match self {
            Random::None => json!("none"),
            Random::Seeded(seed) => json!({"seed": seed}),
            Random::Secure => json!("secure"),
        }
    }

    fn from_json(json: &Json) -> Result<Random> {
        let keys = json.as_object().map_or(0, Map::len);
        match (json.as_str(), json.get("seed").and_then(Json::as_u64)) {
            (Some("none"), _) => Ok(Random::None),
            (Some("secure"), _) => Ok(Random::Secure),
            (None, Some(seed)) if keys == 1 => Ok(Random::Seeded(seed)),
            _ => Err(wrong(&format!("no source of random numbers is {json}"))),
        }
    }
}

/// What a grant of the network is for, as an object of texts, which has the ports too.
trait Written: Scope {
    fn write(&self, ports: Ports) -> Json;
    fn read(object: &mut Texts) -> Result<Self>;
}

impl Network {
    fn to_json(&self) -> Json {
        let mut all = Map::new();
        put(&mut all, "http", &self.http);
        put(&mut all, "names", &self.names);
        put(&mut all, "tcp_bind", &self.tcp_bind);
        put(&mut all, "tcp_connect", &self.tcp_connect);
        put(&mut all, "udp_bind", &self.udp_bind);
        put(&mut all, "udp_connect", &self.udp_connect);
        Json::Object(all)
    }

    fn read(&mut self, json: &Json) -> Result<()> {
        for (key, value) in object(json, "network")? {
            match key.as_str() {
                "http" => read(&mut self.http, key, value)?,
                "names" => read(&mut self.names, key, value)?,
                "tcp_bind" => read(&mut self.tcp_bind, key, value)?,
                "tcp_connect" => read(&mut self.tcp_connect, key, value)?,
                "udp_bind" => read(&mut self.udp_bind, key, value)?,
                "udp_connect" => read(&mut self.udp_connect, key, value)?,
                other => return Err(no_key("network has", other, NETWORK_KEYS)),
            }
        }
        Ok(())
    }
}

fn put<S: Written>(all: &mut Map<String, Json>, key: &str, grants: &Grants<S>) {
    let list = grants.iter().map(|(scope, ports)| scope.write(ports));
    let list: Vec<_> = list.collect();
    if !list.is_empty() {
        all.insert(key.to_owned(), list.into());
    }
}

fn read<S: Written>(grants: &mut Grants<S>, key: &str, json: &Json) -> Result<()> {
    let list = json.as_array();
    let list = list.ok_or_else(|| wrong(&format!("{key} must be a list")))?;
    for json in list {
        let mut texts = Texts::new(key, json)?;
        grants.add(S::read(&mut texts)?, texts.ports()?);
        texts.end()?;
    }
    Ok(())
}

/// The keys of a grant, or of a question, that were not read yet.
pub(super) struct Texts<'a> {
    what: &'a str,
    left: Map<String, Json>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(what: &'a str, json: &Json) -> Result<Texts<'a>> {
        let left = object(json, what)?.clone();
        Ok(Texts { what, left })
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.left.contains_key(key)
    }

    pub(super) fn text(&mut self, key: &str) -> Result<String> {
        match self.left.remove(key) {
            Some(Json::String(text)) => Ok(text),
            // A port may be written as a number.
            Some(Json::Number(number)) => Ok(number.to_string()),
            _ => Err(wrong(&format!("{} needs a text {key:?}", self.what))),
        }
    }

    fn ports(&mut self) -> Result<Ports> {
        Ports::parse(&self.text("ports")?)
    }

    pub(super) fn end(self) -> Result<()> {
        match self.left.keys().next() {
            Some(key) => Err(wrong(&format!("{} has no key {key:?}", self.what))),
            None => Ok(()),
        }
    }
}

impl Written for IpNet {
    fn write(&self, ports: Ports) -> Json {
        json!({"network": self.to_string(), "ports": ports.to_string()})
    }

    fn read(texts: &mut Texts) -> Result<IpNet> {
        network(&texts.text("network")?)
    }
}

impl Written for Names {
    fn write(&self, ports: Ports) -> Json {
        json!({"name": self.to_string(), "ports": ports.to_string()})
    }

    fn read(texts: &mut Texts) -> Result<Names> {
        Names::new(&texts.text("name")?)
    }
}

impl Written for HttpScope {
    fn write(&self, ports: Ports) -> Json {
        json!({
            "host": self.host.to_string(),
            "method": self.method.to_string(),
            "ports": ports.to_string(),
            "scheme": self.scheme.to_string(),
        })
    }

    fn read(texts: &mut Texts) -> Result<HttpScope> {
        let (scheme, host) = (texts.text("scheme")?, texts.text("host")?);
        HttpScope::new(&scheme, &host, &texts.text("method")?)
    }
}

/// The keys of a policy, and of a network.
const KEYS: &[&str] = &["args", "clock", "dirs", "env", "network", "random"];
const NETWORK_KEYS: &[&str] = &[
    "http",
    "names",
    "tcp_bind",
    "tcp_connect",
    "udp_bind",
    "udp_connect",
];

pub(super) fn no_key(what: &str, key: &str, known: &[&str]) -> Error {
    let meant = did_you_mean(key, known.iter().copied());
    wrong(&format!("{what} no key {key:?}{meant}"))
}

pub(super) fn wrong(why: &str) -> Error {
    strict::wrong("policy", why)
}

pub(super) fn parse(text: &str) -> Result<Json> {
    strict::parse(text).map_err(|e| wrong(&e.to_string()))
}

pub(super) fn object<'a>(json: &'a Json, what: &str) -> Result<&'a Map<String, Json>> {
    let found = json.as_object();
    found.ok_or_else(|| wrong(&format!("{what} must be an object, not {json}")))
}

fn string(json: &Json, what: &str) -> Result<String> {
    let found = json.as_str().map(str::to_owned);
    found.ok_or_else(|| wrong(&format!("{what} must have texts, not {json}")))
}

fn texts(json: &Json, what: &str) -> Result<Vec<String>> {
    let list = json
        .as_array()
        .ok_or_else(|| wrong(&format!("{what} must be a list")))?;
    list.iter().map(|text| string(text, what)).collect()
}
