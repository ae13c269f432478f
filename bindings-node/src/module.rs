//! Module: compiling, and what a module asks for and gives.

use std::collections::HashMap;

use landbridge::{
    Error, ErrorKind, ExternType, FuncType, ImportType, Module, Program, Result, given,
};

use crate::env::{Env, Js};
use crate::guard::{Call, Native};
use crate::handle::Held;

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

/// `moduleFromFile(path, engine or undefined)`
fn from_file(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let module = Module::from_file_with_engine(&engine, call.env.text(call.args[0])?)?;
    Held::Module(module).into_js(call.env)
}

/// `modulePolicy(module, name, args, policy)`: with the name and the arguments of a program.
fn program_policy(call: &Call) -> Result<Js> {
    let env = call.env;
    let program = Program::new(call.module(0)?, &env.text(call.args[1])?)?;
    let args = env.items(call.args[2])?.into_iter().enumerate();
    let args = args.map(|(i, arg)| env.text_named(arg, || given::argument(i)));
    let args = args.collect::<Result<Vec<_>>>()?;
    Held::Policy(program.policy(call.policy(3)?, args)?).into_js(env)
}

/// `moduleFromString(text or path, engine or undefined)`: which it is, the core says.
fn from_string(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let module = Module::load_with_engine(&engine, &call.env.text(call.args[0])?)?;
    Held::Module(module).into_js(call.env)
}

/// `moduleFromText(text, engine or undefined)`
fn from_text(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let module = Module::with_engine(&engine, call.env.text(call.args[0])?)?;
    Held::Module(module).into_js(call.env)
}

/// `moduleFromBytes(bytes, engine or undefined)`
fn from_bytes(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    // SAFETY: the bytes are valid until JavaScript runs again, so they are copied at once; that
    // also keeps other threads from changing them under the compiler.
    let bytes = unsafe { &*call.bytes(0)? }.to_vec();
    Held::Module(Module::with_engine(&engine, bytes)?).into_js(call.env)
}

/// `moduleFromSent(bytes, digest, engine or undefined)`: the bytes are looked at before they are
/// loaded.
fn from_sent(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 2)?;
    let bytes = sent(call)?;
    Held::Module(Module::with_engine(&engine, bytes)?).into_js(call.env)
}

/// The bytes of a module that was sent, if they are of its digest.
fn sent(call: &Call) -> Result<Vec<u8>> {
    // SAFETY: as in `from_bytes`.
    let bytes = unsafe { &*call.bytes(0)? }.to_vec();
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
    // SAFETY: as in `from_bytes`.
    let bytes = unsafe { &*call.bytes(0)? }.to_vec();
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
    Held::Module(module).into_js(call.env)
}

/// `moduleCompile(module, path)`
fn compile(call: &Call) -> Result<Js> {
    call.module(0)?.compile(call.env.text(call.args[1])?)?;
    call.env.undefined()
}

/// `moduleBytes(module)`: an `ArrayBuffer` of its own.
fn bytes(call: &Call) -> Result<Js> {
    call.env.bytes(call.module(0)?.bytes())
}

/// `moduleDigest(module)`
fn digest(call: &Call) -> Result<Js> {
    call.env.string(&call.module(0)?.digest())
}

/// `moduleName(module)`
fn name(call: &Call) -> Result<Js> {
    match call.module(0)?.name() {
        Some(name) => call.env.string(name),
        None => call.env.undefined(),
    }
}

/// `moduleImports(module)`: arrays of module, name and type.
fn imports(call: &Call) -> Result<Js> {
    import_types(call.env, call.module(0)?.imports())
}

/// `moduleExports(module)`: arrays of name and type.
fn exports(call: &Call) -> Result<Js> {
    export_types(call.env, call.module(0)?.exports())
}

pub(crate) fn import_types(env: Env, imports: &[ImportType]) -> Result<Js> {
    let mut made = HashMap::new();
    env.array(imports.iter().map(|import| {
        env.array([
            env.string(&import.module),
            env.string(&import.name),
            shared_type(env, &import.ty, &mut made),
        ])
    }))
}

pub(crate) fn export_types(env: Env, exports: &[(String, ExternType)]) -> Result<Js> {
    let (exports, mut made) = (exports.iter(), HashMap::new());
    env.array(exports.map(|(name, ty)| {
        let ty = shared_type(env, ty, &mut made);
        env.array([env.string(name), ty])
    }))
}

/// One array for all types that are equal: many imports may have the same large one.
fn shared_type<'a>(
    env: Env,
    ty: &'a ExternType,
    made: &mut HashMap<&'a ExternType, Js>,
) -> Result<Js> {
    if let Some(made) = made.get(ty) {
        return Ok(*made);
    }
    let new = extern_type(env, ty)?;
    made.insert(ty, new);
    Ok(new)
}

/// An array of the sort and the text form, then what the sort has: for functions and tags the
/// types.
pub(crate) fn extern_type(env: Env, ty: &ExternType) -> Result<Js> {
    let optional = |n: Option<u64>| match n {
        Some(n) => env.number(n as f64),
        None => env.undefined(),
    };
    let head = [env.string(ty.sort()), env.string(&ty.to_string())];
    let rest = match ty {
        ExternType::Func(ty) | ExternType::Tag(ty) => vec![params(env, ty), results(env, ty)],
        ExternType::Memory(ty) => vec![
            env.number(ty.min as f64),
            optional(ty.max),
            env.boolean(ty.is_64),
            env.number(ty.page_bytes as f64),
        ],
        ExternType::Table(ty) => vec![
            env.string(ty.element.name()),
            env.number(ty.min as f64),
            optional(ty.max),
            env.boolean(ty.is_64),
        ],
        ExternType::Global(ty) => {
            vec![env.string(ty.content.name()), env.boolean(ty.mutable)]
        }
    };
    env.array(head.into_iter().chain(rest))
}

fn params(env: Env, ty: &FuncType) -> Result<Js> {
    env.strings(ty.params().iter().map(|ty| ty.name()))
}

fn results(env: Env, ty: &FuncType) -> Result<Js> {
    env.strings(ty.results().iter().map(|ty| ty.name()))
}
