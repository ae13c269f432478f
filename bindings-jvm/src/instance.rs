//! Instance: its run, its exports, its store, its end.

use std::sync::Arc;

use jni::sys::{jclass, jint, jlong, jobjectArray, jstring};
use landbridge::{Error, ErrorKind, Extern, Func, Global, Instance, Memory, Result, Table, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::module;
use crate::value::insert;

pub(crate) fn get(instance: jlong) -> Result<Arc<Instance>> {
    handle::get(instance as u64, "instance")
}

pub(crate) extern "system" fn close(env: Env, _: jclass, instance: jlong) {
    guard(env, || {
        get(instance)?.close();
        Ok(())
    })
}

/// Gives the exit code.
pub(crate) extern "system" fn run(env: Env, _: jclass, instance: jlong) -> jint {
    guard(env, || get(instance)?.run())
}

pub(crate) extern "system" fn store(env: Env, _: jclass, instance: jlong) -> jlong {
    guard(env, || insert("store", get(instance)?.store().clone()))
}

/// An export of a sort that `Native.java` numbers.
pub(crate) extern "system" fn export(
    env: Env,
    _: jclass,
    instance: jlong,
    name: jstring,
    sort: jint,
) -> jlong {
    guard(env, || {
        let (instance, name) = (get(instance)?, env.text(name)?);
        match sort {
            1 => insert("func", instance.func(&name)?),
            2 => insert("memory", instance.memory(&name)?),
            3 => insert("table", instance.table(&name)?),
            4 => insert("global", instance.global(&name)?),
            _ => insert("tag", instance.tag(&name)?),
        }
    })
}

/// Name and type of each export, one after the other.
pub(crate) extern "system" fn exports(env: Env, _: jclass, instance: jlong) -> jobjectArray {
    guard(env, || {
        module::export_list(env, get(instance)?.module().exports())
    })
}

/// What a handle of a sort that `Native.java` numbers names.
pub(crate) extern "system" fn identity(env: Env, _: jclass, sort: jint, item: jlong) -> jstring {
    guard(env, || {
        let item = item as u64;
        let identity = match sort {
            1 => handle::get::<Func>(item, "func")?.identity().clone(),
            2 => handle::get::<Memory>(item, "memory")?.identity(),
            3 => handle::get::<Table>(item, "table")?.identity(),
            _ => handle::get::<Global>(item, "global")?.identity(),
        };
        env.string(&identity.to_string())
    })
}

/// A handle for an item that must be of this sort.
pub(crate) fn insert_extern(name: &str, item: Extern, sort: jint) -> Result<jlong> {
    match (sort, item) {
        (1, Extern::Func(func)) => insert("func", func),
        (2, Extern::Memory(memory)) => insert("memory", memory),
        (3, Extern::Table(table)) => insert("table", table),
        (4, Extern::Global(global)) => insert("global", global),
        (5, Extern::Tag(tag)) => insert("tag", tag),
        (_, other) => {
            let wanted = ["func", "memory", "table", "global", "tag"];
            let wanted = wanted.get(sort as usize - 1).unwrap_or(&"export");
            let sort = other.sort();
            let message = format!("the export {name:?} is a {sort}, not a {wanted}");
            Err(Error::new(ErrorKind::NotFound, message))
        }
    }
}
