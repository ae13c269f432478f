//! Whether a call of one instance of a component is running.

use std::sync::atomic::{AtomicBool, Ordering};

/// Of one instance. Only who holds the turn of its store looks at it.
#[derive(Default)]
pub(crate) struct AtWorkFlag(AtomicBool);

/// A call of an instance that is at work, until it is dropped.
pub(crate) struct InstanceAtWork<'a>(&'a AtWorkFlag);

impl AtWorkFlag {
    /// Begins a call, unless one is at work. The turn must be held.
    #[inline]
    pub(crate) fn begin(&self) -> Option<InstanceAtWork<'_>> {
        // No swap: only who holds the turn changes it.
        if self.0.load(Ordering::Relaxed) {
            return None;
        }
        self.0.store(true, Ordering::Relaxed);
        Some(InstanceAtWork(self))
    }
}

impl Drop for InstanceAtWork<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Relaxed);
    }
}

/// An instance, for who only wants to know whether it is at work.
pub(crate) trait Maker: Send + Sync {
    fn flag(&self) -> &AtWorkFlag;
}
