//! `landbridge compile`: ahead of time.

use std::path::PathBuf;

use clap::Args;
use landbridge::{Error, ErrorKind};

use crate::engine::EngineArgs;
use crate::failure::Failure;
use crate::source;

/// Compiles a module ahead of time, for `run --precompiled` and `call --precompiled`.
///
/// The file fits this version of Landbridge, this sort of CPU and operating system, and these options of the engine. It
/// is machine code: load it only if you would run it as a program.
#[derive(Args)]
pub(crate) struct Compile {
    /// The module, in the binary format or as WebAssembly text; `-` reads it from standard input, and needs --output.
    file: PathBuf,

    /// The file to write; by default FILE with the ending .code.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    engine: EngineArgs,
}

impl Compile {
    pub(crate) fn execute(self) -> Result<i32, Failure> {
        let engine = self.engine.engine()?;
        let output = match self.output {
            None if source::is_input(&self.file) => {
                let text = "a module from standard input has no name: give --output FILE";
                return Err(Failure::usage(Error::new(ErrorKind::Type, text)));
            }
            output => output.unwrap_or_else(|| self.file.with_extension("code")),
        };
        let module = source::compile(&engine, &self.file)?;
        module.compile(output)?;
        Ok(0)
    }
}
