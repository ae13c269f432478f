//! Host functions: functions of JavaScript that guests call, on whatever thread these run.

use std::ptr;
use std::sync::{Arc, Weak};

use landbridge::{
    Error, FuncType, HostContext, HostFunc, Result, Slot, Type, Value, messages, text,
};
use napi_sys as sys;

use crate::addon::{Hook, Running};
use crate::callback::Callback;
use crate::env::{Env, Js};
use crate::handle::{Noun, handle};
use crate::js::{get, gone, stopping};
use crate::loan::{self, HostLoan};
use crate::object::recognised;
use crate::side::Side;
use crate::sides::Sides;
use crate::slot::{PROMISE, is_promise, lift_slot, lower_slot, refusal};
use crate::value::Floats;

/// A function of JavaScript that guests call.
pub(crate) struct JsFunc {
    callback: Callback,
    floats: Floats,
    /// Of the stores that it is lent to.
    pub(crate) sides: Sides,
    /// For calls that outlive the guest's wait for them.
    own: Weak<JsFunc>,
}

/// The most arguments of a host call that need no room on the heap.
const FEW: usize = 8;

/// One without a raw call: with floats as bits that would look at each float twice, and on another
/// thread the slots are not there.
struct Slowly<'a>(&'a JsFunc);

/// The same, lent.
struct BitsFunc(Arc<JsFunc>);

/// Marks the functions whose floats are bits.
pub(crate) const BITS: sys::napi_type_tag = sys::napi_type_tag {
    lower: 0x6c61_6e64_6272_6964,
    upper: 0x6765_2062_6974_7300,
};

impl JsFunc {
    /// The host function for a function of JavaScript.
    pub(crate) fn lend(env: Env, sides: &Sides, func: Js) -> Result<Arc<dyn HostFunc>> {
        let is_bits = get!(env, napi_check_object_type_tag(func, &BITS), false)?;
        let callback = Callback::new(env, sides.base(), func)?;
        let lent = Arc::new_cyclic(|own| JsFunc {
            callback,
            floats: match is_bits {
                true => Floats::Bits,
                false => Floats::Numbers,
            },
            sides: sides.clone(),
            own: own.clone(),
        });
        Ok(match is_bits {
            true => Arc::new(BitsFunc(lent)),
            false => lent,
        })
    }

    /// Calls the function and hands its answer to `take`.
    #[inline(always)]
    fn run<R>(
        &self,
        env: Env,
        context: &HostContext<'_>,
        args: &[Js],
        take: impl FnOnce(Js) -> Result<R>,
    ) -> Result<R> {
        let running = self.running(context);
        let taken = self.callback.call(env, &running, args).and_then(take);
        taken.map_err(|error| recognised(env, error))
    }

    #[inline(always)]
    fn running(&self, context: &HostContext<'_>) -> Running {
        Running {
            context: ptr::from_ref(context).cast(),
            sides: ptr::from_ref(&self.sides).cast(),
        }
    }
}

impl HostFunc for Slowly<'_> {
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        self.0.call(context, ty, args)
    }
}

impl HostFunc for BitsFunc {
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        self.0.call(context, ty, args)
    }
}

impl HostFunc for JsFunc {
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        match self.callback.side.env() {
            Some(env) => self.call_here(env, context, ty, args),
            None => self.call_there(context, ty, args),
        }
    }

    #[inline]
    fn call_raw(&self, context: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        let Some(env) = self.callback.side.env() else {
            return Slowly(self).call_raw(context, ty, slots);
        };
        env.scoped(|| {
            let mut room = [ptr::null_mut(); FEW];
            let mut heap = Vec::new();
            let args = match ty.params().len() {
                few @ 0..=FEW => &mut room[..few],
                many => {
                    heap.resize(many, ptr::null_mut());
                    &mut heap[..]
                }
            };
            for (i, ty) in ty.params().iter().enumerate() {
                args[i] = lift_slot(env, &slots[i], *ty)?;
            }
            self.run(env, context, args, |answer| {
                take_slots(env, context, ty.results(), answer, slots)
            })
        })
    }
}

/// Takes the answer of a function of plain types.
#[inline(always)]
fn take_slots(
    env: Env,
    context: &HostContext<'_>,
    results: &[Type],
    answer: Js,
    slots: &mut [Slot],
) -> Result<()> {
    if let [ty] = results {
        return take_slot(env, context, 0, *ty, answer, &mut slots[0]);
    }
    let answers = answers(env, context, results, answer)?;
    for (i, (answer, ty)) in answers.into_iter().zip(results).enumerate() {
        take_slot(env, context, i, *ty, answer, &mut slots[i])?;
    }
    Ok(())
}

#[inline(always)]
fn take_slot(
    env: Env,
    context: &HostContext<'_>,
    index: usize,
    ty: Type,
    answer: Js,
    slot: &mut Slot,
) -> Result<()> {
    match lower_slot(env, answer, ty, slot) {
        Some(()) => Ok(()),
        None => Err(refusal(env, answer, ty, &context.result_place(index))),
    }
}

/// The answers of a function with no result or several. No result takes `undefined`; several take
/// an array.
fn answers(env: Env, context: &HostContext<'_>, results: &[Type], answer: Js) -> Result<Vec<Js>> {
    if results.is_empty() {
        return match env.kind(answer)? {
            sys::ValueType::napi_undefined => Ok(Vec::new()),
            _ => Err(surplus(env, context, answer)),
        };
    }
    let mut is_array = false;
    // SAFETY: the environment runs on this thread, the value is of the open scope.
    let status = unsafe { sys::napi_is_array(env.raw(), answer, &mut is_array) };
    if status != sys::Status::napi_ok || !is_array {
        return Err(refused(context, "an array", env.describe(answer)));
    }
    // The count is checked before the elements are read: it may be large.
    context.check_count(results, env.array_length(answer)? as usize)?;
    env.items(answer)
}

/// The error for an answer where nothing is expected.
#[cold]
fn surplus(env: Env, context: &HostContext<'_>, answer: Js) -> Error {
    match is_promise(env, answer) {
        true => refused(context, "nothing", PROMISE),
        false => Error::count(&messages::results(text::name(context.name())), &[], 1),
    }
}

fn refused(context: &HostContext<'_>, expected: &str, given: &str) -> Error {
    let place = messages::results(text::name(context.name()));
    messages::not_a(place, expected, given)
}

impl JsFunc {
    fn call_here(
        &self,
        env: Env,
        context: &HostContext<'_>,
        ty: &FuncType,
        args: &[Value],
    ) -> Result<Vec<Value>> {
        env.scoped(|| {
            let side = self.sides.of(env, Some(context.store()))?;
            let args = self.lift(env, &side, args)?;
            self.run(env, context, &args, |answer| {
                self.lower(env, &side, context, ty.results(), answer)
            })
        })
    }

    fn lift(&self, env: Env, side: &Arc<Side>, args: &[Value]) -> Result<Vec<Js>> {
        let lifted = args.iter().map(|arg| self.floats.lift(env, side, arg));
        lifted.collect()
    }

    fn lower(
        &self,
        env: Env,
        side: &Arc<Side>,
        context: &HostContext<'_>,
        results: &[Type],
        answer: Js,
    ) -> Result<Vec<Value>> {
        let answers = match results {
            [_] => vec![answer],
            _ => answers(env, context, results, answer)?,
        };
        let pairs = answers.into_iter().zip(results).enumerate();
        pairs
            .map(|(i, (answer, ty))| {
                let place = || context.result_place(i);
                self.floats.lower(env, side, answer, *ty, &place)
            })
            .collect()
    }

    /// On a thread of the engine's: has the environment's call the function, and waits.
    #[cold]
    fn call_there(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        args: &[Value],
    ) -> Result<Vec<Value>> {
        let func = self.own.upgrade().ok_or_else(gone)?;
        let (ty, args) = (ty.clone(), args.to_vec());
        loan::ask(self.callback.side.inbox(), context, move |env, lent| {
            let lent = lent.clone();
            let asked = Arc::new(Asked { func, ty, lent });
            let answered = asked.call(env, &args);
            answered.map_err(|error| recognised(env, error))
        })
    }
}

/// A call of a function of JavaScript for a guest that waits on another thread.
pub(crate) struct Asked {
    pub(crate) func: Arc<JsFunc>,
    ty: FuncType,
    pub(crate) lent: Arc<HostLoan>,
}

impl Noun for Arc<Asked> {
    const NAME: &'static str = "loan";
}

impl Asked {
    /// Calls it; nothing if it gave a promise.
    fn call(self: &Arc<Asked>, env: Env, args: &[Value]) -> Result<Option<Vec<Value>>> {
        let (func, context) = (&self.func, self.context()?);
        let side = func.sides.of(env, Some(context.store()))?;
        let args = func.lift(env, &side, args)?;
        let loan = handle(env, self.clone())?;
        let running = func.running(&context);
        let answer = func.callback.call_within(env, &running, loan, &args)?;
        if !is_promise(env, answer) {
            return self.lower(env, answer).map(Some);
        }
        self.lent.check_later()?;
        let settle = func.callback.side.addon.hook(env, Hook::Settle)?;
        env.call(settle, &[answer, loan]).map(|_| None)
    }

    pub(crate) fn lower(&self, env: Env, answer: Js) -> Result<Vec<Value>> {
        let (func, context) = (&self.func, self.context()?);
        let side = func.sides.of(env, Some(context.store()))?;
        func.lower(env, &side, &context, self.ty.results(), answer)
    }

    fn context(&self) -> Result<HostContext<'_>> {
        self.lent.context().ok_or_else(stopping)
    }
}
