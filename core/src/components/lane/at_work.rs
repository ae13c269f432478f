//! What the lane needs to know of the call that runs on this thread: the engine gives it only types and
//! memory.

use std::cell::{Cell, RefCell};
use std::mem::forget;

use super::host::HostFrames;
use crate::components::frame::Sink;
use crate::components::resources::Resources;
use crate::store::Inner;
use crate::this_thread::{self, Thread};

/// A call of a component on this thread.
pub(crate) struct AtWork<'a> {
    store: &'a Inner,
    results: Cell<Option<Results<'a>>>,
    outer: *const (),
}

/// Where the results of a call go.
pub(crate) struct Results<'a> {
    /// The frame: they are added.
    pub(crate) bytes: &'a mut Vec<u8>,
    /// What takes the blobs.
    pub(crate) sink: &'a mut (dyn Sink + 'a),
}

impl<'a> AtWork<'a> {
    /// Runs `what` as a call in this store, whose turn this thread holds.
    #[inline(always)]
    pub(crate) fn run<R>(
        thread: &Thread,
        store: &'a Inner,
        results: Option<Results<'a>>,
        what: impl FnOnce() -> R,
    ) -> R {
        let at_work = AtWork {
            store,
            results: Cell::new(results),
            outer: thread.call.get(),
        };
        thread.call.set((&raw const at_work).cast());
        let _restored = Restored(thread, at_work.outer);
        let unwound = Unwound(store);
        let done = what();
        forget(unwound);
        done
    }
}

/// Poisons the store if it is dropped: code of the host's panicked in the middle of a value, and the engine does not
/// clean up behind that.
struct Unwound<'a>(&'a Inner);

impl Drop for Unwound<'_> {
    #[cold]
    fn drop(&mut self) {
        self.0.poison();
    }
}

/// Puts the outer call back, if this one unwinds too.
struct Restored<'a>(&'a Thread, *const ());

impl Drop for Restored<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.call.set(self.1);
    }
}

/// The innermost call, if there is one.
#[inline(always)]
fn found<R>(what: impl FnOnce(Option<&AtWork<'_>>) -> R) -> R {
    let call = this_thread::current().call.get().cast::<AtWork<'_>>();
    // SAFETY: only `run` sets it. It lies in the frame of that, which is below this one on the stack of this thread, or
    // there is none.
    what(unsafe { call.as_ref() })
}

#[inline(always)]
fn innermost<R>(what: impl FnOnce(&AtWork<'_>) -> R) -> R {
    found(|it| match it {
        Some(at_work) => what(at_work),
        None => unreachable!("values only cross in calls of components"),
    })
}

/// Hands out where results go, once, and the store to keep shut while the sink works: that is code of a host.
#[inline(always)]
pub(super) fn results<R>(what: impl FnOnce(Results<'_>, &Inner) -> R) -> R {
    innermost(|it| match it.results.take() {
        Some(results) => what(results, it.store),
        None => unreachable!("a call with results has a place for them, and lifts them once"),
    })
}

/// Runs code of the host's that looks at what lies beside a frame, with the store shut: the engine is at work on it.
#[inline]
pub(super) fn shut<R>(what: impl FnOnce() -> R) -> R {
    innermost(|it| {
        let _shut = it.store.shut_for_host();
        what()
    })
}

/// Works with the resources of the store.
pub(super) fn resources<R>(what: impl FnOnce(&RefCell<Resources>) -> R) -> R {
    innermost(|it| what(it.store.resources()))
}

/// Frames for a call of the host: those of a call before, if they are there.
#[inline]
pub(super) fn take_frames() -> Box<HostFrames> {
    let kept = innermost(|it| it.store.components().take_frames());
    kept.unwrap_or_default()
}

/// Keeps them for the next call.
#[inline]
pub(super) fn keep_frames(frames: Box<HostFrames>) {
    found(|it| {
        if let Some(it) = it {
            it.store.components().keep_frames(frames);
        }
    });
}
