//! Engine, and what belongs to no object: names, the version, the release of handles.

use jni::sys::{jint, jlong};
use landbridge::{
    Engine, Error, ErrorKind, Exception, Func, GcRef, Global, Instance, Memory, Module, Policy,
    Pool, Result, Store, Table, Tag, TrapCode, Type, VERSION, WitFunc, frame,
};

use crate::kind::release as released;
use crate::memory::Shown;
use crate::wit::Held;

pub(crate) fn version() -> Result<String> {
    Ok(VERSION.to_owned())
}

/// The names of a table, in the order of their numbers, which start at 1, where they have one.
pub(crate) fn names(table: jint) -> Result<Vec<&'static str>> {
    Ok(match table {
        0 => ErrorKind::ALL.iter().map(|kind| kind.name()).collect(),
        1 => TrapCode::ALL.iter().map(|code| code.name()).collect(),
        _ => Type::ALL.iter().map(|ty| ty.name()).collect(),
    })
}

pub(crate) fn shared() -> Result<Engine> {
    Engine::shared()
}

pub(crate) fn new(options: Vec<u8>) -> Result<Engine> {
    Engine::new(frame::read(&options)?)
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
        17 => released::<WitFunc>(handle),
        18 => released::<Held>(handle),
        _ => Err(Error::new(ErrorKind::Internal, "an unknown sort of handle")),
    }
}
