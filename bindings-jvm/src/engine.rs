//! Engine, and what belongs to no object: names, the version, the release of handles.

use std::sync::Arc;

use jni::sys::{jboolean, jclass, jint, jlong, jobjectArray, jstring};
use landbridge::{
    Ask, CompileCache, Engine, EngineOptions, Error, ErrorKind, Exception, Func, GcRef, Global,
    Instance, Memory, MemoryView, Module, Policy, Pool, Result, Sandbox, Store, Table, Tag,
    TrapCode, Type, VERSION, handle,
};

use crate::env::Env;
use crate::guard::guard;
use crate::value::insert;

pub(crate) fn get(engine: jlong) -> Result<Arc<Engine>> {
    handle::get(engine as u64, "engine")
}

pub(crate) extern "system" fn version(env: Env, _: jclass) -> jstring {
    guard(env, || env.string(VERSION))
}

/// The names of a table, in the order of their numbers, which start at 1, where they have one.
pub(crate) extern "system" fn names(env: Env, _: jclass, table: jint) -> jobjectArray {
    guard(env, || {
        let names: Vec<_> = match table {
            0 => ErrorKind::ALL.iter().map(|kind| kind.name()).collect(),
            1 => TrapCode::ALL.iter().map(|code| code.name()).collect(),
            2 => Type::ALL.iter().map(|ty| ty.name()).collect(),
            _ => Ask::ALL.to_vec(),
        };
        env.strings(&names)
    })
}

pub(crate) extern "system" fn shared(env: Env, _: jclass) -> jlong {
    guard(env, || insert("engine", Engine::shared()?))
}

pub(crate) extern "system" fn new(
    env: Env,
    _: jclass,
    interruptible: jboolean,
    stack_bytes: jlong,
    compile_cost: jlong,
    memory_reservation_bytes: jlong,
    deterministic: jboolean,
    wide_arithmetic: jboolean,
    custom_page_sizes: jboolean,
    signal_handlers: jboolean,
    cached: jboolean,
    folder: jstring,
) -> jlong {
    guard(env, || {
        let mut options = EngineOptions {
            interruptible,
            wide_arithmetic,
            custom_page_sizes,
            signal_handlers,
            deterministic,
            cache: cache(env, cached, folder)?,
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
        insert("engine", Engine::new(options)?)
    })
}

/// No folder is the user's.
fn cache(env: Env, cached: jboolean, folder: jstring) -> Result<CompileCache> {
    match cached {
        false => Ok(CompileCache::Off),
        true if folder.is_null() => Ok(CompileCache::User),
        true => Ok(CompileCache::Folder(env.text(folder)?.into())),
    }
}

/// Releases a handle of a sort that `Native.java` numbers.
pub(crate) extern "system" fn release(env: Env, _: jclass, sort: jint, handle: jlong) {
    let handle = handle as u64;
    guard(env, || match sort {
        1 => handle::release::<Func>(handle, "func"),
        2 => handle::release::<Memory>(handle, "memory"),
        3 => handle::release::<Table>(handle, "table"),
        4 => handle::release::<Global>(handle, "global"),
        5 => handle::release::<Tag>(handle, "tag"),
        6 => handle::release::<Engine>(handle, "engine"),
        7 => handle::release::<Module>(handle, "module"),
        8 => handle::release::<Store>(handle, "store"),
        9 => handle::release::<Instance>(handle, "instance"),
        10 => handle::release::<MemoryView>(handle, "view"),
        11 => handle::release::<GcRef>(handle, "object"),
        12 => handle::release::<Exception>(handle, "exception"),
        13 => handle::release::<Policy>(handle, "policy"),
        14 => handle::release::<Sandbox>(handle, "sandbox"),
        15 => handle::release::<Pool>(handle, "pool"),
        _ => Err(Error::new(ErrorKind::Internal, "an unknown sort of handle")),
    })
}
