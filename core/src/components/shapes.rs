//! The shapes of a component's types, as the engine gives them: always there, and in the order of the frame. Names of
//! types are not in them.

use std::sync::Arc;

use wasmtime::component::ResourceType as EngineResource;
use wasmtime::component::types::{ComponentFunc, Type};

use super::types::{
    Case, Enum, Field, Flags, Label, Record, ResourceType, ResultType, Variant, WitFuncType,
    WitType,
};
use crate::{Error, ErrorKind, Result};

/// Makes types of the engine's, and numbers the resources of one component as they come up.
#[derive(Default)]
pub(crate) struct Shapes {
    resources: Vec<EngineResource>,
    known: Vec<(u32, EngineResource)>,
}

impl Shapes {
    /// Says what the engine will know a resource as, once there is an instance.
    pub(crate) fn know(&mut self, ty: EngineResource, as_: EngineResource) {
        let index = self.resource(ty).index;
        self.known.push((index, as_));
    }

    /// What the engine will know a resource as, if that was said.
    pub(crate) fn known_as(&mut self, ty: EngineResource) -> Option<EngineResource> {
        let index = self.resource(ty).index;
        let known = self.known.iter().find(|(it, _)| *it == index);
        known.map(|(_, as_)| *as_)
    }

    /// What the engine will know resources as.
    pub(crate) fn known(&self) -> &[(u32, EngineResource)] {
        &self.known
    }

    /// The number of a resource.
    pub(crate) fn resource(&mut self, ty: EngineResource) -> ResourceType {
        let found = self.resources.iter().position(|it| *it == ty);
        let index = found.unwrap_or_else(|| {
            self.resources.push(ty);
            self.resources.len() - 1
        });
        ResourceType {
            index: index as u32,
            label: Arc::default(),
        }
    }

    /// The type of a function.
    pub(crate) fn func(&mut self, ty: &ComponentFunc) -> Result<WitFuncType> {
        let params = ty.params().map(|(name, ty)| self.field(name, &ty));
        let params = params.collect::<Result<_>>()?;
        let result = ty.results().next().map(|ty| self.ty(&ty)).transpose()?;
        Ok(WitFuncType { params, result })
    }

    /// A type.
    pub(crate) fn ty(&mut self, ty: &Type) -> Result<WitType> {
        Ok(match ty {
            Type::Bool => WitType::Bool,
            Type::S8 => WitType::S8,
            Type::U8 => WitType::U8,
            Type::S16 => WitType::S16,
            Type::U16 => WitType::U16,
            Type::S32 => WitType::S32,
            Type::U32 => WitType::U32,
            Type::S64 => WitType::S64,
            Type::U64 => WitType::U64,
            Type::Float32 => WitType::F32,
            Type::Float64 => WitType::F64,
            Type::Char => WitType::Char,
            Type::String => WitType::String,
            Type::List(of) => WitType::List(Arc::new(self.ty(&of.ty())?)),
            Type::Record(of) => {
                let fields = of.fields().map(|it| self.field(it.name, &it.ty));
                WitType::Record(Arc::new(Record {
                    label: Label::default(),
                    fields: fields.collect::<Result<_>>()?,
                }))
            }
            Type::Tuple(of) => {
                let types = of.types().map(|ty| self.ty(&ty));
                WitType::Tuple(types.collect::<Result<_>>()?)
            }
            Type::Variant(of) => {
                let cases = of.cases().map(|it| self.case(it.name, it.ty.as_ref()));
                WitType::Variant(Arc::new(Variant {
                    label: Label::default(),
                    cases: cases.collect::<Result<_>>()?,
                }))
            }
            Type::Enum(of) => WitType::Enum(Arc::new(Enum {
                label: Label::default(),
                names: of.names().map(Arc::from).collect(),
            })),
            Type::Flags(of) => WitType::Flags(Arc::new(Flags {
                label: Label::default(),
                names: of.names().map(Arc::from).collect(),
            })),
            Type::Option(of) => WitType::Option(Arc::new(self.ty(&of.ty())?)),
            Type::Result(of) => WitType::Result(Arc::new(ResultType {
                ok: of.ok().map(|ty| self.ty(&ty)).transpose()?,
                err: of.err().map(|ty| self.ty(&ty)).transpose()?,
            })),
            Type::Own(of) => WitType::Own(self.resource(*of)),
            Type::Borrow(of) => WitType::Borrow(self.resource(*of)),
            _ => return Err(not_of_wit()),
        })
    }

    fn field(&mut self, name: &str, ty: &Type) -> Result<Field> {
        Ok(Field {
            name: name.into(),
            ty: self.ty(ty)?,
            docs: None,
        })
    }

    fn case(&mut self, name: &str, ty: Option<&Type>) -> Result<Case> {
        Ok(Case {
            name: name.into(),
            ty: ty.map(|ty| self.ty(ty)).transpose()?,
            docs: None,
        })
    }
}

#[cold]
fn not_of_wit() -> Error {
    let text = "the component has a type that is not of WIT 0.2: a stream, a future, a map or a list of fixed length";
    Error::new(ErrorKind::Unsupported, text)
}

/// What the engine knows the resources of a function as, by their numbers. `engine` is the same function of an
/// instance.
pub(crate) fn resources_of(ty: &WitFuncType, engine: &ComponentFunc) -> Vec<(u32, EngineResource)> {
    let mut found = Vec::new();
    let params = ty.params.iter().zip(engine.params());
    params.for_each(|(param, (_, engine))| pair(&param.ty, &engine, &mut found));
    if let (Some(result), Some(engine)) = (&ty.result, engine.results().next()) {
        pair(result, &engine, &mut found);
    }
    found
}

fn pair(ty: &WitType, engine: &Type, found: &mut Vec<(u32, EngineResource)>) {
    if !ty.has_handles() {
        return;
    }
    match (ty, engine) {
        (WitType::Own(a), Type::Own(b)) | (WitType::Borrow(a), Type::Borrow(b))
            if found.iter().all(|(index, _)| *index != a.index) =>
        {
            found.push((a.index, *b));
        }
        (WitType::List(a), Type::List(b)) => pair(a, &b.ty(), found),
        (WitType::Option(a), Type::Option(b)) => pair(a, &b.ty(), found),
        (WitType::Record(a), Type::Record(b)) => {
            let fields = a.fields.iter().zip(b.fields());
            fields.for_each(|(a, b)| pair(&a.ty, &b.ty, found));
        }
        (WitType::Tuple(a), Type::Tuple(b)) => {
            let types = a.iter().zip(b.types());
            types.for_each(|(a, b)| pair(a, &b, found));
        }
        (WitType::Variant(a), Type::Variant(b)) => {
            for (a, b) in a.cases.iter().zip(b.cases()) {
                if let (Some(a), Some(b)) = (&a.ty, &b.ty) {
                    pair(a, b, found);
                }
            }
        }
        (WitType::Result(a), Type::Result(b)) => {
            let ok = a.ok.as_ref().zip(b.ok());
            let err = a.err.as_ref().zip(b.err());
            let both = ok.into_iter().chain(err);
            both.for_each(|(a, b)| pair(a, &b, found));
        }
        _ => {}
    }
}
