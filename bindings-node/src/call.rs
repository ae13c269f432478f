//! Call: the promise of a call that one of the engine's threads makes.

use std::ptr;

use landbridge::{Error, ExternType, Instance, Module, Result, Store, Value, text};
use landbridge::{host::Mark, messages};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::error::into_js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, carry, handle};
use crate::js::{get, run};
use crate::pending::Promise;
use crate::sides::Sides;
use crate::target::with_text;
use crate::value::{Floats, lower, many};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("instanceAsync", instance),
    ("instanceRunAsync", program),
    ("callAbort", abort),
];

/// The number of an asynchronous call, which an object carries.
struct Number(u64);

impl Noun for Number {
    const NAME: &'static str = "call";
}

/// Makes a value of an outcome, on the environment's thread.
pub(crate) type Lift<T> = Box<dyn FnOnce(Env, Result<T>) -> Result<Js>>;

/// The promise of the call that `begin` begins. `carrier` is an object that is to carry it, for
/// `callAbort`, or `undefined`; `store` is where the call is, if others can be there.
pub(crate) fn promise(
    env: Env,
    sides: Sides,
    store: Option<&Store>,
    carrier: Js,
    begin: impl FnOnce() -> Result<landbridge::Call>,
) -> Result<Js> {
    // Keeps what guests hold of JavaScript.
    let state = env.reference(sides.base().state(env)?, false)?;
    let lifted: Lift<Vec<Value>> = Box::new(move |env, outcome| {
        let given = outcome.and_then(|values| lift(env, &sides, &values));
        drop(state);
        given.map_err(|error| sides.shown(env, error))
    });
    start(env, carrier, lifted, landbridge::Call::cancel, || {
        let call = begin()?;
        Ok((call, store.map(Store::mark)))
    })
}

/// The same for a module that is loaded.
pub(crate) fn module(
    env: Env,
    carrier: Js,
    begin: impl FnOnce() -> Result<landbridge::Call<Module>>,
) -> Result<Js> {
    let lifted: Lift<Module> = Box::new(|env, outcome| handle(env, outcome?));
    start(env, carrier, lifted, landbridge::Call::abandon, || {
        Ok((begin()?, None))
    })
}

/// The promise of a call, whose outcome `lift` makes a value of.
pub(crate) fn start<T: Clone + Send + 'static>(
    env: Env,
    carrier: Js,
    lift: Lift<T>,
    end: fn(&landbridge::Call<T>),
    begin: impl FnOnce() -> Result<(landbridge::Call<T>, Option<Mark>)>,
) -> Result<Js> {
    let addon = env.addon()?;
    let number = addon.pending.number();
    if env.kind(carrier)? == sys::ValueType::napi_object {
        carry(env, carrier, Number(number))?;
    }
    let (mut deferred, none) = (ptr::null_mut(), ptr::null_mut());
    let promise = get!(env, napi_create_promise(&mut deferred), none)?;
    let (call, mark) = begin()?;
    let ended = call.clone();
    addon.pending.insert(
        number,
        Promise {
            end: Box::new(move || end(&ended)),
            deferred: Some(deferred),
            mark,
            lift: Box::new(lift),
        },
    );
    env.check(addon.inbox.keep_alive(env, true))?;
    let inbox = addon.inbox.clone();
    call.on_done(move |outcome| {
        inbox.post(Box::new(move |env| finish(env, number, outcome)));
    });
    Ok(promise)
}

/// There is an outcome; on the environment's thread.
fn finish<T: 'static>(env: Option<Env>, number: u64, outcome: Result<T>) {
    let Some(env) = env else { return };
    let Ok(addon) = env.addon() else { return };
    let Some((promise, is_last)) = addon.pending.take(number) else {
        return;
    };
    if is_last {
        // With the last one the event loop may end. If this fails the environment ends anyway.
        addon.inbox.keep_alive(env, false);
    }
    drop(promise.mark);
    let (Some(deferred), Ok(lift)) = (promise.deferred, promise.lift.downcast::<Lift<T>>()) else {
        return;
    };
    // What fails here fails because the environment ends.
    let _ = match lift(env, outcome) {
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
        let what = messages::arguments(text::name(name));
        let error = Error::count(&what, types, given.len());
        return Err(with_text(env, error, &given));
    }
    let pairs = given.into_iter().zip(types).enumerate();
    let lowered = pairs.map(|(i, (arg, ty))| {
        let place = || messages::argument(i + 1, text::name(name));
        lower(env, sides.base(), arg, *ty, &place)
    });
    lowered.collect()
}

/// `instanceAsync(instance, name, arguments, carrier or undefined)`
fn instance(call: &CallbackInfo) -> Result<Js> {
    let env = call.env;
    let (instance, side) = call.sided::<Instance>(0)?;
    let (name, sides) = (env.text(call.args[1])?, Sides::One(side.clone()));
    let args = arguments(env, instance.module(), &name, call.args[2], &sides)?;
    let begin = || Instance::call_async(instance, &name, &args);
    promise(env, sides, Some(instance.store()), call.args[3], begin)
}

/// `instanceRunAsync(instance, carrier or undefined)`: of the exit code.
fn program(call: &CallbackInfo) -> Result<Js> {
    let (instance, side) = call.sided::<Instance>(0)?;
    let sides = Sides::One(side.clone());
    let store = Some(instance.store());
    promise(call.env, sides, store, call.args[1], || {
        instance.run_async()
    })
}

/// `callAbort(carrier, reason)`: cancels a call; its promise is rejected now. Does nothing if it is
/// settled.
fn abort(call: &CallbackInfo) -> Result<Js> {
    let (env, number) = (call.env, call.held::<Number>(0)?.0);
    if let Some(deferred) = env.addon()?.pending.abort(number) {
        run!(env, napi_reject_deferred(deferred, call.args[1]))?;
    }
    env.undefined()
}
