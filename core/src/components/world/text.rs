//! A world as a text that a person can read: as WIT has it, with interfaces by their full names.

use std::fmt::{self, Formatter, Write};

use super::{FuncDef, FuncRole, Interface, TypeDef, TypeKind, World, WorldItem};
use crate::components::text::{Name, Part, docs, in_lines};
use crate::components::types::{Field, Label, WitFuncType, WitType};
use crate::text::{self, Bounded};

/// The most bytes of a text.
const MOST_BYTES: usize = 1 << 20;

/// The world as WIT has it, for people to read: the world itself, then each interface by its full name. What WASI defines is
/// told by its name alone.
impl fmt::Display for World {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut text = Bounded::new(MOST_BYTES);
        let whole = write_world(self, &mut text);
        f.write_str(text.as_str())?;
        match whole {
            Ok(()) => Ok(()),
            Err(fmt::Error) => f.write_str("\n// ... and more\n"),
        }
    }
}

fn write_world(world: &World, f: &mut Bounded) -> fmt::Result {
    docs(&world.docs, "", f)?;
    let name = world
        .name
        .as_deref()
        .map_or("of this component".into(), text::name);
    writeln!(f, "world {name} {{")?;
    for (word, items) in [("import", &world.imports), ("export", &world.exports)] {
        for item in items {
            write_item(word, item, f)?;
        }
    }
    f.write_str("}\n")?;
    for (word, items) in [("imported", &world.imports), ("exported", &world.exports)] {
        for interface in items.iter().filter_map(WorldItem::interface) {
            if word == "imported" && interface.name.starts_with("wasi:") {
                continue;
            }
            writeln!(f)?;
            write_interface(word, interface, f)?;
        }
    }
    Ok(())
}

fn write_item(word: &str, item: &WorldItem, f: &mut Bounded) -> fmt::Result {
    let name = text::name(item.name());
    match item {
        WorldItem::Interface(_) => writeln!(f, "  {word} {name};"),
        WorldItem::Func(func) => {
            docs(&func.docs, "  ", f)?;
            write!(f, "  {word} ")?;
            write_func(func, f)
        }
        WorldItem::Type(ty) => write_type(ty, None, f, "  "),
        WorldItem::Other { sort, .. } => writeln!(f, "  // {word} {name}: {sort}"),
    }
}

fn write_interface(word: &str, interface: &Interface, f: &mut Bounded) -> fmt::Result {
    docs(&interface.docs, "", f)?;
    writeln!(f, "interface {} {{ // {word}", text::name(&interface.name))?;
    for ty in &interface.types {
        match &ty.kind {
            TypeKind::Resource(of) if is_at_home(of.label(), ty, Some(&interface.name)) => {
                write_resource(ty, interface, f)?;
            }
            _ => write_type(ty, Some(&interface.name), f, "  ")?,
        }
    }
    for func in &interface.funcs {
        // Those of resources are told with these.
        if func.role == FuncRole::Free || !has_resource(interface, func) {
            docs(&func.docs, "  ", f)?;
            f.write_str("  ")?;
            write_func(func, f)?;
        }
    }
    for (name, sort) in &interface.others {
        writeln!(f, "  // {}: {sort}", text::name(name))?;
    }
    f.write_str("}\n")
}

fn has_resource(interface: &Interface, func: &FuncDef) -> bool {
    let mut types = interface.types.iter();
    types.any(|ty| match &ty.kind {
        TypeKind::Resource(of) => {
            func.resource() == Some(&ty.name) && is_at_home(of.label(), ty, Some(&interface.name))
        }
        TypeKind::Value(_) => false,
    })
}

fn write_resource(ty: &TypeDef, interface: &Interface, f: &mut Bounded) -> fmt::Result {
    docs(&ty.docs, "  ", f)?;
    let mut funcs = interface
        .funcs
        .iter()
        .filter(|it| it.resource() == Some(&ty.name))
        .peekable();
    if funcs.peek().is_none() {
        return writeln!(f, "  resource {};", Name(&ty.name));
    }
    writeln!(f, "  resource {} {{", Name(&ty.name))?;
    for func in funcs {
        docs(&func.docs, "    ", f)?;
        f.write_str("    ")?;
        write_func(func, f)?;
    }
    f.write_str("  }\n")
}

fn write_func(func: &FuncDef, f: &mut Bounded) -> fmt::Result {
    let name = Name(func.own_name());
    let (start, params) = match &func.role {
        FuncRole::Free => (format!("{name}: func"), &func.ty.params[..]),
        FuncRole::Static(_) => (format!("{name}: static func"), &func.ty.params[..]),
        FuncRole::Method(_) => (
            format!("{name}: func"),
            func.ty.params.get(1..).unwrap_or(&[]),
        ),
        FuncRole::Constructor(_) => ("constructor".to_owned(), &func.ty.params[..]),
    };
    f.write_str(&start)?;
    write_signature(
        &func.ty,
        params,
        !matches!(func.role, FuncRole::Constructor(_)),
        f,
    )
}

fn write_signature(
    ty: &WitFuncType,
    params: &[Field],
    result: bool,
    f: &mut Bounded,
) -> fmt::Result {
    f.write_char('(')?;
    for (i, param) in params.iter().enumerate() {
        let comma = if i > 0 { ", " } else { "" };
        write!(f, "{comma}{}: {}", Name(&param.name), param.ty)?;
    }
    f.write_char(')')?;
    match &ty.result {
        Some(ty) if result => writeln!(f, " -> {ty};"),
        _ => f.write_str(";\n"),
    }
}

/// Whether a type is defined where it has this name.
fn is_at_home(label: &Label, ty: &TypeDef, interface: Option<&str>) -> bool {
    label.name.as_deref() == Some(&*ty.name) && label.interface.as_deref() == interface
}

fn write_type(ty: &TypeDef, interface: Option<&str>, f: &mut Bounded, space: &str) -> fmt::Result {
    let name = Name(&ty.name);
    let label = match &ty.kind {
        TypeKind::Resource(of) => Some(of.label()),
        TypeKind::Value(WitType::Record(of)) => Some(&of.label),
        TypeKind::Value(WitType::Variant(of)) => Some(&of.label),
        TypeKind::Value(WitType::Enum(of)) => Some(&of.label),
        TypeKind::Value(WitType::Flags(of)) => Some(&of.label),
        TypeKind::Value(_) => None,
    };
    let elsewhere = label.filter(|it| !is_at_home(it, ty, interface));
    if let Some(Label {
        name: Some(own),
        interface: of,
        ..
    }) = elsewhere
    {
        let (own, of) = (Name(own), of.as_deref());
        return match of {
            Some(of) if Some(of) != interface && own.0 == name.0 => {
                writeln!(f, "{space}use {}.{{{name}}};", text::name(of))
            }
            Some(of) if Some(of) != interface => {
                writeln!(f, "{space}use {}.{{{own} as {name}}};", text::name(of))
            }
            _ => writeln!(f, "{space}type {name} = {own};"),
        };
    }
    docs(&ty.docs, space, f)?;
    match &ty.kind {
        TypeKind::Resource(_) => writeln!(f, "{space}resource {name};"),
        TypeKind::Value(WitType::Record(of)) => define("record", &name, &of.fields, f, space),
        TypeKind::Value(WitType::Variant(of)) => define("variant", &name, &of.cases, f, space),
        TypeKind::Value(WitType::Enum(of)) => define("enum", &name, &of.names, f, space),
        TypeKind::Value(WitType::Flags(of)) => define("flags", &name, &of.names, f, space),
        TypeKind::Value(other) => writeln!(f, "{space}type {name} = {other};"),
    }
}

fn define<P: Part>(
    sort: &str,
    name: &Name<'_>,
    parts: &[P],
    f: &mut Bounded,
    space: &str,
) -> fmt::Result {
    write!(f, "{space}{sort} {name}")?;
    in_lines(parts, space, f)?;
    f.write_str("\n")
}
