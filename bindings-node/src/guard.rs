//! Guard: how panics and errors leave. Every entry from JavaScript passes [`enter`].

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use landbridge::{Error, Result};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::error::throw;

/// Runs `what` for JavaScript: an error or a panic becomes an exception.
#[inline(always)]
pub(crate) fn enter(env: Env, what: impl FnOnce() -> Result<Js>) -> Js {
    match catch_unwind(AssertUnwindSafe(what)) {
        Ok(Ok(value)) => value,
        Ok(Err(error)) => throw(env, &error),
        Err(panic) => throw(env, &Error::from_panic(&*panic)),
    }
}

/// Runs `what` where no exception can go: in finalizers.
pub(crate) fn quietly(what: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(what)) {
        eprintln!("landbridge: {}", Error::from_panic(&*panic));
    }
}

/// The most arguments a native function of this addon takes.
const MOST: usize = 8;

/// What a native function gets: the environment and its arguments, `undefined` where none came.
pub(crate) struct CallbackInfo {
    pub(crate) env: Env,
    pub(crate) args: [Js; MOST],
}

/// A native function: reads the arguments, calls core, returns.
pub(crate) type Native = fn(&CallbackInfo) -> Result<Js>;

/// Calls the [`Native`] that a function was made with.
pub(crate) unsafe extern "C" fn dispatch(raw: sys::napi_env, info: sys::napi_callback_info) -> Js {
    // SAFETY: Node.js calls this with the environment of this thread.
    let env = unsafe { Env::new(raw) };
    enter(env, || {
        let mut args = [ptr::null_mut(); MOST];
        let (mut count, this) = (MOST, ptr::null_mut());
        let mut data: *mut c_void = ptr::null_mut();
        // SAFETY: `args` has room for `count` values; `data` is what `function` gave.
        let status = unsafe {
            sys::napi_get_cb_info(raw, info, &mut count, args.as_mut_ptr(), this, &mut data)
        };
        env.check(status)?;
        // SAFETY: `function` gave a pointer of this type.
        let native = unsafe { std::mem::transmute::<*mut c_void, Native>(data) };
        native(&CallbackInfo { env, args })
    })
}

/// Makes the JavaScript function of a native one.
pub(crate) fn function(env: Env, name: &str, native: Native) -> Result<Js> {
    let (text, length) = (name.as_ptr().cast(), name.len() as isize);
    let data = native as *mut c_void;
    crate::js::get!(
        env,
        napi_create_function(text, length, Some(dispatch), data),
        ptr::null_mut()
    )
}
