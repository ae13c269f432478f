//! Host functions as guests call them, and how errors and exceptions pass between both.

use std::any::Any;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use wasmtime::{AsContextMut, Caller, ThrownException, WasmBacktrace};

use super::remains::Remain;
use super::{CLOSED, Context, DROPS, Data, ENDED, Inner, REMAINS, Store};
use crate::host::HostContext;
use crate::{Error, ErrorKind, Exception, Result, messages, this_thread, trail};

impl Store {
    #[cold]
    pub(super) fn failed(
        &self,
        ctx: &mut Context<'_>,
        error: wasmtime::Error,
        default: ErrorKind,
    ) -> Error {
        let variant = self.0.variant();
        let is_ours = |module: &_| variant.as_ref().is_ok_and(|it| it.loops.has(module));
        let frames = Error::frames_of(&error, is_ours);
        let was_inside = default == ErrorKind::Internal || error.is::<WasmBacktrace>();
        let found = match error.is::<ThrownException>() {
            true => self.uncaught(ctx).unwrap_or_else(|failed| failed),
            false => match self.0.limits().reached(&error) {
                Some(reached) => reached,
                None => self.0.meter.explain(Error::from_call(error, default)),
            },
        };
        if found.kind() == ErrorKind::Fuel {
            self.0.poison();
        }
        // Room that was not there to instantiate unwinds nobody.
        if was_inside || found.kind() != default {
            self.0.end_components(&found);
        }
        self.0.tell_output(found.traced(frames, self.0.number))
    }

    /// The error for the exception that left the guest: the very one that a host function gave, if
    /// it was thrown by one.
    fn uncaught(&self, ctx: &mut Context<'_>) -> Result<Error> {
        ctx.scoped(|ctx| {
            let pending = ctx.engine.take_pending_exception();
            let gone = || Error::new(ErrorKind::Internal, "an exception was lost");
            let exception = Exception::lift(ctx, pending.ok_or_else(gone)?)?;
            let thrown = self.0.thrown.take();
            let is_it = |error: &Error| error.exception().is_some_and(|it| it.same(&exception));
            let error = match thrown {
                Some(thrown) if is_it(&thrown) => thrown,
                other => {
                    other
                        .into_iter()
                        .for_each(|it| self.0.bury(Remain::Error(it)));
                    exception.into()
                }
            };
            if let Some(exception) = error.exception() {
                exception.keep_payload(ctx)?;
            }
            Ok(error)
        })
    }
}

impl Inner {
    /// The store that this is of, for as long as this is borrowed.
    pub(super) fn as_store(&self) -> ManuallyDrop<Store> {
        // SAFETY: an `Inner` is always inside of an `Arc`. That is not dropped here, so its count
        // stays as it was.
        ManuallyDrop::new(Store(unsafe { Arc::from_raw(self) }))
    }
}

/// Runs a host function for a guest: makes its context the live one, catches its panic, and lets a
/// store that was closed meanwhile unwind at once.
#[inline(always)]
pub(crate) fn call_host(
    mut caller: Caller<'_, Data>,
    name: &str,
    what: impl FnOnce(&HostContext<'_>) -> Result<()>,
) -> wasmtime::Result<()> {
    // SAFETY: the owner is alive while its engine's store runs, whatever `what` drops.
    let inner = unsafe { &*caller.data().owner.0 };
    let store = inner.as_store();
    let live = &inner.turn.live;
    let (previous, since) = (live.load(Ordering::Relaxed), trail::now());
    live.store((&raw mut caller).cast(), Ordering::Relaxed);
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
    live.store(previous, Ordering::Relaxed);
    inner.keep_ticking();
    match outcome {
        Ok(Ok(())) if inner.state.load(Ordering::Relaxed) & (CLOSED | REMAINS) == 0 => Ok(()),
        outcome => end_slowly(caller, &store, outcome, since),
    }
}

/// The end of a host function that failed, or that the store was closed or has remains in.
#[cold]
fn end_slowly(
    mut caller: Caller<'_, Data>,
    store: &Store,
    outcome: std::thread::Result<Result<()>>,
    since: u64,
) -> wasmtime::Result<()> {
    let live = &store.0.turn.live;
    let outer = live.swap((&raw mut caller).cast(), Ordering::Relaxed);
    // SAFETY: the outermost call, which this is within, has set it.
    let thread = unsafe { &*store.0.thread.get() };
    thread.visit(|| store.0.turn.is_mine(), || store.let_go_in_host());
    live.store(outer, Ordering::Relaxed);
    match outcome {
        Ok(Ok(())) if store.is_closed() => Err(wasmtime::Error::new(messages::closed("store"))),
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(throw(&mut caller, store, error.thrown_since(since))),
        Err(panic) => Err(wasmtime::Error::new(store.0.panicked(panic))),
    }
}

impl Inner {
    /// The error for a panic of the host's code, after which the store is poisoned. The turn must be
    /// held.
    #[cold]
    pub(super) fn panicked(&self, panic: Box<dyn Any + Send>) -> Error {
        self.poison();
        let error = Error::from_panic(&*panic);
        self.bury(Remain::Panic(panic));
        error
    }
}

/// What the engine gets for the error of a host function: an exception of this store is thrown, so
/// that the guest can catch it; everything else unwinds the guest.
#[cold]
fn throw(caller: &mut Caller<'_, Data>, store: &Store, error: Error) -> wasmtime::Error {
    let ours = error.exception().filter(|it| it.store().same(store));
    let state = store.0.state.load(Ordering::Relaxed) & !(ENDED | DROPS);
    let (Some(exception), 0) = (ours.cloned(), state) else {
        return error.into_engine(store.0.number);
    };
    store.0.is_unsettled.set(true);
    if let Some(before) = store.0.thrown.replace(Some(error)) {
        store.0.bury(Remain::Error(before));
    }
    let mut ctx = Context {
        engine: caller.as_context_mut(),
        store,
        thread: this_thread::current(),
    };
    ctx.scoped(|ctx| match exception.lower(ctx) {
        Ok(exn) => ctx
            .engine
            .throw::<()>(exn)
            .err()
            .unwrap_or(ThrownException.into()),
        Err(error) => wasmtime::Error::new(error),
    })
}
