//! A core module: an interface with its functions, which take and give numbers and may have any name.

use std::collections::BTreeSet;
use std::fmt::Write;

use landbridge::{ExternType, FuncType, Inspection, Type};

use super::names;
use crate::types::names::{Keywords, camel, is_keyword};

/// What a method's parameters may take in all, `this` too; longs and doubles count twice.
const MAX_SLOTS: usize = 255;

const EXPORT: &str = "dev.landbridge.Export";
const FUNC: &str = "dev.landbridge.Func";
const OBJECT: &str = "java.lang.Object";
const TAGGED_EXCEPTION: &str = "dev.landbridge.TaggedException";
const V128: &str = "dev.landbridge.V128";

/// Writes what a module exports, for `instance.as(...)`.
pub(in crate::types) fn write(found: &Inspection, name: &str, package: Option<&str>) -> String {
    let outer = names::outer(name);
    let funcs: Vec<_> = found.exports.iter().filter_map(func).collect();
    let mut to = String::from("// Written by `landbridge types --java`.\n");
    if let Some(package) = package {
        let _ = writeln!(to, "package {package};\n");
    }
    let methods = methods(&funcs, &outer);
    for import in [EXPORT, FUNC, TAGGED_EXCEPTION, V128] {
        let is_used = match import {
            EXPORT => methods.contains("@Export("),
            import => funcs.iter().any(|it| names_type(&it.1, import)),
        };
        if is_used && short(import, &outer) != import {
            let _ = writeln!(to, "import {import};");
        }
    }
    let _ = write!(
        to,
        "\n/** The functions of a module: {{@code instance.as({outer}.class)}}. */\npublic interface {outer} {{{methods}}}\n"
    );
    to
}

fn func((name, ty): &(impl AsRef<str>, ExternType)) -> Option<(String, FuncType)> {
    match ty {
        ExternType::Func(ty) => Some((name.as_ref().to_owned(), ty.clone())),
        _ => None,
    }
}

fn methods(funcs: &[(String, FuncType)], outer: &str) -> String {
    // Names that can be written as they are come first: no other method may have one of them.
    let mut taken: BTreeSet<_> = funcs.iter().map(|it| it.0.clone()).collect();
    let mut to = String::new();
    for (i, (name, ty)) in funcs.iter().enumerate() {
        let before = if i == 0 { "" } else { "\n" };
        if slots(ty) > MAX_SLOTS {
            let _ = writeln!(
                to,
                "{before}    // {}: more parameters than a method of Java has",
                quoted(name)
            );
            continue;
        }
        let _ = writeln!(to, "{before}\n    /** {{@code func {ty}}}. */");
        let spelled = match can_be(name) {
            true => name.clone(),
            false => {
                let _ = writeln!(to, "    @{}({})", short(EXPORT, outer), quoted(name));
                spelled(name, i, &mut taken)
            }
        };
        let (result, params) = (result(ty, outer), params(ty, outer));
        let _ = writeln!(to, "    {result} {spelled}({params});");
    }
    to.replace("\n\n\n", "\n\n")
}

/// Another name for a function whose own one cannot be.
fn spelled(name: &str, i: usize, taken: &mut BTreeSet<String>) -> String {
    let nice = match is_identifier(name) {
        true => format!("{name}_"),
        false => camel(
            &name.replace(['_', '.', ' ', '/', ':', '#'], "-"),
            Keywords::Java,
        ),
    };
    let free = |it: &String| can_be(it) && !taken.contains(it);
    let numbered = || (i..).map(|i| format!("export{i}")).find(free);
    let found = Some(nice)
        .filter(free)
        .or_else(numbered)
        .unwrap_or_default();
    taken.insert(found.clone());
    found
}

/// Whether a method can be called so.
fn can_be(name: &str) -> bool {
    is_identifier(name)
        && name != "_"
        && !is_keyword(name, Keywords::Java)
        && names::method(name) == name
}

fn is_identifier(name: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '$';
    !name.is_empty()
        && name.chars().all(is_part)
        && !name.starts_with(|it: char| it.is_ascii_digit())
}

fn slots(ty: &FuncType) -> usize {
    let wide = |ty: &Type| {
        if matches!(ty, Type::I64 | Type::F64) {
            2
        } else {
            1
        }
    };
    1 + ty.params().iter().map(wide).sum::<usize>()
}

fn names_type(ty: &FuncType, name: &str) -> bool {
    let is_it = |ty: &Type| spell(*ty) == name;
    ty.params().iter().any(is_it) || matches!(ty.results(), [one] if is_it(one))
}

/// A class in short, unless the interface is called so.
fn short(path: &'static str, outer: &str) -> &'static str {
    let own = path.rsplit('.').next().unwrap_or(path);
    if own == outer { path } else { own }
}

fn params(ty: &FuncType, outer: &str) -> String {
    let named = |(i, ty): (usize, &Type)| format!("{} p{i}", short(spell(*ty), outer));
    let all: Vec<_> = ty.params().iter().enumerate().map(named).collect();
    all.join(", ")
}

fn result(ty: &FuncType, outer: &str) -> String {
    match ty.results() {
        [] => "void".to_owned(),
        [one] => short(spell(*one), outer).to_owned(),
        _ => format!("{}[]", short(OBJECT, outer)),
    }
}

fn spell(ty: Type) -> &'static str {
    match ty.top() {
        Type::I32 => "int",
        Type::I64 => "long",
        Type::F32 => "float",
        Type::F64 => "double",
        Type::V128 => V128,
        Type::FuncRef => FUNC,
        Type::ExnRef => TAGGED_EXCEPTION,
        _ => OBJECT,
    }
}

/// A literal of printable ASCII alone.
fn quoted(text: &str) -> String {
    let mut to = String::from("\"");
    for unit in text.encode_utf16() {
        match char::from_u32(unit.into()) {
            Some(it @ ('"' | '\\')) => to.extend(['\\', it]),
            Some(it) if it == ' ' || it.is_ascii_graphic() => to.push(it),
            // Java reads \u first of all, as if the line ended there.
            Some(it) if it.is_ascii() => {
                let _ = write!(to, "\\{unit:03o}");
            }
            _ => {
                let _ = write!(to, "\\u{unit:04x}");
            }
        }
    }
    to.push('"');
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_can_be_exported() {
        for name in ["add", "_start", "$a1", "add_"] {
            assert!(can_be(name), "{name}");
        }
        for name in ["", "_", "1a", "my-func", "é", "class", "toString", "int"] {
            assert!(!can_be(name), "{name}");
        }
        assert_eq!(
            quoted("a\"b\\\n\u{1f600}*/"),
            r#""a\"b\\\012\ud83d\ude00*/""#
        );
        let mut taken = BTreeSet::from(["toString_".to_owned()]);
        assert_eq!(spelled("my-func", 0, &mut taken), "myFunc");
        assert_eq!(spelled("my.func", 1, &mut taken), "export1");
        assert_eq!(spelled("toString", 2, &mut taken), "export2");
        assert_eq!(spelled("class", 3, &mut taken), "class_");
    }
}
