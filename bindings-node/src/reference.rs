//! Reference: a value of JavaScript that is held from here.

use std::ptr;
use std::sync::Arc;

use napi_sys as sys;

use crate::env::{Env, Js};
use crate::inbox::Inbox;

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
    /// Takes over one that was made in this environment, whose inbox is `home`.
    pub(crate) fn new(env: Env, raw: sys::napi_ref, home: Arc<Inbox>) -> Reference {
        let env = env.raw();
        Reference { env, raw, home }
    }

    /// The value; `None` if it was collected.
    #[inline(always)]
    pub(crate) fn get(&self, env: Env) -> Option<Js> {
        let mut value = ptr::null_mut();
        // SAFETY: the environment is alive and on its thread, and the reference is one of it.
        let status = unsafe { sys::napi_get_reference_value(env.raw(), self.raw, &mut value) };
        (status == sys::Status::napi_ok && !value.is_null()).then_some(value)
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
