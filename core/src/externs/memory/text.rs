//! Text in memory, in UTF-8.

use super::{Memory, range};
use crate::{Error, ErrorKind, Result};

/// How many bytes are searched for the end of a text by default.
const C_STRING_BYTES: usize = 1 << 20;

impl Memory {
    /// Reads a text of so many bytes in UTF-8.
    ///
    /// # Errors
    /// `type` if the bytes are not UTF-8, saying where; `out_of_bounds`; `limit` if the host has no room
    /// for them; `closed`.
    pub fn read_text(&self, offset: u64, length: usize) -> Result<String> {
        text(offset, self.read(offset, length)?)
    }

    /// Reads a text in UTF-8 up to its zero byte. At most `most` bytes are searched for it, 1 MiB
    /// by default.
    ///
    /// # Errors
    /// `out_of_bounds` if no zero byte is found, or `offset` is outside; else as [`Memory::read_text`].
    pub fn read_c_string(&self, offset: u64, most: Option<usize>) -> Result<String> {
        let bytes = self.store.enter(|ctx| {
            let data = self.memory.data(&ctx.engine);
            let start = range(offset, 0, data.len())?.start;
            let most = most.unwrap_or(C_STRING_BYTES).min(data.len() - start);
            let searched = &data[start..start + most];
            let length = searched.iter().position(|byte| *byte == 0);
            let length = length.ok_or_else(|| no_end(offset, most))?;
            copy(&searched[..length])
        })?;
        text(offset, bytes)
    }

    /// Writes a text in UTF-8, without a zero byte at its end, and returns how many bytes it has.
    ///
    /// # Errors
    /// `out_of_bounds` (nothing is written then), `closed`.
    pub fn write_text(&self, offset: u64, text: &str) -> Result<usize> {
        self.write(offset, text.as_bytes())?;
        Ok(text.len())
    }
}

fn no_end(offset: u64, most: usize) -> Error {
    Error::new(
        ErrorKind::OutOfBounds,
        format!("the {most} bytes from {offset} on have no zero byte, with which a text ends"),
    )
}

/// A copy, if there is room for it.
pub(super) fn copy(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut copy = Vec::new();
    let room = copy.try_reserve_exact(bytes.len());
    room.map_err(|e| {
        Error::new(
            ErrorKind::Limit,
            format!("a copy of {} bytes: {e}", bytes.len()),
        )
    })?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

fn text(offset: u64, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|e| {
        let at = offset + e.utf8_error().valid_up_to() as u64;
        let length = e.as_bytes().len();
        Error::new(
            ErrorKind::Type,
            format!("the {length} bytes from {offset} on are no text: they are not UTF-8 at {at}; read them as bytes"),
        )
    })
}
