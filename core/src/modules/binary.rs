//! What modules are loaded from: the binary format, or text, which is made into that.

use std::borrow::Cow;

use crate::compiled;
use crate::seems::{self, Seems};
use crate::{Error, ErrorKind, Result, text};

/// The binary format of bytes or text; bytes stay where they are.
pub(crate) fn binary(source: Cow<'_, [u8]>) -> Result<Cow<'_, [u8]>> {
    let refuse = |why: String| Error::new(ErrorKind::Compile, why);
    let text = match seems::of(&source) {
        Seems::Module | Seems::Component => return Ok(source),
        Seems::Other(other) => return Err(refuse(other.to_string())),
        Seems::Text(text) => text,
    };
    let parsed = compiled::checked("text", || wat::parse_str(text))?;
    let wasm = parsed.map_err(|e| refuse(text::with_source(e)))?;
    match seems::of(&wasm) {
        Seems::Other(other) => Err(refuse(other.to_string())),
        _ => Ok(wasm.into()),
    }
}
