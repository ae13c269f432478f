//! Memory: copies, single numbers, and views in place.

use std::sync::{Arc, Mutex, PoisonError};

use jni::sys::{jint, jlong};
use landbridge::{ExternType, Memory, MemoryView, Result, Store, frame, handle};

use crate::env::{Env, jvm};
use crate::kind::{Kind, insert};
use crate::refs::Weak;
use crate::types::{Buffer, Bytes, Here, Longs};

pub(crate) fn new(store: Arc<Store>, ty: Vec<u8>) -> Result<Memory> {
    Memory::new(&store, &frame::read(&ty)?)
}

pub(crate) fn ty(memory: Arc<Memory>) -> Result<Vec<u8>> {
    frame::write(&ExternType::Memory(memory.ty()?))
}

pub(crate) fn size_bytes(memory: Arc<Memory>) -> Result<jlong> {
    Ok(memory.size_bytes()? as jlong)
}

pub(crate) fn size_pages(memory: Arc<Memory>) -> Result<jlong> {
    Ok(memory.size_pages()? as jlong)
}

pub(crate) fn grow(memory: Arc<Memory>, delta: jlong) -> Result<jlong> {
    Ok(memory.grow(delta as u64)? as jlong)
}

/// Copies straight from the memory into the array. Java has checked the array's range.
pub(crate) fn read(
    memory: Arc<Memory>,
    offset: jlong,
    into: Here<Bytes>,
    start: jint,
    length: jint,
) -> Result<()> {
    let copy = |bytes: &[u8]| into.write(start, bytes);
    // SAFETY: no thread of Java's enters loans, so this one makes the copy.
    unsafe { memory.lend_bytes(offset as u64, length as usize, copy) }?
}

/// Copies straight from the array into the memory. Java has checked the array's range.
pub(crate) fn write(
    memory: Arc<Memory>,
    offset: jlong,
    from: Here<Bytes>,
    start: jint,
    length: jint,
) -> Result<()> {
    let copy = |bytes: &mut [u8]| from.read(start, bytes);
    // SAFETY: as in `read`.
    unsafe { memory.lend_bytes_mut(offset as u64, length as usize, copy) }?
}

pub(crate) fn read_text(memory: Arc<Memory>, offset: jlong, length: jint) -> Result<String> {
    memory.read_text(offset as u64, length as usize)
}

/// As many bytes as the core searches if `most` is below zero.
pub(crate) fn read_c_string(memory: Arc<Memory>, offset: jlong, most: jlong) -> Result<String> {
    memory.read_c_string(offset as u64, usize::try_from(most).ok())
}

pub(crate) fn write_text(memory: Arc<Memory>, offset: jlong, text: String) -> Result<jint> {
    Ok(memory.write_text(offset as u64, &text)? as jint)
}

/// Reads a little-endian number of `size` bytes.
pub(crate) fn get_bits(memory: Arc<Memory>, offset: jlong, size: jint) -> Result<jlong> {
    let mut bits = [0; 8];
    memory.read_into(offset as u64, &mut bits[..size as usize])?;
    Ok(jlong::from_le_bytes(bits))
}

/// Writes a little-endian number of `size` bytes.
pub(crate) fn put_bits(memory: Arc<Memory>, offset: jlong, size: jint, bits: jlong) -> Result<()> {
    memory.write(offset as u64, &bits.to_le_bytes()[..size as usize])
}

/// A direct buffer over the memory, and the handle of the view that keeps it mapped. Buffers end at
/// 2 GiB, as Java's do.
pub(crate) fn view(memory: Arc<Memory>, handle: Here<Longs>) -> Result<Buffer> {
    let (env, view) = (handle.env, memory.view()?);
    let buffer = buffer(env, &view)?;
    let shown = Shown {
        buffer: Weak::new(env, buffer.0)?,
        _view: view,
    };
    handle.write(&[insert(shown)?])?;
    Ok(buffer)
}

fn buffer(env: Env, view: &MemoryView) -> Result<Buffer> {
    let length = view.len().min(jint::MAX as usize) as jlong;
    // SAFETY: the view keeps the memory mapped as long as the buffer lives.
    let buffer = unsafe { jvm!(env, NewDirectByteBuffer, view.data().cast(), length) };
    env.check()?;
    Ok(Buffer(buffer))
}

/// A view with the buffer that shows it.
pub(crate) struct Shown {
    buffer: Weak,
    /// Keeps the memory mapped.
    _view: MemoryView,
}

impl Kind for Shown {
    const KIND: &'static str = "view";
}

/// Views whose buffers outlived the class loader that they came from: anybody may have kept one.
static LEFT: Mutex<Vec<Arc<Shown>>> = Mutex::new(Vec::new());

/// Releases everything that Java had, when there is no Java of ours any more.
pub(crate) fn release_all() {
    let released = handle::release_all().into_iter();
    let shown = released.filter_map(|object| object.downcast::<Shown>().ok());
    let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    left.extend(shown);
    if let Some(env) = Env::current() {
        left.retain(|it| !it.buffer.is_gone(env));
    }
}
