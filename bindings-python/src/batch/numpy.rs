//! Numpy: its arrays, if a program has them. It is never imported here.

use std::ffi::CStr;

use landbridge::Type;
use pyo3::prelude::*;

use crate::guard::Fault;
use crate::lazy::Lazy;

/// Whether an object is an array of numpy's: its class or a base of it has that name.
pub(super) fn is_array(object: &Bound<'_, PyAny>) -> bool {
    let mut class = object.get_type_ptr();
    while !class.is_null() {
        // SAFETY: a class is alive as long as its objects and has a name, and so have its bases.
        unsafe {
            if CStr::from_ptr((*class).tp_name) == c"numpy.ndarray" {
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
