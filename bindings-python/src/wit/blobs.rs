//! What lies beside a frame of arguments: objects of Python's that are copied once, from where they are.

use std::ptr;

use landbridge::{Blobs, Error, ErrorKind, NumberList, Result};
use pyo3::ffi;
use pyo3::prelude::*;

use super::numbers::Number;

/// What keeps the bytes of a blob where they are.
#[allow(dead_code, reason = "held, and not read")]
enum Keeper {
    Object(Py<PyAny>),
    Buffer(Buffer),
    Own(Box<[u8]>),
}

/// Bytes, and what keeps them. Dropped with Python's lock held.
struct Blob {
    start: *const u8,
    length: usize,
    /// How many bytes each number of it has.
    each: usize,
    _keeper: Keeper,
}

/// All of a frame.
#[derive(Default)]
pub(crate) struct Beside(Vec<Blob>);

// SAFETY: the bytes are only copied, and stay where they are until it is dropped.
unsafe impl Sync for Beside {}
// SAFETY: as above; it does not leave the thread that made it.
unsafe impl Send for Beside {}

impl Beside {
    /// Adds the bytes of an object that never changes, and gives their number.
    ///
    /// # Safety
    /// They stay where they are as long as the object is there.
    pub(crate) unsafe fn object(&mut self, bytes: (*const u8, usize), keeper: Py<PyAny>) -> usize {
        self.add(bytes, 1, Keeper::Object(keeper))
    }

    pub(crate) fn buffer(&mut self, buffer: Buffer, each: usize) -> usize {
        let bytes = buffer.bytes();
        self.add(bytes, each, Keeper::Buffer(buffer))
    }

    pub(crate) fn own(&mut self, bytes: Vec<u8>, each: usize) -> usize {
        let bytes = bytes.into_boxed_slice();
        self.add((bytes.as_ptr(), bytes.len()), each, Keeper::Own(bytes))
    }

    fn add(&mut self, (start, length): (*const u8, usize), each: usize, keeper: Keeper) -> usize {
        self.0.push(Blob {
            start,
            length,
            each,
            _keeper: keeper,
        });
        self.0.len() - 1
    }

    /// Copies of all of them.
    pub(crate) fn into_own(self) -> Vec<NumberList> {
        let copied = |blob: &Blob| {
            let mut bytes = Vec::with_capacity(blob.length);
            // SAFETY: so many bytes are there, and there is room for them. Another thread may change a buffer
            // meanwhile: bytes have no invalid values, and no reference to them is made.
            unsafe {
                ptr::copy_nonoverlapping(blob.start, bytes.as_mut_ptr(), blob.length);
                bytes.set_len(blob.length);
            }
            match blob.each {
                1 => NumberList::U8(bytes),
                each => NumberList::of_bytes_each(each, &bytes),
            }
        };
        self.0.iter().map(copied).collect()
    }
}

impl Blobs for Beside {
    fn len(&self, index: u32) -> Option<usize> {
        Some(self.0.get(index as usize)?.length)
    }

    fn copy(&self, index: u32, to: &mut [u8]) -> Result<()> {
        match self.0.get(index as usize) {
            Some(blob) if blob.length == to.len() => {
                // SAFETY: as in `into_own`; a guest's memory is not an object of Python's.
                unsafe { ptr::copy_nonoverlapping(blob.start, to.as_mut_ptr(), blob.length) };
                Ok(())
            }
            _ => Err(Error::new(ErrorKind::Internal, "there is no such blob")),
        }
    }
}

/// A buffer of an object of Python's, held: it can neither move nor shrink. Dropped with Python's lock held.
pub(crate) struct Buffer(Box<ffi::Py_buffer>);

impl Buffer {
    /// The buffer of an object, if it has one that lies in one piece and holds such numbers.
    pub(crate) fn of(object: &Bound<'_, PyAny>, number: Number) -> Option<Buffer> {
        // SAFETY: the object is alive; a buffer that was got is released by `drop`. Its fields are as the protocol says.
        unsafe {
            if ffi::PyObject_CheckBuffer(object.as_ptr()) == 0 {
                return None;
            }
            let mut buffer = Box::new(ffi::Py_buffer::new());
            let flags = ffi::PyBUF_CONTIG_RO | ffi::PyBUF_FORMAT;
            if ffi::PyObject_GetBuffer(object.as_ptr(), &raw mut *buffer, flags) != 0 {
                ffi::PyErr_Clear();
                return None;
            }
            let buffer = Buffer(buffer);
            let format = match buffer.0.format.is_null() {
                true => &[][..],
                false => std::ffi::CStr::from_ptr(buffer.0.format).to_bytes(),
            };
            let fits = buffer.0.ndim == 1 && number.is(format, buffer.0.itemsize as usize);
            fits.then_some(buffer)
        }
    }

    pub(crate) fn bytes(&self) -> (*const u8, usize) {
        (self.0.buf.cast_const().cast(), self.0.len as usize)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: it was got, and is released once.
        unsafe { ffi::PyBuffer_Release(&raw mut *self.0) };
    }
}
