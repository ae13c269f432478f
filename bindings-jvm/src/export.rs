//! Exports, by name: of an instance, and of the one that calls a function of Java.

use std::sync::Arc;

use jni::sys::{jint, jlong};
use landbridge::{Extern, HostContext, Instance, Result, messages, text};

use crate::kind::insert;

/// An export of a sort that `Native.java` numbers.
pub(crate) fn of_instance(instance: Arc<Instance>, name: String, sort: jint) -> Result<jlong> {
    match sort {
        1 => insert(instance.func(&name)?),
        2 => insert(instance.memory(&name)?),
        3 => insert(instance.table(&name)?),
        4 => insert(instance.global(&name)?),
        _ => insert(instance.tag(&name)?),
    }
}

/// The same of the instance that calls.
pub(crate) fn of_context(address: jlong, name: String, sort: jint) -> Result<jlong> {
    match (sort, context(address).exported(&name)?) {
        (1, Extern::Func(func)) => insert(func),
        (2, Extern::Memory(memory)) => insert(memory),
        (3, Extern::Table(table)) => insert(table),
        (4, Extern::Global(global)) => insert(global),
        (5, Extern::Tag(tag)) => insert(tag),
        (_, other) => {
            let wanted = ["func", "memory", "table", "global", "tag"];
            let wanted = wanted.get(sort as usize - 1).unwrap_or(&"export");
            Err(messages::other_sort(
                text::quoted(&name),
                other.sort(),
                wanted,
            ))
        }
    }
}

/// The name of the function that was called.
pub(crate) fn context_name(address: jlong) -> Result<String> {
    Ok(context(address).name().to_owned())
}

/// The context that Java was lent for one call.
pub(crate) fn context(address: jlong) -> &'static HostContext<'static> {
    // SAFETY: `HostContext.java` passes the address it was called with, on the thread and during
    // the call it was lent for only, and the reference does not outlive the native that made it.
    unsafe { &*(address as *const HostContext<'static>) }
}
