//! Memory: the guest's linear memory, as a sequence of bytes and as a buffer.

use std::ffi::{c_int, c_void};
use std::ptr;

use landbridge::{self as lb, Error, ErrorKind, MemoryView, messages};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyOverflowError;
use pyo3::ffi;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyInt, PySlice, PyString};

use crate::digit;
use crate::guard::{Fault, guard};
use crate::read::count;
use crate::store::Store;
use crate::types;

/// A linear memory: a sequence of bytes, and a buffer for `memoryview`. Offsets are in bytes.
#[pyclass(frozen, sequence, module = "landbridge", weakref)]
pub(crate) struct Memory {
    native: lb::Memory,
    #[pyo3(get)]
    store: Py<Store>,
}

impl Memory {
    pub(crate) fn of(py: Python<'_>, native: lb::Memory, store: &Py<Store>) -> Memory {
        let store = store.clone_ref(py);
        Memory { native, store }
    }

    pub(crate) fn native(&self) -> &lb::Memory {
        &self.native
    }

    /// Bytes copied out once, into an object made for them before the store is entered.
    fn copy_out<'py>(
        &self,
        py: Python<'py>,
        offset: u64,
        length: usize,
    ) -> Result<Bound<'py, PyBytes>, Fault> {
        if length > SMALL_BYTES && length > self.native.size_bytes()? {
            // Says so before any room is made.
            self.native.with_bytes(offset, length, |_| ())?;
        }
        // SAFETY: a new object of so many bytes, which nobody else has seen: all of them are
        // written before it is returned, else it is given up. No code of Python's runs meanwhile.
        unsafe {
            let bytes = ffi::PyBytes_FromStringAndSize(ptr::null(), length as ffi::Py_ssize_t);
            let bytes = Bound::from_owned_ptr_or_err(py, bytes)?;
            let room = ffi::PyBytes_AsString(bytes.as_ptr()).cast::<u8>();
            self.native.lend_bytes(offset, length, |found| {
                ptr::copy_nonoverlapping(found.as_ptr(), room, length);
            })?;
            Ok(bytes.cast_into_unchecked())
        }
    }

    /// Writes any buffer of bytes.
    fn copy_in(&self, offset: u64, data: &Bound<'_, PyAny>) -> Result<(), Fault> {
        if let Ok(bytes) = data.cast::<PyBytes>() {
            return Ok(self.native.write(offset, bytes.as_bytes())?);
        }
        Ok(self.native.write(offset, &taken(data)?)?)
    }

    fn index(&self, key: &Bound<'_, PyAny>) -> Result<u64, Fault> {
        refuse_negative(key)?;
        let index = key.extract::<u64>().or_else(|failed| {
            let is_large = failed.is_instance_of::<PyOverflowError>(key.py());
            is_large
                .then_some(u64::MAX)
                .ok_or_else(|| wrong_key("an int or a slice", key))
        })?;
        let length = self.native.size_bytes()? as u64;
        match index < length {
            true => Ok(index),
            false => Err(messages::outside_memory(index, 1, length).into()),
        }
    }

    fn slice(&self, slice: &Bound<'_, PySlice>) -> Result<(isize, isize, usize), Fault> {
        for end in ["start", "stop"] {
            refuse_negative(&slice.getattr(end)?)?;
        }
        let indices = slice.indices(self.native.size_bytes()? as isize)?;
        Ok((indices.start, indices.step, indices.slicelength))
    }
}

/// Room for so many bytes is made without asking first whether they are there.
const SMALL_BYTES: usize = 4096;

/// The bytes of a buffer, copied with the lock held: its owner may change it at any time.
fn taken(data: &Bound<'_, PyAny>) -> Result<Vec<u8>, Fault> {
    if let Ok(array) = data.cast::<PyByteArray>() {
        return Ok(array.to_vec());
    }
    if let Ok(buffer) = PyBuffer::<u8>::get(data) {
        return Ok(buffer.to_vec(data.py())?);
    }
    // Items of another size, as in an array of floats: its bytes, as bytes() has them.
    // SAFETY: a check of the object's class.
    if unsafe { ffi::PyObject_CheckBuffer(data.as_ptr()) } == 0 {
        return Err(wrong_key("bytes or another buffer", data));
    }
    let bytes = data.py().get_type::<PyBytes>().call1((data,))?;
    Ok(bytes.extract::<Vec<u8>>()?)
}

/// An offset counts from the start only: a negative one is a pointer of the guest's.
fn refuse_negative(offset: &Bound<'_, PyAny>) -> Result<(), Fault> {
    let given = match offset.extract::<i64>() {
        Ok(given) => given,
        Err(e) if e.is_instance_of::<PyOverflowError>(offset.py()) && offset.lt(0)? => i64::MIN,
        Err(_) => return Ok(()),
    };
    match given < 0 {
        true => Err(Error::negative_offset(given).into()),
        false => Ok(()),
    }
}

/// A length in a memory.
fn length_of(given: &Bound<'_, PyAny>) -> Result<u64, Fault> {
    match small(given) {
        Some(length) => Ok(length),
        None => count(given, "length in a memory", ErrorKind::OutOfBounds),
    }
}

/// The usual number: an int of one digit that is not negative.
fn small(given: &Bound<'_, PyAny>) -> Option<u64> {
    let is_int = given.is_exact_instance_of::<PyInt>();
    // SAFETY: an int that is alive, and the lock is held.
    let small = is_int.then(|| unsafe { digit::small(given.as_ptr()) })?;
    u64::try_from(small?).ok()
}

/// An offset in a memory.
fn offset_of(given: &Bound<'_, PyAny>) -> Result<u64, Fault> {
    if let Some(offset) = small(given) {
        return Ok(offset);
    }
    refuse_negative(given)?;
    count(given, "offset in a memory", ErrorKind::OutOfBounds)
}

fn wrong_key(expected: &str, given: &Bound<'_, PyAny>) -> Fault {
    let given = given.get_type().name();
    let given = given.map_or_else(|_| "an object".to_owned(), |name| name.to_string());
    Error::new(ErrorKind::Type, format!("expected {expected}, got {given}")).into()
}

fn wrong_length(given: usize, expected: usize) -> Fault {
    let text = format!("{given} bytes cannot replace {expected}: a memory keeps its length");
    Error::new(ErrorKind::Range, text).into()
}

#[pymethods]
impl Memory {
    #[new]
    #[pyo3(signature = (store, min, max=None, *, is_64=false, page_bytes=65536))]
    fn new(
        store: &Bound<'_, Store>,
        min: &Bound<'_, PyAny>,
        max: Option<&Bound<'_, PyAny>>,
        is_64: bool,
        page_bytes: u64,
    ) -> PyResult<Memory> {
        guard(|| {
            let pages = |n| count(n, "pages of a memory", ErrorKind::Limit);
            let (min, max) = (pages(min)?, max.map(pages).transpose()?);
            let ty = lb::MemoryType {
                min,
                max,
                is_64,
                page_bytes,
            };
            let native = lb::Memory::new(store.get().native(), &ty)?;
            Ok(Memory::of(store.py(), native, store.as_unbound()))
        })
    }

    /// Copies bytes out; all of them must be there.
    #[pyo3(signature = (offset, length, /))]
    fn read<'py>(
        &self,
        py: Python<'py>,
        offset: &Bound<'py, PyAny>,
        length: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        guard(|| {
            let offset = offset_of(offset)?;
            let length = length_of(length)?;
            self.copy_out(py, offset, length as usize)
        })
    }

    /// Copies any buffer in; all of it must fit.
    #[pyo3(signature = (offset, data, /))]
    fn write(&self, offset: &Bound<'_, PyAny>, data: &Bound<'_, PyAny>) -> PyResult<()> {
        guard(|| {
            let offset = offset_of(offset)?;
            self.copy_in(offset, data)
        })
    }

    /// Reads a text of so many bytes, which must be UTF-8.
    #[pyo3(signature = (offset, length, /))]
    fn read_text(&self, offset: &Bound<'_, PyAny>, length: &Bound<'_, PyAny>) -> PyResult<String> {
        guard(|| {
            let offset = offset_of(offset)?;
            let length = length_of(length)?;
            Ok(self.native.read_text(offset, length as usize)?)
        })
    }

    /// Reads a text up to its zero byte, which is searched for in so many bytes.
    #[pyo3(signature = (offset, most=None, /))]
    fn read_c_string(
        &self,
        offset: &Bound<'_, PyAny>,
        most: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        guard(|| {
            let offset = offset_of(offset)?;
            let most = most.map(|it| count(it, "length in a memory", ErrorKind::OutOfBounds));
            let most = most.transpose()?.map(|it| it as usize);
            Ok(self.native.read_c_string(offset, most)?)
        })
    }

    /// Writes a text in UTF-8, without a zero byte, and returns how many bytes it has.
    #[pyo3(signature = (offset, text, /))]
    fn write_text(&self, offset: &Bound<'_, PyAny>, text: &Bound<'_, PyAny>) -> PyResult<usize> {
        guard(|| {
            let offset = offset_of(offset)?;
            let text = text
                .cast::<PyString>()
                .map_err(|_| wrong_key("a str", text))?;
            let bytes = text
                .to_str()
                .map_err(|_| lb::given::not_unicode("the text"))?;
            Ok(self.native.write_text(offset, bytes)?)
        })
    }

    /// Grows it by pages and returns the former size in pages. Views keep their length.
    #[pyo3(signature = (pages, /))]
    fn grow(&self, pages: &Bound<'_, PyAny>) -> PyResult<u64> {
        guard(|| {
            let pages = count(pages, "pages to grow by", ErrorKind::MemoryLimit)?;
            Ok(self.native.grow(pages)?)
        })
    }

    /// Its size now, in bytes.
    #[getter]
    fn size_bytes(&self) -> PyResult<usize> {
        guard(|| Ok(self.native.size_bytes()?))
    }

    /// Its size now, in pages.
    #[getter]
    fn size_pages(&self) -> PyResult<u64> {
        guard(|| Ok(self.native.size_pages()?))
    }

    /// The type it was made with.
    #[getter]
    fn r#type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| Ok(types::wrap(py, &lb::ExternType::Memory(self.native.ty()?))?))
    }

    fn __len__(&self) -> PyResult<usize> {
        self.size_bytes()
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            let Ok(slice) = key.cast::<PySlice>() else {
                let mut byte = [0];
                self.native.read_into(self.index(key)?, &mut byte)?;
                return Ok(byte[0].into_pyobject(py).map_err(PyErr::from)?.into_any());
            };
            match self.slice(slice)? {
                (start, 1, length) => Ok(self.copy_out(py, start as u64, length)?.into_any()),
                (start, step, length) => {
                    let all = self.native.read(0, self.native.size_bytes()?)?;
                    let picked = (0..length as isize).map(|i| all[(start + i * step) as usize]);
                    Ok(PyBytes::new(py, &picked.collect::<Vec<_>>()).into_any())
                }
            }
        })
    }

    fn __setitem__(&self, key: &Bound<'_, PyAny>, data: &Bound<'_, PyAny>) -> PyResult<()> {
        guard(|| {
            let Ok(slice) = key.cast::<PySlice>() else {
                let index = self.index(key)?;
                return Ok(self.native.write(index, &[byte(data)?])?);
            };
            let (start, step, length) = self.slice(slice)?;
            let bytes = taken(data)?;
            if bytes.len() != length {
                return Err(wrong_length(bytes.len(), length));
            }
            if step == 1 {
                return Ok(self.native.write(start as u64, &bytes)?);
            }
            for (i, byte) in bytes.iter().enumerate() {
                self.native
                    .write((start + i as isize * step) as u64, &[*byte])?;
            }
            Ok(())
        })
    }

    fn __delitem__(&self, _key: &Bound<'_, PyAny>) -> PyResult<()> {
        guard(|| Err(Error::new(ErrorKind::Type, "a memory keeps its length").into()))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<Memory>();
        other.is_ok_and(|other| self.native.same(&other.get().native))
    }

    fn __hash__(&self) -> usize {
        self.store.as_ptr() as usize >> 4
    }

    /// Lends the bytes in place. The view keeps them mapped, whatever becomes of the store.
    ///
    /// # Safety
    /// `view` is null or a buffer to be filled, as the protocol has it.
    unsafe fn __getbuffer__(
        slf: &Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: c_int,
    ) -> PyResult<()> {
        guard(|| {
            let lent = slf.get().native.view()?;
            let length = lent.len() as ffi::Py_ssize_t;
            // SAFETY: so many bytes are mapped as long as `lent` lives, which the buffer keeps.
            unsafe {
                let data = lent.data().cast::<c_void>();
                if ffi::PyBuffer_FillInfo(view, slf.as_ptr(), data, length, 0, flags) != 0 {
                    return Err(Fault::Set);
                }
                (*view).internal = Box::into_raw(Box::new(lent)).cast();
            }
            Ok(())
        })
    }

    /// # Safety
    /// `view` was filled by `__getbuffer__`.
    unsafe fn __releasebuffer__(&self, view: *mut ffi::Py_buffer) {
        // SAFETY: made by `__getbuffer__`, and released once.
        drop(unsafe { Box::from_raw((*view).internal.cast::<MemoryView>()) });
    }

    fn __repr__(&self) -> String {
        format!("<{}>", self.native.shown())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}

fn byte(data: &Bound<'_, PyAny>) -> Result<u8, Fault> {
    let number = data.extract::<i64>();
    let number = number.map_err(|_| wrong_key("an int from 0 to 255", data))?;
    u8::try_from(number).map_err(|_| messages::out_of_range("byte", number, 0, 255).into())
}
