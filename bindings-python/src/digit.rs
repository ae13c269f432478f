//! Digit: an int of one digit is read where it lies, as CPython's own macros read it: a call costs more than the reading.
//!
//! The layout is that of the version this is compiled for. It is tried out when the module is loaded; where a Python
//! was built with other digits, the interpreter's functions read all ints.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::ffi;
use pyo3::prelude::*;

/// An int, as CPython has it in memory.
#[repr(C)]
struct Long {
    head: ffi::PyObject,
    /// How many digits there are; of a negative number the count is negative.
    #[cfg(not(Py_3_12))]
    size: isize,
    /// From the lowest bit: 1 for zero or 2 for a negative number, a bit that is not looked at, the count of digits.
    #[cfg(Py_3_12)]
    tag: usize,
    digits: [u32; 1],
}

/// Whether the layout is the one above.
static IS_KNOWN: AtomicBool = AtomicBool::new(false);

/// The number, if it has one digit at most: 30 bits.
///
/// # Safety
/// `object` is alive and an int; the lock is held.
#[inline(always)]
pub(crate) unsafe fn small(object: *mut ffi::PyObject) -> Option<i64> {
    match IS_KNOWN.load(Ordering::Relaxed) {
        // SAFETY: the caller's promise.
        true => unsafe { read(object) },
        false => None,
    }
}

#[cfg(not(Py_3_12))]
#[inline(always)]
unsafe fn read(object: *mut ffi::PyObject) -> Option<i64> {
    // SAFETY: an int, which nobody changes; it has a digit where its size says so.
    unsafe {
        let long = object.cast::<Long>();
        match (*long).size {
            1 => Some((*long).digits[0].into()),
            0 => Some(0),
            -1 => Some(-i64::from((*long).digits[0])),
            _ => None,
        }
    }
}

#[cfg(Py_3_12)]
#[inline(always)]
unsafe fn read(object: *mut ffi::PyObject) -> Option<i64> {
    // SAFETY: an int, which nobody changes; it has room for a digit even if it is zero.
    unsafe {
        let long = object.cast::<Long>();
        let tag = (*long).tag;
        let sign = 1 - (tag & 3) as i64;
        (tag < 2 << 3).then(|| sign * i64::from((*long).digits[0]))
    }
}

/// Tries the layout out.
pub(crate) fn prepare(py: Python<'_>) -> PyResult<()> {
    let most = (1 << 30) - 1;
    let mut is_known = py.version_info() < (3, 16);
    for number in [
        0,
        1,
        -1,
        0x1234_5678,
        -0x1234_5678,
        most,
        -most,
        most + 1,
        -most - 1,
        i64::MAX,
    ] {
        let int = number.into_pyobject(py)?;
        let fits = (-most..=most).contains(&number).then_some(number);
        // SAFETY: an int that is alive. If it is another layout this reads within the head and eight bytes, which
        // every int has.
        is_known = is_known && unsafe { read(int.as_ptr()) } == fits;
    }
    IS_KNOWN.store(is_known, Ordering::Relaxed);
    Ok(())
}
