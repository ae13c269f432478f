//! What the engine keeps with its store.

use super::Inner;
use crate::{host, wasi};

/// What the engine keeps with its store.
pub(crate) struct Data {
    pub(super) owner: Owner,
    /// Made for the first module that asks for WASI.
    pub(crate) wasi: Option<Box<wasi::State>>,
}

impl Data {
    /// The store's own part.
    pub(crate) fn inner(&self) -> &Inner {
        self.owner.get()
    }

    /// What the functions of WASI work on. They are only given out once it is there.
    pub(crate) fn wasi(&mut self) -> &mut wasi::State {
        host::current().block();
        match &mut self.wasi {
            Some(wasi) => wasi,
            None => unreachable!("WASI is made before its functions are lent"),
        }
    }
}

/// Leads back to the store's own part from what the engine keeps for it.
#[derive(Clone, Copy)]
pub(crate) struct Owner(pub(super) *const Inner);

// SAFETY: it is only followed while the engine's store is at work, by the thread that holds the
// turn.
unsafe impl Send for Owner {}
// SAFETY: as above.
unsafe impl Sync for Owner {}

impl Owner {
    pub(crate) fn new(inner: &Inner) -> Owner {
        Owner(inner)
    }

    pub(crate) fn get(&self) -> &Inner {
        // SAFETY: what holds an `Owner` is held by the engine's store, which its owner outlives.
        unsafe { &*self.0 }
    }
}
