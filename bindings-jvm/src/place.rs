//! Place: where an asynchronous call stands among all calls of its store. Such calls run on Java's threads.

use std::mem;
use std::sync::Arc;

use jni::sys::{jint, jlong};
use landbridge::host::Place;
use landbridge::{Func, Instance, Pool, Result};

use crate::kind::{self, Kind, insert};

impl Kind for Place {
    const KIND: &'static str = "place";
}

/// Zero if there is no such thing any more: then the call itself says so.
fn booked<T: Kind>(of: jlong, book: impl FnOnce(&T) -> Place) -> Result<jlong> {
    kind::find(of).map_or(Ok(0), |of| insert(book(&of)))
}

pub(crate) fn of_func(func: jlong, threads: jint) -> Result<jlong> {
    booked(func, |it: &Func| it.store().book(threads as usize))
}

pub(crate) fn of_instance(instance: jlong, threads: jint) -> Result<jlong> {
    booked(instance, |it: &Instance| it.store().book(threads as usize))
}

pub(crate) fn of_pool(pool: jlong, threads: jint) -> Result<jlong> {
    booked(pool, |it: &Pool| {
        it.module().engine().book(threads as usize)
    })
}

pub(crate) fn begin(place: Arc<Place>) -> Result<()> {
    mem::forget(place.begin()?);
    Ok(())
}

pub(crate) fn end(place: Arc<Place>) -> Result<()> {
    // SAFETY: Java calls this once, on the thread on which `begin` has returned.
    unsafe { place.end() };
    Ok(())
}

pub(crate) fn rest(place: jlong) -> Result<()> {
    kind::find::<Place>(place)?.rest();
    kind::release::<Place>(place)
}

pub(crate) fn give_up(place: jlong) -> Result<()> {
    kind::find::<Place>(place)?.give_up();
    kind::release::<Place>(place)
}
