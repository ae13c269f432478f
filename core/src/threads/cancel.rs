//! Cancel: ends one call, wherever it has got to.

use std::cell::Cell;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends what runs under it: see [`Cancel::scope`]. Cheap to clone; all clones are one. May be used
/// from any thread.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// One that was not used yet.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Ends what runs under it with an error of kind `cancelled`. Does not wait. Calling it again
    /// does nothing.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether it was used.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Runs `what` under it: from [`Cancel::cancel`] on, calls that this thread makes end. A call that
    /// waits for its turn gives up, and nothing has happened. A guest that runs is ended within
    /// milliseconds, as by [`Store::cancel`](crate::Store::cancel), and its store is poisoned. Unlike
    /// that function, it never ends another call of the same store.
    pub fn scope<R>(&self, what: impl FnOnce() -> R) -> R {
        let scope = Scope {
            cancel: self,
            outer: INNERMOST.get(),
        };
        INNERMOST.set((&raw const scope).cast());
        let _leave = Leave(scope.outer);
        what()
    }
}

thread_local! {
    static INNERMOST: Cell<*const Scope<'static>> = const { Cell::new(ptr::null()) };
}

struct Scope<'a> {
    cancel: &'a Cancel,
    outer: *const Scope<'static>,
}

/// Puts the former scope back, also when a panic passes.
struct Leave(*const Scope<'static>);

impl Drop for Leave {
    fn drop(&mut self) {
        INNERMOST.set(self.0);
    }
}

/// Whether what this thread runs was cancelled.
pub(crate) fn is_wanted() -> bool {
    let mut next = INNERMOST.get();
    // SAFETY: a scope is in the list only while `Cancel::scope` runs further down on this stack.
    while let Some(scope) = unsafe { next.as_ref() } {
        if scope.cancel.is_cancelled() {
            return true;
        }
        next = scope.outer;
    }
    false
}
