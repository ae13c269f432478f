//! Numbers: a list of Python's as a column, with the checks of a call.

use landbridge::{Slot, Type};
use pyo3::ffi;
use pyo3::prelude::*;

use super::place::Place;
use super::source::Source;
use crate::guard::Fault;
use crate::value;

/// The numbers of a list, a tuple or another sequence.
pub(super) fn source(list: &Bound<'_, PyAny>, place: &Place<'_>) -> Result<Source, Fault> {
    let py = list.py();
    // SAFETY: a new reference to a list or a tuple, or null with an exception set.
    let fast = unsafe {
        let fast = ffi::PySequence_Fast(list.as_ptr(), c"not a sequence".as_ptr());
        Bound::from_owned_ptr_or_err(py, fast)?
    };
    let width = place.width();
    // SAFETY: a list or a tuple.
    let mut bytes = vec![0_u64; unsafe { ffi::PySequence_Size(fast.as_ptr()) } as usize];
    let mut row = 0;
    // An element that is asked for its number may change the list.
    // SAFETY: as above.
    while row < unsafe { ffi::PySequence_Size(fast.as_ptr()) } as usize {
        // SAFETY: there is such an element, which the list keeps until code of Python's runs.
        let quick = unsafe {
            let items = fast.as_ptr();
            let item = match ffi::PyList_Check(items) != 0 {
                true => ffi::PyList_GET_ITEM(items, row as ffi::Py_ssize_t),
                false => ffi::PyTuple_GET_ITEM(items, row as ffi::Py_ssize_t),
            };
            value::lower_fast(item, place.ty).ok_or_else(|| Bound::from_borrowed_ptr(py, item))
        };
        let slot = match quick {
            Ok(slot) => slot,
            Err(item) => {
                value::lower_slot(&item, place.ty, &|| format!("{}, row {row}", place.name()))?
            }
        };
        put(&mut bytes, row, place.ty, slot);
        row += 1;
    }
    Ok(Source::owned(bytes, row, width))
}

fn put(bytes: &mut Vec<u64>, row: usize, ty: Type, slot: Slot) {
    if bytes.len() <= row {
        bytes.resize(row + 1, 0);
    }
    let at = bytes.as_mut_ptr();
    // SAFETY: there is a word for each row, and a number is no longer than that.
    unsafe {
        match ty {
            Type::I32 => at.cast::<i32>().add(row).write(slot.as_i32()),
            Type::F32 => at.cast::<f32>().add(row).write(slot.as_f32()),
            Type::I64 => at.cast::<i64>().add(row).write(slot.as_i64()),
            _ => at.cast::<f64>().add(row).write(slot.as_f64()),
        }
    }
}
