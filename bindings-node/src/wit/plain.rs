//! Plain values: integers of at most 32 bits, floats, booleans and strings. Functions that take and give nothing else are
//! called without a lane, as long as all is as it should be; else the lane's way says what is wrong.

use std::ptr;

use landbridge::frame::{Laid, Reader};
use landbridge::{NumberList, Result, WitFuncType, WitType};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::js::get;
use crate::slot::number;

/// A function of more parameters goes by a lane.
pub(super) const MOST: usize = 4;

/// So many bytes of a string of JavaScript are taken at most. What is longer may have to lie beside a frame.
const MOST_TEXT: usize = 1000;

/// Whether a function takes and gives nothing else.
pub(super) fn is_plain(ty: &WitFuncType) -> bool {
    let mut all = ty.params.iter().map(|it| &it.ty).chain(&ty.result);
    ty.params.len() <= MOST && all.all(is_plain_type)
}

fn is_plain_type(ty: &WitType) -> bool {
    use WitType as T;
    let is_integer = matches!(ty, T::S8 | T::U8 | T::S16 | T::U16 | T::S32 | T::U32);
    is_integer || matches!(ty, T::Bool | T::F32 | T::F64 | T::String)
}

/// A value of a frame as one of JavaScript; nothing if it lies beside the frame and is not among the blobs.
#[inline]
pub(super) fn lift(
    env: Env,
    ty: &WitType,
    frame: &mut Reader<'_>,
    blobs: &[NumberList],
) -> Result<Option<Js>> {
    use WitType as T;
    let small = match ty {
        T::Bool => return env.boolean(frame.byte()? != 0).map(Some),
        T::S8 => i8::from_le_bytes(frame.array()?).into(),
        T::U8 => frame.byte()?.into(),
        T::S16 => i16::from_le_bytes(frame.array()?).into(),
        T::U16 => u16::from_le_bytes(frame.array()?).into(),
        T::S32 => i32::from_le_bytes(frame.array()?),
        T::U32 => {
            let value = u32::from_le_bytes(frame.array()?);
            return get!(env, napi_create_uint32(value), ptr::null_mut()).map(Some);
        }
        T::F32 => {
            return env
                .number(f32::from_le_bytes(frame.array()?).into())
                .map(Some);
        }
        T::F64 => return env.number(f64::from_le_bytes(frame.array()?)).map(Some),
        _ => {
            return match frame.laid(1)? {
                Laid::Here(bytes) => text(env, bytes).map(Some),
                Laid::Beside(index) => {
                    let blob = blobs.get(index as usize);
                    blob.map(|it| text(env, it.as_bytes())).transpose()
                }
            };
        }
    };
    get!(env, napi_create_int32(small), ptr::null_mut()).map(Some)
}

#[inline]
fn text(env: Env, bytes: &[u8]) -> Result<Js> {
    let (data, length) = (bytes.as_ptr().cast(), bytes.len() as isize);
    match bytes.is_ascii() {
        true => get!(
            env,
            napi_create_string_latin1(data, length),
            ptr::null_mut()
        ),
        false => get!(env, napi_create_string_utf8(data, length), ptr::null_mut()),
    }
}

/// Adds a value of JavaScript; nothing if it is none of the type, or not as plain.
#[inline]
pub(super) fn lower(env: Env, ty: &WitType, value: Js, frame: &mut Vec<u8>) -> Option<()> {
    use WitType as T;
    match ty {
        T::Bool => frame.push(boolean(env, value)?.into()),
        T::S8 => frame.extend(whole::<i8>(env, value)?.to_le_bytes()),
        T::U8 => frame.extend(whole::<u8>(env, value)?.to_le_bytes()),
        T::S16 => frame.extend(whole::<i16>(env, value)?.to_le_bytes()),
        T::U16 => frame.extend(whole::<u16>(env, value)?.to_le_bytes()),
        T::S32 => frame.extend(whole::<i32>(env, value)?.to_le_bytes()),
        T::U32 => frame.extend(whole::<u32>(env, value)?.to_le_bytes()),
        T::F32 => frame.extend((number(env, value)? as f32).to_le_bytes()),
        T::F64 => frame.extend(number(env, value)?.to_le_bytes()),
        T::String => return lower_text(env, value, frame),
        _ => return None,
    }
    Some(())
}

#[inline]
fn whole<T: TryFrom<i64>>(env: Env, value: Js) -> Option<T> {
    let value = number(env, value)?;
    let whole = value as i64;
    (whole as f64 == value).then(|| T::try_from(whole).ok())?
}

#[inline]
fn boolean(env: Env, value: Js) -> Option<bool> {
    let mut out = false;
    // SAFETY: the environment runs on this thread, the value is of the open scope.
    let status = unsafe { sys::napi_get_value_bool(env.raw(), value, &mut out) };
    (status == sys::Status::napi_ok).then_some(out)
}

/// What Node.js puts in place of half of a surrogate pair.
const REPLACED: [u8; 3] = [0xef, 0xbf, 0xbd];

#[inline]
fn lower_text(env: Env, value: Js, frame: &mut Vec<u8>) -> Option<()> {
    let at = frame.len();
    frame.reserve(4 + MOST_TEXT);
    frame.extend([0; 4]);
    let room = frame.spare_capacity_mut();
    let mut length = 0;
    // SAFETY: as in `boolean`; there is room for so many bytes, the last of which is a zero.
    let status = unsafe {
        let data = room.as_mut_ptr().cast();
        sys::napi_get_value_string_utf8(env.raw(), value, data, MOST_TEXT, &mut length)
    };
    // If there is room for one more character, this is all of it.
    if status != sys::Status::napi_ok || length + 4 >= MOST_TEXT {
        return None;
    }
    // SAFETY: so many bytes were written, all within the room.
    unsafe { frame.set_len(at + 4 + length) };
    let bytes = &frame[at + 4..];
    if !bytes.is_ascii() && bytes.windows(3).any(|it| *it == REPLACED) {
        return None;
    }
    frame[at..at + 4].copy_from_slice(&(length as u32).to_le_bytes());
    Some(())
}
