//! Lent: what a handle leads to, borrowed while the turn of its store is held.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::handle::{Handle, InStore, entry, get, hold, hold_first, other_kind};
use crate::store::Entered;
use crate::{Error, ErrorKind, Func, Result};

/// What a handle lends, while the turn of its store is held, unless that stays with a guest's thread that works
/// for this one. A call of a function that is lent need not take the turn again.
pub struct Lent<'a, T> {
    object: &'a T,
    is_held: bool,
    /// The turn is this thread's, so it stays here.
    _here: PhantomData<*const ()>,
}

impl<T> std::ops::Deref for Lent<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        self.object
    }
}

impl<'a, T> Lent<'a, T> {
    /// An object whose turn nobody holds for it.
    #[inline(always)]
    pub fn free(object: &'a T) -> Lent<'a, T> {
        Lent::new(object, false)
    }

    #[inline(always)]
    fn new(object: &'a T, is_held: bool) -> Lent<'a, T> {
        Lent {
            object,
            is_held,
            _here: PhantomData,
        }
    }

    /// Whether this thread holds the turn of the object's store.
    #[inline(always)]
    pub(crate) fn is_held(&self) -> bool {
        self.is_held
    }
}

impl<T: InStore> Lent<'_, T> {
    /// A function, which may be one of the same store.
    #[inline(always)]
    pub fn func<'a>(&'a self, func: &'a Func) -> Lent<'a, Func> {
        let is_held = self.is_held && func.store().same(self.object.store());
        Lent::new(func, is_held)
    }
}

/// Runs `what` with the function of a handle, for a call: the store's turn is held meanwhile, which
/// keeps the function alive without counting references.
///
/// # Errors
/// As [`get`], and as the store answers.
#[inline(always)]
pub fn with_func<R>(handle: Handle, what: impl FnOnce(&Lent<'_, Func>) -> Result<R>) -> Result<R> {
    match idle_func(handle) {
        Some(func) => what(&func.lent()),
        None => with_func_slowly(handle, what),
    }
}

/// A function that is lent while this holds the turn of its store. What it lends is borrowed from it, and cannot
/// outlive it.
pub struct IdleFunc<'a> {
    func: &'a Func,
    _entered: Entered<'a>,
}

impl IdleFunc<'_> {
    /// The function, while the turn is held.
    #[inline(always)]
    pub fn lent(&self) -> Lent<'_, Func> {
        Lent::new(self.func, true)
    }
}

/// The function of a handle, if nobody is in its store. If there is none, [`with_func`] knows why, and what to do.
/// For who wants the short way in one place, and the long way in another.
#[inline(always)]
pub fn idle_func<'a>(handle: Handle) -> Option<IdleFunc<'a>> {
    let (held, func) = hold_first(handle, |found| found.func.load(Ordering::Acquire))?;
    // SAFETY: `hold` says why what it returns is alive while the turn is held, and so it is as long as the answer;
    // the pointer is null or the entry's function.
    let func = unsafe { func.as_ref::<'a>() }?;
    Some(IdleFunc {
        func,
        _entered: func.store().entered(held),
    })
}

/// The same where somebody is in the store, this thread perhaps, or the handle is none of a function.
#[cold]
#[inline(never)]
fn with_func_slowly<R>(
    handle: Handle,
    what: impl FnOnce(&Lent<'_, Func>) -> Result<R>,
) -> Result<R> {
    let found = hold::<Func, _>(handle, "func", |found| found.func.load(Ordering::Acquire));
    // `what` is called in one place, so that it is inlined there.
    let (by_loan, func, held);
    match found {
        Ok((turn, found)) => (held, func) = (Some(turn), found),
        Err(error) => {
            by_loan = self::by_loan::<Func>(handle, "func", error)?;
            (held, func) = (None, Arc::as_ptr(&by_loan).cast_mut());
        }
    }
    // SAFETY: `hold` says why what it returns is alive, or it is the object that is held here; the
    // pointer is null or the entry's function.
    let Some(func) = (unsafe { func.as_ref() }) else {
        drop(held);
        return Err(other_kind::<Func>(handle, "func"));
    };
    let entered = held.map(|held| func.store().entered(held));
    what(&Lent::new(func, entered.is_some()))
}

/// Runs `what` with an object of [`insert_in_store`](super::handle::insert_in_store), as [`with_func`] does.
///
/// # Errors
/// As [`get`], and as the store answers.
#[inline]
pub fn with<T: InStore, R>(
    handle: Handle,
    kind: &'static str,
    what: impl FnOnce(&Lent<'_, T>) -> Result<R>,
) -> Result<R> {
    let found = hold::<T, _>(handle, kind, |found| found.lent.load(Ordering::Acquire));
    let (by_loan, lent, held);
    match found {
        Ok((turn, found)) => {
            // SAFETY: as in `with_func`.
            let found = unsafe { found.as_ref() };
            lent = found.and_then(|object| object.downcast_ref::<T>());
            held = Some(turn);
        }
        Err(error) => {
            by_loan = self::by_loan::<T>(handle, kind, error)?;
            (held, lent) = (None, Some(&*by_loan));
        }
    }
    let Some(object) = lent else {
        drop(held);
        return Err(other_kind::<T>(handle, kind));
    };
    let entered = held.map(|held| object.store().entered(held));
    what(&Lent::new(object, entered.is_some()))
}

/// Where the turn stays with a guest's thread that works for this one: that does each thing for itself.
#[cold]
fn by_loan<T: Any + Send + Sync>(
    handle: Handle,
    kind: &'static str,
    error: Error,
) -> Result<Arc<T>> {
    let turn = entry(handle).map(|found| found.turn.load(Ordering::Relaxed));
    // SAFETY: turns live for ever.
    let turn = turn.and_then(|turn| unsafe { turn.as_ref::<'static>() });
    match turn.is_some_and(|turn| error.kind() == ErrorKind::Deadlock && turn.is_lent()) {
        true => get(handle, kind),
        false => Err(error),
    }
}
