//! Imports: what the host provides to a module.

use std::collections::HashMap;
use std::sync::Arc;

use crate::components::naming;
use crate::engine::Build;
use crate::host::{HostContext, HostFunc};
use crate::host_call::{Held, bind, calls, lend};
use crate::missing::{Missing, told};
use crate::module::Code;
use crate::store::Context;
use crate::template::{Template, Templates};
use crate::wasi;
use crate::{
    Extern, FuncType, Global, ImportType, Instance, Module, Result, Value, WitHost, WitValue,
    messages,
};

/// The functions, memories, tables, globals and tags that a module's imports are taken from.
///
/// Cheap to clone. Of two definitions of one name the last one counts. A definition that the module does not import
/// is ignored.
#[derive(Clone, Default)]
pub struct Imports {
    given: Arc<Given>,
    /// Of what is given now. Clones share them.
    templates: Arc<Templates>,
}

#[derive(Clone, Default)]
struct Given {
    items: HashMap<String, HashMap<String, Item>>,
    /// Whether the caller calls `_initialize`.
    uninitialized: bool,
    /// What a host has beside it, for messages about what is missing.
    offered: Vec<(Option<String>, String)>,
    /// Components whose exported interfaces are lent, by the names of these.
    components: HashMap<String, Instance>,
}

#[derive(Clone)]
enum Item {
    Host(Arc<dyn HostFunc>),
    Extern(Extern),
    Value(Value),
    Wit(Arc<dyn WitHost>),
    /// A resource of the host's, of which nothing else is lent.
    WitResource,
}

impl Imports {
    /// Provides nothing yet.
    pub fn new() -> Imports {
        Imports::default()
    }

    /// Whether `_initialize` is called when an instance is made; by default it is. WASI libraries (reactors) export this
    /// function. Set it to false if you want to prepare the instance first, and call `_initialize`
    /// yourself before anything else. Call it once: a second call is an error of kind `unsupported`.
    pub fn initialize(&mut self, initialize: bool) -> &mut Imports {
        self.edit().uninitialized = !initialize;
        self
    }

    /// Whether `_initialize` is called when an instance is made.
    pub(crate) fn is_initialized(&self) -> bool {
        !self.given.uninitialized
    }

    /// Provides a function. Its type is the one with which the module imports it.
    pub fn func(
        &mut self,
        module: &str,
        name: &str,
        func: impl Fn(&HostContext<'_>, &[Value]) -> Result<Vec<Value>> + Send + Sync + 'static,
    ) -> &mut Imports {
        self.host_func(module, name, Arc::new(func))
    }

    /// Provides a function of the host. Its type is the one with which the module imports it.
    pub fn host_func(&mut self, module: &str, name: &str, func: Arc<dyn HostFunc>) -> &mut Imports {
        self.put(module, name, Item::Host(func))
    }

    /// Provides a function to components: `imports.wit_func("demo:app/host", "log", |_, args| ...)`. Its type is the one
    /// with which the component imports it, and its result is checked against that. The interface may be named in
    /// short, `host`. For a function that a world imports without an interface it is `""`.
    ///
    /// Provide a resource of the host by its functions: `journal.write`, or in full `[method]journal.write`, gets the
    /// [`HostResource`](crate::HostResource) first; `journal` is the constructor.
    ///
    /// An error of the closure ends the component, unless it has a payload: see [`WitHost`].
    pub fn wit_func(
        &mut self,
        interface: &str,
        name: &str,
        func: impl Fn(&HostContext<'_>, &[WitValue]) -> Result<Option<WitValue>> + Send + Sync + 'static,
    ) -> &mut Imports {
        self.wit(interface, name, Arc::new(func))
    }

    /// Provides a function of the host to components. See [`Imports::wit_func`].
    pub fn wit(&mut self, interface: &str, name: &str, func: Arc<dyn WitHost>) -> &mut Imports {
        self.put(interface, name, Item::Wit(func))
    }

    /// Provides a type of resources of the host to components: its objects are
    /// [`HostResource`](crate::HostResource)s. You only need this for an interface of which you provide no function.
    pub fn wit_resource(&mut self, interface: &str, name: &str) -> &mut Imports {
        self.put(interface, name, Item::WitResource)
    }

    /// Provides something that lives in the store in which the module will be instantiated.
    pub fn define(&mut self, module: &str, name: &str, item: impl Into<Extern>) -> &mut Imports {
        self.put(module, name, Item::Extern(item.into()))
    }

    /// Provides a value: a module that imports an immutable global by this name gets one of exactly the
    /// type that it imports, with this value. For a mutable global make a [`Global`](crate::Global).
    pub fn value(&mut self, module: &str, name: &str, value: Value) -> &mut Imports {
        self.put(module, name, Item::Value(value))
    }

    /// Provides all exports of an instance, which must live in the same store. For a component, `module` is the name of an
    /// interface that it exports: another component that imports this interface gets it from there.
    ///
    /// # Errors
    /// `closed` if the instance is.
    pub fn instance(&mut self, module: &str, instance: &Instance) -> Result<&mut Imports> {
        if instance.module().is_component() {
            if instance.is_closed() {
                return Err(messages::closed("instance"));
            }
            let components = &mut self.edit().components;
            components.insert(module.to_owned(), instance.clone());
            return Ok(self);
        }
        for (name, item) in instance.exports()? {
            self.define(module, &name, item);
        }
        Ok(self)
    }

    /// Provides all that another collection does, and returns what that replaced. For a
    /// binding that holds a lock here: dropping the host's data may run code of the host, which must
    /// find the lock free.
    #[doc(hidden)]
    pub fn replace(&mut self, with: Imports) -> Imports {
        let mut former = Imports {
            given: Arc::default(),
            templates: std::mem::take(&mut self.templates),
        };
        let (mine, old) = (self.edit(), Arc::make_mut(&mut former.given));
        let with = Arc::unwrap_or_clone(with.given);
        for (interface, instance) in with.components {
            if let Some(before) = mine.components.insert(interface.clone(), instance) {
                old.components.insert(interface, before);
            }
        }
        for (module, items) in with.items {
            let mine = mine.items.entry(module.clone()).or_default();
            for (name, item) in items {
                if let Some(item) = mine.insert(name.clone(), item) {
                    old.items
                        .entry(module.clone())
                        .or_default()
                        .insert(name, item);
                }
            }
        }
        former
    }

    /// What is given, to be changed: templates of it are good no more.
    fn edit(&mut self) -> &mut Given {
        self.templates = Arc::default();
        Arc::make_mut(&mut self.given)
    }

    /// The module with these imports, if they were made for it already. See [`Templates::find`].
    pub(crate) fn template(
        &self,
        module: &Module,
        code: &Code,
        build: Build,
    ) -> Option<Arc<Template>> {
        match module.imports().is_empty() {
            true => None,
            false => {
                let make = || self.made_template(module, code, build);
                self.templates.find(module, build, make)
            }
        }
    }

    /// None if the module asks for more than functions of the host, or for what is not there.
    #[cold]
    #[inline(never)]
    fn made_template(&self, module: &Module, code: &Code, build: Build) -> Option<Arc<Template>> {
        let engine = module.engine();
        let mut linker = wasmtime::Linker::new(&engine.variant(build).ok()?.engine);
        for (import, ty) in module.imports().iter().zip(&code.imports) {
            let (Some(Item::Host(func)), wasmtime::ExternType::Func(ty)) = (self.get(import), ty)
            else {
                return None;
            };
            let name = full_name(import);
            func.check(&name, &FuncType::of(ty)).ok()?;
            lend(
                &mut linker,
                import,
                ty,
                calls(name.into(), ty, Held(func.clone())),
            )
            .ok()?;
        }
        let pre = linker.instantiate_pre(code.module().ok()?).ok()?;
        Some(Template::new(pre, engine, build))
    }

    fn put(&mut self, module: &str, name: &str, item: Item) -> &mut Imports {
        let items = &mut self.edit().items;
        items
            .entry(module.to_owned())
            .or_default()
            .insert(name.to_owned(), item);
        self
    }

    /// The component that lends an interface, by its full name.
    pub(crate) fn component(&self, interface: &str) -> Option<&Instance> {
        best(&self.given.components, interface)
    }

    /// Whether something of an interface is lent, by its full name.
    pub(crate) fn has_interface(&self, interface: &str) -> bool {
        best(&self.given.items, interface).is_some()
    }

    /// A function for components, by the full name of its interface; or what was given instead.
    pub(crate) fn wit_host<'a>(
        &'a self,
        interface: &str,
        name: &str,
    ) -> Option<Result<&'a Arc<dyn WitHost>, &'static str>> {
        let of = |items: &'a HashMap<String, Item>| {
            items.get(name).or_else(|| items.get(naming::bare(name)))
        };
        let item = fitting(&self.given.items, interface)
            .into_iter()
            .find_map(of);
        Some(match item? {
            Item::Wit(host) => Ok(host),
            Item::Host(_) => Err("function of numbers"),
            Item::Extern(item) => Err(item.sort()),
            Item::Value(_) => Err("value"),
            Item::WitResource => Err("resource"),
        })
    }

    fn get(&self, import: &ImportType) -> Option<&Item> {
        self.given.items.get(&import.module)?.get(&import.name)
    }

    /// What the engine needs to instantiate, in the order of the module's imports.
    ///
    /// # Errors
    /// `link`, naming the imports that are missing or of another sort, with their types; `type` if a
    /// value does not fit the global that is asked for.
    pub(crate) fn resolve(
        &self,
        ctx: &mut Context<'_>,
        module: &Module,
        code: &Code,
    ) -> Result<Vec<wasmtime::Extern>> {
        let mut found = Vec::with_capacity(module.imports().len());
        let mut missing = Missing::default();
        for (import, engine_ty) in module.imports().iter().zip(&code.imports) {
            match (self.get(import), engine_ty, &import.ty) {
                (Some(Item::Extern(item)), _, ty) if item.sort() == ty.sort() => {
                    found.push(item.in_store(ctx.store())?);
                }
                (Some(Item::Host(func)), wasmtime::ExternType::Func(ty), _) => {
                    let name = full_name(import);
                    func.check(&name, &FuncType::of(ty))
                        .map_err(|e| crate::Error::new(crate::ErrorKind::Link, e.message()))?;
                    let func = bind(ctx, name.into(), ty.clone(), func.clone());
                    found.push(func.into());
                }
                (Some(Item::Value(value)), wasmtime::ExternType::Global(ty), _)
                    if ty.mutability().is_const() =>
                {
                    let place = || told(import);
                    found.push(Global::of_type(ctx, ty.clone(), value, &place)?.into());
                }
                (Some(Item::Value(_)), ..) => missing.other(import, "value"),
                (Some(Item::Wit(_)), ..) => missing.other(import, "function of WIT types"),
                (Some(Item::WitResource), ..) => missing.other(import, "resource of WIT"),
                (Some(Item::Extern(item)), ..) => missing.other(import, item.sort()),
                (Some(Item::Host(_)), ..) => missing.other(import, "func"),
                (None, ..) => match wasi::provide(ctx, import)? {
                    Some(item) => found.push(item),
                    None => missing.add(import),
                },
            }
        }
        match missing.is_empty() {
            true => Ok(found),
            false => Err(missing.error(module.imports(), self)),
        }
    }

    /// Notes a name that the host's object has and that the module does not import: a message about a missing
    /// import can then say what was probably meant. `None` is for a name that has no module around it.
    #[doc(hidden)]
    pub fn offer(&mut self, module: Option<&str>, name: &str) {
        if self.given.offered.len() < OFFERED {
            let module = module.map(str::to_owned);
            self.edit().offered.push((module, name.to_owned()));
        }
    }

    /// The names by which components are lent.
    pub(crate) fn component_names(&self) -> impl Iterator<Item = &str> {
        self.given.components.keys().map(String::as_str)
    }

    /// The names that are lent or offered, with their modules.
    pub(crate) fn names(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let lent = self.given.items.iter().flat_map(|(module, items)| {
            let names = items.keys();
            names.map(move |name| (Some(module.as_str()), name.as_str()))
        });
        let offered = self.given.offered.iter();
        lent.chain(offered.map(|(module, name)| (module.as_deref(), name.as_str())))
    }
}

/// What is there for an interface, by the name that fits best.
fn best<'a, T>(named: &'a HashMap<String, T>, interface: &str) -> Option<&'a T> {
    fitting(named, interface).into_iter().next()
}

/// All that is there for an interface, under its full name and under shorter ones: what fits best comes first.
fn fitting<'a, T>(named: &'a HashMap<String, T>, interface: &str) -> Vec<&'a T> {
    let fits =
        |(given, it): (&'a String, &'a T)| Some((naming::fits(given, interface)?, given, it));
    let mut found: Vec<_> = named.iter().filter_map(fits).collect();
    found.sort_by_key(|(how, given, _)| (*how, *given));
    found.into_iter().map(|(.., it)| it).collect()
}

/// The most names that are kept for messages.
const OFFERED: usize = 2000;

impl std::fmt::Debug for Imports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self
            .given
            .items
            .iter()
            .map(|(module, items)| (module, items.keys().collect::<Vec<_>>()));
        f.debug_map().entries(names).finish()
    }
}

fn full_name(import: &ImportType) -> String {
    format!("{}.{}", import.module, import.name)
}
