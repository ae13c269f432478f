//! An instance of a component: what the engine has of it, and whether a call of it is at work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::linked::Linked;

/// What the engine has of an instance of a component, and whether a call of it is at work.
pub(crate) struct MadeComponent {
    pub(crate) instance: wasmtime::component::Instance,
    pub(crate) linked: Arc<Linked>,
    is_at_work: AtomicBool,
}

/// A call of an instance that is at work, until it is dropped.
pub(crate) struct InstanceAtWork<'a>(&'a AtomicBool);

impl MadeComponent {
    pub(super) fn new(
        instance: wasmtime::component::Instance,
        linked: Arc<Linked>,
    ) -> MadeComponent {
        MadeComponent {
            instance,
            linked,
            is_at_work: AtomicBool::new(false),
        }
    }

    /// Begins a call, unless one is at work. The turn must be held.
    #[inline]
    pub(crate) fn begin_call(&self) -> Option<InstanceAtWork<'_>> {
        // No swap: only who holds the turn changes it.
        if self.is_at_work.load(Ordering::Relaxed) {
            return None;
        }
        self.is_at_work.store(true, Ordering::Relaxed);
        Some(InstanceAtWork(&self.is_at_work))
    }
}

impl Drop for InstanceAtWork<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
