//! Values of core WebAssembly, and the raw slots the fast path moves them in.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use wasmtime::ValRaw;

use crate::store::Context;
use crate::types::unsupported_ref;
use crate::{Error, ErrorKind, Func, Global, Memory, Result, Table, Type};

/// Something an instance exports, or an import takes.
#[derive(Clone, Debug)]
pub enum Extern {
    /// A function.
    Func(Func),
    /// A linear memory.
    Memory(Memory),
    /// A table.
    Table(Table),
    /// A global.
    Global(Global),
}

impl Extern {
    /// `func`, `memory`, `table` or `global`.
    pub fn sort(&self) -> &'static str {
        match self {
            Extern::Func(_) => "func",
            Extern::Memory(_) => "memory",
            Extern::Table(_) => "table",
            Extern::Global(_) => "global",
        }
    }
}

/// An object of the host that a guest can hold, pass on and give back, but not look into.
///
/// A guest hands back the same object: [`ExternRef::same`] is true for it. It is released when
/// neither side holds it any more.
#[derive(Clone)]
pub struct ExternRef(Arc<dyn Any + Send + Sync>);

impl ExternRef {
    /// Wraps an object of the host.
    pub fn new(object: impl Any + Send + Sync) -> ExternRef {
        ExternRef(Arc::new(object))
    }

    /// The object, if it has type `T`.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }

    /// Whether both are the same object.
    pub fn same(&self, other: &ExternRef) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for ExternRef {
    fn eq(&self, other: &ExternRef) -> bool {
        self.same(other)
    }
}

impl fmt::Debug for ExternRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExternRef({:p})", Arc::as_ptr(&self.0))
    }
}

/// A value of core WebAssembly. Equal as the types of Rust are: a NaN equals nothing, a reference
/// only the same object.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// 32-bit float; all bits of a NaN are kept.
    F32(f32),
    /// 64-bit float; all bits of a NaN are kept.
    F64(f64),
    /// 128-bit vector, little-endian.
    V128(u128),
    /// A function, or null.
    FuncRef(Option<Func>),
    /// An object of the host, or null.
    ExternRef(Option<ExternRef>),
}

impl Value {
    /// The type of the value.
    pub fn ty(&self) -> Type {
        match self {
            Value::I32(_) => Type::I32,
            Value::I64(_) => Type::I64,
            Value::F32(_) => Type::F32,
            Value::F64(_) => Type::F64,
            Value::V128(_) => Type::V128,
            Value::FuncRef(_) => Type::FuncRef,
            Value::ExternRef(_) => Type::ExternRef,
        }
    }

    /// The zero or null of a type.
    pub fn zero(ty: Type) -> Result<Value> {
        Ok(match ty {
            Type::I32 => Value::I32(0),
            Type::I64 => Value::I64(0),
            Type::F32 => Value::F32(0.0),
            Type::F64 => Value::F64(0.0),
            Type::V128 => Value::V128(0),
            Type::FuncRef => Value::FuncRef(None),
            Type::ExternRef => Value::ExternRef(None),
            Type::OtherRef => return Err(unsupported_ref()),
        })
    }

    /// Host to guest. `what` names the place for the message.
    pub(crate) fn lower(
        &self,
        ctx: &mut Context<'_>,
        ty: Type,
        what: &dyn Fn() -> String,
    ) -> Result<wasmtime::Val> {
        if self.ty() != ty {
            return Err(Error::wrong_type(&what(), ty, self.ty().name()));
        }
        Ok(match self {
            Value::I32(v) => wasmtime::Val::I32(*v),
            Value::I64(v) => wasmtime::Val::I64(*v),
            Value::F32(v) => wasmtime::Val::F32(v.to_bits()),
            Value::F64(v) => wasmtime::Val::F64(v.to_bits()),
            Value::V128(v) => wasmtime::Val::V128((*v).into()),
            Value::FuncRef(None) => wasmtime::Val::FuncRef(None),
            Value::FuncRef(Some(func)) => wasmtime::Val::FuncRef(Some(func.in_store(ctx.store())?)),
            Value::ExternRef(None) => wasmtime::Val::ExternRef(None),
            Value::ExternRef(Some(object)) => {
                let made = wasmtime::ExternRef::new(&mut ctx.engine, object.clone());
                let made = made.map_err(|e| Error::from_engine(e, ErrorKind::Limit))?;
                wasmtime::Val::ExternRef(Some(made))
            }
        })
    }

    /// Refuses null where the engine's type has none; [`Type`] does not tell them apart.
    pub(crate) fn check_null(
        &self,
        ty: &wasmtime::ValType,
        what: &dyn Fn() -> String,
    ) -> Result<()> {
        let is_null = matches!(self, Value::FuncRef(None) | Value::ExternRef(None));
        match ty {
            wasmtime::ValType::Ref(wanted) if is_null && !wanted.is_nullable() => {
                Err(Error::wrong_type(&what(), Type::of(ty), "null"))
            }
            _ => Ok(()),
        }
    }

    /// Guest to host.
    pub(crate) fn lift(ctx: &mut Context<'_>, val: &wasmtime::Val) -> Result<Value> {
        Ok(match val {
            wasmtime::Val::I32(v) => Value::I32(*v),
            wasmtime::Val::I64(v) => Value::I64(*v),
            wasmtime::Val::F32(bits) => Value::F32(f32::from_bits(*bits)),
            wasmtime::Val::F64(bits) => Value::F64(f64::from_bits(*bits)),
            wasmtime::Val::V128(v) => Value::V128(v.as_u128()),
            wasmtime::Val::FuncRef(None) => Value::FuncRef(None),
            wasmtime::Val::FuncRef(Some(func)) => {
                Value::FuncRef(Some(Func::from_engine(ctx, *func, None)))
            }
            wasmtime::Val::ExternRef(None) => Value::ExternRef(None),
            wasmtime::Val::ExternRef(Some(object)) => {
                let data = object.data(&ctx.engine);
                let data = data.map_err(|e| Error::from_engine(e, ErrorKind::Internal))?;
                let ours = data.and_then(|data| data.downcast_ref::<ExternRef>());
                Value::ExternRef(Some(ours.ok_or_else(unsupported_ref)?.clone()))
            }
            _ => return Err(unsupported_ref()),
        })
    }
}

/// One raw argument or result of [`Func::call_raw`]: plain bits whose type the signature knows.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Slot(ValRaw);

/// Declares a constructor and a reader for one type of a slot.
macro_rules! slot {
    ($($ty:ident $put:ident $get:ident: $to:expr, $from:expr;)*) => {$(
        #[doc = concat!("A slot that holds a `", stringify!($ty), "`.")]
        #[inline(always)]
        pub fn $put(value: $ty) -> Slot {
            Slot($to(value))
        }

        #[doc = concat!("Reads the slot as a `", stringify!($ty), "`.")]
        #[inline(always)]
        pub fn $get(&self) -> $ty {
            $from(&self.0)
        }
    )*};
}

impl Slot {
    /// All bits zero.
    #[inline(always)]
    pub fn zero() -> Slot {
        Slot::from_v128(0)
    }

    slot! {
        i32 from_i32 as_i32: ValRaw::i32, ValRaw::get_i32;
        i64 from_i64 as_i64: ValRaw::i64, ValRaw::get_i64;
        f32 from_f32 as_f32: |v: f32| ValRaw::f32(v.to_bits()), |v: &ValRaw| f32::from_bits(v.get_f32());
        f64 from_f64 as_f64: |v: f64| ValRaw::f64(v.to_bits()), |v: &ValRaw| f64::from_bits(v.get_f64());
        u128 from_v128 as_v128: ValRaw::v128, ValRaw::get_v128;
    }

    /// A slot for a plain value of type `ty`; `what` names the place for the message.
    pub(crate) fn from_value(value: &Value, ty: Type, what: &dyn Fn() -> String) -> Result<Slot> {
        if value.ty() != ty {
            return Err(Error::wrong_type(&what(), ty, value.ty().name()));
        }
        Ok(match value {
            Value::I32(v) => Slot::from_i32(*v),
            Value::I64(v) => Slot::from_i64(*v),
            Value::F32(v) => Slot::from_f32(*v),
            Value::F64(v) => Slot::from_f64(*v),
            Value::V128(v) => Slot::from_v128(*v),
            Value::FuncRef(_) | Value::ExternRef(_) => return Err(unsupported_ref()),
        })
    }

    /// Reads the slot as a plain value of type `ty`.
    pub(crate) fn to_value(self, ty: Type) -> Result<Value> {
        Ok(match ty {
            Type::I32 => Value::I32(self.as_i32()),
            Type::I64 => Value::I64(self.as_i64()),
            Type::F32 => Value::F32(self.as_f32()),
            Type::F64 => Value::F64(self.as_f64()),
            Type::V128 => Value::V128(self.as_v128()),
            Type::FuncRef | Type::ExternRef | Type::OtherRef => return Err(unsupported_ref()),
        })
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({:#034x})", self.as_v128())
    }
}
