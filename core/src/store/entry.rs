//! Entry: how work gets into a store, and the context it finds there.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::sync::atomic::Ordering;

use wasmtime::{AsContextMut, StoreContextMut};

use super::outermost::Armed;
use super::remains::let_go;
use super::{CLOSED, Data, Inner, POISONED, REMAINS, Store};
use crate::coroutine;
use crate::this_thread::Thread;
use crate::turn::Held;
use crate::{Error, ErrorKind, Extern, Result, loan, messages};

impl Store {
    /// Takes the turn, waiting as the host waits, and works with the store.
    #[inline(always)]
    pub(crate) fn enter<R>(&self, what: impl FnOnce(&mut Context<'_>) -> Result<R>) -> Result<R> {
        self.enter_unless(CLOSED | POISONED, what)
    }

    /// The same in a scope of its own for references.
    pub(crate) fn scoped<R>(&self, what: impl FnOnce(&mut Context<'_>) -> Result<R>) -> Result<R> {
        self.enter(|ctx| ctx.scoped(what))
    }

    /// The same for a store that may be in any state but these.
    #[inline(always)]
    pub(super) fn enter_unless<R>(
        &self,
        states: u8,
        what: impl FnOnce(&mut Context<'_>) -> Result<R>,
    ) -> Result<R> {
        match self.0.turn.try_hold() {
            Some(held) => self.enter_held(held, states, what),
            None => self.enter_slowly(states, what),
        }
    }

    /// Takes the turn only if nobody else has it. No value if somebody has.
    pub(crate) fn if_free<R>(
        &self,
        what: impl FnOnce(&mut Context<'_>) -> Result<R>,
    ) -> Option<Result<R>> {
        let held = self.0.turn.try_hold()?;
        Some(self.enter_held(held, CLOSED | POISONED, what))
    }

    /// Somebody else is in: works on the thread of a guest that waits for this one, or waits.
    #[cold]
    fn enter_slowly<R>(
        &self,
        states: u8,
        what: impl FnOnce(&mut Context<'_>) -> Result<R>,
    ) -> Result<R> {
        if let Some(loan) = loan::of(self.0.turn) {
            return loan.ask(self.0.turn, || self.enter_unless(states, what));
        }
        match self.0.turn.hold() {
            Ok(held) => self.enter_held(held, states, what),
            // Its guest has come to wait for this thread meanwhile.
            Err(error)
                if error.kind() == ErrorKind::Deadlock && loan::of(self.0.turn).is_some() =>
            {
                self.enter_slowly(states, what)
            }
            Err(error) => Err(error),
        }
    }

    #[inline(always)]
    pub(super) fn enter_held<R>(
        &self,
        held: Held,
        states: u8,
        what: impl FnOnce(&mut Context<'_>) -> Result<R>,
    ) -> Result<R> {
        let entered = self.entered(held);
        if self.0.state.load(Ordering::Relaxed) & states != 0 || self.0.shut.get() {
            return Err(self.refusal());
        }
        // First the context, then the call: `what` would be copied before it, which is dear.
        let mut context = entered.context(self.0.thread.current())?;
        what(&mut context)
    }

    /// Takes over a turn that is held.
    #[inline(always)]
    pub(crate) fn entered(&self, held: Held) -> Entered<'_> {
        Entered {
            store: self,
            held: ManuallyDrop::new(held),
        }
    }

    #[cold]
    fn refusal(&self) -> Error {
        let state = self.0.state.load(Ordering::Relaxed);
        if state & CLOSED != 0 {
            return messages::closed("store");
        }
        if state & POISONED != 0 {
            return Error::new(
                ErrorKind::Poisoned,
                "an interruption or a panic left this store in an unknown state; \
                 instantiate the module again",
            );
        }
        Error::new(
            ErrorKind::Busy,
            "the store cannot be entered at a tick, or while a view of its memory is in use",
        )
    }

    /// Enters and runs guest code.
    #[inline(always)]
    pub(crate) fn run<R>(
        &self,
        what: impl FnOnce(&mut StoreContextMut<'_, Data>) -> wasmtime::Result<R>,
    ) -> Result<R> {
        self.run_or(ErrorKind::Internal, what)
    }

    /// Enters and runs guest code; `default` is the kind of an error that does not tell its own.
    #[inline(always)]
    pub(crate) fn run_or<R>(
        &self,
        default: ErrorKind,
        what: impl FnOnce(&mut StoreContextMut<'_, Data>) -> wasmtime::Result<R>,
    ) -> Result<R> {
        self.enter(|ctx| self.run_in_or(ctx, default, what))
    }

    /// Runs guest code in a context of this store that the caller already has.
    #[inline(always)]
    pub(crate) fn run_in<R>(
        &self,
        ctx: &mut Context<'_>,
        what: impl FnOnce(&mut StoreContextMut<'_, Data>) -> wasmtime::Result<R>,
    ) -> Result<R> {
        self.run_in_or(ctx, ErrorKind::Internal, what)
    }

    /// The same; `default` is the kind of an error that does not tell its own.
    #[inline(always)]
    pub(crate) fn run_in_or<R>(
        &self,
        ctx: &mut Context<'_>,
        default: ErrorKind,
        what: impl FnOnce(&mut StoreContextMut<'_, Data>) -> wasmtime::Result<R>,
    ) -> Result<R> {
        let armed = Armed::new(&self.0, ctx.thread)?;
        let done = what(&mut ctx.engine);
        armed.end(done.map_err(|error| self.failed(ctx, error, default)))
    }

    /// An export of the instance whose call reached the host function that runs now.
    pub(crate) fn caller_export(&self, name: &str) -> Option<Extern> {
        let found = self.enter(|_| {
            // SAFETY: this thread holds the turn, so this is the caller of the innermost host function
            // on this very stack, if a module called it. The context that is at hand is not used.
            let caller = unsafe { self.0.live().caller() };
            Ok(caller.and_then(|caller| caller.get_export(name)))
        });
        let found = found.ok()??;
        let found = self.enter(|ctx| Ok(Extern::from_engine(ctx, found, Some(name))));
        found.ok()?
    }

    /// Drops what was noted, if this thread is in a host function of the store: the engine waits
    /// for that.
    pub(super) fn let_go_in_host(&self) {
        let inner = &*self.0;
        if inner.turn.is_mine() && !inner.live().is_none() && !inner.shut.get() {
            let_go(inner.take_remains());
        }
    }

    /// Keeps everybody from entering, the thread that holds the turn too, until the answer is
    /// dropped. The turn must be held.
    pub(crate) fn shut(&self) -> Shut<'_> {
        Shut::new(&self.0.shut)
    }
}

/// The turn, held.
pub(crate) struct Entered<'a> {
    store: &'a Store,
    held: ManuallyDrop<Held>,
}

impl Entered<'_> {
    /// The context to work with: the running host function's, or the store's own.
    #[inline(always)]
    fn context<'a>(&'a self, thread: &'a Thread) -> Result<Context<'a>> {
        let inner = &*self.store.0;
        let live = inner.live();
        let engine = if live.is_none() {
            if thread.is_in_host() {
                thread.check()?;
            }
            // SAFETY: this thread holds the turn, and no host function borrows the engine's store.
            match unsafe { &mut *inner.body.get() } {
                Some(body) => body.as_context_mut(),
                None => unreachable!("a store that was entered has a body"),
            }
        } else {
            inner.check(thread)?;
            // SAFETY: this thread holds the turn and is in the coroutine of the host function whose
            // caller borrows the engine's store: `live` points to it, on this very stack. Each context
            // is used up before the next one is made.
            unsafe { live.context() }
        };
        Ok(Context {
            engine,
            store: self.store,
            thread,
        })
    }
}

impl Inner {
    /// Refuses other coroutines than the one that is in this store. If its thread ended there, the
    /// store is for nobody, even if another thread has its token by now.
    fn check(&self, thread: &Thread) -> Result<()> {
        thread.check()?;
        match self.thread.id() == thread.stack.thread_id() {
            true => Ok(()),
            false => Err(coroutine::another()),
        }
    }
}

impl Drop for Entered<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        let inner = &*self.store.0;
        // SAFETY: it is taken once, here.
        let held = unsafe { ManuallyDrop::take(&mut self.held) };
        if inner.state.load(Ordering::Relaxed) & (CLOSED | REMAINS) != 0 {
            inner.leave(held);
        }
    }
}

/// Set while nobody may enter.
pub(crate) struct Shut<'a> {
    shut: &'a Cell<bool>,
    before: bool,
}

impl Shut<'_> {
    pub(super) fn new(shut: &Cell<bool>) -> Shut<'_> {
        let before = shut.replace(true);
        Shut { shut, before }
    }
}

impl Drop for Shut<'_> {
    fn drop(&mut self) {
        self.shut.set(self.before);
    }
}

/// The engine's context with the store it belongs to.
pub(crate) struct Context<'a> {
    pub(crate) engine: StoreContextMut<'a, Data>,
    pub(super) store: &'a Store,
    pub(super) thread: &'a Thread,
}

impl<'a> Context<'a> {
    #[inline(always)]
    pub(crate) fn store(&self) -> &'a Store {
        self.store
    }

    #[inline(always)]
    pub(crate) fn thread(&self) -> &'a Thread {
        self.thread
    }

    /// Runs `what` in a scope of its own for references: what it roots is released at its end.
    pub(crate) fn scoped<R>(&mut self, what: impl FnOnce(&mut Context<'_>) -> R) -> R {
        let (store, thread) = (self.store, self.thread);
        let mut scope = wasmtime::RootScope::new(&mut self.engine);
        what(&mut Context {
            engine: scope.as_context_mut(),
            store,
            thread,
        })
    }
}
