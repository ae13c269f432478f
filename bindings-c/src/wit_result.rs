//! Values that the library gives
//!
//! A lb_wit_result_t keeps a tree of values until it is released. Texts of values are read and written here too.

use std::ffi::c_char;
use std::sync::Arc;

use landbridge::{HostResource, NumberList, Result, WitFrame, host};

use crate::arena::Arena;
use crate::error::lb_error_t;
use crate::guard::{guard, guard_out, guard_release};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{null, text};
use crate::stdio::lb_bytes_t;
use crate::wit_decode::Decoder;
use crate::wit_encode::encode_one;
use crate::wit_type::lb_wit_type_t;
use crate::wit_value::lb_wit_value_t;

/// A value that the library gives.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_result_t {
    /// The value, or NULL if the function gives none. All of it lives until the result is released.
    pub value: *const lb_wit_value_t,
    /// What keeps it.
    pub id: u64,
}

/// Frames that are no larger are copied into the tree, so that their buffer is there for the next call.
const MOST_COPIED: usize = 4096;

/// The handle inside of a result.
#[derive(Clone, Copy)]
struct ResultHandle {
    id: u64,
}

/// What a tree points to.
pub(crate) struct Kept {
    #[expect(dead_code, reason = "held for the pointers in the tree")]
    arena: Arena,
    #[expect(dead_code, reason = "held for the pointers in the tree")]
    bytes: Vec<u8>,
    #[expect(dead_code, reason = "held for the pointers in the tree")]
    blobs: Vec<NumberList>,
    #[expect(dead_code, reason = "held for the pointers in the tree")]
    objects: Vec<HostResource>,
    #[expect(dead_code, reason = "held for the names in the tree")]
    ty: Arc<lb_wit_type_t>,
}

// SAFETY: the tree leads to what is kept beside it and never changes.
unsafe impl Send for Kept {}
// SAFETY: as above.
unsafe impl Sync for Kept {}

noun!(ResultHandle, "result", Kept);

impl lb_wit_result_t {
    pub(crate) const NONE: lb_wit_result_t = lb_wit_result_t {
        value: std::ptr::null(),
        id: 0,
    };

    /// Makes the value of a type in a frame C's.
    pub(crate) fn give(
        ty: &Arc<lb_wit_type_t>,
        mut frame: WitFrame,
        objects: Vec<HostResource>,
    ) -> Result<lb_wit_result_t> {
        lb_wit_result_t::give_out_of(ty, &mut frame.bytes, frame.blobs, objects)
    }

    /// The same of a buffer, which stays where it is if what is in it is small.
    pub(crate) fn give_out_of(
        ty: &Arc<lb_wit_type_t>,
        buffer: &mut Vec<u8>,
        blobs: Vec<NumberList>,
        objects: Vec<HostResource>,
    ) -> Result<lb_wit_result_t> {
        let mut arena = Arena::default();
        let (bytes, value) = match buffer.len() <= MOST_COPIED {
            true => {
                let decoder = Decoder::new(buffer, &blobs, &objects, &mut arena);
                (Vec::new(), decoder.whole_copied(ty)?)
            }
            false => {
                let bytes = std::mem::take(buffer);
                let mut decoder = Decoder::new(&bytes, &blobs, &objects, &mut arena);
                let value = decoder.whole(ty)?;
                (bytes, value)
            }
        };
        let kept = Kept {
            arena,
            bytes,
            blobs,
            objects,
            ty: ty.clone(),
        };
        let id = ResultHandle::keep(kept)?.id;
        Ok(lb_wit_result_t { value, id })
    }
}

/// Releases a value that the library gave. Resources of guests in it are handles of the program's, which stay until they
/// are closed. One without a value holds nothing: that is no error.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_result_release(result: lb_wit_result_t) -> *mut lb_error_t {
    match result.id {
        0 => std::ptr::null_mut(),
        id => guard_release(ResultHandle::of(id)),
    }
}

/// Reads a value of a type from its text, such as "{name: \"Ada\", age: 36}". The text is WAVE, the WebAssembly Value
/// Encoding. The caller releases the value.
///
/// Errors: LB_KIND_TYPE if the text is no such value, LB_KIND_RANGE if a number does not fit: the message says where.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_parse(
    r#type: *const lb_wit_type_t,
    source: *const c_char,
    value: Out<lb_wit_result_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard_out(value, lb_wit_result_t::NONE, || unsafe {
        let ty = lb_wit_type_t::keep(r#type)?;
        let frame = host::wit::parse(&ty.ty, &text(source, "source")?)?;
        lb_wit_result_t::give(&ty, frame, Vec::new())
    })
}

/// A value of a type as text; lb_wit_parse() reads it back. The caller keeps the objects in the value, and releases the
/// text.
///
/// Errors: LB_KIND_TYPE, LB_KIND_RANGE if it is no value of the type, LB_KIND_TYPE if it has a resource in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_format(
    r#type: *const lb_wit_type_t,
    value: *const lb_wit_value_t,
    text: Out<lb_bytes_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard_out(text, lb_bytes_t::NONE, || unsafe {
        let ty = lb_wit_type_t::keep(r#type)?;
        let value = value.as_ref().ok_or_else(|| null("value"))?;
        let mut frame = encode_one(&ty, value)?;
        lb_bytes_t::give(host::wit::format(&ty.ty, &mut frame)?.into_bytes())
    })
}

/// Checks that a value is one of a type, as a call does. The caller keeps the objects in it.
///
/// Errors: LB_KIND_TYPE, LB_KIND_RANGE if it is not: the message says where, from "value" on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_check(
    r#type: *const lb_wit_type_t,
    value: *const lb_wit_value_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let ty = lb_wit_type_t::keep(r#type)?;
        encode_one(&ty, value.as_ref().ok_or_else(|| null("value"))?).map(drop)
    })
}
