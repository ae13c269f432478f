//! Lock: one that a forked child finds free.

use std::cell::UnsafeCell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, Ordering};

use super::generation;
use super::section::NAP;

/// A lock for what is held for a moment, by no code but ours. A child whose parent had it held by
/// another thread finds it free, and its value new: nobody knows what the old one is in the middle of.
#[derive(Default)]
pub(crate) struct Lock<T> {
    /// The generation of the process that holds it, or zero.
    pub(in crate::process) held: AtomicU32,
    value: UnsafeCell<T>,
}

/// Set beside the generation by who only reads: then the value is what it was.
const READS: u32 = 1 << 31;

/// Attempts after which a thread that waits for a lock sleeps in between.
const SPINS: u32 = 100;

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
        self.take(0)
    }

    /// For who only looks at the value.
    pub(crate) fn read(&self) -> impl Deref<Target = T> + '_ {
        self.take(READS)
    }

    fn take(&self, reads: u32) -> Locked<'_, T> {
        let here = generation();
        let (mut before, mut attempts) = (0, 0);
        loop {
            match self.held.compare_exchange_weak(
                before,
                here | reads,
                Ordering::Acquire,
                Ordering::Relaxed,
            ) {
                Ok(0) => return Locked(self),
                Ok(lost) if lost & READS != 0 => return Locked(self),
                Ok(_) => return self.renewed(),
                Err(holder) if holder & !READS == here => {
                    attempts += 1;
                    rest(attempts);
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
            Err(holder) if holder & !READS == here => None,
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

impl<T> Lock<T> {
    /// Lets go of a lock whose holder was forgotten. Only its holder may do this.
    pub(crate) fn release(&self) {
        self.held.store(0, Ordering::Release);
    }
}

#[cold]
fn rest(attempts: u32) {
    match attempts {
        0..SPINS => std::thread::yield_now(),
        _ => std::thread::sleep(NAP),
    }
}

impl<T> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lock")
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a process that is not there any more.
    const FORMER: u32 = 77;

    #[test]
    fn a_lock_that_is_lost_is_free_and_its_value_new() {
        let lock = Lock::new(5);
        lock.held.store(FORMER, Ordering::SeqCst);
        assert_eq!(*lock.lock(), 0);
        assert_eq!(lock.held.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn who_only_reads_keeps_others_out() {
        let lock = Lock::new(5);
        let reads = lock.read();
        assert!(lock.try_lock().is_none());
        assert_eq!(*reads, 5);
    }

    #[test]
    fn what_was_only_read_is_kept() {
        let lock = Lock::new(5);
        lock.held.store(FORMER | READS, Ordering::SeqCst);
        assert_eq!(*lock.read(), 5);
        lock.held.store(FORMER | READS, Ordering::SeqCst);
        assert_eq!(*lock.lock(), 5);
    }
}
