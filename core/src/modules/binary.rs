//! What modules are loaded from: the binary format, or text, which is made into that.

use crate::compiled;
use crate::seems::{self, Seems};
use crate::{Error, ErrorKind, Result, text};

/// The binary format of bytes or text.
pub(crate) fn binary(source: &[u8]) -> Result<Vec<u8>> {
    let refuse = |why: String| Error::new(ErrorKind::Compile, why);
    match seems::of(source) {
        Seems::Module | Seems::Component => Ok(source.to_vec()),
        Seems::Other(other) => Err(refuse(other.to_string())),
        Seems::Text(text) => {
            let parsed = compiled::checked("text", || wat::parse_str(text))?;
            let wasm = parsed.map_err(|e| refuse(text::with_source(e)))?;
            match seems::of(&wasm) {
                Seems::Other(other) => Err(refuse(other.to_string())),
                _ => Ok(wasm),
            }
        }
    }
}
