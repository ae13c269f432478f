//! Inspection: what a module is and what it will ask for, as arrays that `Inspection.java` reads.

use jni::sys::{jbyteArray, jclass, jobjectArray, jstring};
use landbridge::{Ask, CustomSection, ExternType, Inspection, MemoryType, Producer, Result};

use crate::env::Env;
use crate::guard::guard;
use crate::module::{export_list, import_list};
use crate::value::extern_numbers;

pub(crate) extern "system" fn of_bytes(env: Env, _: jclass, bytes: jbyteArray) -> jobjectArray {
    guard(env, || parts(env, &Inspection::new(env.content(bytes)?)?))
}

/// What a string names or is: the core says which.
pub(crate) extern "system" fn of_string(env: Env, _: jclass, source: jstring) -> jobjectArray {
    guard(env, || parts(env, &Inspection::of(&env.text(source)?)?))
}

pub(crate) extern "system" fn of_file(env: Env, _: jclass, path: jstring) -> jobjectArray {
    guard(env, || parts(env, &Inspection::of_file(env.text(path)?)?))
}

/// One element for each component of the record, in its order.
fn parts(env: Env, found: &Inspection) -> Result<jobjectArray> {
    let parts = [
        env.string_or_null(found.name.as_deref())?,
        import_list(env, &found.imports)?,
        asks(env, &found.asks)?,
        env.string_or_null(found.built_for)?,
        export_list(env, &found.exports)?,
        memories(env, &found.memories)?,
        env.strings(&found.features)?,
        env.longs(&[found.compile_cost.min(i64::MAX as u64) as i64])?,
        sections(env, &found.custom_sections)?,
        producers(env, &found.producers)?,
        env.strings(&found.target_features)?,
    ];
    let array = env.objects(parts.len())?;
    for (i, part) in parts.into_iter().enumerate() {
        env.put(array, i, part)?;
    }
    Ok(array)
}

/// Name and functions of each, one after the other.
fn asks(env: Env, asks: &[Ask]) -> Result<jobjectArray> {
    let array = env.objects(2 * asks.len())?;
    for (i, ask) in asks.iter().enumerate() {
        env.put(array, 2 * i, env.string(ask.what)?)?;
        env.put(array, 2 * i + 1, env.strings(&ask.functions)?)?;
    }
    Ok(array)
}

fn memories(env: Env, memories: &[MemoryType]) -> Result<jobjectArray> {
    let array = env.objects(memories.len())?;
    for (i, ty) in memories.iter().enumerate() {
        let numbers = extern_numbers(&ExternType::Memory(ty.clone()));
        env.put(array, i, env.longs(&numbers)?)?;
    }
    Ok(array)
}

/// Name and bytes of each, one after the other.
fn sections(env: Env, sections: &[CustomSection]) -> Result<jobjectArray> {
    let array = env.objects(2 * sections.len())?;
    for (i, section) in sections.iter().enumerate() {
        env.put(array, 2 * i, env.string(&section.name)?)?;
        env.put(array, 2 * i + 1, env.bytes(&section.bytes)?)?;
    }
    Ok(array)
}

/// Field, name and version of each, one after the other.
fn producers(env: Env, producers: &[Producer]) -> Result<jobjectArray> {
    let texts = producers.iter();
    let texts = texts.flat_map(|it| [&it.field, &it.name, &it.version]);
    env.strings(&texts.collect::<Vec<_>>())
}
