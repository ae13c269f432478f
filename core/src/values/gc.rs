//! GcRef: structs and arrays of the guest's garbage-collected heap, held by the host.

use std::fmt;
use std::sync::Arc;

use wasmtime::{OwnedRooted, Rooted, Val};

use crate::store::Context;
use crate::text::{self, LISTED_TYPES};
use crate::{Error, ErrorKind, ExternRef, Result, Store, Type, Value};

/// What an `anyref` that is not null can be.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyRef {
    /// A small integer, from -2^30 to 2^30 - 1.
    I31(i32),
    /// A struct or an array of the guest's heap.
    Object(GcRef),
    /// An object of the host.
    Host(ExternRef),
}

impl AnyRef {
    /// The nearest type.
    pub(crate) fn ty(&self) -> Type {
        match self {
            AnyRef::I31(_) => Type::I31Ref,
            AnyRef::Object(object) => object.sort(),
            AnyRef::Host(_) => Type::AnyRef,
        }
    }

    /// Host to guest. `what` names the place for the message.
    pub(crate) fn lower(
        &self,
        ctx: &mut Context<'_>,
        what: &dyn Fn() -> String,
    ) -> Result<Rooted<wasmtime::AnyRef>> {
        match self {
            AnyRef::I31(value) => {
                let i31 = wasmtime::I31::new_i32(*value);
                let i31 = i31.ok_or_else(|| i31_range(&what(), *value))?;
                Ok(wasmtime::AnyRef::from_i31(&mut ctx.engine, i31))
            }
            AnyRef::Object(object) => object.rooted(ctx),
            AnyRef::Host(object) => {
                let object = object.lower(ctx, what)?;
                wasmtime::AnyRef::convert_extern(&mut ctx.engine, object).map_err(internal)
            }
        }
    }

    /// Guest to host.
    pub(crate) fn lift(ctx: &mut Context<'_>, any: Rooted<wasmtime::AnyRef>) -> Result<AnyRef> {
        use wasmtime::HeapType as H;
        if let Some(i31) = any.as_i31(&ctx.engine).map_err(internal)? {
            return Ok(AnyRef::I31(i31.get_i32()));
        }
        let ty = match any.ty(&ctx.engine).map_err(internal)? {
            H::ConcreteStruct(ty) => GcType::of_struct(&ty),
            H::ConcreteArray(ty) => GcType::of_array(&ty),
            _ => {
                let host = wasmtime::ExternRef::convert_any(&mut ctx.engine, any);
                return ExternRef::lift(ctx, host.map_err(internal)?).map(AnyRef::Host);
            }
        };
        let root = any.to_owned_rooted(&mut ctx.engine).map_err(internal)?;
        let store = ctx.store().clone();
        Ok(AnyRef::Object(GcRef(Arc::new(Inner { store, root, ty }))))
    }
}

/// The error for an integer that does not fit an `i31ref`.
pub(crate) fn i31_range(what: &str, given: i32) -> Error {
    Error::range(what, Type::I31Ref, &given.to_string())
}

/// What the engine refuses although it was checked.
pub(crate) fn internal(error: wasmtime::Error) -> Error {
    Error::from_engine(error, ErrorKind::Internal)
}

/// Whether two references of one store are to the same object. In a closed store none are.
pub(crate) fn same_root<T: wasmtime::GcRef>(
    store: &Store,
    a: &OwnedRooted<T>,
    b: &OwnedRooted<T>,
) -> bool {
    let same = store.enter(|ctx| Ok(OwnedRooted::ref_eq(&ctx.engine, a, b).unwrap_or(false)));
    same.unwrap_or(false)
}

/// A struct or an array of the guest's heap. It lives as long as the host or the guest holds it.
///
/// Cheap to clone; all clones are one object. Two that the guest gave at different times are
/// [`GcRef::same`] if they are one object there. May be used from many threads: they take turns.
#[derive(Clone)]
pub struct GcRef(Arc<Inner>);

struct Inner {
    store: Store,
    root: OwnedRooted<wasmtime::AnyRef>,
    ty: GcType,
}

impl GcRef {
    /// The store it lives in.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Its type: a struct with its fields, or an array with its elements.
    pub fn ty(&self) -> &GcType {
        &self.0.ty
    }

    /// [`Type::StructRef`] or [`Type::ArrayRef`].
    pub fn sort(&self) -> Type {
        match self.0.ty {
            GcType::Struct(_) => Type::StructRef,
            GcType::Array(_) => Type::ArrayRef,
        }
    }

    /// How many fields, or elements, it has.
    ///
    /// # Errors
    /// `closed`.
    pub fn len(&self) -> Result<u32> {
        match &self.0.ty {
            GcType::Struct(fields) => Ok(fields.len() as u32),
            GcType::Array(_) => self.scoped(|ctx, object| object.len(ctx)),
        }
    }

    /// Whether it has no fields, or elements.
    ///
    /// # Errors
    /// `closed`.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Reads a field of a struct, or an element of an array. Packed ones are not negative.
    ///
    /// # Errors
    /// `out_of_bounds`, `closed`.
    pub fn get(&self, index: u32) -> Result<Value> {
        self.scoped(|ctx, object| {
            self.field(ctx, &object, index)?;
            let value = object.get(ctx, index).map_err(internal)?;
            Value::lift(ctx, &value)
        })
    }

    /// Writes a field of a struct, or an element of an array.
    ///
    /// # Errors
    /// `out_of_bounds`, `type` if the value does not fit or the field is immutable, `wrong_store`,
    /// `closed`.
    pub fn set(&self, index: u32, value: &Value) -> Result<()> {
        self.scoped(|ctx, object| {
            let field = self.field(ctx, &object, index)?;
            if !field.mutable {
                let text = format!("{} is immutable", self.place(index));
                return Err(Error::new(ErrorKind::Type, text));
            }
            let ty = object.field_type(ctx, index)?;
            let value = value.lower(ctx, &ty, &|| self.place(index))?;
            object.set(ctx, index, value).map_err(internal)
        })
    }

    /// `field 1 of a struct`, for messages.
    #[cold]
    pub fn place(&self, index: impl fmt::Display) -> String {
        match self.0.ty {
            GcType::Struct(_) => format!("field {index} of a struct"),
            GcType::Array(_) => format!("element {index} of an array"),
        }
    }

    /// Whether both are one object of one store.
    pub fn same(&self, other: &GcRef) -> bool {
        let (this, other) = (&self.0, &other.0);
        Arc::ptr_eq(this, other)
            || this.store.same(&other.store) && same_root(&this.store, &this.root, &other.root)
    }

    /// The type of a field, or element, that is there.
    fn field(&self, ctx: &mut Context<'_>, object: &Object, index: u32) -> Result<FieldType> {
        let length = object.len(ctx)?;
        let field = self.0.ty.field(index).filter(|_| index < length);
        field.ok_or_else(|| self.outside(index, length))
    }

    /// The error for a field, or element, that is not there: of `length` there are.
    #[cold]
    pub fn outside(&self, index: impl fmt::Display, length: u32) -> Error {
        let text = format!("{}: there are {length}", self.place(index));
        Error::new(ErrorKind::OutOfBounds, text)
    }

    /// The engine's reference, if it lives in this store.
    fn rooted(&self, ctx: &mut Context<'_>) -> Result<Rooted<wasmtime::AnyRef>> {
        match self.0.store.same(ctx.store()) {
            true => Ok(self.0.root.to_rooted(&mut ctx.engine)),
            false => Err(Error::wrong_store("object")),
        }
    }

    fn scoped<R>(&self, what: impl FnOnce(&mut Context<'_>, Object) -> Result<R>) -> Result<R> {
        self.0.store.scoped(|ctx| {
            let any = self.rooted(ctx)?;
            let object = Object::of(ctx, any).map_err(internal)?;
            what(ctx, object)
        })
    }
}

/// The engine's two sorts of objects as one.
enum Object {
    Struct(Rooted<wasmtime::StructRef>),
    Array(Rooted<wasmtime::ArrayRef>),
}

impl Object {
    fn of(ctx: &Context<'_>, any: Rooted<wasmtime::AnyRef>) -> wasmtime::Result<Object> {
        match any.as_struct(&ctx.engine)? {
            Some(object) => Ok(Object::Struct(object)),
            None => any.unwrap_array(&ctx.engine).map(Object::Array),
        }
    }

    fn len(&self, ctx: &Context<'_>) -> Result<u32> {
        match self {
            Object::Struct(object) => {
                let ty = object.ty(&ctx.engine).map_err(internal)?;
                Ok(ty.fields().len() as u32)
            }
            Object::Array(object) => object.len(&ctx.engine).map_err(internal),
        }
    }

    fn get(&self, ctx: &mut Context<'_>, index: u32) -> wasmtime::Result<Val> {
        match self {
            Object::Struct(object) => object.field(&mut ctx.engine, index as usize),
            Object::Array(object) => object.get(&mut ctx.engine, index),
        }
    }

    fn set(&self, ctx: &mut Context<'_>, index: u32, value: Val) -> wasmtime::Result<()> {
        match self {
            Object::Struct(object) => object.set_field(&mut ctx.engine, index as usize, value),
            Object::Array(object) => object.set(&mut ctx.engine, index, value),
        }
    }

    /// The engine's type of a field that is there.
    fn field_type(&self, ctx: &Context<'_>, index: u32) -> Result<wasmtime::ValType> {
        let storage = match self {
            Object::Struct(object) => {
                let ty = object.ty(&ctx.engine).map_err(internal)?;
                ty.field(index as usize)
                    .map(|field| field.element_type().clone())
            }
            Object::Array(object) => {
                let ty = object.ty(&ctx.engine).map_err(internal)?;
                Some(ty.element_type())
            }
        };
        let storage = storage.ok_or_else(|| Error::new(ErrorKind::OutOfBounds, "no such field"))?;
        Ok(storage.unpack().clone())
    }
}

impl PartialEq for GcRef {
    fn eq(&self, other: &GcRef) -> bool {
        self.same(other)
    }
}

impl fmt::Debug for GcRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GcRef({})", self.0.ty)
    }
}

/// How a field of a struct, or an element of an array, is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storage {
    /// 8 bits; read as an `i32` from 0 to 255, of which the low 8 bits are written.
    I8,
    /// 16 bits; read as an `i32` from 0 to 65535, of which the low 16 bits are written.
    I16,
    /// A whole value.
    Value(Type),
}

impl Storage {
    /// The type of the values that are read and written.
    pub const fn ty(self) -> Type {
        match self {
            Storage::I8 | Storage::I16 => Type::I32,
            Storage::Value(ty) => ty,
        }
    }

    /// `i8`, `i16`, or the type's name.
    pub const fn name(self) -> &'static str {
        match self {
            Storage::I8 => "i8",
            Storage::I16 => "i16",
            Storage::Value(ty) => ty.name(),
        }
    }
}

/// A field of a struct, or the elements of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldType {
    /// How it is stored.
    pub storage: Storage,
    /// Whether it can be written.
    pub mutable: bool,
}

impl FieldType {
    pub(crate) fn of(ty: &wasmtime::FieldType) -> FieldType {
        let storage = match ty.element_type() {
            wasmtime::StorageType::I8 => Storage::I8,
            wasmtime::StorageType::I16 => Storage::I16,
            wasmtime::StorageType::ValType(ty) => Storage::Value(Type::of(ty)),
        };
        let mutable = ty.mutability().is_var();
        FieldType { storage, mutable }
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mutable {
            true => write!(f, "(mut {})", self.storage.name()),
            false => f.write_str(self.storage.name()),
        }
    }
}

/// The type of an object of the guest's garbage-collected heap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GcType {
    /// A struct, with its fields.
    Struct(Vec<FieldType>),
    /// An array, with what its elements are.
    Array(FieldType),
}

impl GcType {
    pub(crate) fn of_struct(ty: &wasmtime::StructType) -> GcType {
        GcType::Struct(ty.fields().map(|field| FieldType::of(&field)).collect())
    }

    pub(crate) fn of_array(ty: &wasmtime::ArrayType) -> GcType {
        GcType::Array(FieldType::of(&ty.field_type()))
    }

    /// The type of the field, or element, of an index.
    pub fn field(&self, index: u32) -> Option<FieldType> {
        match self {
            GcType::Struct(fields) => fields.get(index as usize).copied(),
            GcType::Array(element) => Some(*element),
        }
    }
}

impl fmt::Display for GcType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GcType::Struct(fields) => {
                let told = text::listed(fields.iter(), LISTED_TYPES, " ");
                write!(
                    f,
                    "(struct{}{told})",
                    if told.is_empty() { "" } else { " " }
                )
            }
            GcType::Array(element) => write!(f, "(array {element})"),
        }
    }
}
