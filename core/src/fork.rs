//! Forks: a child process has the memory of its parent but only the thread that forked.
//!
//! What other threads would have done there is done anew: each engine gets a ticker again, modules
//! are compiled by threads of the child's own, and a store that another thread was inside of says
//! so instead of making others wait for ever.

use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Error, ErrorKind, Result, turn};

static GENERATION: AtomicU32 = AtomicU32::new(1);

/// How many forks lie between this process and the first one that used the library, counted from 1.
#[inline(always)]
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// Runs what compiles on all cores. The threads for that are shared by the process, and a forked
/// child does not have them: it brings its own.
pub(crate) fn on_all_cores<R: Send>(what: impl FnOnce() -> R + Send) -> Result<R> {
    if generation() == 1 {
        return Ok(what());
    }
    let threads = rayon::ThreadPoolBuilder::new().build().map_err(|e| {
        let text = format!("threads for compiling cannot be started: {e}");
        Error::new(ErrorKind::Limit, text)
    })?;
    Ok(threads.install(what))
}

/// Asks to be told of forks, once.
pub(crate) fn watch() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(register);
}

#[cfg(unix)]
fn register() {
    // SAFETY: the handler lives as long as the library and only touches atomics.
    unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
}

#[cfg(not(unix))]
fn register() {}

/// Runs in the child, on its only thread, before anything else does.
extern "C" fn in_child() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    turn::forked();
}

/// A lock for what is held for a moment, by no code but ours. A child whose parent had it held by
/// another thread finds it free, and its value new: nobody knows what the old one is in the middle of.
#[derive(Default)]
pub(crate) struct Lock<T> {
    /// The generation of the process that holds it, or zero.
    held: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: only whoever holds the lock reaches the value.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Lock<T> {
        Lock {
            held: AtomicU32::new(0),
            value: UnsafeCell::new(value),
        }
    }
}

impl<T: Default> Lock<T> {
    pub(crate) fn lock(&self) -> Locked<'_, T> {
        let here = generation();
        let mut before = 0;
        loop {
            match self.held.compare_exchange_weak(
                before,
                here,
                Ordering::Acquire,
                Ordering::Relaxed,
            ) {
                Ok(0) => return Locked(self),
                Ok(_) => return self.renewed(),
                Err(holder) if holder == here => {
                    std::thread::yield_now();
                    before = 0;
                }
                Err(holder) => before = holder,
            }
        }
    }

    /// The same if nobody here holds it.
    pub(crate) fn try_lock(&self) -> Option<Locked<'_, T>> {
        let here = generation();
        let take = |before: u32| {
            let held = &self.held;
            held.compare_exchange(before, here, Ordering::Acquire, Ordering::Relaxed)
        };
        match take(0) {
            Ok(_) => Some(Locked(self)),
            Err(holder) if holder == here => None,
            Err(holder) => take(holder).ok().map(|_| self.renewed()),
        }
    }

    #[cold]
    fn renewed(&self) -> Locked<'_, T> {
        let mut locked = Locked(self);
        std::mem::forget(std::mem::take(&mut *locked));
        locked
    }
}

/// A lock that is held.
pub(crate) struct Locked<'a, T>(&'a Lock<T>);

impl<T> Deref for Locked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the lock is held.
        unsafe { &*self.0.value.get() }
    }
}

impl<T> DerefMut for Locked<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held.
        unsafe { &mut *self.0.value.get() }
    }
}

impl<T> Drop for Locked<'_, T> {
    fn drop(&mut self) {
        self.0.held.store(0, Ordering::Release);
    }
}
