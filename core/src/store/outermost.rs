//! Outermost: a call that no other call into the store is around, which is what most calls are.
//!
//! What a call has to check and to set is said once, in [`Armed`] and in [`Store::enter`]. The short way here asks
//! in a few words whether anything is out of the ordinary, and goes the long way if so.

use std::sync::atomic::Ordering;
use std::time::Duration;

use wasmtime::{AsContextMut, ValRaw};

use super::remains::Remain;
use super::{CANCELLED, Context, Inner, Store};
use crate::this_thread::{self, Thread};
use crate::{Error, ErrorKind, Result};

impl Store {
    /// Calls a function.
    ///
    /// # Safety
    /// It is of this store. `raw` holds as many slots as it has parameters, and results. The arguments are written,
    /// and are plain bits.
    #[inline(always)]
    pub(crate) unsafe fn call(&self, func: &wasmtime::Func, raw: *mut [ValRaw]) -> Result<()> {
        let Some(held) = self.0.turn.try_hold_first() else {
            // SAFETY: the caller's promise.
            return unsafe { self.call_slowly(func, raw) };
        };
        let _entered = self.entered(held);
        // SAFETY: the caller's promise.
        unsafe { self.call_held(func, raw) }
    }

    /// The same, for whom most calls are others.
    ///
    /// # Safety
    /// As [`Store::call`].
    #[inline(never)]
    pub(crate) unsafe fn call_apart(
        &self,
        func: &wasmtime::Func,
        raw: *mut [ValRaw],
    ) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe { self.call(func, raw) }
    }

    /// The same for who holds the turn.
    ///
    /// # Safety
    /// As [`Store::call`].
    #[inline(always)]
    pub(crate) unsafe fn call_held(&self, func: &wasmtime::Func, raw: *mut [ValRaw]) -> Result<()> {
        let Some(thread) = self.0.if_ordinary() else {
            // SAFETY: the caller's promise.
            return unsafe { self.call_slowly(func, raw) };
        };
        // SAFETY: this thread holds the turn. No host function of this store runs, which could borrow the
        // engine's store, and none of this thread's, on whose stack another call of this store could wait.
        // The store is not shut, so it does not tick and lends no bytes.
        let Some(body) = (unsafe { &mut *self.0.body.get() }) else {
            unreachable!("a store that was entered has a body");
        };
        let armed = Armed::outermost(&self.0, thread)?;
        // SAFETY: the caller's promise; the function is of this store.
        let done = unsafe { func.call_unchecked(&mut **body, raw) };
        armed.end(done.map_err(|error| self.failed_outermost(error)))
    }

    /// The error of an outermost call, which is not over yet. It finds all it needs anew, so that a call that does not
    /// fail keeps nothing for it.
    #[cold]
    #[inline(never)]
    fn failed_outermost(&self, error: wasmtime::Error) -> Error {
        // SAFETY: as in `call_held`, whose use of it is over.
        let Some(body) = (unsafe { &mut *self.0.body.get() }) else {
            unreachable!("a store that was entered has a body");
        };
        let mut context = Context {
            engine: body.as_context_mut(),
            store: self,
            thread: this_thread::current(),
        };
        self.failed(&mut context, error, ErrorKind::Internal)
    }

    /// The same where something is out of the ordinary: looked at anew, by those who know what to do then.
    ///
    /// # Safety
    /// As [`Store::call`].
    #[cold]
    #[inline(never)]
    unsafe fn call_slowly(&self, func: &wasmtime::Func, raw: *mut [ValRaw]) -> Result<()> {
        // SAFETY: the caller's promise; the function is of this store, which is entered.
        self.run(|engine| unsafe { func.call_unchecked(engine, raw) })
    }
}

impl Inner {
    /// The thread, if a call now is an ordinary one: the store is neither closed nor poisoned, cancelled, shut or
    /// about to drop something, nothing is left of former calls, the thread is the one that called last, and no host
    /// function runs, neither of this store nor on this thread. The turn must be held.
    #[inline(always)]
    fn if_ordinary(&self) -> Option<&Thread> {
        let is_odd = self.state.load(Ordering::Relaxed) != 0
            || self.shut.get()
            || self.is_unsettled.get()
            || !self.live().is_none();
        if is_odd {
            return None;
        }
        let thread = self.thread.if_mine()?;
        (!thread.is_in_host()).then_some(thread)
    }
}

/// Set for an outermost call: the guest's stack limit and a fresh count of ticks.
pub(super) struct Armed<'a>(Option<&'a Inner>);

impl Armed<'_> {
    #[inline(always)]
    pub(super) fn new<'a>(inner: &'a Inner, thread: &Thread) -> Result<Armed<'a>> {
        if !inner.live().is_none() {
            return Ok(Armed(None));
        }
        let armed = Armed::outermost(inner, thread)?;
        inner.thread.note(thread);
        if inner.is_unsettled.get() {
            inner.ticks.set(0);
            inner.meter.begin();
        }
        if inner.state.load(Ordering::Relaxed) & CANCELLED != 0 {
            inner.state.fetch_and(!CANCELLED, Ordering::SeqCst);
        }
        Ok(armed)
    }

    /// For a call that is known to be an outermost one.
    #[inline(always)]
    fn outermost<'a>(inner: &'a Inner, thread: &Thread) -> Result<Armed<'a>> {
        let limit = thread.limit(inner.stack_bytes)?;
        // SAFETY: the pointer was found and verified when the store was made, lives as long as the
        // engine's store, and is only used while this thread holds the turn. The engine keeps a
        // limit that is already set, as it does for nested calls.
        unsafe { *inner.stack_limit.get() = limit };
        inner.keep_ticking();
        Ok(Armed(Some(inner)))
    }

    /// The end of a call. A line of output that waits for its end is whole with an outermost one.
    #[inline(always)]
    pub(super) fn end<R>(self, done: Result<R>) -> Result<R> {
        match self.0 {
            Some(inner) if inner.is_unsettled.get() => self.finished(inner, done),
            Some(inner) => {
                std::mem::forget(self);
                inner.disarm();
                done
            }
            None => done,
        }
    }
}

impl Drop for Armed<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        let Some(inner) = self.0 else {
            return;
        };
        inner.disarm();
        if inner.is_unsettled.get() {
            inner.settle_call();
        }
    }
}

impl Armed<'_> {
    /// The end of a call that left something.
    #[cold]
    fn finished<R>(self, inner: &Inner, done: Result<R>) -> Result<R> {
        let finished = inner.finish_lines();
        done.and_then(|done| finished.map(|()| done))
    }
}

impl Inner {
    #[inline(always)]
    fn disarm(&self) {
        // SAFETY: as in `Armed::outermost`.
        unsafe { *self.stack_limit.get() = usize::MAX };
    }

    /// The end of an outermost call that left something.
    #[cold]
    fn settle_call(&self) {
        let took = self.took();
        self.last_call.set(took);
        // What a host threw and the guest caught.
        if let Some(thrown) = self.thrown.take() {
            self.bury(Remain::Error(thrown));
        }
        let is_left = took != Duration::ZERO || self.ticks.get() > 0 || self.meter.has_refused();
        self.is_unsettled.set(is_left);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Engine, Store};

    /// The length of a line of the cache, twice: processors fetch pairs.
    const LINES: usize = 128;

    #[test]
    fn calls_on_different_stores_write_lines_of_their_own() {
        let stores: Vec<_> = (0..20)
            .map(|_| Store::new(&Engine::shared().unwrap()).unwrap())
            .collect();
        let turns = stores.iter().map(|it| std::ptr::from_ref(it.turn()).addr());
        assert!(turns.clone().all(|turn| turn.is_multiple_of(LINES)));
        // What the engine writes for a call lies around the limit of the stack.
        let limits = stores.iter().map(|it| it.0.stack_limit.get().addr());
        let mut written: Vec<_> = turns.chain(limits).collect();
        written.sort();
        let gaps = written.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(gaps.min().unwrap() >= LINES, "{written:x?}");
    }
}
