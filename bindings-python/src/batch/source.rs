//! Source: what an argument of a batch is: one number for all rows, or a column that something keeps.

use std::ffi::CStr;

use landbridge::Slot;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyList, PyString, PyTuple};

use super::arrow::{self, Kept};
use super::column::{Part, Parts};
use super::pin::Pins;
use super::place::Place;
use super::{numbers, numpy};
use crate::guard::Fault;
use crate::value;

/// An argument of a batch.
pub(super) enum Source {
    Scalar(Slot),
    Column { parts: Parts, _keeps: Keeps },
}

/// What keeps the numbers where they are. Buffers of Python's are pinned for the whole batch: see `pin.rs`.
pub(super) enum Keeps {
    Pinned,
    Owned { _bytes: Vec<u64> },
    Arrow { _arrays: Kept },
}

impl Source {
    pub(super) fn part(part: Part, keeps: Keeps) -> Source {
        Source::Column {
            parts: Parts::from_iter([part]),
            _keeps: keeps,
        }
    }

    /// Numbers of our own, one after the other.
    pub(super) fn owned(bytes: Vec<u64>, rows: usize, width: usize) -> Source {
        let part = Part {
            data: bytes.as_ptr().cast(),
            stride: width as isize,
            rows,
            nulls: None,
        };
        Source::part(part, Keeps::Owned { _bytes: bytes })
    }

    pub(super) fn rows(&self) -> Option<usize> {
        match self {
            Source::Scalar(_) => None,
            Source::Column { parts, .. } => Some(parts.iter().map(|part| part.rows).sum()),
        }
    }

    pub(super) fn parts(&self) -> &[Part] {
        match self {
            Source::Scalar(_) => &[],
            Source::Column { parts, .. } => parts,
        }
    }
}

/// What an argument is.
pub(super) fn of<'py>(
    object: &Bound<'py, PyAny>,
    place: &Place<'_>,
    pins: &mut Pins<'py>,
    is_numpy: &mut bool,
) -> Result<Source, Fault> {
    if object.is_instance_of::<PyInt>() || object.is_instance_of::<PyFloat>() {
        return scalar(object, place);
    }
    if let Some(part) = numpy::part(object, place, false) {
        *is_numpy = true;
        pins.keep(object);
        return Ok(Source::part(part, Keeps::Pinned));
    }
    if numpy::is_array(object) {
        *is_numpy = true;
        if numpy::is_masked(object)? {
            return Err(place.no_column("a masked array: fill it, or give an array of Arrow's"));
        }
        return pinned(object, place, pins);
    }
    if is_plain_buffer(object) {
        return pinned(object, place, pins);
    }
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        return numbers::source(object, place);
    }
    let py = object.py();
    if let Some(method) = object.getattr_opt(pyo3::intern!(py, "__arrow_c_array__"))? {
        let (parts, arrays) = arrow::of_array(&method, place)?;
        let _keeps = Keeps::Arrow { _arrays: arrays };
        return Ok(Source::Column { parts, _keeps });
    }
    // SAFETY: a check of the object's class.
    if unsafe { ffi::PyObject_CheckBuffer(object.as_ptr()) } != 0 {
        return pinned(object, place, pins);
    }
    if let Some(method) = object.getattr_opt(pyo3::intern!(py, "__arrow_c_stream__"))? {
        let (parts, arrays) = arrow::of_stream(&method, place)?;
        let _keeps = Keeps::Arrow { _arrays: arrays };
        return Ok(Source::Column { parts, _keeps });
    }
    if let Some(method) = object.getattr_opt(pyo3::intern!(py, "__array__"))? {
        *is_numpy = true;
        return pinned(&method.call0()?, place, pins);
    }
    // SAFETY: a check of the object's class.
    let is_sequence = unsafe { ffi::PySequence_Check(object.as_ptr()) } != 0;
    match is_sequence && !object.is_instance_of::<PyString>() {
        true => numbers::source(object, place),
        false => scalar(object, place),
    }
}

/// Whether an object is one of Python's own buffers, which are nothing else.
fn is_plain_buffer(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a class is alive as long as its objects and has a name.
    let name = unsafe { CStr::from_ptr((*object.get_type_ptr()).tp_name) };
    let is_named = [c"array.array", c"memoryview", c"bytes", c"bytearray"].contains(&name);
    // SAFETY: a check of the object's class.
    is_named && unsafe { ffi::PyObject_CheckBuffer(object.as_ptr()) } != 0
}

/// A buffer; one without dimensions is a number.
fn pinned(
    object: &Bound<'_, PyAny>,
    place: &Place<'_>,
    pins: &mut Pins<'_>,
) -> Result<Source, Fault> {
    match pins.argument(object, place)? {
        Some(part) => Ok(Source::part(part, Keeps::Pinned)),
        None => scalar(object, place),
    }
}

fn scalar(object: &Bound<'_, PyAny>, place: &Place<'_>) -> Result<Source, Fault> {
    // SAFETY: the object is alive and the lock is held.
    let slot = match unsafe { value::lower_fast(object.as_ptr(), place.ty) } {
        Some(slot) => slot,
        None => value::lower_slot(object, place.ty, &|| place.name())?,
    };
    Ok(Source::Scalar(slot))
}
