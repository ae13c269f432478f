//! Place: where an asynchronous call stands among all calls of its store.

use std::marker::PhantomData;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::fork::Lock;
use crate::turn::{Booked, Held, Mark};
use crate::workers::Crew;
use crate::{Engine, Result, Store, messages};

/// The place of an asynchronous call among all calls of its store, for a binding that runs such calls on
/// threads of its language. Calls that are made later wait for it, until it is over or given up.
pub struct Place {
    /// None of a call that is in no store that others have.
    store: Option<Store>,
    booked: Lock<Option<Booked>>,
    crew: Crew,
    /// Whether this counts the thread as one that is at work.
    counts: AtomicBool,
    /// Who was at work in the store before.
    before: AtomicUsize,
}

impl Store {
    /// Books the place of a call that is made now and runs later, on one of at most so many threads.
    /// Book in the order in which these calls will run.
    pub fn book(&self, threads: usize) -> Place {
        let crew = self.engine().workers().crew().of(threads);
        Place {
            store: Some(self.clone()),
            booked: Lock::new(Some(self.turn().book(&crew))),
            crew,
            counts: AtomicBool::new(false),
            before: AtomicUsize::new(0),
        }
    }

    /// From now on all threads that enter wait, except the one that is inside, until this is dropped. In
    /// a host whose threads do not wait, they refuse meanwhile.
    pub fn mark(&self) -> Mark {
        self.turn().mark()
    }
}

impl Engine {
    /// The same for a call in a store that no one else uses, such as a pool's: no other call waits for it.
    pub fn book(&self, threads: usize) -> Place {
        Place {
            store: None,
            booked: Lock::default(),
            crew: self.workers().crew().of(threads),
            counts: AtomicBool::new(false),
            before: AtomicUsize::new(0),
        }
    }
}

impl Place {
    /// On the thread that makes the call: waits until it is its turn, and keeps all others out until the
    /// result is dropped.
    ///
    /// # Errors
    /// `cancelled` if the call was given up, or if the work of this thread was cancelled; `deadlock`.
    pub fn begin(&self) -> Result<Begun<'_>> {
        let booked = self.booked.lock().take();
        if self.store.is_some() && booked.is_none() {
            return Err(messages::cancelled());
        }
        self.counts.store(self.crew.begin(), Ordering::Relaxed);
        let held = booked.map(|it| it.hold()).transpose();
        mem::forget(held.inspect_err(|_| self.rest())?);
        if let Some(store) = &self.store {
            self.before
                .store(store.turn().begin_work(), Ordering::Relaxed);
        }
        Ok(Begun(self, PhantomData))
    }

    /// The end of [`Place::begin`] if its answer was forgotten. Until [`Place::rest`] the thread counts
    /// as one that others may wait for.
    ///
    /// # Safety
    /// It was, by this thread, and this is called once for it.
    pub unsafe fn end(&self) {
        if let Some(store) = &self.store {
            // SAFETY: the caller's promise.
            let held = unsafe { Held::again(store.turn()) };
            drop(store.entered(held));
            store.turn().end_work(self.before.load(Ordering::Relaxed));
        }
    }

    /// On the same thread, when it has done all that follows on the call.
    pub fn rest(&self) {
        if self.counts.swap(false, Ordering::Relaxed) {
            self.crew.end();
        }
    }

    /// Lets others go on without this call, unless it has begun.
    pub fn give_up(&self) {
        let booked = self.booked.lock().take();
        if let (Some(booked), Some(store)) = (booked, &self.store) {
            drop(booked);
            store.inner().settle_if_closed();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// A call that has begun: the store is this thread's.
pub struct Begun<'a>(&'a Place, PhantomData<*const ()>);

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        // SAFETY: it was made by `begin` on this thread, since it cannot be sent, and is dropped once.
        unsafe { self.0.end() };
        self.0.rest();
    }
}
