//! Functions in C++: classes of resources, of interfaces, and of the component.

use landbridge::{FuncDef, FuncRole, Interface, ResourceType, WitType, World, WorldItem};

use super::Cpp;
use super::names::Path;
use super::refs::Caller;
use crate::types::names::{Keywords, snake};

/// A function that the component exports.
struct Exported<'w> {
    interface: Option<&'w str>,
    func: &'w FuncDef,
    /// Its place among all of them.
    place: usize,
}

/// A function by the interface that it is of.
fn full_name(interface: Option<&str>, func: &FuncDef) -> String {
    match interface {
        Some(interface) => format!("{interface}#{}", func.name),
        None => func.name.to_string(),
    }
}

fn free(items: &[WorldItem]) -> impl Iterator<Item = &FuncDef> {
    items.iter().filter_map(|item| match item {
        WorldItem::Func(func) => Some(func),
        _ => None,
    })
}

/// All functions that the component exports.
fn exported(world: &World) -> Vec<Exported<'_>> {
    let of = |it| (None, it);
    let interfaces = world.exported();
    let interfaces = interfaces.flat_map(|it| it.funcs.iter().map(|func| (Some(&*it.name), func)));
    let all = free(&world.exports).map(of).chain(interfaces).enumerate();
    let one = |(place, (interface, func))| Exported {
        interface,
        func,
        place,
    };
    all.map(one).collect()
}

/// How a member of an interface's class is called: `basket_merge` for a function of a resource.
fn member(func: &FuncDef) -> String {
    let own = snake(func.own_name(), Keywords::Cpp);
    match &func.role {
        FuncRole::Static(of) | FuncRole::Method(of) => {
            format!(
                "{}_{}",
                snake(of, Keywords::Cpp),
                func.own_name().replace('-', "_")
            )
        }
        _ => own,
    }
}

/// The same, told apart from the functions beside it: `basket_total_` of a resource beside a function `basket-total`.
fn member_among<'f>(func: &FuncDef, beside: impl IntoIterator<Item = &'f FuncDef>) -> String {
    let own = member(func);
    let is_taken = |it: &FuncDef| !is_of_resource(it) && member(it) == own;
    match is_of_resource(func) && beside.into_iter().any(is_taken) {
        true => own + "_",
        false => own,
    }
}

fn is_of_resource(func: &FuncDef) -> bool {
    matches!(func.role, FuncRole::Static(_) | FuncRole::Method(_))
}

impl Cpp {
    /// All that is called: by the host, and by the component.
    pub(super) fn funcs(&mut self, world: &World) {
        for interface in world.imported() {
            self.imported(interface);
        }
        let of_world: Vec<_> = free(&world.imports).collect();
        if !of_world.is_empty() {
            self.imports(None, "", &of_world, &[]);
        }
        let all = exported(world);
        self.table(&all);
        self.methods(&all);
        for interface in world.exported().filter(|it| !it.funcs.is_empty()) {
            self.exports(Some(interface), world, &all);
        }
        self.exports(None, world, &all);
    }

    /// The functions that the component exports, resolved.
    fn table(&mut self, all: &[Exported<'_>]) {
        self.open(Some("wit_detail"));
        self.line("struct Funcs {\n  explicit Funcs([[maybe_unused]] const ::landbridge::Instance &instance)");
        for one in all {
            let signature = self.names.signature(&one.func.ty);
            let (at, name) = (one.place, full_name(one.interface, one.func));
            let before = if at == 0 { "      : " } else { "        " };
            let after = if at + 1 == all.len() { " {}" } else { "," };
            self.line(format!(
                "{before}f{at}(instance.wit_func<{signature}>({name:?})){after}"
            ));
        }
        if all.is_empty() {
            self.line("  {}");
        }
        self.line("");
        for one in all {
            let signature = self.names.signature(&one.func.ty);
            self.line(format!(
                "  ::landbridge::TypedWitFunc<{signature}> f{};",
                one.place
            ));
        }
        self.line("};\n\ninline std::shared_ptr<const Funcs> made(const ::landbridge::Instance &instance) {");
        self.line("  auto funcs = std::make_shared<const Funcs>(instance);");
        for one in all {
            self.line(format!("  funcs->f{}.func().owned_by(funcs);", one.place));
        }
        self.line("  return funcs;\n}");
        self.close();
    }

    /// The classes of the component's resources; their methods are defined when all types are there.
    pub(super) fn resources(&mut self, world: &World) {
        let all = exported(world);
        for of in self.names.exported.clone() {
            let Path { space, name } = self.path(&WitType::Own(of.clone()));
            self.open(space.as_deref());
            self.docs(of.label().docs.as_deref(), "");
            self.line(format!(
                "class {name} : public ::landbridge::Resource {{\n public:"
            ));
            self.line(format!("  {name}() = default;"));
            self.line(format!(
                "  explicit {name}(::landbridge::Resource of) : Resource(std::move(of)) {{}}"
            ));
            for one in all.iter().filter(|it| is_method(it, &of)) {
                let (params, _) = self.params(one.func, 1, Caller::Host);
                let given = self.names.given(&one.func.ty);
                let own = snake(one.func.own_name(), Keywords::Cpp);
                self.docs(one.func.docs.as_deref(), "  ");
                self.line(format!("  {given} {own}({params}) const;"));
            }
            self.line("};");
            self.close();
        }
    }

    /// What the methods of resources do.
    fn methods(&mut self, all: &[Exported<'_>]) {
        for of in self.names.exported.clone() {
            let Path { space, name } = self.path(&WitType::Own(of.clone()));
            self.open(space.as_deref());
            for one in all.iter().filter(|it| is_method(it, &of)) {
                let (params, args) = self.params(one.func, 1, Caller::Host);
                let given = self.names.given(&one.func.ty);
                let own = snake(one.func.own_name(), Keywords::Cpp);
                let args = [vec!["*this".to_owned()], args].concat().join(", ");
                let funcs = format!("::{}::wit_detail::Funcs", self.names.outer);
                self.line(format!("inline {given} {name}::{own}({params}) const {{"));
                self.line(format!(
                    "  return ::landbridge::detail::owner_of<{funcs}>(*this)->f{}({args});\n}}",
                    one.place
                ));
            }
            self.close();
        }
    }

    /// Parameters with their names, from one on, and how they are passed on.
    fn params(&self, func: &FuncDef, from: usize, caller: Caller) -> (String, Vec<String>) {
        let mut params = Vec::new();
        let mut args = Vec::new();
        for param in &func.ty.params[from..] {
            let name = snake(&param.name, Keywords::Cpp);
            let ty = self.names.param(&param.ty, caller);
            let space = if ty.ends_with('&') { "" } else { " " };
            params.push(format!("{ty}{space}{name}"));
            args.push(match &param.ty {
                WitType::Own(_) => format!("std::move({name})"),
                _ => name,
            });
        }
        (params.join(", "), args)
    }

    /// What an interface, or the component, offers.
    fn exports(&mut self, interface: Option<&Interface>, world: &World, all: &[Exported<'_>]) {
        let space = interface.map(|it| self.names.space(&it.name));
        let funcs = format!("::{}::wit_detail::Funcs", self.names.outer);
        self.open(space.as_deref());
        self.docs(
            interface.map_or(world.docs.as_deref(), |it| it.docs.as_deref()),
            "",
        );
        self.line("class Exports {\n public:");
        if interface.is_none() {
            self.line("  // Finds and checks all functions. Throws NotFound, TypeError.");
            self.line("  explicit Exports(const ::landbridge::Instance &instance)");
            self.line(format!(
                "      : Exports(::{}::wit_detail::made(instance)) {{}}\n",
                self.names.outer
            ));
        }
        let own = interface.map(|it| &*it.name);
        for one in all.iter().filter(|it| it.interface == own) {
            if !matches!(one.func.role, FuncRole::Method(_)) {
                let beside = all.iter().filter(|it| it.interface == own);
                self.export(one, member_among(one.func, beside.map(|it| it.func)));
            }
        }
        let members = self.members(interface, world);
        for (class, name) in &members {
            self.line(format!("\n  const {class} {name};"));
        }
        let inits: String = members
            .iter()
            .map(|(_, name)| format!("{name}(funcs), "))
            .collect();
        let access = if interface.is_none() {
            "\n private:\n"
        } else {
            ""
        };
        self.line(format!("{access}  explicit Exports(std::shared_ptr<const {funcs}> funcs) : {inits}funcs_(std::move(funcs)) {{}}"));
        let access = if interface.is_none() {
            ""
        } else {
            "\n private:\n"
        };
        self.line(format!(
            "{access}  std::shared_ptr<const {funcs}> funcs_;\n}};"
        ));
        self.close();
    }

    /// The interfaces of the component as members of its class.
    fn members(&mut self, interface: Option<&Interface>, world: &World) -> Vec<(String, String)> {
        if interface.is_some() {
            return Vec::new();
        }
        let interfaces = world.exported().filter(|it| !it.funcs.is_empty());
        let names: Vec<_> = interfaces.map(|it| self.names.space(&it.name)).collect();
        let funcs: Vec<_> = free(&world.exports).map(member).collect();
        let class = |it: String| {
            let end = if funcs.contains(&it) { "_" } else { "" };
            let class = format!("::{}::{it}::Exports", self.names.outer);
            (class, it + end)
        };
        names.into_iter().map(class).collect()
    }

    fn export(&mut self, one: &Exported<'_>, name: String) {
        let (params, args) = self.params(one.func, 0, Caller::Host);
        let given = self.names.given(&one.func.ty);
        let args = args.join(", ");
        self.docs(one.func.docs.as_deref(), "  ");
        self.line(format!(
            "  {given} {name}({params}) const {{ return funcs_->f{}({args}); }}",
            one.place
        ));
    }

    /// What an interface asks for.
    fn imported(&mut self, interface: &Interface) {
        let of = |it: &&ResourceType| it.label().interface.as_deref() == Some(&interface.name);
        let resources: Vec<_> = self.names.imported.iter().filter(of).cloned().collect();
        let funcs: Vec<_> = interface.funcs.iter().collect();
        if funcs.is_empty() && resources.is_empty() {
            return;
        }
        let space = self.names.space(&interface.name);
        self.imports(Some(space), &interface.name, &funcs, &resources);
    }

    /// A resource of the program's.
    fn asked_resource(&mut self, of: &ResourceType, funcs: &[&FuncDef]) {
        let Path { name, .. } = self.path(&WitType::Own(of.clone()));
        self.docs(of.label().docs.as_deref(), "");
        self.line(format!(
            "class {name} {{\n public:\n  virtual ~{name}() = default;"
        ));
        let is_of = |it: &&&FuncDef| matches!(&it.role, FuncRole::Method(name) if Some(&**name) == of.name());
        for func in funcs.iter().filter(is_of) {
            self.asked(func, 1, &snake(func.own_name(), Keywords::Cpp));
        }
        self.line("};\n");
    }

    /// Classes for the program to derive from, and a function that lends them.
    fn imports(
        &mut self,
        space: Option<String>,
        interface: &str,
        funcs: &[&FuncDef],
        resources: &[ResourceType],
    ) {
        self.open(space.as_deref());
        for of in resources {
            self.asked_resource(of, funcs);
        }
        self.line("// For the program to derive from, and to provide as imports.\nclass Imports {\n public:\n  virtual ~Imports() = default;");
        for func in funcs
            .iter()
            .filter(|it| !matches!(it.role, FuncRole::Method(_)))
        {
            self.asked(func, 0, &member_among(func, funcs.iter().copied()));
        }
        self.line("};\n\ninline void provide(::landbridge::Imports &to, [[maybe_unused]] std::shared_ptr<Imports> imports) {");
        for of in resources {
            let name = of.name().unwrap_or_default();
            self.line(format!("  to.wit_resource({interface:?}, {name:?});"));
        }
        for func in funcs {
            self.lent(interface, func, funcs, resources);
        }
        self.line("}");
        self.close();
    }

    fn asked(&mut self, func: &FuncDef, from: usize, name: &str) {
        let (params, _) = self.params(func, from, Caller::Guest);
        let given = self.names.given(&func.ty);
        self.docs(func.docs.as_deref(), "  ");
        self.line(format!("  virtual {given} {name}({params}) = 0;"));
    }

    fn lent(
        &mut self,
        interface: &str,
        func: &FuncDef,
        funcs: &[&FuncDef],
        resources: &[ResourceType],
    ) {
        let name = &func.name;
        if let FuncRole::Method(of) = &func.role {
            let found = resources.iter().find(|it| it.name() == Some(&**of));
            let class = found.map(|it| self.names.absolute(&WitType::Own(it.clone())));
            let method = snake(func.own_name(), Keywords::Cpp);
            if let Some(class) = class {
                self.line(format!(
                    "  to.wit_func({interface:?}, {name:?}, &{class}::{method});"
                ));
            }
            return;
        }
        let (params, args) = self.params(func, 0, Caller::Guest);
        let given = self.names.given(&func.ty);
        let own = member_among(func, funcs.iter().copied());
        let args = args.join(", ");
        self.line(format!(
            "  to.wit_func({interface:?}, {name:?}, [imports]({params}) -> {given} {{"
        ));
        self.line(format!("    return imports->{own}({args});\n  }});"));
    }
}

/// Whether it is a method of a resource.
fn is_method(one: &Exported<'_>, of: &ResourceType) -> bool {
    let takes = one.func.ty.params.first().map(|it| &it.ty);
    let is_it = matches!(takes, Some(WitType::Borrow(found)) if found == of);
    is_it && matches!(one.func.role, FuncRole::Method(_))
}
