//! Memories
//!
//! Offsets and lengths are in bytes. Copying checks bounds and takes the store's turn; a view is the
//! bytes in place.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use landbridge::handle::{self, Lent};
use landbridge::{Memory, MemoryView, Result};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_out, guard_release, guard_same};
use crate::handle::{lb_memory_t, lb_store_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{null, text as read_text};
use crate::text::give_text;
use crate::types::lb_memory_type_t;

noun!(lb_memory_t, "memory", Memory;
    fn keep(memory: Memory) -> Result<lb_memory_t> {
        handle::insert_in_store("memory", Arc::new(memory)).map(Self::of)
    }
);

/// The bytes of a memory in place. They stay mapped until the view is released, whatever else is
/// closed or grown meanwhile; after growth, a view shows the first part. Guests write to them while
/// they run: a program that looks while another thread calls must expect to see that.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_view_t {
    /// The first byte.
    pub data: *mut u8,
    /// How many bytes there are.
    pub length: usize,
    /// What keeps them mapped; see lb_view_release().
    pub id: u64,
}

/// The handle inside of a view.
#[derive(Clone, Copy)]
struct ViewHandle {
    id: u64,
}

noun!(ViewHandle, "view", MemoryView);

impl lb_view_t {
    const NONE: lb_view_t = lb_view_t {
        data: std::ptr::null_mut(),
        length: 0,
        id: 0,
    };
}

/// Makes a memory that modules in this store can import. The caller releases it.
///
/// Errors: LB_KIND_LIMIT if the type is impossible or there is no room, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_memory_new(
    store: lb_store_t,
    r#type: *const lb_memory_type_t,
    memory: Out<lb_memory_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(memory, || {
            let ty = r#type.as_ref().ok_or_else(|| null("type"))?;
            Memory::new(&*store.get()?, &ty.read()?)
        })
    }
}

/// Copies length bytes from offset to bytes.
///
/// Errors: LB_KIND_OUT_OF_BOUNDS (bytes is not touched then, so it may have no room for a length that
/// no memory has), LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_memory_read(
    memory: lb_memory_t,
    offset: u64,
    bytes: *mut c_void,
    length: usize,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let bytes = some(bytes, length)?;
        // The bounds are checked before the caller's are touched, which may be in a view.
        handle::with(memory.id, lb_memory_t::KIND, |memory: &Lent<'_, Memory>| {
            memory.lend_bytes(offset, length, |data| {
                bytes.copy_from(data.as_ptr().cast(), data.len());
            })
        })
    })
}

/// NULL is good for no bytes.
fn some(bytes: *mut c_void, length: usize) -> Result<*mut c_void> {
    match bytes.is_null() && length > 0 {
        true => Err(null("bytes")),
        false => Ok(bytes),
    }
}

/// Copies length bytes to offset.
///
/// Errors: LB_KIND_OUT_OF_BOUNDS (nothing is written then), LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_memory_write(
    memory: lb_memory_t,
    offset: u64,
    bytes: *const c_void,
    length: usize,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let bytes = some(bytes.cast_mut(), length)?;
        handle::with(memory.id, lb_memory_t::KIND, |memory: &Lent<'_, Memory>| {
            memory.lend_bytes_mut(offset, length, |data| {
                bytes.copy_to(data.as_mut_ptr().cast(), data.len());
            })
        })
    })
}

/// Copies a text of length bytes out, which must be UTF-8, as snprintf does: at most size bytes with the
/// zero byte behind them, cut between characters. text_length (or NULL) receives its whole length, which
/// also tells a text with zero bytes inside.
///
/// Errors: LB_KIND_TYPE if the bytes are not UTF-8, saying where; LB_KIND_OUT_OF_BOUNDS; LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_memory_read_text(
    memory: lb_memory_t,
    offset: u64,
    length: usize,
    text: *mut c_char,
    size: usize,
    text_length: Out<usize>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let found = memory.get()?.read_text(offset, length)?;
        give_text(&found, text, size, text_length);
        Ok(())
    })
}

/// Copies out a text that ends with a zero byte, which is searched for in most bytes from offset on, in
/// 1 MiB if most is 0. Else as lb_memory_read_text().
///
/// Errors: LB_KIND_OUT_OF_BOUNDS if there is no zero byte; else as lb_memory_read_text().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_memory_read_c_string(
    memory: lb_memory_t,
    offset: u64,
    most: usize,
    text: *mut c_char,
    size: usize,
    text_length: Out<usize>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let most = (most > 0).then_some(most);
        let found = memory.get()?.read_c_string(offset, most)?;
        give_text(&found, text, size, text_length);
        Ok(())
    })
}

/// Writes a text to offset, without the zero byte at its end; written (or NULL) receives how many bytes
/// it has. C0 80 in it stands for a zero byte.
///
/// Errors: LB_KIND_TYPE if the text is not UTF-8; LB_KIND_OUT_OF_BOUNDS (nothing is written then),
/// LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_memory_write_text(
    memory: lb_memory_t,
    offset: u64,
    text: *const c_char,
    written: Out<usize>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let count = memory
            .get()?
            .write_text(offset, &read_text(text, "the text")?)?;
        written.tell(count);
        Ok(())
    })
}

/// Grows the memory by pages; former_pages (or NULL) receives its former size in pages.
///
/// Errors: LB_KIND_MEMORY_LIMIT if it cannot become that large, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_memory_grow(
    memory: lb_memory_t,
    pages: u64,
    former_pages: Out<u64>,
) -> *mut lb_error_t {
    guard(|| {
        let former = memory.get()?.grow(pages)?;
        former_pages.tell(former);
        Ok(())
    })
}

/// Its size now, in bytes.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_memory_size_bytes(memory: lb_memory_t, bytes: Out<u64>) -> *mut lb_error_t {
    guard_out(bytes, 0, || Ok(memory.get()?.size_bytes()? as u64))
}

/// Its size now, in pages.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_memory_size_pages(memory: lb_memory_t, pages: Out<u64>) -> *mut lb_error_t {
    guard_out(pages, 0, || memory.get()?.size_pages())
}

/// The type it was made with.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_memory_type(
    memory: lb_memory_t,
    r#type: Out<lb_memory_type_t>,
) -> *mut lb_error_t {
    let none = lb_memory_type_t {
        min: 0,
        max: 0,
        page_bytes: 0,
        is_64: 0,
    };
    guard_out(r#type, none, || {
        Ok(lb_memory_type_t::give(&memory.get()?.ty()?))
    })
}

/// A view of all its bytes as they are now. The caller releases it, with lb_view_release(), and
/// takes a new one after growth.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_memory_view(memory: lb_memory_t, view: Out<lb_view_t>) -> *mut lb_error_t {
    guard_out(view, lb_view_t::NONE, || {
        let found = memory.get()?.view()?;
        let (data, length) = (found.data(), found.len());
        let id = ViewHandle::keep(found)?.id;
        Ok(lb_view_t { data, length, id })
    })
}

/// Releases a view. Its bytes must not be used afterwards.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_view_release(view: lb_view_t) -> *mut lb_error_t {
    guard_release(ViewHandle { id: view.id })
}

/// Whether two handles are of one memory of one store, also when the store is closed. False if either
/// is no handle of a memory.
#[unsafe(no_mangle)]
pub extern "C" fn lb_memory_same(memory: lb_memory_t, other: lb_memory_t) -> bool {
    guard_same(|| Ok(memory.get()?.same(&*other.get()?)))
}

/// Releases the handle. The store keeps the memory.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_memory_release(memory: lb_memory_t) -> *mut lb_error_t {
    guard_release(memory)
}
