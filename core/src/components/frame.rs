//! Frames of values of WIT: the flat form in which arguments and results lie, in the order of their types.

mod resources;
#[cfg(test)]
mod tests;

use crate::frame::{BLOB_MIN, Counted, Laid, Reader, Writer};
use crate::{Error, ErrorKind, NumberList, Result};

pub(crate) use resources::Crossed;

use super::numbers::{WitNumber, as_bytes};
use super::resource::Resource;

/// The blobs of a frame of arguments, wherever they are in memory: each is copied once, to where the guest wants it.
///
/// Meanwhile the store of the call cannot be entered: a call of it is an error of kind `busy`. A panic poisons it.
pub trait Blobs: Sync {
    /// How many bytes a blob has, if there is one of this number.
    fn len(&self, index: u32) -> Option<usize>;

    /// Copies all of a blob; `to` is as long as it.
    ///
    /// # Errors
    /// Of kind `type` if it is not, or if there is no such blob; whatever else stands in the way.
    fn copy(&self, index: u32, to: &mut [u8]) -> Result<()>;
}

/// Receives the blobs of results, straight from the guest's memory.
///
/// Meanwhile the store of the call cannot be entered: a call of it is an error of kind `busy`. A panic poisons it.
pub trait Sink {
    /// Takes a blob: the bytes of a string, or of numbers of `each` bytes. Gives its number.
    ///
    /// # Errors
    /// They come out of the call.
    fn blob(&mut self, bytes: &[u8], each: usize) -> Result<u32>;
}

impl Sink for Vec<NumberList> {
    #[inline]
    fn blob(&mut self, bytes: &[u8], each: usize) -> Result<u32> {
        self.push(NumberList::of_bytes_each(each, bytes));
        Ok(self.len() as u32 - 1)
    }
}

/// A borrowed frame: the arguments of a call, or the result of a host function.
#[derive(Clone, Copy)]
pub struct WitArgs<'a> {
    /// The frame.
    pub bytes: &'a [u8],
    /// What lies beside it.
    pub blobs: &'a dyn Blobs,
}

impl WitArgs<'_> {
    /// How many bytes it has with all that lies beside it: no more than it can name, each of which takes 8 bytes.
    #[inline]
    pub(crate) fn size(&self) -> usize {
        let most = u32::try_from(self.bytes.len() / 8).unwrap_or(u32::MAX);
        let blobs = (0..most).map_while(|index| self.blobs.len(index));
        blobs.fold(self.bytes.len(), usize::saturating_add)
    }
}

/// An owned frame: the results of a call, or the arguments of a host function. It is for bindings and other programs that have
/// their own form of values; all others use [`WitValue`](crate::WitValue) and [`TypedWitFunc`](crate::TypedWitFunc).
///
/// Arguments stand one behind the other, in the order of the parameters, with nothing between them:
///
/// | what | bytes |
/// | --- | --- |
/// | a number | 1, 2, 4 or 8, little-endian; floats as their bits |
/// | `bool` | 1: 0 or 1 |
/// | `char` | 4 |
/// | `string` | a length of 4, then so many of UTF-8 |
/// | a list of numbers | a count of 4, then the numbers |
/// | any other list | a count of 4, then its elements |
/// | record, tuple | its fields, in their order |
/// | variant, enum, option, result | the number of the case, in 1, 2 or 4 by how many cases there are, then what it holds |
/// | flags | 1, 2 or a multiple of 4 by how many there are; the first is the lowest bit |
/// | a resource | 8: its number, see [`GuestResource::handle`](crate::GuestResource::handle) |
///
/// A string or a list of numbers of 1 KiB or more is not in the frame but beside it, as a blob, so that it is never copied
/// into one: its length is `u32::MAX`, and the number of the blob follows, in 4. A blob that is a string is a list of
/// `u8`; one of numbers is a list of numbers of their size, whether they are integers or floats.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WitFrame {
    /// The frame.
    pub bytes: Vec<u8>,
    /// What lies beside it.
    pub blobs: Vec<NumberList>,
}

impl WitFrame {
    /// Makes it empty; the buffers stay.
    #[inline]
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.blobs.clear();
    }

    /// Borrows it, to pass it to a call.
    #[inline]
    pub fn lend(&self) -> WitArgs<'_> {
        WitArgs {
            bytes: &self.bytes,
            blobs: &self.blobs,
        }
    }

    /// Reads it; blobs are moved out.
    #[inline]
    pub fn reader(&mut self) -> WitReader<'_> {
        self.reader_of(&mut [])
    }

    /// The same, where these resources were taken from it.
    #[inline]
    pub(crate) fn reader_of<'a>(&'a mut self, resources: &'a mut [Crossed]) -> WitReader<'a> {
        WitReader {
            frame: Reader::values(&self.bytes),
            blobs: &mut self.blobs,
            resources,
        }
    }
}

/// None.
impl Blobs for () {
    fn len(&self, _: u32) -> Option<usize> {
        None
    }

    fn copy(&self, index: u32, _: &mut [u8]) -> Result<()> {
        Err(no_blob(index))
    }
}

impl Blobs for Vec<NumberList> {
    fn len(&self, index: u32) -> Option<usize> {
        let blob = self.get(index as usize)?;
        Some(blob.as_bytes().len())
    }

    fn copy(&self, index: u32, to: &mut [u8]) -> Result<()> {
        let blob = self.get(index as usize);
        copy(blob.map(NumberList::as_bytes), index, to)
    }
}

impl Blobs for Vec<Blob<'_>> {
    fn len(&self, index: u32) -> Option<usize> {
        let blob = self.get(index as usize)?;
        Some(blob.as_bytes().len())
    }

    fn copy(&self, index: u32, to: &mut [u8]) -> Result<()> {
        let blob = self.get(index as usize);
        copy(blob.map(Blob::as_bytes), index, to)
    }
}

fn copy(blob: Option<&[u8]>, index: u32, to: &mut [u8]) -> Result<()> {
    match blob {
        Some(bytes) if bytes.len() == to.len() => {
            to.copy_from_slice(bytes);
            Ok(())
        }
        Some(bytes) => Err(other_length(index, bytes.len(), to.len())),
        None => Err(no_blob(index)),
    }
}

#[cold]
pub(crate) fn no_blob(index: u32) -> Error {
    let text = format!("the frame is malformed: there is no blob {index}");
    Error::new(ErrorKind::Type, text)
}

#[cold]
fn other_length(index: u32, has: usize, wanted: usize) -> Error {
    let text = format!(
        "the frame is malformed: blob {index} has {has} bytes, and {wanted} were asked for"
    );
    Error::new(ErrorKind::Type, text)
}

/// What lies beside a frame that is being written.
#[derive(Debug)]
enum Blob<'a> {
    Lent(&'a [u8]),
    Own(NumberList),
}

impl Blob<'_> {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Blob::Lent(bytes) => bytes,
            Blob::Own(numbers) => numbers.as_bytes(),
        }
    }

    fn into_own(self) -> NumberList {
        match self {
            Blob::Lent(bytes) => NumberList::U8(bytes.to_vec()),
            Blob::Own(numbers) => numbers,
        }
    }
}

/// Writes values to a frame, one behind the other; [`WitFrame`] has the format. Large values are borrowed for `'a`, and not
/// copied.
#[derive(Debug, Default)]
pub struct WitWriter<'a> {
    frame: Writer,
    blobs: Vec<Blob<'a>>,
    /// The number of the first of them.
    first: usize,
    /// Resources, by where their handles are to be.
    resources: Vec<(usize, Resource)>,
}

impl<'a> WitWriter<'a> {
    /// Begins a frame.
    #[inline]
    pub fn new() -> WitWriter<'a> {
        WitWriter::default()
    }

    /// Begins a frame in an old buffer.
    #[inline]
    pub fn in_buffer(buffer: Vec<u8>) -> WitWriter<'a> {
        WitWriter {
            frame: Writer::values(buffer),
            blobs: Vec::new(),
            first: 0,
            resources: Vec::new(),
        }
    }

    /// Adds bytes as they are: a number, flags.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.frame.raw(bytes);
    }

    /// Adds which case it is, in 1, 2 or 4 bytes.
    #[inline]
    pub fn case(&mut self, case: u32, bytes: usize) {
        self.frame.case(case, bytes);
    }

    /// Adds how many elements a list has.
    #[inline]
    pub fn count(&mut self, count: usize) {
        self.frame.length(count);
    }

    /// Makes room for so many bytes more.
    #[inline]
    pub fn reserve(&mut self, bytes: usize) {
        self.frame.reserve(bytes);
    }

    /// Adds a string.
    #[inline]
    pub fn text(&mut self, text: &'a str) {
        self.numbers(text.as_bytes());
    }

    /// Adds a list of numbers.
    #[inline]
    pub fn numbers<N: WitNumber>(&mut self, numbers: &'a [N]) {
        let bytes = as_bytes(numbers);
        if bytes.len() < BLOB_MIN {
            self.count(numbers.len());
            self.raw(bytes);
        } else {
            self.blob(Blob::Lent(bytes));
        }
    }

    /// Adds a list of numbers, and keeps it if it is large.
    pub fn own_numbers<N: WitNumber>(&mut self, numbers: Vec<N>) {
        let bytes = as_bytes(&numbers);
        if bytes.len() < BLOB_MIN {
            self.count(numbers.len());
            self.raw(bytes);
        } else {
            self.blob(Blob::Own(N::into_list(numbers)));
        }
    }

    fn blob(&mut self, blob: Blob<'a>) {
        self.frame.beside(self.first + self.blobs.len());
        self.blobs.push(blob);
    }

    /// Adds values that are borrowed for a shorter time: large ones are copied.
    pub fn copied<'b>(&mut self, put: impl FnOnce(&mut WitWriter<'b>)) {
        let mut shorter = WitWriter {
            frame: std::mem::take(&mut self.frame),
            blobs: Vec::new(),
            first: self.first + self.blobs.len(),
            resources: std::mem::take(&mut self.resources),
        };
        put(&mut shorter);
        self.frame = shorter.frame;
        self.resources = shorter.resources;
        let added = shorter.blobs.into_iter();
        self.blobs
            .extend(added.map(|blob| Blob::Own(blob.into_own())));
    }

    /// Borrows what was written, to pass it to a call.
    ///
    /// # Errors
    /// `limit` if a string or a list is too long: there is room for 4 GiB.
    #[inline]
    pub fn lend(&self) -> Result<WitArgs<'_>> {
        Ok(WitArgs {
            bytes: self.frame.written()?,
            blobs: &self.blobs,
        })
    }

    /// The frame that was written; borrowed values are copied now.
    ///
    /// # Errors
    /// As [`WitWriter::lend`].
    pub fn finish(self) -> Result<WitFrame> {
        Ok(WitFrame {
            bytes: self.frame.finish()?,
            blobs: self.blobs.into_iter().map(Blob::into_own).collect(),
        })
    }

    /// The buffer, for another frame.
    #[inline]
    pub fn into_buffer(self) -> Vec<u8> {
        self.frame.into_buffer()
    }
}

/// Reads values from an owned frame, one behind the other. The reader must know their types.
///
/// # Errors
/// Each method gives one of kind `type` if what it reads is not there, or is not what it should be.
#[derive(Debug)]
pub struct WitReader<'a> {
    frame: Reader<'a>,
    /// Those that were moved out are empty.
    blobs: &'a mut [NumberList],
    /// In the order of their handles.
    resources: &'a mut [Crossed],
}

impl<'a> WitReader<'a> {
    /// So many bytes as they are.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.frame.array()
    }

    /// Bytes as they are, of a number that the type says.
    #[inline]
    pub fn raw(&mut self, count: usize) -> Result<&'a [u8]> {
        self.frame.raw(count)
    }

    /// Which case it is, in 1, 2 or 4 bytes; it must be one of so many.
    #[inline]
    pub fn case(&mut self, bytes: usize, of: u32) -> Result<u32> {
        let case = self.frame.case(bytes)?;
        if case < of {
            Ok(case)
        } else {
            Err(self.no_case(case, of))
        }
    }

    /// Bytes without anything beside them.
    pub(crate) fn of_bytes(bytes: &'a [u8]) -> WitReader<'a> {
        WitReader {
            frame: Reader::values(bytes),
            blobs: &mut [],
            resources: &mut [],
        }
    }

    /// How many elements a list has, or where they are if they are numbers.
    #[inline]
    pub(crate) fn counted(&mut self) -> Result<Counted> {
        self.frame.counted()
    }

    /// How many elements a list has, each of which takes a byte or more: there are as many bytes.
    #[inline]
    pub fn count(&mut self) -> Result<usize> {
        self.frame.length()
    }

    /// A list of numbers.
    #[inline]
    pub fn numbers<N: WitNumber>(&mut self) -> Result<Vec<N>> {
        match self.frame.laid(N::BYTES)? {
            Laid::Here(bytes) => Ok(N::from_bytes(bytes)),
            Laid::Beside(index) => match N::from_list(self.blob(index)?) {
                Ok(numbers) => Ok(numbers),
                Err(other) if other.as_bytes().len() % N::BYTES == 0 => {
                    Ok(N::from_bytes(other.as_bytes()))
                }
                Err(_) => Err(self.wrong("a blob holds a part of a number")),
            },
        }
    }

    /// A string.
    #[inline]
    pub fn text(&mut self) -> Result<String> {
        match self.frame.laid(1)? {
            Laid::Here(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(text.to_owned()),
                Err(e) => Err(self.no_text(e)),
            },
            Laid::Beside(index) => {
                let bytes = match self.blob(index)? {
                    NumberList::U8(bytes) => bytes,
                    other => other.as_bytes().to_vec(),
                };
                String::from_utf8(bytes).map_err(|e| self.no_text(e.utf8_error()))
            }
        }
    }

    /// Moves a blob out, once. None is empty when it is made.
    pub(crate) fn blob(&mut self, index: u32) -> Result<NumberList> {
        match self.blobs.get_mut(index as usize) {
            Some(blob) if !blob.is_empty() => {
                Ok(std::mem::replace(blob, NumberList::U8(Vec::new())))
            }
            _ => Err(no_blob(index)),
        }
    }

    /// Where the bytes of a string, or of a list of numbers of so many bytes each, are.
    #[inline]
    pub(crate) fn laid(&mut self, each: usize) -> Result<Laid<'a>> {
        self.frame.laid(each)
    }

    /// Checks that nothing is left.
    ///
    /// # Errors
    /// `type` if something is.
    #[inline]
    pub fn end(&self) -> Result<()> {
        self.frame.end()
    }

    /// The error for what is wrong with what was read last.
    #[cold]
    pub fn wrong(&self, why: &str) -> Error {
        self.frame.wrong(why)
    }

    #[cold]
    fn no_case(&self, case: u32, of: u32) -> Error {
        self.wrong(&format!("there is no case {case} of {of}"))
    }

    #[cold]
    fn no_text(&self, e: std::str::Utf8Error) -> Error {
        self.wrong(&format!("a text is no UTF-8: {e}"))
    }
}
