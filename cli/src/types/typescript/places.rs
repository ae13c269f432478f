//! Where the types of a world are declared: each once, by the interface that it is of.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use landbridge::{Interface, Label, ResourceType, TypeDef, TypeKind, World, WorldItem};

use super::{OURS, camel, member, upper};
use crate::types::names::own;
use crate::wit::label;

#[derive(Default)]
pub(super) struct Places {
    /// Of exported interfaces, by their full names.
    namespaces: HashMap<Arc<str>, String>,
    /// What the module calls those whose own name is another one here.
    publics: HashMap<Arc<str>, String>,
    /// The same of imported ones, within `Imports`.
    imported: HashMap<Arc<str>, String>,
    /// What the objects are called that a host gives for these.
    objects: HashMap<Arc<str>, String>,
    /// By interface and name.
    values: HashMap<(Option<Arc<str>>, Arc<str>), String>,
    resources: HashMap<ResourceType, String>,
    /// What types and interfaces of the world are called.
    names: HashSet<String>,
}

impl Places {
    pub(super) fn of(world: &World) -> Places {
        let mut places = Places::default();
        let names = world.exports.iter().filter_map(|it| match it {
            WorldItem::Func(it) => Some(camel(&it.name)),
            _ => None,
        });
        let mut taken: Vec<String> = names.chain(["Imports".to_owned()]).collect();
        let shorts: Vec<String> = world.exported().map(|it| member(own(&it.name))).collect();
        for it in world.exported() {
            let short = member(own(&it.name));
            // A name that is another's, too, is nobody's: then there is only the full one.
            let is_taken =
                taken.contains(&short) || shorts.iter().filter(|it| **it == short).count() > 1;
            let name = free(&mut taken, camel(own(&it.name)));
            let public = if is_taken {
                format!("'{}'", it.name)
            } else {
                short
            };
            places.namespaces.insert(it.name.clone(), name);
            places.publics.insert(it.name.clone(), public);
        }
        // Within `Imports` those that are exported are named, too.
        let mut taken: Vec<String> = places.namespaces.values().cloned().collect();
        let mut objects = vec!["Later".to_owned(), "World".to_owned()];
        for it in world.imported() {
            let name = free(&mut taken, camel(own(&it.name)));
            let object = free(&mut objects, upper(own(&it.name)));
            places.names.insert(object.clone());
            places.objects.insert(it.name.clone(), object);
            places.imported.insert(it.name.clone(), name);
        }
        for item in &world.exports {
            if let WorldItem::Type(def) = item {
                places.put(def, None, "");
            }
        }
        // What is exported comes first: a type of an interface that is imported, too, is the same in both.
        for it in world.exported() {
            let prefix = format!("{}.", places.namespaces[&it.name]);
            places.put_all(it, &prefix);
        }
        for it in world.imported() {
            let prefix = format!("Imports.{}.", places.imported[&it.name]);
            places.put_all(it, &prefix);
        }
        places
    }

    fn put_all(&mut self, it: &Interface, prefix: &str) {
        for def in &it.types {
            self.put(def, Some(&it.name), prefix);
        }
    }

    /// A type, if this is where it is defined.
    fn put(&mut self, def: &TypeDef, interface: Option<&Arc<str>>, prefix: &str) {
        let path = format!("{prefix}{}", upper(&def.name));
        self.names.insert(upper(&def.name));
        let is_here =
            |it: &Label| it.name.as_ref() == Some(&def.name) && it.interface.as_ref() == interface;
        match &def.kind {
            TypeKind::Value(ty) if label(ty).is_some_and(is_here) => {
                let key = (interface.cloned(), def.name.clone());
                self.values.entry(key).or_insert(path);
            }
            TypeKind::Value(_) => {}
            TypeKind::Resource(of) => {
                let (is_its, known) = (is_here(of.label()), self.resources.contains_key(of));
                if is_its || !known {
                    self.resources.insert(of.clone(), path);
                }
            }
        }
    }

    /// A type of JavaScript or of the package, also where a type of the world has its name.
    pub(super) fn known(&self, name: &str) -> String {
        match self.names.contains(name) {
            false => name.to_owned(),
            true if OURS.contains(&name) => format!("_{name}"),
            true => format!("globalThis.{name}"),
        }
    }

    /// How such a type of the package is imported.
    pub(super) fn import(&self, name: &str) -> String {
        match self.known(name) {
            known if known == name => known,
            known => format!("{name} as {known}"),
        }
    }

    pub(super) fn namespace(&self, interface: &str) -> Option<&str> {
        self.namespaces.get(interface).map(String::as_str)
    }

    /// What the module calls an exported interface.
    pub(super) fn public(&self, interface: &str) -> &str {
        self.publics.get(interface).map_or("", String::as_str)
    }

    pub(super) fn imported(&self, interface: &str) -> Option<&str> {
        self.imported.get(interface).map(String::as_str)
    }

    /// What an object for an imported interface is called.
    pub(super) fn object(&self, interface: &str) -> &str {
        self.objects.get(interface).map_or("", String::as_str)
    }

    /// Where a type of values with this label is.
    pub(super) fn value(&self, label: &Label) -> Option<&str> {
        let key = (label.interface.clone(), label.name.clone()?);
        self.values.get(&key).map(String::as_str)
    }

    /// Where a resource is.
    pub(super) fn resource(&self, of: &ResourceType) -> Option<&str> {
        self.resources.get(of).map(String::as_str)
    }
}

/// A name that is not taken yet.
fn free(taken: &mut Vec<String>, name: String) -> String {
    let mut found = name.clone();
    let mut more = 2;
    while taken.contains(&found) {
        found = format!("{name}{more}");
        more += 1;
    }
    taken.push(found.clone());
    found
}
