//! What the lane needs to know of the call that is at work on this thread: the engine hands it no more than types and
//! memory.

use std::cell::{Cell, RefCell};
use std::ptr::{self, NonNull};

use wasmtime::Result;

use crate::components::frame::Sink;
use crate::components::resources::Resources;
use crate::store::Inner;

thread_local! {
    static INNERMOST: Cell<*const AtWork<'static>> = const { Cell::new(ptr::null()) };
}

/// A call of a component on this thread.
pub(crate) struct AtWork<'a> {
    store: &'a Inner,
    /// Where the results go.
    results: Cell<Option<Vec<u8>>>,
    /// What takes the blobs of the results.
    sink: Option<NonNull<dyn Sink + 'a>>,
    outer: *const AtWork<'static>,
}

impl<'a> AtWork<'a> {
    /// Runs `what` as a call in this store, whose turn is held; its results go to the end of `results`.
    #[inline(always)]
    pub(crate) fn run<R>(
        store: &'a Inner,
        results: Vec<u8>,
        sink: Option<&'a mut (dyn Sink + 'a)>,
        what: impl FnOnce() -> R,
    ) -> R {
        let at_work = AtWork {
            store,
            results: Cell::new(Some(results)),
            sink: sink.map(NonNull::from),
            outer: INNERMOST.get(),
        };
        INNERMOST.set((&raw const at_work).cast());
        let _restored = Restored(at_work.outer);
        what()
    }
}

/// Puts the outer call back, if this one unwinds too.
struct Restored(*const AtWork<'static>);

impl Drop for Restored {
    #[inline(always)]
    fn drop(&mut self) {
        INNERMOST.set(self.0);
    }
}

/// The innermost call.
#[inline(always)]
fn innermost<R>(what: impl FnOnce(&AtWork<'_>) -> R) -> R {
    // SAFETY: it lies in the frame of `run`, which is below this one on the stack of this thread, or there is none.
    match unsafe { INNERMOST.get().as_ref() } {
        Some(at_work) => what(at_work),
        None => unreachable!("values only cross in calls of components"),
    }
}

/// Where results go.
pub(super) fn take_results() -> Vec<u8> {
    innermost(|it| it.results.take()).unwrap_or_default()
}

/// Works with the resources of the store.
pub(super) fn resources<R>(what: impl FnOnce(&RefCell<Resources>) -> R) -> R {
    innermost(|it| what(it.store.resources()))
}

/// Hands a blob of the results to who takes it. That is code of a host, which cannot enter the store meanwhile.
pub(super) fn give_blob(bytes: &[u8], each: usize) -> Result<u32> {
    innermost(|it| {
        let _shut = it.store.shut_for_sink();
        match it.sink {
            // SAFETY: `run` borrows it for as long as `it` is there, and nobody else uses it: results are lifted once.
            Some(mut sink) => Ok(unsafe { sink.as_mut() }.blob(bytes, each)?),
            None => unreachable!("a call with results has a sink"),
        }
    })
}
