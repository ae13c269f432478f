//! Memory: bytes copied in and out, and the view in place.

use std::ffi::c_void;
use std::ptr;

use landbridge::{Error, ErrorKind, Memory, MemoryType, MemoryView, Result, Store};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, Native, quietly};
use crate::handle::{Noun, handle};
use crate::js::{get, run};
use crate::thread::is_stopping;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("memoryNew", new),
    ("memoryBytes", bytes),
    ("memoryPages", pages),
    ("memoryGrow", grow),
    ("memoryCheck", check),
    ("memoryRead", read),
    ("memoryWrite", write),
    ("memoryReadText", read_text),
    ("memoryReadCString", read_c_string),
    ("memoryWriteText", write_text),
    ("memoryBuffer", buffer),
    ("detach", detach),
];

impl Noun for Memory {
    const NAME: &'static str = "Memory";
}

fn memory(call: &CallbackInfo) -> Result<&'static Memory> {
    Ok(call.sided::<Memory>(0)?.0)
}

/// `memoryNew(store, min, max or undefined, is64 or undefined, pageBytes or undefined)`
fn new(call: &CallbackInfo) -> Result<Js> {
    let (store, side) = call.sided::<Store>(0)?;
    let mut ty = MemoryType {
        min: call.whole(1, "min")?,
        max: call.whole_or_none(2, "max")?,
        is_64: call.flag(3, false)?,
        ..MemoryType::new(0, None)
    };
    if let Some(bytes) = call.whole_or_none(4, "pageBytes")? {
        ty.page_bytes = bytes;
    }
    handle(call.env, (Memory::new(store, &ty)?, side.clone()))
}

/// `memoryBytes(memory)`: its size.
fn bytes(call: &CallbackInfo) -> Result<Js> {
    call.env.number(memory(call)?.size_bytes()? as f64)
}

/// `memoryPages(memory)`: its size.
fn pages(call: &CallbackInfo) -> Result<Js> {
    call.env.number(memory(call)?.size_pages()? as f64)
}

/// `memoryGrow(memory, pages)`
fn grow(call: &CallbackInfo) -> Result<Js> {
    let former = memory(call)?.grow(call.whole(1, "pages")?)?;
    call.env.number(former as f64)
}

/// An offset, which is the second argument.
fn offset(call: &CallbackInfo) -> Result<u64> {
    call.whole(1, "offset").or_else(|refused| {
        if refused.kind() != ErrorKind::Range {
            // It is no number, and telling it as text may run code of its own.
            return Err(refused);
        }
        let shown = crate::slot::shown(call.env, call.args[1])?;
        Err(match shown.starts_with('-') {
            true => Error::negative_offset(shown),
            false => refused,
        })
    })
}

/// `memoryCheck(memory, offset, length)`: fails if these bytes are not all there.
fn check(call: &CallbackInfo) -> Result<Js> {
    let length = call.whole(2, "length")?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    memory(call)?.with_bytes(offset(call)?, length, |_| ())?;
    call.env.undefined()
}

/// `memoryRead(memory, offset, target)`
fn read(call: &CallbackInfo) -> Result<Js> {
    let offset = offset(call)?;
    let target = call.bytes(2)?;
    // SAFETY: both have `target.len()` bytes, and `copy` allows for a target that is a view of the
    // same memory. Any thread may copy while this one waits.
    unsafe {
        let copy = |bytes: &[u8]| ptr::copy(bytes.as_ptr(), target.cast(), target.len());
        memory(call)?.lend_bytes(offset, target.len(), copy)?;
    }
    call.env.undefined()
}

/// `memoryWrite(memory, offset, source)`
fn write(call: &CallbackInfo) -> Result<Js> {
    let offset = offset(call)?;
    let source = call.bytes(2)?;
    // SAFETY: as in `read`, the other way.
    unsafe {
        let copy = |bytes: &mut [u8]| ptr::copy(source.cast(), bytes.as_mut_ptr(), source.len());
        memory(call)?.lend_bytes_mut(offset, source.len(), copy)?;
    }
    call.env.undefined()
}

/// `memoryReadText(memory, offset, length)`
fn read_text(call: &CallbackInfo) -> Result<Js> {
    let (offset, length) = (offset(call)?, call.whole(2, "length")?);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    call.env.string(&memory(call)?.read_text(offset, length)?)
}

/// `memoryReadCString(memory, offset, most or undefined)`
fn read_c_string(call: &CallbackInfo) -> Result<Js> {
    let (offset, most) = (offset(call)?, call.whole_or_none(2, "most")?);
    let most = most.map(|most| usize::try_from(most).unwrap_or(usize::MAX));
    call.env.string(&memory(call)?.read_c_string(offset, most)?)
}

/// `memoryWriteText(memory, offset, text)`: how many bytes it has.
fn write_text(call: &CallbackInfo) -> Result<Js> {
    let (offset, text) = (offset(call)?, call.env.text(call.args[2])?);
    call.env
        .number(memory(call)?.write_text(offset, &text)? as f64)
}

/// `memoryBuffer(memory)`: an `ArrayBuffer` over all its bytes in place.
fn buffer(call: &CallbackInfo) -> Result<Js> {
    let view = memory(call)?.view()?;
    match view.is_empty() {
        true => get!(
            call.env,
            napi_create_arraybuffer(0, ptr::null_mut()),
            ptr::null_mut()
        ),
        false => over(call.env, view),
    }
}

/// The buffer owns the view, which keeps the memory mapped until the buffer is gone.
fn over(env: Env, view: MemoryView) -> Result<Js> {
    let (data, length) = (view.data().cast(), view.len());
    let view = Box::into_raw(Box::new(view));
    let mut buffer = ptr::null_mut();
    // SAFETY: the bytes stay mapped until `unmap` has dropped the view.
    let status = unsafe {
        let hint = view.cast();
        let raw = env.raw();
        sys::napi_create_external_arraybuffer(raw, data, length, Some(unmap), hint, &mut buffer)
    };
    if status == sys::Status::napi_ok {
        return Ok(buffer);
    }
    // SAFETY: without a buffer nobody has the box.
    drop(unsafe { Box::from_raw(view) });
    if status == sys::Status::napi_no_external_buffers_allowed {
        return Err(Error::new(
            ErrorKind::Unsupported,
            "this JavaScript engine allows no views of foreign memory; use read, readInto and write",
        ));
    }
    env.check(status)?;
    Ok(buffer)
}

/// Lets the memory of a buffer go.
unsafe extern "C" fn unmap(raw: sys::napi_env, _: *mut c_void, hint: *mut c_void) {
    quietly(|| {
        // SAFETY: `over` gave this box for this buffer, which is finalised once; Node.js gives the
        // environment of this thread.
        let (env, view) = unsafe { (Env::new(raw), Box::from_raw(hint.cast::<MemoryView>())) };
        // At the end of its thread Node.js finalises buffers whose bytes may have moved to another
        // thread by `ArrayBuffer.prototype.transfer`, which newer versions have. Then they stay.
        if env.addon().is_ok_and(|addon| addon.transfers.get()) && is_stopping(env) {
            std::mem::forget(view);
        }
    });
}

/// `detach(buffer)`: makes it empty.
fn detach(call: &CallbackInfo) -> Result<Js> {
    run!(call.env, napi_detach_arraybuffer(call.args[0]))?;
    call.env.undefined()
}
