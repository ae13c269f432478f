//! Imports: reading what JavaScript lends, and calling its functions for guests.

use std::ptr;
use std::sync::Arc;

use landbridge::{
    Error, ErrorKind, Extern, FuncType, HostContext, HostFunc, Imports, Result, Slot, Type, Value,
};
use napi_sys as sys;

use crate::callback::Callback;
use crate::env::{Env, Js, get, run};
use crate::guard::{Call, Native};
use crate::handle::{Held, held};
use crate::store::Side;
use crate::value::{Floats, is_promise, lift_slot, lower, lower_slot, refusal, ty};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("contextName", context_name),
    ("contextExport", context_export),
    ("markBits", mark_bits),
];

/// The host function that runs now.
pub(crate) struct Running {
    context: *const HostContext<'static>,
    side: *const Arc<Side>,
}

/// A function of JavaScript that guests call.
pub(crate) struct JsFunc(Callback);

/// The most arguments of a host call that need no room on the heap.
const FEW: usize = 8;

/// One whose floats are bits. It has no raw call: that would look at each float twice.
struct BitsFunc(JsFunc);

/// Marks the functions whose floats are bits.
const BITS: sys::napi_type_tag = sys::napi_type_tag {
    lower: 0x6c61_6e64_6272_6964,
    upper: 0x6765_2062_6974_7300,
};

impl JsFunc {
    /// The host function for a function of JavaScript.
    pub(crate) fn lend(env: Env, side: &Arc<Side>, func: Js) -> Result<Arc<dyn HostFunc>> {
        let is_bits = get!(env, napi_check_object_type_tag(func, &BITS), false)?;
        let func = JsFunc(Callback::new(env, side, func)?);
        Ok(match is_bits {
            true => Arc::new(BitsFunc(func)),
            false => Arc::new(func),
        })
    }

    /// Calls the function and hands its answer to `take`.
    #[inline(always)]
    fn run<R>(
        &self,
        context: &HostContext<'_>,
        args: &[Js],
        take: impl FnOnce(Js) -> Result<R>,
    ) -> Result<R> {
        let running = Running {
            context: ptr::from_ref(context).cast(),
            side: &self.0.side,
        };
        take(self.0.call(&running, args)?)
    }
}

impl HostFunc for BitsFunc {
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        self.0.call_values(Floats::Bits, context, ty, args)
    }
}

impl HostFunc for JsFunc {
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        self.call_values(Floats::Numbers, context, ty, args)
    }

    #[inline]
    fn call_raw(&self, context: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        let env = self.0.side.env();
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
            self.run(context, args, |answer| {
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
            true => Err(refused(
                context,
                "nothing",
                "a Promise (host functions must answer at once)",
            )),
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
    let name = context.name();
    Error::new(
        ErrorKind::Type,
        format!("results of {name}: expected {expected}, got {given}"),
    )
}

impl JsFunc {
    fn call_values(
        &self,
        floats: Floats,
        context: &HostContext<'_>,
        ty: &FuncType,
        args: &[Value],
    ) -> Result<Vec<Value>> {
        let env = self.0.side.env();
        env.scoped(|| {
            let args = args.iter().map(|arg| floats.lift(env, &self.0.side, arg));
            let args = args.collect::<Result<Vec<_>>>()?;
            self.run(context, &args, |answer| {
                self.take_values(floats, context, ty.results(), answer)
            })
        })
    }

    fn take_values(
        &self,
        floats: Floats,
        context: &HostContext<'_>,
        results: &[Type],
        answer: Js,
    ) -> Result<Vec<Value>> {
        let env = self.0.side.env();
        let answers = match results {
            [_] => vec![answer],
            _ => answers(env, context, results, answer)?,
        };
        let pairs = answers.into_iter().zip(results).enumerate();
        pairs
            .map(|(i, (answer, ty))| {
                let place = || context.result_place(i);
                floats.lower(env, &self.0.side, answer, *ty, &place)
            })
            .collect()
    }
}

/// Reads a flat array of module, name, item, and the type if the item is a value.
pub(crate) fn read(env: Env, side: &Arc<Side>, list: Js) -> Result<Imports> {
    let mut imports = Imports::new();
    for four in env.items(list)?.chunks_exact(4) {
        let (module, name) = (env.text(four[0])?, env.text(four[1])?);
        if env.kind(four[3])? == sys::ValueType::napi_string {
            let place = || format!("{module}.{name}");
            let value = lower(env, side, four[2], ty(env, four[3])?, &place)?;
            imports.value(&module, &name, value);
        } else if let Some(item) = item(env, four[2]) {
            imports.define(&module, &name, item);
        } else {
            imports.host_func(&module, &name, JsFunc::lend(env, side, four[2])?);
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

fn running<R>(
    call: &Call,
    what: impl FnOnce(&HostContext<'_>, &Arc<Side>) -> Result<R>,
) -> Result<Option<R>> {
    let addon = call.env.addon()?;
    // SAFETY: `run` sets the pointer for the time it calls JavaScript, which is now, and puts the
    // former one back; what it leads to is on the stack below.
    match unsafe { addon.running.get().as_ref() } {
        // SAFETY: as above.
        Some(running) => unsafe { what(&*running.context, &*running.side) }.map(Some),
        None => Ok(None),
    }
}

/// `contextName()`: the name of the host function that runs now, or `undefined`.
fn context_name(call: &Call) -> Result<Js> {
    let name = running(call, |context, _| call.env.string(context.name()))?;
    name.map_or_else(|| call.env.undefined(), Ok)
}

/// `contextExport(name)`: an array as of `instanceExports` and the store's state, or `undefined`.
fn context_export(call: &Call) -> Result<Js> {
    let name = call.env.text(call.args[0])?;
    let found = running(call, |context, side| match context.export(&name) {
        Some(item) => {
            let export = crate::instance::export(call.env, side, &name, &item)?;
            call.env.array([Ok(export), side.state(call.env)])
        }
        None => call.env.undefined(),
    })?;
    found.map_or_else(|| call.env.undefined(), Ok)
}
