//! The documentation of a world: components do not hold it, so it is read from a WIT text, which is in a custom section
//! of the component or in a file beside it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use wit_parser::{
    AstItem, InterfaceId, TypeDefKind, UnresolvedPackage, UnresolvedPackageGroup, WorldKey,
};

use super::nesting::depth;
use super::section::section;
use super::{World, WorldItem};
use crate::components::types::Label;
use crate::{Error, ErrorKind, Result, compiled, text};

/// The most bytes of a WIT text.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// How deep brackets may be in one another: the parser recurses.
const MOST_DEPTH: usize = 100;

/// What is written about things, by their names. Versions count for nothing: a text is about one version.
#[derive(Default)]
pub(crate) struct Docs {
    texts: Texts,
    interfaces: HashSet<String>,
    worlds: Vec<WorldDocs>,
}

/// By `interface#item`, `interface#type.part` or `interface#`.
type Texts = HashMap<String, Arc<str>>;

/// A world of the text.
struct WorldDocs {
    name: Arc<str>,
    docs: Option<Arc<str>>,
    exports: HashSet<String>,
    /// Of what it has itself.
    texts: Texts,
}

impl Docs {
    /// Those of a component: of its own section, or else of a text that was found beside it. What cannot be read is as
    /// if it were not there.
    pub(crate) fn of_component(wasm: &[u8], beside: Option<&str>) -> Docs {
        let own = section(wasm).and_then(|it| std::str::from_utf8(it).ok());
        let read = own.or(beside).map(Docs::parse);
        read.and_then(Result::ok).unwrap_or_default()
    }

    /// Reads a WIT text. What it uses from elsewhere need not be there.
    pub(crate) fn parse(wit: &str) -> Result<Docs> {
        let refuse = |why: String| Error::new(ErrorKind::Compile, why);
        if wit.len() > MOST_BYTES {
            let why = format!("the WIT text has more than {MOST_BYTES} bytes");
            return Err(refuse(why));
        }
        if depth(wit) > MOST_DEPTH {
            let why = format!("the WIT text has more than {MOST_DEPTH} brackets in one another");
            return Err(refuse(why));
        }
        let parsed = compiled::checked("WIT text", || UnresolvedPackageGroup::parse("wit", wit))?;
        let group = parsed.map_err(|(map, e)| {
            refuse(format!(
                "this is no WIT: {}",
                text::with_source(e.render(&map))
            ))
        })?;
        let mut docs = Docs::default();
        for package in std::iter::once(&group.main).chain(&group.nested) {
            docs.add(package);
        }
        Ok(docs)
    }

    fn add(&mut self, package: &UnresolvedPackage) {
        let of = |interface: &str| {
            let name = &package.name;
            format!("{}:{}/{interface}", name.namespace, name.name)
        };
        for (_, interface) in package.interfaces.iter() {
            if let Some(name) = &interface.name {
                add_interface(&mut self.texts, &of(name), interface, package);
                self.interfaces.insert(of(name));
            }
        }
        let names = interface_names(package, of);
        for (_, world) in package.worlds.iter() {
            let mut texts = Texts::new();
            for (key, item) in world.imports.iter().chain(&world.exports) {
                add_item(&mut texts, key, item, package);
            }
            let exports = world.exports.keys();
            let exports = exports.filter_map(|key| match key {
                WorldKey::Name(name) => Some(name.clone()),
                WorldKey::Interface(id) => names.get(id).cloned(),
            });
            let version = package.name.version.as_ref();
            let version = version.map_or_else(String::new, |it| format!("@{it}"));
            self.worlds.push(WorldDocs {
                name: (of(&world.name) + &version).into(),
                docs: clean(&world.docs),
                exports: exports.collect(),
                texts,
            });
        }
    }

    /// What is written about an item of an interface, or about the interface itself if the item has no name.
    pub(super) fn of(&self, interface: Option<&Arc<str>>, item: &str) -> Option<Arc<str>> {
        self.get(interface.map(|it| &**it), item)
    }

    /// What is written about a part of a type.
    pub(super) fn part(&self, label: &Label, part: &str) -> Option<Arc<str>> {
        let name = label.name.as_deref()?;
        self.get(label.interface.as_deref(), &format!("{name}.{part}"))
    }

    fn get(&self, interface: Option<&str>, item: &str) -> Option<Arc<str>> {
        if self.texts.is_empty() && self.worlds.is_empty() {
            return None;
        }
        let interface = interface.map_or("", unversioned);
        let key = format!("{interface}#{item}");
        let of_world = || self.worlds.iter().find_map(|it| it.texts.get(&key));
        self.texts.get(&key).or_else(of_world).cloned()
    }

    /// Leaves the one world of the text that a component of these exports is of, if it is clear which.
    pub(super) fn choose(&mut self, exports: &[&str]) {
        let has = |world: &WorldDocs| {
            exports
                .iter()
                .all(|it| world.exports.contains(unversioned(it)))
        };
        let extra =
            |world: &WorldDocs| world.exports.len() - exports.len().min(world.exports.len());
        let chosen = self.worlds.iter().enumerate().filter(|(_, it)| has(it));
        let chosen = chosen.min_by_key(|(_, it)| extra(it)).map(|(i, _)| i);
        let only = (self.worlds.len() == 1).then_some(0);
        let chosen = chosen.or(only).map(|i| self.worlds.swap_remove(i));
        self.worlds = chosen.into_iter().collect();
    }

    /// Tells a world its name.
    pub(super) fn name(&self, world: &mut World) {
        if let [found] = &self.worlds[..] {
            world.name = Some(found.name.clone());
            world.docs = found.docs.clone();
        }
    }

    /// Whether it is about anything of this world.
    pub(crate) fn is_about(&self, world: &World) -> bool {
        let known = |item: &WorldItem| {
            let name = unversioned(item.name());
            let mut worlds = self.worlds.iter();
            self.interfaces.contains(name) || worlds.any(|it| it.exports.contains(name))
        };
        world.exports.iter().chain(&world.imports).any(known)
    }
}

/// The interfaces of a text, its own ones and those of others, without versions.
fn interface_names(
    package: &UnresolvedPackage,
    of: impl Fn(&str) -> String,
) -> HashMap<InterfaceId, String> {
    let own = package.interfaces.iter();
    let own = own.filter_map(|(id, it)| Some((id, of(it.name.as_deref()?))));
    let mut names: HashMap<_, _> = own.collect();
    for (other, items) in &package.foreign_deps {
        for (name, (item, _)) in items {
            if let AstItem::Interface(id) = item {
                names.insert(*id, format!("{}:{}/{name}", other.namespace, other.name));
            }
        }
    }
    names
}

fn add_item(
    texts: &mut Texts,
    key: &WorldKey,
    item: &wit_parser::WorldItem,
    package: &UnresolvedPackage,
) {
    match (key, item) {
        (WorldKey::Name(name), wit_parser::WorldItem::Interface { id, .. }) => {
            add_interface(texts, name, &package.interfaces[*id], package);
        }
        (_, wit_parser::WorldItem::Function(func)) => {
            put(texts, format!("#{}", func.name), &func.docs);
        }
        (WorldKey::Name(name), wit_parser::WorldItem::Type { id, .. }) => {
            add_type(texts, &format!("#{name}"), &package.types[*id]);
        }
        _ => {}
    }
}

fn add_interface(
    texts: &mut Texts,
    name: &str,
    interface: &wit_parser::Interface,
    package: &UnresolvedPackage,
) {
    put(texts, format!("{name}#"), &interface.docs);
    for (item, func) in &interface.functions {
        put(texts, format!("{name}#{item}"), &func.docs);
    }
    for (item, ty) in &interface.types {
        add_type(texts, &format!("{name}#{item}"), &package.types[*ty]);
    }
}

fn add_type(texts: &mut Texts, key: &str, ty: &wit_parser::TypeDef) {
    put(texts, key.to_owned(), &ty.docs);
    let mut part = |name: &str, docs| put(texts, format!("{key}.{name}"), docs);
    match &ty.kind {
        TypeDefKind::Record(of) => of.fields.iter().for_each(|it| part(&it.name, &it.docs)),
        TypeDefKind::Variant(of) => of.cases.iter().for_each(|it| part(&it.name, &it.docs)),
        TypeDefKind::Enum(of) => of.cases.iter().for_each(|it| part(&it.name, &it.docs)),
        TypeDefKind::Flags(of) => of.flags.iter().for_each(|it| part(&it.name, &it.docs)),
        _ => {}
    }
}

fn put(texts: &mut Texts, key: String, docs: &wit_parser::Docs) {
    if let Some(docs) = clean(docs) {
        texts.insert(key, docs);
    }
}

/// With nothing in it that steers a terminal, as it is told to people.
fn clean(docs: &wit_parser::Docs) -> Option<Arc<str>> {
    let docs = docs.contents.as_deref()?.trim();
    let mut clean = String::with_capacity(docs.len());
    for c in docs.chars() {
        match c == '\n' || c == '\t' || !text::steers(c) {
            true => clean.push(c),
            false => clean.extend(c.escape_default()),
        }
    }
    (!clean.is_empty()).then(|| clean.into())
}

/// A name without its version.
fn unversioned(name: &str) -> &str {
    name.split_once('@').map_or(name, |(name, _)| name)
}
