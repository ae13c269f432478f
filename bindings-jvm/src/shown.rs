//! What objects say of themselves: their names in messages, for `toString`, and for telling them from others.

use jni::sys::{jint, jlong};
use landbridge::{Func, Global, Instance, Memory, Module, Pool, Result, Store, Table, text};

use crate::kind::{Kind, find};

/// In a line, by a sort that `Native.java` numbers. What was released says so: nobody expects `toString` to throw.
pub(crate) fn shown(sort: jint, item: jlong) -> Result<String> {
    let (name, told) = match sort {
        1 => ("Func", told(item, Func::shown)),
        2 => ("Memory", told(item, Memory::shown)),
        3 => ("Table", told(item, Table::shown)),
        4 => ("Global", told(item, Global::shown)),
        7 => ("Module", told(item, Module::shown)),
        8 => ("Store", told(item, Store::shown)),
        15 => ("Pool", told(item, pool)),
        _ => ("Instance", told(item, Instance::shown)),
    };
    Ok(told.unwrap_or_else(|error| format!("{name} ({})", error.kind())))
}

fn told<T: Kind>(item: jlong, what: fn(&T) -> String) -> Result<String> {
    Ok(what(&*find(item)?))
}

fn pool(pool: &Pool) -> String {
    format!("Pool{}", pool.module().shown_name())
}

/// What a handle of a sort that `Native.java` numbers names.
pub(crate) fn identity(sort: jint, item: jlong) -> Result<String> {
    let identity = match sort {
        1 => find::<Func>(item)?.identity().clone(),
        2 => find::<Memory>(item)?.identity(),
        3 => find::<Table>(item)?.identity(),
        _ => find::<Global>(item)?.identity(),
    };
    Ok(identity.to_string())
}

/// A name as it is in messages.
pub(crate) fn name(name: String) -> Result<String> {
    Ok(text::name(&name).to_string())
}
