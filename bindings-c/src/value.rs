//! Types and values
//!
//! A value is a type and a union of what it may hold. Write LB_I32(2) in an initialiser and lb_i32(2)
//! in an expression; so it is for every type.
//!
//! References are handles. Arguments are borrowed: who passes a reference still owns it. Results are
//! owned: who receives a reference releases it, with lb_value_release() or the release function of
//! its kind. The handle 0 is the null reference.
//!
//! What an anyref is, the value's type says: LB_TYPE_I31REF is a small integer, LB_TYPE_STRUCTREF
//! and LB_TYPE_ARRAYREF are objects of the guest's heap, LB_TYPE_ANYREF is null or an object of the
//! program's. Each of them goes where a parameter is an anyref or of a narrower type; what does not
//! fit the parameter is an error. A value of LB_TYPE_EQREF or of a LB_TYPE_NULL...REF can only be
//! null.

use std::ffi::c_void;

use landbridge::{AnyRef, Error, ErrorKind, ExternRef, Result, Slot, Type, Value};

use crate::error::{Owned, lb_drop_t, lb_error_t};
use crate::guard::{guard, guard_new, guard_out, guard_release, guard_same};
use crate::handle::{lb_exception_t, lb_externref_t, lb_func_t, lb_gcref_t};
use crate::noun::{Noun, noun};
use crate::object::Object;
use crate::out::Out;
use crate::types::{known, lb_type_t};

noun!(lb_externref_t, "externref", ExternRef);

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
    /// LB_TYPE_I32, and LB_TYPE_I31REF: from -1073741824 to 1073741823, never null
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
    /// LB_TYPE_EXTERNREF, and LB_TYPE_ANYREF for an object of the program's; a null reference has
    /// the id 0
    pub externref: lb_externref_t,
    /// LB_TYPE_STRUCTREF, LB_TYPE_ARRAYREF; a null reference has the id 0
    pub gcref: lb_gcref_t,
    /// LB_TYPE_EXNREF; a null reference has the id 0
    pub exception: lb_exception_t,
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
            Value::AnyRef(Some(AnyRef::I31(v))) => lb_bits_t { i32: *v },
            Value::AnyRef(Some(AnyRef::Object(object))) => lb_bits_t {
                gcref: lb_gcref_t::keep(Object::new(object.clone()))?,
            },
            Value::AnyRef(Some(AnyRef::Host(object))) => lb_bits_t {
                externref: lb_externref_t::keep(object.clone())?,
            },
            Value::ExnRef(Some(exception)) => lb_bits_t {
                exception: lb_exception_t::keep(exception.clone())?,
            },
            Value::FuncRef(None)
            | Value::ExternRef(None)
            | Value::AnyRef(None)
            | Value::ExnRef(None) => return Ok(Self::zero(value.ty())),
        };
        Ok(lb_value_t::of(value.ty(), of))
    }

    /// Makes values C's, all or none; there are as many of both.
    pub(crate) fn give_all(values: &[Value], out: &mut [lb_value_t]) -> Result<()> {
        let mut given = Vec::with_capacity(values.len());
        for value in values {
            match lb_value_t::give(value) {
                Ok(value) => given.push(value),
                Err(error) => {
                    given.iter().for_each(|value| drop(value.drop_reference()));
                    return Err(error);
                }
            }
        }
        out.copy_from_slice(&given);
        Ok(())
    }

    /// Reads values of C's, which keeps their references. `place` names one for the message.
    pub(crate) fn read_all(
        values: &[lb_value_t],
        place: impl Fn(usize) -> String,
    ) -> Result<Vec<Value>> {
        let each = values.iter().enumerate();
        each.map(|(i, value)| value.read(&|| place(i))).collect()
    }

    /// Reads a value of C's, which keeps its references. `what` names the place for the message.
    pub(crate) fn read(&self, what: &dyn Fn() -> String) -> Result<Value> {
        let Some(ty) = known(self.r#type) else {
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
                Type::AnyRef => Value::AnyRef(reference(self.of.externref)?.map(inward)),
                Type::I31Ref => Value::AnyRef(Some(AnyRef::I31(self.of.i32))),
                Type::StructRef | Type::ArrayRef => Value::AnyRef(object(self.of.gcref)?),
                Type::ExnRef => Value::ExnRef(reference(self.of.exception)?),
                Type::EqRef
                | Type::NullRef
                | Type::NullFuncRef
                | Type::NullExternRef
                | Type::NullExnRef => self.null(ty, what)?,
            })
        }
    }

    /// Reads a value of a type that is null here.
    fn null(&self, ty: Type, what: &dyn Fn() -> String) -> Result<Value> {
        // SAFETY: every member is plain bits.
        match unsafe { self.of.func.id } {
            0 => Ok(Value::zero(ty)),
            _ => Err(Error::new(
                ErrorKind::Type,
                format!("{}: a value of the type {ty} must be null", what()),
            )),
        }
    }

    /// A zero of the type i31ref becomes null, which is the zero of its hierarchy.
    pub(crate) fn no_integer(&mut self) {
        if self.r#type == Type::I31Ref as u32 {
            self.r#type = Type::AnyRef as u32;
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

    /// Writes a value of a plain type to a slot; false if it is of another type.
    #[inline(always)]
    pub(crate) fn take(&self, ty: Type, slot: &mut Slot) -> bool {
        if self.r#type != ty as u32 {
            return false;
        }
        // SAFETY: every member is plain bits, and the type says which one is meant.
        unsafe {
            match ty {
                Type::V128 => *slot = Slot::from_v128(u128::from_le_bytes(self.of.v128.bytes)),
                _ => slot.set_bits(self.of.i64 as u64),
            }
        }
        true
    }

    /// The bits of a number; what does not count of them is not looked at.
    #[inline(always)]
    pub(crate) fn bits(&self) -> u64 {
        // SAFETY: every member is plain bits.
        unsafe { self.of.i64 as u64 }
    }

    /// Becomes a number of a type.
    #[inline(always)]
    pub(crate) fn set_bits(&mut self, ty: lb_type_t, bits: u64) {
        self.r#type = ty;
        self.of.i64 = bits as i64;
    }

    /// Becomes the value in a slot of a plain type. The members are written one by one: a value
    /// that is put together and then copied costs more than the call.
    #[inline(always)]
    pub(crate) fn set(&mut self, slot: &Slot, ty: Type) {
        // SAFETY: it is there.
        unsafe { lb_value_t::put(self, slot, ty) }
    }

    /// The same where nothing may be yet.
    ///
    /// # Safety
    /// There is room for a value.
    #[inline(always)]
    pub(crate) unsafe fn put(to: *mut lb_value_t, slot: &Slot, ty: Type) {
        // SAFETY: the caller's promise; all members are plain bits.
        unsafe {
            (&raw mut (*to).r#type).write(ty as u32);
            let of = &raw mut (*to).of;
            match ty {
                Type::V128 => of.cast::<[u8; 16]>().write(slot.as_v128().to_le_bytes()),
                // The guest wrote so many bytes just now: to read more would wait for them to reach the cache.
                Type::I32 | Type::F32 => of.cast::<u64>().write(u64::from(slot.as_i32() as u32)),
                _ => of.cast::<i64>().write(slot.as_i64()),
            }
        }
    }

    /// The error for a value of another type than `expected`.
    #[cold]
    pub(crate) fn wrong_type(&self, what: &str, expected: Type) -> Error {
        match known(self.r#type) {
            Some(found) => Error::wrong_type(what, expected, found.name()),
            None => Error::wrong_type(what, expected, &format!("the unknown type {}", self.r#type)),
        }
    }

    /// Releases the reference it may hold; a handle that is stale by now is no matter.
    pub(crate) fn drop_reference(&self) -> Result<()> {
        // SAFETY: every member is plain bits, and the type says which one is meant.
        unsafe {
            match known(self.r#type).filter(|_| self.of.func.id != 0) {
                Some(Type::FuncRef) => self.of.func.release(),
                Some(Type::ExternRef | Type::AnyRef) => self.of.externref.release(),
                Some(Type::StructRef | Type::ArrayRef) => self.of.gcref.release(),
                Some(Type::ExnRef) => self.of.exception.release(),
                _ => Ok(()),
            }
        }
    }

    /// Whether it holds a handle, which may be 0.
    fn is_handle(&self) -> bool {
        known(self.r#type).is_some_and(|ty| !ty.is_plain() && ty != Type::I31Ref)
    }
}

/// The bits that count, of the 64 of a number: slots are little-endian, whatever the machine is,
/// and so are all machines that the engine compiles for.
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

fn object(handle: lb_gcref_t) -> Result<Option<AnyRef>> {
    match handle.id {
        0 => Ok(None),
        _ => Ok(Some(AnyRef::Object(handle.get()?.gcref.clone()))),
    }
}

/// An externref as what it is in the hierarchy of anyref.
fn inward(object: ExternRef) -> AnyRef {
    match object.any() {
        Some(any) => any.clone(),
        None => AnyRef::Host(object),
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
        if value.is_handle() {
            value.of.externref = lb_externref_t::NONE;
        }
        released
    })
}

/// Copies a value: what it refers to gets a second handle, for instance where a host function
/// borrowed it and wants to keep it. The caller releases the copy.
///
/// Errors: LB_KIND_CLOSED if the reference was released, LB_KIND_TYPE if the value is none.
#[unsafe(no_mangle)]
pub extern "C" fn lb_value_clone(value: lb_value_t, clone: Out<lb_value_t>) -> *mut lb_error_t {
    guard_out(clone, lb_value_t::zero(Type::I32), || {
        lb_value_t::give(&value.read(&|| "the value".to_owned())?)
    })
}

/// Makes a reference to an object of the program's, for guests to hold. drop (or NULL) is called
/// with data once neither the program nor a guest holds the reference any more; it is called in any
/// case, at once if this function fails. The caller releases the handle.
#[unsafe(no_mangle)]
pub extern "C" fn lb_externref_new(
    data: *mut c_void,
    drop: lb_drop_t,
    externref: Out<lb_externref_t>,
) -> *mut lb_error_t {
    let owned = Owned { data, drop };
    guard_new(externref, || Ok(ExternRef::new(owned)))
}

/// The data pointer of a reference: the very one that it was made with, so that comparing pointers
/// tells whether two references are to the same object. drop may be NULL; if not, it receives
/// the drop function, by which you may know whether the pointer is yours.
///
/// Errors: LB_KIND_CLOSED if the reference was released, LB_KIND_TYPE if it is to something of the
/// guest's heap, see lb_externref_any().
#[unsafe(no_mangle)]
pub extern "C" fn lb_externref_data(
    externref: lb_externref_t,
    drop: Out<lb_drop_t>,
    data: Out<*mut c_void>,
) -> *mut lb_error_t {
    guard(|| {
        data.set(std::ptr::null_mut())?;
        let object = externref.get()?;
        let owned = object.get::<Owned>().ok_or_else(no_data)?;
        drop.tell(owned.drop);
        data.set(owned.data)
    })
}

#[cold]
fn no_data() -> Error {
    let text =
        "the externref is of the guest's heap, see lb_externref_any(): it has no data pointer";
    Error::new(ErrorKind::Type, text)
}

/// What the guest made an externref of, where that is of its own heap (extern.convert_any does
/// that): a value of LB_TYPE_I31REF, LB_TYPE_STRUCTREF or LB_TYPE_ARRAYREF, whose reference the
/// caller releases. A null of LB_TYPE_ANYREF for an object of the program's.
///
/// Errors: LB_KIND_CLOSED if the reference was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_externref_any(
    externref: lb_externref_t,
    value: Out<lb_value_t>,
) -> *mut lb_error_t {
    guard_out(value, lb_value_t::zero(Type::AnyRef), || {
        lb_value_t::give(&Value::AnyRef(externref.get()?.any().cloned()))
    })
}

/// Makes an externref of a value that an anyref may be, as extern.convert_any does: a guest can
/// turn it back. The caller keeps the reference in value, and releases the handle, which is 0 for
/// null.
///
/// Errors: LB_KIND_TYPE if value is of another type, LB_KIND_CLOSED if its reference was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_externref_from_any(
    value: lb_value_t,
    externref: Out<lb_externref_t>,
) -> *mut lb_error_t {
    guard_out(externref, lb_externref_t::NONE, || {
        match value.read(&|| "the value".to_owned())? {
            Value::AnyRef(Some(any)) => lb_externref_t::keep(ExternRef::from_any(any)),
            Value::AnyRef(None) => Ok(lb_externref_t::NONE),
            _ => Err(value.wrong_type("the value", Type::AnyRef)),
        }
    })
}

/// Whether two handles are of one object. False if either is no handle of an externref.
#[unsafe(no_mangle)]
pub extern "C" fn lb_externref_same(externref: lb_externref_t, other: lb_externref_t) -> bool {
    guard_same(|| Ok(externref.get()?.same(&*other.get()?)))
}

/// A second handle of the same object, for instance of one that a host function borrowed and wants
/// to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the reference was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_externref_clone(
    externref: lb_externref_t,
    clone: Out<lb_externref_t>,
) -> *mut lb_error_t {
    guard_new(clone, || Ok((*externref.get()?).clone()))
}

/// Releases the handle. Guests that hold the object keep it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_externref_release(externref: lb_externref_t) -> *mut lb_error_t {
    guard_release(externref)
}
