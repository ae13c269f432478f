//! What objects say of themselves, for `toString`.

use jni::sys::{jclass, jint, jlong, jstring};
use landbridge::{Func, Global, Instance, Memory, Module, Pool, Result, Store, Table, handle};

use crate::env::Env;
use crate::guard::guard;

/// In a line, by a sort that `Native.java` numbers. What was released says so: nobody expects `toString` to throw.
pub(crate) extern "system" fn shown(env: Env, _: jclass, sort: jint, item: jlong) -> jstring {
    guard(env, || {
        let item = item as u64;
        let (name, told) = match sort {
            1 => ("Func", told(item, "func", Func::shown)),
            2 => ("Memory", told(item, "memory", Memory::shown)),
            3 => ("Table", told(item, "table", Table::shown)),
            4 => ("Global", told(item, "global", Global::shown)),
            7 => ("Module", told(item, "module", Module::shown)),
            8 => ("Store", told(item, "store", Store::shown)),
            15 => (
                "Pool",
                told(item, "pool", |pool: &Pool| {
                    format!("Pool{}", pool.module().shown_name())
                }),
            ),
            _ => ("Instance", told(item, "instance", Instance::shown)),
        };
        let told = told.unwrap_or_else(|error| format!("{name} ({})", error.kind()));
        env.string(&told)
    })
}

fn told<T: Send + Sync + 'static>(
    item: u64,
    kind: &'static str,
    what: fn(&T) -> String,
) -> Result<String> {
    Ok(what(&*handle::get(item, kind)?))
}
