//! Java: interfaces and records, in one file.

pub(super) mod core;
mod names;
mod refs;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use landbridge::{
    Case, Error, ErrorKind, Field, FuncDef, FuncRole, Interface, TypeDef, WitFuncType, WitType,
    World, WorldItem, text,
};

use names::{Names, constant, param, type_name};

use super::names::{Keywords, camel, is_keyword, upper_camel};

/// Writes a world: an interface with its functions, in which are those of its interfaces.
pub(super) fn write(world: &World, name: &str, package: Option<&str>) -> Result<String, Error> {
    let names = Names::of(world, name);
    let mut java = Java {
        text: String::new(),
        depth: 0,
        methods: BTreeSet::new(),
        tuples: names.tuples(world),
        names,
    };
    java.world(world, package);
    Ok(java.text)
}

/// The name of a package, as an option gives it.
pub(super) fn package(name: &str) -> Result<String, String> {
    let is_start = |c: char| c.is_alphabetic() || c == '_';
    let is_name = |part: &str| {
        part.starts_with(is_start)
            && part.chars().all(|c| is_start(c) || c.is_numeric())
            && !is_keyword(part, Keywords::Java)
    };
    match name.split('.').all(is_name) {
        true => Ok(name.to_owned()),
        false => {
            Err("a package is called like com.example, without words of Java's own".to_owned())
        }
    }
}

/// A public interface must be in a file of its name.
pub(super) fn check_file(file: &Path, stem: &str) -> Result<(), Error> {
    let wanted = format!("{}.java", names::outer(stem));
    if file.file_name().is_some_and(|it| *it == *wanted) {
        return Ok(());
    }
    let file = text::name(&file.display().to_string()).to_string();
    let what = format!("{file}: Java wants the interface in a file of its name; write -o {wanted}");
    Err(Error::new(ErrorKind::Type, what))
}

/// A text that is being written.
struct Java<'w> {
    text: String,
    depth: usize,
    names: Names<'w>,
    /// Those of the interface that is open; all come before what is nested in it.
    methods: BTreeSet<String>,
    /// How many elements the tuples have that there are.
    tuples: Vec<usize>,
}

/// Which side of an interface: what Java calls, or what it is called for.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Export,
    Import,
}

impl Java<'_> {
    fn line(&mut self, line: &str) {
        if line.is_empty() && self.text.ends_with("{\n") {
            return;
        }
        let indent = if line.is_empty() { 0 } else { 4 * self.depth };
        let _ = writeln!(self.text, "{:indent$}{line}", "");
    }

    fn open(&mut self, line: &str) {
        self.line(line);
        self.depth += 1;
        self.methods.clear();
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }

    /// A method's name, with a number where another method has it already. Then it says what it means, as it does if
    /// Java spells it in another way.
    fn method(&mut self, java: String, wit: &str, is_other: bool) -> String {
        let mut free = java.clone();
        let mut next = 2;
        while !self.methods.insert(free.clone()) {
            free = format!("{java}{next}");
            next += 1;
        }
        if is_other || free != java {
            let named = self.names.lib("dev.landbridge.WitName");
            self.line(&format!("@{named}(\"{wit}\")"));
        }
        free
    }

    fn docs(&mut self, docs: Option<&str>) {
        let Some(docs) = docs.map(str::trim).filter(|it| !it.is_empty()) else {
            return;
        };
        let told = docs.replace('&', "&amp;").replace('<', "&lt;");
        let told = told
            .replace("*/", "*&#47;")
            .replace('@', "&#64;")
            .replace("\\u", "&#92;u");
        let lines: Vec<_> = told.lines().map(str::trim_end).collect();
        match &lines[..] {
            [one] => self.line(&format!("/** {one} */")),
            many => {
                self.line("/**");
                for line in many {
                    self.line(format!(" * {line}").trim_end());
                }
                self.line(" */");
            }
        }
    }

    fn world(&mut self, world: &World, package: Option<&str>) {
        self.line("// Written by `landbridge types --java`.");
        if let Some(package) = package {
            self.line(&format!("package {package};"));
            self.line("");
        }
        for import in [
            "java.util.List",
            "java.util.Map",
            "java.util.Optional",
            "java.util.Set",
        ] {
            self.import(import);
        }
        for import in ["WitError", "WitName", "WitResult", "WitVariant"] {
            self.import(&format!("dev.landbridge.{import}"));
        }
        self.line("");
        self.docs(world.docs.as_deref());
        let outer = self.names.outer.clone();
        self.open(&format!("public interface {outer} {{"));
        for func in funcs(&world.exports).filter(|it| !is_method(it)) {
            self.func(func, Side::Export);
        }
        for interface in world.exported() {
            self.accessor(interface);
        }
        self.resources_of(&world.exports, Side::Export);
        self.resources_of(&world.imports, Side::Import);
        self.types(None);
        for interface in world.exported() {
            self.interface(interface, Side::Export);
        }
        for interface in world.imported() {
            self.interface(interface, Side::Import);
        }
        for name in self.names.others() {
            self.open_interface(&name, None);
            self.types(Some(&name));
            self.close();
        }
        self.imports_of_world(world);
        for count in self.tuples.clone() {
            self.tuple(count);
        }
        self.close();
    }

    /// Those that a type of the world hides are written in full.
    fn import(&mut self, path: &str) {
        let own = path.rsplit('.').next().unwrap_or(path);
        if !self.names.is_taken(own) {
            self.line(&format!("import {path};"));
        }
    }

    /// What the world asks for by itself.
    fn imports_of_world(&mut self, world: &World) {
        let asked: Vec<_> = funcs(&world.imports).collect();
        if asked.is_empty() {
            return;
        }
        self.line("");
        self.docs(Some(
            "What the host implements of the world itself: implement(\"\", ...).",
        ));
        let name = self.names.host();
        self.open(&format!("interface {name} {{"));
        for func in asked.into_iter().filter(|it| !is_method(it)) {
            self.func(func, Side::Import);
        }
        self.close();
    }

    /// The method that gives an interface.
    fn accessor(&mut self, interface: &Interface) {
        let ty = self.names.interface(&interface.name);
        let mut own = camel(&interface.name, Keywords::Java);
        self.line("");
        self.docs(interface.docs.as_deref());
        let is_other = ty != upper_camel(&interface.name, Keywords::Java);
        if is_other {
            own = ty[..1].to_lowercase() + &ty[1..];
        }
        let own = self.method(names::method(&own), &interface.name, is_other);
        self.line(&format!("{ty} {own}();"));
    }

    fn open_interface(&mut self, name: &str, docs: Option<&str>) {
        self.line("");
        let told = docs.map_or_else(|| format!("{name}."), |docs| format!("{name}: {docs}"));
        self.docs(Some(&told));
        let java = self.names.interface(name);
        self.open(&format!("interface {java} {{"));
    }

    fn interface(&mut self, interface: &Interface, side: Side) {
        if side == Side::Import && self.names.is_exported(&interface.name) {
            return;
        }
        self.open_interface(&interface.name, interface.docs.as_deref());
        for func in &interface.funcs {
            if !is_method(func) {
                self.func(func, side);
            }
        }
        let enclosing = self.names.enclosing(&interface.name);
        for resource in names::resources(&interface.types, Some(&interface.name)) {
            self.resource(&resource, &enclosing, interface.funcs.iter(), side);
        }
        self.types(Some(&interface.name));
        self.close();
    }

    /// The resources of the world itself.
    fn resources_of(&mut self, items: &[WorldItem], side: Side) {
        let types: Vec<_> = items.iter().filter_map(type_of).cloned().collect();
        let enclosing = self.names.enclosing("");
        for resource in names::resources(&types, None) {
            self.resource(&resource, &enclosing, funcs(items), side);
        }
    }

    fn resource<'a>(
        &mut self,
        resource: &TypeDef,
        enclosing: &[String],
        funcs: impl Iterator<Item = &'a FuncDef>,
        side: Side,
    ) {
        self.line("");
        self.docs(resource.docs.as_deref());
        let java = type_name(&resource.name, enclosing);
        let closes = match side {
            Side::Export => format!(" extends {}", self.names.lib("java.lang.AutoCloseable")),
            Side::Import => String::new(),
        };
        self.open(&format!("interface {java}{closes} {{"));
        for func in funcs {
            if matches!(&func.role, FuncRole::Method(of) if *of == resource.name) {
                self.func(func, side);
            }
        }
        if side == Side::Export {
            self.line("");
            let overrides = self.names.lib("java.lang.Override");
            self.line(&format!("@{overrides}"));
            self.line("void close();");
        }
        self.close();
    }

    fn func(&mut self, func: &FuncDef, side: Side) {
        self.line("");
        self.docs(func.docs.as_deref());
        let (name, skipped) = match &func.role {
            FuncRole::Method(_) => (camel(func.own_name(), Keywords::Java), 1),
            FuncRole::Static(of) => {
                let own = upper_camel(func.own_name(), Keywords::Java);
                (camel(of, Keywords::Java) + &own, 0)
            }
            _ => (camel(func.own_name(), Keywords::Java), 0),
        };
        let params: Vec<_> = func.ty.params[skipped..]
            .iter()
            .map(|it| format!("{} {}", self.given(&it.ty), param(&it.name)))
            .collect();
        let (result, throws) = self.result(&func.ty);
        let name = match side {
            Side::Export if skipped == 1 && name == "close" => "close_".to_owned(),
            _ => names::method(&name),
        };
        let name = self.method(name, &func.name, false);
        self.line(&format!("{result} {name}({}){throws};", params.join(", ")));
    }

    fn result(&self, ty: &WitFuncType) -> (String, String) {
        match &ty.result {
            None => ("void".to_owned(), String::new()),
            Some(WitType::Result(of)) => {
                let given = of
                    .ok
                    .as_ref()
                    .map_or("void".to_owned(), |ty| self.given(ty));
                let error = self.names.lib("dev.landbridge.WitError");
                (given, format!(" throws {error}"))
            }
            Some(ty) => (self.given(ty), String::new()),
        }
    }

    /// The types that an interface defines, or the world itself.
    fn types(&mut self, interface: Option<&str>) {
        for (name, ty) in self.names.defined(interface) {
            let enclosing = self.names.enclosing(interface.unwrap_or_default());
            let java = type_name(&name, &enclosing);
            self.line("");
            match &ty {
                WitType::Record(of) => {
                    self.docs(of.label.docs.as_deref());
                    self.record(&java, &of.fields);
                }
                WitType::Variant(of) => {
                    self.docs(of.label.docs.as_deref());
                    self.variant(&java, &of.cases, &enclosing);
                }
                WitType::Enum(of) => {
                    self.docs(of.label.docs.as_deref());
                    self.constants(&java, &of.names);
                }
                WitType::Flags(of) => {
                    self.docs(of.label.docs.as_deref());
                    self.constants(&java, &of.names);
                }
                _ => {}
            }
        }
    }

    fn record(&mut self, java: &str, fields: &[Field]) {
        let part = |it: &Field| format!("{} {}", self.given(&it.ty), names::component(&it.name));
        let parts: Vec<_> = fields.iter().map(part).collect();
        self.line(&format!("record {java}({}) {{}}", parts.join(", ")));
    }

    fn variant(&mut self, java: &str, cases: &[Case], enclosing: &[String]) {
        self.open(&format!("sealed interface {java} {{"));
        let mut enclosing = enclosing.to_vec();
        enclosing.push(java.to_owned());
        for case in cases {
            self.docs(case.docs.as_deref());
            let held = case
                .ty
                .as_ref()
                .map_or(String::new(), |ty| format!("{} value", self.given(ty)));
            let name = type_name(&case.name, &enclosing);
            self.line(&format!("record {name}({held}) implements {java} {{}}"));
        }
        self.close();
    }

    fn constants(&mut self, java: &str, names: &[std::sync::Arc<str>]) {
        self.open(&format!("enum {java} {{"));
        for name in names {
            self.line(&format!("{},", constant(name)));
        }
        self.close();
    }

    fn tuple(&mut self, count: usize) {
        let letters: Vec<_> = (0..count).map(|i| format!("T{i}")).collect();
        let parts: Vec<_> = (0..count).map(|i| format!("T{i} f{i}")).collect();
        self.line("");
        self.docs(Some(&format!("A tuple of {count}.")));
        let line = format!(
            "record {}<{}>({}) {{}}",
            self.names.tuple(count),
            letters.join(", "),
            parts.join(", ")
        );
        self.line(&line);
    }
}

fn is_method(func: &FuncDef) -> bool {
    matches!(func.role, FuncRole::Method(_))
}

fn type_of(item: &WorldItem) -> Option<&TypeDef> {
    match item {
        WorldItem::Type(ty) => Some(ty),
        _ => None,
    }
}

fn funcs(items: &[WorldItem]) -> impl Iterator<Item = &FuncDef> {
    items.iter().filter_map(|item| match item {
        WorldItem::Func(func) => Some(func),
        _ => None,
    })
}
