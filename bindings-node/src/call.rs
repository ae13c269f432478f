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

/// A call that has no outcome yet.
struct Flying {
    call: landbridge::Call,
    /// Settles the promise; none if it is settled already.
    deferred: Option<sys::napi_deferred>,
    sides: Sides,
    /// Has calls that this thread makes meanwhile refused, whether it runs yet or still.
    mark: Option<Mark>,
    /// Keeps what guests hold of JavaScript.
    _state: Reference,
}

impl Calls {
    /// The environment is about to end.
    pub(crate) fn end(&self) {
        for flying in self.flying.take().into_values() {
            flying.call.cancel();
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
    let addon = env.addon()?;
    let state = env.reference(sides.base().state(env)?, false)?;
    let id = addon.calls.next.get();
    addon.calls.next.set(id + 1);
    if env.kind(carrier)? == sys::ValueType::napi_object {
        Held::Call(id).carried_by(env, carrier)?;
    }
    let (mut deferred, none) = (ptr::null_mut(), ptr::null_mut());
    let promise = get!(env, napi_create_promise(&mut deferred), none)?;
    let call = begin()?;
    let flying = Flying {
        call: call.clone(),
        deferred: Some(deferred),
        sides,
        mark: store.map(Store::mark),
        _state: state,
    };
    addon.calls.flying.borrow_mut().insert(id, flying);
    addon.inbox.keep_alive(env, true)?;
    let inbox = addon.inbox.clone();
    call.on_done(move |outcome| inbox.post(Box::new(move |env| finish(env, id, outcome))));
    Ok(promise)
}

/// A call is done; on the environment's thread.
fn finish(env: Option<Env>, id: u64, outcome: Result<Vec<Value>>) {
    let Some(env) = env else { return };
    let landed = env.addon().ok().and_then(|it| it.calls.land(env, id));
    let Some(mut flying) = landed else { return };
    drop(flying.mark.take());
    let Some(deferred) = flying.deferred else {
        return;
    };
    let given = outcome.and_then(|values| lift(env, &flying.sides, &values));
    let given = given.map_err(|error| flying.sides.shown(env, error));
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
        return Err(Error::count(&what, types, given.len()));
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
    let found = flying.and_then(|it| Some((it.deferred.take()?, it.call.clone())));
    let Some((deferred, flight)) = found else {
        return env.undefined();
    };
    flight.cancel();
    run!(env, napi_reject_deferred(deferred, call.args[1]))?;
    env.undefined()
}
