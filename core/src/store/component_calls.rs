//! Host functions as components call them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use wasmtime::StoreContextMut;

use super::live::Live;
use super::{CLOSED, Data, REMAINS};
use crate::host::HostContext;
use crate::{Result, messages, trail};

/// Runs a host function for a component: makes its context the live one, catches its panic, and lets a store that was
/// closed meanwhile unwind at once. An error always unwinds the guest.
pub(crate) fn call_component_host<R>(
    mut context: StoreContextMut<'_, Data>,
    name: &str,
    what: impl FnOnce(&HostContext<'_>) -> Result<R>,
) -> wasmtime::Result<R> {
    // SAFETY: the owner is alive while its engine's store runs, whatever `what` drops.
    let inner = unsafe { &*context.data().owner.0 };
    let store = inner.as_store();
    let live = &inner.turn.live;
    let here = Live::of_component(&mut context).address();
    let (previous, since) = (live.swap(here, Ordering::Relaxed), trail::now());
    let context = HostContext {
        store: &store,
        name,
    };
    // SAFETY: the outermost call, which this is within, has set it.
    let thread = unsafe { &*inner.thread.get() };
    let outcome = thread.visit(
        || inner.turn.is_mine(),
        || catch_unwind(AssertUnwindSafe(|| what(&context))),
    );
    if inner.state.load(Ordering::Relaxed) & (CLOSED | REMAINS) != 0 {
        thread.visit(|| inner.turn.is_mine(), || store.let_go_in_host());
    }
    live.store(previous, Ordering::Relaxed);
    inner.keep_ticking();
    match outcome {
        Ok(Ok(_)) if store.is_closed() => Err(wasmtime::Error::new(messages::closed("store"))),
        Ok(Ok(results)) => Ok(results),
        Ok(Err(error)) => Err(error.thrown_since(since).into_engine(inner.number)),
        Err(panic) => Err(wasmtime::Error::new(store.0.panicked(panic))),
    }
}
