//! Imports: reading what JavaScript lends, and calling its functions for guests, on whatever thread
//! these run.

use std::ptr;
use std::sync::{Arc, Weak};

use landbridge::{
    Error, ErrorKind, Extern, FuncType, HostContext, HostFunc, Imports, Result, Slot, Type, Value,
    text,
};
use napi_sys as sys;

use crate::callback::Callback;
use crate::env::{Env, Js, get, run};
use crate::error::{from_js, gone};
use crate::guard::{Call, Native};
use crate::handle::{Held, held};
use crate::host::stopping;
use crate::loan::{self, Lent};
use crate::sides::Sides;
use crate::store::Side;
use crate::value::{Floats, PROMISE, is_promise, lift_slot, lower, lower_slot, refusal, ty};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("contextName", context_name),
    ("contextExport", context_export),
    ("markBits", mark_bits),
    ("loanAnswer", answer),
    ("loanFail", fail),
];

/// The host function that runs now.
pub(crate) struct Running {
    context: *const HostContext<'static>,
    func: *const JsFunc,
}

/// A function of JavaScript that guests call.
pub(crate) struct JsFunc {
    callback: Callback,
    floats: Floats,
    /// Of the stores that it is lent to.
    sides: Sides,
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
const BITS: sys::napi_type_tag = sys::napi_type_tag {
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
        take(self.callback.call(env, &running, args)?)
    }

    #[inline(always)]
    fn running(&self, context: &HostContext<'_>) -> Running {
        Running {
            context: ptr::from_ref(context).cast(),
            func: self,
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

/// The answers of a function with no result or several. No result takes `undefined` or anything
/// but a promise, whose outcome would be lost; several take an array.
fn answers(env: Env, context: &HostContext<'_>, results: &[Type], answer: Js) -> Result<Vec<Js>> {
    if results.is_empty() {
        return match is_promise(env, answer) {
            true => Err(refused(context, "nothing", PROMISE)),
            false => Ok(Vec::new()),
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

fn refused(context: &HostContext<'_>, expected: &str, given: &str) -> Error {
    let name = text::name(context.name());
    Error::new(
        ErrorKind::Type,
        format!("results of {name}: expected {expected}, got {given}"),
    )
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
            asked.call(env, &args)
        })
    }
}

/// A call of a function of JavaScript for a guest that waits on another thread.
pub(crate) struct Asked {
    func: Arc<JsFunc>,
    ty: FuncType,
    lent: Arc<Lent>,
}

impl Asked {
    /// Calls it; nothing if it gave a promise.
    fn call(self: &Arc<Asked>, env: Env, args: &[Value]) -> Result<Option<Vec<Value>>> {
        let (func, context) = (&self.func, self.context()?);
        let side = func.sides.of(env, Some(context.store()))?;
        let args = func.lift(env, &side, args)?;
        let loan = Held::Loan(self.clone()).into_js(env)?;
        let running = func.running(&context);
        let answer = func.callback.call_within(env, &running, loan, &args)?;
        if !is_promise(env, answer) {
            return self.lower(env, answer).map(Some);
        }
        self.lent.check_later()?;
        let settle = func.callback.side.addon.hook(env, "settle")?;
        env.call(settle, &[answer, loan]).map(|_| None)
    }

    fn lower(&self, env: Env, answer: Js) -> Result<Vec<Value>> {
        let (func, context) = (&self.func, self.context()?);
        let side = func.sides.of(env, Some(context.store()))?;
        func.lower(env, &side, &context, self.ty.results(), answer)
    }

    fn context(&self) -> Result<HostContext<'_>> {
        self.lent.context().ok_or_else(stopping)
    }
}

/// `loanAnswer(loan, value)`: what the promise of a host function gave.
fn answer(call: &Call) -> Result<Js> {
    let asked = call.loan(0)?;
    asked.lent.give(asked.lower(call.env, call.args[1]));
    call.env.undefined()
}

/// `loanFail(loan, value)`: what it was rejected with.
fn fail(call: &Call) -> Result<Js> {
    let asked = call.loan(0)?;
    let thrown = from_js(call.env, call.args[1]);
    asked.lent.give(thrown.and_then(Err));
    call.env.undefined()
}

/// Reads a flat array of module, name, item, and the type if the item is a value. Where there is no
/// item, it is a name that was given besides, with its module or `undefined`.
pub(crate) fn read(env: Env, sides: &Sides, list: Js) -> Result<Imports> {
    let mut imports = Imports::new();
    for four in env.items(list)?.chunks_exact(4) {
        if env.kind(four[2])? == sys::ValueType::napi_undefined {
            let module = env.kind(four[0])? != sys::ValueType::napi_undefined;
            let module = module.then(|| env.shown(four[0])).transpose()?;
            imports.offer(module.as_deref(), &env.shown(four[1])?);
            continue;
        }
        let (module, name) = (env.text(four[0])?, env.text(four[1])?);
        if env.kind(four[3])? == sys::ValueType::napi_string {
            let place = || format!("{}.{}", text::name(&module), text::name(&name));
            let value = lower(env, sides.base(), four[2], ty(env, four[3])?, &place)?;
            imports.value(&module, &name, value);
        } else if let Some(item) = item(env, four[2]) {
            imports.define(&module, &name, item);
        } else {
            imports.host_func(&module, &name, JsFunc::lend(env, sides, four[2])?);
        }
    }
    Ok(imports)
}

/// Something of a store; `None` for a function of JavaScript.
fn item(env: Env, value: Js) -> Option<Extern> {
    match env.kind(value) {
        Ok(sys::ValueType::napi_function) => crate::func::of(env, value).map(Extern::from),
        _ => held(env, value).and_then(Held::item),
    }
}

/// `markBits(function)`: makes the floats of a function bits, for guests that call it.
fn mark_bits(call: &Call) -> Result<Js> {
    run!(call.env, napi_type_tag_object(call.args[0], &BITS))?;
    Ok(call.args[0])
}

/// Hands the context of the host function that runs now to `what`: of the one that was called last,
/// or else of the one whose promise is being made, which is an argument.
fn running<R>(
    call: &Call,
    loan: usize,
    what: impl FnOnce(&HostContext<'_>, &JsFunc) -> Result<R>,
) -> Result<Option<R>> {
    let addon = call.env.addon()?;
    // SAFETY: `Callback` sets the pointer for the time it calls JavaScript, which is now, and puts
    // the former one back; what it leads to is on the stack below.
    if let Some(running) = unsafe { addon.running.get().as_ref() } {
        // SAFETY: as above.
        return unsafe { what(&*running.context, &*running.func) }.map(Some);
    }
    match call.given(loan)? {
        true => {
            let asked = call.loan(loan)?;
            let context = asked.lent.context();
            context.map(|it| what(&it, &asked.func)).transpose()
        }
        false => Ok(None),
    }
}

/// `contextName(loan or undefined)`: the name of the host function that runs now, or `undefined`.
fn context_name(call: &Call) -> Result<Js> {
    let name = running(call, 0, |context, _| call.env.string(context.name()))?;
    name.map_or_else(|| call.env.undefined(), Ok)
}

/// `contextExport(name, loan or undefined)`: an array as of `instanceExports` and the store's
/// state, or `undefined`.
fn context_export(call: &Call) -> Result<Js> {
    let (env, name) = (call.env, call.env.text(call.args[0])?);
    let found = running(call, 1, |context, func| match context.export(&name) {
        Some(item) => {
            let side = func.sides.of(env, Some(context.store()))?;
            let export = crate::instance::export(env, &side, &name, &item)?;
            env.array([Ok(export), side.state(env)])
        }
        None => env.undefined(),
    })?;
    found.map_or_else(|| env.undefined(), Ok)
}
