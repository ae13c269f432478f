//! Types and values
//!
//! A value is a type and a union of what it may hold. LB_I32(2) and its siblings write one in an
//! initialiser; lb_i32(2) and its siblings are expressions.
//!
//! References are handles. In arguments they are lent: whoever passes them keeps them. In results
//! they are given: whoever receives them releases them, with lb_value_release() or the release
//! function of their kind. The handle 0 is the null reference.

use std::ffi::c_void;

use landbridge::{Error, ErrorKind, ExternRef, Result, Slot, Type, Value};

use crate::error::{Owned, lb_drop_t, lb_error_t};
use crate::guard::{Noun, guard, guard_new, null, set};
use crate::handle::{lb_externref_t, lb_func_t};
use crate::types::lb_type_t;

/// A 128-bit vector: its bytes in the order they have in memory, lane 0 first.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_v128_t {
    /// The bytes.
    pub bytes: [u8; 16],
}

/// What a value holds; the value's type says which.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lb_bits_t {
    /// LB_TYPE_I32
    pub i32: i32,
    /// LB_TYPE_I64
    pub i64: i64,
    /// LB_TYPE_F32; all bits of a NaN are kept
    pub f32: f32,
    /// LB_TYPE_F64; all bits of a NaN are kept
    pub f64: f64,
    /// LB_TYPE_V128
    pub v128: lb_v128_t,
    /// LB_TYPE_FUNCREF; a null reference has the id 0
    pub func: lb_func_t,
    /// LB_TYPE_EXTERNREF; a null reference has the id 0
    pub externref: lb_externref_t,
}

/// A value: an argument, a result, or what a global or a table's element holds.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_value_t {
    /// One of the LB_TYPE_ numbers.
    pub r#type: lb_type_t,
    /// What it holds.
    pub of: lb_bits_t,
}

impl lb_value_t {
    /// The zero or null of a type.
    #[inline(always)]
    pub(crate) fn zero(ty: Type) -> lb_value_t {
        lb_value_t {
            r#type: ty as u32,
            of: lb_bits_t {
                v128: lb_v128_t { bytes: [0; 16] },
            },
        }
    }

    #[inline(always)]
    fn of(ty: Type, of: lb_bits_t) -> lb_value_t {
        let r#type = ty as u32;
        lb_value_t { r#type, of }
    }

    /// Makes a value C's: a reference becomes a handle of its own.
    pub(crate) fn give(value: &Value) -> Result<lb_value_t> {
        let of = match value {
            Value::I32(v) => lb_bits_t { i32: *v },
            Value::I64(v) => lb_bits_t { i64: *v },
            Value::F32(v) => lb_bits_t { f32: *v },
            Value::F64(v) => lb_bits_t { f64: *v },
            Value::V128(v) => lb_bits_t {
                v128: lb_v128_t {
                    bytes: v.to_le_bytes(),
                },
            },
            Value::FuncRef(Some(func)) => lb_bits_t {
                func: lb_func_t::keep(func.clone())?,
            },
            Value::ExternRef(Some(object)) => lb_bits_t {
                externref: lb_externref_t::keep(object.clone())?,
            },
            Value::FuncRef(None) | Value::ExternRef(None) => return Ok(Self::zero(value.ty())),
        };
        Ok(lb_value_t::of(value.ty(), of))
    }

    /// Reads a value of C's, which keeps its references. `what` names the place for the message.
    pub(crate) fn read(&self, what: &dyn Fn() -> String) -> Result<Value> {
        let Some(ty) = Type::ALL.iter().find(|ty| **ty as u32 == self.r#type) else {
            let message = format!("{}: {} is no LB_TYPE_ number", what(), self.r#type);
            return Err(Error::new(ErrorKind::Type, message));
        };
        // SAFETY: every member is plain bits, and the type says which one is meant.
        unsafe {
            Ok(match ty {
                Type::I32 => Value::I32(self.of.i32),
                Type::I64 => Value::I64(self.of.i64),
                Type::F32 => Value::F32(self.of.f32),
                Type::F64 => Value::F64(self.of.f64),
                Type::V128 => Value::V128(u128::from_le_bytes(self.of.v128.bytes)),
                Type::FuncRef => Value::FuncRef(reference(self.of.func)?),
                Type::ExternRef => Value::ExternRef(reference(self.of.externref)?),
                Type::OtherRef => {
                    return Err(Error::new(
                        ErrorKind::Unsupported,
                        "this reference type cannot cross to the host yet",
                    ));
                }
            })
        }
    }

    /// Reads a value as a slot of a plain type; none if it is of another type.
    #[inline(always)]
    pub(crate) fn slot(&self, ty: Type) -> Option<Slot> {
        if self.r#type != ty as u32 || !ty.is_plain() {
            return None;
        }
        // SAFETY: every member is plain bits, and the type says which one is meant.
        unsafe {
            Some(match ty {
                Type::V128 => Slot::from_v128(u128::from_le_bytes(self.of.v128.bytes)),
                _ => Slot::from_i64(self.of.i64 & bits_of(ty)),
            })
        }
    }

    /// Becomes the value in a slot of a plain type. The members are written one by one: a value
    /// that is put together and then copied costs more than the call.
    #[inline(always)]
    pub(crate) fn set(&mut self, slot: &Slot, ty: Type) {
        self.r#type = ty as u32;
        match ty {
            Type::V128 => self.of.v128.bytes = slot.as_v128().to_le_bytes(),
            _ => self.of.i64 = slot.as_i64() & bits_of(ty),
        }
    }

    /// The error for a value of another type than `expected`.
    #[cold]
    pub(crate) fn wrong_type(&self, what: &str, expected: Type) -> Error {
        let found = Type::ALL.iter().find(|ty| **ty as u32 == self.r#type);
        match found {
            Some(found) => Error::wrong_type(what, expected, found.name()),
            None => Error::wrong_type(what, expected, &format!("the unknown type {}", self.r#type)),
        }
    }

    /// Releases the reference it may hold; a handle that is stale by now is no matter.
    pub(crate) fn drop_reference(&self) -> Result<()> {
        // SAFETY: every member is plain bits, and the type says which one is meant.
        unsafe {
            match self.r#type {
                ty if ty == Type::FuncRef as u32 && self.of.func.id != 0 => self.of.func.release(),
                ty if ty == Type::ExternRef as u32 && self.of.externref.id != 0 => {
                    self.of.externref.release()
                }
                _ => Ok(()),
            }
        }
    }
}

/// The bits that count, of the 64 of a number: slots are little-endian, whatever the machine is, and
/// so are all machines that the engine compiles for.
#[inline(always)]
fn bits_of(ty: Type) -> i64 {
    match ty {
        Type::I32 | Type::F32 => 0xffff_ffff,
        _ => -1,
    }
}

#[cfg(target_endian = "big")]
compile_error!("numbers in lb_bits_t are read as the low bytes of an i64");

/// Reads a reference; 0 is null.
fn reference<N: Noun>(handle: N) -> Result<Option<N::Object>>
where
    N::Object: Clone,
{
    match handle.id() {
        0 => Ok(None),
        _ => Ok(Some((*handle.get()?).clone())),
    }
}

/// Releases the reference that a value holds, if it holds one, and makes it null. Numbers are left
/// as they are. NULL is ignored.
///
/// Errors: LB_KIND_CLOSED if the reference was released before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_value_release(value: *mut lb_value_t) -> *mut lb_error_t {
    guard(|| {
        // SAFETY: the caller passes NULL or a value of its own.
        let Some(value) = (unsafe { value.as_mut() }) else {
            return Ok(());
        };
        let released = value.drop_reference();
        if value.r#type == Type::FuncRef as u32 || value.r#type == Type::ExternRef as u32 {
            value.of.externref = lb_externref_t::NONE;
        }
        released
    })
}

/// Makes a reference to an object of the program's, for guests to hold. drop (or NULL) is called
/// with data once neither the program nor a guest holds the reference any more; it is called in any
/// case, at once if this function fails. The caller releases the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_externref_new(
    data: *mut c_void,
    drop: lb_drop_t,
    externref: *mut lb_externref_t,
) -> *mut lb_error_t {
    let owned = Owned { data, drop };
    // SAFETY: the caller passes NULL or an out parameter.
    unsafe { guard_new(externref, || Ok(ExternRef::new(owned))) }
}

/// The data pointer of a reference: the very one that it was made with, so that comparing pointers
/// tells whether two references are to the same object. drop may be NULL; if not, it receives
/// the drop function, by which you may know whether the pointer is yours.
///
/// Errors: LB_KIND_CLOSED if the reference was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_externref_data(
    externref: lb_externref_t,
    drop: *mut lb_drop_t,
    data: *mut *mut c_void,
) -> *mut lb_error_t {
    guard(|| {
        // SAFETY: the caller passes NULL or an out parameter.
        unsafe { set(data, std::ptr::null_mut()) }?;
        let object = externref.get()?;
        let owned = object.get::<Owned>().ok_or_else(|| null("the object"))?;
        // SAFETY: as above.
        unsafe {
            if !drop.is_null() {
                drop.write(owned.drop);
            }
            set(data, owned.data)
        }
    })
}

/// A second handle of the same object, for instance of one that a host function was lent and wants
/// to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the reference was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_externref_clone(
    externref: lb_externref_t,
    clone: *mut lb_externref_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or an out parameter.
    unsafe { guard_new(clone, || Ok((*externref.get()?).clone())) }
}

/// Releases the handle. Guests that hold the object keep it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_externref_release(externref: lb_externref_t) -> *mut lb_error_t {
    guard(|| externref.release())
}
