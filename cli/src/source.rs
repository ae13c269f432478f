//! The module that a command is about.

use std::path::Path;

use clap::Args;
use landbridge::{Engine, Error, ErrorKind, Module, given, text};

use crate::engine::EngineArgs;
use crate::progress;

#[derive(Args)]
pub(crate) struct Source {
    /// FILE was made by `landbridge compile`. It is machine code that runs with your rights: only give a file from
    /// somebody whose programs you would run.
    #[arg(long)]
    precompiled: bool,

    #[command(flatten)]
    engine: EngineArgs,
}

impl Source {
    pub(crate) fn load(&self, file: &Path) -> Result<Module, Error> {
        let engine = self.engine.engine()?;
        match self.precompiled {
            true if is_input(file) => Err(Error::new(
                ErrorKind::Io,
                "a precompiled module is used where it lies: give its file, not `-`",
            )),
            // SAFETY: who gives the flag trusts the file, as its help says; it is there as long as
            // the process, which nobody has a reason to change it under.
            true => unsafe { Module::load_precompiled(&engine, file) },
            false => compile(&engine, file),
        }
    }

    /// How to write this module on a command line.
    pub(crate) fn shown(&self, file: &Path) -> String {
        let file = file.display().to_string();
        let file = text::name(&file);
        match self.precompiled {
            true => format!("--precompiled {file}"),
            false => file.to_string(),
        }
    }
}

/// Compiles a file, or what comes from standard input.
pub(crate) fn compile(engine: &Engine, file: &Path) -> Result<Module, Error> {
    let input = input(file)?;
    progress::compiling(file, || match input {
        Some(bytes) => Module::with_engine(engine, bytes),
        None => Module::from_file_with_engine(engine, file),
    })
}

/// All of standard input, if that is what the file stands for.
pub(crate) fn input(file: &Path) -> Result<Option<Vec<u8>>, Error> {
    if !is_input(file) {
        return Ok(None);
    }
    let read = given::module_from(std::io::stdin().lock(), None);
    let bytes = read.map_err(|e| Error::new(ErrorKind::Io, format!("standard input: {e}")))?;
    Ok(Some(bytes?))
}

pub(crate) fn is_input(file: &Path) -> bool {
    file == Path::new("-")
}
