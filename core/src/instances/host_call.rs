//! Host functions as the engine calls them, made for one store or for all.

use std::mem::MaybeUninit;
use std::ops::Deref;
use std::sync::Arc;

use wasmtime::{Caller, Val, ValRaw};

use crate::host::{HostContext, HostFunc};
use crate::store::{Context, Data, Lent, call_host};
use crate::{FuncType, ImportType, Result, Slot, Value};

/// Makes a function of the engine that calls a function of the host.
pub(crate) fn bind(
    ctx: &mut Context<'_>,
    name: Arc<str>,
    ty: wasmtime::FuncType,
    func: Arc<dyn HostFunc>,
) -> wasmtime::Func {
    let func = Lent::new(ctx.store().inner(), func);
    match calls(name, &ty, func) {
        // SAFETY: see `Calls::Raw`.
        Calls::Raw(call) => unsafe { wasmtime::Func::new_unchecked(&mut ctx.engine, ty, call) },
        Calls::Values(call) => wasmtime::Func::new(&mut ctx.engine, ty, call),
    }
}

/// Defines a function of the host's for all stores.
pub(super) fn lend(
    linker: &mut wasmtime::Linker<Data>,
    import: &ImportType,
    ty: &wasmtime::FuncType,
    calls: Calls<impl RawCall, impl ValueCall>,
) -> wasmtime::Result<()> {
    let (module, name, ty) = (&import.module, &import.name, ty.clone());
    match calls {
        // SAFETY: see `Calls::Raw`.
        Calls::Raw(call) => unsafe { linker.func_new_unchecked(module, name, ty, call) }?,
        Calls::Values(call) => linker.func_new(module, name, ty, call)?,
    };
    Ok(())
}

/// How the engine calls a function of the host.
pub(super) enum Calls<R, V> {
    /// The slots are read as the parameters of the type and written as its results: that is the contract of `call_raw`, and
    /// plain bits have no invalid values.
    Raw(R),
    Values(V),
}

pub(super) trait RawCall:
    Fn(Caller<'_, Data>, &mut [MaybeUninit<ValRaw>]) -> wasmtime::Result<()> + Send + Sync + 'static
{
}

impl<F> RawCall for F where
    F: Fn(Caller<'_, Data>, &mut [MaybeUninit<ValRaw>]) -> wasmtime::Result<()>
        + Send
        + Sync
        + 'static
{
}

pub(super) trait ValueCall:
    Fn(Caller<'_, Data>, &[Val], &mut [Val]) -> wasmtime::Result<()> + Send + Sync + 'static
{
}

impl<F> ValueCall for F where
    F: Fn(Caller<'_, Data>, &[Val], &mut [Val]) -> wasmtime::Result<()> + Send + Sync + 'static
{
}

/// The calls of a function, which is lent to one store or held by a template.
pub(super) fn calls(
    name: Arc<str>,
    ty: &wasmtime::FuncType,
    func: impl Deref<Target = Arc<dyn HostFunc>> + Send + Sync + 'static,
) -> Calls<impl RawCall, impl ValueCall> {
    let shape = FuncType::of(ty);
    if shape.is_plain() {
        return Calls::Raw(
            move |caller: Caller<'_, Data>, raw: &mut [MaybeUninit<ValRaw>]| {
                let slots = initialise(raw, shape.params().len());
                call_host(caller, &name, |context| {
                    func.call_raw(context, &shape, slots)
                })
            },
        );
    }
    let ty = ty.clone();
    Calls::Values(
        move |caller: Caller<'_, Data>, params: &[Val], results: &mut [Val]| {
            call_host(caller, &name, |context| {
                let args = lift_args(context, params)?;
                let given = func.call(context, &shape, &args)?;
                lower_results(context, &shape, &ty, &given, results)
            })
        },
    )
}

/// A function that a template holds, and with it each store that it is used in.
pub(super) struct Held(pub(super) Arc<dyn HostFunc>);

impl Deref for Held {
    type Target = Arc<dyn HostFunc>;

    #[inline(always)]
    fn deref(&self) -> &Arc<dyn HostFunc> {
        &self.0
    }
}

/// The engine writes the arguments; the rest becomes zero.
fn initialise(raw: &mut [MaybeUninit<ValRaw>], params: usize) -> &mut [Slot] {
    for slot in raw.iter_mut().skip(params) {
        slot.write(ValRaw::v128(0));
    }
    // SAFETY: all elements are initialised now, and `Slot` is a transparent `ValRaw`.
    unsafe { &mut *(std::ptr::from_mut(raw) as *mut [Slot]) }
}

fn lift_args(context: &HostContext<'_>, params: &[Val]) -> Result<Vec<Value>> {
    context.store.enter(|ctx| {
        let params = params.iter();
        params.map(|param| Value::lift(ctx, param)).collect()
    })
}

fn lower_results(
    context: &HostContext<'_>,
    shape: &FuncType,
    engine_ty: &wasmtime::FuncType,
    given: &[Value],
    results: &mut [Val],
) -> Result<()> {
    context.check_count(shape.results(), given.len())?;
    context.store.enter(|ctx| {
        for (i, (value, ty)) in given.iter().zip(engine_ty.results()).enumerate() {
            results[i] = value.lower(ctx, &ty, &|| context.result_place(i))?;
        }
        Ok(())
    })
}
