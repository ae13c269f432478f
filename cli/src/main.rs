//! The command `landbridge`: runs programs, calls functions, inspects modules, compiles them ahead of
//! time, puts WIT texts into components, and writes their types for other languages.

mod argument;
mod call;
mod compile;
mod component;
mod dir;
mod embed;
mod engine;
mod failure;
mod float;
mod grants;
mod inspect;
mod output;
mod progress;
mod quantity;
mod result;
mod run;
mod source;
mod string;
mod types;
mod wasi;
mod wit;

use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use failure::Failure;

const AFTER_HELP: &str = "\
Exit codes:
  0    done. With `run`, and where a guest exits by itself, it is the guest's own exit code
  1    a file, a module or a policy cannot be used: io, compile, link, not_found, ...; or a component's function gave an
       err, which is printed
  2    the command line is wrong
  70   the guest failed: a trap, an uncaught exception, a limit reached; or a defect in Landbridge
  124  the guest took longer than --timeout

Examples:
  landbridge run app.wasm --verbose input.txt
  landbridge run --dir data:/data:ro --timeout 5 --memory 64MiB app.wasm < input > output
  landbridge call calc.wasm add 2 3
  landbridge call greet.wasm hello --string Ada
  landbridge call component.wasm greet '{name: \"Ada\", age: 36}'
  landbridge inspect calc.wasm
  landbridge compile calc.wasm -o calc.code
  landbridge embed greet.wasm greet.wit -o greet.wasm
  landbridge types greet.wasm --python -o greet.pyi
  landbridge call --precompiled calc.code add 2 3

An error is one line, `landbridge: kind: message`, followed by the guest's frames. A module is a file in the binary format or
WebAssembly text; `-` reads it from standard input. Compiled code is kept in the user's cache folder; set LANDBRIDGE_CACHE
to another folder, or to `off`. A folder whose files other users could change is not used.";

/// Runs and inspects WebAssembly modules. A guest gets what is granted and nothing else.
#[derive(Parser)]
#[command(name = "landbridge", version, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Run),
    Call(call::Call),
    Inspect(inspect::Inspect),
    Compile(compile::Compile),
    Embed(embed::Embed),
    Types(types::Types),
    /// Prints a script that completes this command in a shell.
    ///
    /// For bash: landbridge completions bash > ~/.local/share/bash-completion/completions/landbridge
    Completions {
        /// The shell.
        shell: Shell,
    },
}

impl Command {
    /// Carries it out, and gives the exit code.
    fn execute(self) -> Result<i32, Failure> {
        match self {
            Command::Run(run) => run.execute(),
            Command::Call(call) => call.execute(),
            Command::Inspect(inspect) => inspect.execute(),
            Command::Compile(compile) => compile.execute(),
            Command::Embed(embed) => embed.execute(),
            Command::Types(types) => types.execute(),
            Command::Completions { shell } => complete(shell),
        }
    }
}

fn complete(shell: Shell) -> Result<i32, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "landbridge", &mut script);
    output::print(&script)?;
    Ok(0)
}

fn main() {
    landbridge::host::print_defects_alone();
    output::end_with_the_reader();
    let command = Cli::parse().command;
    let outcome = catch_unwind(AssertUnwindSafe(|| command.execute()));
    let outcome =
        outcome.unwrap_or_else(|panic| Err(landbridge::Error::from_panic(&*panic).into()));
    std::process::exit(outcome.unwrap_or_else(|failure| failure.tell()));
}

#[cfg(test)]
mod man;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }
}
