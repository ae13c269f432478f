//! Host functions as components call them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use wasmtime::StoreContextMut;

use super::live::Live;
use super::{CLOSED, Data, REMAINS, Store};
use crate::host::HostContext;
use crate::this_thread::Thread;
use crate::{Result, messages, trail};

/// Runs a host function for a component: makes its context the live one, catches its panic, and lets a store that was
/// closed meanwhile unwind at once. An error always unwinds the guest.
pub(crate) fn call_component_host(
    mut context: StoreContextMut<'_, Data>,
    name: &str,
    what: impl FnOnce(&HostContext<'_>) -> Result<()>,
) -> wasmtime::Result<()> {
    // SAFETY: the owner is alive while its engine's store runs, whatever `what` drops.
    let inner = unsafe { &*context.data().owner.0 };
    let store = inner.as_store();
    let live = &inner.turn.live;
    let (previous, since) = (live.load(Ordering::Relaxed), trail::now());
    let here = Live::of_component(&mut context).address();
    live.store(here, Ordering::Relaxed);
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
        let_go(thread, &store);
    }
    live.store(previous, Ordering::Relaxed);
    inner.keep_ticking();
    match outcome {
        Ok(Ok(())) if !store.is_closed() => Ok(()),
        outcome => Err(failed(&store, outcome, since)),
    }
}

/// While the context is the live one still.
#[cold]
fn let_go(thread: &Thread, store: &Store) {
    thread.visit(|| store.0.turn.is_mine(), || store.let_go_in_host());
}

#[cold]
fn failed(store: &Store, outcome: std::thread::Result<Result<()>>, since: u64) -> wasmtime::Error {
    match outcome {
        Ok(Ok(())) => wasmtime::Error::new(messages::closed("store")),
        Ok(Err(error)) => error.thrown_since(since).into_engine(store.0.number),
        Err(panic) => wasmtime::Error::new(store.0.panicked(panic)),
    }
}
