//! Reads what came in a frame.

use super::no_blob;
use crate::components::numbers::WitNumber;
use crate::components::resource::Resource;
use crate::frame::{Counted, Laid, Reader};
use crate::{Error, ErrorKind, NumberList, Result};

/// A resource that came in a frame.
#[derive(Debug)]
pub(crate) struct Crossed {
    /// Where its handle is.
    pub(crate) at: usize,
    /// Until it is read.
    resource: Option<Resource>,
    /// It is not what who read it wanted.
    pub(crate) is_wrong: bool,
}

impl Crossed {
    pub(crate) fn new(at: usize, resource: Resource) -> Crossed {
        Crossed {
            at,
            resource: Some(resource),
            is_wrong: false,
        }
    }
}

/// Reads values from a frame of one's own, one behind the other. Who reads knows the types.
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
    #[inline]
    pub(super) fn new(
        bytes: &'a [u8],
        blobs: &'a mut [NumberList],
        resources: &'a mut [Crossed],
    ) -> WitReader<'a> {
        WitReader {
            frame: Reader::values(bytes),
            blobs,
            resources,
        }
    }

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
        WitReader::new(bytes, &mut [], &mut [])
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

    /// A resource, once.
    pub(crate) fn resource(&mut self) -> Result<Resource> {
        let at = self.frame.at();
        self.frame.array::<8>()?;
        let found = self.crossed(at).and_then(|it| it.resource.take());
        found.ok_or_else(no_resource)
    }

    /// The error for a resource that was read last and is not what it should be.
    #[cold]
    pub(crate) fn wrong_resource(&mut self, why: &str) -> Error {
        if let Some(crossed) = self.crossed(self.frame.at() - 8) {
            crossed.is_wrong = true;
        }
        Error::new(ErrorKind::Type, why)
    }

    fn crossed(&mut self, at: usize) -> Option<&mut Crossed> {
        let found = self.resources.binary_search_by_key(&at, |it| it.at);
        found.ok().map(|i| &mut self.resources[i])
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

#[cold]
fn no_resource() -> Error {
    let text = "a frame that is read by itself has the numbers of resources, and not the resources";
    Error::new(ErrorKind::Type, text)
}
