//! Engine, and what belongs to no object: names, the version, the release of handles.

use jni::sys::{jint, jlong};
use landbridge::{
    Ask, CompileCache, Engine, EngineOptions, Error, ErrorKind, Exception, Func, GcRef, Global,
    Instance, Memory, Module, Policy, Pool, Result, Store, Table, Tag, TrapCode, Type, VERSION,
};

use crate::kind::release as released;
use crate::memory::Shown;

pub(crate) fn version() -> Result<String> {
    Ok(VERSION.to_owned())
}

/// The names of a table, in the order of their numbers, which start at 1, where they have one.
pub(crate) fn names(table: jint) -> Result<Vec<&'static str>> {
    Ok(match table {
        0 => ErrorKind::ALL.iter().map(|kind| kind.name()).collect(),
        1 => TrapCode::ALL.iter().map(|code| code.name()).collect(),
        2 => Type::ALL.iter().map(|ty| ty.name()).collect(),
        _ => Ask::ALL.to_vec(),
    })
}

pub(crate) fn shared() -> Result<Engine> {
    Engine::shared()
}

#[allow(clippy::too_many_arguments, reason = "one for each option")]
pub(crate) fn new(
    interruptible: bool,
    stack_bytes: jlong,
    compile_cost: jlong,
    memory_reservation_bytes: jlong,
    deterministic: bool,
    wide_arithmetic: bool,
    custom_page_sizes: bool,
    signal_handlers: bool,
    cached: bool,
    folder: Option<String>,
) -> Result<Engine> {
    let mut options = EngineOptions {
        interruptible,
        wide_arithmetic,
        custom_page_sizes,
        signal_handlers,
        deterministic,
        cache: cache(cached, folder),
        ..EngineOptions::default()
    };
    if stack_bytes > 0 {
        options.stack_bytes = stack_bytes as usize;
    }
    if memory_reservation_bytes > 0 {
        options.memory_reservation_bytes = memory_reservation_bytes as u64;
    }
    match compile_cost {
        0 => {}
        i64::MAX => options.compile_cost = u64::MAX,
        units => options.compile_cost = units as u64,
    }
    Engine::new(options)
}

/// No folder is the user's.
fn cache(cached: bool, folder: Option<String>) -> CompileCache {
    match (cached, folder) {
        (false, _) => CompileCache::Off,
        (true, None) => CompileCache::User,
        (true, Some(folder)) => CompileCache::Folder(folder.into()),
    }
}

/// Releases a handle of a sort that `Native.java` numbers.
pub(crate) fn release(sort: jint, handle: jlong) -> Result<()> {
    match sort {
        1 => released::<Func>(handle),
        2 => released::<Memory>(handle),
        3 => released::<Table>(handle),
        4 => released::<Global>(handle),
        5 => released::<Tag>(handle),
        6 => released::<Engine>(handle),
        7 => released::<Module>(handle),
        8 => released::<Store>(handle),
        9 => released::<Instance>(handle),
        10 => released::<Shown>(handle),
        11 => released::<GcRef>(handle),
        12 => released::<Exception>(handle),
        13 => released::<Policy>(handle),
        15 => released::<Pool>(handle),
        _ => Err(Error::new(ErrorKind::Internal, "an unknown sort of handle")),
    }
}
