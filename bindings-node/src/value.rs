//! Values: lowering from JavaScript and lifting to it, and the plain arguments of native functions.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use landbridge::{AnyRef, Error, ErrorKind, ExternRef, Result, Slot, Type, Value};
use napi_sys as sys;

use crate::env::{Env, Js, get};
use crate::guard::Call;
use crate::handle::{Held, held};
use crate::store::{Kept, Side};

/// JavaScript to a slot, for plain types. On failure the cold [`refusal`] says why.
#[inline(always)]
pub(crate) fn lower_slot(env: Env, value: Js, ty: Type, slot: &mut Slot) -> Option<()> {
    *slot = match ty {
        Type::I32 => Slot::from_i32(int32(number(env, value)?)?),
        Type::I64 => Slot::from_i64(int64(env, value)?),
        Type::F32 => Slot::from_f32(number(env, value)? as f32),
        Type::F64 => Slot::from_f64(number(env, value)?),
        Type::V128 => Slot::from_v128(vector(env, value)?),
        _ => return None,
    };
    Some(())
}

#[inline(always)]
fn number(env: Env, value: Js) -> Option<f64> {
    let mut out = 0.0;
    // SAFETY: the environment runs on this thread, the value is of the open scope.
    let status = unsafe { sys::napi_get_value_double(env.raw(), value, &mut out) };
    (status == sys::Status::napi_ok).then_some(out)
}

/// The signed and the unsigned range, both.
#[inline(always)]
fn int32(value: f64) -> Option<i32> {
    let whole = value as i64;
    let fits = whole as f64 == value && whole >= i32::MIN.into() && whole <= u32::MAX.into();
    fits.then_some(whole as i32)
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
fn uint64(env: Env, value: Js) -> Option<u64> {
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
fn viewed(env: Env, value: Js) -> Option<*const [u8]> {
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
fn slice(data: *mut c_void, length: usize) -> *mut [u8] {
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
            let text = text();
            Error::new(
                ErrorKind::Range,
                format!("{place}: {text} is out of range for v128 (128 bits)"),
            )
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
        Some(bytes) => Error::new(
            ErrorKind::Range,
            format!("{place}: a v128 has 16 bytes, got {}", bytes.len()),
        ),
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
fn shown(env: Env, value: Js) -> Result<String> {
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
        Type::I64 => get!(env, napi_create_bigint_int64(slot.as_i64()), none),
        Type::F32 => get!(env, napi_create_double(slot.as_f32().into()), none),
        Type::F64 => get!(env, napi_create_double(slot.as_f64()), none),
        _ => lift_vector(env, slot.as_v128()),
    }
}

/// A new `Uint8Array`, lane 0 first.
#[cold]
fn lift_vector(env: Env, bits: u128) -> Result<Js> {
    env.view(&bits.to_le_bytes())
}

/// JavaScript to a value of any type; `place` names it for the message.
pub(crate) fn lower(
    env: Env,
    side: &Arc<Side>,
    value: Js,
    ty: Type,
    place: &dyn Fn() -> String,
) -> Result<Value> {
    let kind = env.kind(value)?;
    if kind == sys::ValueType::napi_null && !ty.is_plain() {
        return Ok(Value::zero(ty));
    }
    match (ty.top(), kind) {
        (Type::FuncRef, sys::ValueType::napi_function) => {
            let func = crate::func::of(env, value);
            let func = func.ok_or_else(|| {
                Error::wrong_type(
                    &place(),
                    ty,
                    "a function that is no Func (make one: new Func)",
                )
            })?;
            Ok(Value::FuncRef(Some(func)))
        }
        (Type::ExternRef, _) => {
            let any = lower_any(env, side, value)?;
            Ok(Value::ExternRef(Some(ExternRef::from_any(any))))
        }
        (Type::AnyRef, sys::ValueType::napi_number) => match small(env, value) {
            Some(small) => Ok(Value::AnyRef(Some(AnyRef::I31(small)))),
            None => Err(refusal(env, value, ty, &place())),
        },
        (Type::AnyRef, _) => Ok(Value::AnyRef(Some(lower_any(env, side, value)?))),
        (Type::ExnRef, _) => match held(env, value) {
            Some(Held::Exception(exception, _)) => Ok(Value::ExnRef(Some(exception.clone()))),
            _ => Err(refusal(env, value, ty, &place())),
        },
        _ => {
            let mut slot = Slot::zero();
            let lowered = lower_slot(env, value, ty, &mut slot);
            lowered.ok_or_else(|| refusal(env, value, ty, &place()))?;
            Ok(plain(&slot, ty))
        }
    }
}

/// An object of the guest's heap, or any value as an object of the host.
fn lower_any(env: Env, side: &Arc<Side>, value: Js) -> Result<AnyRef> {
    match held(env, value) {
        Some(Held::Gc(object, _)) => Ok(AnyRef::Object(object.clone())),
        _ => Ok(AnyRef::Host(ExternRef::new(side.keep(env, value)?))),
    }
}

/// A whole number of 31 bits.
fn small(env: Env, value: Js) -> Option<i32> {
    let value = number(env, value)?;
    let whole = value as i32;
    (f64::from(whole) == value && (-(1 << 30)..1 << 30).contains(&whole)).then_some(whole)
}

fn plain(slot: &Slot, ty: Type) -> Value {
    match ty {
        Type::I32 => Value::I32(slot.as_i32()),
        Type::I64 => Value::I64(slot.as_i64()),
        Type::F32 => Value::F32(slot.as_f32()),
        Type::F64 => Value::F64(slot.as_f64()),
        _ => Value::V128(slot.as_v128()),
    }
}

/// A value to JavaScript.
pub(crate) fn lift(env: Env, side: &Arc<Side>, value: &Value) -> Result<Js> {
    match value {
        Value::I32(v) => lift_slot(env, &Slot::from_i32(*v), Type::I32),
        Value::I64(v) => lift_slot(env, &Slot::from_i64(*v), Type::I64),
        Value::F32(v) => lift_slot(env, &Slot::from_f32(*v), Type::F32),
        Value::F64(v) => lift_slot(env, &Slot::from_f64(*v), Type::F64),
        Value::V128(v) => lift_slot(env, &Slot::from_v128(*v), Type::V128),
        Value::FuncRef(Some(func)) => crate::func::into_js(env, side, func),
        Value::ExternRef(Some(object)) => match object.any() {
            Some(any) => lift_any(env, side, any),
            None => lift_host(env, object),
        },
        Value::AnyRef(Some(any)) => lift_any(env, side, any),
        Value::ExnRef(Some(exception)) => crate::exception::into_js(env, side, exception),
        _ => env.null(),
    }
}

fn lift_any(env: Env, side: &Arc<Side>, any: &AnyRef) -> Result<Js> {
    match any {
        AnyRef::I31(small) => env.number(f64::from(*small)),
        AnyRef::Object(object) => crate::gc::into_js(env, side, object),
        AnyRef::Host(object) => lift_host(env, object),
    }
}

fn lift_host(env: Env, object: &ExternRef) -> Result<Js> {
    match object.get::<Kept>() {
        Some(kept) => kept.get(env),
        None => Err(Error::new(
            ErrorKind::Unsupported,
            "this object belongs to another language",
        )),
    }
}

/// What JavaScript has for a float: a number, whose NaN has no bits of its own, or an integer of
/// its bits.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Floats {
    Numbers,
    Bits,
}

impl Floats {
    /// As [`lower`].
    pub(crate) fn lower(
        self,
        env: Env,
        side: &Arc<Side>,
        value: Js,
        ty: Type,
        place: &dyn Fn() -> String,
    ) -> Result<Value> {
        let integer = match (self, ty) {
            (Floats::Bits, Type::F32) => Type::I32,
            (Floats::Bits, Type::F64) => Type::I64,
            _ => return lower(env, side, value, ty, place),
        };
        let place = || format!("bits of {}", place());
        match lower(env, side, value, integer, &place)? {
            Value::I32(bits) => Ok(Value::F32(f32::from_bits(bits as u32))),
            Value::I64(bits) => Ok(Value::F64(f64::from_bits(bits as u64))),
            other => Ok(other),
        }
    }

    /// As [`lift`].
    pub(crate) fn lift(self, env: Env, side: &Arc<Side>, value: &Value) -> Result<Js> {
        match (self, value) {
            (Floats::Bits, Value::F32(v)) => env.number(v.to_bits().into()),
            (Floats::Bits, Value::F64(v)) => env.big(v.to_bits()),
            _ => lift(env, side, value),
        }
    }
}

/// The plain arguments of native functions.
impl Call {
    /// Whether an argument is there.
    pub(crate) fn given(&self, index: usize) -> Result<bool> {
        Ok(self.env.kind(self.args[index])? != sys::ValueType::napi_undefined)
    }

    /// `true` or `false`; `default` for `undefined`.
    pub(crate) fn flag(&self, index: usize, default: bool) -> Result<bool> {
        match self.given(index)? {
            true => self.env.bool(self.args[index]),
            false => Ok(default),
        }
    }

    /// Whether floats are bits.
    pub(crate) fn floats(&self, index: usize) -> Result<Floats> {
        match self.flag(index, false)? {
            true => Ok(Floats::Bits),
            false => Ok(Floats::Numbers),
        }
    }

    /// An array of names of types.
    pub(crate) fn types(&self, index: usize) -> Result<Vec<Type>> {
        let names = self.env.items(self.args[index])?;
        names.into_iter().map(|name| ty(self.env, name)).collect()
    }

    /// A whole number from 0, as a number or a `BigInt`.
    pub(crate) fn whole(&self, index: usize, what: &str) -> Result<u64> {
        whole(self.env, self.args[index], what)
    }

    /// The same, or `None` for `undefined`.
    pub(crate) fn whole_or_none(&self, index: usize, what: &str) -> Result<Option<u64>> {
        whole_or_none(self.env, self.args[index], what)
    }

    /// The name of a type.
    pub(crate) fn ty(&self, index: usize) -> Result<Type> {
        ty(self.env, self.args[index])
    }

    /// Where the bytes of a `Uint8Array` are; see [`bytes`].
    pub(crate) fn bytes(&self, index: usize) -> Result<*mut [u8]> {
        bytes(self.env, self.args[index])
    }
}

/// Where the bytes of a `Uint8Array` are. They may be bytes of a guest's memory, and they are valid
/// until JavaScript runs again.
pub(crate) fn bytes(env: Env, value: Js) -> Result<*mut [u8]> {
    let (mut length, mut data, mut kind) = (0, ptr::null_mut(), 0);
    // SAFETY: as in `number`; the out pointers that are null are not wanted.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env.raw(),
            value,
            &mut kind,
            &mut length,
            &mut data,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    if status != sys::Status::napi_ok || kind != sys::TypedarrayType::uint8_array {
        let given = env.describe(value);
        return Err(Error::new(
            ErrorKind::Type,
            format!("expected a Uint8Array, got {given}"),
        ));
    }
    Ok(slice(data, length))
}

/// A whole number from 0, as a number or a `BigInt`.
pub(crate) fn whole(env: Env, value: Js, what: &str) -> Result<u64> {
    let refused = |kind, text: &str| {
        Err(Error::new(
            kind,
            format!("{what}: expected a whole number from 0, got {text}"),
        ))
    };
    match env.kind(value)? {
        sys::ValueType::napi_number => match env.double(value)? {
            n if (0.0..=MAX_SAFE).contains(&n) && n.trunc() == n => Ok(n as u64),
            n if n.trunc() == n => refused(ErrorKind::Range, &shown(env, value)?),
            _ => refused(ErrorKind::Type, &shown(env, value)?),
        },
        sys::ValueType::napi_bigint => match uint64(env, value) {
            Some(n) => Ok(n),
            None => refused(ErrorKind::Range, &shown(env, value)?),
        },
        _ => refused(ErrorKind::Type, env.describe(value)),
    }
}

/// The same, or `None` for `undefined`.
pub(crate) fn whole_or_none(env: Env, value: Js, what: &str) -> Result<Option<u64>> {
    match env.kind(value)? {
        sys::ValueType::napi_undefined => Ok(None),
        _ => whole(env, value, what).map(Some),
    }
}

/// The largest number up to which every whole number is exact.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// The type of a name.
pub(crate) fn ty(env: Env, name: Js) -> Result<Type> {
    if env.kind(name)? != sys::ValueType::napi_string {
        let given = env.describe(name);
        return Err(Error::new(
            ErrorKind::Type,
            format!("expected the name of a type, got {given}"),
        ));
    }
    Type::named(&env.text(name)?)
}
