//! Policy: what a guest may reach. It starts at nothing, grants by name, and is only ever narrowed.

mod asked;
mod grants;
mod http;
mod json;
mod memory;
mod name;
mod net;
mod ports;
mod texts;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::{Result, strict};

pub use asked::address_of;
use http::HttpScope;
pub use memory::MemoryDir;
use name::Names;
use net::Network;
pub use ports::Ports;
pub use texts::{argument, not_unicode, variable};

/// What the guests of a store may reach by WASI, beside their imports. Immutable: each method
/// that grants returns a new policy. `Policy::none()` grants nothing.
///
/// For the guest, what was not granted is an error of WASI, as if it were not there or not permitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    dirs: BTreeMap<String, Dir>,
    memory_dirs: BTreeMap<String, MemoryDir>,
    env: BTreeMap<String, String>,
    args: Vec<String>,
    clock: Clock,
    random: Random,
    network: Network,
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

/// Which clock guests see, in the order of how much it reveals. It decides the times of files, too: they are
/// 0 without a clock, and the clock's own time if it is not the real one.
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

/// Which random numbers guests get, in the order of their quality.
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

    /// Grants the real clock and secure random numbers, which the standard libraries of most languages
    /// need to start a program, and nothing else.
    pub fn program() -> Policy {
        Policy::none()
            .with_clock(Clock::Real)
            .with_random(Random::Secure)
    }

    /// Grants to look at and read a folder of the host, under the name that guests see.
    ///
    /// # Errors
    /// As [`Policy::with_dir`].
    pub fn with_read_only_dir(
        self,
        guest: impl Into<String>,
        host: impl AsRef<Path>,
    ) -> Result<Policy> {
        self.with_dir(guest, host, Access::Read)
    }

    /// Grants a folder of the host, under the name that guests see. The kernel's file systems below
    /// it, such as `/proc` and `/sys`, are not given, unless this is a folder inside of one.
    ///
    /// # Errors
    /// `type` if the name or the path has a zero byte.
    pub fn with_dir(
        mut self,
        guest: impl Into<String>,
        host: impl AsRef<Path>,
        access: Access,
    ) -> Result<Policy> {
        let path = host.as_ref().to_owned();
        self.add_dir(guest.into(), Dir { path, access })?;
        Ok(self)
    }

    fn add_dir(&mut self, guest: String, dir: Dir) -> Result<()> {
        texts::check_folder(&guest, Some(&dir.path))?;
        self.memory_dirs.remove(&guest);
        self.dirs.insert(guest, dir);
        Ok(())
    }

    /// Grants a folder that each store makes for itself, in memory where the system has a place for
    /// that, with these files in it at the start; it is gone with the store. Files are named by
    /// their paths inside, with `/`.
    ///
    /// # Errors
    /// `type` if a path is absolute or leads out, or is that of a file and of a folder, or if the name
    /// has a zero byte.
    pub fn with_memory_dir<N: Into<String>, B: Into<Vec<u8>>>(
        mut self,
        guest: impl Into<String>,
        files: impl IntoIterator<Item = (N, B)>,
        access: Access,
    ) -> Result<Policy> {
        let files = files.into_iter();
        let files = files.map(|(name, bytes)| (name.into(), bytes.into()));
        let dir = MemoryDir::new(files.collect(), access)?;
        self.add_memory_dir(guest.into(), dir)?;
        Ok(self)
    }

    fn add_memory_dir(&mut self, guest: String, dir: MemoryDir) -> Result<()> {
        texts::check_folder(&guest, None)?;
        self.dirs.remove(&guest);
        self.memory_dirs.insert(guest, dir);
        Ok(())
    }

    /// Grants to see a variable of the environment, with this value.
    ///
    /// # Errors
    /// `type` if the name is empty or has a `=`, or if name or value have a zero byte: a guest would see
    /// another variable.
    pub fn with_env(mut self, name: impl Into<String>, value: impl Into<String>) -> Result<Policy> {
        self.add_env(name.into(), value.into())?;
        Ok(self)
    }

    fn add_env(&mut self, name: String, value: String) -> Result<()> {
        texts::check_variable(&name, &value)?;
        self.env.insert(name, value);
        Ok(())
    }

    /// Gives the arguments that a program sees, its name first.
    ///
    /// # Errors
    /// `type` if one has a zero byte, at which a guest would cut it.
    pub fn with_args<A: Into<String>>(
        mut self,
        args: impl IntoIterator<Item = A>,
    ) -> Result<Policy> {
        self.set_args(args.into_iter().map(Into::into).collect())?;
        Ok(self)
    }

    fn set_args(&mut self, args: Vec<String>) -> Result<()> {
        let mut each = args.iter().enumerate();
        each.try_for_each(|(i, arg)| texts::check_argument(i, arg))?;
        self.args = args;
        Ok(())
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

    /// The folders that each store makes for itself, by the names that guests see.
    pub fn memory_dirs(&self) -> &BTreeMap<String, MemoryDir> {
        &self.memory_dirs
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

    /// The policy that grants what both grant; it is never wider than either. A folder must be the same
    /// one in both, a folder in memory must have the same files, and each keeps the lesser access. Of
    /// clocks and random numbers the lesser one counts; two that differ only in their numbers give none.
    /// A variable must have the same value in both, and so must the arguments. Of networks, ports and
    /// names, what is in both remains.
    pub fn restrict(&self, by: &Policy) -> Policy {
        let dirs = self.dirs.iter().filter_map(|(name, dir)| {
            let other = by.dirs.get(name).filter(|other| other.path == dir.path)?;
            let access = dir.access.min(other.access);
            let path = dir.path.clone();
            Some((name.clone(), Dir { path, access }))
        });
        let memory_dirs = self.memory_dirs.iter().filter_map(|(name, dir)| {
            let both = dir.meet(by.memory_dirs.get(name)?)?;
            Some((name.clone(), both))
        });
        let env = self.env.iter();
        let env = env.filter(|(name, value)| by.env.get(*name) == Some(value));
        Policy {
            dirs: dirs.collect(),
            memory_dirs: memory_dirs.collect(),
            env: env
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            args: match self.args == by.args {
                true => self.args.clone(),
                false => Vec::new(),
            },
            clock: match self.clock.rank().cmp(&by.clock.rank()) {
                Ordering::Less => self.clock,
                Ordering::Greater => by.clock,
                Ordering::Equal if self.clock == by.clock => self.clock,
                Ordering::Equal => Clock::None,
            },
            random: match self.random.rank().cmp(&by.random.rank()) {
                Ordering::Less => self.random,
                Ordering::Greater => by.random,
                Ordering::Equal if self.random == by.random => self.random,
                Ordering::Equal => Random::None,
            },
            network: self.network.restrict(&by.network),
        }
    }

    /// Whether everything that `other` grants is granted here. If several grants of the network are
    /// needed together for it, such as two ranges of ports that meet, it counts as not granted.
    pub fn allows(&self, other: &Policy) -> bool {
        let dirs = other.dirs.iter().all(|(name, dir)| {
            let ours = self.dirs.get(name);
            ours.is_some_and(|ours| ours.path == dir.path && ours.access >= dir.access)
        });
        let memory_dirs = other.memory_dirs.iter().all(|(name, dir)| {
            let ours = self.memory_dirs.get(name);
            ours.is_some_and(|ours| ours.covers(dir))
        });
        let mut env = other.env.iter();
        dirs && memory_dirs
            && env.all(|(name, value)| self.env.get(name) == Some(value))
            && (other.args.is_empty() || other.args == self.args)
            && (self.clock == other.clock || self.clock.rank() > other.clock.rank())
            && (self.random == other.random || self.random.rank() > other.random.rank())
            && self.network.covers(&other.network)
    }

    /// Reads a policy from a file of JSON.
    ///
    /// # Errors
    /// `io` if the file cannot be read, otherwise as [`Policy::from_json`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Policy> {
        strict::from_file(path.as_ref(), Policy::from_json)
    }
}

/// Grants of the network. They are judged by the questions below. No function of WASI preview 1
/// opens a connection, so guests of it reach no network whatever is granted here.
impl Policy {
    /// Grants to connect by TCP to a network, which is an address or has the form `10.0.0.0/8`.
    ///
    /// # Errors
    /// `type` if it is neither.
    pub fn with_tcp_connect(mut self, network: &str, ports: impl Into<Ports>) -> Result<Policy> {
        self.network
            .tcp_connect
            .add(net::network(network)?, ports.into());
        Ok(self)
    }

    /// Grants to wait for connections by TCP at addresses of this machine.
    ///
    /// # Errors
    /// As [`Policy::with_tcp_connect`].
    pub fn with_tcp_bind(mut self, network: &str, ports: impl Into<Ports>) -> Result<Policy> {
        self.network
            .tcp_bind
            .add(net::network(network)?, ports.into());
        Ok(self)
    }

    /// Grants to send to a network by UDP, and to receive from it.
    ///
    /// # Errors
    /// As [`Policy::with_tcp_connect`].
    pub fn with_udp_connect(mut self, network: &str, ports: impl Into<Ports>) -> Result<Policy> {
        self.network
            .udp_connect
            .add(net::network(network)?, ports.into());
        Ok(self)
    }

    /// Grants to receive by UDP at addresses of this machine.
    ///
    /// # Errors
    /// As [`Policy::with_tcp_connect`].
    pub fn with_udp_bind(mut self, network: &str, ports: impl Into<Ports>) -> Result<Policy> {
        self.network
            .udp_bind
            .add(net::network(network)?, ports.into());
        Ok(self)
    }

    /// Grants to resolve a name and to connect by TCP to the addresses that come back, at these
    /// ports. `*.example.org` stands for all names below that one, without itself, `*` for any.
    /// Whoever answers for the name chooses the addresses, which may be those of this machine.
    ///
    /// # Errors
    /// `type` if it is not a name of a host. Write letters that are not ASCII as `xn--`.
    pub fn with_name(mut self, name: &str, ports: impl Into<Ports>) -> Result<Policy> {
        self.network.names.add(Names::new(name)?, ports.into());
        Ok(self)
    }

    /// Grants requests by HTTP. The scheme is `http`, `https` or `*`; the host is an address or a
    /// name as in [`Policy::with_name`]; the method is written as it is sent, or `*`. It grants no
    /// connections of the guest's own.
    ///
    /// # Errors
    /// `type`, saying what is wrong.
    pub fn with_http(
        mut self,
        scheme: &str,
        host: &str,
        ports: impl Into<Ports>,
        method: &str,
    ) -> Result<Policy> {
        let scope = HttpScope::new(scheme, host, method)?;
        self.network.http.add(scope, ports.into());
        Ok(self)
    }

    /// Whether a guest may connect to an address by TCP. An IPv4 address written as IPv6
    /// (`::ffff:192.0.2.1`) counts as the IPv4 address, and the unspecified address (`0.0.0.0`, `::`)
    /// as this machine, as operating systems treat it.
    pub fn allows_tcp_connect(&self, address: SocketAddr) -> bool {
        net::allows_connect(&self.network.tcp_connect, address)
    }

    /// Whether a guest may wait for connections at an address. `0.0.0.0` means all addresses of
    /// IPv4 and needs a grant of `0.0.0.0/0`; `::` all those of IPv6 alone, with `::/0`.
    pub fn allows_tcp_bind(&self, address: SocketAddr) -> bool {
        net::allows_bind(&self.network.tcp_bind, address)
    }

    /// Whether a guest may send to an address by UDP. See [`Policy::allows_tcp_connect`].
    pub fn allows_udp_connect(&self, address: SocketAddr) -> bool {
        net::allows_connect(&self.network.udp_connect, address)
    }

    /// Whether a guest may receive at an address by UDP. See [`Policy::allows_tcp_bind`].
    pub fn allows_udp_bind(&self, address: SocketAddr) -> bool {
        net::allows_bind(&self.network.udp_bind, address)
    }

    /// Whether a guest may resolve a name. Large letters are small ones, and a dot at the end does
    /// not count.
    pub fn allows_name(&self, name: &str) -> bool {
        self.network.names.scopes().any(|it| it.have(name))
    }

    /// Whether a guest may connect by TCP to an address that this name resolved to.
    pub fn allows_name_port(&self, name: &str, port: u16) -> bool {
        self.network.names.any(port, |it| it.have(name))
    }

    /// Whether a guest may make a request by HTTP.
    pub fn allows_http(&self, scheme: &str, host: &str, port: u16, method: &str) -> bool {
        let grants = &self.network.http;
        grants.any(port, |it| it.allows(scheme, host, method))
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
}

impl Random {
    fn rank(self) -> u8 {
        match self {
            Random::None => 0,
            Random::Seeded(_) => 1,
            Random::Secure => 2,
        }
    }
}
