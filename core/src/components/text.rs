//! Types of WIT as text, the same in every host.

use std::fmt::{Formatter, Result, Write};

use super::types::{Label, ResourceType, WitFuncType, WitType};

/// A type by its name if it has one, else by its shape.
pub(super) fn write_type(ty: &WitType, f: &mut Formatter<'_>) -> Result {
    match ty {
        WitType::Bool => f.write_str("bool"),
        WitType::S8 => f.write_str("s8"),
        WitType::U8 => f.write_str("u8"),
        WitType::S16 => f.write_str("s16"),
        WitType::U16 => f.write_str("u16"),
        WitType::S32 => f.write_str("s32"),
        WitType::U32 => f.write_str("u32"),
        WitType::S64 => f.write_str("s64"),
        WitType::U64 => f.write_str("u64"),
        WitType::F32 => f.write_str("f32"),
        WitType::F64 => f.write_str("f64"),
        WitType::Char => f.write_str("char"),
        WitType::String => f.write_str("string"),
        WitType::List(of) => write!(f, "list<{of}>"),
        WitType::Option(of) => write!(f, "option<{of}>"),
        WitType::Tuple(of) => {
            f.write_str("tuple<")?;
            joined(of.iter(), f, |ty, f| write_type(ty, f))?;
            f.write_char('>')
        }
        WitType::Result(of) => match (&of.ok, &of.err) {
            (None, None) => f.write_str("result"),
            (Some(ok), None) => write!(f, "result<{ok}>"),
            (None, Some(err)) => write!(f, "result<_, {err}>"),
            (Some(ok), Some(err)) => write!(f, "result<{ok}, {err}>"),
        },
        WitType::Record(of) => named(&of.label, f, |f| {
            f.write_str("record { ")?;
            joined(of.fields.iter(), f, |it, f| {
                write!(f, "{}: {}", it.name, it.ty)
            })?;
            f.write_str(" }")
        }),
        WitType::Variant(of) => named(&of.label, f, |f| {
            f.write_str("variant { ")?;
            joined(of.cases.iter(), f, |it, f| match &it.ty {
                Some(ty) => write!(f, "{}({ty})", it.name),
                None => f.write_str(&it.name),
            })?;
            f.write_str(" }")
        }),
        WitType::Enum(of) => named(&of.label, f, |f| names("enum", &of.names, f)),
        WitType::Flags(of) => named(&of.label, f, |f| names("flags", &of.names, f)),
        WitType::Own(of) => resource(of, f),
        WitType::Borrow(of) => {
            f.write_str("borrow<")?;
            resource(of, f)?;
            f.write_char('>')
        }
    }
}

/// As it stands behind a function's name: `func(name: string, age: u32) -> string`.
pub(super) fn write_func(ty: &WitFuncType, f: &mut Formatter<'_>) -> Result {
    f.write_str("func(")?;
    joined(ty.params.iter(), f, |it, f| {
        write!(f, "{}: {}", it.name, it.ty)
    })?;
    f.write_char(')')?;
    match &ty.result {
        Some(result) => write!(f, " -> {result}"),
        None => Ok(()),
    }
}

fn resource(of: &ResourceType, f: &mut Formatter<'_>) -> Result {
    match of.name() {
        Some(name) => f.write_str(name),
        None => write!(f, "resource-{}", of.index),
    }
}

fn named(
    label: &Label,
    f: &mut Formatter<'_>,
    shape: impl FnOnce(&mut Formatter<'_>) -> Result,
) -> Result {
    match &label.name {
        Some(name) => f.write_str(name),
        None => shape(f),
    }
}

fn names(sort: &str, names: &[std::sync::Arc<str>], f: &mut Formatter<'_>) -> Result {
    write!(f, "{sort} {{ ")?;
    joined(names.iter(), f, |it, f| f.write_str(it))?;
    f.write_str(" }")
}

fn joined<T>(
    items: impl Iterator<Item = T>,
    f: &mut Formatter<'_>,
    mut put: impl FnMut(T, &mut Formatter<'_>) -> Result,
) -> Result {
    for (i, item) in items.enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        put(item, f)?;
    }
    Ok(())
}
