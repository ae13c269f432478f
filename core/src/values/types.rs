//! Types of core WebAssembly: values, functions, memories, tables, globals, imports and exports.

use std::fmt;

use crate::numbered::numbered;
use crate::text::{self, LISTED_TYPES};
use crate::{Error, ErrorKind, GcType, Result};

numbered! {
    /// The type of a value, as far as a host needs it to pass one. Its name is that of the WebAssembly text
    /// format.
    ///
    /// A module may be more exact: a reference that is never null, or one to a struct of certain
    /// fields. Such a type is reported as the nearest one here. If you pass a value that the exact type
    /// does not allow, that is an error of kind `type`.
    pub enum Type {
        // generated: rust.types
        /// 32-bit integer, without a sign of its own.
        I32 = 1, "i32";
        /// 64-bit integer, without a sign of its own.
        I64 = 2, "i64";
        /// 32-bit IEEE 754 float; all bits of a NaN are kept.
        F32 = 3, "f32";
        /// 64-bit IEEE 754 float; all bits of a NaN are kept.
        F64 = 4, "f64";
        /// 128-bit vector.
        V128 = 5, "v128";
        /// A function or null.
        FuncRef = 6, "funcref";
        /// Any object of the host, or null.
        ExternRef = 7, "externref";
        /// Anything of the guest's garbage-collected heap, a small integer, or a host object; or
        /// null.
        AnyRef = 8, "anyref";
        /// What `ref.eq` can compare: a struct, an array or a small integer; or null.
        EqRef = 9, "eqref";
        /// An integer of 31 bits, or null.
        I31Ref = 10, "i31ref";
        /// A struct of the guest's heap, or null.
        StructRef = 11, "structref";
        /// An array of the guest's heap, or null.
        ArrayRef = 12, "arrayref";
        /// An exception, or null.
        ExnRef = 13, "exnref";
        /// Only the null of `anyref` and its kin.
        NullRef = 14, "nullref";
        /// Only the null of `funcref`.
        NullFuncRef = 15, "nullfuncref";
        /// Only the null of `externref`.
        NullExternRef = 16, "nullexternref";
        /// Only the null of `exnref`.
        NullExnRef = 17, "nullexnref";
        // end generated
    }
}

impl Type {
    /// The type of a name.
    ///
    /// # Errors
    /// `type`, with all the names there are.
    pub fn named(name: &str) -> Result<Type> {
        let found = Type::ALL.iter().find(|ty| ty.name() == name);
        found.copied().ok_or_else(|| {
            let names: Vec<_> = Type::ALL.iter().map(|ty| ty.name()).collect();
            let text = format!(
                "no type is named {}; there is {}",
                text::quoted(name),
                names.join(", ")
            );
            Error::new(ErrorKind::Type, text)
        })
    }

    /// The widest type whose values can meet this one's: a number's own type, or one of `funcref`,
    /// `externref`, `anyref` and `exnref`.
    pub const fn top(self) -> Type {
        match self {
            Type::I32 | Type::I64 | Type::F32 | Type::F64 | Type::V128 => self,
            Type::FuncRef | Type::NullFuncRef => Type::FuncRef,
            Type::ExternRef | Type::NullExternRef => Type::ExternRef,
            Type::ExnRef | Type::NullExnRef => Type::ExnRef,
            Type::AnyRef
            | Type::EqRef
            | Type::I31Ref
            | Type::StructRef
            | Type::ArrayRef
            | Type::NullRef => Type::AnyRef,
        }
    }

    /// Whether a value of this type is plain bits: a number or a vector, no reference.
    #[inline]
    pub const fn is_plain(self) -> bool {
        matches!(
            self,
            Type::I32 | Type::I64 | Type::F32 | Type::F64 | Type::V128
        )
    }

    pub(crate) fn of(ty: &wasmtime::ValType) -> Type {
        match ty {
            wasmtime::ValType::I32 => Type::I32,
            wasmtime::ValType::I64 => Type::I64,
            wasmtime::ValType::F32 => Type::F32,
            wasmtime::ValType::F64 => Type::F64,
            wasmtime::ValType::V128 => Type::V128,
            wasmtime::ValType::Ref(ty) => Type::of_ref(ty),
        }
    }

    pub(crate) fn of_ref(ty: &wasmtime::RefType) -> Type {
        use wasmtime::HeapType as H;
        match ty.heap_type() {
            H::Func | H::ConcreteFunc(_) => Type::FuncRef,
            H::Extern => Type::ExternRef,
            H::Any => Type::AnyRef,
            H::Eq => Type::EqRef,
            H::I31 => Type::I31Ref,
            H::Struct | H::ConcreteStruct(_) => Type::StructRef,
            H::Array | H::ConcreteArray(_) => Type::ArrayRef,
            H::Exn | H::ConcreteExn(_) => Type::ExnRef,
            H::None => Type::NullRef,
            H::NoFunc => Type::NullFuncRef,
            H::NoExtern => Type::NullExternRef,
            H::NoExn => Type::NullExnRef,
            // Stack switching is off, so that no module has one.
            H::Cont | H::ConcreteCont(_) | H::NoCont => Type::AnyRef,
        }
    }

    pub(crate) fn engine(self) -> wasmtime::ValType {
        match self {
            Type::I32 => wasmtime::ValType::I32,
            Type::I64 => wasmtime::ValType::I64,
            Type::F32 => wasmtime::ValType::F32,
            Type::F64 => wasmtime::ValType::F64,
            Type::V128 => wasmtime::ValType::V128,
            Type::FuncRef => wasmtime::ValType::FUNCREF,
            Type::ExternRef => wasmtime::ValType::EXTERNREF,
            Type::AnyRef => wasmtime::ValType::ANYREF,
            Type::EqRef => wasmtime::ValType::EQREF,
            Type::I31Ref => wasmtime::ValType::I31REF,
            Type::StructRef => wasmtime::ValType::STRUCTREF,
            Type::ArrayRef => wasmtime::ValType::ARRAYREF,
            Type::ExnRef => wasmtime::ValType::EXNREF,
            Type::NullRef => wasmtime::ValType::NULLREF,
            Type::NullFuncRef => wasmtime::ValType::NULLFUNCREF,
            Type::NullExternRef => wasmtime::ValType::NULLEXTERNREF,
            Type::NullExnRef => wasmtime::ValType::NULLEXNREF,
        }
    }
}

/// The text of a type as the module has it, for messages: exact about null and about concrete
/// types.
pub(crate) fn exact(ty: &wasmtime::ValType) -> String {
    use wasmtime::HeapType as H;
    let (Some(reference), short) = (ty.as_ref(), Type::of(ty)) else {
        return Type::of(ty).to_string();
    };
    let heap = match reference.heap_type() {
        H::ConcreteFunc(ty) => format!("(func {})", FuncType::of(ty)),
        H::ConcreteStruct(ty) => GcType::of_struct(ty).to_string(),
        H::ConcreteArray(ty) => GcType::of_array(ty).to_string(),
        _ if reference.is_nullable() => return short.to_string(),
        _ => short.name().trim_end_matches("ref").to_owned(),
    };
    let null = if reference.is_nullable() { "null " } else { "" };
    format!("(ref {null}{heap})")
}

/// `(i32, i64)`, for messages; of many, the first.
pub(crate) fn list(types: &[Type]) -> String {
    listed(types, LISTED_TYPES)
}

fn listed(types: &[Type], most: usize) -> String {
    format!("({})", text::listed(types.iter(), most, ", "))
}

/// How many types are told: some, for reading, or all with `{:#}`.
fn most(f: &fmt::Formatter<'_>) -> usize {
    match f.alternate() {
        true => usize::MAX,
        false => LISTED_TYPES,
    }
}

/// Parameters, and results, that a function may have in a module.
const MOST_PARAMS: usize = 1000;

/// The signature of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncType {
    params: Box<[Type]>,
    results: Box<[Type]>,
    plain: bool,
}

impl FuncType {
    /// A signature of parameters and results.
    pub fn new(params: impl Into<Box<[Type]>>, results: impl Into<Box<[Type]>>) -> FuncType {
        let (params, results) = (params.into(), results.into());
        let plain = params.iter().chain(&results).all(|ty| ty.is_plain());
        FuncType {
            params,
            results,
            plain,
        }
    }

    /// The types of the parameters.
    #[inline]
    pub fn params(&self) -> &[Type] {
        &self.params
    }

    /// The types of the results.
    #[inline]
    pub fn results(&self) -> &[Type] {
        &self.results
    }

    /// Whether all parameters and results are plain bits, so that
    /// [`Func::call_raw`](crate::Func::call_raw) takes them.
    #[inline]
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    /// How many slots a raw call needs: arguments come in them, results go out in them.
    #[inline]
    pub fn slots(&self) -> usize {
        self.params.len().max(self.results.len())
    }

    pub(crate) fn of(ty: &wasmtime::FuncType) -> FuncType {
        let params: Vec<_> = ty.params().map(|ty| Type::of(&ty)).collect();
        let results: Vec<_> = ty.results().map(|ty| Type::of(&ty)).collect();
        FuncType::new(params, results)
    }

    pub(crate) fn engine(&self, engine: &wasmtime::Engine) -> Result<wasmtime::FuncType> {
        if self.slots() > MOST_PARAMS {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("a function has at most {MOST_PARAMS} parameters and as many results"),
            ));
        }
        let params = self.params.iter().map(|ty| ty.engine());
        let results = self.results.iter().map(|ty| ty.engine());
        Ok(wasmtime::FuncType::new(engine, params, results))
    }
}

/// For reading: of many types, the first; `{:#}` tells all.
impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (params, results) = (
            listed(&self.params, most(f)),
            listed(&self.results, most(f)),
        );
        write!(f, "{params} -> {results}")
    }
}

/// The type of a linear memory, in pages of `page_bytes`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemoryType {
    /// Pages at the start.
    pub min: u64,
    /// Pages it may grow to, if bounded.
    pub max: Option<u64>,
    /// Whether addresses have 64 bits.
    pub is_64: bool,
    /// Bytes in a page: 65536, unless the module chose otherwise.
    pub page_bytes: u64,
}

impl MemoryType {
    /// A 32-bit memory of pages of 64 KiB.
    pub fn new(min: u32, max: Option<u32>) -> MemoryType {
        MemoryType {
            min: min.into(),
            max: max.map(u64::from),
            is_64: false,
            page_bytes: 1 << 16,
        }
    }

    /// Whether it may have more than so many bytes.
    pub(crate) fn may_exceed(&self, bytes: u64) -> bool {
        let most = self.max.unwrap_or(u64::MAX);
        most.saturating_mul(self.page_bytes) > bytes
    }

    pub(crate) fn of(ty: &wasmtime::MemoryType) -> MemoryType {
        MemoryType {
            min: ty.minimum(),
            max: ty.maximum(),
            is_64: ty.is_64(),
            page_bytes: ty.page_size(),
        }
    }
}

impl fmt::Display for MemoryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "memory{} {}",
            if self.is_64 { " i64" } else { "" },
            self.min
        )?;
        self.max.map_or(Ok(()), |max| write!(f, " {max}"))
    }
}

/// The type of a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableType {
    /// The type of its elements.
    pub element: Type,
    /// Elements at the start.
    pub min: u64,
    /// Elements it may grow to, if bounded.
    pub max: Option<u64>,
    /// Whether indices have 64 bits.
    pub is_64: bool,
}

impl TableType {
    /// A table with 32-bit indices.
    pub fn new(element: Type, min: u32, max: Option<u32>) -> TableType {
        TableType {
            element,
            min: min.into(),
            max: max.map(u64::from),
            is_64: false,
        }
    }

    pub(crate) fn of(ty: &wasmtime::TableType) -> TableType {
        TableType {
            element: Type::of_ref(ty.element()),
            min: ty.minimum(),
            max: ty.maximum(),
            is_64: ty.is_64(),
        }
    }
}

impl fmt::Display for TableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wide = if self.is_64 { " i64" } else { "" };
        write!(f, "table{wide} {}", self.min)?;
        if let Some(max) = self.max {
            write!(f, " {max}")?;
        }
        write!(f, " {}", self.element)
    }
}

/// The type of a global.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GlobalType {
    /// The type of its value.
    pub content: Type,
    /// Whether it can be written.
    pub mutable: bool,
}

impl GlobalType {
    pub(crate) fn of(ty: &wasmtime::GlobalType) -> GlobalType {
        let mutable = ty.mutability() == wasmtime::Mutability::Var;
        GlobalType {
            content: Type::of(ty.content()),
            mutable,
        }
    }
}

impl fmt::Display for GlobalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mutable {
            true => write!(f, "global (mut {})", self.content),
            false => write!(f, "global {}", self.content),
        }
    }
}

/// The type of an import or export.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExternType {
    /// A function.
    Func(FuncType),
    /// A linear memory.
    Memory(MemoryType),
    /// A table.
    Table(TableType),
    /// A global.
    Global(GlobalType),
    /// An exception tag, with the types of its payload.
    Tag(FuncType),
}

impl ExternType {
    pub(crate) fn of(ty: &wasmtime::ExternType) -> ExternType {
        match ty {
            wasmtime::ExternType::Func(ty) => ExternType::Func(FuncType::of(ty)),
            wasmtime::ExternType::Memory(ty) => ExternType::Memory(MemoryType::of(ty)),
            wasmtime::ExternType::Table(ty) => ExternType::Table(TableType::of(ty)),
            wasmtime::ExternType::Global(ty) => ExternType::Global(GlobalType::of(ty)),
            wasmtime::ExternType::Tag(ty) => ExternType::Tag(FuncType::of(ty.ty())),
        }
    }

    /// `func`, `memory`, `table`, `global` or `tag`.
    pub fn sort(&self) -> &'static str {
        match self {
            ExternType::Func(_) => "func",
            ExternType::Memory(_) => "memory",
            ExternType::Table(_) => "table",
            ExternType::Global(_) => "global",
            ExternType::Tag(_) => "tag",
        }
    }
}

/// For reading: of many types, the first; `{:#}` tells all.
impl fmt::Display for ExternType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExternType::Func(ty) => {
                f.write_str("func ")?;
                ty.fmt(f)
            }
            ExternType::Memory(ty) => ty.fmt(f),
            ExternType::Table(ty) => ty.fmt(f),
            ExternType::Global(ty) => ty.fmt(f),
            ExternType::Tag(ty) => write!(f, "tag {}", listed(ty.params(), most(f))),
        }
    }
}

/// One import of a module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImportType {
    /// The first part of the import's name.
    pub module: String,
    /// The second part of the import's name.
    pub name: String,
    /// The type that it must have.
    pub ty: ExternType,
}
