//! Exceptions on their way through guests, so that the frames of every guest are kept once.
//!
//! A host function that lets the exception of an inner call pass hands over the same object. The
//! frames of the outer call then come after those of the inner one, unless both ran in one store:
//! the engine's trace of an inner call already goes down to the first call of its store.

use std::cell::{Cell, RefCell};

use jni::sys::{jlong, jobject};
use landbridge::{Error, Exception, Func, Result, Store};

use crate::classes::classes;
use crate::env::Env;
use crate::kind::find;
use crate::method::{Arguments, Method};
use crate::pending::{Thrown, Way};
use crate::refs::Global;

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

/// Calls a dispatcher of what Java lends, for a guest of this store: none where it cannot be entered.
#[inline]
pub(crate) fn call_host<A: Arguments>(
    env: Env,
    method: &Method<A, jlong>,
    args: A,
    store: Option<&Store>,
) -> Result<jlong> {
    let class = classes().native.raw();
    active(|| {
        let given = method.call(env, class, args);
        match env.is_throwing() {
            false => Ok(given),
            true => Err(thrown(env, store)),
        }
    })
}

/// Runs a host function, counting it as active.
#[inline]
fn active<R>(what: impl FnOnce() -> R) -> R {
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
        let func = find::<Func>(func).ok();
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
#[cold]
fn thrown(env: Env, store: Option<&Store>) -> Error {
    let object = match env.take() {
        Ok(object) => object,
        Err(error) => return error,
    };
    let way = way(env, object.raw(), store);
    let said = said(env, object.raw());
    let error = Thrown { object, way }.into_error();
    match (said, error.host_exception()) {
        (Some(said), Some(thrown)) => said.with_host(thrown.clone()),
        _ => error,
    }
}

fn way(env: Env, object: jobject, store: Option<&Store>) -> Way {
    CHAIN.with(|chain| match &*chain.raised.borrow() {
        Some(inner) if inner.depth == chain.depth.get() && env.same(inner.object.raw(), object) => {
            let stores = inner.store.as_ref().zip(store);
            match stores.is_some_and(|(a, b)| a.same(b)) {
                true => Way::SameStore,
                false => Way::OtherStore,
            }
        }
        _ => Way::Fresh,
    })
}

/// What a Throwable says to guests, if it is one of those that do: an exception of WebAssembly, or an
/// exit.
fn said(env: Env, object: jobject) -> Option<Error> {
    let classes = classes();
    if env.is_instance(object, classes.exit.raw()) {
        return Some(Error::exit(env.int_field(object, classes.exit_code)));
    }
    if !env.is_instance(object, classes.tagged.raw()) {
        return None;
    }
    // None for one that came from another process.
    let exception = find::<Exception>(env.long_field(object, classes.tagged_handle)).ok()?;
    Some(Error::from((*exception).clone()))
}
