//! The engine's code of a module: taken from the cache, or compiled.

use super::{COMPILER_BYTES, LOADER_BYTES, damaged};
use crate::cache::Digest;
use crate::compiled::{self, Compiled};
use crate::cost::Cost;
use crate::engine::Variant;
use crate::{Error, ErrorKind, Result, engine_facts, this_thread};

/// What the engine has of a module.
pub(crate) struct Code {
    pub(super) compiled: Compiled,
    /// Of a core module.
    pub(crate) imports: Vec<wasmtime::ExternType>,
}

impl Code {
    pub(super) fn new(compiled: Compiled) -> Code {
        let imports = match &compiled {
            Compiled::Module(module) => module.imports().map(|import| import.ty()).collect(),
            Compiled::Component(_) => Vec::new(),
        };
        Code { compiled, imports }
    }

    /// The core module.
    ///
    /// # Errors
    /// `unsupported` if it is a component.
    pub(crate) fn module(&self) -> Result<&wasmtime::Module> {
        match &self.compiled {
            Compiled::Module(module) => Ok(module),
            Compiled::Component(_) => Err(compiled::no_core_module()),
        }
    }

    /// The component.
    ///
    /// # Errors
    /// `unsupported` if it is a core module.
    pub(crate) fn component(&self) -> Result<&wasmtime::component::Component> {
        match &self.compiled {
            Compiled::Component(component) => Ok(component),
            Compiled::Module(_) => Err(compiled::no_component()),
        }
    }

    /// The same code for an engine with slots, without compiling: from the cache, whose file both map, or copied.
    ///
    /// # Errors
    /// `limit` if an instance is more than a slot has room for.
    pub(super) fn like(variant: &Variant, code: &Code, digest: &Digest) -> Result<Code> {
        let is_component = matches!(code.compiled, Compiled::Component(_));
        let compiled = match load_cached(variant, digest, is_component)? {
            Some(compiled) => compiled,
            None => this_thread::with_room(COMPILER_BYTES, || {
                let bytes = code.compiled.serialize()?;
                // SAFETY: these bytes are code of this very process, which runs it already.
                unsafe { Compiled::of_bytes(&variant.engine, &bytes, is_component) }
            })?
            .map_err(|e| {
                Error::from_engine(e, ErrorKind::Limit).because(ErrorKind::Limit, MISFIT)
            })?,
        };
        Ok(Code::new(compiled))
    }

    /// Takes the code from the cache, or compiles it.
    pub(crate) fn make(variant: &Variant, wasm: &[u8], digest: &Digest) -> Result<Code> {
        let is_component = compiled::is_component(wasm);
        let compiled = match load_cached(variant, digest, is_component)? {
            Some(compiled) => compiled,
            None => {
                this_thread::with_room(COMPILER_BYTES, || compile_and_keep(variant, wasm, digest))??
            }
        };
        Ok(Code::new(compiled))
    }
}

/// For what is instantiated in a store of a pool's.
const MISFIT: &str = "an instance of this module does not fit into a slot of the engine; instantiate it in a store that \
                      is no pool's";

/// Takes the code from the cache if it is there.
fn load_cached(variant: &Variant, digest: &Digest, is_component: bool) -> Result<Option<Compiled>> {
    let Some(cache) = &variant.cache else {
        return Ok(None);
    };
    this_thread::with_room(LOADER_BYTES, || {
        cache.load(&variant.engine, &cache.key(digest, is_component))
    })
}

fn compile_and_keep(variant: &Variant, wasm: &[u8], digest: &Digest) -> Result<Compiled> {
    if blake3::hash(wasm) != *digest {
        return Err(written());
    }
    Cost::of(wasm).check(variant.compile_cost)?;
    let compiled = Compiled::compile(&variant.engine, wasm)?;
    let compiled = compiled.map_err(|e| refused(e, wasm))?;
    if let Some(cache) = &variant.cache {
        let key = cache.key(digest, compiled::is_component(wasm));
        cache.keep(&key, &compiled);
    }
    Ok(compiled)
}

/// The cache must never keep code under a digest that is not its own.
#[cold]
fn written() -> Error {
    let text = "the bytes of the module were changed while it was loaded; keep them as they are until it is there";
    Error::new(ErrorKind::Compile, text)
}

fn refused(error: wasmtime::Error, wasm: &[u8]) -> Error {
    let error = Error::from_engine(error, ErrorKind::Compile);
    match engine_facts::hint(error.message()) {
        Some(hint) => Error::new(error.kind(), format!("{}: {hint}", error.message())),
        None => damaged(error, wasm),
    }
}
