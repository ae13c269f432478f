//! The types of WIT: what the functions of components take and give.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A type of WIT 0.2. Cheap to clone.
///
/// A component holds the shapes of its types, and their names only as a convention: a name is there where it
/// can be known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WitType {
    /// `bool`
    Bool,
    /// `s8`
    S8,
    /// `u8`
    U8,
    /// `s16`
    S16,
    /// `u16`
    U16,
    /// `s32`
    S32,
    /// `u32`
    U32,
    /// `s64`
    S64,
    /// `u64`
    U64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `char`: a Unicode scalar value.
    Char,
    /// `string`: Unicode text.
    String,
    /// `list<T>`
    List(Arc<WitType>),
    /// A record: fields with names.
    Record(Arc<Record>),
    /// `tuple<...>`
    Tuple(Arc<[WitType]>),
    /// A variant: one of several cases, each with or without a value.
    Variant(Arc<Variant>),
    /// An enum: one of several names.
    Enum(Arc<Enum>),
    /// Flags: a set of names.
    Flags(Arc<Flags>),
    /// `option<T>`
    Option(Arc<WitType>),
    /// `result<T, E>`
    Result(Arc<ResultType>),
    /// `own<R>`: a resource that changes hands.
    Own(ResourceType),
    /// `borrow<R>`: a resource that is lent for one call.
    Borrow(ResourceType),
}

/// The name of a type and what is written about it, where they can be known.
#[derive(Clone, Debug, Default)]
pub struct Label {
    /// Its own name, such as `shape`.
    pub name: Option<Arc<str>>,
    /// The interface that it is defined in, such as `demo:app/shapes@1.2.0`; none for one of a world.
    pub interface: Option<Arc<str>>,
    /// Its documentation.
    pub docs: Option<Arc<str>>,
}

/// What is written about a type does not make it another one.
impl PartialEq for Label {
    fn eq(&self, other: &Label) -> bool {
        self.name == other.name && self.interface == other.interface
    }
}

impl Eq for Label {}

impl Hash for Label {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.interface.hash(state);
    }
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// What it is called.
    pub label: Label,
    /// In their order.
    pub fields: Vec<Field>,
}

/// A field of a record, or a parameter of a function.
#[derive(Clone, Debug)]
pub struct Field {
    /// As WIT spells it.
    pub name: Arc<str>,
    /// What it holds.
    pub ty: WitType,
    /// Its documentation.
    pub docs: Option<Arc<str>>,
}

impl PartialEq for Field {
    fn eq(&self, other: &Field) -> bool {
        self.name == other.name && self.ty == other.ty
    }
}

impl Eq for Field {}

impl Hash for Field {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.ty.hash(state);
    }
}

/// A variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// What it is called.
    pub label: Label,
    /// In their order.
    pub cases: Vec<Case>,
}

/// A case of a variant.
#[derive(Clone, Debug)]
pub struct Case {
    /// As WIT spells it.
    pub name: Arc<str>,
    /// What it holds, if anything.
    pub ty: Option<WitType>,
    /// Its documentation.
    pub docs: Option<Arc<str>>,
}

impl PartialEq for Case {
    fn eq(&self, other: &Case) -> bool {
        self.name == other.name && self.ty == other.ty
    }
}

impl Eq for Case {}

impl Hash for Case {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.ty.hash(state);
    }
}

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Enum {
    /// What it is called.
    pub label: Label,
    /// In their order.
    pub names: Vec<Arc<str>>,
}

/// Flags.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Flags {
    /// What they are called.
    pub label: Label,
    /// In their order: the first is the lowest bit.
    pub names: Vec<Arc<str>>,
}

/// `result<T, E>`, `result<T>`, `result<_, E>` or `result`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResultType {
    /// What it holds if all went well.
    pub ok: Option<WitType>,
    /// What it holds if not.
    pub err: Option<WitType>,
}

/// A type of resources of one component.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceType {
    /// Which of the component's resources it is: all that are equal are one.
    pub(crate) index: u32,
    /// What it is called.
    pub(crate) label: Arc<Label>,
}

impl ResourceType {
    /// Its own name, where it can be known.
    pub fn name(&self) -> Option<&str> {
        self.label.name.as_deref()
    }

    /// What it is called.
    pub fn label(&self) -> &Label {
        &self.label
    }
}

/// The type of a function of WIT.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WitFuncType {
    /// In their order.
    pub params: Vec<Field>,
    /// What it gives, if anything.
    pub result: Option<WitType>,
}

impl WitFuncType {
    /// Whether there are resources in it.
    pub(crate) fn has_handles(&self) -> bool {
        let mut all = self.params.iter().map(|it| &it.ty).chain(&self.result);
        all.any(WitType::has_handles)
    }
}

impl WitType {
    /// How many bytes one takes in a list that crosses as a whole, if it is a number.
    pub(crate) fn number_bytes(&self) -> Option<usize> {
        Some(match self {
            WitType::S8 | WitType::U8 => 1,
            WitType::S16 | WitType::U16 => 2,
            WitType::S32 | WitType::U32 | WitType::F32 => 4,
            WitType::S64 | WitType::U64 | WitType::F64 => 8,
            _ => return None,
        })
    }
}

/// How many bytes the number of a case takes, of so many.
pub(crate) fn discriminant_bytes(cases: usize) -> usize {
    match cases {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

/// How many bytes so many flags take.
pub(crate) fn flags_bytes(flags: usize) -> usize {
    match flags {
        0 => 0,
        1..=8 => 1,
        9..=16 => 2,
        _ => 4 * flags.div_ceil(32),
    }
}

impl WitType {
    /// Whether there are resources in it.
    pub(crate) fn has_handles(&self) -> bool {
        self.has(|it| matches!(it, WitType::Own(_) | WitType::Borrow(_)))
    }

    /// Whether there are strings or lists in it, a part of which may lie beside a frame.
    pub(crate) fn has_lists(&self) -> bool {
        self.has(|it| matches!(it, WitType::String | WitType::List(_)))
    }

    /// Whether it is such a type, or has one in it.
    fn has(&self, is: fn(&WitType) -> bool) -> bool {
        if is(self) {
            return true;
        }
        match self {
            WitType::List(of) | WitType::Option(of) => of.has(is),
            WitType::Record(of) => of.fields.iter().any(|it| it.ty.has(is)),
            WitType::Tuple(of) => of.iter().any(|it| it.has(is)),
            WitType::Variant(of) => {
                let mut held = of.cases.iter().filter_map(|it| it.ty.as_ref());
                held.any(|it| it.has(is))
            }
            WitType::Result(of) => of.ok.iter().chain(&of.err).any(|it| it.has(is)),
            _ => false,
        }
    }

    /// How many slots a value takes if it is passed in slots.
    fn slots(&self) -> usize {
        match self {
            WitType::String | WitType::List(_) => 2,
            WitType::Record(of) => of.fields.iter().map(|it| it.ty.slots()).sum(),
            WitType::Tuple(of) => of.iter().map(WitType::slots).sum(),
            WitType::Variant(of) => {
                let held = of.cases.iter().filter_map(|it| it.ty.as_ref());
                1 + held.map(WitType::slots).max().unwrap_or(0)
            }
            WitType::Option(of) => 1 + of.slots(),
            WitType::Result(of) => {
                let held = of.ok.iter().chain(&of.err);
                1 + held.map(WitType::slots).max().unwrap_or(0)
            }
            WitType::Flags(of) => of.names.len().div_ceil(32),
            _ => 1,
        }
    }
}

impl WitFuncType {
    /// How many slots the parameters take; none if they are more than so many, and lie in memory.
    pub(crate) fn param_slots(&self, most: usize) -> Option<usize> {
        let slots = self.params.iter().map(|it| it.ty.slots()).sum();
        (slots <= most).then_some(slots)
    }

    /// The same for the result.
    pub(crate) fn result_slots(&self, most: usize) -> Option<usize> {
        let slots = self.result.as_ref().map_or(0, WitType::slots);
        (slots <= most).then_some(slots)
    }
}
