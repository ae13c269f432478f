//! Values: what a guest's numbers and references are in Python.

use std::ffi::c_int;
use std::ops::RangeInclusive;
use std::sync::Arc;

use landbridge::{
    AnyRef, Error, ErrorKind, ExternRef, Result as CoreResult, Slot, Type, Value, messages,
};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyList, PyTuple};

use crate::digit;
use crate::exception;
use crate::func;
use crate::gc;
use crate::guard::Fault;
use crate::kept::{Lent, Roots};
use crate::store::Store;

/// Makes the label of a value for messages, such as `argument 1 of add`.
pub(crate) type Label<'a> = &'a dyn Fn() -> String;

/// Lowers the plain values that need no code of Python's: ints and floats that fit.
///
/// # Safety
/// `object` is alive and Python's lock is held.
#[inline(always)]
pub(crate) unsafe fn lower_fast(object: *mut ffi::PyObject, ty: Type) -> Option<Slot> {
    let mut overflow: c_int = 0;
    // SAFETY: the caller's promise; each reader follows the check of the object's type, which
    // makes it infallible but for overflow.
    unsafe {
        match ty {
            Type::I32 if ffi::PyLong_Check(object) != 0 => {
                if let Some(small) = digit::small(object) {
                    return Some(Slot::from_i32(small as i32));
                }
                let long = ffi::PyLong_AsLongLongAndOverflow(object, &mut overflow);
                let fits = overflow == 0 && (i32::MIN.into()..=u32::MAX.into()).contains(&long);
                fits.then(|| Slot::from_i32(long as i32))
            }
            Type::I64 if ffi::PyLong_Check(object) != 0 => {
                if let Some(small) = digit::small(object) {
                    return Some(Slot::from_i64(small));
                }
                let long = ffi::PyLong_AsLongLongAndOverflow(object, &mut overflow);
                (overflow == 0).then(|| Slot::from_i64(long))
            }
            Type::F64 if ffi::PyFloat_Check(object) != 0 => {
                Some(Slot::from_f64(ffi::PyFloat_AS_DOUBLE(object)))
            }
            Type::F32 if ffi::PyFloat_Check(object) != 0 => {
                Some(Slot::from_f32(narrow(ffi::PyFloat_AS_DOUBLE(object))))
            }
            _ => None,
        }
    }
}

/// Lowers any plain value.
#[cold]
pub(crate) fn lower_slot(
    object: &Bound<'_, PyAny>,
    ty: Type,
    label: Label<'_>,
) -> Result<Slot, Fault> {
    Ok(match ty {
        Type::I32 => Slot::from_i32(integer(object, ty, label)? as i32),
        Type::I64 => Slot::from_i64(integer(object, ty, label)?),
        Type::F32 => Slot::from_f32(narrow(float(object, ty, label)?)),
        Type::F64 => Slot::from_f64(float(object, ty, label)?),
        Type::V128 => Slot::from_v128(vector(object, label)?),
        _ => return Err(wrong_type(object, ty, label)),
    })
}

/// Lowers any value for a guest that reaches objects of Python's by `roots`.
pub(crate) fn lower(
    object: &Bound<'_, PyAny>,
    ty: Type,
    roots: &Arc<Roots>,
    label: Label<'_>,
) -> Result<Value, Fault> {
    let found = match ty.top() {
        Type::I32 => Some(Value::I32(integer(object, ty, label)? as i32)),
        Type::I64 => Some(Value::I64(integer(object, ty, label)?)),
        Type::F32 => Some(Value::F32(narrow(float(object, ty, label)?))),
        Type::F64 => Some(Value::F64(float(object, ty, label)?)),
        Type::V128 => Some(Value::V128(vector(object, label)?)),
        _ if object.is_none() => Some(Value::zero(ty)),
        Type::FuncRef => func::native(object).map(|func| Value::FuncRef(Some(func.clone()))),
        Type::ExternRef => Some(Value::ExternRef(Some(outward(object, roots)))),
        Type::ExnRef => exception::native(object).map(|it| Value::ExnRef(Some(it))),
        _ => Some(Value::AnyRef(Some(any(object, ty, roots, label)?))),
    };
    found.ok_or_else(|| wrong_type(object, ty, label))
}

/// An object of the guest's heap, an int as a small integer, or any other object of Python's.
fn any(
    object: &Bound<'_, PyAny>,
    ty: Type,
    roots: &Arc<Roots>,
    label: Label<'_>,
) -> Result<AnyRef, Fault> {
    if let Some(object) = gc::native(object) {
        return Ok(AnyRef::Object(object.clone()));
    }
    let Ok(int) = object.cast_exact::<PyInt>() else {
        return Ok(AnyRef::Host(lent(object, roots)));
    };
    match int.extract::<i32>() {
        Ok(number) if SMALL.contains(&number) => Ok(AnyRef::I31(number)),
        _ => Err(Error::range(&label(), ty, &digits(int)?).into()),
    }
}

/// The range of an `i31ref`.
const SMALL: RangeInclusive<i32> = -(1 << 30)..=(1 << 30) - 1;

/// Any object as an externref; one of the guest's heap goes out as itself.
fn outward(object: &Bound<'_, PyAny>, roots: &Arc<Roots>) -> ExternRef {
    match gc::native(object) {
        Some(object) => ExternRef::from_any(AnyRef::Object(object.clone())),
        None => lent(object, roots),
    }
}

fn lent(object: &Bound<'_, PyAny>, roots: &Arc<Roots>) -> ExternRef {
    ExternRef::new(Lent::new(roots, object.clone().unbind()))
}

/// Lifts a plain value; null if Python has no memory left.
#[inline(always)]
pub(crate) fn lift_slot(slot: &Slot, ty: Type) -> *mut ffi::PyObject {
    // SAFETY: Python's lock is held by whoever calls a guest or is called by one.
    unsafe {
        match ty {
            Type::I32 => ffi::PyLong_FromLong(slot.as_i32().into()),
            Type::I64 => ffi::PyLong_FromLongLong(slot.as_i64()),
            Type::F32 => ffi::PyFloat_FromDouble(widen(slot.as_f32())),
            Type::F64 => ffi::PyFloat_FromDouble(slot.as_f64()),
            _ => {
                let bytes = slot.as_v128().to_le_bytes();
                ffi::PyBytes_FromStringAndSize(bytes.as_ptr().cast(), 16)
            }
        }
    }
}

/// Lifts any value of a guest of `store`.
pub(crate) fn lift<'py>(
    py: Python<'py>,
    value: Value,
    store: &Py<Store>,
) -> Result<Bound<'py, PyAny>, Fault> {
    let slot = match value {
        Value::FuncRef(Some(func)) => return Ok(func::wrap(py, func, store)?.into_bound(py)),
        Value::ExternRef(Some(object)) => return lift_extern(py, &object, store),
        Value::AnyRef(Some(any)) => return lift_any(py, &any, store),
        Value::ExnRef(Some(exception)) => return Ok(exception::wrap(py, exception, store)?),
        Value::I32(v) => (Slot::from_i32(v), Type::I32),
        Value::I64(v) => (Slot::from_i64(v), Type::I64),
        Value::F32(v) => (Slot::from_f32(v), Type::F32),
        Value::F64(v) => (Slot::from_f64(v), Type::F64),
        Value::V128(v) => (Slot::from_v128(v), Type::V128),
        // Null, of whatever type.
        _ => return Ok(py.None().into_bound(py)),
    };
    // SAFETY: a new reference, or null with an exception set.
    Ok(unsafe { Bound::from_owned_ptr_or_err(py, lift_slot(&slot.0, slot.1)) }?)
}

fn lift_any<'py>(
    py: Python<'py>,
    any: &AnyRef,
    store: &Py<Store>,
) -> Result<Bound<'py, PyAny>, Fault> {
    match any {
        AnyRef::I31(number) => Ok(PyInt::new(py, *number).into_any()),
        AnyRef::Object(object) => Ok(gc::wrap(py, object.clone(), store)?),
        AnyRef::Host(object) => Ok(returned(py, object)?),
    }
}

fn lift_extern<'py>(
    py: Python<'py>,
    object: &ExternRef,
    store: &Py<Store>,
) -> Result<Bound<'py, PyAny>, Fault> {
    match object.any() {
        Some(any) => lift_any(py, any, store),
        None => Ok(returned(py, object)?),
    }
}

/// The results of a call as one object: none is `None`, one is itself, more are a tuple.
pub(crate) fn lift_results<'py>(
    py: Python<'py>,
    results: Vec<Value>,
    store: &Py<Store>,
) -> Result<Bound<'py, PyAny>, Fault> {
    let mut objects = Vec::with_capacity(results.len());
    for result in results {
        objects.push(lift(py, result, store)?);
    }
    Ok(match objects.len() {
        0 => py.None().into_bound(py),
        1 => objects.remove(0),
        _ => PyTuple::new(py, objects)?.into_any(),
    })
}

/// What a host function returned, as a list: the counterpart of [`lift_results`].
pub(crate) fn split_results<'py>(
    returned: &Bound<'py, PyAny>,
    types: &[Type],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let is_row = returned.is_instance_of::<PyTuple>() || returned.is_instance_of::<PyList>();
    match types {
        [] if returned.is_none() => Ok(Vec::new()),
        [ty] if returned.is_none() && ty.is_plain() => Ok(Vec::new()),
        [ty] if is_row && ty.is_plain() && returned.len()? != 1 => returned.try_iter()?.collect(),
        [_] => Ok(vec![returned.clone()]),
        _ if is_row => returned.try_iter()?.collect(),
        _ if returned.is_none() => Ok(Vec::new()),
        _ => Ok(vec![returned.clone()]),
    }
}

/// The very object that was lent to the guest.
fn returned<'py>(py: Python<'py>, object: &ExternRef) -> CoreResult<Bound<'py, PyAny>> {
    object
        .get::<Lent>()
        .and_then(|lent| lent.get(py))
        .ok_or_else(|| {
            let text = "the object that the guest held is gone: its store was closed";
            Error::new(ErrorKind::Closed, text)
        })
}

/// An integer in the signed or the unsigned range of `ty`, as its bits.
fn integer(object: &Bound<'_, PyAny>, ty: Type, label: Label<'_>) -> Result<i64, Fault> {
    // SAFETY: the object is alive.
    let is_integer = unsafe { ffi::PyIndex_Check(object.as_ptr()) } != 0;
    if !is_integer {
        return Err(wrong_type(object, ty, label));
    }
    // SAFETY: a new reference, or null with an exception set.
    let int =
        unsafe { Bound::from_owned_ptr_or_err(object.py(), ffi::PyNumber_Index(object.as_ptr()))? };
    let wide = int.extract::<i64>().map(i128::from);
    let wide = wide.or_else(|_| int.extract::<u64>().map(i128::from));
    let range = match ty {
        Type::I32 => i32::MIN.into()..=u32::MAX.into(),
        _ => i64::MIN.into()..=u64::MAX.into(),
    };
    match wide {
        Ok(number) if range.contains(&number) => Ok(number as i64),
        _ => Err(Error::range(&label(), ty, &digits(&int)?).into()),
    }
}

/// A number for a message; a very long one by its length.
pub(crate) fn digits(int: &Bound<'_, PyAny>) -> PyResult<String> {
    match int.call_method0("bit_length")?.extract::<u64>()? {
        0..=256 => int.str()?.extract(),
        bits => Ok(format!("a number of {bits} bits")),
    }
}

fn float(object: &Bound<'_, PyAny>, ty: Type, label: Label<'_>) -> Result<f64, Fault> {
    let py = object.py();
    // SAFETY: the object is alive; -1.0 is only an error if an exception is set.
    let number = unsafe { ffi::PyFloat_AsDouble(object.as_ptr()) };
    if number != -1.0 {
        return Ok(number);
    }
    match PyErr::take(py) {
        None => Ok(number),
        Some(raised) if raised.is_instance_of::<PyTypeError>(py) => {
            Err(wrong_type(object, ty, label))
        }
        Some(raised) if raised.is_instance_of::<PyOverflowError>(py) => {
            let text = format!("{}: a number too large for {ty}", label());
            Err(Error::new(ErrorKind::Range, text).into())
        }
        Some(raised) => Err(raised.into()),
    }
}

/// 16 bytes, least significant first, or an int.
fn vector(object: &Bound<'_, PyAny>, label: Label<'_>) -> Result<u128, Fault> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        let bytes = bytes.as_bytes();
        let bytes: Result<[u8; 16], _> = bytes.try_into().map_err(|_| bytes);
        let wrong = |given: &[u8]| messages::vector_bytes(label(), given.len());
        return Ok(u128::from_le_bytes(bytes.map_err(wrong)?));
    }
    if let Ok(int) = object.cast::<PyInt>() {
        return int.extract::<u128>().or_else(|_| {
            let given = digits(int)?;
            Err(messages::out_of_range(label(), given, 0, "2**128 - 1").into())
        });
    }
    Err(wrong_type(object, Type::V128, label))
}

#[cold]
fn wrong_type(object: &Bound<'_, PyAny>, ty: Type, label: Label<'_>) -> Fault {
    let given = object.get_type().name();
    let given = given.map_or_else(|_| "an object".to_owned(), |name| name.to_string());
    Error::wrong_type(&label(), ty, &given).into()
}

/// To 32 bits as IEEE 754 rounds; of a NaN the upper bits are kept as they are, signalling or not.
pub(crate) fn narrow(wide: f64) -> f32 {
    if !wide.is_nan() {
        return wide as f32;
    }
    let bits = wide.to_bits();
    let payload = (bits >> 29) as u32 & 0x007f_ffff;
    // A NaN whose upper payload is empty must not become an infinity.
    let payload = if payload == 0 { 0x0040_0000 } else { payload };
    f32::from_bits((bits >> 32) as u32 & 0x8000_0000 | 0x7f80_0000 | payload)
}

/// To 64 bits; all bits of a NaN are kept, so that [`narrow`] gives the same ones back.
pub(crate) fn widen(slim: f32) -> f64 {
    if !slim.is_nan() {
        return slim.into();
    }
    let bits = u64::from(slim.to_bits());
    f64::from_bits((bits & 0x8000_0000) << 32 | 0x7ff0_0000_0000_0000 | (bits & 0x007f_ffff) << 29)
}
