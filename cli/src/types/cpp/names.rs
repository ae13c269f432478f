//! What the types of a world are called in C++.

use std::collections::{HashMap, HashSet};

use landbridge::{FuncDef, Label, ResourceType, TypeKind, WitType, World, WorldItem};

use crate::types::names::{Keywords, own, snake, upper_camel};
use crate::wit::{label, parts};

/// The paths of all types that have to be written, and the order for it: what others hold comes before them.
pub(super) struct Names {
    /// The namespace of all of it.
    pub(super) outer: String,
    pub(super) types: Vec<WitType>,
    pub(super) exported: Vec<ResourceType>,
    pub(super) imported: Vec<ResourceType>,
    paths: HashMap<WitType, Path>,
    spaces: HashMap<String, String>,
    used: HashSet<(Option<String>, String)>,
}

/// A namespace within the outer one, and a name.
#[derive(Clone)]
pub(super) struct Path {
    pub(super) space: Option<String>,
    pub(super) name: String,
}

/// Functions of C and POSIX that headers declare outside of all namespaces: no namespace can have their names.
const FUNCTIONS: &str = "\
    abort abs accept access acos alarm asin atan bind bsearch calloc ceil chown clock close connect cos crypt ctime \
    daemon div dup environ exit exp fabs floor fmod fork free gamma getenv index ioctl kill link listen log main malloc \
    mount nice open pause pipe poll pow printf putenv puts raise rand random read realloc recv remove rename rewind round \
    scanf select send shutdown signal sin sleep socket splice sqrt stat strdup symlink sync syslog system tan tee \
    time times trunc truncate umask unlink vfork wait wcslen write";

impl Names {
    pub(super) fn of(world: &World, name: &str) -> Names {
        let spelled = snake(&name.replace('.', "-"), Keywords::Cpp);
        let is_name = spelled.starts_with(|it: char| it.is_ascii_alphabetic());
        let valid = |it: char| match it.is_ascii_alphanumeric() {
            true => it,
            false => '_',
        };
        let outer: String = spelled.chars().map(valid).collect();
        let mut names = Names {
            outer: match is_name {
                true if FUNCTIONS.split_whitespace().any(|it| it == outer) => outer + "_",
                true => outer,
                false => format!("component_{outer}"),
            },
            types: Vec::new(),
            exported: Vec::new(),
            imported: Vec::new(),
            paths: HashMap::new(),
            spaces: HashMap::new(),
            used: HashSet::new(),
        };
        names.resources(world);
        for item in world.imports.iter().chain(&world.exports) {
            names.item(item);
        }
        names
    }

    /// Resources of what the world asks for are the host's; all others are the component's.
    fn resources(&mut self, world: &World) {
        let defined = |items: &[WorldItem]| {
            let all = items.iter().filter_map(WorldItem::interface);
            let types = all.flat_map(|it| it.types.clone());
            let kinds = types.filter_map(|it| match it.kind {
                TypeKind::Resource(of) => Some(of),
                TypeKind::Value(_) => None,
            });
            kinds.collect::<Vec<_>>()
        };
        for of in defined(&world.imports) {
            if !self.imported.contains(&of) {
                self.imported.push(of);
            }
        }
        for of in defined(&world.exports) {
            if !self.imported.contains(&of) && !self.exported.contains(&of) {
                self.exported.push(of);
            }
        }
        for of in [self.imported.clone(), self.exported.clone()].concat() {
            let path = self.new_path(of.label(), "Resource");
            self.paths.insert(WitType::Own(of), path);
        }
    }

    fn item(&mut self, item: &WorldItem) {
        match item {
            WorldItem::Interface(it) => {
                it.funcs.iter().for_each(|func| self.func(func));
                for def in &it.types {
                    if let TypeKind::Value(ty) = &def.kind {
                        self.ty(ty);
                    }
                }
            }
            WorldItem::Func(func) => self.func(func),
            WorldItem::Type(def) => {
                if let TypeKind::Value(ty) = &def.kind {
                    self.ty(ty);
                }
            }
            _ => {}
        }
    }

    fn func(&mut self, func: &FuncDef) {
        let all = func
            .ty
            .params
            .iter()
            .map(|it| &it.ty)
            .chain(&func.ty.result);
        all.for_each(|ty| self.ty(ty));
    }

    fn ty(&mut self, ty: &WitType) {
        if self.paths.contains_key(ty) {
            return;
        }
        parts(ty).into_iter().for_each(|it| self.ty(it));
        let word = match ty {
            WitType::Record(_) => "Record",
            WitType::Variant(_) => "Variant",
            WitType::Enum(_) => "Enum",
            _ => "Flags",
        };
        let Some(label) = label(ty) else { return };
        let path = self.new_path(label, word);
        self.paths.insert(ty.clone(), path);
        self.types.push(ty.clone());
    }

    /// A path that nothing else has. `word` is for types without a name.
    fn new_path(&mut self, label: &Label, word: &str) -> Path {
        let space = label.interface.as_deref().map(|it| self.space(it));
        let name = match &label.name {
            Some(name) => upper_camel(name, Keywords::Cpp),
            None => word.to_owned(),
        };
        let mut free = name.clone();
        for number in 2.. {
            let is_ours = matches!(&*free, "Exports" | "Imports");
            if !is_ours && self.used.insert((space.clone(), free.clone())) {
                break;
            }
            free = format!("{name}{number}");
        }
        Path { space, name: free }
    }

    /// The namespace of an interface.
    pub(super) fn space(&mut self, interface: &str) -> String {
        if let Some(known) = self.spaces.get(interface) {
            return known.clone();
        }
        let name = snake(own(interface), Keywords::Cpp);
        let mut free = name.clone();
        for number in 2.. {
            if self.spaces.values().all(|it| *it != free) {
                break;
            }
            free = format!("{name}{number}");
        }
        self.spaces.insert(interface.to_owned(), free.clone());
        free
    }

    /// The path of a type or a resource that is written.
    pub(super) fn path(&self, ty: &WitType) -> Option<&Path> {
        match ty {
            WitType::Borrow(of) => self.paths.get(&WitType::Own(of.clone())),
            ty => self.paths.get(ty),
        }
    }

    /// The same from anywhere.
    pub(super) fn absolute(&self, ty: &WitType) -> String {
        match self.path(ty) {
            Some(Path {
                space: Some(space),
                name,
            }) => format!("::{}::{space}::{name}", self.outer),
            Some(Path { space: None, name }) => format!("::{}::{name}", self.outer),
            None => "::landbridge::Resource".to_owned(),
        }
    }
}
