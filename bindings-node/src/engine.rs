//! Engine: making one, the version, and the tables of names.

use landbridge::{
    Ask, CompileCache, Engine, EngineOptions, Error, ErrorKind, Result, Type, VERSION,
};
use napi_sys as sys;

use crate::env::Js;
use crate::error::tables;
use crate::guard::{Call, Native};
use crate::handle::Held;
use crate::value::whole_or_none;

pub(crate) const TABLE: &[(&str, Native)] = &[("engineNew", new), ("names", names)];

/// The engine of an argument, or the shared one if it is `undefined`.
pub(crate) fn argument(call: &Call, index: usize) -> Result<Engine> {
    match call.env.kind(call.args[index])? {
        sys::ValueType::napi_undefined => Engine::shared(),
        _ => call.engine(index).cloned(),
    }
}

/// `engineNew(interruptible, stackBytes, wideArithmetic, customPageSizes, cache, callThreads,
/// signalHandlers, [compileCost, memoryReservationBytes, deterministic])`, each of which may be `undefined`.
fn new(call: &Call) -> Result<Js> {
    let env = call.env;
    let usual = EngineOptions::default();
    let whole = |index, name| whole_or_none(env, env.element(call.args[7], index)?, name);
    let options = EngineOptions {
        interruptible: call.flag(0, usual.interruptible)?,
        stack_bytes: size(call, 1, "stackBytes")?.unwrap_or(usual.stack_bytes),
        wide_arithmetic: call.flag(2, usual.wide_arithmetic)?,
        custom_page_sizes: call.flag(3, usual.custom_page_sizes)?,
        cache: cache(call, 4)?,
        call_threads: size(call, 5, "callThreads")?.unwrap_or(usual.call_threads),
        signal_handlers: call.flag(6, usual.signal_handlers)?,
        compile_cost: whole(0, "compileCost")?.unwrap_or(usual.compile_cost),
        memory_reservation_bytes: whole(1, "memoryReservationBytes")?
            .unwrap_or(usual.memory_reservation_bytes),
        deterministic: env.bool(env.element(call.args[7], 2)?)?,
    };
    Held::Engine(Engine::new(options)?).into_js(call.env)
}

fn size(call: &Call, index: usize, name: &str) -> Result<Option<usize>> {
    let Some(given) = call.whole_or_none(index, name)? else {
        return Ok(None);
    };
    let large = |_| Error::new(ErrorKind::Range, format!("{name} is too large"));
    usize::try_from(given).map(Some).map_err(large)
}

/// A folder, or whether there is a cache.
fn cache(call: &Call, index: usize) -> Result<CompileCache> {
    if call.env.kind(call.args[index])? == sys::ValueType::napi_string {
        return Ok(CompileCache::Folder(
            call.env.text(call.args[index])?.into(),
        ));
    }
    match call.flag(index, true)? {
        true => Ok(CompileCache::User),
        false => Ok(CompileCache::Off),
    }
}

/// `names()`: the version, kinds, trap codes, types, and what modules ask of WASI.
fn names(call: &Call) -> Result<Js> {
    let env = call.env;
    let (kinds, codes) = tables(env)?;
    let types = Type::ALL
        .iter()
        .map(|ty| env.array([env.string(ty.name()), env.number((*ty as u32).into())]));
    let asks = env.strings(Ask::ALL);
    env.array([
        env.string(VERSION),
        Ok(kinds),
        Ok(codes),
        env.array(types),
        asks,
    ])
}
