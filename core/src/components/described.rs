//! The description of a component: its types and functions, as they cross to a binding once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::frame::{ToFrame, Writer};
use crate::{
    FuncDef, FuncRole, Interface, Label, Result, TypeDef, TypeKind, WitType, World, WorldItem, text,
};

/// The description of a component, for bindings.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Description {
    /// Its types, each once; those that others hold come before them.
    pub types: Vec<WitType>,
    /// All of it as a frame, in which a type is given by its index in `types`:
    ///
    /// - the types: a list. Of each a byte, its place in [`WitType`] (0 is `bool`, 22 is `borrow`), and its text as messages
    ///   show it. Then `list` and `option` have a type; `record` has a label and a list of fields (a name, an option of
    ///   docs, a type); `tuple` a list of types; `variant` a label and a list of cases (a name, an option of docs, an option
    ///   of a type); `enum` and `flags` a label and a list of names; `result` an option of a type for `ok` and one for `err`;
    ///   `own` and `borrow` the number of the resource (equal numbers are one resource) and its label.
    /// - the world's name and docs: options of a text.
    /// - its imports, then its exports: lists of items. Each begins with a byte. 0 is an interface: its name, an option of
    ///   docs, a list of functions and one of types. 1 is a function. 2 is a type: its name, an option of docs, 0 for a type
    ///   of values or 1 for a resource, and the type (of a resource, its `own`). 3 is an item that is not part of WIT 0.2: its
    ///   name and what it is.
    ///
    /// A label is three options of a text: name, interface, docs. A function is its name in the component, its own name, a
    /// byte (0 free, 1 constructor, 2 method, 3 static), an option of the resource's name, an option of docs, its text, a
    /// list of parameters (a name, a type) and an option of the result's type. Places of types are `u32`.
    pub frame: Vec<u8>,
}

/// Describes a component.
///
/// # Errors
/// `limit` if the description is too large.
pub fn describe(world: &World) -> Result<Description> {
    let mut types = Types::default();
    let mut rest = Writer::values(Vec::new());
    world.name.as_deref().put(&mut rest);
    world.docs.as_deref().put(&mut rest);
    for items in [&world.imports, &world.exports] {
        rest.list(items, |frame, it| item(frame, it, &mut types));
    }
    let mut frame = Writer::new();
    frame.length(types.all.len());
    frame.raw(&types.told.finish()?);
    frame.raw(&rest.finish()?);
    Ok(Description {
        types: types.all,
        frame: frame.finish()?,
    })
}

fn item(frame: &mut Writer, item: &WorldItem, types: &mut Types) {
    match item {
        WorldItem::Interface(it) => {
            frame.byte(0);
            interface(frame, it, types);
        }
        WorldItem::Func(it) => {
            frame.byte(1);
            func(frame, it, types);
        }
        WorldItem::Type(it) => {
            frame.byte(2);
            named(frame, it, types);
        }
        WorldItem::Other { name, sort } => {
            frame.byte(3);
            name.put(frame);
            sort.put(frame);
        }
    }
}

fn interface(frame: &mut Writer, it: &Interface, types: &mut Types) {
    it.name.put(frame);
    it.docs.as_deref().put(frame);
    frame.list(&it.funcs, |frame, it| func(frame, it, types));
    frame.list(&it.types, |frame, it| named(frame, it, types));
}

fn func(frame: &mut Writer, it: &FuncDef, types: &mut Types) {
    it.name.put(frame);
    it.own_name().put(frame);
    frame.byte(match it.role {
        FuncRole::Free => 0,
        FuncRole::Constructor(_) => 1,
        FuncRole::Method(_) => 2,
        FuncRole::Static(_) => 3,
    });
    it.resource().put(frame);
    it.docs.as_deref().put(frame);
    it.ty.signature(it.own_name()).put(frame);
    frame.list(&it.ty.params, |frame, it| {
        it.name.put(frame);
        types.place(&it.ty).put(frame);
    });
    let result = it.ty.result.as_ref();
    result.map(|ty| types.place(ty)).put(frame);
}

fn named(frame: &mut Writer, it: &TypeDef, types: &mut Types) {
    it.name.put(frame);
    it.docs.as_deref().put(frame);
    let (kind, place) = match &it.kind {
        TypeKind::Value(ty) => (0, types.place(ty)),
        TypeKind::Resource(of) => (1, types.place(&WitType::Own(of.clone()))),
    };
    frame.byte(kind);
    place.put(frame);
}

/// The types, each once.
struct Types {
    all: Vec<WitType>,
    told: Writer,
    /// By what is told of each: its sort, its names, the places of what it holds.
    known: HashMap<Vec<u8>, u32>,
    /// What is shared in memory is looked at once: a few shared parts may make a type with very many.
    shared: HashMap<(u8, *const ()), u32>,
}

impl Default for Types {
    fn default() -> Types {
        Types {
            all: Vec::new(),
            told: Writer::values(Vec::new()),
            known: HashMap::new(),
            shared: HashMap::new(),
        }
    }
}

impl Types {
    /// The place of a type, which is put there if it is not known.
    fn place(&mut self, ty: &WitType) -> u32 {
        let shared = address(ty).map(|it| (sort(ty), it));
        if let Some(place) = shared.and_then(|it| self.shared.get(&it)) {
            return *place;
        }
        let parts = self.parts(ty);
        let place = match self.known.get(&parts) {
            Some(place) => *place,
            None => self.add(ty, parts),
        };
        if let Some(shared) = shared {
            self.shared.insert(shared, place);
        }
        place
    }

    fn add(&mut self, ty: &WitType, parts: Vec<u8>) -> u32 {
        let place = self.all.len() as u32;
        self.all.push(ty.clone());
        self.told.byte(sort(ty));
        text::short(ty).put(&mut self.told);
        self.told.raw(&parts[1..]);
        self.known.insert(parts, place);
        place
    }

    /// Its sort and what it is made of. Too long a name cannot be: a component is no larger than a frame.
    fn parts(&mut self, ty: &WitType) -> Vec<u8> {
        let mut frame = Writer::values(Vec::new());
        frame.byte(sort(ty));
        match ty {
            WitType::List(of) | WitType::Option(of) => self.place(of).put(&mut frame),
            WitType::Record(of) => {
                label(&mut frame, &of.label);
                frame.list(&of.fields, |frame, it| {
                    it.name.put(frame);
                    it.docs.as_deref().put(frame);
                    self.place(&it.ty).put(frame);
                });
            }
            WitType::Tuple(of) => {
                frame.list(of.iter(), |frame, it| self.place(it).put(frame));
            }
            WitType::Variant(of) => {
                label(&mut frame, &of.label);
                frame.list(&of.cases, |frame, it| {
                    it.name.put(frame);
                    it.docs.as_deref().put(frame);
                    it.ty.as_ref().map(|ty| self.place(ty)).put(frame);
                });
            }
            WitType::Enum(of) => names(&mut frame, &of.label, &of.names),
            WitType::Flags(of) => names(&mut frame, &of.label, &of.names),
            WitType::Result(of) => {
                for held in [&of.ok, &of.err] {
                    let place = held.as_ref().map(|ty| self.place(ty));
                    place.put(&mut frame);
                }
            }
            WitType::Own(of) | WitType::Borrow(of) => {
                of.index.put(&mut frame);
                label(&mut frame, of.label());
            }
            _ => {}
        }
        frame.into_buffer()
    }
}

fn names(frame: &mut Writer, of: &Label, names: &[Arc<str>]) {
    label(frame, of);
    frame.list(names, |frame, it| it.put(frame));
}

fn label(frame: &mut Writer, label: &Label) {
    for text in [&label.name, &label.interface, &label.docs] {
        text.as_deref().put(frame);
    }
}

/// Where what a type shares with its clones is.
fn address(ty: &WitType) -> Option<*const ()> {
    Some(match ty {
        WitType::List(of) | WitType::Option(of) => Arc::as_ptr(of).cast(),
        WitType::Record(of) => Arc::as_ptr(of).cast(),
        WitType::Tuple(of) => Arc::as_ptr(of).cast(),
        WitType::Variant(of) => Arc::as_ptr(of).cast(),
        WitType::Enum(of) => Arc::as_ptr(of).cast(),
        WitType::Flags(of) => Arc::as_ptr(of).cast(),
        WitType::Result(of) => Arc::as_ptr(of).cast(),
        _ => return None,
    })
}

/// Its place in [`WitType`], which is never another one.
fn sort(ty: &WitType) -> u8 {
    match ty {
        WitType::Bool => 0,
        WitType::S8 => 1,
        WitType::U8 => 2,
        WitType::S16 => 3,
        WitType::U16 => 4,
        WitType::S32 => 5,
        WitType::U32 => 6,
        WitType::S64 => 7,
        WitType::U64 => 8,
        WitType::F32 => 9,
        WitType::F64 => 10,
        WitType::Char => 11,
        WitType::String => 12,
        WitType::List(_) => 13,
        WitType::Record(_) => 14,
        WitType::Tuple(_) => 15,
        WitType::Variant(_) => 16,
        WitType::Enum(_) => 17,
        WitType::Flags(_) => 18,
        WitType::Option(_) => 19,
        WitType::Result(_) => 20,
        WitType::Own(_) => 21,
        WitType::Borrow(_) => 22,
    }
}
