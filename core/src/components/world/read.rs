//! Reads a world from a component's bytes: names of types are kept by the way in which components export them.

use std::collections::HashMap;
use std::fmt::{self, Write};
use std::sync::Arc;

use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedType, ComponentDefinedTypeId, ComponentEntityType,
    ComponentFuncTypeId, ComponentInstanceTypeId, ComponentItem, ComponentValType, ResourceId,
};
use wasmparser::types::TypesRef;
use wasmparser::{Parser, Payload, PrimitiveValType, ValidPayload, Validator, WasmFeatures};

use super::{Docs, FuncDef, FuncRole, Interface, TypeDef, TypeKind, World, WorldItem};
use crate::components::types::{
    Case, Enum, Field, Flags, Label, Record, ResourceType, ResultType, Variant, WitFuncType,
    WitType,
};
use crate::{Error, ErrorKind, Result};

/// The most bytes of names and types that are told: a few bytes of a component may name a large type very often.
const MOST_BYTES: usize = 16 << 20;

/// What a type is that is not of WIT 0.2.
struct Newer;

type Made<T> = std::result::Result<T, Newer>;

/// Reads the world of a component that was found to be valid.
pub(crate) fn read(wasm: &[u8], docs: Docs) -> Result<World> {
    let invalid = |e: wasmparser::BinaryReaderError| Error::new(ErrorKind::Compile, e.to_string());
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut types = None;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(invalid)?;
        // Bodies of functions are not validated again.
        if let ValidPayload::End(all) = validator.payload(&payload).map_err(invalid)? {
            types = Some(all);
        }
    }
    match types {
        Some(types) => of_types(wasm, types.as_ref(), docs),
        None => Err(Error::new(ErrorKind::Compile, "the component has no end")),
    }
}

/// The world of a component of these types.
pub(crate) fn of_types(wasm: &[u8], types: TypesRef<'_>, mut docs: Docs) -> Result<World> {
    let (imports, exports) = names(wasm);
    docs.choose(&exports);
    let mut reader = Reader::new(types, &docs);
    let mut world = World {
        name: None,
        docs: None,
        imports: Vec::new(),
        exports: Vec::new(),
    };
    for name in imports {
        if let Some(item) = types.component_item_for_import(name) {
            world.imports.push(reader.item(name, item));
        }
    }
    for name in exports {
        if let Some(item) = types.component_item_for_export(name) {
            world.exports.push(reader.item(name, item));
        }
    }
    docs.name(&mut world);
    match reader.left {
        Some(_) => Ok(world),
        None => Err(too_much()),
    }
}

#[cold]
fn too_much() -> Error {
    let mib = MOST_BYTES >> 20;
    let text = format!(
        "the names and types of this component's functions take more than {mib} MiB to tell"
    );
    Error::new(ErrorKind::Limit, text)
}

/// Takes texts of so many bytes, and is an error then.
struct Counted(usize);

impl fmt::Write for Counted {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(part.len()).ok_or(fmt::Error)?;
        Ok(())
    }
}

/// A type with all its parts.
struct Whole<'a>(&'a WitType);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            WitType::Record(of) => of.fields.iter().try_for_each(|it| {
                f.write_str(&it.name)?;
                it.ty.fmt(f)
            }),
            WitType::Variant(of) => of.cases.iter().try_for_each(|it| {
                f.write_str(&it.name)?;
                it.ty.iter().try_for_each(|ty| ty.fmt(f))
            }),
            WitType::Enum(of) => of.names.iter().try_for_each(|it| f.write_str(it)),
            WitType::Flags(of) => of.names.iter().try_for_each(|it| f.write_str(it)),
            other => other.fmt(f),
        }
    }
}

/// What the outermost component imports and exports.
fn names(wasm: &[u8]) -> (Vec<&str>, Vec<&str>) {
    let (mut imports, mut exports, mut depth) = (Vec::new(), Vec::new(), 0);
    for payload in Parser::new(0).parse_all(wasm).map_while(|it| it.ok()) {
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                imports.extend(section.into_iter().flatten().map(|it| it.name.name));
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                exports.extend(section.into_iter().flatten().map(|it| it.name.name));
            }
            _ => {}
        }
    }
    (imports, exports)
}

struct Reader<'a> {
    types: TypesRef<'a>,
    docs: &'a Docs,
    /// Of the types that were exported by a name so far.
    labels: HashMap<ComponentDefinedTypeId, Label>,
    made: HashMap<ComponentDefinedTypeId, WitType>,
    resources: HashMap<ResourceId, ResourceType>,
    /// Bytes that may still be told; none if it was too much.
    left: Option<usize>,
}

impl<'a> Reader<'a> {
    fn new(types: TypesRef<'a>, docs: &'a Docs) -> Reader<'a> {
        Reader {
            types,
            docs,
            labels: HashMap::new(),
            made: HashMap::new(),
            resources: HashMap::new(),
            left: Some(MOST_BYTES),
        }
    }

    /// Takes so many bytes of what may be told.
    fn tell(&mut self, name: &str, ty: impl fmt::Display) -> Made<()> {
        let mut counted = Counted(self.left.ok_or(Newer)?);
        let fits = write!(counted, "{name}{ty}").is_ok();
        self.left = fits.then_some(counted.0);
        self.left.map(drop).ok_or(Newer)
    }

    fn item(&mut self, name: &str, item: &ComponentItem) -> WorldItem {
        let other = |sort| WorldItem::Other {
            name: name.into(),
            sort,
        };
        match &item.ty {
            ComponentEntityType::Instance(id) => {
                WorldItem::Interface(Arc::new(self.interface(name, *id)))
            }
            ComponentEntityType::Func(id) => match self.func(None, name, *id) {
                Ok(func) => WorldItem::Func(func),
                Err(Newer) => other(NEWER_FUNC),
            },
            ComponentEntityType::Type {
                referenced,
                created,
            } => match self.ty(None, name, *referenced, *created) {
                Ok(ty) => WorldItem::Type(ty),
                Err(Newer) => other(NEWER_TYPE),
            },
            ty => other(sort(ty)),
        }
    }

    fn interface(&mut self, name: &str, id: ComponentInstanceTypeId) -> Interface {
        let name: Arc<str> = name.into();
        let mut interface = Interface {
            docs: self.docs.of(Some(&name), ""),
            funcs: Vec::new(),
            types: Vec::new(),
            others: Vec::new(),
            name: name.clone(),
        };
        let types = self.types;
        for (item, ty) in &types[id].exports {
            let sort = match &ty.ty {
                ComponentEntityType::Func(id) => {
                    let func = self.func(Some(&name), item, *id);
                    func.map(|it| interface.funcs.push(it))
                        .err()
                        .map(|_| NEWER_FUNC)
                }
                ComponentEntityType::Type {
                    referenced,
                    created,
                } => {
                    let ty = self.ty(Some(&name), item, *referenced, *created);
                    ty.map(|it| interface.types.push(it))
                        .err()
                        .map(|_| NEWER_TYPE)
                }
                ty => Some(sort(ty)),
            };
            interface
                .others
                .extend(sort.map(|sort| (item.as_str().into(), sort)));
        }
        interface
    }

    fn func(
        &mut self,
        interface: Option<&Arc<str>>,
        name: &str,
        id: ComponentFuncTypeId,
    ) -> Made<FuncDef> {
        let types = self.types;
        let ty = &types[id];
        if ty.async_ {
            return Err(Newer);
        }
        let params = ty.params.iter();
        let params = params.map(|(name, ty)| {
            Ok(Field {
                name: name.as_str().into(),
                ty: self.value(ty)?,
                docs: None,
            })
        });
        let params = params.collect::<Made<_>>()?;
        let result = ty.result.as_ref().map(|ty| self.value(ty)).transpose()?;
        let ty = WitFuncType { params, result };
        self.tell(name, &ty)?;
        Ok(FuncDef {
            name: name.into(),
            role: FuncRole::of(name),
            ty: Arc::new(ty),
            docs: self.docs.of(interface, name),
        })
    }

    /// A type that is imported or exported by a name: `created` is what it is known as from then on.
    fn ty(
        &mut self,
        interface: Option<&Arc<str>>,
        name: &str,
        referenced: ComponentAnyTypeId,
        created: ComponentAnyTypeId,
    ) -> Made<TypeDef> {
        let label = || Label {
            name: Some(name.into()),
            interface: interface.cloned(),
            docs: self.docs.of(interface, name),
        };
        let kind = match (created, referenced) {
            (ComponentAnyTypeId::Resource(id), _) => {
                let label = Arc::new(label());
                TypeKind::Resource(self.resource(id.resource(), label))
            }
            (ComponentAnyTypeId::Defined(id), ComponentAnyTypeId::Defined(of)) => {
                let label = self.label(of).unwrap_or_else(label);
                self.labels.insert(id, label);
                let ty = self.defined(id)?;
                self.tell(name, Whole(&ty))?;
                TypeKind::Value(ty)
            }
            _ => return Err(Newer),
        };
        Ok(TypeDef {
            name: name.into(),
            kind,
            docs: self.docs.of(interface, name),
        })
    }

    /// What a type is called, if it is one that has a name by now, or stands for one.
    fn label(&self, mut id: ComponentDefinedTypeId) -> Option<Label> {
        loop {
            if let Some(label) = self.labels.get(&id) {
                return Some(label.clone());
            }
            id = self.types.peel_alias(id)?;
        }
    }

    /// The first name that a resource comes up by is its name.
    fn resource(&mut self, id: ResourceId, label: Arc<Label>) -> ResourceType {
        let index = self.resources.len() as u32;
        let new = || ResourceType { index, label };
        self.resources.entry(id).or_insert_with(new).clone()
    }

    fn value(&mut self, ty: &ComponentValType) -> Made<WitType> {
        match ty {
            ComponentValType::Primitive(ty) => primitive(*ty),
            ComponentValType::Type(id) => self.defined(*id),
        }
    }

    /// Each is made once: a type may be in others very often.
    fn defined(&mut self, id: ComponentDefinedTypeId) -> Made<WitType> {
        if let Some(made) = self.made.get(&id) {
            return Ok(made.clone());
        }
        let made = self.shape(id)?;
        self.made.insert(id, made.clone());
        Ok(made)
    }

    fn shape(&mut self, id: ComponentDefinedTypeId) -> Made<WitType> {
        let types = self.types;
        let label = self.label(id).unwrap_or_default();
        let names = |names: &mut dyn Iterator<Item = &str>| names.map(Arc::from).collect();
        Ok(match &types[id] {
            ComponentDefinedType::Primitive(ty) => primitive(*ty)?,
            ComponentDefinedType::List { element, .. } => {
                WitType::List(Arc::new(self.value(element)?))
            }
            ComponentDefinedType::Option { ty, .. } => WitType::Option(Arc::new(self.value(ty)?)),
            ComponentDefinedType::Tuple(of) => {
                let all = of.types.iter().map(|ty| self.value(ty));
                WitType::Tuple(all.collect::<Made<_>>()?)
            }
            ComponentDefinedType::Result { ok, err, .. } => {
                let mut one = |ty: &Option<_>| ty.as_ref().map(|ty| self.value(ty)).transpose();
                WitType::Result(Arc::new(ResultType {
                    ok: one(ok)?,
                    err: one(err)?,
                }))
            }
            ComponentDefinedType::Record(of) => {
                let fields = of.fields.iter().map(|(name, ty)| {
                    Ok(Field {
                        name: name.as_str().into(),
                        ty: self.value(ty)?,
                        docs: self.docs.part(&label, name.as_str()),
                    })
                });
                let fields = fields.collect::<Made<_>>()?;
                WitType::Record(Arc::new(Record { label, fields }))
            }
            ComponentDefinedType::Variant(of) => {
                let cases = of.cases.iter().map(|(name, case)| {
                    Ok(Case {
                        name: name.as_str().into(),
                        ty: case.ty.as_ref().map(|ty| self.value(ty)).transpose()?,
                        docs: self.docs.part(&label, name.as_str()),
                    })
                });
                let cases = cases.collect::<Made<_>>()?;
                WitType::Variant(Arc::new(Variant { label, cases }))
            }
            ComponentDefinedType::Enum(of) => WitType::Enum(Arc::new(Enum {
                label,
                names: names(&mut of.iter().map(|it| it.as_str())),
            })),
            ComponentDefinedType::Flags(of) => WitType::Flags(Arc::new(Flags {
                label,
                names: names(&mut of.iter().map(|it| it.as_str())),
            })),
            ComponentDefinedType::Own(of) => {
                WitType::Own(self.resource(of.resource(), Arc::default()))
            }
            ComponentDefinedType::Borrow(of) => {
                WitType::Borrow(self.resource(of.resource(), Arc::default()))
            }
            _ => return Err(Newer),
        })
    }
}

fn primitive(ty: PrimitiveValType) -> Made<WitType> {
    Ok(match ty {
        PrimitiveValType::Bool => WitType::Bool,
        PrimitiveValType::S8 => WitType::S8,
        PrimitiveValType::U8 => WitType::U8,
        PrimitiveValType::S16 => WitType::S16,
        PrimitiveValType::U16 => WitType::U16,
        PrimitiveValType::S32 => WitType::S32,
        PrimitiveValType::U32 => WitType::U32,
        PrimitiveValType::S64 => WitType::S64,
        PrimitiveValType::U64 => WitType::U64,
        PrimitiveValType::F32 => WitType::F32,
        PrimitiveValType::F64 => WitType::F64,
        PrimitiveValType::Char => WitType::Char,
        PrimitiveValType::String => WitType::String,
        PrimitiveValType::ErrorContext => return Err(Newer),
    })
}

const NEWER_FUNC: &str = "function with types that are not of WIT 0.2";

const NEWER_TYPE: &str = "type that is not of WIT 0.2";

fn sort(ty: &ComponentEntityType) -> &'static str {
    match ty {
        ComponentEntityType::Module(_) => "core module",
        ComponentEntityType::Func(_) => "function",
        ComponentEntityType::Value(_) => "value",
        ComponentEntityType::Type { .. } => "type",
        ComponentEntityType::Instance(_) => "instance",
        ComponentEntityType::Component(_) => "component",
    }
}
