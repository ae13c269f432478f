//! Module: compiling, and what a module asks for and gives.

use landbridge::{Module, Policy, Program, Result, frame, given};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle};
use crate::source::Source;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("moduleLoad", load),
    ("moduleLoadAsync", load_async),
    ("modulePrecompiled", precompiled),
    ("moduleCompile", compile),
    ("moduleBytes", bytes),
    ("moduleDigest", digest),
    ("moduleName", name),
    ("moduleImports", imports),
    ("moduleExports", exports),
    ("modulePolicy", program_policy),
    ("inspect", inspect),
];

impl Noun for Module {
    const NAME: &'static str = "Module";
}

fn module(call: &CallbackInfo) -> Result<&'static Module> {
    call.held(0)
}

/// `moduleLoad(source, engine or undefined)`
fn load(call: &CallbackInfo) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let source = Source::read(call, 0)?;
    handle(call.env, source.load(&engine)?)
}

/// `moduleLoadAsync(source, engine or undefined, carrier or undefined)`: a promise of a handle.
fn load_async(call: &CallbackInfo) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let source = Source::read(call, 0)?.owned();
    let compiler = engine.clone();
    let load = move || source.load(&compiler);
    let begin = || Module::prepare_with(&engine, load).start();
    crate::call::module(call.env, call.args[2], begin)
}

/// `inspect(source)`: a frame of what it is, which is told without compiling it.
fn inspect(call: &CallbackInfo) -> Result<Js> {
    let found = Source::read(call, 0)?.inspect()?;
    call.env.view(&frame::write(&found)?)
}

/// `modulePolicy(module, name, args, policy)`: with the name and the arguments of a program.
fn program_policy(call: &CallbackInfo) -> Result<Js> {
    let env = call.env;
    let program = Program::new(module(call)?, &env.text(call.args[1])?)?;
    let args = env.items(call.args[2])?.into_iter().enumerate();
    let args = args.map(|(i, arg)| env.text_named(arg, || given::argument(i)));
    let args = args.collect::<Result<Vec<_>>>()?;
    handle(env, program.policy(call.held::<Policy>(3)?, args)?)
}

/// `modulePrecompiled(path, engine or undefined)`
fn precompiled(call: &CallbackInfo) -> Result<Js> {
    let engine = crate::engine::argument(call, 1)?;
    let path = call.env.text(call.args[0])?;
    // SAFETY: whoever calls `loadPrecompiled` promises what its documentation asks for.
    let module = unsafe { Module::load_precompiled(&engine, path) }?;
    handle(call.env, module)
}

/// `moduleCompile(module, path)`
fn compile(call: &CallbackInfo) -> Result<Js> {
    module(call)?.compile(call.env.text(call.args[1])?)?;
    call.env.undefined()
}

/// `moduleBytes(module)`: an `ArrayBuffer` of its own.
fn bytes(call: &CallbackInfo) -> Result<Js> {
    call.env.bytes(module(call)?.bytes())
}

/// `moduleDigest(module)`
fn digest(call: &CallbackInfo) -> Result<Js> {
    call.env.string(&module(call)?.digest())
}

/// `moduleName(module)`
fn name(call: &CallbackInfo) -> Result<Js> {
    match module(call)?.name() {
        Some(name) => call.env.string(name),
        None => call.env.undefined(),
    }
}

/// `moduleImports(module)`: a frame.
fn imports(call: &CallbackInfo) -> Result<Js> {
    let imports = module(call)?.imports();
    call.env.view(&frame::write(imports)?)
}

/// `moduleExports(module)`: a frame.
fn exports(call: &CallbackInfo) -> Result<Js> {
    let exports = module(call)?.exports();
    call.env.view(&frame::write(exports)?)
}
