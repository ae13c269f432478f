//! Engine: making one, the version, and the tables of names.

use std::ffi::CStr;

use landbridge::{
    Ask, CompileCache, Engine, EngineOptions, ErrorKind, Result, TrapCode, Type, VERSION, messages,
};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle};
use crate::read::{flag, whole_or_none};

pub(crate) const TABLE: &[(&str, Native)] = &[("engineNew", new), ("names", names)];

impl Noun for Engine {
    const NAME: &'static str = "Engine";
}

/// The engine of an argument, or the shared one if it is `undefined`.
pub(crate) fn argument(call: &CallbackInfo, index: usize) -> Result<Engine> {
    match call.given(index)? {
        true => call.held::<Engine>(index).cloned(),
        false => Engine::shared(),
    }
}

/// `engineNew(options)`: an object of them, each of which may be `undefined`.
fn new(call: &CallbackInfo) -> Result<Js> {
    let (env, usual) = (call.env, EngineOptions::default());
    let field = |name: &'static CStr| env.field(call.args[0], name);
    let is = |name, usual| flag(env, field(name)?, usual);
    let whole = |name: &'static CStr| whole_or_none(env, field(name)?, &name.to_string_lossy());
    let options = EngineOptions {
        // generated: rust.node_options
        interruptible: is(c"interruptible", usual.interruptible)?,
        stack_bytes: size(whole, c"stackBytes", usual.stack_bytes)?,
        cache: cache(env, field(c"cache")?)?,
        wide_arithmetic: is(c"wideArithmetic", usual.wide_arithmetic)?,
        custom_page_sizes: is(c"customPageSizes", usual.custom_page_sizes)?,
        call_threads: size(whole, c"callThreads", usual.call_threads)?,
        signal_handlers: is(c"signalHandlers", usual.signal_handlers)?,
        compile_cost: whole(c"compileCost")?.unwrap_or(usual.compile_cost),
        memory_reservation_bytes: whole(c"memoryReservationBytes")?
            .unwrap_or(usual.memory_reservation_bytes),
        deterministic: is(c"deterministic", usual.deterministic)?,
        pool_slots: size(whole, c"poolSlots", usual.pool_slots)?,
        // end generated
    };
    handle(env, Engine::new(options)?)
}

fn size(
    whole: impl Fn(&'static CStr) -> Result<Option<u64>>,
    name: &'static CStr,
    usual: usize,
) -> Result<usize> {
    let Some(given) = whole(name)? else {
        return Ok(usual);
    };
    let large = |_| {
        let name = name.to_string_lossy();
        messages::out_of_range(name, given, 0, usize::MAX)
    };
    usize::try_from(given).map_err(large)
}

/// A folder, or whether there is a cache.
fn cache(env: Env, given: Js) -> Result<CompileCache> {
    if env.kind(given)? == sys::ValueType::napi_string {
        return Ok(CompileCache::Folder(env.text(given)?.into()));
    }
    match flag(env, given, true)? {
        true => Ok(CompileCache::User),
        false => Ok(CompileCache::Off),
    }
}

/// `names()`: the version, what modules ask of WASI, and objects of kinds, trap codes and types with
/// their numbers.
fn names(call: &CallbackInfo) -> Result<Js> {
    let env = call.env;
    let kinds = ErrorKind::ALL.iter().map(|it| (it.name(), it.number()));
    let codes = TrapCode::ALL.iter().map(|it| (it.name(), it.number()));
    let types = Type::ALL.iter().map(|it| (it.name(), *it as u32));
    let table = |(name, number): (&'static str, u32)| (name, env.number(number.into()));
    env.object([
        ("version", env.string(VERSION)),
        ("asks", env.strings(Ask::ALL)),
        ("kinds", env.object(kinds.map(table))),
        ("codes", env.object(codes.map(table))),
        ("types", env.object(types.map(table))),
    ])
}
