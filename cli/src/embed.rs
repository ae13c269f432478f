//! `landbridge embed`: puts a WIT text into a component.

use std::path::{Path, PathBuf};

use clap::Args;
use landbridge::{Error, ErrorKind, embed_wit, text};

use crate::failure::Failure;
use crate::source;

/// Puts a WIT text into a component, so that its documentation is there wherever the component is loaded.
///
/// A component holds the names of its types and functions, but neither their documentation nor the name of its world. A
/// text that is in it already is replaced. What the component does is not changed.
#[derive(Args)]
pub(crate) struct Embed {
    /// The component, in the binary format or as WebAssembly text; `-` reads it from standard input.
    file: PathBuf,

    /// The WIT text, of the world or of interfaces that the component has; packages that it uses need not be in it.
    wit: PathBuf,

    /// The file to write, which may be FILE.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Embed {
    pub(crate) fn execute(self) -> Result<i32, Failure> {
        let component = match source::input(&self.file)? {
            Some(input) => input,
            None => read(&self.file)?,
        };
        let wit = String::from_utf8(read(&self.wit)?);
        let wit = wit.map_err(|_| {
            let name = self.wit.display().to_string();
            let why = format!("{}: a WIT text is UTF-8", text::name(&name));
            Error::new(ErrorKind::Compile, why)
        })?;
        let with = embed_wit(&component, &wit)?;
        std::fs::write(&self.output, with).map_err(|e| refused(&self.output, &e))?;
        Ok(0)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|e| refused(path, &e))
}

fn refused(path: &Path, error: &std::io::Error) -> Error {
    let path = path.display().to_string();
    Error::new(ErrorKind::Io, format!("{}: {error}", text::name(&path)))
}
