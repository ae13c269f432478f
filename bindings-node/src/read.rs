//! Reading the plain arguments of native functions, and the fields of objects of options.

use std::borrow::Cow;
use std::ptr;

use landbridge::{Error, ErrorKind, Result, Type, messages};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::guard::CallbackInfo;
use crate::js::get;
use crate::slot::{shown, slice, uint64};

/// The plain arguments of native functions.
impl CallbackInfo {
    /// Whether an argument is there.
    pub(crate) fn given(&self, index: usize) -> Result<bool> {
        Ok(!self.env.is_undefined(self.args[index])?)
    }

    /// `true` or `false`; `default` for `undefined`.
    pub(crate) fn flag(&self, index: usize, default: bool) -> Result<bool> {
        flag(self.env, self.args[index], default)
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

/// `true` or `false`; `default` for `undefined`.
pub(crate) fn flag(env: Env, value: Js, default: bool) -> Result<bool> {
    match env.is_undefined(value)? {
        true => Ok(default),
        false => env.bool(value),
    }
}

/// A copy of the bytes of a `Uint8Array`.
pub(crate) fn copied(env: Env, value: Js) -> Result<Vec<u8>> {
    // SAFETY: the bytes are valid until JavaScript runs again, so they are copied at once; that also
    // keeps other threads from changing them under whoever reads them.
    Ok(unsafe { &*bytes(env, value)? }.to_vec())
}

/// The bytes of a `Uint8Array` while a native function runs that runs no JavaScript. They are copied if they are of a
/// `SharedArrayBuffer`: other threads may write to it.
pub(crate) fn bytes_in_call(call: &CallbackInfo, value: Js) -> Result<Cow<'_, [u8]>> {
    let (bytes, buffer) = bytes_and_buffer(call.env, value)?;
    // SAFETY: the bytes are valid until JavaScript runs again, which waits for this call.
    let bytes = unsafe { &*bytes };
    match get!(call.env, napi_is_arraybuffer(buffer), false)? {
        true => Ok(Cow::Borrowed(bytes)),
        false => Ok(Cow::Owned(bytes.to_vec())),
    }
}

/// Where the bytes of a `Uint8Array` are. They may be bytes of a guest's memory, and they are valid
/// until JavaScript runs again.
fn bytes(env: Env, value: Js) -> Result<*mut [u8]> {
    Ok(bytes_and_buffer(env, value)?.0)
}

fn bytes_and_buffer(env: Env, value: Js) -> Result<(*mut [u8], Js)> {
    let (mut length, mut data, mut kind) = (0, ptr::null_mut(), 0);
    let mut buffer = ptr::null_mut();
    // SAFETY: the environment runs on this thread, the value is of the open scope; the out pointer that is null is not wanted.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env.raw(),
            value,
            &mut kind,
            &mut length,
            &mut data,
            &mut buffer,
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
    Ok((slice(data, length), buffer))
}

/// A whole number from 0, as a number or a `BigInt`.
pub(crate) fn whole(env: Env, value: Js, what: &str) -> Result<u64> {
    whole_to(env, value, what, u64::MAX)
}

/// The same with another number as the last one.
pub(crate) fn whole_to(env: Env, value: Js, what: &str, last: u64) -> Result<u64> {
    let not_one = |text: &str| messages::not_a(what, "a whole number from 0", text);
    let is_out =
        |last| -> Result<Error> { Ok(messages::out_of_range(what, shown(env, value)?, 0, last)) };
    match env.kind(value)? {
        sys::ValueType::napi_number => match env.double(value)? {
            n if (0.0..=MAX_SAFE.min(last as f64)).contains(&n) && n.trunc() == n => Ok(n as u64),
            n if n.trunc() == n => Err(is_out(last.min(MAX_SAFE as u64))?),
            _ => Err(not_one(&shown(env, value)?)),
        },
        sys::ValueType::napi_bigint => match uint64(env, value) {
            Some(n) if n <= last => Ok(n),
            _ => Err(is_out(last)?),
        },
        _ => Err(not_one(env.describe(value))),
    }
}

/// The same, or `None` for `undefined`.
pub(crate) fn whole_or_none(env: Env, value: Js, what: &str) -> Result<Option<u64>> {
    match env.is_undefined(value)? {
        true => Ok(None),
        false => whole(env, value, what).map(Some),
    }
}

/// The largest number up to which every whole number is exact.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// The type of a name.
fn ty(env: Env, name: Js) -> Result<Type> {
    if env.kind(name)? != sys::ValueType::napi_string {
        let given = env.describe(name);
        return Err(Error::new(
            ErrorKind::Type,
            format!("expected the name of a type, got {given}"),
        ));
    }
    Type::named(&env.text(name)?)
}
