//! Objects of the guest's heap
//!
//! A struct or an array that a guest made and gave to the program, in a value of LB_TYPE_STRUCTREF
//! or LB_TYPE_ARRAYREF. It is not copied: the program reads and writes what the guest does. It
//! lives as long as the program or the guest holds it.

use std::ffi::c_char;
use std::sync::OnceLock;

use landbridge::{Error, ErrorKind, FieldType, GcRef, GcType, Result, Storage, Type};

use crate::error::lb_error_t;
use crate::guard::{Noun, array, guard, guard_new, guard_out, guard_release, guard_same};
use crate::handle::lb_gcref_t;
use crate::types::{lb_bool, lb_type_t, type_of, write_text};
use crate::value::lb_value_t;

/// A field of a struct, or what the elements of an array are.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_field_type_t {
    /// The type of the values that are read and written.
    pub r#type: lb_type_t,
    /// 8 or 16 if only so many bits of an i32 are stored, which are read without a sign; else 0.
    pub packed_bits: u8,
    /// Whether it can be written.
    pub is_mutable: lb_bool,
}

/// The type of a struct or of an array.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_gc_type_t {
    /// LB_TYPE_STRUCTREF or LB_TYPE_ARRAYREF.
    pub sort: lb_type_t,
    /// The fields of a struct; of an array, the one type of all its elements.
    pub fields: *const lb_field_type_t,
    /// How many types there are.
    pub nfields: usize,
}

/// An object with its type for C, made when it is first asked for.
pub struct Object {
    pub(crate) gcref: GcRef,
    fields: OnceLock<Vec<lb_field_type_t>>,
}

impl Object {
    pub(crate) fn new(gcref: GcRef) -> Object {
        let fields = OnceLock::new();
        Object { gcref, fields }
    }

    fn ty(&self) -> lb_gc_type_t {
        let give = |fields: &[FieldType]| fields.iter().map(lb_field_type_t::give).collect();
        let fields = self.fields.get_or_init(|| match self.gcref.ty() {
            GcType::Struct(fields) => give(fields),
            GcType::Array(element) => give(&[*element]),
        });
        lb_gc_type_t {
            sort: self.gcref.sort() as u32,
            fields: fields.as_ptr(),
            nfields: fields.len(),
        }
    }
}

impl lb_field_type_t {
    fn give(field: &FieldType) -> lb_field_type_t {
        lb_field_type_t {
            r#type: field.storage.ty() as u32,
            packed_bits: match field.storage {
                Storage::I8 => 8,
                Storage::I16 => 16,
                Storage::Value(_) => 0,
            },
            is_mutable: field.mutable.into(),
        }
    }

    fn read(&self) -> Result<FieldType> {
        let storage = match self.packed_bits {
            8 => Storage::I8,
            16 => Storage::I16,
            _ => Storage::Value(type_of(self.r#type)?),
        };
        let mutable = self.is_mutable != 0;
        Ok(FieldType { storage, mutable })
    }
}

impl lb_gc_type_t {
    const NONE: lb_gc_type_t = lb_gc_type_t {
        sort: 0,
        fields: std::ptr::null(),
        nfields: 0,
    };

    /// # Safety
    /// `fields` is NULL or leads to as many elements as said.
    unsafe fn read(&self) -> Result<GcType> {
        // SAFETY: the caller's promise is ours.
        let fields = unsafe { array(self.fields, self.nfields, "fields") }?;
        let fields = fields
            .iter()
            .map(lb_field_type_t::read)
            .collect::<Result<Vec<_>>>()?;
        match (type_of(self.sort)?, &fields[..]) {
            (Type::StructRef, _) => Ok(GcType::Struct(fields)),
            (Type::ArrayRef, [element]) => Ok(GcType::Array(*element)),
            _ => Err(Error::new(
                ErrorKind::Type,
                "no type of a struct or an array",
            )),
        }
    }
}

/// An index for the core, which has 32 bits: no object has an element of the last one.
fn narrow(index: u64) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What it is, with its fields or elements. The array lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the object was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_gcref_type(
    gcref: lb_gcref_t,
    r#type: *mut lb_gc_type_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or an out parameter.
    unsafe { guard_out(r#type, lb_gc_type_t::NONE, || Ok(gcref.get()?.ty())) }
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
pub unsafe extern "C" fn lb_gcref_len(gcref: lb_gcref_t, length: *mut u64) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or an out parameter.
    unsafe { guard_out(length, 0, || Ok(gcref.get()?.gcref.len()?.into())) }
}

/// Reads a field of a struct, or an element of an array. The caller releases the reference it may
/// be, with lb_value_release().
///
/// Errors: LB_KIND_OUT_OF_BOUNDS, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_gcref_get(
    gcref: lb_gcref_t,
    index: u64,
    value: *mut lb_value_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or an out parameter.
    unsafe {
        guard_out(value, lb_value_t::zero(Type::I32), || {
            lb_value_t::give(&gcref.get()?.gcref.get(narrow(index))?)
        })
    }
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

/// A second handle of the same object, for instance of one that a host function was lent and wants
/// to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the object was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_gcref_clone(
    gcref: lb_gcref_t,
    clone: *mut lb_gcref_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or an out parameter.
    unsafe { guard_new(clone, || Ok(Object::new(gcref.get()?.gcref.clone()))) }
}

/// Releases the handle. Guests that hold the object keep it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_gcref_release(gcref: lb_gcref_t) -> *mut lb_error_t {
    guard_release(gcref)
}
