//! Slots: plain values from JavaScript and to it, and why one was not taken.

use std::ffi::c_void;
use std::ptr;

use landbridge::{Error, Result, Slot, Type, messages};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::js::get;

/// JavaScript to a slot, for plain types. On failure the cold [`refusal`] says why.
#[inline(always)]
pub(crate) fn lower_slot(env: Env, value: Js, ty: Type, slot: &mut Slot) -> Option<()> {
    // What most functions take is here; a table of all types would be slower.
    *slot = match ty {
        Type::I32 => Slot::from_i32(int32(number(env, value)?)?),
        Type::F64 => Slot::from_f64(number(env, value)?),
        _ => return lower_other(env, value, ty, slot),
    };
    Some(())
}

#[inline(never)]
fn lower_other(env: Env, value: Js, ty: Type, slot: &mut Slot) -> Option<()> {
    *slot = match ty {
        Type::I64 => Slot::from_i64(int64(env, value)?),
        Type::F32 => Slot::from_f32(number(env, value)? as f32),
        Type::V128 => Slot::from_v128(vector(env, value)?),
        _ => return None,
    };
    Some(())
}

#[inline(always)]
pub(crate) fn number(env: Env, value: Js) -> Option<f64> {
    let mut out = 0.0;
    // SAFETY: the environment runs on this thread, the value is of the open scope.
    let status = unsafe { sys::napi_get_value_double(env.raw(), value, &mut out) };
    (status == sys::Status::napi_ok).then_some(out)
}

/// The signed and the unsigned range, both.
#[inline(always)]
fn int32(value: f64) -> Option<i32> {
    if !(value >= i32::MIN.into() && value <= u32::MAX.into()) {
        return None;
    }
    // SAFETY: it is in the range of `i64`, and not NaN.
    let whole: i64 = unsafe { value.to_int_unchecked() };
    (whole as f64 == value).then_some(whole as i32)
}

#[inline(always)]
fn int64(env: Env, value: Js) -> Option<i64> {
    let (mut out, mut lossless) = (0, false);
    // SAFETY: as in `number`.
    let status =
        unsafe { sys::napi_get_value_bigint_int64(env.raw(), value, &mut out, &mut lossless) };
    if lossless && status == sys::Status::napi_ok {
        return Some(out);
    }
    uint64(env, value).map(|bits| bits as i64)
}

#[cold]
pub(crate) fn uint64(env: Env, value: Js) -> Option<u64> {
    let (mut out, mut lossless) = (0, false);
    // SAFETY: as in `number`.
    let status =
        unsafe { sys::napi_get_value_bigint_uint64(env.raw(), value, &mut out, &mut lossless) };
    (lossless && status == sys::Status::napi_ok).then_some(out)
}

/// 128 bits: 16 bytes of any view, lane 0 first, or a `BigInt`.
#[cold]
fn vector(env: Env, value: Js) -> Option<u128> {
    match viewed(env, value) {
        // SAFETY: the bytes are valid until JavaScript runs again, and copied at once.
        Some(bytes) => unsafe { &*bytes }.try_into().ok().map(u128::from_le_bytes),
        None => int128(env, value),
    }
}

/// Bytes of an element of a typed array, by the number of its type.
const ELEMENT_BYTES: &[usize] = &[1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2];

/// Where the bytes of a typed array or a `DataView` are, valid until JavaScript runs again; `None`
/// for other values.
pub(crate) fn viewed(env: Env, value: Js) -> Option<*const [u8]> {
    let (mut ty, mut length, mut data, none) = (-1, 0, ptr::null_mut(), ptr::null_mut());
    // SAFETY: as in `number`; the out pointers that are null are not wanted.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env.raw(),
            value,
            &mut ty,
            &mut length,
            &mut data,
            none,
            ptr::null_mut(),
        )
    };
    if status == sys::Status::napi_ok {
        length *= ELEMENT_BYTES.get(usize::try_from(ty).ok()?)?;
    } else {
        // SAFETY: as above.
        let status = unsafe {
            sys::napi_get_dataview_info(
                env.raw(),
                value,
                &mut length,
                &mut data,
                none,
                ptr::null_mut(),
            )
        };
        (status == sys::Status::napi_ok).then_some(())?;
    }
    Some(slice(data, length))
}

/// An empty view may be nowhere.
pub(crate) fn slice(data: *mut c_void, length: usize) -> *mut [u8] {
    let data = match length {
        0 => ptr::NonNull::dangling().as_ptr(),
        _ => data.cast(),
    };
    ptr::slice_from_raw_parts_mut(data, length)
}

/// 128 bits from a `BigInt` in the signed or the unsigned range.
fn int128(env: Env, value: Js) -> Option<u128> {
    let (mut sign, mut count, mut words) = (0, 2, [0u64; 2]);
    // SAFETY: as in `number`; `words` has room for `count` words.
    let status = unsafe {
        sys::napi_get_value_bigint_words(
            env.raw(),
            value,
            &mut sign,
            &mut count,
            words.as_mut_ptr(),
        )
    };
    let bits = u128::from(words[0]) | u128::from(words[1]) << 64;
    let fits = status == sys::Status::napi_ok && count <= 2;
    match sign {
        0 => fits.then_some(bits),
        _ => (fits && bits <= 1 << 127).then_some(bits.wrapping_neg()),
    }
}

/// Why a value was not taken.
#[cold]
pub(crate) fn refusal(env: Env, value: Js, ty: Type, place: &str) -> Error {
    let kind = env.kind(value).unwrap_or(sys::ValueType::napi_undefined);
    let text = || shown(env, value).unwrap_or_default();
    match (ty.top(), kind) {
        (Type::I32 | Type::AnyRef, sys::ValueType::napi_number) => match number(env, value) {
            Some(n) if n.trunc() == n && n.is_finite() => Error::range(place, integer(ty), &text()),
            _ => Error::wrong_type(place, ty, &format!("number {}", text())),
        },
        (Type::I64, sys::ValueType::napi_bigint) => Error::range(place, ty, &text()),
        (Type::V128, sys::ValueType::napi_bigint) => {
            messages::out_of_range(place, text(), "-2**127", "2**128 - 1")
        }
        (Type::V128, sys::ValueType::napi_object) => no_vector(env, value, place),
        (Type::I32 | Type::F32 | Type::F64, sys::ValueType::napi_bigint) => {
            Error::wrong_type(place, ty, "bigint (a number is needed)")
        }
        (Type::I64, sys::ValueType::napi_number) => {
            Error::wrong_type(place, ty, "number (a BigInt is needed)")
        }
        (Type::V128, sys::ValueType::napi_number) => {
            Error::wrong_type(place, ty, "number (16 bytes or a BigInt are needed)")
        }
        _ if is_promise(env, value) => Error::wrong_type(place, ty, PROMISE),
        _ => Error::wrong_type(place, ty, env.describe(value)),
    }
}

fn no_vector(env: Env, value: Js, place: &str) -> Error {
    match viewed(env, value) {
        Some(bytes) => messages::vector_bytes(place, bytes.len()),
        None => Error::wrong_type(place, Type::V128, "object (16 bytes are needed)"),
    }
}

/// The type of the numbers that a type takes.
fn integer(ty: Type) -> Type {
    match ty.top() {
        Type::AnyRef => Type::I31Ref,
        _ => ty,
    }
}

/// A number or `BigInt` as text.
pub(crate) fn shown(env: Env, value: Js) -> Result<String> {
    env.shown(get!(env, napi_coerce_to_string(value), ptr::null_mut())?)
}

/// A promise where a value is due at once, for messages.
pub(crate) const PROMISE: &str =
    "a Promise (host functions must answer at once, unless the call is made by async)";

pub(crate) fn is_promise(env: Env, value: Js) -> bool {
    get!(env, napi_is_promise(value), false).unwrap_or(false)
}

/// A slot to JavaScript, for plain types.
#[inline(always)]
pub(crate) fn lift_slot(env: Env, slot: &Slot, ty: Type) -> Result<Js> {
    let none = ptr::null_mut();
    match ty {
        Type::I32 => get!(env, napi_create_int32(slot.as_i32()), none),
        Type::F64 => get!(env, napi_create_double(slot.as_f64()), none),
        _ => lift_other(env, slot, ty),
    }
}

#[inline(never)]
fn lift_other(env: Env, slot: &Slot, ty: Type) -> Result<Js> {
    let none = ptr::null_mut();
    match ty {
        Type::I64 => get!(env, napi_create_bigint_int64(slot.as_i64()), none),
        Type::F32 => get!(env, napi_create_double(slot.as_f32().into()), none),
        _ => lift_vector(env, slot.as_v128()),
    }
}

/// A new `Uint8Array`, lane 0 first.
#[cold]
fn lift_vector(env: Env, bits: u128) -> Result<Js> {
    env.view(&bits.to_le_bytes())
}
