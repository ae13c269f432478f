//! World: what a component imports and exports, with the types of its functions.

mod docs;
mod find;
mod json;
mod nesting;
mod read;
mod section;
mod text;

use std::sync::Arc;

use super::types::{ResourceType, WitFuncType, WitType};

pub(crate) use docs::{Docs, MOST_BYTES as MOST_WIT_BYTES};
pub(crate) use read::{of_types, read};
pub use section::embed_wit;

/// What a component imports from its host, and what it exports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct World {
    /// Its name, such as `demo:app/greeter@1.2.0`, if a WIT text was found that has it: a component itself
    /// holds none.
    pub name: Option<Arc<str>>,
    /// Its documentation.
    pub docs: Option<Arc<str>>,
    /// What it imports, in the component's order.
    pub imports: Vec<WorldItem>,
    /// What it exports, in the component's order.
    pub exports: Vec<WorldItem>,
}

/// Something that a component imports or exports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorldItem {
    /// An interface.
    Interface(Arc<Interface>),
    /// A function of the world itself.
    Func(FuncDef),
    /// A type of the world itself.
    Type(TypeDef),
    /// What is no part of WIT 0.2: a core module, a component, an instance with something of these in it, or a function
    /// with types that are newer.
    Other {
        /// Its name.
        name: Arc<str>,
        /// What it is, such as `core module`.
        sort: &'static str,
    },
}

/// An interface: functions and types with a common name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interface {
    /// Its full name, such as `demo:app/shapes@1.2.0`, or a plain one such as `shapes` if it is of the world alone.
    pub name: Arc<str>,
    /// Its documentation.
    pub docs: Option<Arc<str>>,
    /// Its functions, with those of its resources, in its order.
    pub funcs: Vec<FuncDef>,
    /// Its types with names, in its order.
    pub types: Vec<TypeDef>,
    /// Items that are not part of WIT 0.2: their names, and what they are.
    pub others: Vec<(Arc<str>, &'static str)>,
}

/// A function of an interface or of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FuncDef {
    /// Its name in the component, such as `area`, `[constructor]canvas` or `[method]canvas.draw`.
    pub name: Arc<str>,
    /// Whether it is a constructor, a method or a static function of a resource.
    pub role: FuncRole,
    /// Its type. A method's first parameter is the resource.
    pub ty: Arc<WitFuncType>,
    /// Its documentation.
    pub docs: Option<Arc<str>>,
}

/// Whether a function is a constructor, a method or a static function of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FuncRole {
    /// Nothing.
    Free,
    /// It makes a resource of this name.
    Constructor(Arc<str>),
    /// A method of a resource of this name.
    Method(Arc<str>),
    /// A function of a resource of this name that takes none.
    Static(Arc<str>),
}

/// A type with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeDef {
    /// Its name in this interface. A type that is used from another interface has the label of that one.
    pub name: Arc<str>,
    /// What it is.
    pub kind: TypeKind,
    /// Its documentation.
    pub docs: Option<Arc<str>>,
}

/// What a type with a name is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// A type of values.
    Value(WitType),
    /// A resource.
    Resource(ResourceType),
}

/// A function that a component exports, as [`World::find`] finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// The full name of its interface; none for a function of the world itself.
    pub interface: Option<Arc<str>>,
    /// Its name in the component, such as `[method]canvas.draw`.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Arc<WitFuncType>,
}

impl World {
    /// The interfaces that it imports.
    pub fn imported(&self) -> impl Iterator<Item = &Interface> {
        self.imports.iter().filter_map(WorldItem::interface)
    }

    /// A function that it asks for, by full names.
    pub(crate) fn imported_func(&self, interface: &str, name: &str) -> Option<&FuncDef> {
        if interface.is_empty() {
            let mut funcs = self.imports.iter().filter_map(|item| match item {
                WorldItem::Func(func) => Some(func),
                _ => None,
            });
            return funcs.find(|it| *it.name == *name);
        }
        let interface = self.imported().find(|it| *it.name == *interface)?;
        interface.funcs.iter().find(|it| *it.name == *name)
    }

    /// The interfaces that it exports.
    pub fn exported(&self) -> impl Iterator<Item = &Interface> {
        self.exports.iter().filter_map(WorldItem::interface)
    }
}

impl WorldItem {
    /// The interface, if it is one.
    pub fn interface(&self) -> Option<&Interface> {
        match self {
            WorldItem::Interface(interface) => Some(interface),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            WorldItem::Interface(interface) => &interface.name,
            WorldItem::Func(func) => &func.name,
            WorldItem::Type(ty) => &ty.name,
            WorldItem::Other { name, .. } => name,
        }
    }
}

impl FuncDef {
    /// Its name without the resource: `draw` of `[method]canvas.draw`, `canvas` of `[constructor]canvas`.
    pub fn own_name(&self) -> &str {
        let bare = self.bare_name();
        bare.split_once('.').map_or(bare, |(_, name)| name)
    }

    /// `canvas.draw` of `[method]canvas.draw`, `canvas` of `[constructor]canvas`.
    pub(crate) fn bare_name(&self) -> &str {
        match self.role {
            FuncRole::Free => &self.name,
            _ => self.name.split_once(']').map_or(&self.name, |(_, it)| it),
        }
    }

    /// The resource that it makes or is of.
    pub fn resource(&self) -> Option<&str> {
        match &self.role {
            FuncRole::Free => None,
            FuncRole::Constructor(of) | FuncRole::Method(of) | FuncRole::Static(of) => Some(of),
        }
    }
}

impl FuncRole {
    /// Told by a function's name.
    fn of(name: &str) -> FuncRole {
        let (role, rest) = match name.strip_prefix('[').and_then(|it| it.split_once(']')) {
            Some(parts) => parts,
            None => return FuncRole::Free,
        };
        let resource = rest.split_once('.').map_or(rest, |(resource, _)| resource);
        match role {
            "constructor" => FuncRole::Constructor(resource.into()),
            "method" => FuncRole::Method(resource.into()),
            "static" => FuncRole::Static(resource.into()),
            _ => FuncRole::Free,
        }
    }
}
