//! Objects of the guest's heap
//!
//! A struct or an array that a guest made and gave to the program, in a value of LB_TYPE_STRUCTREF
//! or LB_TYPE_ARRAYREF. It is not copied: the program reads and writes what the guest does. It
//! lives as long as the program or the guest holds it.

use std::ffi::c_char;

use landbridge::Type;

use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_out, guard_release, guard_same};
use crate::handle::lb_gcref_t;
use crate::noun::Noun;
use crate::object::Object;
use crate::out::Out;
use crate::types::{lb_gc_type_t, write_text};
use crate::value::lb_value_t;

/// An index for the core, which has 32 bits: no object has an element of the last one.
fn narrow(index: u64) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What it is, with its fields or elements. The array lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the object was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_gcref_type(gcref: lb_gcref_t, r#type: Out<lb_gc_type_t>) -> *mut lb_error_t {
    guard_out(r#type, lb_gc_type_t::NONE, || Ok(gcref.get()?.ty()))
}

/// Writes a type's text, such as "(struct (mut i32) f64)" or "(array (mut i8))", to a buffer of
/// size bytes, as lb_func_type_text() does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_gc_type_text(
    r#type: *const lb_gc_type_t,
    text: *mut c_char,
    size: usize,
) -> usize {
    // SAFETY: the caller's promise is ours.
    unsafe { write_text(r#type, |ty| ty.read(), text, size) }
}

/// How many fields, or elements, it has.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_gcref_len(gcref: lb_gcref_t, length: Out<u64>) -> *mut lb_error_t {
    guard_out(length, 0, || Ok(gcref.get()?.gcref.len()?.into()))
}

/// Reads a field of a struct, or an element of an array. The caller releases the reference it may
/// be, with lb_value_release().
///
/// Errors: LB_KIND_OUT_OF_BOUNDS, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_gcref_get(
    gcref: lb_gcref_t,
    index: u64,
    value: Out<lb_value_t>,
) -> *mut lb_error_t {
    guard_out(value, lb_value_t::zero(Type::I32), || {
        lb_value_t::give(&gcref.get()?.gcref.get(narrow(index))?)
    })
}

/// Writes a field of a struct, or an element of an array. The caller keeps the reference in value.
/// Of an i32 for a packed field, the low bits are written.
///
/// Errors: LB_KIND_OUT_OF_BOUNDS, LB_KIND_TYPE if the value does not fit or the field is immutable,
/// LB_KIND_WRONG_STORE, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_gcref_set(
    gcref: lb_gcref_t,
    index: u64,
    value: lb_value_t,
) -> *mut lb_error_t {
    guard(|| {
        let (object, index) = (gcref.get()?, narrow(index));
        let value = value.read(&|| object.gcref.place(index))?;
        object.gcref.set(index, &value)
    })
}

/// Whether two handles are of one object of one store. False if either is no handle of an object,
/// or if the store is closed and they came from the guest at different times.
#[unsafe(no_mangle)]
pub extern "C" fn lb_gcref_same(gcref: lb_gcref_t, other: lb_gcref_t) -> bool {
    guard_same(|| Ok(gcref.get()?.gcref.same(&other.get()?.gcref)))
}

/// A second handle of the same object, for instance of one that a host function borrowed and wants
/// to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the object was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_gcref_clone(gcref: lb_gcref_t, clone: Out<lb_gcref_t>) -> *mut lb_error_t {
    guard_new(clone, || Ok(Object::new(gcref.get()?.gcref.clone())))
}

/// Releases the handle. Guests that hold the object keep it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_gcref_release(gcref: lb_gcref_t) -> *mut lb_error_t {
    guard_release(gcref)
}
