//! Module: from bytes or a file, and back; what it imports and exports; what one is that is not compiled.

use std::sync::Arc;

use landbridge::{Engine, Inspection, Module, Result, frame};

pub(crate) fn from_bytes(engine: Arc<Engine>, bytes: Vec<u8>) -> Result<Module> {
    Module::with_vec(&engine, bytes)
}

/// What a string names or is: the core says which.
pub(crate) fn from_string(engine: Arc<Engine>, source: String) -> Result<Module> {
    Module::load_with_engine(&engine, &source)
}

pub(crate) fn from_file(engine: Arc<Engine>, path: String) -> Result<Module> {
    Module::from_file_with_engine(&engine, path)
}

pub(crate) fn precompiled(engine: Arc<Engine>, path: String) -> Result<Module> {
    // SAFETY: the promise that `Module.loadPrecompiled` asks of its caller.
    unsafe { Module::load_precompiled(&engine, path) }
}

pub(crate) fn compile(module: Arc<Module>, path: String) -> Result<()> {
    module.compile(path)
}

pub(crate) fn name(module: Arc<Module>) -> Result<Option<String>> {
    Ok(module.name().map(str::to_owned))
}

pub(crate) fn content(module: Arc<Module>) -> Result<Vec<u8>> {
    Ok(module.bytes().to_vec())
}

pub(crate) fn digest(module: Arc<Module>) -> Result<String> {
    Ok(module.digest())
}

/// The digest that these bytes of a module must have.
pub(crate) fn digest_of(bytes: Vec<u8>) -> Result<String> {
    Ok(Module::digest_of(&bytes))
}

pub(crate) fn imports(module: Arc<Module>) -> Result<Vec<u8>> {
    frame::write(module.imports())
}

pub(crate) fn exports(module: Arc<Module>) -> Result<Vec<u8>> {
    frame::write(module.exports())
}

pub(crate) fn inspect_bytes(bytes: Vec<u8>) -> Result<Vec<u8>> {
    frame::write(&Inspection::new(bytes)?)
}

/// What a string names or is: the core says which.
pub(crate) fn inspect_string(source: String) -> Result<Vec<u8>> {
    frame::write(&Inspection::of(&source)?)
}

pub(crate) fn inspect_file(path: String) -> Result<Vec<u8>> {
    frame::write(&Inspection::of_file(path)?)
}
