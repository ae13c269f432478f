//! What Node-API does, as the rest of the binding uses it: values of JavaScript are made and read here.
//! Every status is checked, and an exception that JavaScript threw comes back as an [`Error`] that
//! holds it.

use std::ffi::CStr;
use std::ptr;
use std::sync::Arc;

use landbridge::{Error, ErrorKind, Result, given};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::reference::Reference;

/// Calls a Node-API function that gives its result through a last pointer.
macro_rules! get {
    ($env:expr, $func:ident($($arg:expr),*), $default:expr) => {{
        let mut out = $default;
        // SAFETY: the environment is alive and on its thread, see `Env::new`; values come from the
        // open scope; pointers are to locals that live through the call.
        let status = unsafe { napi_sys::$func($env.raw(), $($arg,)* &mut out) };
        $env.check(status).map(|()| out)
    }};
}

/// Calls a Node-API function without a result.
macro_rules! run {
    ($env:expr, $func:ident($($arg:expr),*)) => {{
        // SAFETY: as in `get`.
        let status = unsafe { napi_sys::$func($env.raw(), $($arg),*) };
        $env.check(status)
    }};
}

pub(crate) use {get, run};

/// What JavaScript threw, any value. A reference needs an object, so an array is put around it.
pub(crate) struct Thrown(Reference);

impl Thrown {
    pub(crate) fn new(env: Env, value: Js) -> Result<Thrown> {
        env.reference(env.array([Ok(value)])?, false).map(Thrown)
    }

    /// An error that holds it.
    pub(crate) fn into_error(self) -> Error {
        Error::thrown(Arc::new(self))
    }

    /// What an error holds, if JavaScript threw it.
    pub(crate) fn of(error: &Error) -> Option<&Thrown> {
        error.host_exception()?.downcast_ref()
    }

    pub(crate) fn value(&self, env: Env) -> Result<Js> {
        env.element(self.0.get(env).ok_or_else(gone)?, 0)
    }
}

/// Takes the exception that is pending and puts it into an error.
#[cold]
fn thrown(env: Env) -> Error {
    match pending(env) {
        Ok(Some(error)) => error,
        // No exception, but JavaScript cannot run: the thread is being stopped.
        _ => stopping(),
    }
}

fn pending(env: Env) -> Result<Option<Error>> {
    let thrown = take(env).map(|value| Thrown::new(env, value));
    Ok(thrown.transpose()?.map(Thrown::into_error))
}

/// The exception that is pending, which it is no more.
pub(crate) fn take(env: Env) -> Option<Js> {
    let (mut is, mut value) = (false, ptr::null_mut());
    // SAFETY: the environment is alive and on its thread; the pointers are to locals. Both
    // functions work while an exception is pending, and the second one ends that.
    let status = unsafe {
        sys::napi_is_exception_pending(env.raw(), &mut is);
        sys::napi_get_and_clear_last_exception(env.raw(), &mut value)
    };
    (is && status == sys::Status::napi_ok).then_some(value)
}

/// What ends the guests of a JavaScript thread that ends.
#[cold]
pub(crate) fn stopping() -> Error {
    Error::new(ErrorKind::Cancelled, "the JavaScript thread is stopping")
}

#[cold]
pub(crate) fn gone() -> Error {
    Error::new(
        ErrorKind::Internal,
        "a JavaScript object was collected while it was in use",
    )
}

impl Env {
    #[inline(always)]
    pub(crate) fn check(self, status: sys::napi_status) -> Result<()> {
        if status == sys::Status::napi_ok {
            return Ok(());
        }
        Err(self.failed(status))
    }

    #[cold]
    fn failed(self, status: sys::napi_status) -> Error {
        match status {
            sys::Status::napi_pending_exception | sys::Status::napi_cannot_run_js => thrown(self),
            _ => Error::new(
                ErrorKind::Internal,
                format!("Node-API answered with status {status}"),
            ),
        }
    }

    pub(crate) fn undefined(self) -> Result<Js> {
        get!(self, napi_get_undefined(), ptr::null_mut())
    }

    pub(crate) fn null(self) -> Result<Js> {
        get!(self, napi_get_null(), ptr::null_mut())
    }

    pub(crate) fn boolean(self, value: bool) -> Result<Js> {
        get!(self, napi_get_boolean(value), ptr::null_mut())
    }

    pub(crate) fn number(self, value: f64) -> Result<Js> {
        get!(self, napi_create_double(value), ptr::null_mut())
    }

    pub(crate) fn string(self, text: &str) -> Result<Js> {
        let (data, length) = (text.as_ptr().cast(), text.len() as isize);
        get!(self, napi_create_string_utf8(data, length), ptr::null_mut())
    }

    /// A new `ArrayBuffer` with a copy of these bytes.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Result<Js> {
        let (mut data, length) = (ptr::null_mut(), bytes.len());
        let buffer = get!(
            self,
            napi_create_arraybuffer(length, &mut data),
            ptr::null_mut()
        )?;
        if length > 0 {
            // SAFETY: the new buffer has this length, and nobody else has it yet.
            unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), data.cast(), length) };
        }
        Ok(buffer)
    }

    /// A new `Uint8Array` with a copy of these bytes.
    pub(crate) fn view(self, bytes: &[u8]) -> Result<Js> {
        let (ty, length) = (sys::TypedarrayType::uint8_array, bytes.len());
        let buffer = self.bytes(bytes)?;
        get!(
            self,
            napi_create_typedarray(ty, length, buffer, 0),
            ptr::null_mut()
        )
    }

    /// A `BigInt`.
    pub(crate) fn big(self, value: u64) -> Result<Js> {
        get!(self, napi_create_bigint_uint64(value), ptr::null_mut())
    }

    /// A number, or a `BigInt` where that is not exact.
    pub(crate) fn whole(self, value: u64) -> Result<Js> {
        const MAX_SAFE: u64 = (1 << 53) - 1;
        match value {
            0..=MAX_SAFE => self.number(value as f64),
            _ => self.big(value),
        }
    }

    pub(crate) fn array(self, items: impl IntoIterator<Item = Result<Js>>) -> Result<Js> {
        let array = get!(self, napi_create_array(), ptr::null_mut())?;
        for (i, item) in items.into_iter().enumerate() {
            self.define(array, &i.to_string(), item?)?;
        }
        Ok(array)
    }

    /// Gives an object a property of its own, whatever its prototype has under this name.
    pub(crate) fn define(self, object: Js, name: &str, value: Js) -> Result<()> {
        let attributes = sys::PropertyAttributes::writable
            | sys::PropertyAttributes::enumerable
            | sys::PropertyAttributes::configurable;
        let property = sys::napi_property_descriptor {
            utf8name: ptr::null(),
            name: self.string(name)?,
            method: None,
            getter: None,
            setter: None,
            value,
            attributes,
            data: ptr::null_mut(),
        };
        run!(self, napi_define_properties(object, 1, &property))
    }

    /// A new plain object with these properties.
    pub(crate) fn object<'a>(
        self,
        fields: impl IntoIterator<Item = (&'a str, Result<Js>)>,
    ) -> Result<Js> {
        let object = get!(self, napi_create_object(), ptr::null_mut())?;
        for (name, value) in fields {
            self.define(object, name, value?)?;
        }
        Ok(object)
    }

    /// The property of an object.
    pub(crate) fn field(self, object: Js, name: &CStr) -> Result<Js> {
        let name = name.as_ptr();
        get!(self, napi_get_named_property(object, name), ptr::null_mut())
    }

    pub(crate) fn strings<'a>(self, texts: impl IntoIterator<Item = &'a str>) -> Result<Js> {
        self.array(texts.into_iter().map(|text| self.string(text)))
    }

    pub(crate) fn set_element(self, object: Js, index: u32, value: Js) -> Result<()> {
        run!(self, napi_set_element(object, index, value))
    }

    pub(crate) fn element(self, object: Js, index: u32) -> Result<Js> {
        get!(self, napi_get_element(object, index), ptr::null_mut())
    }

    pub(crate) fn array_length(self, array: Js) -> Result<u32> {
        get!(self, napi_get_array_length(array), 0)
    }

    /// The items of an array.
    pub(crate) fn items(self, array: Js) -> Result<Vec<Js>> {
        let length = self.array_length(array)?;
        (0..length).map(|i| self.element(array, i)).collect()
    }

    pub(crate) fn kind(self, value: Js) -> Result<sys::napi_valuetype> {
        get!(self, napi_typeof(value), 0)
    }

    pub(crate) fn is_undefined(self, value: Js) -> Result<bool> {
        Ok(self.kind(value)? == sys::ValueType::napi_undefined)
    }

    pub(crate) fn double(self, value: Js) -> Result<f64> {
        get!(self, napi_get_value_double(value), 0.0)
    }

    pub(crate) fn bool(self, value: Js) -> Result<bool> {
        get!(self, napi_get_value_bool(value), false)
    }

    /// The text of a string.
    pub(crate) fn text(self, value: Js) -> Result<String> {
        self.text_named(value, || "the text".to_owned())
    }

    /// The text of a string; `name` names it in a message if it is not Unicode.
    pub(crate) fn text_named(self, value: Js, name: impl FnOnce() -> String) -> Result<String> {
        let text = self.shown(value)?;
        // Half of a surrogate pair became this character, which may be there by itself too.
        match text.contains(char::REPLACEMENT_CHARACTER) && !self.is_unicode(value)? {
            true => Err(given::not_unicode(&name())),
            false => Ok(text),
        }
    }

    /// The text of a string, for messages: halves of surrogate pairs are replaced.
    pub(crate) fn shown(self, value: Js) -> Result<String> {
        let none = ptr::null_mut();
        let length = get!(self, napi_get_value_string_utf8(value, none, 0), 0)?;
        let mut bytes = vec![0u8; length + 1];
        let room = bytes.as_mut_ptr().cast();
        get!(self, napi_get_value_string_utf8(value, room, length + 1), 0)?;
        bytes.truncate(length);
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn is_unicode(self, value: Js) -> Result<bool> {
        let none = ptr::null_mut();
        let length = get!(self, napi_get_value_string_utf16(value, none, 0), 0)?;
        let mut units = vec![0u16; length + 1];
        let room = units.as_mut_ptr();
        get!(
            self,
            napi_get_value_string_utf16(value, room, length + 1),
            0
        )?;
        let mut letters = char::decode_utf16(units[..length].iter().copied());
        Ok(letters.all(|letter| letter.is_ok()))
    }

    /// Any value as text, for messages. Runs no code of the value.
    pub(crate) fn describe(self, value: Js) -> &'static str {
        match self.kind(value) {
            Ok(sys::ValueType::napi_undefined) => "undefined",
            Ok(sys::ValueType::napi_null) => "null",
            Ok(sys::ValueType::napi_boolean) => "boolean",
            Ok(sys::ValueType::napi_number) => "number",
            Ok(sys::ValueType::napi_string) => "string",
            Ok(sys::ValueType::napi_symbol) => "symbol",
            Ok(sys::ValueType::napi_object) => "object",
            Ok(sys::ValueType::napi_function) => "function",
            Ok(sys::ValueType::napi_bigint) => "bigint",
            _ => "something else",
        }
    }

    /// Calls a function.
    pub(crate) fn call(self, func: Js, args: &[Js]) -> Result<Js> {
        let this = self.undefined()?;
        let (argc, argv) = (args.len(), args.as_ptr());
        get!(
            self,
            napi_call_function(this, func, argc, argv),
            ptr::null_mut()
        )
    }

    /// Makes a reference; a weak one does not keep the value alive.
    pub(crate) fn reference(self, value: Js, weak: bool) -> Result<Reference> {
        let home = self.addon()?.inbox.clone();
        let count = u32::from(!weak);
        let raw = get!(self, napi_create_reference(value, count), ptr::null_mut())?;
        Ok(Reference::new(self, raw, home))
    }

    /// Runs `what` in a handle scope of its own, so that a long call does not pile up handles.
    #[inline(always)]
    pub(crate) fn scoped<R>(self, what: impl FnOnce() -> Result<R>) -> Result<R> {
        let scope = get!(self, napi_open_handle_scope(), ptr::null_mut())?;
        let done = what();
        run!(self, napi_close_handle_scope(scope))?;
        done
    }
}
