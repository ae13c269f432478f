//! TypeScript: declarations, for `import { hello } from './greet.wasm'` beside a `greet.d.wasm.ts`.

pub(super) mod core;
mod places;
mod values;

use std::fmt::Write;

use landbridge::{
    Error, FuncDef, FuncRole, Interface, TypeDef, TypeKind, WitType, World, WorldItem,
};

use super::names::{Keywords, camel as spelled, upper_camel};
use crate::wit::label;
use places::Places;
use values::{Side, declared, text};

/// What these files take from the package.
const OURS: [&str; 4] = ["WitFunc", "WitMethod", "WitResource", "WitType"];

/// Writes a world: what it exports as the module has it, and what it imports as types of `Imports`.
pub(super) fn write(world: &World, name: &str) -> Result<String, Error> {
    let places = Places::of(world);
    let told = format!("The component {name}.");
    let mut to = docs("", Some(world.docs.as_deref().unwrap_or(&told)), None);
    let used = OURS.map(|it| places.import(it)).join(", ");
    let _ = writeln!(to, "import {{ {used} }} from 'landbridge'");
    let top = Scope {
        places: &places,
        indent: "",
        interface: None,
    };
    for item in &world.exports {
        match item {
            WorldItem::Func(it) => top.constant(&mut to, it),
            WorldItem::Type(it) => top.ty(&mut to, it, &[]),
            WorldItem::Interface(it) => namespace(&mut to, &places, it),
            _ => {}
        }
    }
    imports(&mut to, &places, world);
    to.push_str("\nexport {}\n");
    Ok(to)
}

fn camel(name: &str) -> String {
    spelled(name, Keywords::TypeScript)
}

/// Of a type: no keyword has a capital.
fn upper(name: &str) -> String {
    upper_camel(name, Keywords::TypeScript)
}

/// Of a member, which may be called anything.
fn member(name: &str) -> String {
    let name = spelled(name, Keywords::TypeScript);
    name.trim_end_matches('_').to_owned()
}

/// A documentation text, with what a function throws.
fn docs(indent: &str, docs: Option<&str>, throws: Option<String>) -> String {
    let parts: Vec<String> = docs.map(str::to_owned).into_iter().chain(throws).collect();
    if parts.is_empty() {
        return String::new();
    }
    let told = parts.join("\n\n").trim().replace("*/", "*\\/");
    match told.contains('\n') {
        false => format!("{indent}/** {told} */\n"),
        true => {
            let lines = told
                .lines()
                .map(|it| format!("{indent} * {it}").trim_end().to_owned());
            let lines: Vec<String> = lines.collect();
            format!("{indent}/**\n{}\n{indent} */\n", lines.join("\n"))
        }
    }
}

/// An exported interface.
fn namespace(to: &mut String, places: &Places, it: &Interface) {
    let Some(name) = places.namespace(&it.name) else {
        return;
    };
    let told = format!("The interface {}.", it.name);
    let told = it.docs.as_deref().unwrap_or(&told);
    let public = places.public(&it.name);
    let export = match name == public {
        true => "export ",
        false => "declare ",
    };
    let told = docs("", Some(told), None);
    let _ = write!(to, "\n{told}{export}namespace {name} {{");
    let scope = Scope {
        places,
        indent: "  ",
        interface: Some(it),
    };
    for def in &it.types {
        scope.ty(to, def, &it.funcs);
    }
    for func in it.funcs.iter().filter(|it| it.role == FuncRole::Free) {
        scope.constant(to, func);
    }
    to.push_str("}\n");
    if name != public {
        let _ = writeln!(to, "export {{ {name} as {public} }}");
    }
}

/// Where something is declared.
struct Scope<'a> {
    places: &'a Places,
    indent: &'a str,
    interface: Option<&'a Interface>,
}

impl Scope<'_> {
    /// A function, which is a value.
    fn constant(&self, to: &mut String, it: &FuncDef) {
        let indent = self.indent;
        let (name, public) = (camel(it.own_name()), member(it.own_name()));
        let (params, result) = (self.params(it, 0, Side::Given), self.result(it, Side::Got));
        let _ = write!(
            to,
            "\n{}",
            docs(indent, it.docs.as_deref(), self.throws(it))
        );
        let export = match (self.interface, name == public) {
            (_, true) => "export ",
            (None, false) => "declare ",
            _ => "",
        };
        let _ = writeln!(
            to,
            "{indent}{export}const {name}: {}<({params}) => {result}>",
            self.places.known("WitFunc")
        );
        if name != public {
            let _ = writeln!(to, "{indent}export {{ {name} as {public} }}");
        }
    }

    /// A type with a name: where it is defined, or another name of it.
    fn ty(&self, to: &mut String, def: &TypeDef, funcs: &[FuncDef]) {
        let (indent, name) = (self.indent, upper(&def.name));
        match &def.kind {
            TypeKind::Resource(of) => {
                let path = self.places.resource(of);
                if self.is_here(path, &name) {
                    return self.class(to, def, funcs);
                }
                let path = path.unwrap_or("object");
                let _ = writeln!(to, "\n{indent}export type {name} = {path}");
            }
            TypeKind::Value(ty) => {
                let told = docs(indent, def.docs.as_deref(), None);
                let here = label(ty).and_then(|it| self.places.value(it));
                let _ = match here {
                    Some(path) if !self.is_here(Some(path), &name) => {
                        writeln!(to, "\n{indent}export type {name} = {path}")
                    }
                    _ => write!(
                        to,
                        "\n{told}{}",
                        declared(self.places, indent, "export ", &name, ty)
                    ),
                };
                let known = self.places.known("WitType");
                let _ = writeln!(to, "{indent}export const {name}: {known}");
            }
        }
    }

    fn is_here(&self, path: Option<&str>, name: &str) -> bool {
        let own = self
            .interface
            .and_then(|it| self.places.namespace(&it.name));
        let here = own.map_or_else(|| name.to_owned(), |own| format!("{own}.{name}"));
        path == Some(here.as_str())
    }

    /// The class of a resource.
    fn class(&self, to: &mut String, def: &TypeDef, funcs: &[FuncDef]) {
        let (indent, name) = (self.indent, upper(&def.name));
        let _ = write!(to, "\n{}", docs(indent, def.docs.as_deref(), None));
        let base = self.places.known("WitResource");
        let _ = writeln!(to, "{indent}export class {name} extends {base} {{");
        let own: Vec<_> = funcs
            .iter()
            .filter(|it| it.resource() == Some(&*def.name))
            .collect();
        let inner = format!("{indent}  ");
        if !own
            .iter()
            .any(|it| matches!(it.role, FuncRole::Constructor(_)))
        {
            let _ = writeln!(to, "{inner}private constructor()");
        }
        let has_async = own.iter().any(|it| it.own_name() == "async");
        for func in own {
            to.push_str(&self.class_member(&inner, &name, func));
            if matches!(func.role, FuncRole::Constructor(_)) && !has_async {
                let params = self.params(func, 0, Side::Given);
                let _ = writeln!(
                    to,
                    "{inner}static readonly async: {}<({params}) => {name}>['async']",
                    self.places.known("WitFunc")
                );
            }
        }
        let _ = writeln!(to, "{indent}}}");
    }

    /// A function of the class of a resource, as a line of it.
    fn class_member(&self, inner: &str, class: &str, func: &FuncDef) -> String {
        let told = docs(inner, func.docs.as_deref(), self.throws(func));
        let own = match (member(func.own_name()), &func.role) {
            // The prototype of a class stays that, and what has a `then` would be taken for a promise.
            (own, FuncRole::Static(_)) if own == "prototype" => own + "_",
            (own, FuncRole::Method(_)) if own == "then" => own + "_",
            // The bare word begins the constructor.
            (own, FuncRole::Method(_)) if own == "constructor" => format!("['{own}']"),
            (own, _) => own,
        };
        let first = usize::from(matches!(func.role, FuncRole::Method(_)));
        let (params, result) = (
            self.params(func, first, Side::Given),
            self.result(func, Side::Got),
        );
        match func.role {
            FuncRole::Constructor(_) => format!("{told}{inner}constructor({params})\n"),
            FuncRole::Static(_) => {
                let known = self.places.known("WitFunc");
                format!("{told}{inner}static readonly {own}: {known}<({params}) => {result}>\n")
            }
            _ => {
                let known = self.places.known("WitMethod");
                format!("{told}{inner}readonly {own}: {known}<{class}, ({params}) => {result}>\n")
            }
        }
    }

    /// Parameters from one on; options at the end may be left out.
    fn params(&self, it: &FuncDef, first: usize, side: Side) -> String {
        let all = &it.ty.params[first..];
        let needed = all
            .iter()
            .rposition(|it| !matches!(it.ty, WitType::Option(_)));
        let needed = needed.map_or(0, |it| it + 1);
        let told = all.iter().enumerate().map(|(i, param)| {
            let mark = if i < needed || side == Side::Got {
                ""
            } else {
                "?"
            };
            format!(
                "{}{mark}: {}",
                camel(&param.name),
                text(self.places, &param.ty, side)
            )
        });
        told.collect::<Vec<_>>().join(", ")
    }

    /// What a function gives: the `err` of a result is thrown.
    fn result(&self, it: &FuncDef, side: Side) -> String {
        match &it.ty.result {
            None => "void".to_owned(),
            Some(WitType::Result(of)) => match &of.ok {
                Some(ty) => text(self.places, ty, side),
                None => "void".to_owned(),
            },
            Some(ty) => text(self.places, ty, side),
        }
    }

    fn throws(&self, it: &FuncDef) -> Option<String> {
        let Some(WitType::Result(of)) = &it.ty.result else {
            return None;
        };
        let payload = of.err.as_ref().map(|ty| text(self.places, ty, Side::Got));
        Some(match payload {
            Some(payload) => format!("@throws {{WitError}} whose payload is `{payload}`."),
            None => "@throws {WitError}".to_owned(),
        })
    }
}

/// What is asked of a host, as types: an object of `Imports.Office` is good for the interface `office`.
fn imports(to: &mut String, places: &Places, world: &World) {
    if world.imports.is_empty() {
        return;
    }
    to.push_str(
        "\n/** What the component asks its host for: types alone. */\nexport namespace Imports {\n",
    );
    let _ = writeln!(to, "  type Later<T> = T | {}<T>", places.known("Promise"));
    let top = Scope {
        places,
        indent: "  ",
        interface: None,
    };
    let mut own = String::new();
    for item in &world.imports {
        match item {
            WorldItem::Func(it) => top.method(&mut own, it),
            WorldItem::Interface(it) => lent(to, places, it),
            _ => {}
        }
    }
    if !own.is_empty() {
        let _ = write!(
            to,
            "\n  /** Functions of the world itself. */\n  interface World {{\n{own}  }}\n"
        );
    }
    to.push_str("}\n");
}

/// An interface that a host lends.
fn lent(to: &mut String, places: &Places, it: &Interface) {
    let Some(name) = places.imported(&it.name) else {
        return;
    };
    let mut types = String::new();
    for def in &it.types {
        let own = upper(&def.name);
        match &def.kind {
            TypeKind::Value(ty) => {
                let path = label(ty).and_then(|it| places.value(it));
                let here = format!("Imports.{name}.{own}");
                let _ = match path {
                    Some(path) if path != here => writeln!(types, "    type {own} = {path}"),
                    _ => write!(types, "{}", declared(places, "    ", "", &own, ty)),
                };
            }
            TypeKind::Resource(_) => {
                let scope = Scope {
                    places,
                    indent: "    ",
                    interface: Some(it),
                };
                let _ = writeln!(types, "    interface {own} {{");
                let is_its = |it: &&FuncDef| {
                    matches!(it.role, FuncRole::Method(_)) && it.resource() == Some(&*def.name)
                };
                it.funcs
                    .iter()
                    .filter(is_its)
                    .for_each(|it| scope.method(&mut types, it));
                types.push_str("    }\n");
            }
        }
    }
    if !types.is_empty() {
        let _ = write!(to, "\n  namespace {name} {{\n{types}  }}\n");
    }
    object(to, places, it);
}

/// What lends an interface: its functions, and classes with constructors and statics.
fn object(to: &mut String, places: &Places, it: &Interface) {
    if it.funcs.is_empty() {
        return;
    }
    let scope = Scope {
        places,
        indent: "  ",
        interface: Some(it),
    };
    let told = docs("  ", it.docs.as_deref(), None);
    let name = places.object(&it.name);
    let _ = writeln!(to, "\n{told}  interface {name} {{");
    for func in it.funcs.iter().filter(|it| it.role == FuncRole::Free) {
        scope.method(to, func);
    }
    for def in &it.types {
        let is_its = |func: &&FuncDef| {
            !matches!(func.role, FuncRole::Method(_)) && func.resource() == Some(&*def.name)
        };
        let funcs: Vec<_> = it.funcs.iter().filter(is_its).collect();
        if funcs.is_empty() {
            continue;
        }
        let _ = writeln!(to, "    {}: {{", upper(&def.name));
        for func in funcs {
            let params = scope.params(func, 0, Side::Got);
            let result = scope.result(func, Side::Given);
            let _ = match func.role {
                FuncRole::Constructor(_) => writeln!(to, "      new ({params}): {result}"),
                _ => writeln!(
                    to,
                    "      {}({params}): Later<{result}>",
                    member(func.own_name())
                ),
            };
        }
        to.push_str("    }\n");
    }
    to.push_str("  }\n");
}

impl Scope<'_> {
    /// A function of an object of the host.
    fn method(&self, to: &mut String, it: &FuncDef) {
        let indent = format!("{}  ", self.indent);
        let first = usize::from(matches!(it.role, FuncRole::Method(_)));
        let told = docs(&indent, it.docs.as_deref(), self.throws(it));
        let (params, result) = (
            self.params(it, first, Side::Got),
            self.result(it, Side::Given),
        );
        let own = member(it.own_name());
        let _ = writeln!(to, "{told}{indent}{own}({params}): Later<{result}>");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use landbridge::Inspection;

    /// The declarations that the tests of Node.js compile: `UPDATE_TYPES=1 cargo test --release -p landbridge-cli typescript`
    /// writes them.
    #[test]
    fn what_node_compiles_is_current() {
        let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for (component, name) in [
            ("examples/components/shop-rust.wasm", "shop"),
            ("conformance/modules/spelled.wat", "spelled"),
            ("conformance/modules/values.wat", "values"),
            ("bindings-node/test/types/clash.wat", "clash"),
        ] {
            let file = tree.join(format!("bindings-node/test/types/{name}.d.wasm.ts"));
            let found = Inspection::of_file(tree.join(component)).unwrap();
            let written = super::write(found.world.as_ref().unwrap(), name).unwrap();
            if std::env::var_os("UPDATE_TYPES").is_some() {
                std::fs::write(&file, &written).unwrap();
            }
            let told = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(told == written, "{} is not current", file.display());
        }
    }

    #[test]
    fn what_node_compiles_of_a_core_module_is_current() {
        let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings-node/test/types");
        let found = Inspection::of_file(tree.join("plain.wat")).unwrap();
        let (file, written) = (
            tree.join("plain.d.wasm.ts"),
            super::core::write(&found, "plain"),
        );
        if std::env::var_os("UPDATE_TYPES").is_some() {
            std::fs::write(&file, &written).unwrap();
        }
        let told = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(told == written, "{} is not current", file.display());
    }

    #[test]
    fn a_text_does_not_end_its_comment() {
        assert_eq!(super::docs("", Some("a */ b"), None), "/** a *\\/ b */\n");
        assert_eq!(
            super::docs("  ", Some("a\nb"), None),
            "  /**\n   * a\n   * b\n   */\n"
        );
    }
}
