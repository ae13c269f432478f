//! Inspection: what a module is, told without compiling it.

use landbridge::{Ask, ExternType, Inspection, MemoryType, Result};

use crate::env::{Env, Js};
use crate::guard::{Call, Native};
use crate::module::{export_types, extern_type, import_types};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("inspectFile", file),
    ("inspectString", string),
    ("inspectBytes", bytes),
];

/// `inspectString(text or path)`: which it is, the core says.
fn string(call: &Call) -> Result<Js> {
    let source = call.env.text(call.args[0])?;
    into_js(call.env, &Inspection::of(&source)?)
}

/// `inspectFile(path)`
fn file(call: &Call) -> Result<Js> {
    let path = call.env.text(call.args[0])?;
    into_js(call.env, &Inspection::of_file(path)?)
}

/// `inspectBytes(bytes)`
fn bytes(call: &Call) -> Result<Js> {
    // SAFETY: the bytes are valid until JavaScript runs again, so they are copied at once; that
    // also keeps other threads from changing them under the parser.
    let bytes = unsafe { &*call.bytes(0)? }.to_vec();
    into_js(call.env, &Inspection::new(bytes)?)
}

/// An array of all there is, in the order of the core's fields.
fn into_js(env: Env, found: &Inspection) -> Result<Js> {
    let name = match &found.name {
        Some(name) => env.string(name),
        None => env.undefined(),
    };
    let built_for = match found.built_for {
        Some(said) => env.string(said),
        None => env.undefined(),
    };
    let memory = |ty: &MemoryType| extern_type(env, &ExternType::Memory(ty.clone()));
    let sections = found.custom_sections.iter();
    let producers = found.producers.iter();
    let functions = |ask: &Ask| env.strings(ask.functions.iter().map(String::as_str));
    let asks = found.asks.iter();
    let asks = asks.map(|ask| env.array([env.string(ask.what), functions(ask)]));
    env.array([
        name,
        import_types(env, &found.imports),
        env.array(asks),
        built_for,
        export_types(env, &found.exports),
        env.array(found.memories.iter().map(memory)),
        env.strings(found.features.iter().copied()),
        env.number(found.compile_cost as f64),
        env.array(sections.map(|it| env.array([env.string(&it.name), env.bytes(&it.bytes)]))),
        env.array(producers.map(|it| env.strings([&*it.field, &*it.name, &*it.version]))),
        env.strings(found.target_features.iter().map(String::as_str)),
        env.string(&found.to_json()),
    ])
}
