//! Pin: buffers of Python's that stay where they are while a batch runs.

use std::ffi::{CStr, c_int};

use landbridge::{Error, ErrorKind, Type};
use pyo3::ffi;
use pyo3::prelude::*;

use super::Few;
use super::column::Part;
use super::place::Place;
use crate::guard::Fault;

/// Buffers, released at the end of the scope, which must hold the lock, and arrays of numpy's, which have no need of one.
pub(super) struct Pins<'py> {
    /// Filled where they are and never moved: what they point to may lie in themselves.
    views: Vec<ffi::Py_buffer>,
    most: usize,
    arrays: Few<Bound<'py, PyAny>>,
}

impl<'py> Pins<'py> {
    /// For so many buffers at most.
    pub(super) fn new(most: usize) -> Pins<'py> {
        Pins {
            views: Vec::new(),
            most,
            arrays: Few::new(),
        }
    }

    /// Keeps an array, whatever else lets go of it.
    pub(super) fn keep(&mut self, array: &Bound<'py, PyAny>) {
        self.arrays.push(array.clone());
    }

    /// Pins an argument; none if it is a buffer of no dimension, which is a number.
    pub(super) fn argument(
        &mut self,
        object: &Bound<'_, PyAny>,
        place: &Place<'_>,
    ) -> Result<Option<Part>, Fault> {
        let view = self.pin(object, ffi::PyBUF_RECORDS_RO, place)?;
        match view.ndim {
            0 => Ok(None),
            _ => part(view, place).map(Some),
        }
    }

    /// Pins a buffer for results.
    pub(super) fn result(
        &mut self,
        object: &Bound<'_, PyAny>,
        place: &Place<'_>,
    ) -> Result<Part, Fault> {
        part(self.pin(object, ffi::PyBUF_RECORDS, place)?, place)
    }

    fn pin(
        &mut self,
        object: &Bound<'_, PyAny>,
        flags: c_int,
        place: &Place<'_>,
    ) -> Result<&ffi::Py_buffer, Fault> {
        if self.views.is_empty() {
            self.views.reserve_exact(self.most);
        }
        let Some(free) = self.views.spare_capacity_mut().first_mut() else {
            unreachable!("there is a place for each column");
        };
        // SAFETY: the object is alive and the lock is held; a view that was given is filled.
        let view = unsafe {
            if ffi::PyObject_GetBuffer(object.as_ptr(), free.as_mut_ptr(), flags) != 0 {
                return Err(refused(object, place));
            }
            let filled = self.views.len() + 1;
            self.views.set_len(filled);
            &self.views[filled - 1]
        };
        Ok(view)
    }
}

impl Drop for Pins<'_> {
    fn drop(&mut self) {
        for view in &mut self.views {
            // SAFETY: each was given once, and the lock is held.
            unsafe { ffi::PyBuffer_Release(view) };
        }
    }
}

/// Why there is no buffer, in the words of whoever has it.
#[cold]
fn refused(object: &Bound<'_, PyAny>, place: &Place<'_>) -> Fault {
    let py = object.py();
    let raised = PyErr::fetch(py);
    if !raised.is_instance_of::<pyo3::exceptions::PyException>(py) {
        return raised.into();
    }
    let text = format!("{}: {}", place.name(), raised.value(py));
    Error::new(ErrorKind::Type, text).into()
}

/// Where the numbers of a buffer are.
fn part(view: &ffi::Py_buffer, place: &Place<'_>) -> Result<Part, Fault> {
    let format = match view.format.is_null() {
        // Bytes.
        true => c"B",
        // SAFETY: a text that lives as long as the view.
        false => unsafe { CStr::from_ptr(view.format) },
    };
    let width = place.width();
    match number(format.to_bytes(), view.itemsize) {
        Some(ty) => place.check(ty)?,
        None => return Err(place.wrong(&word(format.to_bytes(), view.itemsize))),
    }
    if view.ndim != 1 {
        return Err(place.dimensions(view.ndim));
    }
    let stride = match view.strides.is_null() {
        true => width as isize,
        // SAFETY: one dimension has one stride.
        false => unsafe { *view.strides },
    };
    let rows = view.len as usize / width;
    Ok(Part {
        data: view.buf.cast(),
        stride,
        rows,
        nulls: None,
    })
}

/// The type of numbers that a format means, if it is one of WebAssembly's in this machine's order of bytes.
fn number(format: &[u8], size: isize) -> Option<Type> {
    let code = match format {
        [code] | [b'@' | b'=', code] => code,
        [b'<', code] if cfg!(target_endian = "little") => code,
        [b'>' | b'!', code] if cfg!(target_endian = "big") => code,
        _ => return None,
    };
    match (code, size) {
        (b'i' | b'I' | b'l' | b'L' | b'q' | b'Q' | b'n' | b'N', 4) => Some(Type::I32),
        (b'i' | b'I' | b'l' | b'L' | b'q' | b'Q' | b'n' | b'N', 8) => Some(Type::I64),
        (b'f', 4) => Some(Type::F32),
        (b'd', 8) => Some(Type::F64),
        _ => None,
    }
}

/// What other elements are called.
#[cold]
fn word(format: &[u8], size: isize) -> String {
    let (order, code) = match format {
        [order @ (b'@' | b'=' | b'<' | b'>' | b'!'), code @ ..] => (*order, code),
        code => (b'@', code),
    };
    let letter = match code {
        [b'b' | b'h' | b'i' | b'l' | b'q' | b'n'] => "i",
        [b'B' | b'H' | b'I' | b'L' | b'Q' | b'N'] => "u",
        [b'e' | b'f' | b'd'] => "f",
        [b'?'] => return "bool".to_owned(),
        other => return format!("elements of the format {}", String::from_utf8_lossy(other)),
    };
    let foreign = match order {
        b'>' | b'!' if cfg!(target_endian = "little") => "big-endian ",
        b'<' if cfg!(target_endian = "big") => "little-endian ",
        _ => "",
    };
    format!("{foreign}{letter}{}", size * 8)
}
