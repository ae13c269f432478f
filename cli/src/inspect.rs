//! `landbridge inspect`: what a module is and what it asks for.

mod json;
mod text;

use std::path::PathBuf;

use clap::Args;
use landbridge::Inspection;

use crate::failure::Failure;
use crate::output;
use crate::source;

/// Shows what a module imports, exports and needs, without compiling or running it.
#[derive(Args)]
pub(crate) struct Inspect {
    /// The module, in the binary format or as WebAssembly text; `-` reads it from standard input.
    file: PathBuf,

    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(crate) fn execute(self) -> Result<i32, Failure> {
        let (inspection, bytes) = match source::input(&self.file)? {
            Some(input) => (Inspection::new(&input)?, input.len() as u64),
            None => {
                let about = std::fs::metadata(&self.file);
                let bytes = about.map_or(0, |about| about.len());
                (Inspection::of_file(&self.file)?, bytes)
            }
        };
        let about = About {
            file: self.file.display().to_string(),
            bytes,
            inspection,
        };
        let told = match self.json {
            true => json::tell(&about)?,
            false => text::tell(&about),
        };
        output::print(told.as_bytes())?;
        Ok(0)
    }
}

/// What is told.
struct About {
    file: String,
    bytes: u64,
    inspection: Inspection,
}
