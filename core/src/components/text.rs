//! Types of WIT as text, the same in every host.

use std::fmt::{Display, Formatter, Result, Write};
use std::sync::Arc;

use super::types::{Case, Field, Label, ResourceType, WitFuncType, WitType};
use crate::text;

/// The most bytes of a definition.
const DEFINITION_BYTES: usize = 64 << 10;

/// A definition that is longer has a line for each of its parts.
const COLUMNS: usize = 100;

/// What WIT reads as something else if it has no `%` in front.
const KEYWORDS: &[&str] = &[
    "use",
    "type",
    "func",
    "u8",
    "u16",
    "u32",
    "u64",
    "s8",
    "s16",
    "s32",
    "s64",
    "f32",
    "f64",
    "char",
    "resource",
    "own",
    "borrow",
    "record",
    "flags",
    "variant",
    "enum",
    "bool",
    "string",
    "option",
    "result",
    "future",
    "stream",
    "error-context",
    "list",
    "map",
    "as",
    "from",
    "static",
    "interface",
    "tuple",
    "world",
    "import",
    "export",
    "package",
    "constructor",
    "include",
    "with",
    "async",
];

impl WitType {
    /// Its definition, as WIT spells it, with its documentation: `record person { name: string, age: u32 }`. Of a type
    /// that is not defined, such as `list<u8>`, it is the type. A text for reading, of at most 64 KiB.
    pub fn definition(&self) -> String {
        text::at_most(DEFINITION_BYTES, Definition(self))
    }
}

impl WitFuncType {
    /// The function as WIT spells it: `greet: func(name: string) -> string`.
    pub fn signature(&self, name: &str) -> String {
        format!("{}: {self}", text::name(name))
    }
}

/// As WIT spells it: a type with a name by its name.
impl Display for WitType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write_type(self, f)
    }
}

impl Display for WitFuncType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write_func(self, f)
    }
}

struct Definition<'a>(&'a WitType);

impl Display for Definition<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            WitType::Record(of) => define("record", &of.label, &of.fields, f),
            WitType::Variant(of) => define("variant", &of.label, &of.cases, f),
            WitType::Enum(of) => define("enum", &of.label, &of.names, f),
            WitType::Flags(of) => define("flags", &of.label, &of.names, f),
            WitType::Own(of) | WitType::Borrow(of) => {
                docs(&of.label.docs, "", f)?;
                f.write_str("resource ")?;
                resource(of, f)
            }
            other => write_type(other, f),
        }
    }
}

/// A part of a definition: a field, a case, a name.
pub(super) trait Part {
    fn docs(&self) -> &Option<Arc<str>>;
    fn write(&self, f: &mut dyn Write) -> Result;
}

impl Part for Field {
    fn docs(&self) -> &Option<Arc<str>> {
        &self.docs
    }

    fn write(&self, f: &mut dyn Write) -> Result {
        write!(f, "{}: {}", Name(&self.name), self.ty)
    }
}

impl Part for Case {
    fn docs(&self) -> &Option<Arc<str>> {
        &self.docs
    }

    fn write(&self, f: &mut dyn Write) -> Result {
        let name = Name(&self.name);
        match &self.ty {
            Some(ty) => write!(f, "{name}({ty})"),
            None => write!(f, "{name}"),
        }
    }
}

impl Part for Arc<str> {
    fn docs(&self) -> &Option<Arc<str>> {
        &None
    }

    fn write(&self, f: &mut dyn Write) -> Result {
        write!(f, "{}", Name(self))
    }
}

/// A name as WIT has it: one that is a keyword has `%` in front.
pub(super) struct Name<'a>(pub(super) &'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if KEYWORDS.contains(&self.0) { "%" } else { "" })?;
        f.write_str(&text::name(self.0))
    }
}

/// In one line if it is short and nothing is written about its parts.
fn define<P: Part>(sort: &str, label: &Label, parts: &[P], f: &mut Formatter<'_>) -> Result {
    docs(&label.docs, "", f)?;
    f.write_str(sort)?;
    if let Some(name) = &label.name {
        write!(f, " {}", Name(name))?;
    }
    let line = text::at_most(COLUMNS, Parts(parts));
    let is_short = line.len() <= COLUMNS && parts.iter().all(|it| it.docs().is_none());
    if is_short {
        return f.write_str(&line);
    }
    in_lines(parts, "", f)
}

/// In braces, with a line for each part and what is written about it.
pub(super) fn in_lines<P: Part>(parts: &[P], space: &str, f: &mut dyn Write) -> Result {
    let inner = format!("{space}  ");
    f.write_str(" {\n")?;
    for part in parts {
        docs(part.docs(), &inner, f)?;
        f.write_str(&inner)?;
        part.write(f)?;
        f.write_str(",\n")?;
    }
    write!(f, "{space}}}")
}

struct Parts<'a, P>(&'a [P]);

impl<P: Part> Display for Parts<'_, P> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(" { ")?;
        joined(self.0.iter(), f, |it, f| it.write(f))?;
        f.write_str(" }")
    }
}

/// What is written about something: it steers nothing, and long lines are cut.
pub(super) fn docs(docs: &Option<Arc<str>>, space: &str, f: &mut dyn Write) -> Result {
    for line in docs.iter().flat_map(|it| it.lines()) {
        let line = format!("{space}/// {}", text::name(line));
        writeln!(f, "{}", line.trim_end())?;
    }
    Ok(())
}

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
            joined(of.iter(), f, write_type)?;
            f.write_char('>')
        }
        WitType::Result(of) => match (&of.ok, &of.err) {
            (None, None) => f.write_str("result"),
            (Some(ok), None) => write!(f, "result<{ok}>"),
            (None, Some(err)) => write!(f, "result<_, {err}>"),
            (Some(ok), Some(err)) => write!(f, "result<{ok}, {err}>"),
        },
        WitType::Record(of) => named("record", &of.label, &of.fields, f),
        WitType::Variant(of) => named("variant", &of.label, &of.cases, f),
        WitType::Enum(of) => named("enum", &of.label, &of.names, f),
        WitType::Flags(of) => named("flags", &of.label, &of.names, f),
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
    joined(ty.params.iter(), f, |it, f| it.write(f))?;
    f.write_char(')')?;
    match &ty.result {
        Some(result) => write!(f, " -> {result}"),
        None => Ok(()),
    }
}

fn resource(of: &ResourceType, f: &mut Formatter<'_>) -> Result {
    match of.name() {
        Some(name) => write!(f, "{}", Name(name)),
        None => write!(f, "resource-{}", of.index),
    }
}

fn named<P: Part>(sort: &str, label: &Label, parts: &[P], f: &mut Formatter<'_>) -> Result {
    match &label.name {
        Some(name) => write!(f, "{}", Name(name)),
        None => write!(f, "{sort}{}", Parts(parts)),
    }
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
