//! Signatures that a binding puts together of types of its own language: checked once, as those of Rust are, and in the
//! same words.

use std::fmt::Write;
use std::sync::Arc;

use super::place::{Caller, is_same};
use super::{WitPlace, other_count};
use crate::frame::{FromFrame, Reader};
use crate::{
    Case, Enum, Error, ErrorKind, Field, Flags, Label, Record, ResourceType, Result, ResultType,
    Variant, WitFuncType, WitType, messages, text,
};

/// The sort of a resource that may be given or lent, behind those of [`WitType`].
const EITHER: u8 = 23;

/// How deep types may be: those of components are no deeper than 100.
const DEPTH: usize = 200;

/// Where the text of a signature ends.
const MOST_BYTES: usize = 1000;

/// A signature of a host's language, as it crosses to core once: a frame with
///
/// - its types, a list: of each its place in [`WitType`] as a byte, an option of its name, and a list of its parts, a
///   name and an option of a type. Parts are the element of a list or an option, the fields of a record, the parts of a
///   tuple, the cases of a variant, the names of an enum or of flags, `ok` and `err` of a result. 23 is a resource, own
///   or borrow.
/// - its parameters, a list of types
/// - its result, an option of a type
/// - a `bool`: whether the result, where the function gives a `result`, is only the `ok` of it
///
/// A type is given by its index in the list, in 4 bytes; types that others hold come before them.
#[derive(Debug)]
pub struct Signature {
    types: Vec<Wanted>,
    params: Vec<u32>,
    result: Option<u32>,
    is_ok: bool,
}

#[derive(Debug)]
struct Wanted {
    sort: u8,
    name: Option<String>,
    parts: Vec<Part>,
    depth: usize,
}

#[derive(Debug)]
struct Part {
    name: String,
    ty: Option<u32>,
}

impl Signature {
    /// Reads one.
    ///
    /// # Errors
    /// `type` if the frame is malformed, `unsupported` if it is of another version.
    pub fn read(frame: &[u8]) -> Result<Signature> {
        let mut frame = Reader::new(frame)?;
        let mut types: Vec<Wanted> = Vec::new();
        for _ in 0..frame.length()? {
            let it = Wanted::read(&mut frame, &types)?;
            types.push(it);
        }
        let known = |frame: &mut Reader<'_>| known(frame, types.len());
        let params = frame.list(known)?;
        let result = optional(&mut frame, types.len())?;
        let is_ok = bool::get(&mut frame)?;
        frame.end()?;
        Ok(Signature {
            types,
            params,
            result,
            is_ok,
        })
    }

    /// Checks that a function has it, and says whether the result is the `ok` of the function's `result`.
    ///
    /// # Errors
    /// `type` if it has another one, with the name of the function and the place.
    pub fn check(&self, name: &str, found: &WitFuncType) -> Result<bool> {
        self.compare(found, Caller::Host)
            .map_err(|why| why.at_place(&text::name(name)))
    }

    /// The same of a function of the host: whether it can be called as a component imports it.
    ///
    /// # Errors
    /// `link` if it cannot.
    pub fn check_host(&self, name: &str, found: &WitFuncType) -> Result<bool> {
        self.compare(found, Caller::Guest).map_err(|why| {
            let other = messages::other_signature(text::name(name), found, self.spelled());
            let text = format!("{}: {}", other.message(), why.message());
            Error::new(ErrorKind::Link, text)
        })
    }

    /// The type of its result, if it has one.
    ///
    /// # Errors
    /// `type` if a part of a type is missing.
    pub fn result(&self) -> Result<Option<WitType>> {
        self.made(self.result)
    }

    fn made(&self, ty: Option<u32>) -> Result<Option<WitType>> {
        let Some(ty) = ty else { return Ok(None) };
        let it = &self.types[ty as usize];
        if let Some(scalar) = SCALARS.get(it.sort as usize) {
            return Ok(Some(scalar.clone()));
        }
        let parts = it.parts.iter().map(|it| self.made(it.ty));
        let parts = parts.collect::<Result<Vec<_>>>()?;
        it.of(parts).map(Some)
    }

    fn compare(&self, found: &WitFuncType, caller: Caller) -> Result<bool> {
        if found.params.len() != self.params.len() {
            return Err(other_count(found, self.params.len(), caller));
        }
        for (i, (param, wanted)) in found.params.iter().zip(&self.params).enumerate() {
            self.ty(&param.ty, *wanted, &WitPlace::argument(i, caller))?;
        }
        let place = WitPlace::result(caller);
        match &found.result {
            Some(WitType::Result(of)) if self.is_ok => {
                self.optional(of.ok.as_ref(), self.result, &place.name("ok"))?;
                Ok(true)
            }
            found => self
                .optional(found.as_ref(), self.result, &place)
                .map(|()| false),
        }
    }

    fn optional(
        &self,
        found: Option<&WitType>,
        wanted: Option<u32>,
        place: &WitPlace<'_>,
    ) -> Result<()> {
        match (found, wanted) {
            (Some(found), Some(wanted)) => self.ty(found, wanted, place),
            (None, None) => Ok(()),
            (Some(found), None) => Err(place.not(found, "nothing")),
            (None, Some(wanted)) => Err(place.not("nothing", &self.told(wanted))),
        }
    }

    fn ty(&self, found: &WitType, wanted: u32, place: &WitPlace<'_>) -> Result<()> {
        let it = &self.types[wanted as usize];
        let part = |i: usize| it.parts[i].ty;
        match (found, it.sort) {
            (WitType::List(of), 13) => self.optional(Some(of), part(0), &place.elements()),
            (WitType::Option(of), 19) => self.optional(Some(of), part(0), place),
            (WitType::Record(of), 14) => {
                let names = of.fields.iter().map(|it| &*it.name);
                self.names("field", found, it, names, place)?;
                let fields = of.fields.iter().map(|it| Some(&it.ty));
                self.parts(fields, it, place)
            }
            (WitType::Variant(of), 16) => {
                self.names(
                    "case",
                    found,
                    it,
                    of.cases.iter().map(|it| &*it.name),
                    place,
                )?;
                self.parts(of.cases.iter().map(|it| it.ty.as_ref()), it, place)
            }
            (WitType::Enum(of), 17) => {
                self.names("case", found, it, of.names.iter().map(|it| &**it), place)
            }
            (WitType::Flags(of), 18) => {
                self.names("flag", found, it, of.names.iter().map(|it| &**it), place)
            }
            (WitType::Tuple(of), 15) if of.len() == it.parts.len() => {
                let mut parts = of.iter().enumerate();
                parts.try_for_each(|(i, ty)| self.optional(Some(ty), part(i), &place.part(i)))
            }
            (WitType::Result(of), 20) => {
                self.optional(of.ok.as_ref(), part(0), &place.name("ok"))?;
                self.optional(of.err.as_ref(), part(1), &place.name("err"))
            }
            (WitType::Own(_) | WitType::Borrow(_), EITHER) => Ok(()),
            (found, sort) if whole(found) == Some(sort) => Ok(()),
            _ => Err(place.not(found, &self.told(wanted))),
        }
    }

    fn parts<'t>(
        &self,
        found: impl Iterator<Item = Option<&'t WitType>>,
        wanted: &Wanted,
        place: &WitPlace<'_>,
    ) -> Result<()> {
        for (found, part) in found.zip(&wanted.parts) {
            self.optional(found, part.ty, &place.name(&part.name))?;
        }
        Ok(())
    }

    fn names<'n>(
        &self,
        what: &str,
        ty: &WitType,
        wanted: &Wanted,
        found: impl Iterator<Item = &'n str>,
        place: &WitPlace<'_>,
    ) -> Result<()> {
        let found: Vec<_> = found.collect();
        let wanted: Vec<_> = wanted.parts.iter().map(|it| &*it.name).collect();
        let is_equal = found.len() == wanted.len();
        if is_equal && found.iter().zip(&wanted).all(|(a, b)| is_same(a, b)) {
            return Ok(());
        }
        Err(place.other_names(what, ty, &found, &wanted))
    }

    /// A type as WIT spells it.
    fn told(&self, ty: u32) -> String {
        let mut text = String::new();
        self.spell(Some(ty), &mut text);
        text
    }

    /// `func(string, u32) -> string`
    fn spelled(&self) -> String {
        let mut text = "func(".to_owned();
        for (i, param) in self.params.iter().enumerate() {
            text.push_str(if i > 0 { ", " } else { "" });
            self.spell(Some(*param), &mut text);
        }
        text.push(')');
        if self.result.is_some() {
            text.push_str(" -> ");
            self.spell(self.result, &mut text);
        }
        text
    }

    fn spell(&self, ty: Option<u32>, text: &mut String) {
        let Some(ty) = ty else { return text.push('_') };
        let it = &self.types[ty as usize];
        if let Some(name) = &it.name {
            return text.push_str(&text::name(name));
        }
        if text.len() > MOST_BYTES {
            return text.push_str("...");
        }
        text.push_str(SORTS[it.sort as usize]);
        match it.sort {
            13 | 15 | 19 => self.spell_parts(&it.parts, text),
            20 if it.parts[1].ty.is_some() => self.spell_parts(&it.parts, text),
            20 if it.parts[0].ty.is_some() => self.spell_parts(&it.parts[..1], text),
            14 | 16 | 17 | 18 => {
                let names: Vec<_> = it.parts.iter().map(|it| text::name(&it.name)).collect();
                let _ = write!(text, " {{ {} }}", text::listed(names.iter(), 8, ", "));
            }
            _ => {}
        }
    }

    fn spell_parts(&self, parts: &[Part], text: &mut String) {
        text.push('<');
        for (i, part) in parts.iter().enumerate() {
            text.push_str(if i > 0 { ", " } else { "" });
            self.spell(part.ty, text);
        }
        text.push('>');
    }
}

/// Words for sorts, in the order of [`WitType`].
const SORTS: [&str; 24] = [
    "bool",
    "s8",
    "u8",
    "s16",
    "u16",
    "s32",
    "u32",
    "s64",
    "u64",
    "f32",
    "f64",
    "char",
    "string",
    "list",
    "record",
    "tuple",
    "variant",
    "enum",
    "flags",
    "option",
    "result",
    "a resource that is given",
    "a resource that is lent",
    "a resource",
];

/// The types without parts, in the order of their sorts.
const SCALARS: [WitType; 13] = [
    WitType::Bool,
    WitType::S8,
    WitType::U8,
    WitType::S16,
    WitType::U16,
    WitType::S32,
    WitType::U32,
    WitType::S64,
    WitType::U64,
    WitType::F32,
    WitType::F64,
    WitType::Char,
    WitType::String,
];

/// The sort of a type that has no parts.
fn whole(ty: &WitType) -> Option<u8> {
    match ty {
        WitType::Own(_) => Some(21),
        WitType::Borrow(_) => Some(22),
        scalar => SCALARS
            .iter()
            .position(|it| it == scalar)
            .map(|it| it as u8),
    }
}

impl Wanted {
    fn read(frame: &mut Reader<'_>, before: &[Wanted]) -> Result<Wanted> {
        let sort = frame.byte()?;
        let name = Option::<&str>::get(frame)?.map(str::to_owned);
        let parts = frame.list(|frame| {
            let name = <&str>::get(frame)?.to_owned();
            let ty = optional(frame, before.len())?;
            Ok(Part { name, ty })
        })?;
        let fits = match sort {
            13 | 19 => parts.len() == 1,
            14..=18 => true,
            20 => parts.len() == 2,
            sort => sort <= EITHER && parts.is_empty(),
        };
        let held = parts.iter().filter_map(|it| it.ty);
        let depth = held
            .map(|it| before[it as usize].depth + 1)
            .max()
            .unwrap_or(0);
        if !fits || depth > DEPTH {
            return Err(frame.wrong("it is no type"));
        }
        Ok(Wanted {
            sort,
            name,
            parts,
            depth,
        })
    }
}

impl Wanted {
    /// A type of these parts.
    fn of(&self, parts: Vec<Option<WitType>>) -> Result<WitType> {
        let names = self.parts.iter().map(|it| Arc::<str>::from(&*it.name));
        let label = Label {
            name: self.name.as_deref().map(Arc::from),
            ..Label::default()
        };
        let mut all = names.clone().zip(parts.iter().cloned());
        let first = || parts[0].clone().map(Arc::new).ok_or_else(no_type);
        Ok(match self.sort {
            13 => WitType::List(first()?),
            19 => WitType::Option(first()?),
            14 => {
                let fields = all.map(field).collect::<Result<_>>()?;
                WitType::Record(Arc::new(Record { label, fields }))
            }
            15 => {
                let types = all.map(|(_, ty)| ty.ok_or_else(no_type));
                WitType::Tuple(types.collect::<Result<_>>()?)
            }
            16 => {
                let cases = all.map(case).collect();
                WitType::Variant(Arc::new(Variant { label, cases }))
            }
            17 => WitType::Enum(Arc::new(Enum {
                label,
                names: names.collect(),
            })),
            18 => WitType::Flags(Arc::new(Flags {
                label,
                names: names.collect(),
            })),
            20 => {
                let mut held = || all.next().and_then(|(_, ty)| ty);
                let (ok, err) = (held(), held());
                WitType::Result(Arc::new(ResultType { ok, err }))
            }
            sort => {
                // Which resource of a component it is, is not known, and no value of it can be there.
                let of = ResourceType {
                    index: 0,
                    label: Arc::new(label),
                };
                match sort {
                    22 => WitType::Borrow(of),
                    _ => WitType::Own(of),
                }
            }
        })
    }
}

fn field((name, ty): (Arc<str>, Option<WitType>)) -> Result<Field> {
    let (ty, docs) = (ty.ok_or_else(no_type)?, None);
    Ok(Field { name, ty, docs })
}

fn case((name, ty): (Arc<str>, Option<WitType>)) -> Case {
    let docs = None;
    Case { name, ty, docs }
}

#[cold]
fn no_type() -> Error {
    let text = "the signature has a type without a part";
    Error::new(ErrorKind::Type, text)
}

/// The place of a type, of so many.
fn known(frame: &mut Reader<'_>, count: usize) -> Result<u32> {
    let place = u32::get(frame)?;
    match (place as usize) < count {
        true => Ok(place),
        false => Err(frame.wrong("there is no such type")),
    }
}

fn optional(frame: &mut Reader<'_>, count: usize) -> Result<Option<u32>> {
    match bool::get(frame)? {
        true => known(frame, count).map(Some),
        false => Ok(None),
    }
}
