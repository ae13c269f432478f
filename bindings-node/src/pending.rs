//! Pending: the promises of an environment that have no outcome yet, by number.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use landbridge::host::Mark;
use napi_sys as sys;

#[derive(Default)]
pub(crate) struct Pending {
    next: Cell<u64>,
    promises: RefCell<HashMap<u64, Promise>>,
}

/// That of a call, or of a module that is loaded.
pub(crate) struct Promise {
    /// Ends what gives the outcome.
    pub(crate) end: Box<dyn Fn()>,
    /// Settles it; none if it is settled already.
    pub(crate) deferred: Option<sys::napi_deferred>,
    /// Has calls that this thread makes meanwhile refused, whether it runs yet or still.
    pub(crate) mark: Option<Mark>,
    /// Makes a value of the outcome, see `call.rs`.
    pub(crate) lift: Box<dyn Any>,
}

impl Pending {
    /// A number for one that is about to be.
    pub(crate) fn number(&self) -> u64 {
        let number = self.next.get();
        self.next.set(number + 1);
        number
    }

    pub(crate) fn insert(&self, number: u64, promise: Promise) {
        self.promises.borrow_mut().insert(number, promise);
    }

    /// Takes one off, and says whether it was the last one.
    pub(crate) fn take(&self, number: u64) -> Option<(Promise, bool)> {
        let mut promises = self.promises.borrow_mut();
        let taken = promises.remove(&number)?;
        Some((taken, promises.is_empty()))
    }

    /// Ends what gives the outcome of one that is not settled, which the caller is to do.
    pub(crate) fn abort(&self, number: u64) -> Option<sys::napi_deferred> {
        let mut promises = self.promises.borrow_mut();
        let promise = promises.get_mut(&number)?;
        let deferred = promise.deferred.take()?;
        (promise.end)();
        Some(deferred)
    }

    /// The environment is about to end.
    pub(crate) fn end(&self) {
        for promise in self.promises.take().into_values() {
            (promise.end)();
        }
    }
}
