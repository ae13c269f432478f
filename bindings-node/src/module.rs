//! Module: compiling, and what a module asks for and gives.

use landbridge::{Error, ErrorKind, Module, Policy, Program, Result, frame, given};

use crate::env::Js;
use crate::guard::{Call, Native};
use crate::handle::{Noun, handle};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("moduleFromFile", from_file),
    ("moduleFromString", from_string),
    ("moduleFromText", from_text),
    ("moduleFromBytes", from_bytes),
    ("moduleFromSent", from_sent),
    ("moduleFromFileAsync", from_file_async),
    ("moduleFromStringAsync", from_string_async),
    ("moduleFromBytesAsync", from_bytes_async),
    ("moduleFromSentAsync", from_sent_async),
    ("modulePrecompiled", precompiled),
    ("moduleCompile", compile),
    ("moduleBytes", bytes),
    ("moduleDigest", digest),
    ("moduleName", name),
    ("moduleImports", imports),
    ("moduleExports", exports),
    ("modulePolicy", program_policy),
];

impl Noun for Module {
    const NAME: &'static str = "Module";
}

/// `moduleFromFile(path, engine or undefined)`
fn from_file(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let module = Module::from_file_with_engine(&engine, call.env.text(call.args[0])?)?;
    handle(call.env, module)
}

/// `modulePolicy(module, name, args, policy)`: with the name and the arguments of a program.
fn program_policy(call: &Call) -> Result<Js> {
    let env = call.env;
    let program = Program::new(call.held::<Module>(0)?, &env.text(call.args[1])?)?;
    let args = env.items(call.args[2])?.into_iter().enumerate();
    let args = args.map(|(i, arg)| env.text_named(arg, || given::argument(i)));
    let args = args.collect::<Result<Vec<_>>>()?;
    handle(env, program.policy(call.held::<Policy>(3)?, args)?)
}

/// `moduleFromString(text or path, engine or undefined)`: which it is, the core says.
fn from_string(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let module = Module::load_with_engine(&engine, &call.env.text(call.args[0])?)?;
    handle(call.env, module)
}

/// `moduleFromText(text, engine or undefined)`
fn from_text(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let module = Module::with_engine(&engine, call.env.text(call.args[0])?)?;
    handle(call.env, module)
}

/// `moduleFromBytes(bytes, engine or undefined)`
fn from_bytes(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    handle(call.env, Module::with_engine(&engine, call.copied(0)?)?)
}

/// `moduleFromSent(bytes, digest, engine or undefined)`: the bytes are looked at before they are
/// loaded.
fn from_sent(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 2)?;
    let bytes = sent(call)?;
    handle(call.env, Module::with_engine(&engine, bytes)?)
}

/// The bytes of a module that was sent, if they are of its digest.
fn sent(call: &Call) -> Result<Vec<u8>> {
    let bytes = call.copied(0)?;
    let (digest, sent) = (Module::digest_of(&bytes), call.env.text(call.args[1])?);
    if digest != sent {
        let text = format!("the module was altered on its way: its digest is {digest}, not {sent}");
        return Err(Error::new(ErrorKind::Compile, text));
    }
    Ok(bytes)
}

/// `moduleFromFileAsync(path, engine or undefined, carrier or undefined)`: a promise of a handle.
fn from_file_async(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let path = call.env.text(call.args[0])?;
    let begin = || Module::from_file_async(&engine, path);
    crate::call::module(call.env, call.args[2], begin)
}

/// `moduleFromStringAsync(text or path, engine or undefined, carrier or undefined)`
fn from_string_async(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let string = call.env.text(call.args[0])?;
    let compiler = engine.clone();
    let load = move || Module::load_with_engine(&compiler, &string);
    let begin = || Module::prepare_with(&engine, load).start();
    crate::call::module(call.env, call.args[2], begin)
}

/// `moduleFromBytesAsync(bytes, engine or undefined, carrier or undefined)`
fn from_bytes_async(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let bytes = call.copied(0)?;
    let begin = || Module::load_async(&engine, bytes);
    crate::call::module(call.env, call.args[2], begin)
}

/// `moduleFromSentAsync(bytes, digest, engine or undefined, carrier or undefined)`
fn from_sent_async(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 2)?;
    let bytes = sent(call)?;
    let begin = || Module::load_async(&engine, bytes);
    crate::call::module(call.env, call.args[3], begin)
}

/// `modulePrecompiled(path, engine or undefined)`
fn precompiled(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let path = call.env.text(call.args[0])?;
    // SAFETY: whoever calls `loadPrecompiled` promises what its documentation asks for.
    let module = unsafe { Module::load_precompiled(&engine, path) }?;
    handle(call.env, module)
}

/// `moduleCompile(module, path)`
fn compile(call: &Call) -> Result<Js> {
    call.held::<Module>(0)?
        .compile(call.env.text(call.args[1])?)?;
    call.env.undefined()
}

/// `moduleBytes(module)`: an `ArrayBuffer` of its own.
fn bytes(call: &Call) -> Result<Js> {
    call.env.bytes(call.held::<Module>(0)?.bytes())
}

/// `moduleDigest(module)`
fn digest(call: &Call) -> Result<Js> {
    call.env.string(&call.held::<Module>(0)?.digest())
}

/// `moduleName(module)`
fn name(call: &Call) -> Result<Js> {
    match call.held::<Module>(0)?.name() {
        Some(name) => call.env.string(name),
        None => call.env.undefined(),
    }
}

/// `moduleImports(module)`: a frame.
fn imports(call: &Call) -> Result<Js> {
    let imports = call.held::<Module>(0)?.imports();
    call.env.view(&frame::write(imports)?)
}

/// `moduleExports(module)`: a frame.
fn exports(call: &Call) -> Result<Js> {
    let exports = call.held::<Module>(0)?.exports();
    call.env.view(&frame::write(exports)?)
}
