//! From values to a frame: all that can be wrong with a value is found here, before a guest is entered.

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::Arc;

use super::frame::{WitFrame, WitWriter};
use super::handles::Handles;
use super::numbers::WitNumber;
use super::resource::Resource;
use super::types::{Case, Field, ResourceType, discriminant_bytes, flags_bytes};
use super::wrong::{self, DEPTH, Wrong};
use crate::frame::BLOB_MIN;
use crate::{Error, ErrorKind, NumberList, Result, WitFuncType, WitType, WitValue, text};

type Put = Result<(), Wrong>;

/// Writes the arguments of a call: as many as there are parameters.
pub(crate) fn encode_args<'a>(
    ty: &WitFuncType,
    name: &dyn Display,
    args: &'a [WitValue],
    handles: &mut Handles<'_>,
) -> Result<WitWriter<'a>> {
    check_count(ty, name, args.len())?;
    let mut encoder = Encoder::new(Some(handles));
    for (i, (param, arg)) in ty.params.iter().zip(args).enumerate() {
        let put = encoder.put(&param.ty, arg);
        put.map_err(|it| it.at(format_args!("args[{i}]")))?;
    }
    Ok(encoder.frame)
}

/// Refuses another number of arguments than a function has.
pub(crate) fn check_count(ty: &WitFuncType, name: &dyn Display, given: usize) -> Result<()> {
    let wanted = ty.params.len();
    if wanted == given {
        return Ok(());
    }
    let plural = if wanted == 1 { "" } else { "s" };
    let text = format!("{name} takes {wanted} argument{plural}, got {given}: it is {ty}");
    Err(Error::new(ErrorKind::Type, text::of(text)))
}

/// Writes what a host function of this name gives.
pub(crate) fn encode_result(
    ty: &WitFuncType,
    name: &str,
    result: Option<&WitValue>,
    mut handles: Handles<'_>,
) -> Result<WitFrame> {
    let mut encoder = Encoder::new(Some(&mut handles));
    let put = match (&ty.result, result) {
        (None, None) => Ok(()),
        (Some(ty), Some(result)) => encoder.put(ty, result),
        // A function that gives `result` need not say so if all is well.
        (Some(ty @ WitType::Result(of)), None) if of.ok.is_none() => {
            encoder.put(ty, &WitValue::Result(Ok(None)))
        }
        (Some(ty), None) => Err(wrong::other(ty, "nothing")),
        (None, Some(result)) => Err(wrong::other("nothing", result.sort())),
    };
    let frame = encoder.frame;
    if let Err(wrong) = put {
        handles.release();
        let place = format!("result of {}", text::name(name));
        return Err(wrong.at(place));
    }
    frame.finish()
}

/// Writes a value that has no resources.
pub(crate) fn encode_one(ty: &WitType, value: &WitValue) -> Result<WitFrame> {
    let mut encoder = Encoder::new(None);
    let put = encoder.put(ty, value);
    put.map_err(|it| it.at("value"))?;
    encoder.frame.finish()
}

struct Encoder<'a, 'h, 's> {
    frame: WitWriter<'a>,
    /// None where no resource can be.
    handles: Option<&'h mut Handles<'s>>,
    depth: usize,
}

impl<'a, 'h, 's> Encoder<'a, 'h, 's> {
    fn new(handles: Option<&'h mut Handles<'s>>) -> Self {
        Encoder {
            frame: WitWriter::new(),
            handles,
            depth: 0,
        }
    }

    fn put(&mut self, ty: &WitType, value: &'a WitValue) -> Put {
        if self.depth == DEPTH {
            return Err(wrong::too_deep());
        }
        self.depth += 1;
        let put = self.put_one(ty, value);
        self.depth -= 1;
        put
    }

    fn put_one(&mut self, ty: &WitType, value: &'a WitValue) -> Put {
        use WitType as T;
        use WitValue as V;
        match (ty, value) {
            (T::Bool, V::Bool(it)) => self.frame.raw(&[u8::from(*it)]),
            (T::Char, V::Char(it)) => self.frame.raw(&u32::from(*it).to_le_bytes()),
            (T::F32, V::F32(it)) => self.frame.raw(&it.to_le_bytes()),
            (T::F64, V::F64(it)) => self.frame.raw(&it.to_le_bytes()),
            (T::F64, V::F32(it)) => self.frame.raw(&f64::from(*it).to_le_bytes()),
            (T::String, V::String(it)) => self.frame.text(it),
            (T::List(of), V::List(items)) => return self.list(of, items),
            (T::List(of), V::Numbers(numbers)) => return self.numbers(of, numbers),
            (T::Record(of), V::Record(fields)) => return self.record(ty, &of.fields, fields),
            (T::Tuple(of), V::Tuple(items)) => return self.tuple(of, items),
            (T::Variant(of), V::Variant(name, value)) => {
                return self.variant(ty, &of.cases, name, value.as_deref());
            }
            (T::Variant(of), V::Enum(name))
                if of
                    .cases
                    .iter()
                    .any(|it| it.name == *name && it.ty.is_none()) =>
            {
                let case = of.cases.iter().position(|it| it.name == *name);
                self.frame
                    .case(case.unwrap_or(0) as u32, discriminant_bytes(of.cases.len()));
            }
            (T::Enum(of), V::Enum(name) | V::Variant(name, None)) => {
                let case = of.names.iter().position(|it| it == name);
                let case =
                    case.ok_or_else(|| wrong::unknown("case", name, ty, names_of(&of.names)))?;
                self.frame
                    .case(case as u32, discriminant_bytes(of.names.len()));
            }
            (T::Flags(of), V::Flags(set)) => return self.flags(ty, &of.names, set),
            (T::Option(of), V::Option(value)) => {
                self.frame.case(u32::from(value.is_some()), 1);
                if let Some(value) = value {
                    return self.put(of, value);
                }
            }
            (T::Result(of), V::Result(Ok(value))) => {
                self.frame.case(0, 1);
                return self.held(of.ok.as_ref(), value.as_deref(), "ok");
            }
            (T::Result(of), V::Result(Err(value))) => {
                self.frame.case(1, 1);
                return self.held(of.err.as_ref(), value.as_deref(), "err");
            }
            (T::Own(of), V::Resource(resource)) => return self.resource(of, resource, true),
            (T::Borrow(of), V::Resource(resource)) => return self.resource(of, resource, false),
            _ => return self.integer(ty, value),
        }
        Ok(())
    }

    fn integer(&mut self, ty: &WitType, value: &WitValue) -> Put {
        let Some(number) = value.integer() else {
            return Err(wrong::other(ty, value.sort()));
        };
        macro_rules! fits {
            ($($Case:ident $Rust:ty),*) => {
                match ty {
                    $(WitType::$Case => match <$Rust>::try_from(number) {
                        Ok(it) => self.frame.raw(&it.to_le_bytes()),
                        Err(_) => return Err(wrong::unfit(number, ty)),
                    },)*
                    _ => return Err(wrong::other(ty, value.sort())),
                }
            };
        }
        fits!(S8 i8, U8 u8, S16 i16, U16 u16, S32 i32, U32 u32, S64 i64, U64 u64);
        Ok(())
    }

    fn list(&mut self, of: &WitType, items: &'a [WitValue]) -> Put {
        if let Some(bytes) = of.number_bytes()
            && bytes * items.len() >= BLOB_MIN
        {
            return self.collected(of, items);
        }
        self.frame.count(items.len());
        for (i, item) in items.iter().enumerate() {
            self.put(of, item).map_err(|it| it.in_element(i))?;
        }
        Ok(())
    }

    /// A long list of numbers that came one by one.
    fn collected(&mut self, of: &WitType, items: &'a [WitValue]) -> Put {
        let mut alone = Encoder::new(None);
        for (i, item) in items.iter().enumerate() {
            alone.put(of, item).map_err(|it| it.in_element(i))?;
        }
        let bytes = alone.frame.into_buffer();
        match NumberList::from_bytes(of, &bytes) {
            Some(numbers) => self.own_numbers(numbers),
            None => return Err(wrong::other(of, "other numbers")),
        }
        Ok(())
    }

    fn numbers(&mut self, of: &WitType, numbers: &'a NumberList) -> Put {
        let ty = numbers.ty();
        if ty != *of {
            let list = |of: &dyn Display| format!("list<{of}>");
            return Err(wrong::other(list(of), list(&ty)));
        }
        macro_rules! lists {
            ($($Case:ident),*) => {
                match numbers { $(NumberList::$Case(it) => self.frame.numbers(it),)* }
            };
        }
        lists!(S8, U8, S16, U16, S32, U32, S64, U64, F32, F64);
        Ok(())
    }

    fn own_numbers(&mut self, numbers: NumberList) {
        fn put<N: WitNumber>(frame: &mut WitWriter<'_>, numbers: Vec<N>) {
            frame.own_numbers(numbers);
        }
        macro_rules! lists {
            ($($Case:ident),*) => {
                match numbers { $(NumberList::$Case(it) => put(&mut self.frame, it),)* }
            };
        }
        lists!(S8, U8, S16, U16, S32, U32, S64, U64, F32, F64);
    }

    fn record(&mut self, ty: &WitType, fields: &[Field], given: &'a [(Arc<str>, WitValue)]) -> Put {
        let mut used = 0;
        for (i, field) in fields.iter().enumerate() {
            // Most come in the type's order.
            let here = given.get(i).filter(|(name, _)| *name == field.name);
            let found = here.or_else(|| given.iter().find(|(name, _)| *name == field.name));
            used += usize::from(found.is_some());
            match (found, &field.ty) {
                (Some((name, value)), ty) => {
                    self.put(ty, value).map_err(|it| it.in_field(name))?;
                }
                (None, WitType::Option(_)) => self.frame.case(0, 1),
                (None, _) => return Err(not_the_fields(ty, fields, given, &field.name)),
            }
        }
        match used == given.len() {
            true => Ok(()),
            false => Err(not_the_fields(ty, fields, given, "")),
        }
    }

    fn tuple(&mut self, types: &[WitType], items: &'a [WitValue]) -> Put {
        if types.len() != items.len() {
            let given = format_args!("a tuple of {}", items.len());
            return Err(wrong::other(
                format_args!("a tuple of {}", types.len()),
                given,
            ));
        }
        for (i, (ty, item)) in types.iter().zip(items).enumerate() {
            self.put(ty, item).map_err(|it| it.in_field(i))?;
        }
        Ok(())
    }

    fn variant(
        &mut self,
        ty: &WitType,
        cases: &[Case],
        name: &Arc<str>,
        value: Option<&'a WitValue>,
    ) -> Put {
        let case = cases.iter().position(|it| it.name == *name);
        let case = case.ok_or_else(|| {
            let names = cases.iter().map(|it| &*it.name);
            wrong::unknown("case", name, ty, names)
        })?;
        self.frame
            .case(case as u32, discriminant_bytes(cases.len()));
        self.held(cases[case].ty.as_ref(), value, name)
    }

    fn held(&mut self, ty: Option<&WitType>, value: Option<&'a WitValue>, case: &str) -> Put {
        let put = match (ty, value) {
            (Some(ty), Some(value)) => self.put(ty, value),
            (None, None) => Ok(()),
            (Some(ty), None) => Err(wrong::other(ty, "nothing")),
            (None, Some(value)) => Err(wrong::other("nothing", value.sort())),
        };
        put.map_err(|it| it.in_field(case))
    }

    fn flags(&mut self, ty: &WitType, names: &[Arc<str>], set: &[Arc<str>]) -> Put {
        let mut bytes = vec![0; flags_bytes(names.len())];
        for name in set {
            let bit = names.iter().position(|it| it == name);
            let bit = bit.ok_or_else(|| wrong::unknown("flag", name, ty, names_of(names)))?;
            bytes[bit / 8] |= 1 << (bit % 8);
        }
        self.frame.raw(&bytes);
        Ok(())
    }

    fn resource(&mut self, of: &ResourceType, resource: &Resource, is_own: bool) -> Put {
        let Some(handles) = &mut self.handles else {
            let ty = WitType::Own(of.clone());
            return Err(wrong::other(ty, "a resource without a store"));
        };
        let handle = handles.give(of, resource, is_own)?;
        self.frame.raw(&handle.to_le_bytes());
        Ok(())
    }
}

fn names_of(names: &[Arc<str>]) -> impl Iterator<Item = &str> + Clone {
    names.iter().map(|it| &**it)
}

/// Why these are not the fields of a record: one that there is not, before one that is missing, since it may be that one,
/// misspelt; or one that is given twice.
#[cold]
fn not_the_fields(
    ty: &WitType,
    fields: &[Field],
    given: &[(Arc<str>, WitValue)],
    missing: &str,
) -> Wrong {
    let names = fields.iter().map(|it| &*it.name);
    let mut given = given.iter().map(|(name, _)| name);
    let unknown = given
        .clone()
        .find(|it| !names.clone().any(|name| *name == ***it));
    if let Some(unknown) = unknown {
        return wrong::unknown("field", unknown, ty, names);
    }
    if !missing.is_empty() {
        return wrong::missing("field", missing, text::short(ty));
    }
    let mut seen = HashSet::new();
    let twice = given.find(|it| !seen.insert(*it));
    wrong::twice("field", twice.map_or("", |it| &**it))
}
