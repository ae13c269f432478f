//! `landbridge run`: a program of WASI.

use std::ffi::OsString;
use std::path::Path;

use clap::{Args, ValueHint};
use landbridge::{Error, ErrorKind, Policy, Program, given};

use crate::failure::Failure;
use crate::grants::Grants;
use crate::source::Source;

/// Runs a program of WASI preview 1, and ends with its exit code.
///
/// The program has the standard streams of this command and its arguments, the real clock and secure random numbers.
/// The standard libraries of most languages need these two to start; `--clock none --random none` takes them away. It
/// has nothing else unless you grant it. With --policy, clock and random numbers are as the file says.
///
/// Put the options of this command before FILE. All words behind it are the program's arguments, whatever they look
/// like; only a `--` directly behind FILE is left out.
#[derive(Args)]
#[command(
    override_usage = "landbridge run [OPTIONS] FILE [ARGS]...",
    after_help = "\
Examples:
  landbridge run app.wasm --verbose input.txt
  landbridge run --dir . --env HOME --timeout 5 app.wasm input.txt
  landbridge run --dir data:/data:rw --memory 64MiB app.wasm --help
  cat app.wasm | landbridge run -"
)]
pub(crate) struct Run {
    #[command(flatten)]
    source: Source,

    /// The module, in the binary format or as WebAssembly text, and the program's arguments; `-` reads the module
    /// from standard input.
    // One list, so that all that follows on FILE is the program's.
    #[arg(value_name = "FILE", required = true, trailing_var_arg = true, value_hint = ValueHint::FilePath)]
    program: Vec<OsString>,

    #[command(flatten)]
    grants: Grants,
}

impl Run {
    pub(crate) fn execute(self) -> Result<i32, Failure> {
        let sandbox = self.grants.sandbox(Policy::program())?;
        let (file, args) = self.words()?;
        let module = self.source.load(file)?;
        let name = file.file_name().unwrap_or_default();
        let program = Program::new(&module, &name.to_string_lossy());
        let program = program.map_err(|error| self.no_program(file, error))?;
        Ok(program.run_with(args, &sandbox)?)
    }

    /// The file, and the program's arguments.
    fn words(&self) -> Result<(&Path, Vec<&str>), Failure> {
        let (file, args) = self.program.split_first().expect("clap asks for one");
        let args = args.strip_prefix(&["--".into()]).unwrap_or(args);
        let texts = args.iter().enumerate().map(|(i, arg)| {
            let text = arg.to_str();
            text.ok_or_else(|| Failure::usage(given::not_unicode(&given::argument(i + 1))))
        });
        Ok((Path::new(file), texts.collect::<Result<_, _>>()?))
    }

    fn no_program(&self, file: &Path, error: Error) -> Failure {
        let text = format!("{}: {}", file.display(), error.message());
        let hint = format!(
            "call a function of it: landbridge call {} NAME",
            self.source.shown(file)
        );
        let failure = Failure::from(Error::new(error.kind(), text));
        // A program of WASI 0.2.
        if error.kind() == ErrorKind::Unsupported {
            return failure;
        }
        // What was built for another host has no functions that can be called here.
        let message = error.message();
        let parts = ["the module was built", "it exports nothing"];
        match parts.iter().any(|part| message.contains(part)) {
            true => failure,
            false => failure.hint(hint),
        }
    }
}
