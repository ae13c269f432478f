//! A core module: its functions take and give numbers, and its names may be any text.

use std::collections::BTreeMap;
use std::fmt::Write;

use landbridge::{ExternType, FuncType, ImportType, Inspection, Type};

use super::docs;
use crate::types::names::{Keywords, is_keyword};

/// What these files take from the package.
const OURS: [&str; 7] = [
    "Func",
    "GcRef",
    "Global",
    "Memory",
    "Table",
    "Tag",
    "TaggedException",
];

/// Writes what a module exports, and what it asks its host for as types of `Imports`.
pub(in crate::types) fn write(found: &Inspection, name: &str) -> String {
    let mut to = docs("", Some(&format!("The module {name}.")), None);
    let _ = writeln!(to, "import {{ {} }} from 'landbridge'", OURS.join(", "));
    for (i, (name, ty)) in found.exports.iter().enumerate() {
        // An ES module has no such export, since `import()` would call it.
        if name != "then" {
            export(&mut to, i, name, ty);
        }
    }
    imports(&mut to, &found.imports);
    to.push_str("\nexport {}\n");
    to
}

fn export(to: &mut String, i: usize, name: &str, ty: &ExternType) {
    let (told, ty) = (docs("", Some(&ty.to_string()), None), value(ty));
    // Those that begin so are given out here.
    let is_taken = OURS.contains(&name) || name.starts_with('_');
    let _ = match is_identifier(name) && !is_taken && !is_keyword(name, Keywords::TypeScript) {
        true => write!(to, "\n{told}export const {name}: {ty}\n"),
        false => {
            let public = if is_identifier(name) {
                name.to_owned()
            } else {
                quoted(name)
            };
            write!(
                to,
                "\n{told}declare const _{i}: {ty}\nexport {{ _{i} as {public} }}\n"
            )
        }
    };
}

/// What is not there by itself, as WASI is.
fn imports(to: &mut String, imports: &[ImportType]) {
    let mut modules = BTreeMap::<&str, BTreeMap<&str, &ExternType>>::new();
    for it in imports.iter().filter(|it| !is_wasi(&it.module)) {
        modules
            .entry(&it.module)
            .or_default()
            .insert(&it.name, &it.ty);
    }
    if modules.is_empty() {
        return;
    }
    to.push_str("\n/** What the module asks its host for. A function may return a promise where the call is asynchronous. */\n");
    to.push_str("export type Imports = {\n");
    for (module, items) in modules {
        let _ = writeln!(to, "  {}: {{", quoted(module));
        for (name, ty) in items {
            let ty = match ty {
                ExternType::Func(ty) => host_func(ty),
                ty => value(ty),
            };
            let _ = writeln!(to, "    {}: {ty}", quoted(name));
        }
        to.push_str("  }\n");
    }
    to.push_str("}\n");
}

fn is_wasi(module: &str) -> bool {
    matches!(module, "wasi_snapshot_preview1" | "wasi_unstable")
}

/// What an instance has for it.
fn value(ty: &ExternType) -> String {
    match ty {
        ExternType::Func(ty) => {
            let params = params(ty, given);
            format!("Func<({params}) => {}>", result(ty, got))
        }
        ExternType::Memory(_) => "Memory".to_owned(),
        ExternType::Table(_) => "Table".to_owned(),
        ExternType::Global(ty) => format!("Global<{}>", content(ty.content)),
        ExternType::Tag(_) => "Tag".to_owned(),
    }
}

fn host_func(ty: &FuncType) -> String {
    let result = result(ty, given);
    format!("({}) => {result} | Promise<{result}>", params(ty, got))
}

fn params(ty: &FuncType, spell: fn(Type) -> &'static str) -> String {
    let named = |(i, ty): (usize, &Type)| format!("p{i}: {}", spell(*ty));
    let all: Vec<_> = ty.params().iter().enumerate().map(named).collect();
    all.join(", ")
}

fn result(ty: &FuncType, spell: fn(Type) -> &'static str) -> String {
    match ty.results() {
        [] => "void".to_owned(),
        [one] => spell(*one).to_owned(),
        all => {
            let all: Vec<_> = all.iter().map(|it| spell(*it)).collect();
            format!("[{}]", all.join(", "))
        }
    }
}

/// What is taken.
fn given(ty: Type) -> &'static str {
    match ty.top() {
        Type::V128 => "ArrayBufferView | bigint",
        Type::ExternRef | Type::AnyRef => "unknown",
        _ => got(ty),
    }
}

/// What is given.
fn got(ty: Type) -> &'static str {
    match ty {
        Type::I32 | Type::F32 | Type::F64 => "number",
        Type::I64 => "bigint",
        Type::V128 => "Uint8Array",
        Type::FuncRef => "Func | null",
        Type::ExnRef => "TaggedException | null",
        Type::StructRef | Type::ArrayRef => "GcRef | null",
        Type::I31Ref => "number | null",
        Type::NullRef | Type::NullFuncRef | Type::NullExternRef | Type::NullExnRef => "null",
        Type::ExternRef | Type::AnyRef | Type::EqRef => "any",
    }
}

/// What a global has is read and written by one property.
fn content(ty: Type) -> &'static str {
    match ty {
        Type::V128 => "any",
        ty => got(ty),
    }
}

/// Of ASCII alone: any other name stands in quotes.
fn is_identifier(name: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '$';
    !name.is_empty()
        && name.chars().all(is_part)
        && !name.starts_with(|it: char| it.is_ascii_digit())
}

/// A text in single quotes, of printable ASCII alone.
fn quoted(text: &str) -> String {
    let mut to = String::from("'");
    for unit in text.encode_utf16() {
        match char::from_u32(unit.into()) {
            Some(it @ ('\'' | '\\')) => to.extend(['\\', it]),
            Some(it) if it == ' ' || it.is_ascii_graphic() => to.push(it),
            _ => {
                let _ = write!(to, "\\u{unit:04x}");
            }
        }
    }
    to.push('\'');
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_can_be_exported() {
        for (name, is) in [
            ("add", true),
            ("$a_1", true),
            ("1a", false),
            ("my-func", false),
            ("", false),
            ("é", false),
        ] {
            assert_eq!(is_identifier(name), is, "{name}");
        }
        assert_eq!(
            quoted("a'b\\\n\u{1f600}*/"),
            r"'a\'b\\\u000a\ud83d\ude00*/'"
        );
    }
}
