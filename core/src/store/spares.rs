//! Spares: functions and tags that a host made and released before any guest saw them. The engine
//! keeps them as long as the store, so they are used again.

use std::cell::UnsafeCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::Store;
use crate::{FuncType, HostContext, HostFunc, Result, Slot, Value, fork, messages};

/// A function of the engine that nobody has.
pub(crate) struct Spare {
    pub(crate) func: wasmtime::Func,
    pub(crate) socket: Arc<Socket>,
}

/// What the engine calls for a function that a host made. It is empty while nobody has that.
#[derive(Default)]
pub(crate) struct Socket(UnsafeCell<Option<Arc<dyn HostFunc>>>);

// SAFETY: it is read by calls, which borrow a `Func` or come from a guest. It is written when there
// is no `Func` yet, or none any more, and no guest has ever seen the function.
unsafe impl Sync for Socket {}
// SAFETY: what is in it is `Send`.
unsafe impl Send for Socket {}

impl Socket {
    fn get(&self) -> Result<&Arc<dyn HostFunc>> {
        // SAFETY: see above.
        let func = unsafe { &*self.0.get() };
        func.as_ref().ok_or_else(|| messages::closed("function"))
    }

    /// Puts another one in.
    ///
    /// # Safety
    /// Nobody can call it.
    pub(crate) unsafe fn replace(
        &self,
        func: Option<Arc<dyn HostFunc>>,
    ) -> Option<Arc<dyn HostFunc>> {
        // SAFETY: the caller's promise.
        std::mem::replace(unsafe { &mut *self.0.get() }, func)
    }
}

impl HostFunc for Socket {
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        self.get()?.call(context, ty, args)
    }

    fn call_raw(&self, context: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        self.get()?.call_raw(context, ty, slots)
    }
}

/// By their types.
#[derive(Default)]
pub(crate) struct Spares {
    funcs: HashMap<FuncType, Vec<Spare>>,
    tags: HashMap<FuncType, Vec<wasmtime::Tag>>,
}

impl Store {
    /// A function of this type that nobody has. The turn must be held.
    pub(crate) fn spare_func(&self, ty: &FuncType) -> Option<Spare> {
        self.spares().funcs.get_mut(ty)?.pop()
    }

    /// Keeps a function that nobody has. May be called from any thread.
    pub(crate) fn keep_func(&self, ty: &FuncType, spare: Spare) {
        let mut spares = self.spares();
        match spares.funcs.get_mut(ty) {
            Some(known) => known.push(spare),
            None => drop(spares.funcs.insert(ty.clone(), vec![spare])),
        }
    }

    /// A tag of this type that nobody has. The turn must be held.
    pub(crate) fn spare_tag(&self, ty: &FuncType) -> Option<wasmtime::Tag> {
        self.spares().tags.get_mut(ty)?.pop()
    }

    /// Keeps a tag that nobody has. May be called from any thread.
    pub(crate) fn keep_tag(&self, ty: &FuncType, tag: wasmtime::Tag) {
        let mut spares = self.spares();
        match spares.tags.get_mut(ty) {
            Some(known) => known.push(tag),
            None => drop(spares.tags.insert(ty.clone(), vec![tag])),
        }
    }

    /// Counts something that is about to be made by the host and stays as long as the store. The
    /// turn must be held.
    ///
    /// # Errors
    /// `limit` if there are too many.
    pub(crate) fn count_made(&self) -> Result<()> {
        self.0.meter.made_by_host()
    }

    fn spares(&self) -> fork::Locked<'_, Spares> {
        self.0.spares.lock()
    }
}
