//! Python: a stub, for `import greet` where `greet.wasm` is.

pub(super) mod core;
mod text;

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::sync::Arc;

use landbridge::{
    Error, Field, FuncDef, FuncRole, Interface, Label, ResourceType, TypeDef, TypeKind, WitType,
    World, WorldItem,
};

use self::text::{decorators, docs, needed};
use super::names::{Keywords, own};
use crate::wit::{is_number, label};

/// What the checker is told is a type of what is given and one of what is got: more is taken than comes back.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Given,
    Got,
}

const HEADER: &str = "\
import array as _array
import enum as _enum
from collections.abc import Collection as _Collection
from collections.abc import Mapping as _Mapping
from collections.abc import Sequence as _Sequence
from dataclasses import dataclass as _dataclass
from typing import Any as _Any
from typing import Literal as _Literal
from typing import TypeAlias as _TypeAlias

from typing_extensions import Buffer as _Buffer

import landbridge as _lb
from landbridge._stubs import wit_func as _func
from landbridge._stubs import wit_method as _method
";

/// Types of Python's own that a stub names.
const BUILTINS: [&str; 7] = ["bool", "int", "float", "str", "bytes", "list", "tuple"];

/// Writes a world.
pub(super) fn write(world: &World, name: &str) -> Result<String, Error> {
    let (text, names) = pass(world, name, HashSet::new());
    let hidden: HashSet<_> = BUILTINS
        .into_iter()
        .filter(|it| names.contains(*it))
        .collect();
    Ok(match hidden.is_empty() {
        true => text,
        false => pass(world, name, hidden).0,
    })
}

/// Types stand in front, each once, since several interfaces may use one. Gives the names of functions and fields, too.
fn pass(world: &World, name: &str, hidden: HashSet<&'static str>) -> (String, HashSet<String>) {
    let mut stub = Stub {
        world,
        types: String::new(),
        known: HashMap::new(),
        names: HashSet::new(),
        hidden,
    };
    let mut items = String::new();
    let mut interfaces: Vec<String> = Vec::new();
    for item in &world.exports {
        match item {
            WorldItem::Func(it) if it.role == FuncRole::Free => {
                stub.func(&mut items, "", it, false)
            }
            WorldItem::Type(def) => match &def.kind {
                TypeKind::Resource(of) => {
                    let funcs = world.exports.iter().filter_map(|it| match it {
                        WorldItem::Func(func) => Some(func),
                        _ => None,
                    });
                    let is_its = of.label().interface.is_none();
                    stub.resource(&mut items, "", def, of, is_its.then(|| funcs.collect()));
                }
                TypeKind::Value(_) => stub.alias(&mut items, "", def),
            },
            WorldItem::Interface(it) => {
                let spelt = snake(own(&it.name));
                if interfaces.contains(&spelt) {
                    let _ = writeln!(items, "\n# {} is in exports by its name alone.", it.name);
                    continue;
                }
                stub.interface(&mut items, &spelt, it);
                stub.names.insert(spelt.clone());
                interfaces.push(spelt);
            }
            _ => {}
        }
    }
    let mut text = docs(
        "",
        world
            .docs
            .as_deref()
            .or(Some(&format!("The component {name}."))),
    );
    let more = match stub.hidden.is_empty() {
        true => "",
        false => "import builtins as _builtins\n",
    };
    let body = stub.types + &items;
    let (first, rest) = HEADER.split_at("import array as _array\n".len());
    let header = needed(&format!("{first}{more}{rest}"), &body);
    let _ = write!(text, "\n{header}{body}");
    (text, stub.names)
}

fn snake(name: &str) -> String {
    super::names::snake(name, Keywords::Python)
}

fn camel(name: &str) -> String {
    super::names::upper_camel(name, Keywords::Python)
}

fn upper(name: &str) -> String {
    name.replace('-', "_").to_uppercase()
}

struct Stub<'w> {
    world: &'w World,
    /// Classes of types, one behind the other.
    types: String,
    /// Their names here, by their interfaces and names in WIT.
    known: HashMap<(Option<Arc<str>>, Arc<str>), String>,
    /// Names of functions, fields and interfaces.
    names: HashSet<String>,
    /// Types of Python's own that are hidden by such a name.
    hidden: HashSet<&'static str>,
}

impl Stub<'_> {
    /// A type of Python's own.
    fn builtin(&self, name: &'static str) -> String {
        match self.hidden.contains(name) {
            true => format!("_builtins.{name}"),
            false => name.to_owned(),
        }
    }

    fn interface(&mut self, to: &mut String, spelt: &str, it: &Interface) {
        let mut body = String::new();
        for def in &it.types {
            match &def.kind {
                TypeKind::Resource(of) => {
                    // This interface may bring it, or use one of another.
                    let is_its = of.label().interface.as_deref() == Some(&*it.name);
                    let funcs = is_its.then(|| it.funcs.iter().collect());
                    self.resource(&mut body, "    ", def, of, funcs);
                }
                TypeKind::Value(_) => self.alias(&mut body, "    ", def),
            }
        }
        for func in it.funcs.iter().filter(|it| it.role == FuncRole::Free) {
            self.func(&mut body, "    ", func, true);
        }
        let told = format!("The interface {}.", it.name);
        let _ = write!(to, "\nclass {spelt}:\n");
        to.push_str(&docs("    ", it.docs.as_deref().or(Some(&told))));
        to.push_str(&body);
    }

    fn func(&mut self, to: &mut String, indent: &str, it: &FuncDef, is_static: bool) {
        let own = snake(it.own_name());
        let (is_new, is_method) = match it.role {
            FuncRole::Constructor(_) => (true, false),
            FuncRole::Method(_) => (false, true),
            _ => (false, false),
        };
        let first = usize::from(is_method);
        let mut params: Vec<String> = Vec::new();
        let mut optional = true;
        for param in it.ty.params[first..].iter().rev() {
            optional &= matches!(param.ty, WitType::Option(_));
            let default = if optional { " = None" } else { "" };
            let ty = self.text(&param.ty, Side::Given);
            params.insert(0, format!("{}: {ty}{default}", snake(&param.name)));
        }
        if is_method {
            params.insert(0, "self".to_owned());
        }
        let (result, raises) = self.result(it);
        let (own, result) = match is_new {
            true => {
                params.insert(0, "self".to_owned());
                ("__init__".to_owned(), "None".to_owned())
            }
            false => (own, result),
        };
        let told = [it.docs.clone().map(|it| it.to_string()), raises];
        let told: Vec<String> = told.into_iter().flatten().collect();
        // A resource may have a method of its own that is called so; `with` closes it all the same.
        let is_other = match own.as_str() {
            "close" => {
                !is_method
                    || result != "None"
                    || params[1..].iter().any(|it| !it.ends_with("= None"))
            }
            "closed" | "store" => true,
            _ => false,
        };
        let note = match it.resource().is_some() && is_other {
            true => "  # type: ignore[override]",
            false => "",
        };
        self.names.insert(own.clone());
        let told = (!told.is_empty()).then(|| told.join("\n\n"));
        to.push('\n');
        to.push_str(&decorators(indent, is_static, it, &own));
        let _ = write!(to, "{indent}def {own}({}) -> {result}:", params.join(", "));
        match told {
            None => to.push_str(&format!(" ...{note}\n")),
            Some(told) => {
                to.push_str(&format!("{note}\n"));
                to.push_str(&docs(&format!("{indent}    "), Some(&told)));
            }
        }
    }

    /// What a function returns, and what it raises.
    fn result(&mut self, it: &FuncDef) -> (String, Option<String>) {
        match &it.ty.result {
            None => ("None".to_owned(), None),
            Some(WitType::Result(of)) => {
                let ok = of.ok.as_ref().map(|ty| self.text(ty, Side::Got));
                let err = of.err.as_ref().map(|ty| self.text(ty, Side::Got));
                let raises = match err {
                    Some(err) => format!("Raises WitError, whose payload is {err}."),
                    None => "Raises WitError.".to_owned(),
                };
                (ok.unwrap_or_else(|| "None".to_owned()), Some(raises))
            }
            Some(ty) => (self.text(ty, Side::Got), None),
        }
    }

    /// A type with a name, where it is found.
    fn alias(&mut self, to: &mut String, indent: &str, def: &TypeDef) {
        let ty = match &def.kind {
            TypeKind::Value(ty) => ty.clone(),
            TypeKind::Resource(of) => WitType::Own(of.clone()),
        };
        let text = match &ty {
            WitType::Record(_) | WitType::Variant(_) | WitType::Enum(_) | WitType::Flags(_) => {
                self.class(&ty).unwrap_or_else(|| "_Any".to_owned())
            }
            other => self.text(other, Side::Got),
        };
        let _ = writeln!(to, "{indent}{}: _TypeAlias = {text}", camel(&def.name));
    }

    /// The class of a resource: in front, if it is of the place whose functions are given.
    fn resource(
        &mut self,
        to: &mut String,
        indent: &str,
        def: &TypeDef,
        of: &ResourceType,
        funcs: Option<Vec<&FuncDef>>,
    ) {
        let name = self.resource_name(of);
        if let Some(name) = &name
            && let Some(funcs) = funcs
        {
            let mut body = docs("    ", def.docs.as_deref());
            for func in funcs {
                if func.resource() == Some(&*def.name) {
                    self.func(&mut body, "    ", func, true);
                }
            }
            if body.is_empty() {
                body.push_str("    ...\n");
            }
            let _ = write!(self.types, "\nclass {name}(_lb.Resource):\n{body}");
        }
        let text = name.unwrap_or_else(|| "_Any".to_owned());
        let _ = writeln!(to, "{indent}{}: _TypeAlias = {text}", camel(&def.name));
    }

    /// The class of a resource that the component exports; none of those of its host, which are any objects.
    fn resource_name(&mut self, of: &ResourceType) -> Option<String> {
        let kind = TypeKind::Resource(of.clone());
        let Some(interface) = of.label().interface.clone() else {
            let is_it = |it: &WorldItem| matches!(it, WorldItem::Type(def) if def.kind == kind);
            let world = self.world;
            let is_its = world.exports.iter().any(is_it) && !world.imports.iter().any(is_it);
            return is_its.then(|| self.name_of(of.label())).flatten();
        };
        let is_exported = self.world.exported().any(|it| it.name == interface);
        let has = |it: &Interface| it.types.iter().any(|def| def.kind == kind);
        let is_hosts = self.world.imported().any(has);
        (is_exported && !is_hosts)
            .then(|| self.name_of(of.label()))
            .flatten()
    }

    /// What a type is called here.
    fn name_of(&mut self, label: &Label) -> Option<String> {
        let name = label.name.clone()?;
        let key = (label.interface.clone(), name.clone());
        if let Some(known) = self.known.get(&key) {
            return Some(known.clone());
        }
        let of = label.interface.as_deref().map_or("world", own);
        let plain = format!("_{}_{}", of.replace('-', "_").to_lowercase(), camel(&name));
        let mut spelt = plain.clone();
        let mut more = 2;
        while self.known.values().any(|it| *it == spelt) {
            spelt = format!("{plain}_{more}");
            more += 1;
        }
        self.known.insert(key, spelt.clone());
        Some(spelt)
    }

    /// The class of a type with a name, written when it is first met.
    fn class(&mut self, ty: &WitType) -> Option<String> {
        let label = label(ty)?;
        let key = (label.interface.clone(), label.name.clone()?);
        if let Some(known) = self.known.get(&key) {
            return Some(known.clone());
        }
        let name = self.name_of(label)?;
        let told = docs("    ", label.docs.as_deref());
        let text = match ty {
            WitType::Record(it) => self.record(&name, &told, &it.fields),
            WitType::Variant(it) => self.variant(&name, &told, it),
            WitType::Enum(it) => self.members(&name, &told, "Enum", &it.names),
            WitType::Flags(it) => self.members(&name, &told, "Flag", &it.names),
            _ => return None,
        };
        self.types.push_str(&text);
        Some(name)
    }

    fn record(&mut self, name: &str, told: &str, fields: &[Field]) -> String {
        let mut optional = fields.len();
        while optional > 0 && matches!(fields[optional - 1].ty, WitType::Option(_)) {
            optional -= 1;
        }
        let mut text = format!("\n@_dataclass(frozen=True)\nclass {name}:\n{told}");
        for (i, field) in fields.iter().enumerate() {
            let default = if i < optional { "" } else { " = None" };
            let ty = self.text(&field.ty, Side::Got);
            let spelt = snake(&field.name);
            let _ = writeln!(text, "    {spelt}: {ty}{default}");
            self.names.insert(spelt);
            text.push_str(&docs("    ", field.docs.as_deref()));
        }
        let _ = write!(
            text,
            "\n{name}_given: _TypeAlias = {name} | _Mapping[{}, _Any]\n",
            self.builtin("str")
        );
        text
    }

    fn variant(&mut self, name: &str, told: &str, it: &landbridge::Variant) -> String {
        let mut text = format!("\nclass {name}:\n{told}");
        let (mut classes, mut plain) = (Vec::new(), Vec::new());
        for case in &it.cases {
            let spelt = camel(&case.name);
            let _ = writeln!(text, "    @_dataclass(frozen=True)\n    class {spelt}:");
            let told = docs("        ", case.docs.as_deref());
            text.push_str(&told);
            match &case.ty {
                Some(ty) => {
                    let ty = self.text(ty, Side::Got);
                    let _ = writeln!(text, "        value: {ty}");
                }
                None => {
                    plain.push(format!("\"{}\"", case.name));
                    if told.is_empty() {
                        text.push_str("        ...\n");
                    }
                }
            }
            classes.push(format!("{name}.{spelt}"));
        }
        let classes = classes.join(" | ");
        let literals = match plain.is_empty() {
            true => String::new(),
            false => format!(" | _Literal[{}]", plain.join(", ")),
        };
        let _ = write!(text, "\n{name}_got: _TypeAlias = {classes}\n");
        let _ = writeln!(
            text,
            "{name}_given: _TypeAlias = {classes} | _Mapping[{}, _Any]{literals}",
            self.builtin("str")
        );
        text
    }

    fn text(&mut self, ty: &WitType, side: Side) -> String {
        let is_given = side == Side::Given;
        match ty {
            WitType::Bool => self.builtin("bool"),
            WitType::F32 | WitType::F64 => self.builtin("float"),
            WitType::Char | WitType::String => self.builtin("str"),
            WitType::List(of) => match number(of) {
                Some(number) if is_given => {
                    format!("_Buffer | _Sequence[{}]", self.builtin(number))
                }
                Some(_) if **of == WitType::U8 => self.builtin("bytes"),
                Some(number) => format!("_array.array[{}]", self.builtin(number)),
                None if is_given => format!("_Sequence[{}]", self.text(of, side)),
                None => format!("{}[{}]", self.builtin("list"), self.text(of, side)),
            },
            WitType::Tuple(of) if of.is_empty() => format!("{}[()]", self.builtin("tuple")),
            WitType::Tuple(of) => {
                let parts: Vec<_> = of.iter().map(|ty| self.text(ty, side)).collect();
                format!("{}[{}]", self.builtin("tuple"), parts.join(", "))
            }
            WitType::Option(of) => match **of {
                WitType::Option(_) => format!("_lb.Some[{}] | None", self.text(of, side)),
                _ => format!("{} | None", self.text(of, side)),
            },
            WitType::Result(of) => {
                let sides = [&of.ok, &of.err].map(|it| match it {
                    Some(ty) => self.text(ty, side),
                    None => "None".to_owned(),
                });
                format!("_lb.Ok[{}] | _lb.Err[{}]", sides[0], sides[1])
            }
            WitType::Own(of) | WitType::Borrow(of) => {
                self.resource_name(of).unwrap_or_else(|| "_Any".to_owned())
            }
            WitType::Record(_) | WitType::Variant(_) | WitType::Enum(_) | WitType::Flags(_) => {
                let is_variant = matches!(ty, WitType::Variant(_));
                match self.class(ty) {
                    None => "_Any".to_owned(),
                    Some(name) if is_given => format!("{name}_given"),
                    Some(name) if is_variant => format!("{name}_got"),
                    Some(name) => name,
                }
            }
            _ => self.builtin("int"),
        }
    }
    /// An enum or flags.
    fn members(&self, name: &str, told: &str, base: &str, names: &[Arc<str>]) -> String {
        let mut text = format!("\nclass {name}(_enum.{base}):\n{told}");
        for (bit, it) in names.iter().enumerate() {
            let _ = match base {
                "Enum" => writeln!(text, "    {} = \"{it}\"", upper(it)),
                _ => writeln!(text, "    {} = {}", upper(it), 1u64 << bit.min(63)),
            };
        }
        let names: Vec<_> = names.iter().map(|it| format!("\"{it}\"")).collect();
        let more = match base {
            "Enum" => format!("_Literal[{}]", names.join(", ")),
            _ => format!("_Collection[{}]", self.builtin("str")),
        };
        let _ = write!(text, "\n{name}_given: _TypeAlias = {name} | {more}\n");
        text
    }
}

/// Of a list that crosses as a whole, what its elements are.
fn number(ty: &WitType) -> Option<&'static str> {
    match ty {
        WitType::F32 | WitType::F64 => Some("float"),
        ty => is_number(ty).then_some("int"),
    }
}
