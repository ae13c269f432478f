//! A core module: its functions take and give numbers, and its names may be any text.

use std::collections::HashSet;
use std::fmt::Write;

use landbridge::{ExternType, FuncType, Inspection, Type};

use super::text::{docs, needed};
use crate::types::names::{Keywords, is_keyword};

/// Names of exports, which hide types of Python's own.
type Exported<'a> = HashSet<&'a str>;

const HEADER: &str = "\
import builtins as _builtins
from typing import Any as _Any
from typing import SupportsFloat as _SupportsFloat
from typing import SupportsIndex as _SupportsIndex

from typing_extensions import Buffer as _Buffer

import landbridge as _lb
from landbridge._stubs import func as _func
";

/// Writes what a module exports.
pub(in crate::types) fn write(found: &Inspection, name: &str) -> String {
    let mut to = String::new();
    let exported: Exported<'_> = found.exports.iter().map(|(name, _)| &**name).collect();
    for (name, ty) in &found.exports {
        if !is_attribute(name) {
            let _ = writeln!(to, "\n# {name:?} is in exports by its name alone.");
            continue;
        }
        match ty {
            ExternType::Func(ty) => func(&mut to, name, ty, &exported),
            ExternType::Memory(_) => item(&mut to, name, "_lb.Memory"),
            ExternType::Table(_) => item(&mut to, name, "_lb.Table"),
            ExternType::Global(_) => item(&mut to, name, "_lb.Global"),
            ExternType::Tag(_) => item(&mut to, name, "_lb.Tag"),
        }
    }
    let told = docs("", Some(&format!("The module {name}.")));
    format!("{told}\n{}{to}", needed(HEADER, &to))
}

fn item(to: &mut String, name: &str, ty: &str) {
    let _ = writeln!(to, "\n{name}: {ty}");
}

fn func(to: &mut String, name: &str, ty: &FuncType, exported: &Exported<'_>) {
    let named = |(i, ty): (usize, &Type)| format!("arg{}: {}", i + 1, spelt(given(*ty), exported));
    let mut params: Vec<_> = ty.params().iter().enumerate().map(named).collect();
    if !params.is_empty() {
        params.push("/".to_owned());
    }
    let _ = write!(
        to,
        "\n@_func\ndef {name}({}) -> {}:\n",
        params.join(", "),
        result(ty, exported)
    );
    to.push_str(&docs("    ", Some(&ty.to_string())));
}

fn result(ty: &FuncType, exported: &Exported<'_>) -> String {
    match ty.results() {
        [] => "None".to_owned(),
        [one] => spelt(got(*one), exported),
        all => {
            let all: Vec<_> = all.iter().map(|it| spelt(got(*it), exported)).collect();
            format!("{}[{}]", spelt("tuple", exported), all.join(", "))
        }
    }
}

/// A type of Python's own by its whole name, if an export is called so.
fn spelt(text: &str, exported: &Exported<'_>) -> String {
    let words = text.split(' ').map(|word| match exported.contains(word) {
        true => format!("_builtins.{word}"),
        false => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What is taken.
fn given(ty: Type) -> &'static str {
    match ty {
        Type::I32 | Type::I64 => "_SupportsIndex",
        Type::F32 | Type::F64 => "_SupportsFloat | _SupportsIndex",
        Type::V128 => "_Buffer | int",
        _ => got(ty),
    }
}

/// What is given.
fn got(ty: Type) -> &'static str {
    match ty {
        Type::I32 | Type::I64 => "int",
        Type::F32 | Type::F64 => "float",
        Type::V128 => "bytes",
        Type::FuncRef => "_lb.Func | None",
        Type::ExnRef => "_lb.TaggedException | None",
        Type::StructRef | Type::ArrayRef => "_lb.GcRef | None",
        Type::I31Ref => "int | None",
        Type::NullRef | Type::NullFuncRef | Type::NullExternRef | Type::NullExnRef => "None",
        Type::ExternRef | Type::AnyRef | Type::EqRef => "_Any",
    }
}

/// Whether Python has a module's export as an attribute. Names of its own protocols are none, and what begins with `_` the stub needs itself.
fn is_attribute(name: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
    name.chars().all(is_part)
        && name.starts_with(|it: char| it.is_ascii_alphabetic())
        && !is_keyword(name, Keywords::Python)
}

#[cfg(test)]
mod tests {
    use super::is_attribute;

    #[test]
    fn names_that_python_has_no_attribute_for_are_left_out() {
        for (name, is) in [
            ("add", true),
            ("a_1", true),
            ("class", false),
            ("1a", false),
            ("my-func", false),
            ("", false),
            ("__path__", false),
            ("é", false),
        ] {
            assert_eq!(is_attribute(name), is, "{name}");
        }
    }
}
