//! Env: an environment of JavaScript. What Node-API does in it is in `js.rs`.

use std::marker::PhantomData;

use napi_sys as sys;

/// A JavaScript value in the handle scope that is open now.
pub(crate) type Js = sys::napi_value;

/// A JavaScript environment, on its own thread, inside of a callback or finalizer.
#[derive(Clone, Copy)]
pub(crate) struct Env {
    raw: sys::napi_env,
    /// An environment belongs to one thread.
    _thread: PhantomData<*const ()>,
}

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
}
