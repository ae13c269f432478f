//! C++: structs with their descriptions, classes of resources, and a class that has a component's functions.

mod funcs;
mod names;
mod refs;

use std::fmt::Write;
use std::sync::Arc;

use landbridge::{Case, Error, Field, WitType, World, text};

use names::{Names, Path};

use super::names::{Keywords, snake, upper_camel};
use crate::wit::label;

/// Writes a world: a header.
pub(super) fn write(world: &World, name: &str) -> Result<String, Error> {
    let mut cpp = Cpp {
        text: String::new(),
        names: Names::of(world, name),
    };
    cpp.head(world);
    cpp.declarations();
    cpp.resources(world);
    for ty in cpp.names.types.clone() {
        cpp.definition(&ty);
    }
    cpp.funcs(world);
    Ok(cpp.text)
}

/// A header that is being written.
struct Cpp {
    text: String,
    names: Names,
}

impl Cpp {
    fn line(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.text, "{}", line.as_ref());
    }

    /// What is written about something. A backslash at the end would join the next line.
    fn docs(&mut self, docs: Option<&str>, indent: &str) {
        for line in docs.map(str::trim).unwrap_or_default().lines() {
            let line = text::name(line.trim_end());
            let end = if line.ends_with('\\') { "." } else { "" };
            self.line(format!("{indent}// {line}{end}").trim_end());
        }
    }

    fn head(&mut self, world: &World) {
        self.line("// Written by `landbridge types --cpp`.");
        if world.docs.is_some() {
            self.line("//");
            self.docs(world.docs.as_deref(), "");
        }
        self.line("\n#pragma once\n");
        for header in [
            "cstdint",
            "memory",
            "optional",
            "span",
            "string",
            "string_view",
            "tuple",
            "utility",
            "variant",
            "vector",
        ] {
            self.line(format!("#include <{header}>"));
        }
        self.line("\n#include <landbridge.hpp>\n");
    }

    /// Opens the namespace of a path.
    fn open(&mut self, space: Option<&str>) {
        let outer = self.names.outer.clone();
        match space {
            Some(space) => self.line(format!("namespace {outer}::{space} {{\n")),
            None => self.line(format!("namespace {outer} {{\n")),
        }
    }

    fn close(&mut self) {
        self.line("\n}\n");
    }

    /// Methods of resources name types that come behind them.
    fn declarations(&mut self) {
        let names = &self.names;
        let resources = [names.imported.clone(), names.exported.clone()].concat();
        let resources = resources.into_iter().map(WitType::Own);
        let all: Vec<_> = resources.chain(names.types.clone()).collect();
        for ty in all {
            let Path { space, name } = self.path(&ty);
            self.open(space.as_deref());
            match ty {
                WitType::Own(_) => self.line(format!("class {name};")),
                WitType::Enum(_) => self.line(format!("enum class {name};")),
                WitType::Flags(_) => {
                    self.line(format!("enum class {name}Flag;"));
                    self.line(format!("using {name} = ::landbridge::Flags<{name}Flag>;"));
                }
                _ => self.line(format!("struct {name};")),
            }
            self.close();
        }
    }

    fn path(&self, ty: &WitType) -> Path {
        let none = || Path {
            space: None,
            name: "Resource".to_owned(),
        };
        self.names.path(ty).cloned().unwrap_or_else(none)
    }

    fn definition(&mut self, ty: &WitType) {
        let Path { space, name } = self.path(ty);
        let Some(label) = label(ty) else { return };
        self.open(space.as_deref());
        self.docs(label.docs.as_deref(), "");
        match ty {
            WitType::Record(of) => self.record(&name, &of.fields),
            WitType::Variant(of) => self.variant(&name, &of.cases),
            WitType::Enum(of) => self.enumeration(&name, &of.names),
            WitType::Flags(of) => self.enumeration(&format!("{name}Flag"), &of.names),
            _ => {}
        }
        self.close();
        self.description(ty, label.name.as_deref());
    }

    fn record(&mut self, name: &str, fields: &[Field]) {
        self.line(format!("struct {name} {{"));
        for field in fields {
            self.docs(field.docs.as_deref(), "  ");
            let spelled = snake(&field.name, Keywords::Cpp);
            self.line(format!("  {} {spelled}{{}};", self.names.value(&field.ty)));
        }
        self.line(format!(
            "\n  bool operator==(const {name} &) const = default;"
        ));
        self.line("};");
    }

    fn variant(&mut self, name: &str, cases: &[Case]) {
        self.line(format!("struct {name} {{"));
        for case in cases {
            let spelled = case_name(&case.name, name);
            self.docs(case.docs.as_deref(), "  ");
            self.line(format!("  struct {spelled} {{"));
            if let Some(ty) = &case.ty {
                // Without `{}`, which a variant of its own class could not be made with yet.
                self.line(format!("    {} value;", self.names.value(ty)));
            }
            self.line(format!(
                "    bool operator==(const {spelled} &) const = default;"
            ));
            self.line("  };");
        }
        let all: Vec<_> = cases.iter().map(|it| case_name(&it.name, name)).collect();
        self.line(format!("\n  std::variant<{}> it{{}};", all.join(", ")));
        self.line(format!("\n  {name}() = default;"));
        for case in &all {
            self.line(format!("  {name}({case} of) : it(std::move(of)) {{}}"));
        }
        self.line(format!(
            "  bool operator==(const {name} &) const = default;"
        ));
        self.line("};");
    }

    fn enumeration(&mut self, name: &str, names: &[Arc<str>]) {
        self.line(format!("enum class {name} {{"));
        for one in names {
            self.line(format!("  {},", snake(one, Keywords::Cpp)));
        }
        self.line("};");
    }

    /// What the type is in WIT.
    fn description(&mut self, ty: &WitType, name: Option<&str>) {
        let path = self.names.absolute(ty);
        match ty {
            WitType::Record(of) => {
                let field = |it: &Field| {
                    let member = snake(&it.name, Keywords::Cpp);
                    format!("{:?}, &{path}::{member}", it.name)
                };
                let fields: Vec<_> = of.fields.iter().map(field).collect();
                self.specialize(
                    &path,
                    &format!("fields = ::landbridge::fields({})", fields.join(", ")),
                    name,
                );
            }
            WitType::Variant(of) => {
                let own = self.path(ty).name;
                for case in of.cases.iter().filter(|it| it.ty.is_some()) {
                    let path = format!("{path}::{}", case_name(&case.name, &own));
                    self.specialize(&path, &format!("holds = &{path}::value"), None);
                }
                let names = quoted(of.cases.iter().map(|it| &it.name));
                let of = format!(
                    "cases = ::landbridge::names({names});\n  static constexpr auto of = &{path}::it"
                );
                self.specialize(&path, &of, name);
            }
            WitType::Enum(of) => {
                let names = quoted(of.names.iter());
                self.specialize(
                    &path,
                    &format!("names = ::landbridge::names({names})"),
                    name,
                );
            }
            WitType::Flags(of) => {
                let names = quoted(of.names.iter());
                self.specialize(
                    &format!("{path}Flag"),
                    &format!("names = ::landbridge::names({names})"),
                    None,
                );
            }
            _ => {}
        }
    }

    fn specialize(&mut self, path: &str, member: &str, name: Option<&str>) {
        self.line(format!("template <>\nstruct landbridge::Wit<{path}> {{"));
        self.line(format!("  static constexpr auto {member};"));
        if let Some(name) = name {
            self.line(format!(
                "  static constexpr std::string_view name = {name:?};"
            ));
        }
        self.line("};\n");
    }
}

/// A case as a struct within that of its variant, whose name it cannot have.
fn case_name(case: &str, variant: &str) -> String {
    let name = upper_camel(case, Keywords::Cpp);
    match name == variant {
        true => name + "_",
        false => name,
    }
}

fn quoted<'n>(names: impl Iterator<Item = &'n Arc<str>>) -> String {
    let names: Vec<_> = names.map(|it| format!("{it:?}")).collect();
    names.join(", ")
}
