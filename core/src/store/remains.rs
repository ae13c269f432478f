//! Remains: what a host gave to a store, and the engine has released.
//!
//! The engine drops objects of the host in the middle of its work, such as a collection. The code
//! that runs in their drop is the host's own and may do anything, such as call into the store. So
//! what is dropped there is only noted, and goes when nothing of the engine is in the way: when the
//! last one leaves the store, when a host function returns, or with the store.

use std::any::Any;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{CLOSED, Inner, Owner, REMAINS, Store};
use crate::components::resources::Object;
use crate::stdio::OpenSink;
use crate::{Error, ExternRef, HostFunc};

/// Something of the host's that is to be dropped later.
pub(crate) enum Remain {
    Object(ExternRef),
    Func(Arc<dyn HostFunc>),
    /// What instances were made of, with the host's functions in it, or what crossed to a component as a resource.
    Held(Object),
    Error(Error),
    Panic(Box<dyn Any + Send>),
    /// What a guest's output was opened for.
    Output(OpenSink),
}

impl From<ExternRef> for Remain {
    fn from(object: ExternRef) -> Remain {
        Remain::Object(object)
    }
}

impl From<Arc<dyn HostFunc>> for Remain {
    fn from(func: Arc<dyn HostFunc>) -> Remain {
        Remain::Func(func)
    }
}

/// Something of the host's in the hands of the engine, which may drop it wherever it likes.
pub(crate) struct Lent<T: Into<Remain>> {
    object: ManuallyDrop<T>,
    owner: Owner,
}

impl<T: Into<Remain>> Lent<T> {
    /// It is only handed to the engine's store of `owner`, so that it never outlives that.
    pub(crate) fn new(owner: &Inner, object: T) -> Lent<T> {
        Lent {
            object: ManuallyDrop::new(object),
            owner: Owner::new(owner),
        }
    }
}

impl<T: Into<Remain>> Deref for Lent<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.object
    }
}

impl<T: Into<Remain>> Drop for Lent<T> {
    fn drop(&mut self) {
        // SAFETY: it is taken once, here.
        let object = unsafe { ManuallyDrop::take(&mut self.object) };
        self.owner.get().bury(object.into());
    }
}

thread_local! {
    /// Whether this thread drops remains of some store, further down on its stack.
    static IS_LETTING_GO: Cell<bool> = const { Cell::new(false) };
}

impl Store {
    /// Keeps what an instance is made of as long as the engine's store may. The turn must be held.
    pub(crate) fn keep(&self, template: Object) {
        let mut kept = self.0.templates.take();
        if !kept.iter().any(|it| Arc::ptr_eq(it, &template)) {
            kept.push(template);
        }
        self.0.templates.set(kept);
    }
}

impl Inner {
    /// Lets go of what instances were made of, when the engine's store is gone.
    pub(super) fn bury_templates(&self) {
        let kept = self.templates.take().into_iter();
        kept.for_each(|it| self.bury(Remain::Held(it)));
    }

    /// Notes what is to be dropped later. The turn must be held, or nobody else be left.
    pub(crate) fn bury(&self, remain: Remain) {
        let mut remains = self.remains.take();
        remains.push(remain);
        self.remains.set(remains);
        self.state.fetch_or(REMAINS, Ordering::Relaxed);
    }

    /// Takes what was noted, which must not be dropped before the engine is out of the way. The
    /// turn must be held, or nobody else be left.
    ///
    /// What is noted while this thread drops remains waits for the next time, so that one time has
    /// an end: each drop might make garbage again. A closed store makes none.
    pub(super) fn take_remains(&self) -> Vec<Remain> {
        let is_closed = self.state.load(Ordering::Relaxed) & CLOSED != 0;
        if IS_LETTING_GO.get() && !is_closed {
            return Vec::new();
        }
        self.state.fetch_and(!REMAINS, Ordering::Relaxed);
        self.remains.take()
    }
}

/// Drops what was noted. The host's code that runs there may enter any store.
pub(super) fn let_go(remains: Vec<Remain>) {
    let before = IS_LETTING_GO.replace(true);
    for remain in remains {
        match remain {
            Remain::Object(object) => quietly(object),
            Remain::Func(func) => quietly(func),
            Remain::Held(object) => quietly(object),
            Remain::Error(error) => quietly(error),
            Remain::Panic(panic) => quietly(panic),
            Remain::Output(opened) => drop(opened),
        }
    }
    IS_LETTING_GO.set(before);
}

/// Drops something of the host's. A panic of its drop ends here: there is no caller to tell.
fn quietly<T>(what: T) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(what))) {
        // Its own drop might panic, too.
        std::mem::forget(panic);
    }
}
