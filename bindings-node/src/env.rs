//! Env: Node-API as the rest of the binding uses it. Every status is checked here, and an
//! exception that JavaScript threw comes back as an [`Error`] that holds it.

use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr;
use std::sync::Arc;

use landbridge::{Error, ErrorKind, Result, given};
use napi_sys as sys;

use crate::Addon;
use crate::error::thrown;
use crate::inbox::Inbox;

/// A JavaScript value in the handle scope that is open now.
pub(crate) type Js = sys::napi_value;

/// A JavaScript environment, on its own thread, inside of a callback or finalizer.
#[derive(Clone, Copy)]
pub(crate) struct Env {
    raw: sys::napi_env,
    /// An environment belongs to one thread.
    _thread: PhantomData<*const ()>,
}

/// Calls a Node-API function that gives its result through a last pointer.
macro_rules! get {
    ($env:expr, $func:ident($($arg:expr),*), $default:expr) => {{
        let mut out = $default;
        // SAFETY: the environment is alive and on its thread, see `Env::new`; values come from the
        // open scope; pointers are to locals that live through the call.
        let status = unsafe { sys::$func($env.raw(), $($arg,)* &mut out) };
        $env.check(status).map(|()| out)
    }};
}

/// Calls a Node-API function without a result.
macro_rules! run {
    ($env:expr, $func:ident($($arg:expr),*)) => {{
        // SAFETY: as in `get`.
        let status = unsafe { sys::$func($env.raw(), $($arg),*) };
        $env.check(status)
    }};
}

pub(crate) use {get, run};

impl Env {
    /// # Safety
    /// `raw` must be the environment of a callback or finalizer that runs on this thread now, and
    /// the result must not be used after that.
    #[inline(always)]
    pub(crate) unsafe fn new(raw: sys::napi_env) -> Env {
        Env {
            raw,
            _thread: PhantomData,
        }
    }

    #[inline(always)]
    pub(crate) fn raw(self) -> sys::napi_env {
        self.raw
    }

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

    /// What this addon keeps for this environment.
    pub(crate) fn addon(self) -> Result<Arc<Addon>> {
        let data = get!(self, napi_get_instance_data(), ptr::null_mut::<c_void>())?;
        // SAFETY: the instance data is the `Arc` that `lib.rs` has set, and lives as long as the
        // environment; the count is raised for the new one.
        unsafe {
            Arc::increment_strong_count(data.cast::<Addon>());
            Ok(Arc::from_raw(data.cast()))
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
        let raw = get!(
            self,
            napi_create_reference(value, u32::from(!weak)),
            ptr::null_mut()
        )?;
        Ok(Reference {
            env: self.raw,
            raw,
            home,
        })
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

/// A value of JavaScript that is held from here, strongly or weakly. It is used on the thread of
/// its environment only, and may be dropped on any.
pub(crate) struct Reference {
    env: sys::napi_env,
    raw: sys::napi_ref,
    /// Where it goes if it is dropped on another thread.
    home: Arc<Inbox>,
}

// SAFETY: other threads only drop it, and that is left to the inbox.
unsafe impl Send for Reference {}
// SAFETY: as above; an `Env`, without which nothing is done with it, stays on its thread.
unsafe impl Sync for Reference {}

impl Reference {
    /// The value; `None` if it was collected.
    #[inline(always)]
    pub(crate) fn get(&self, env: Env) -> Option<Js> {
        let value = get!(env, napi_get_reference_value(self.raw), ptr::null_mut()).ok()?;
        (!value.is_null()).then_some(value)
    }

    /// The environment it belongs to, if this is its thread.
    #[inline(always)]
    pub(crate) fn env(&self) -> Option<Env> {
        // SAFETY: its thread is in it only while it is alive.
        self.home.is_here().then(|| unsafe { Env::new(self.env) })
    }

    /// The inbox of its environment.
    pub(crate) fn home(&self) -> &Arc<Inbox> {
        &self.home
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        self.home.let_go(self.env, self.raw);
    }
}
