//! The module that a command is about.

use std::path::PathBuf;

use clap::Args;
use landbridge::{Error, Module};

use crate::engine::EngineArgs;
use crate::progress;

#[derive(Args)]
pub(crate) struct Source {
    /// The module, in the binary format or as WebAssembly text.
    pub(crate) file: PathBuf,

    /// FILE was made by `landbridge compile`. It is machine code and is trusted: never give one from somebody you
    /// would not run a program from.
    #[arg(long)]
    precompiled: bool,

    #[command(flatten)]
    engine: EngineArgs,
}

impl Source {
    pub(crate) fn load(&self) -> Result<Module, Error> {
        let engine = self.engine.engine()?;
        match self.precompiled {
            // SAFETY: who gives the flag trusts the file, as its help says; it is there as long as
            // the process, which nobody has a reason to change it under.
            true => unsafe { Module::load_precompiled(&engine, &self.file) },
            false => progress::compiling(&self.file, || {
                Module::from_file_with_engine(&engine, &self.file)
            }),
        }
    }

    /// How to write this module on a command line.
    pub(crate) fn shown(&self) -> String {
        let file = self.file.display();
        match self.precompiled {
            true => format!("--precompiled {file}"),
            false => file.to_string(),
        }
    }
}
