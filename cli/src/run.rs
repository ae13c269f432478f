//! `landbridge run`: a program of WASI.

use clap::Args;
use landbridge::{Clock, Error, ErrorKind, Imports, Module, Policy, Random};

use crate::failure::Failure;
use crate::grants::Grants;
use crate::source::Source;

/// Runs a program of WASI preview 1, and ends with its exit code.
///
/// The program has the standard streams of this command and its arguments. It gets nothing else unless it is
/// granted, but for the real clock and secure random numbers, which the standard libraries of most languages need
/// to start: `--clock none --random none` takes these away. With --policy, clock and random numbers are as the file says.
#[derive(Args)]
#[command(after_help = "\
Examples:
  landbridge run app.wasm -- --verbose input.txt
  landbridge run app.wasm --dir data:/data:ro --timeout 500ms --memory 64MiB")]
pub(crate) struct Run {
    #[command(flatten)]
    source: Source,

    /// Arguments of the program. Those that begin with a hyphen go behind `--`.
    args: Vec<String>,

    #[command(flatten)]
    grants: Grants,
}

impl Run {
    pub(crate) fn execute(self) -> Result<i32, Failure> {
        let default = Policy::none()
            .with_clock(Clock::Real)
            .with_random(Random::Secure);
        let mut sandbox = self.grants.sandbox(default)?;
        sandbox.policy = self.with_args(sandbox.policy)?;
        let module = self.source.load()?;
        self.check(&module)?;
        let program = module.instantiate_with(&Imports::new(), &sandbox)?;
        Ok(program.run()?)
    }

    /// A program's first argument is its name. Those of a policy hold if none are given.
    fn with_args(&self, policy: Policy) -> Result<Policy, Error> {
        if self.args.is_empty() && !policy.args().is_empty() {
            return Ok(policy);
        }
        let name = self.source.file.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        policy.with_args([name].into_iter().chain(self.args.iter().cloned()))
    }

    /// Before anything of it runs: a library is no program.
    fn check(&self, module: &Module) -> Result<(), Failure> {
        if module.exports().iter().any(|(name, _)| name == "_start") {
            return Ok(());
        }
        let text = format!(
            "{}: this is no program: there is no _start",
            self.source.file.display()
        );
        let hint = format!(
            "call a function of it: landbridge call {} NAME",
            self.source.shown()
        );
        Err(Failure::from(Error::new(ErrorKind::NotFound, text)).hint(hint))
    }
}
