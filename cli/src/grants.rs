//! What a guest may touch and how much it may use, as options.

use std::env::VarError;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use landbridge::{
    Access, Clock, Error, Input, Limits, Output, Policy, Random, Sandbox, Stdio, given,
};

use crate::dir::DirArg;
use crate::quantity;

#[derive(Args)]
pub(crate) struct Grants {
    /// Grant a folder, to read (ro, which is the default) or to write as well (rw). Without GUEST the guest sees it under
    /// the same name. HOST::GUEST means the same as HOST:GUEST. May be given several times.
    #[arg(long, value_name = "HOST[:GUEST][:ro|rw]", help_heading = "Grants")]
    dir: Vec<DirArg>,

    /// Grant an empty folder in memory under this name, to write to. It is gone when the guest ends.
    #[arg(long, value_name = "GUEST", help_heading = "Grants")]
    memory_dir: Vec<String>,

    /// Grant a variable of the environment; without a value it gets that of this command. May be given several times.
    #[arg(long, value_name = "NAME[=VALUE]", value_parser = variable, help_heading = "Grants")]
    env: Vec<(String, String)>,

    /// Grant a clock: none, real, or fixed=NS, which always shows this many nanoseconds since 1970.
    #[arg(long, value_parser = clock, help_heading = "Grants")]
    clock: Option<Clock>,

    /// Grant random numbers: none, secure, or seed=N, the same ones each time.
    #[arg(long, value_parser = random, help_heading = "Grants")]
    random: Option<Random>,

    /// Grant what the policy in this JSON file grants; other options add to it.
    #[arg(long, value_name = "FILE", help_heading = "Grants")]
    policy: Option<PathBuf>,

    /// Use the limits in this JSON file; other options override them.
    #[arg(long, value_name = "FILE", help_heading = "Limits")]
    limits: Option<PathBuf>,

    /// End a call that takes longer: seconds, or with a unit, such as 500ms, 2s, 1m.
    #[arg(long, value_name = "TIME", value_parser = quantity::time, help_heading = "Limits")]
    timeout: Option<Duration>,

    /// Bytes that all memories may have together, such as 64MiB.
    #[arg(long, value_name = "SIZE", value_parser = quantity::size, help_heading = "Limits")]
    memory: Option<u64>,

    /// End a guest that uses more fuel: about one unit an instruction.
    #[arg(long, value_name = "N", help_heading = "Limits")]
    fuel: Option<u64>,

    /// End a guest that writes more to stdout and stderr together.
    #[arg(long, value_name = "SIZE", value_parser = quantity::size, help_heading = "Limits")]
    output_limit: Option<u64>,

    /// Bytes that may be written into files of granted folders; for the guest, the disk is full then.
    #[arg(long, value_name = "SIZE", value_parser = quantity::size, help_heading = "Limits")]
    write_limit: Option<u64>,

    /// Bytes that one call of a component may take, and give; 128MiB by default.
    #[arg(long, value_name = "SIZE", value_parser = quantity::size, help_heading = "Limits")]
    transfer_limit: Option<u64>,

    /// Print on stderr what the guest was refused.
    #[arg(long, help_heading = "Grants")]
    refusals: bool,
}

impl Grants {
    /// The sandbox with the standard streams of this process. `default` counts where no file has a policy.
    pub(crate) fn sandbox(&self, default: Policy) -> Result<Sandbox, Error> {
        Ok(Sandbox {
            policy: self.add(
                self.policy
                    .as_ref()
                    .map_or(Ok(default), Policy::from_file)?,
            )?,
            limits: self.limits()?,
            stdio: Stdio {
                stdin: Input::Inherit,
                stdout: Output::Inherit,
                stderr: Output::Inherit,
                refusals: match self.refusals {
                    true => Output::Inherit,
                    false => Output::None,
                },
            },
        })
    }

    fn add(&self, mut policy: Policy) -> Result<Policy, Error> {
        policy = self
            .dir
            .iter()
            .try_fold(policy, |policy, dir| dir.grant(policy))?;
        for name in &self.memory_dir {
            let files: [(&str, &str); 0] = [];
            policy = policy.with_memory_dir(name, files, Access::Write)?;
        }
        policy = self
            .env
            .iter()
            .try_fold(policy, |policy, (name, value)| policy.with_env(name, value))?;
        let (clock, random) = (policy.clock(), policy.random());
        Ok(policy
            .with_clock(self.clock.unwrap_or(clock))
            .with_random(self.random.unwrap_or(random)))
    }

    fn limits(&self) -> Result<Limits, Error> {
        let file = self.limits.as_deref().map(given::limits_from).transpose()?;
        let file = file.unwrap_or_default();
        Ok(Limits {
            memory_bytes: self.memory.or(file.memory_bytes),
            fuel: self.fuel.or(file.fuel),
            output_bytes: self.output_limit.or(file.output_bytes),
            written_bytes: self.write_limit.or(file.written_bytes),
            timeout: self.timeout.or(file.timeout),
            transfer_bytes: self.transfer_limit.or(file.transfer_bytes),
            ..file
        })
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        None if !text.is_empty() => inherited(text),
        _ => Err(
            "a variable is NAME=VALUE, or NAME to pass on the value that it has here".to_owned(),
        ),
    }
}

/// A variable with the value that it has in this process.
fn inherited(name: &str) -> Result<(String, String), String> {
    match std::env::var(name) {
        Ok(value) => Ok((name.to_owned(), value)),
        Err(VarError::NotPresent) => Err(format!("{name} is not set here; give {name}=VALUE")),
        Err(VarError::NotUnicode(_)) => Err(format!(
            "the value of {name} is no UTF-8; give {name}=VALUE"
        )),
    }
}

fn clock(text: &str) -> Result<Clock, String> {
    let fixed = text.strip_prefix("fixed=").and_then(|ns| ns.parse().ok());
    match (text, fixed) {
        ("none", _) => Ok(Clock::None),
        ("real", _) => Ok(Clock::Real),
        (_, Some(ns)) => Ok(Clock::Fixed(ns)),
        _ => Err("a clock is none, real or fixed=NS".to_owned()),
    }
}

fn random(text: &str) -> Result<Random, String> {
    let seed = text
        .strip_prefix("seed=")
        .and_then(|seed| seed.parse().ok());
    match (text, seed) {
        ("none", _) => Ok(Random::None),
        ("secure", _) => Ok(Random::Secure),
        (_, Some(seed)) => Ok(Random::Seeded(seed)),
        _ => Err("random numbers are none, secure or seed=N".to_owned()),
    }
}
