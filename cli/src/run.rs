//! `landbridge run`: a program of WASI.

use clap::Args;
use landbridge::{Error, ErrorKind, Policy, Program};

use crate::failure::Failure;
use crate::grants::Grants;
use crate::source::Source;

/// Runs a program of WASI preview 1, and ends with its exit code.
///
/// The program has the standard streams of this command and its arguments. It gets nothing else unless it is
/// granted, but for the real clock and secure random numbers, which the standard libraries of most languages need
/// to start: `--clock none --random none` takes these away. With --policy, clock and random numbers are as the file says.
///
/// The program's arguments begin behind FILE with the first word that is no option of this command, such as
/// --verbose or in.txt; everything from there on is the program's. Put `--` before them if the program has an option of
/// the same name as this command, such as --help.
#[derive(Args)]
#[command(after_help = "\
Examples:
  landbridge run app.wasm --verbose input.txt
  landbridge run --dir . --env HOME --timeout 5 app.wasm input.txt
  landbridge run app.wasm --dir data:/data:rw --memory 64MiB -- --help
  cat app.wasm | landbridge run -")]
pub(crate) struct Run {
    #[command(flatten)]
    source: Source,

    /// Arguments of the program.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,

    #[command(flatten)]
    grants: Grants,
}

impl Run {
    pub(crate) fn execute(self) -> Result<i32, Failure> {
        let sandbox = self.grants.sandbox(Policy::program())?;
        let module = self.source.load()?;
        let name = self.source.file.file_name().unwrap_or_default();
        let program = Program::new(&module, &name.to_string_lossy());
        let program = program.map_err(|error| self.no_program(error))?;
        Ok(program.run_with(self.args, &sandbox)?)
    }

    fn no_program(&self, error: Error) -> Failure {
        let text = format!("{}: {}", self.source.file.display(), error.message());
        let hint = format!(
            "call a function of it: landbridge call {} NAME",
            self.source.shown()
        );
        Failure::from(Error::new(ErrorKind::NotFound, text)).hint(hint)
    }
}
