//! `landbridge compile`: ahead of time.

use std::path::PathBuf;

use clap::Args;
use landbridge::Module;

use crate::engine::EngineArgs;
use crate::failure::Failure;
use crate::progress;

/// Compiles a module ahead of time, for `run --precompiled` and `call --precompiled`.
///
/// The file fits this version of Landbridge, this sort of CPU and operating system, and these options of the engine. It is
/// machine code: whoever loads it trusts it as a program.
#[derive(Args)]
pub(crate) struct Compile {
    /// The module, in the binary format or as WebAssembly text.
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
        let compile = || Module::from_file_with_engine(&engine, &self.file);
        let module = progress::compiling(&self.file, compile)?;
        let output = self
            .output
            .unwrap_or_else(|| self.file.with_extension("code"));
        module.compile(output)?;
        Ok(0)
    }
}
