//! Numpy: its arrays, if a program has them. It is never imported here.

use std::ffi::{CStr, c_char, c_int, c_void};

use landbridge::Type;
use pyo3::ffi;
use pyo3::prelude::*;

use super::column::Part;
use super::place::Place;
use crate::guard::Fault;
use crate::lazy::Lazy;

/// The beginning of an array, as numpy's ABI has it in its versions 1 and 2.
#[repr(C)]
struct Array {
    head: ffi::PyObject,
    data: *mut c_char,
    dimensions: c_int,
    shape: *mut ffi::Py_ssize_t,
    strides: *mut ffi::Py_ssize_t,
    base: *mut ffi::PyObject,
    descr: *mut Descr,
    flags: c_int,
}

/// The beginning of the description of its elements.
#[repr(C)]
struct Descr {
    head: ffi::PyObject,
    class: *mut c_void,
    kind: c_char,
    code: c_char,
    byte_order: c_char,
    flags: c_char,
}

const IS_WRITEABLE: c_int = 0x400;

/// Where the numbers of an array are, if it is one of numpy's own class and has numbers of the type that is wanted.
/// All else is left to the buffer protocol, which takes several times as long and says what is wrong.
///
/// An array does not move its numbers while somebody has it, unless it is told not to look at that.
pub(super) fn part(object: &Bound<'_, PyAny>, place: &Place<'_>, is_written: bool) -> Option<Part> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let py = object.py();
    let find = || PyResult::Ok(py.import("numpy")?.getattr("ndarray")?.unbind());
    // SAFETY: a class is alive as long as its objects and has a name.
    let is_named = unsafe { CStr::from_ptr((*object.get_type_ptr()).tp_name) } == NAME;
    if !is_named || CLASS.get_or_try_init(py, find).ok()?.as_ptr() != object.get_type_ptr().cast() {
        return None;
    }
    // SAFETY: an array of numpy's is alive and has these fields, its description too; one dimension has one count and
    // one stride.
    unsafe {
        let array = &*object.as_ptr().cast::<Array>();
        let descr = &*array.descr;
        let codes: &[u8] = match place.ty {
            Type::I32 => b"iI",
            Type::I64 if size_of::<std::ffi::c_long>() == 8 => b"lLqQ",
            Type::I64 => b"qQ",
            Type::F32 => b"f",
            _ => b"d",
        };
        let is_own_order = matches!(descr.byte_order as u8, b'=' | b'|');
        let may_write = array.flags & IS_WRITEABLE != 0 || !is_written;
        if array.dimensions != 1
            || !is_own_order
            || !may_write
            || !codes.contains(&(descr.code as u8))
        {
            return None;
        }
        Some(Part {
            data: array.data.cast(),
            stride: *array.strides,
            rows: *array.shape as usize,
            nulls: None,
        })
    }
}

const NAME: &CStr = c"numpy.ndarray";

/// Whether an array has a mask, which its buffer does not show.
pub(super) fn is_masked(array: &Bound<'_, PyAny>) -> Result<bool, Fault> {
    // SAFETY: a class is alive as long as its objects and has a name.
    let is_plain = unsafe { CStr::from_ptr((*array.get_type_ptr()).tp_name) } == NAME;
    Ok(!is_plain && array.hasattr(pyo3::intern!(array.py(), "mask"))?)
}

/// Whether an object is an array of numpy's: its class or a base of it has that name.
pub(super) fn is_array(object: &Bound<'_, PyAny>) -> bool {
    let mut class = object.get_type_ptr();
    while !class.is_null() {
        // SAFETY: a class is alive as long as its objects and has a name, and so have its bases.
        unsafe {
            if CStr::from_ptr((*class).tp_name) == NAME {
                return true;
            }
            class = (*class).tp_base;
        }
    }
    false
}

/// A new array, whose numbers are not set.
pub(super) fn empty<'py>(
    py: Python<'py>,
    ty: Type,
    rows: usize,
) -> Result<Bound<'py, PyAny>, Fault> {
    static EMPTY: Lazy<Py<PyAny>> = Lazy::new();
    static TYPES: Lazy<[Py<PyAny>; 4]> = Lazy::new();
    let empty = EMPTY.get_or_try_init(py, || {
        PyResult::Ok(py.import("numpy")?.getattr("empty")?.unbind())
    })?;
    let types = TYPES.get_or_try_init(py, || {
        let dtype = py.import("numpy")?.getattr("dtype")?;
        let of = |name: &str| PyResult::Ok(dtype.call1((name,))?.unbind());
        PyResult::Ok([of("i4")?, of("i8")?, of("f4")?, of("f8")?])
    })?;
    let ty = match ty {
        Type::I32 => &types[0],
        Type::I64 => &types[1],
        Type::F32 => &types[2],
        _ => &types[3],
    };
    Ok(empty.bind(py).call1((rows, ty))?)
}
