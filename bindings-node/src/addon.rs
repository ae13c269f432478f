//! Addon: what is kept for one environment.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashSet;
use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::Arc;

use landbridge::{Error, ErrorKind, HostContext, Result};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::inbox::Inbox;
use crate::lanes::Lanes;
use crate::pending::Pending;
use crate::reference::Reference;

pub(crate) struct Addon {
    /// The functions that JavaScript lends at load, in the order of [`Hook::ALL`].
    pub(crate) hooks: OnceCell<Vec<Reference>>,
    /// Whether the bytes of an `ArrayBuffer` can move to another one.
    pub(crate) transfers: Cell<bool>,
    /// The handles that are alive, so that no other pointer is followed.
    pub(crate) handles: RefCell<HashSet<usize, foldhash::fast::RandomState>>,
    /// The host function that runs now, innermost; null while none does.
    pub(crate) running: Cell<*const Running>,
    /// What function objects call whose arguments or results are more than plain values: it needs
    /// more than these objects do.
    pub(crate) call_any: sys::napi_callback,
    /// The promises of calls that were made here.
    pub(crate) pending: Pending,
    /// How other threads reach this one.
    pub(crate) inbox: Arc<Inbox>,
    /// What values of components cross in.
    pub(crate) lanes: Lanes,
}

// SAFETY: it is used on the thread of its environment only, see `Env::addon`. Other threads hold it
// through the `Side` of a store; the last one to do so may drop it, which leaves references to the
// inbox.
unsafe impl Send for Addon {}
// SAFETY: as above.
unsafe impl Sync for Addon {}

/// A host function that runs.
pub(crate) struct Running {
    pub(crate) context: *const HostContext<'static>,
    /// The `Sides` of the function.
    pub(crate) sides: *const c_void,
}

/// A function of JavaScript that this addon calls.
#[derive(Clone, Copy)]
pub(crate) enum Hook {
    /// Makes an error.
    Fail,
    /// Gives what a host function threw its frames.
    Pass,
    /// What was given along with these.
    TrailOf,
    /// Makes a native function a `Func`.
    Adopt,
    /// Makes the object that is to carry a struct or an array.
    GcRef,
    /// Makes the one that is to carry an exception.
    Exception,
    /// Makes the object of a memory, table, global or tag, or gives the one that is there.
    ItemOf,
    /// Makes the object of a store.
    StoreOf,
    /// Runs a function of an asynchronous call.
    Within,
    /// Waits for the promise of one.
    Settle,
    /// Calls `drain` in the next turn of the event loop.
    Later,
    /// Makes the state of a store in a pool.
    PoolState,
    /// Waits for the promise of one that a component called.
    WitSettle,
    /// Makes a typed array for results of a batch.
    Column,
}

impl Hook {
    /// All, with their names, in their order.
    pub(crate) const ALL: [&CStr; 14] = [
        c"fail",
        c"pass",
        c"trailOf",
        c"adopt",
        c"gcRef",
        c"exception",
        c"itemOf",
        c"storeOf",
        c"within",
        c"settle",
        c"later",
        c"poolState",
        c"witSettle",
        c"column",
    ];
}

impl Addon {
    /// A function that JavaScript lent.
    pub(crate) fn hook(&self, env: Env, hook: Hook) -> Result<Js> {
        let hooks = self.hooks.get();
        let found = hooks.and_then(|hooks| hooks.get(hook as usize)?.get(env));
        found.ok_or_else(|| Error::new(ErrorKind::Internal, "the addon is not set up"))
    }
}

impl Env {
    /// What this addon keeps for this environment.
    pub(crate) fn addon(self) -> Result<Arc<Addon>> {
        let addon = ptr::from_ref(self.addon_here()?);
        // SAFETY: it is the `Arc` that `lib.rs` has set; the count is raised for the new one.
        unsafe {
            Arc::increment_strong_count(addon);
            Ok(Arc::from_raw(addon))
        }
    }

    /// The same, for as long as this function of JavaScript runs.
    pub(crate) fn addon_here<'a>(self) -> Result<&'a Addon> {
        let mut data: *mut c_void = ptr::null_mut();
        // SAFETY: the environment is alive and on its thread, see `Env::new`.
        let status = unsafe { sys::napi_get_instance_data(self.raw(), &mut data) };
        if status != sys::Status::napi_ok || data.is_null() {
            return Err(Error::new(
                ErrorKind::Internal,
                "the environment has no addon",
            ));
        }
        // SAFETY: the instance data is the `Arc` that `lib.rs` has set, and lives as long as the
        // environment.
        Ok(unsafe { &*data.cast::<Addon>() })
    }
}
