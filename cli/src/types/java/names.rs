//! What the types and interfaces of a world are called in Java, and where they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use landbridge::{Label, TypeDef, TypeKind, WitFuncType, WitType, World, WorldItem};

use crate::types::names::{Keywords, camel, upper_camel};
use crate::wit::{label, parts};

/// Methods that all objects have: an interface cannot have others of these names.
const OF_OBJECT: &[&str] = &[
    "clone",
    "finalize",
    "getClass",
    "hashCode",
    "notify",
    "notifyAll",
    "toString",
    "wait",
];

/// The names of a world.
pub(super) struct Names<'w> {
    world: &'w World,
    /// The interface that all is in.
    pub(super) outer: String,
    /// Interfaces by their full names.
    interfaces: BTreeMap<Arc<str>, String>,
    /// Types by interface and name, in the order in which they were found.
    types: Vec<(Option<Arc<str>>, Arc<str>, WitType)>,
    /// All names of types.
    taken: BTreeSet<String>,
}

/// A method's name.
pub(super) fn method(name: &str) -> String {
    match OF_OBJECT.contains(&name) {
        true => format!("{name}_"),
        false => name.to_owned(),
    }
}

/// The name of a component of a record.
pub(super) fn component(name: &str) -> String {
    method(&camel(name, Keywords::Java))
}

/// A parameter's name.
pub(super) fn param(name: &str) -> String {
    camel(name, Keywords::Java)
}

/// A constant's name.
pub(super) fn constant(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

/// The interface that all is in, by what the whole is called. What is the name of a class stays: `MyShop` of `MyShop.java`.
pub(super) fn outer(name: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '$';
    if name.starts_with(char::is_uppercase) && name.chars().all(|c| is_part(c) || c == '_') {
        return name.to_owned();
    }
    let java = upper_camel(&name.replace(|c| !is_part(c), "-"), Keywords::Java);
    match java.chars().next() {
        None => "Component".to_owned(),
        Some(first) if first.is_numeric() => format!("_{java}"),
        Some(_) => java,
    }
}

/// A type's name, which is none of those that it stands in.
pub(super) fn type_name(name: &str, enclosing: &[String]) -> String {
    let mut java = upper_camel(name, Keywords::Java);
    while enclosing.contains(&java) {
        java.push('_');
    }
    java
}

impl<'w> Names<'w> {
    pub(super) fn of(world: &'w World, name: &str) -> Names<'w> {
        let mut names = Names {
            world,
            outer: outer(name),
            interfaces: BTreeMap::new(),
            types: Vec::new(),
            taken: BTreeSet::new(),
        };
        for interface in world.exported().chain(world.imported()) {
            names.add_interface(&interface.name);
        }
        names.look_at_all();
        let mut taken: BTreeSet<String> = names.interfaces.values().cloned().collect();
        taken.insert(names.outer.clone());
        for (_, name, ty) in &names.types {
            taken.insert(upper_camel(name, Keywords::Java));
            if let WitType::Variant(of) = ty {
                taken.extend(
                    of.cases
                        .iter()
                        .map(|it| upper_camel(&it.name, Keywords::Java)),
                );
            }
        }
        for item in world.exports.iter().chain(&world.imports) {
            let own = match item {
                WorldItem::Interface(it) => &it.types[..],
                WorldItem::Type(it) => std::slice::from_ref(it),
                _ => &[],
            };
            taken.extend(own.iter().map(|it| upper_camel(&it.name, Keywords::Java)));
        }
        names.taken = taken;
        names
    }

    fn add_interface(&mut self, full: &Arc<str>) {
        if self.interfaces.contains_key(full) {
            return;
        }
        let plain = upper_camel(full, Keywords::Java);
        let is_taken =
            |name: &str| name == self.outer || self.interfaces.values().any(|it| it == name);
        let mut java = plain.clone();
        let mut next = 2;
        while is_taken(&java) {
            java = format!("{plain}{next}");
            next += 1;
        }
        self.interfaces.insert(full.clone(), java);
    }

    /// Finds all types with names.
    fn look_at_all(&mut self) {
        let world = self.world;
        for item in world.exports.iter().chain(&world.imports) {
            match item {
                WorldItem::Interface(it) => {
                    for ty in &it.types {
                        if let TypeKind::Value(ty) = &ty.kind {
                            self.look(ty);
                        }
                    }
                    it.funcs.iter().for_each(|it| self.look_at(&it.ty));
                }
                WorldItem::Func(func) => self.look_at(&func.ty),
                WorldItem::Type(ty) => {
                    if let TypeKind::Value(ty) = &ty.kind {
                        self.look(ty);
                    }
                }
                _ => {}
            }
        }
    }

    fn look_at(&mut self, ty: &WitFuncType) {
        ty.params
            .iter()
            .map(|it| &it.ty)
            .chain(&ty.result)
            .for_each(|it| self.look(it));
    }

    fn look(&mut self, ty: &WitType) {
        if let Some((label, name)) = named(ty) {
            let is_known = |(interface, known, _): &(Option<Arc<str>>, Arc<str>, WitType)| {
                *interface == label.interface && known == name
            };
            if self.types.iter().any(is_known) {
                return;
            }
            if let Some(interface) = &label.interface {
                self.add_interface(interface);
            }
            self.types
                .push((label.interface.clone(), name.clone(), ty.clone()));
        }
        parts(ty).into_iter().for_each(|it| self.look(it));
    }

    /// Whether a plain name would mean a type of the world.
    pub(super) fn is_taken(&self, own: &str) -> bool {
        self.taken.contains(own)
    }

    /// A class of a library, in short if that means it.
    pub(super) fn lib(&self, path: &str) -> String {
        let own = path.rsplit('.').next().unwrap_or(path);
        match self.is_taken(own) {
            true => path.to_owned(),
            false => own.to_owned(),
        }
    }

    pub(super) fn interface(&self, full: &str) -> String {
        self.interfaces
            .get(full)
            .cloned()
            .unwrap_or_else(|| upper_camel(full, Keywords::Java))
    }

    pub(super) fn is_exported(&self, full: &str) -> bool {
        self.world.exported().any(|it| *it.name == *full)
    }

    /// Interfaces that only define types which others use.
    pub(super) fn others(&self) -> Vec<String> {
        let is_told = |full: &str| {
            self.world
                .exported()
                .chain(self.world.imported())
                .any(|it| *it.name == *full)
        };
        self.interfaces
            .keys()
            .filter(|it| !is_told(it))
            .map(|it| it.to_string())
            .collect()
    }

    /// The name of what the world itself asks for.
    pub(super) fn host(&self) -> String {
        let mut name = "Imports".to_owned();
        while self.is_taken(&name) {
            name.push('_');
        }
        name
    }

    /// The record for tuples of so many elements.
    pub(super) fn tuple(&self, count: usize) -> String {
        let mut name = format!("Tuple{count}");
        while self.is_taken(&name) {
            name.push('_');
        }
        name
    }

    /// The names that what an interface defines stands in.
    pub(super) fn enclosing(&self, interface: &str) -> Vec<String> {
        match interface {
            "" => {
                let mut all = vec![self.outer.clone()];
                all.extend(self.interfaces.values().cloned());
                all
            }
            full => vec![self.outer.clone(), self.interface(full)],
        }
    }

    /// The types that an interface defines, or the world.
    pub(super) fn defined(&self, interface: Option<&str>) -> Vec<(String, WitType)> {
        let found = self
            .types
            .iter()
            .filter(|(of, _, _)| of.as_deref() == interface);
        found
            .map(|(_, name, ty)| (name.to_string(), ty.clone()))
            .collect()
    }

    /// What a type with a name is called from anywhere in the file.
    pub(super) fn path(&self, label: &Label, name: &str) -> String {
        let interface = label.interface.as_deref().unwrap_or_default();
        let own = type_name(name, &self.enclosing(interface));
        match interface {
            "" => format!("{}.{own}", self.outer),
            full => format!("{}.{}.{own}", self.outer, self.interface(full)),
        }
    }

    /// How many elements the tuples have that are in the world.
    pub(super) fn tuples(&self, world: &World) -> Vec<usize> {
        let mut found = BTreeSet::new();
        let interfaces = world
            .exported()
            .chain(world.imported())
            .flat_map(|it| &it.funcs);
        let plain = world
            .exports
            .iter()
            .chain(&world.imports)
            .filter_map(|it| match it {
                WorldItem::Func(func) => Some(func),
                _ => None,
            });
        for func in interfaces.chain(plain) {
            let all = func
                .ty
                .params
                .iter()
                .map(|it| &it.ty)
                .chain(&func.ty.result);
            all.for_each(|it| count(it, &mut found));
        }
        self.types
            .iter()
            .for_each(|(_, _, ty)| count(ty, &mut found));
        found.into_iter().collect()
    }
}

/// The resources that an interface defines, or the world.
pub(super) fn resources(types: &[TypeDef], interface: Option<&str>) -> Vec<TypeDef> {
    let own = types.iter().filter(|it| match &it.kind {
        TypeKind::Resource(of) => match of.label().interface.as_deref() {
            None => true,
            found => found == interface,
        },
        TypeKind::Value(_) => false,
    });
    own.cloned().collect()
}

fn count(ty: &WitType, found: &mut BTreeSet<usize>) {
    if let WitType::Tuple(of) = ty {
        found.insert(of.len());
    }
    parts(ty).into_iter().for_each(|it| count(it, found));
}

/// The label and the name of a type that Java has a type of its own for.
pub(super) fn named(ty: &WitType) -> Option<(&Label, &Arc<str>)> {
    let label = label(ty)?;
    Some((label, label.name.as_ref()?))
}
