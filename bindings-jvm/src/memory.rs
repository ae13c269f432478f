//! Memory: copies, single numbers, and views in place.

use std::sync::Arc;

use jni::sys::{jboolean, jbyteArray, jclass, jint, jlong, jlongArray, jobject, jstring};
use landbridge::{ExternType, Memory, MemoryType, Result, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::store;
use crate::value::{extern_numbers, insert, maximum};

fn get(memory: jlong) -> Result<Arc<Memory>> {
    handle::get(memory as u64, "memory")
}

pub(crate) extern "system" fn new(
    env: Env,
    _: jclass,
    store: jlong,
    min: jlong,
    bounded: jboolean,
    max: jlong,
    is_64: jboolean,
    page_bytes: jlong,
) -> jlong {
    guard(env, || {
        let ty = MemoryType {
            min: min as u64,
            max: maximum(bounded, max),
            is_64,
            page_bytes: page_bytes as u64,
        };
        insert("memory", Memory::new(&*store::get(store)?, &ty)?)
    })
}

pub(crate) extern "system" fn ty(env: Env, _: jclass, memory: jlong) -> jlongArray {
    guard(env, || {
        env.longs(&extern_numbers(&ExternType::Memory(get(memory)?.ty()?)))
    })
}

pub(crate) extern "system" fn size_bytes(env: Env, _: jclass, memory: jlong) -> jlong {
    guard(env, || Ok(get(memory)?.size_bytes()? as jlong))
}

pub(crate) extern "system" fn size_pages(env: Env, _: jclass, memory: jlong) -> jlong {
    guard(env, || Ok(get(memory)?.size_pages()? as jlong))
}

pub(crate) extern "system" fn grow(env: Env, _: jclass, memory: jlong, delta: jlong) -> jlong {
    guard(env, || Ok(get(memory)?.grow(delta as u64)? as jlong))
}

/// Copies straight from the memory into the array. Java has checked the array's range.
pub(crate) extern "system" fn read(
    env: Env,
    _: jclass,
    memory: jlong,
    offset: jlong,
    into: jbyteArray,
    start: jint,
    length: jint,
) {
    guard(env, || {
        let copy = |bytes: &[u8]| env.write_bytes(into, start, bytes);
        // SAFETY: no thread of Java's enters loans, so this one makes the copy.
        unsafe { get(memory)?.lend_bytes(offset as u64, length as usize, copy) }?
    })
}

/// Copies straight from the array into the memory. Java has checked the array's range.
pub(crate) extern "system" fn write(
    env: Env,
    _: jclass,
    memory: jlong,
    offset: jlong,
    from: jbyteArray,
    start: jint,
    length: jint,
) {
    guard(env, || {
        let copy = |bytes: &mut [u8]| env.read_bytes(from, start, bytes);
        // SAFETY: as in `read`.
        unsafe { get(memory)?.lend_bytes_mut(offset as u64, length as usize, copy) }?
    })
}

pub(crate) extern "system" fn read_text(
    env: Env,
    _: jclass,
    memory: jlong,
    offset: jlong,
    length: jint,
) -> jstring {
    guard(env, || {
        env.string(&get(memory)?.read_text(offset as u64, length as usize)?)
    })
}

/// As many bytes as the core searches if `most` is below zero.
pub(crate) extern "system" fn read_c_string(
    env: Env,
    _: jclass,
    memory: jlong,
    offset: jlong,
    most: jlong,
) -> jstring {
    guard(env, || {
        let most = usize::try_from(most).ok();
        env.string(&get(memory)?.read_c_string(offset as u64, most)?)
    })
}

pub(crate) extern "system" fn write_text(
    env: Env,
    _: jclass,
    memory: jlong,
    offset: jlong,
    text: jstring,
) -> jint {
    guard(env, || {
        let text = env.text(text)?;
        Ok(get(memory)?.write_text(offset as u64, &text)? as jint)
    })
}

/// Reads a little-endian number of `size` bytes.
pub(crate) extern "system" fn get_bits(
    env: Env,
    _: jclass,
    memory: jlong,
    offset: jlong,
    size: jint,
) -> jlong {
    guard(env, || {
        let mut bits = [0; 8];
        get(memory)?.read_into(offset as u64, &mut bits[..size as usize])?;
        Ok(jlong::from_le_bytes(bits))
    })
}

/// Writes a little-endian number of `size` bytes.
pub(crate) extern "system" fn put_bits(
    env: Env,
    _: jclass,
    memory: jlong,
    offset: jlong,
    size: jint,
    bits: jlong,
) {
    guard(env, || {
        get(memory)?.write(offset as u64, &bits.to_le_bytes()[..size as usize])
    })
}

/// A direct buffer over the memory, and the handle of the view that keeps it mapped. Buffers end at
/// 2 GiB, as Java's do.
pub(crate) extern "system" fn view(
    env: Env,
    _: jclass,
    memory: jlong,
    handle: jlongArray,
) -> jobject {
    guard(env, || {
        let view = get(memory)?.view()?;
        let buffer = env.buffer(view.data(), view.len().min(jint::MAX as usize))?;
        env.write_longs(handle, &[insert("view", view)?])?;
        Ok(buffer)
    })
}
