//! Host functions: functions of JavaScript that components call, on whatever thread these run.

use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use landbridge::frame::Reader;
use landbridge::host::wit::Crossed;
use landbridge::{
    Error, ErrorKind, HostContext, Imports, Instance, Result, Value, WitContext, WitFrame,
    WitFuncType, WitHost, messages, text,
};
use napi_sys as sys;

use super::crossed::{blobs_to_js, copied, is_later, objects_to_js};
use super::plain;
use crate::addon::{Hook, Running};
use crate::callback::Callback;
use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle, held};
use crate::js::{Thrown, get, gone, stopping};
use crate::lanes::Used;
use crate::loan::{self, HostLoan};
use crate::object::recognised;
use crate::side::Side;
use crate::sides::Sides;
use crate::slot::{PROMISE, is_promise};

pub(crate) const TABLE: &[(&str, Native)] = &[("witAnswer", answer), ("witFail", fail)];

/// A function of JavaScript that reads its arguments from a lane and writes its result there: see `lib/wit/host.js`.
pub(crate) struct JsFunc {
    callback: Callback,
    direct: Option<Direct>,
    sides: Sides,
    /// For calls that outlive the guest's wait for them.
    own: Weak<JsFunc>,
}

/// How a function of plain types is called without a lane.
struct Direct {
    /// The program's own function.
    func: Callback,
    /// A function of JavaScript that takes what it gave, if that is not plain.
    finish: Callback,
    /// Whether all types that it was lent with are plain.
    is_plain: AtomicBool,
}

/// Lends what JavaScript lends to a component: an array of objects with the full name of an `interface` and the `name` of a
/// function of it that is `func`, or of a resource if there is none; or with an `instance` that exports the interface.
pub(crate) fn lend(env: Env, sides: &Sides, imports: &mut Imports, items: Js) -> Result<()> {
    for item in env.items(items)? {
        let interface = env.text(env.field(item, c"interface")?)?;
        let instance = env.field(item, c"instance")?;
        if let Some((instance, _)) = held::<(Instance, Arc<Side>)>(env, instance) {
            imports.instance(&interface, instance)?;
            continue;
        }
        let name = env.text(env.field(item, c"name")?)?;
        let func = env.field(item, c"func")?;
        match env.kind(func)? {
            sys::ValueType::napi_function => {
                let callback = Callback::new(env, sides.base(), func)?;
                let direct = direct(env, sides, item)?;
                let lent = Arc::new_cyclic(|own| JsFunc {
                    callback,
                    direct,
                    sides: sides.clone(),
                    own: own.clone(),
                });
                imports.wit(&interface, &name, lent);
            }
            _ => drop(imports.wit_resource(&interface, &name)),
        }
    }
    Ok(())
}

/// The program's own function of an item, which is `direct`, and what `finish`es its calls.
fn direct(env: Env, sides: &Sides, item: Js) -> Result<Option<Direct>> {
    let direct = env.field(item, c"direct")?;
    if env.kind(direct)? != sys::ValueType::napi_function {
        return Ok(None);
    }
    Ok(Some(Direct {
        func: Callback::new(env, sides.base(), direct)?,
        finish: Callback::new(env, sides.base(), env.field(item, c"finish")?)?,
        is_plain: AtomicBool::new(true),
    }))
}

impl WitHost for JsFunc {
    fn check(&self, _: &str, ty: &WitFuncType) -> Result<()> {
        if let Some(direct) = &self.direct {
            direct
                .is_plain
                .fetch_and(plain::is_plain(ty), Ordering::Relaxed);
        }
        Ok(())
    }

    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        if let (Some(direct), Some(env)) = (&self.direct, self.callback.side.env())
            && direct.is_plain.load(Ordering::Relaxed)
            && let Some(result) = env.scoped(|| self.call_plain(env, direct, context, ty, args))?
        {
            return Ok(result);
        }
        let objects = context.take_objects(ty, args)?;
        let frame = std::mem::take(args);
        let given = Crossed { frame, objects };
        let mut answer = match self.callback.side.env() {
            Some(env) => env.scoped(|| self.call_here(env, context, given))?,
            None => self.call_there(context, given)?,
        };
        context.give_objects(ty, &mut answer.frame, &answer.objects)?;
        Ok(answer.frame)
    }
}

impl JsFunc {
    /// Calls the program's own function; nothing if an argument is not plain: then it was not called.
    fn call_plain(
        &self,
        env: Env,
        direct: &Direct,
        context: &HostContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<Option<WitFrame>> {
        let mut values = [ptr::null_mut(); plain::MOST];
        let mut frame = Reader::values(&args.bytes);
        for (value, param) in values.iter_mut().zip(&ty.params) {
            match plain::lift(env, &param.ty, &mut frame, &args.blobs)? {
                Some(given) => *value = given,
                None => return Ok(None),
            }
        }
        let running = self.running(context);
        let answer = direct.func.call(env, &running, &values[..ty.params.len()]);
        let answer = answer.map_err(|error| recognised(env, named(env, error)))?;
        let mut bytes = std::mem::take(&mut args.bytes);
        bytes.clear();
        let is_plain = match &ty.result {
            Some(ty) => plain::lower(env, ty, answer, &mut bytes).is_some(),
            None => env.is_undefined(answer)?,
        };
        match is_plain {
            true => Ok(Some(WitFrame {
                bytes,
                blobs: Vec::new(),
            })),
            false => self.finish(env, direct, context, answer).map(Some),
        }
    }

    /// Has JavaScript take what the program's own function gave.
    #[cold]
    fn finish(
        &self,
        env: Env,
        direct: &Direct,
        context: &HostContext<'_>,
        answer: Js,
    ) -> Result<WitFrame> {
        let none = Crossed::default();
        let finished = self.call_by(env, context, none, |running, args| {
            let args: Vec<_> = [answer].iter().chain(args).copied().collect();
            direct.finish.call(env, running, &args)
        });
        finished.map(|it| it.frame)
    }

    fn call_here(&self, env: Env, context: &HostContext<'_>, args: Crossed) -> Result<Crossed> {
        self.call_by(env, context, args, |running, args| {
            self.callback.call(env, running, args)
        })
    }

    #[inline]
    fn call_by(
        &self,
        env: Env,
        context: &HostContext<'_>,
        args: Crossed,
        call: impl FnOnce(&Running, &[Js]) -> Result<Js>,
    ) -> Result<Crossed> {
        let of_pool;
        let side = match &self.sides {
            Sides::One(side) => side,
            Sides::Pool(_) => {
                of_pool = self.sides.of(env, Some(context.store()))?;
                &of_pool
            }
        };
        let running = self.running(context);
        let called = self.in_lane(env, side, args, |args| call(&running, args));
        let called = called.map_err(|error| recognised(env, named(env, error)));
        match called? {
            Answer::Now(answer) => Ok(answer),
            Answer::Later(_) => Err(refused(context)),
        }
    }

    fn running(&self, context: &HostContext<'_>) -> Running {
        Running {
            context: ptr::from_ref(context).cast(),
            sides: ptr::from_ref(&self.sides).cast(),
        }
    }

    /// Has JavaScript read the arguments from the next lane, and takes what it wrote there.
    fn in_lane(
        &self,
        env: Env,
        side: &Arc<Side>,
        args: Crossed,
        call: impl FnOnce(&[Js]) -> Result<Js>,
    ) -> Result<Answer> {
        let lanes = &side.addon.lanes;
        let lane = lanes.enter()?;
        let answered = ask(env, side, &self.sides, lane, args, call);
        lanes.leave(lane);
        answered
    }

    /// On a thread of the engine's: has the environment's call the function, and waits.
    #[cold]
    fn call_there(&self, context: &HostContext<'_>, args: Crossed) -> Result<Crossed> {
        let func = self.own.upgrade().ok_or_else(gone)?;
        let answer = Arc::new(Mutex::new(None));
        let theirs = answer.clone();
        loan::ask(self.callback.side.inbox(), context, move |env, lent| {
            let asked = Arc::new(Asked {
                func,
                lent: lent.clone(),
                answer: theirs,
            });
            let answered = asked.call(env, args);
            answered.map_err(|error| recognised(env, named(env, error)))
        })?;
        let answer = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        answer.ok_or_else(gone)
    }
}

/// Says of an error what its message says: it ends the components of its store, which tell it from then on.
#[cold]
fn named(env: Env, error: Error) -> Error {
    let host = error.host_exception().cloned();
    let value = Thrown::of(&error).and_then(|it| it.value(env).ok());
    let (Some(host), Some(value)) = (host, value) else {
        return error;
    };
    let is_error = get!(env, napi_is_error(value), false).unwrap_or(false);
    let is_host = error.kind() == ErrorKind::Host;
    match (is_error && is_host).then(|| env.field(value, c"message").and_then(|it| env.shown(it))) {
        Some(Ok(message)) => Error::host(&message, host),
        _ => error,
    }
}

/// What JavaScript answered.
enum Answer {
    Now(Crossed),
    /// A promise.
    Later(Js),
}

fn ask(
    env: Env,
    side: &Arc<Side>,
    sides: &Sides,
    lane: i32,
    args: Crossed,
    call: impl FnOnce(&[Js]) -> Result<Js>,
) -> Result<Answer> {
    let WitFrame { mut bytes, blobs } = args.frame;
    let lanes = &side.addon.lanes;
    let fits = lanes.put(lane, &bytes);
    let is_plain = fits && blobs.is_empty() && args.objects.is_empty();
    let answer = match sides {
        Sides::One(_) if is_plain => call(&[])?,
        _ => {
            let none = env.undefined()?;
            let room = match fits {
                true => none,
                false => env.bytes(&bytes)?,
            };
            let found = match blobs.is_empty() {
                true => none,
                false => blobs_to_js(env, &blobs)?,
            };
            let given = match args.objects.is_empty() {
                true => none,
                false => objects_to_js(env, &args.objects)?,
            };
            drop(args.objects);
            let state = match sides {
                Sides::One(_) => none,
                Sides::Pool(_) => side.state(env)?,
            };
            call(&[room, found, given, state])?
        }
    };
    let used = Used {
        lane,
        ..lanes.used()?
    };
    if is_later(used) {
        return Ok(Answer::Later(answer));
    }
    bytes.clear();
    copied(env, side, used, bytes).map(Answer::Now)
}

#[cold]
fn refused(context: &HostContext<'_>) -> Error {
    let place = messages::results(text::name(context.name()));
    messages::not_a(place, "a value", PROMISE)
}

/// A call of a function of JavaScript for a component that waits on another thread.
pub(crate) struct Asked {
    func: Arc<JsFunc>,
    pub(crate) lent: Arc<HostLoan>,
    answer: Arc<Mutex<Option<Crossed>>>,
}

impl Noun for Arc<Asked> {
    const NAME: &'static str = "loan";
}

impl Asked {
    /// The sides of the function.
    pub(crate) fn sides(&self) -> &Sides {
        &self.func.sides
    }

    /// Calls it; nothing if it gave a promise.
    fn call(self: &Arc<Asked>, env: Env, args: Crossed) -> Result<Option<Vec<Value>>> {
        let (func, context) = (&self.func, self.lent.context().ok_or_else(stopping)?);
        let side = func.sides.of(env, Some(context.store()))?;
        let loan = handle(env, self.clone())?;
        let running = func.running(&context);
        let answer = func.in_lane(env, &side, args, |args| {
            func.callback.call_within(env, &running, loan, args)
        })?;
        match answer {
            Answer::Now(answer) => {
                self.keep(answer);
                Ok(Some(Vec::new()))
            }
            Answer::Later(promise) if is_promise(env, promise) => {
                self.lent.check_later()?;
                let settle = side.addon.hook(env, Hook::WitSettle)?;
                env.call(settle, &[promise, loan]).map(|_| None)
            }
            Answer::Later(_) => Err(Error::new(ErrorKind::Internal, "expected a length")),
        }
    }

    fn keep(&self, answer: Crossed) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    fn take(&self, env: Env) -> Result<()> {
        let context = self.lent.context().ok_or_else(stopping)?;
        let side = self.func.sides.of(env, Some(context.store()))?;
        let used = side.addon.lanes.used()?;
        self.keep(copied(env, &side, used, Vec::new())?);
        Ok(())
    }
}

/// `witAnswer(loan)`: what the promise of a host function gave was written into the lane that was taken last.
fn answer(call: &CallbackInfo) -> Result<Js> {
    let asked = call.held::<Arc<Asked>>(0)?;
    let taken = asked.take(call.env);
    asked.lent.give(taken.map(|()| Vec::new()));
    call.env.undefined()
}

/// `witFail(loan, value)`: what it was rejected with.
fn fail(call: &CallbackInfo) -> Result<Js> {
    let asked = call.held::<Arc<Asked>>(0)?;
    let thrown = Thrown::new(call.env, call.args[1]);
    let error = thrown.map_or_else(|failed| failed, Thrown::into_error);
    asked
        .lent
        .give(Err(recognised(call.env, named(call.env, error))));
    call.env.undefined()
}
