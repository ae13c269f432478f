//! Frames: the flat form in which everything but scalars crosses between core and a host.
//!
//! A frame is bytes: a version, then one field after the other, little-endian and without gaps. Who reads knows what
//! was written: nothing in a frame names its fields. `frame/layouts.rs` says which they are, once for all hosts.
//!
//! | what | bytes |
//! | --- | --- |
//! | a number | 1, 2, 4, 8 or 16, little-endian; floats as their bits |
//! | `bool` | 1: 0 or 1 |
//! | text, bytes | a length of 4, then so many; text is UTF-8 |
//! | option | a `bool`, then what there is |
//! | list | a count of 4, then its elements |
//! | struct | its fields, in their order |
//! | enum | a discriminant, then what its case has |
//!
//! A frame that is malformed is an error of kind `type`, one of another version is `unsupported`: neither ever makes
//! more than its own bytes are good for.
//!
//! Values of WIT cross in frames of the same kind that have no version, since their types say what is in them
//! (`components/frame.rs`). There a length or count of `u32::MAX` says that what follows is the number of a blob: bytes
//! that lie beside the frame. Elsewhere it is refused.

mod layouts;
mod lent;
mod standard;
#[cfg(test)]
mod tests;

pub use layouts::{Function, sandbox};
pub use lent::{Item, Lending, Lent};

use crate::{Error, ErrorKind, Result};

/// The version that this library writes and reads, a frame's first byte.
pub const VERSION: u8 = 1;

/// The length that stands where a blob is used: the number of the blob follows, in 4 bytes.
pub const BLOB: u32 = u32::MAX;

/// From so many bytes on, a string or a list of numbers of WIT lies beside its frame.
pub const BLOB_MIN: usize = 1024;

/// Types that can be written into a frame.
pub trait ToFrame {
    /// Adds it.
    fn put(&self, frame: &mut Writer);
}

/// Types that can be read from a frame. Texts and bytes may be borrowed from it.
pub trait FromFrame<'a>: Sized {
    /// Takes it.
    ///
    /// # Errors
    /// `type` if that is not what is there.
    fn get(frame: &mut Reader<'a>) -> Result<Self>;
}

/// The frame of something.
///
/// # Errors
/// `limit` if a text, bytes or a list in it is too long: there is room for 4 GiB.
pub fn write<T: ToFrame + ?Sized>(it: &T) -> Result<Vec<u8>> {
    let mut frame = Writer::new();
    it.put(&mut frame);
    frame.finish()
}

/// Reads all of a frame.
///
/// # Errors
/// `type` if it holds something else or more than that, `unsupported` if it is of another version.
pub fn read<'a, T: FromFrame<'a>>(frame: &'a [u8]) -> Result<T> {
    let mut frame = Reader::new(frame)?;
    let it = T::get(&mut frame)?;
    frame.end()?;
    Ok(it)
}

/// Writes a frame.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
    /// A length that no frame can tell.
    too_long: Option<usize>,
}

impl Writer {
    /// Begins a frame.
    #[allow(clippy::new_without_default, reason = "it is not empty")]
    pub fn new() -> Writer {
        let mut bytes = Vec::with_capacity(128);
        bytes.push(VERSION);
        Writer {
            bytes,
            too_long: None,
        }
    }

    /// Begins a frame without a version, in a buffer that may be an old one, whose contents are discarded.
    #[inline]
    pub fn values(mut buffer: Vec<u8>) -> Writer {
        buffer.clear();
        Writer {
            bytes: buffer,
            too_long: None,
        }
    }

    /// Adds bytes as they are, without their length.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Makes room for so many bytes more.
    #[inline]
    pub fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// Adds a small number, such as which case of an enum it is.
    #[inline]
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Adds the length of what follows.
    #[inline]
    pub fn length(&mut self, length: usize) {
        let told = u32::try_from(length).unwrap_or(BLOB);
        if told == BLOB {
            self.too_long = Some(length);
        }
        self.raw(&told.to_le_bytes());
    }

    /// Adds the number of a blob, in place of the value.
    #[inline]
    pub fn beside(&mut self, index: usize) {
        let mut bytes = [0xff; 8];
        bytes[4..].copy_from_slice(&(index as u32).to_le_bytes());
        self.raw(&bytes);
    }

    /// Adds which case of an enum it is, in 1, 2 or 4 bytes.
    #[inline]
    pub fn case(&mut self, case: u32, bytes: usize) {
        self.raw(&case.to_le_bytes()[..bytes]);
    }

    /// Adds a list of what `put` makes of each.
    pub fn list<I>(&mut self, items: I, mut put: impl FnMut(&mut Writer, I::Item))
    where
        I: IntoIterator<IntoIter: ExactSizeIterator>,
    {
        let items = items.into_iter();
        self.length(items.len());
        items.for_each(|item| put(self, item));
    }

    /// The frame.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn finish(self) -> Result<Vec<u8>> {
        self.written()?;
        Ok(self.bytes)
    }

    /// What was written up to now.
    ///
    /// # Errors
    /// As [`write()`].
    #[inline]
    pub fn written(&self) -> Result<&[u8]> {
        match self.too_long {
            None => Ok(&self.bytes),
            Some(length) => Err(too_long(length)),
        }
    }

    /// How many bytes there are up to now.
    #[inline]
    pub fn at(&self) -> usize {
        self.bytes.len()
    }

    /// Writes over what was written at a place.
    ///
    /// # Panics
    /// If not so much was.
    pub fn set(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// The buffer, with whatever is in it, for another frame.
    #[inline]
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }
}

#[cold]
fn too_long(length: usize) -> Error {
    let text = format!("{length} bytes or elements are too many for a frame");
    Error::new(ErrorKind::Limit, text)
}

/// Where a text, or a list of numbers, lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Laid<'a> {
    /// In the frame: these bytes.
    Here(&'a [u8]),
    /// Beside it: the number of a blob.
    Beside(u32),
}

/// Where the elements of a list lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// In the frame: so many.
    Here(usize),
    /// Beside it: the number of a blob.
    Beside(u32),
}

/// Reads a frame. Each method takes the next value. After an error, which is of kind `type`, do not use the reader any more.
#[derive(Debug)]
pub struct Reader<'a> {
    left: &'a [u8],
    length: usize,
}

impl<'a> Reader<'a> {
    /// Begins behind the version.
    ///
    /// # Errors
    /// `unsupported` if it is another one, `type` if there is none.
    pub fn new(frame: &'a [u8]) -> Result<Reader<'a>> {
        let mut reader = Reader {
            left: frame,
            length: frame.len(),
        };
        match reader.byte()? {
            VERSION => Ok(reader),
            other => Err(other_version(other)),
        }
    }

    /// Begins a frame without a version.
    #[inline]
    pub fn values(frame: &'a [u8]) -> Reader<'a> {
        Reader {
            left: frame,
            length: frame.len(),
        }
    }

    /// So many bytes as they are.
    #[inline]
    pub fn raw(&mut self, count: usize) -> Result<&'a [u8]> {
        let Some((taken, left)) = self.left.split_at_checked(count) else {
            return Err(self.short(count));
        };
        self.left = left;
        Ok(taken)
    }

    /// As [`Reader::raw`], of a number that is known.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let Some((taken, left)) = self.left.split_first_chunk() else {
            return Err(self.short(N));
        };
        self.left = left;
        Ok(*taken)
    }

    /// A small number.
    #[inline]
    pub fn byte(&mut self) -> Result<u8> {
        self.array().map(|[byte]| byte)
    }

    /// The length of what follows, each part of which has a byte or more. It is checked that there are as many bytes, so that
    /// room can be made for them.
    #[inline]
    pub fn length(&mut self) -> Result<usize> {
        match u32::from_le_bytes(self.array()?) {
            BLOB => Err(self.reserved()),
            length => self.there(length as usize),
        }
    }

    /// The same, or the number of a blob that holds what would follow.
    #[inline]
    pub fn counted(&mut self) -> Result<Counted> {
        match u32::from_le_bytes(self.array()?) {
            BLOB => self.array().map(u32::from_le_bytes).map(Counted::Beside),
            length => self.there(length as usize).map(Counted::Here),
        }
    }

    /// A length, if there are as many bytes.
    #[inline]
    fn there(&self, length: usize) -> Result<usize> {
        match length <= self.left.len() {
            true => Ok(length),
            false => Err(self.short(length)),
        }
    }

    /// A text, or a list of numbers of so many bytes each: where its bytes are.
    #[inline]
    pub fn laid(&mut self, each: usize) -> Result<Laid<'a>> {
        let count = u32::from_le_bytes(self.array()?);
        if count == BLOB {
            return self.array().map(u32::from_le_bytes).map(Laid::Beside);
        }
        match (count as usize).checked_mul(each) {
            Some(bytes) => self.raw(bytes).map(Laid::Here),
            None => Err(self.short(usize::MAX)),
        }
    }

    /// Which case of an enum it is, in 1, 2 or 4 bytes. That there is such a case is for the caller to check.
    #[inline]
    pub fn case(&mut self, bytes: usize) -> Result<u32> {
        Ok(match bytes {
            1 => self.byte()?.into(),
            2 => u16::from_le_bytes(self.array()?).into(),
            _ => u32::from_le_bytes(self.array()?),
        })
    }

    /// How many bytes were taken.
    #[inline]
    pub fn at(&self) -> usize {
        self.length - self.left.len()
    }

    /// How many bytes are left.
    #[inline]
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// A list of what `take` takes for each.
    pub fn list<T>(
        &mut self,
        mut take: impl FnMut(&mut Reader<'a>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let count = self.length()?;
        (0..count).map(|_| take(self)).collect()
    }

    /// Checks that nothing is left.
    #[inline]
    pub fn end(&self) -> Result<()> {
        match self.left.len() {
            0 => Ok(()),
            left => Err(self.too_many(left)),
        }
    }

    /// The error for what is wrong with what was taken last.
    #[cold]
    pub fn wrong(&self, why: &str) -> Error {
        let (at, length) = (self.at(), self.length);
        let text = format!("the frame is malformed: {why} (at byte {at} of {length})");
        Error::new(ErrorKind::Type, text)
    }

    #[cold]
    fn too_many(&self, left: usize) -> Error {
        self.wrong(&format!("{left} bytes are left"))
    }

    #[cold]
    fn reserved(&self) -> Error {
        self.wrong("a length is reserved")
    }

    #[cold]
    fn short(&self, wanted: usize) -> Error {
        let left = self.left.len();
        self.wrong(&format!(
            "{wanted} bytes or elements must follow, {left} bytes do"
        ))
    }
}

#[cold]
fn other_version(version: u8) -> Error {
    let text = format!(
        "the frame is of version {version}, and this library reads version {VERSION}: the host's part of Landbridge \
         and its native library are of different releases"
    );
    Error::new(ErrorKind::Unsupported, text)
}
