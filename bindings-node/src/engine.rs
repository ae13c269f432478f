//! Engine: making one, the version, and the tables of names.

use landbridge::{Engine, EngineOptions, Error, ErrorKind, Result, Type, VERSION};
use napi_sys as sys;

use crate::env::Js;
use crate::error::tables;
use crate::guard::{Call, Native};
use crate::handle::Held;

pub(crate) const TABLE: &[(&str, Native)] = &[("engineNew", new), ("names", names)];

/// The engine of an argument, or the shared one if it is `undefined`.
pub(crate) fn argument(call: &Call, index: usize) -> Result<Engine> {
    match call.env.kind(call.args[index])? {
        sys::ValueType::napi_undefined => Engine::shared(),
        _ => call.engine(index).cloned(),
    }
}

/// `engineNew(interruptible or undefined, stackBytes or undefined)`
fn new(call: &Call) -> Result<Js> {
    let mut options = EngineOptions::default();
    if call.given(0)? {
        options.interruptible = call.env.bool(call.args[0])?;
    }
    if call.given(1)? {
        let bytes = call.whole(1, "stackBytes")?;
        options.stack_bytes = usize::try_from(bytes)
            .map_err(|_| Error::new(ErrorKind::Range, "stackBytes is too large"))?;
    }
    Held::Engine(Engine::new(options)?).into_js(call.env)
}

/// `names()`: the version, kinds, trap codes and types.
fn names(call: &Call) -> Result<Js> {
    let env = call.env;
    let (kinds, codes) = tables(env)?;
    let types = Type::ALL
        .iter()
        .map(|ty| env.array([env.string(ty.name()), env.number((*ty as u32).into())]));
    env.array([env.string(VERSION), Ok(kinds), Ok(codes), env.array(types)])
}
