//! Call: the promise of a call that one of the engine's threads makes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr;

use landbridge::host::Mark;
use landbridge::{Error, ExternType, Instance, Module, Result, Store, Value, text};
use napi_sys as sys;

use crate::env::{Env, Js, Reference, get, run};
use crate::error::into_js;
use crate::func::many;
use crate::guard::{Call, Native};
use crate::handle::Held;
use crate::sides::Sides;
use crate::value::{Floats, lower};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("instanceAsync", instance),
    ("instanceRunAsync", program),
    ("callAbort", abort),
];

/// The asynchronous calls of an environment, by number.
#[derive(Default)]
pub(crate) struct Calls {
    next: Cell<u64>,
    flying: RefCell<HashMap<u64, Flying>>,
}

/// A call, or a module that is loaded, that has no outcome yet.
struct Flying {
    /// Ends it.
    end: Box<dyn Fn()>,
    /// Settles the promise; none if it is settled already.
    deferred: Option<sys::napi_deferred>,
    /// None of a module.
    sides: Option<Sides>,
    /// Has calls that this thread makes meanwhile refused, whether it runs yet or still.
    mark: Option<Mark>,
    /// Keeps what guests hold of JavaScript.
    _state: Option<Reference>,
}

/// What came of it.
enum Outcome {
    Call(Result<Vec<Value>>),
    Module(Result<Module>),
}

impl Calls {
    /// The environment is about to end.
    pub(crate) fn end(&self) {
        for flying in self.flying.take().into_values() {
            (flying.end)();
        }
    }

    /// Takes a call off. With the last one the event loop may end.
    fn land(&self, env: Env, id: u64) -> Option<Flying> {
        let landed = self.flying.borrow_mut().remove(&id)?;
        if self.flying.borrow().is_empty() {
            // If this fails the environment ends anyway.
            let _ = env.addon().and_then(|it| it.inbox.keep_alive(env, false));
        }
        Some(landed)
    }
}

/// The promise of the call that `begin` begins. `carrier` is an object that is to carry it, for
/// `callAbort`, or `undefined`; `store` is where the call is, if others can be there.
pub(crate) fn promise(
    env: Env,
    sides: Sides,
    store: Option<&Store>,
    carrier: Js,
    begin: impl FnOnce() -> Result<landbridge::Call>,
) -> Result<Js> {
    let state = env.reference(sides.base().state(env)?, false)?;
    let mut flying = Flying {
        end: Box::new(|| ()),
        deferred: None,
        sides: Some(sides),
        mark: None,
        _state: Some(state),
    };
    let (id, promise) = deferred(env, &mut flying, carrier)?;
    let call = begin()?;
    flying.mark = store.map(Store::mark);
    let end = call.clone();
    flying.end = Box::new(move || end.cancel());
    let land = take_off(env, id, flying)?;
    call.on_done(move |outcome| land(Outcome::Call(outcome)));
    Ok(promise)
}

/// The same for a module that is loaded.
pub(crate) fn module(
    env: Env,
    carrier: Js,
    begin: impl FnOnce() -> Result<landbridge::Call<Module>>,
) -> Result<Js> {
    let mut flying = Flying {
        end: Box::new(|| ()),
        deferred: None,
        sides: None,
        mark: None,
        _state: None,
    };
    let (id, promise) = deferred(env, &mut flying, carrier)?;
    let load = begin()?;
    let end = load.clone();
    flying.end = Box::new(move || end.abandon());
    let land = take_off(env, id, flying)?;
    load.on_done(move |outcome| land(Outcome::Module(outcome)));
    Ok(promise)
}

/// A number and a promise for what is about to begin.
fn deferred(env: Env, flying: &mut Flying, carrier: Js) -> Result<(u64, Js)> {
    let addon = env.addon()?;
    let id = addon.calls.next.get();
    addon.calls.next.set(id + 1);
    if env.kind(carrier)? == sys::ValueType::napi_object {
        Held::Call(id).carried_by(env, carrier)?;
    }
    let (mut deferred, none) = (ptr::null_mut(), ptr::null_mut());
    let promise = get!(env, napi_create_promise(&mut deferred), none)?;
    flying.deferred = Some(deferred);
    Ok((id, promise))
}

/// Notes what has begun, and gives what is to be run with the outcome, on any thread.
fn take_off(env: Env, id: u64, flying: Flying) -> Result<impl FnOnce(Outcome) + Send + 'static> {
    let addon = env.addon()?;
    addon.calls.flying.borrow_mut().insert(id, flying);
    addon.inbox.keep_alive(env, true)?;
    let inbox = addon.inbox.clone();
    Ok(move |outcome| inbox.post(Box::new(move |env| finish(env, id, outcome))))
}

/// There is an outcome; on the environment's thread.
fn finish(env: Option<Env>, id: u64, outcome: Outcome) {
    let Some(env) = env else { return };
    let landed = env.addon().ok().and_then(|it| it.calls.land(env, id));
    let Some(mut flying) = landed else { return };
    drop(flying.mark.take());
    let Some(deferred) = flying.deferred else {
        return;
    };
    let given = match (outcome, &flying.sides) {
        (Outcome::Call(outcome), Some(sides)) => outcome
            .and_then(|values| lift(env, sides, &values))
            .map_err(|error| sides.shown(env, error)),
        (Outcome::Module(outcome), _) => {
            outcome.and_then(|module| Held::Module(module).into_js(env))
        }
        (Outcome::Call(_), None) => unreachable!("a call has a store or a pool"),
    };
    // What fails here fails because the environment ends.
    let _ = match given {
        Ok(value) => run!(env, napi_resolve_deferred(deferred, value)),
        Err(error) => {
            into_js(env, &error).and_then(|error| run!(env, napi_reject_deferred(deferred, error)))
        }
    };
}

/// What a call gave.
pub(crate) fn lift(env: Env, sides: &Sides, values: &[Value]) -> Result<Js> {
    let side = sides.of_values(env, values)?;
    let given = many(env, Floats::Numbers, &side, values)?;
    side.sweep(env)?;
    Ok(given)
}

/// Reads the arguments of an exported function. Of one that is not there none are read: the core
/// says so.
pub(crate) fn arguments(
    env: Env,
    module: &Module,
    name: &str,
    given: Js,
    sides: &Sides,
) -> Result<Vec<Value>> {
    let mut exports = module.exports().iter();
    let Some((_, ExternType::Func(ty))) = exports.find(|(it, _)| it == name) else {
        return Ok(Vec::new());
    };
    let (types, given) = (ty.params(), env.items(given)?);
    if types.len() != given.len() {
        let what = format!("arguments of {}", text::name(name));
        let error = Error::count(&what, types, given.len());
        return Err(crate::func::with_text(env, error, &given));
    }
    let pairs = given.into_iter().zip(types).enumerate();
    let lowered = pairs.map(|(i, (arg, ty))| {
        let place = || format!("argument {} of {}", i + 1, text::name(name));
        lower(env, sides.base(), arg, *ty, &place)
    });
    lowered.collect()
}

/// `instanceAsync(instance, name, arguments, carrier or undefined)`
fn instance(call: &Call) -> Result<Js> {
    let env = call.env;
    let (instance, side) = call.instance(0)?;
    let (name, sides) = (env.text(call.args[1])?, Sides::One(side.clone()));
    let args = arguments(env, instance.module(), &name, call.args[2], &sides)?;
    let begin = || Instance::call_async(instance, &name, &args);
    promise(env, sides, Some(instance.store()), call.args[3], begin)
}

/// `instanceRunAsync(instance, carrier or undefined)`: of the exit code.
fn program(call: &Call) -> Result<Js> {
    let (instance, side) = call.instance(0)?;
    let sides = Sides::One(side.clone());
    let store = Some(instance.store());
    promise(call.env, sides, store, call.args[1], || {
        instance.run_async()
    })
}

/// `callAbort(carrier, reason)`: cancels a call; its promise is rejected now. Does nothing if it is
/// settled.
fn abort(call: &Call) -> Result<Js> {
    let (env, id) = (call.env, *call.call(0)?);
    let addon = env.addon()?;
    let mut flying = addon.calls.flying.borrow_mut();
    let flying = flying.get_mut(&id);
    let found = flying.and_then(|it| {
        let deferred = it.deferred.take()?;
        (it.end)();
        Some(deferred)
    });
    let Some(deferred) = found else {
        return env.undefined();
    };
    run!(env, napi_reject_deferred(deferred, call.args[1]))?;
    env.undefined()
}
