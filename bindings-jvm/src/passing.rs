//! Exceptions on their way through guests, so that the frames of every guest are kept once.
//!
//! A host function that lets the exception of an inner call pass hands over the same object. The
//! frames of the outer call then come after those of the inner one, unless both ran in one store:
//! the engine's trace of an inner call already goes down to the first call of its store.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use jni::sys::{jlong, jobject};
use landbridge::{Error, Func, Store, handle};

use crate::env::{Env, Global};
use crate::exception;
use crate::load::classes;

/// A Throwable on its way through a guest.
pub(crate) struct Thrown {
    pub(crate) object: Global,
    pub(crate) way: Way,
}

/// How a Throwable came to be thrown by a host function. `GuestTrace.java` knows the numbers.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// By itself: its frames are those of the call.
    Fresh = 0,
    /// It passes on what came out of a call into the same store: it has all frames.
    SameStore = 1,
    /// It passes on what came out of a call into another store: frames are added.
    OtherStore = 2,
}

/// What came out of an inner call, while host functions were active.
struct Raised {
    object: Global,
    depth: u32,
    store: Option<Store>,
}

#[derive(Default)]
struct Chain {
    /// How many host functions are active on this thread.
    depth: Cell<u32>,
    any: Cell<bool>,
    raised: RefCell<Option<Raised>>,
}

thread_local! {
    static CHAIN: Chain = const {
        Chain { depth: Cell::new(0), any: Cell::new(false), raised: RefCell::new(None) }
    };
}

/// Runs a host function, counting it as active.
#[inline]
pub(crate) fn active<R>(what: impl FnOnce() -> R) -> R {
    CHAIN.with(|chain| {
        let depth = chain.depth.get();
        chain.depth.set(depth + 1);
        let done = what();
        chain.depth.set(depth);
        if depth == 0 && chain.any.replace(false) {
            chain.raised.take();
        }
        done
    })
}

/// Notes what a call is about to throw, if a host function may let it pass.
pub(crate) fn raised(env: Env, thrown: jobject, func: jlong) {
    CHAIN.with(|chain| {
        let depth = chain.depth.get();
        if depth == 0 {
            return;
        }
        let func = handle::get::<Func>(func as u64, "func").ok();
        let store = func.map(|func| func.store().clone());
        let noted = Global::new(env, thrown).ok();
        let noted = noted.map(|object| Raised {
            object,
            depth,
            store,
        });
        chain.any.set(true);
        *chain.raised.borrow_mut() = noted;
    });
}

/// The error for what a host function has thrown, inside of [`active`].
pub(crate) fn thrown(env: Env, object: Global, store: Option<&Store>) -> Error {
    let way = CHAIN.with(|chain| match &*chain.raised.borrow() {
        Some(inner)
            if inner.depth == chain.depth.get() && env.same(inner.object.raw(), object.raw()) =>
        {
            let same = inner
                .store
                .as_ref()
                .zip(store)
                .is_some_and(|(a, b)| a.same(b));
            if same {
                Way::SameStore
            } else {
                Way::OtherStore
            }
        }
        _ => Way::Fresh,
    });
    let said = said(env, object.raw());
    let thrown = Arc::new(Thrown { object, way });
    match said {
        Some(error) => error.with_host(thrown),
        None => Error::host("a host function threw", thrown),
    }
}

/// What a Throwable says to guests, if it is one of those that do: an exception of WebAssembly, or an
/// exit.
fn said(env: Env, object: jobject) -> Option<Error> {
    let classes = classes();
    if env.is_instance(object, classes.exit.raw()) {
        return Some(Error::exit(env.int_field(object, classes.exit_code)));
    }
    exception::of(env, object).map(Error::from)
}
