//! Values of core WebAssembly, and the raw slots the fast path moves them in.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use wasmtime::{Rooted, ValRaw};

use crate::gc::internal;
use crate::store::{Context, Lent};
use crate::types::exact;
use crate::{
    AnyRef, Error, ErrorKind, Exception, Func, Global, Memory, Result, Table, Tag, Type, messages,
};

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
    /// An exception tag.
    Tag(Tag),
}

impl Extern {
    /// `func`, `memory`, `table`, `global` or `tag`.
    pub fn sort(&self) -> &'static str {
        match self {
            Extern::Func(_) => "func",
            Extern::Memory(_) => "memory",
            Extern::Table(_) => "table",
            Extern::Global(_) => "global",
            Extern::Tag(_) => "tag",
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

    /// Makes an object of the host from something of the guest's heap, as `extern.convert_any`
    /// does: a guest can turn it back.
    pub fn from_any(any: AnyRef) -> ExternRef {
        match any {
            AnyRef::Host(object) => object,
            other => ExternRef::new(other),
        }
    }

    /// The argument of [`ExternRef::from_any`], unless it was an object of the host.
    pub fn any(&self) -> Option<&AnyRef> {
        self.get()
    }

    /// Whether both are the same object.
    pub fn same(&self, other: &ExternRef) -> bool {
        match (self.any(), other.any()) {
            (Some(this), Some(other)) => this == other,
            _ => Arc::ptr_eq(&self.0, &other.0),
        }
    }

    /// Host to guest.
    pub(crate) fn lower(
        &self,
        ctx: &mut Context<'_>,
        what: &dyn Fn() -> String,
    ) -> Result<Rooted<wasmtime::ExternRef>> {
        match self.any() {
            Some(any) => {
                let any = any.lower(ctx, what)?;
                wasmtime::ExternRef::convert_any(&mut ctx.engine, any).map_err(internal)
            }
            None => {
                let lent = Lent::new(ctx.store().inner(), self.clone());
                wasmtime::ExternRef::new(&mut ctx.engine, lent)
                    .map_err(|e| Error::from_engine(e, ErrorKind::Limit))
            }
        }
    }

    /// Guest to host.
    pub(crate) fn lift(
        ctx: &mut Context<'_>,
        object: Rooted<wasmtime::ExternRef>,
    ) -> Result<ExternRef> {
        let data = object.data(&ctx.engine).map_err(internal)?;
        if let Some(ours) = data.and_then(|data| data.downcast_ref::<Lent<ExternRef>>()) {
            return Ok((**ours).clone());
        }
        let any = wasmtime::AnyRef::convert_extern(&mut ctx.engine, object).map_err(internal)?;
        AnyRef::lift(ctx, any).map(ExternRef::from_any)
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
    /// Something of the guest's garbage-collected heap, or null.
    AnyRef(Option<AnyRef>),
    /// An exception, or null.
    ExnRef(Option<Exception>),
}

impl Value {
    /// The nearest type of the value.
    pub fn ty(&self) -> Type {
        match self {
            Value::I32(_) => Type::I32,
            Value::I64(_) => Type::I64,
            Value::F32(_) => Type::F32,
            Value::F64(_) => Type::F64,
            Value::V128(_) => Type::V128,
            Value::FuncRef(_) => Type::FuncRef,
            Value::ExternRef(_) => Type::ExternRef,
            Value::AnyRef(any) => any.as_ref().map_or(Type::AnyRef, AnyRef::ty),
            Value::ExnRef(_) => Type::ExnRef,
        }
    }

    /// The zero or null of a type.
    pub fn zero(ty: Type) -> Value {
        match ty.top() {
            Type::I32 => Value::I32(0),
            Type::I64 => Value::I64(0),
            Type::F32 => Value::F32(0.0),
            Type::F64 => Value::F64(0.0),
            Type::V128 => Value::V128(0),
            Type::FuncRef => Value::FuncRef(None),
            Type::ExternRef => Value::ExternRef(None),
            Type::ExnRef => Value::ExnRef(None),
            _ => Value::AnyRef(None),
        }
    }

    /// Whether it is the null of a reference type.
    pub fn is_null(&self) -> bool {
        matches!(
            self,
            Value::FuncRef(None)
                | Value::ExternRef(None)
                | Value::AnyRef(None)
                | Value::ExnRef(None)
        )
    }

    /// Host to guest, checked against the exact type. `what` names the place for the message.
    pub(crate) fn lower(
        &self,
        ctx: &mut Context<'_>,
        ty: &wasmtime::ValType,
        what: &dyn Fn() -> String,
    ) -> Result<wasmtime::Val> {
        if self.ty().top() != Type::of(ty).top() {
            return Err(Error::wrong_type(&what(), Type::of(ty), self.ty().name()));
        }
        let val = self.lower_any(ctx, what)?;
        if ty.is_ref() && !val.matches_ty(&ctx.engine, ty).map_err(internal)? {
            return Err(self.misfit(ty, &what()));
        }
        Ok(val)
    }

    fn lower_any(&self, ctx: &mut Context<'_>, what: &dyn Fn() -> String) -> Result<wasmtime::Val> {
        use wasmtime::Val;
        Ok(match self {
            Value::I32(v) => Val::I32(*v),
            Value::I64(v) => Val::I64(*v),
            Value::F32(v) => Val::F32(v.to_bits()),
            Value::F64(v) => Val::F64(v.to_bits()),
            Value::V128(v) => Val::V128((*v).into()),
            Value::FuncRef(None) => Val::FuncRef(None),
            Value::FuncRef(Some(func)) => Val::FuncRef(Some(func.in_store(ctx.store())?)),
            Value::ExternRef(None) => Val::ExternRef(None),
            Value::ExternRef(Some(object)) => Val::ExternRef(Some(object.lower(ctx, what)?)),
            Value::AnyRef(None) => Val::AnyRef(None),
            Value::AnyRef(Some(any)) => Val::AnyRef(Some(any.lower(ctx, what)?)),
            Value::ExnRef(None) => Val::ExnRef(None),
            Value::ExnRef(Some(exception)) => Val::ExnRef(Some(exception.lower(ctx)?)),
        })
    }

    /// The error for a reference of the right hierarchy that does not fit.
    #[cold]
    fn misfit(&self, ty: &wasmtime::ValType, what: &str) -> Error {
        let given = match self {
            _ if self.is_null() => "null".to_owned(),
            Value::FuncRef(Some(func)) => format!("a function {}", func.ty()),
            Value::AnyRef(Some(AnyRef::Object(object))) => object.ty().to_string(),
            Value::AnyRef(Some(AnyRef::Host(_))) => "an object of the host".to_owned(),
            other => other.ty().to_string(),
        };
        messages::not_a(what, exact(ty), given)
    }

    /// Guest to host.
    pub(crate) fn lift(ctx: &mut Context<'_>, val: &wasmtime::Val) -> Result<Value> {
        use wasmtime::Val;
        Ok(match val {
            Val::I32(v) => Value::I32(*v),
            Val::I64(v) => Value::I64(*v),
            Val::F32(bits) => Value::F32(f32::from_bits(*bits)),
            Val::F64(bits) => Value::F64(f64::from_bits(*bits)),
            Val::V128(v) => Value::V128(v.as_u128()),
            Val::FuncRef(None) => Value::FuncRef(None),
            Val::FuncRef(Some(func)) => Value::FuncRef(Some(Func::from_engine(ctx, *func, None))),
            Val::ExternRef(None) => Value::ExternRef(None),
            Val::ExternRef(Some(object)) => Value::ExternRef(Some(ExternRef::lift(ctx, *object)?)),
            Val::AnyRef(None) => Value::AnyRef(None),
            Val::AnyRef(Some(any)) => Value::AnyRef(Some(AnyRef::lift(ctx, *any)?)),
            Val::ExnRef(None) => Value::ExnRef(None),
            Val::ExnRef(Some(exn)) => Value::ExnRef(Some(Exception::lift(ctx, *exn)?)),
            Val::ContRef(_) => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "a continuation cannot cross to the host",
                ));
            }
        })
    }
}

/// One raw argument or result of [`Func::call_raw`]: plain bits whose type the signature knows.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Slot(ValRaw);

/// The bits of a smaller type. All bits are set, so that a slot may be read as any type.
#[inline(always)]
fn low(bits: u64) -> ValRaw {
    ValRaw::v128(bits.into())
}

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
        i32 from_i32 as_i32: |v: i32| low((v as u32).into()), ValRaw::get_i32;
        i64 from_i64 as_i64: |v: i64| low(v as u64), ValRaw::get_i64;
        f32 from_f32 as_f32: |v: f32| low(v.to_bits().into()), |v: &ValRaw| f32::from_bits(v.get_f32());
        f64 from_f64 as_f64: |v: f64| low(v.to_bits()), |v: &ValRaw| f64::from_bits(v.get_f64());
        u128 from_v128 as_v128: ValRaw::v128, ValRaw::get_v128;
    }

    /// Becomes a number of 64 bits, or of the low 32.
    #[inline(always)]
    pub fn set_bits(&mut self, bits: u64) {
        // SAFETY: these are the low eight of its bytes, which has sixteen.
        unsafe { std::ptr::from_mut(&mut self.0).cast::<u64>().write(bits) };
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
            _ => return Err(not_plain(ty)),
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
            _ => return Err(not_plain(ty)),
        })
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({:#034x})", self.as_v128())
    }
}

#[cold]
fn not_plain(ty: Type) -> Error {
    Error::new(
        ErrorKind::Internal,
        format!("a slot holds plain bits, not {ty}"),
    )
}
