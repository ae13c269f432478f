//! Module: from bytes or a file, and back; imports and exports.

use std::sync::Arc;

use jni::sys::{jbyteArray, jclass, jlong, jobjectArray, jstring};
use landbridge::{ExternType, ImportType, Module, Result, handle};

use crate::engine;
use crate::env::Env;
use crate::guard::guard;
use crate::value::{extern_numbers, insert};

pub(crate) fn get(module: jlong) -> Result<Arc<Module>> {
    handle::get(module as u64, "module")
}

pub(crate) extern "system" fn from_bytes(
    env: Env,
    _: jclass,
    engine: jlong,
    bytes: jbyteArray,
) -> jlong {
    guard(env, || {
        let bytes = env.content(bytes)?;
        insert(
            "module",
            Module::with_engine(&*engine::get(engine)?, bytes)?,
        )
    })
}

/// What a string names or is: the core says which.
pub(crate) extern "system" fn from_string(
    env: Env,
    _: jclass,
    engine: jlong,
    source: jstring,
) -> jlong {
    guard(env, || {
        let engine = engine::get(engine)?;
        insert(
            "module",
            Module::load_with_engine(&engine, &env.text(source)?)?,
        )
    })
}

pub(crate) extern "system" fn from_file(
    env: Env,
    _: jclass,
    engine: jlong,
    path: jstring,
) -> jlong {
    guard(env, || {
        let engine = engine::get(engine)?;
        insert(
            "module",
            Module::from_file_with_engine(&engine, env.text(path)?)?,
        )
    })
}

pub(crate) extern "system" fn name(env: Env, _: jclass, module: jlong) -> jstring {
    guard(env, || env.string_or_null(get(module)?.name()))
}

pub(crate) extern "system" fn content(env: Env, _: jclass, module: jlong) -> jbyteArray {
    guard(env, || env.bytes(get(module)?.bytes()))
}

pub(crate) extern "system" fn digest(env: Env, _: jclass, module: jlong) -> jstring {
    guard(env, || env.string(&get(module)?.digest()))
}

/// The digest that these bytes of a module must have.
pub(crate) extern "system" fn digest_of(env: Env, _: jclass, bytes: jbyteArray) -> jstring {
    guard(env, || env.string(&Module::digest_of(&env.content(bytes)?)))
}

pub(crate) extern "system" fn compile(env: Env, _: jclass, module: jlong, path: jstring) {
    guard(env, || get(module)?.compile(env.text(path)?))
}

pub(crate) extern "system" fn precompiled(
    env: Env,
    _: jclass,
    engine: jlong,
    path: jstring,
) -> jlong {
    guard(env, || {
        let (engine, path) = (engine::get(engine)?, env.text(path)?);
        // SAFETY: the promise that `Module.loadPrecompiled` asks of its caller.
        insert("module", unsafe {
            Module::load_precompiled(&engine, path)
        }?)
    })
}

pub(crate) extern "system" fn imports(env: Env, _: jclass, module: jlong) -> jobjectArray {
    guard(env, || import_list(env, get(module)?.imports()))
}

/// Module, name and type of each import, one after the other.
pub(crate) fn import_list(env: Env, imports: &[ImportType]) -> Result<jobjectArray> {
    let array = env.objects(3 * imports.len())?;
    for (i, import) in imports.iter().enumerate() {
        env.put(array, 3 * i, env.string(&import.module)?)?;
        put_named(env, array, 3 * i + 1, &import.name, &import.ty)?;
    }
    Ok(array)
}

pub(crate) extern "system" fn exports(env: Env, _: jclass, module: jlong) -> jobjectArray {
    guard(env, || export_list(env, get(module)?.exports()))
}

/// Name and type of each export, one after the other.
pub(crate) fn export_list(env: Env, exports: &[(String, ExternType)]) -> Result<jobjectArray> {
    let array = env.objects(2 * exports.len())?;
    for (i, (name, ty)) in exports.iter().enumerate() {
        put_named(env, array, 2 * i, name, ty)?;
    }
    Ok(array)
}

fn put_named(env: Env, array: jobjectArray, at: usize, name: &str, ty: &ExternType) -> Result<()> {
    env.put(array, at, env.string(name)?)?;
    env.put(array, at + 1, env.longs(&extern_numbers(ty))?)
}
