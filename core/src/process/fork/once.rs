//! Once: what is made when it is first asked for, and anew in a child whose parent was about to.

use std::fmt;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::Lock;

/// A value that is made when it is first asked for, by one thread. A child whose parent was about to
/// make it makes its own.
pub(crate) struct Once<T> {
    value: AtomicPtr<T>,
    making: Lock<()>,
}

// SAFETY: it gives out shared references to a value that it owns.
unsafe impl<T: Send + Sync> Sync for Once<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for Once<T> {}

impl<T> Once<T> {
    pub(crate) const fn new() -> Once<T> {
        Once {
            value: AtomicPtr::new(ptr::null_mut()),
            making: Lock::new(()),
        }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        // SAFETY: null, or a box of `get_or_init`, which lives as long as this does.
        unsafe { self.value.load(Ordering::Acquire).as_ref() }
    }

    /// The value. `make` must not ask for the same one.
    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let _one = self.making.lock();
        if let Some(value) = self.get() {
            return value;
        }
        let made = Box::into_raw(Box::new(make()));
        self.value.store(made, Ordering::Release);
        // SAFETY: just made, and only freed when this is dropped.
        unsafe { &*made }
    }
}

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Once<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl<T> Drop for Once<T> {
    fn drop(&mut self) {
        let value = *self.value.get_mut();
        // SAFETY: null, or a box of `get_or_init` that nobody borrows any more.
        drop((!value.is_null()).then(|| unsafe { Box::from_raw(value) }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a process that is not there any more.
    const FORMER: u32 = 77;

    #[test]
    fn a_value_is_made_once_and_anew_where_its_maker_is_gone() {
        let once = Once::new();
        once.making.held.store(FORMER, Ordering::SeqCst);
        assert!(once.get().is_none());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert_eq!(*once.get_or_init(|| vec![1]), [1]));
            }
        });
        assert_eq!(*once.get_or_init(|| vec![2]), [1]);
    }
}
