//! Policy: what a guest may touch. It starts at nothing, grants by name, and is only ever narrowed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};

use crate::{Error, ErrorKind, Result};

/// What the guests of a store may touch beyond what their imports lend them. Immutable: each method
/// that grants gives a new policy. `Policy::none()` grants nothing.
///
/// What was not granted gives the guest an error of WASI, as if it were not there or not permitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    dirs: BTreeMap<String, Dir>,
    env: BTreeMap<String, String>,
    args: Vec<String>,
    clock: Clock,
    random: Random,
}

/// A folder of the host that guests see under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dir {
    /// Where it is on the host.
    pub path: PathBuf,
    /// What guests may do with it.
    pub access: Access,
}

/// What guests may do with a folder and all that is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Look and read.
    Read,
    /// Make, write, rename and remove as well.
    Write,
}

/// Which clock guests see. Ordered by what it tells them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// None: asking for the time is an error.
    #[default]
    None,
    /// One that stands at so many nanoseconds since 1970.
    Fixed(u64),
    /// One that starts there and goes on by `step` nanoseconds each time it is asked.
    Stepped {
        /// Nanoseconds since 1970.
        start: u64,
        /// Nanoseconds.
        step: u64,
    },
    /// The host's.
    Real,
}

/// Which random numbers guests get. Ordered by what they are good for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Random {
    /// None: asking for some is an error.
    #[default]
    None,
    /// The same ones each time, from a seed. Not for secrets.
    Seeded(u64),
    /// Those of the operating system.
    Secure,
}

impl Policy {
    /// Grants nothing.
    pub fn none() -> Policy {
        Policy::default()
    }

    /// Grants to look at and read a folder of the host, under the name that guests see.
    pub fn with_read_only_dir(self, guest: impl Into<String>, host: impl AsRef<Path>) -> Policy {
        self.with_dir(guest, host, Access::Read)
    }

    /// Grants a folder of the host, under the name that guests see.
    pub fn with_dir(
        mut self,
        guest: impl Into<String>,
        host: impl AsRef<Path>,
        access: Access,
    ) -> Policy {
        let path = host.as_ref().to_owned();
        self.dirs.insert(guest.into(), Dir { path, access });
        self
    }

    /// Grants to see a variable of the environment, with this value.
    pub fn with_env(mut self, name: impl Into<String>, value: impl Into<String>) -> Policy {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Gives the arguments that a program sees, its name first.
    pub fn with_args<A: Into<String>>(mut self, args: impl IntoIterator<Item = A>) -> Policy {
        self.args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Grants a clock.
    pub fn with_clock(mut self, clock: Clock) -> Policy {
        self.clock = clock;
        self
    }

    /// Grants random numbers.
    pub fn with_random(mut self, random: Random) -> Policy {
        self.random = random;
        self
    }

    /// The folders, by the names that guests see.
    pub fn dirs(&self) -> &BTreeMap<String, Dir> {
        &self.dirs
    }

    /// The environment.
    pub fn env(&self) -> &BTreeMap<String, String> {
        &self.env
    }

    /// The arguments.
    pub fn args(&self) -> &[String] {
        &self.args
    }

    /// The clock.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The random numbers.
    pub fn random(&self) -> Random {
        self.random
    }

    /// What both grant: never wider than either. A folder must be the same one in both and keeps
    /// the lesser access; of clocks and random numbers the lesser one counts; a variable must have
    /// the same value in both, and so must the arguments.
    pub fn restrict(&self, by: &Policy) -> Policy {
        let dirs = self.dirs.iter().filter_map(|(name, dir)| {
            let other = by.dirs.get(name).filter(|other| other.path == dir.path)?;
            let access = dir.access.min(other.access);
            let path = dir.path.clone();
            Some((name.clone(), Dir { path, access }))
        });
        let env = self.env.iter();
        let env = env.filter(|(name, value)| by.env.get(*name) == Some(value));
        Policy {
            dirs: dirs.collect(),
            env: env
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            args: match self.args == by.args {
                true => self.args.clone(),
                false => Vec::new(),
            },
            clock: match by.clock.rank() < self.clock.rank() {
                true => by.clock,
                false => self.clock,
            },
            random: match by.random.rank() < self.random.rank() {
                true => by.random,
                false => self.random,
            },
        }
    }

    /// Whether everything that `other` grants is granted here.
    pub fn allows(&self, other: &Policy) -> bool {
        let dirs = other.dirs.iter().all(|(name, dir)| {
            let ours = self.dirs.get(name);
            ours.is_some_and(|ours| ours.path == dir.path && ours.access >= dir.access)
        });
        let mut env = other.env.iter();
        dirs && env.all(|(name, value)| self.env.get(name) == Some(value))
            && (other.args.is_empty() || other.args == self.args)
            && (self.clock == other.clock || self.clock.rank() > other.clock.rank())
            && (self.random == other.random || self.random.rank() > other.random.rank())
    }

    /// The policy as JSON, the same bytes in every host.
    pub fn to_json(&self) -> String {
        let dir =
            |dir: &Dir| json!({"access": dir.access.name(), "path": dir.path.to_string_lossy()});
        let dirs: Map<_, _> = self
            .dirs
            .iter()
            .map(|(name, it)| (name.clone(), dir(it)))
            .collect();
        json!({
            "args": self.args,
            "clock": self.clock.to_json(),
            "dirs": dirs,
            "env": self.env,
            "random": self.random.to_json(),
        })
        .to_string()
    }

    /// Reads a policy from JSON. Keys that are not there grant nothing.
    ///
    /// # Errors
    /// `type`, saying which key is unknown or wrong.
    pub fn from_json(text: &str) -> Result<Policy> {
        let json: Json = serde_json::from_str(text).map_err(|e| wrong(&e.to_string()))?;
        let mut policy = Policy::none();
        for (key, value) in object(&json, "a policy")? {
            match key.as_str() {
                "args" => policy.args = texts(value, "args")?,
                "clock" => policy.clock = Clock::from_json(value)?,
                "dirs" => {
                    for (name, dir) in object(value, "dirs")? {
                        policy.dirs.insert(name.clone(), Dir::from_json(dir)?);
                    }
                }
                "env" => {
                    for (name, value) in object(value, "env")? {
                        policy.env.insert(name.clone(), string(value, "env")?);
                    }
                }
                "random" => policy.random = Random::from_json(value)?,
                other => return Err(wrong(&format!("there is no key {other:?}"))),
            }
        }
        Ok(policy)
    }

    /// Reads a policy from a file of JSON.
    ///
    /// # Errors
    /// `io` if the file cannot be read, otherwise as [`Policy::from_json`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Policy> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, &e))?;
        Policy::from_json(&text)
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

impl Dir {
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
    fn rank(self) -> u8 {
        match self {
            Clock::None => 0,
            Clock::Fixed(_) => 1,
            Clock::Stepped { .. } => 2,
            Clock::Real => 3,
        }
    }

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
    fn rank(self) -> u8 {
        match self {
            Random::None => 0,
            Random::Seeded(_) => 1,
            Random::Secure => 2,
        }
    }

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

fn wrong(why: &str) -> Error {
    Error::new(ErrorKind::Type, format!("the policy: {why}"))
}

fn object<'a>(json: &'a Json, what: &str) -> Result<&'a Map<String, Json>> {
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
