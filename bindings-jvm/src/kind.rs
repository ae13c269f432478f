//! What Java holds by a handle: each type has one word for it, and a number that `Native.java` knows too.

use std::sync::Arc;

use jni::sys::jlong;
use landbridge::{
    Engine, Exception, Func, GcRef, Global, Instance, Memory, Module, Policy, Pool, Result, Store,
    Table, Tag, WitFunc, handle,
};

/// A type whose objects Java holds.
pub(crate) trait Kind: Send + Sync + Sized + 'static {
    /// Its word in messages.
    const KIND: &'static str;
}

macro_rules! kinds {
    ($($Type:ident $kind:literal;)*) => {$(
        impl Kind for $Type {
            const KIND: &'static str = $kind;
        }
    )*};
}

kinds! {
    Engine "engine";
    Exception "exception";
    Func "func";
    GcRef "object";
    Global "global";
    Instance "instance";
    Memory "memory";
    Module "module";
    Policy "policy";
    Pool "pool";
    Store "store";
    Table "table";
    Tag "tag";
    WitFunc "func";
}

/// Keeps an object and gives Java its handle.
pub(crate) fn insert<T: Kind>(object: T) -> Result<jlong> {
    Ok(handle::insert(T::KIND, Arc::new(object))? as jlong)
}

/// What a handle of Java's leads to.
pub(crate) fn find<T: Kind>(handle: jlong) -> Result<Arc<T>> {
    handle::get(handle as u64, T::KIND)
}

pub(crate) fn release<T: Kind>(handle: jlong) -> Result<()> {
    handle::release::<T>(handle as u64, T::KIND)
}
