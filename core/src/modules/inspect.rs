//! Inspection: what a module imports, exports and needs, without compiling it.

mod component;
mod json;

use std::path::Path;

use wasmparser::types::{CoreTypeId, EntityType, Types};
use wasmparser::{
    AbstractHeapType, CompositeInnerType, HeapType, KnownCustom, Parser, Payload, UnpackedIndex,
    ValType, Validator, WasmFeatures,
};

use crate::binary::binary;
use crate::cost::Cost;
use crate::module::{COMPILER_BYTES, damaged, no_file};
use crate::module_file;
use crate::wasi::MODULE;
use crate::{
    Error, ErrorKind, ExternType, FuncType, GlobalType, ImportType, MemoryType, Module, Result,
    TableType, Type, World, built_for, compiled, this_thread,
};

/// What a module imports, exports and needs. For a component, see [`Inspection::world`].
///
/// The module may use features that the engine does not have: they are listed, and only loading it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The name in its name section.
    pub name: Option<String>,
    /// What a component imports and exports, with types, names and documentation; none for a core module.
    pub world: Option<World>,
    /// What it imports from its host, in its own order; empty for a component.
    pub imports: Vec<ImportType>,
    /// What it needs of WASI, as far as its imports show. Its host must provide all other imports.
    pub asks: Vec<Ask>,
    /// What it was built for and what to do about it, in a sentence, if its imports show that it was built for another
    /// host, such as JavaScript.
    pub built_for: Option<&'static str>,
    /// What it exports, in its own order; empty for a component.
    pub exports: Vec<(String, ExternType)>,
    /// All its memories, imported ones first, with their limits; of a component, those of the modules in it.
    pub memories: Vec<MemoryType>,
    /// The features beyond WebAssembly 1.0 without which it is not valid, by the names of their
    /// proposals.
    pub features: Vec<&'static str>,
    /// How much more work compiling it is than its size explains, in the units of the engine's
    /// option [`compile_cost`](crate::EngineOptions::compile_cost); most modules have 0 here.
    /// An engine refuses a module that costs more than its option, unless it is compiled already.
    pub compile_cost: u64,
    /// The sections that are not part of the standard, in the module's order.
    pub custom_sections: Vec<CustomSection>,
    /// The tools that made it, from its producers section.
    pub producers: Vec<Producer>,
    /// The features with which it was compiled, such as `+simd128`, from its target_features
    /// section.
    pub target_features: Vec<String>,
}

/// Something that a module asks of WASI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Its name, one of [`Ask::ALL`].
    pub what: &'static str,
    /// The functions it asks by, in the order of its imports. Those of a component have the names of their interfaces in
    /// front, as in `wasi:cli/environment@0.2.3#get-arguments`; an interface without functions stands for itself.
    pub functions: Vec<String>,
}

/// What can be asked for, and how the names of its functions begin. The first that fits counts.
const ASKS: &[(&str, &[&str])] = &[
    ("args", &["args_"]),
    ("env", &["environ_"]),
    ("clock", &["clock_"]),
    ("random", &["random_"]),
    ("files", &["path_", "fd_prestat", "fd_readdir"]),
    ("stdin", &["fd_read", "fd_pread"]),
    ("streams", &["fd_"]),
    ("poll", &["poll_"]),
    ("exit", &["proc_exit"]),
    ("sockets", &["sock_"]),
    ("signals", &["proc_raise"]),
    ("yield", &["sched_"]),
    // Only components can ask for it.
    ("http", &[]),
];

impl Ask {
    /// All names, in the order in which they are listed. `stdin` and `streams` may mean files where
    /// `files` is listed, too; stdout and stderr are `streams`, since one function writes to both.
    pub const ALL: [&str; ASKS.len()] = {
        let mut names = [""; ASKS.len()];
        let mut i = 0;
        while i < ASKS.len() {
            names[i] = ASKS[i].0;
            i += 1;
        }
        names
    };

    fn of(imports: &[ImportType]) -> Vec<Ask> {
        let wasi = imports.iter().filter(|import| import.module == MODULE);
        let mut functions = vec![Vec::new(); ASKS.len()];
        for import in wasi {
            let fits = |start: &&str| import.name.starts_with(start);
            let found = ASKS.iter().position(|(_, starts)| starts.iter().any(fits));
            if let Some(found) = found {
                functions[found].push(import.name.clone());
            }
        }
        let asks = Ask::ALL.into_iter().zip(functions);
        let asks = asks.filter(|(_, functions)| !functions.is_empty());
        asks.map(|(what, functions)| Ask { what, functions })
            .collect()
    }
}

/// A section that is not part of the standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomSection {
    /// Its name; several sections may have the same.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Something that took part in making a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Producer {
    /// `language`, `sdk` or `processed-by`.
    pub field: String,
    /// Its name, such as `Rust`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The features that are told, by the names of their proposals.
const FEATURES: &[(WasmFeatures, &str)] = &[
    (WasmFeatures::MUTABLE_GLOBAL, "mutable-globals"),
    (
        WasmFeatures::SATURATING_FLOAT_TO_INT,
        "nontrapping-float-to-int",
    ),
    (WasmFeatures::SIGN_EXTENSION, "sign-extension"),
    (WasmFeatures::MULTI_VALUE, "multi-value"),
    (WasmFeatures::BULK_MEMORY, "bulk-memory"),
    (WasmFeatures::REFERENCE_TYPES, "reference-types"),
    (WasmFeatures::SIMD, "simd"),
    (WasmFeatures::RELAXED_SIMD, "relaxed-simd"),
    (WasmFeatures::TAIL_CALL, "tail-call"),
    (WasmFeatures::EXTENDED_CONST, "extended-const"),
    (WasmFeatures::MULTI_MEMORY, "multi-memory"),
    (WasmFeatures::MEMORY64, "memory64"),
    (WasmFeatures::FUNCTION_REFERENCES, "function-references"),
    (WasmFeatures::GC, "gc"),
    (WasmFeatures::EXCEPTIONS, "exceptions"),
    (WasmFeatures::LEGACY_EXCEPTIONS, "legacy-exceptions"),
    (WasmFeatures::THREADS, "threads"),
    (WasmFeatures::CUSTOM_PAGE_SIZES, "custom-page-sizes"),
    (WasmFeatures::WIDE_ARITHMETIC, "wide-arithmetic"),
    (WasmFeatures::STACK_SWITCHING, "stack-switching"),
];

impl Inspection {
    /// Inspects a module's bytes, or WebAssembly text.
    ///
    /// # Errors
    /// `compile` if they are not a valid module; the message says where.
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Inspection> {
        let bytes = bytes.as_ref();
        this_thread::with_room(COMPILER_BYTES, || {
            let wasm = binary(bytes.into())?;
            inspect(&wasm, None).map_err(|e| damaged(e, &wasm))
        })?
    }

    /// Inspects a string, which is text or a path as for [`Module::load`](crate::Module::load).
    ///
    /// # Errors
    /// As [`Inspection::new`] and [`Inspection::of_file`].
    pub fn of(source: &str) -> Result<Inspection> {
        match Module::is_text(source) {
            true => Inspection::new(source),
            false => Inspection::of_file(source).map_err(|e| no_file(e, source)),
        }
    }

    /// Inspects a file of bytes or of WebAssembly text.
    ///
    /// # Errors
    /// `io` if the file cannot be read, `compile` if it does not hold a valid module.
    pub fn of_file(path: impl AsRef<Path>) -> Result<Inspection> {
        let path = path.as_ref();
        let (bytes, _) = module_file::read(path)?;
        let found = this_thread::with_room(COMPILER_BYTES, || {
            let wasm = binary(bytes.into())?;
            let is_component = compiled::is_component(&wasm);
            let wit = is_component
                .then(|| module_file::wit_beside(path))
                .flatten();
            inspect(&wasm, wit.as_deref()).map_err(|e| damaged(e, &wasm))
        })?;
        found.map_err(|e| e.in_file(path))
    }

    /// Tells nothing.
    fn empty() -> Inspection {
        Inspection {
            name: None,
            world: None,
            imports: Vec::new(),
            asks: Vec::new(),
            built_for: None,
            exports: Vec::new(),
            memories: Vec::new(),
            features: Vec::new(),
            compile_cost: 0,
            custom_sections: Vec::new(),
            producers: Vec::new(),
            target_features: Vec::new(),
        }
    }
}

/// The error for bytes that cannot be read.
fn invalid(error: wasmparser::BinaryReaderError) -> Error {
    Error::new(ErrorKind::Compile, error.to_string())
}

fn inspect(wasm: &[u8], beside: Option<&str>) -> Result<Inspection> {
    if compiled::is_component(wasm) {
        return component::inspect(wasm, beside);
    }
    let every = FEATURES
        .iter()
        .fold(WasmFeatures::WASM1, |all, (one, _)| all | *one);
    let types = Validator::new_with_features(every)
        .validate_all(wasm)
        .map_err(invalid)?;
    let all = types.as_ref();
    let memories = (0..all.memory_count()).map(|i| memory(all.memory_at(i)));
    let mut found = Inspection {
        memories: memories.collect(),
        compile_cost: Cost::of(wasm).excess(),
        ..Inspection::empty()
    };
    used(wasm, every, FEATURES, &mut found.features);
    for payload in Parser::new(0).parse_all(wasm) {
        found.add(payload.map_err(invalid)?, &types)?;
    }
    found.asks = Ask::of(&found.imports);
    found.built_for = built_for::said(found.imports.iter());
    Ok(found)
}

/// Which of the candidates a module is not valid without. Halves them, since most are not used.
fn used(
    wasm: &[u8],
    every: WasmFeatures,
    candidates: &[(WasmFeatures, &'static str)],
    found: &mut Vec<&'static str>,
) {
    let without = candidates.iter().fold(every, |rest, (one, _)| rest - *one);
    if Validator::new_with_features(without)
        .validate_all(wasm)
        .is_ok()
    {
        return;
    }
    if let [(_, name)] = candidates {
        found.push(name);
        return;
    }
    let (first, second) = candidates.split_at(candidates.len() / 2);
    used(wasm, every, first, found);
    used(wasm, every, second, found);
}

impl Inspection {
    fn add(&mut self, payload: Payload<'_>, types: &Types) -> Result<()> {
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(invalid)?;
                    let found = types.as_ref().entity_type_from_import(&import);
                    self.imports.extend(found.map(|ty| ImportType {
                        module: import.module.to_owned(),
                        name: import.name.to_owned(),
                        ty: entity(types, ty),
                    }));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.map_err(invalid)?;
                    let found = types.as_ref().entity_type_from_export(&export);
                    let name = export.name.to_owned();
                    self.exports
                        .extend(found.map(|ty| (name, entity(types, ty))));
                }
            }
            Payload::CustomSection(section) => {
                self.custom_sections.push(CustomSection {
                    name: section.name().to_owned(),
                    bytes: section.data().to_owned(),
                });
                self.read_known(&section);
            }
            _ => {}
        }
        Ok(())
    }

    /// What a custom section says, as far as it can be read: what is in it does not make a module
    /// invalid.
    fn read_known(&mut self, section: &wasmparser::CustomSectionReader<'_>) {
        match section.as_known() {
            KnownCustom::Name(names) => {
                for name in names.into_iter().flatten() {
                    if let wasmparser::Name::Module { name, .. } = name {
                        self.name = Some(name.to_owned());
                    }
                }
            }
            KnownCustom::Producers(fields) => {
                for field in fields.into_iter().flatten() {
                    let made = field.values.into_iter().flatten().map(|it| Producer {
                        field: field.name.to_owned(),
                        name: it.name.to_owned(),
                        version: it.version.to_owned(),
                    });
                    self.producers.extend(made);
                }
            }
            _ if section.name() == "target_features" => {
                let read = target_features(section.data_reader());
                self.target_features = read.unwrap_or_default();
            }
            _ => {}
        }
    }
}

/// A count, then a prefix and a name each.
fn target_features(mut reader: wasmparser::BinaryReader<'_>) -> wasmparser::Result<Vec<String>> {
    let mut features = Vec::new();
    for _ in 0..reader.read_var_u32()? {
        let prefix = char::from(reader.read_u8()?);
        features.push(format!("{prefix}{}", reader.read_string()?));
    }
    Ok(features)
}

fn entity(types: &Types, ty: EntityType) -> ExternType {
    match ty {
        EntityType::Func(id) | EntityType::FuncExact(id) => ExternType::Func(func(types, id)),
        EntityType::Tag(id) => ExternType::Tag(func(types, id)),
        EntityType::Memory(ty) => ExternType::Memory(memory(ty)),
        EntityType::Table(ty) => ExternType::Table(TableType {
            element: reference(types, ty.element_type),
            min: ty.initial,
            max: ty.maximum,
            is_64: ty.table64,
        }),
        EntityType::Global(ty) => ExternType::Global(GlobalType {
            content: value(types, ty.content_type),
            mutable: ty.mutable,
        }),
    }
}

fn memory(ty: wasmparser::MemoryType) -> MemoryType {
    MemoryType {
        min: ty.initial,
        max: ty.maximum,
        is_64: ty.memory64,
        page_bytes: 1 << ty.page_size_log2.unwrap_or(16),
    }
}

fn func(types: &Types, id: CoreTypeId) -> FuncType {
    let ty = types[id].unwrap_func();
    let list = |types_of: &[ValType]| -> Vec<Type> {
        types_of.iter().map(|ty| value(types, *ty)).collect()
    };
    FuncType::new(list(ty.params()), list(ty.results()))
}

fn value(types: &Types, ty: ValType) -> Type {
    match ty {
        ValType::I32 => Type::I32,
        ValType::I64 => Type::I64,
        ValType::F32 => Type::F32,
        ValType::F64 => Type::F64,
        ValType::V128 => Type::V128,
        ValType::Ref(ty) => reference(types, ty),
    }
}

fn reference(types: &Types, ty: wasmparser::RefType) -> Type {
    match ty.heap_type() {
        HeapType::Abstract { ty, .. } => nearest(ty),
        HeapType::Concrete(index) | HeapType::Exact(index) => match index {
            UnpackedIndex::Id(id) => nearest_of(&types[id].composite_type.inner),
            // A validated module has no other ones.
            _ => Type::AnyRef,
        },
    }
}

fn nearest_of(ty: &CompositeInnerType) -> Type {
    match ty {
        CompositeInnerType::Func(_) => Type::FuncRef,
        CompositeInnerType::Array(_) => Type::ArrayRef,
        CompositeInnerType::Struct(_) => Type::StructRef,
        CompositeInnerType::Cont(_) => Type::AnyRef,
    }
}

fn nearest(ty: AbstractHeapType) -> Type {
    use AbstractHeapType as H;
    match ty {
        H::Func => Type::FuncRef,
        H::Extern => Type::ExternRef,
        H::Any => Type::AnyRef,
        H::Eq => Type::EqRef,
        H::I31 => Type::I31Ref,
        H::Struct => Type::StructRef,
        H::Array => Type::ArrayRef,
        H::Exn => Type::ExnRef,
        H::None => Type::NullRef,
        H::NoFunc => Type::NullFuncRef,
        H::NoExtern => Type::NullExternRef,
        H::NoExn => Type::NullExnRef,
        // No host can hold a continuation.
        H::Cont | H::NoCont => Type::AnyRef,
    }
}
