//! Linking: a component's imports are taken from what the host provides, and from other components.

use std::sync::Arc;

use wasmtime::StoreContextMut;
use wasmtime::component::types::{ComponentFunc, ComponentInstance, ComponentItem};
use wasmtime::component::{Component, Linker, LinkerInstance, ResourceType as EngineResource};
use wasmtime_environ::component::{MAX_FLAT_PARAMS, MAX_FLAT_RESULTS};

use super::bridge::Bridge;
use super::host::{WitContext, WitHost, run};
use super::lane::{AtWork, Frames, HostArgs, HostRets};
use super::linked::Linked;
use super::made::MadeComponent;
use super::missing::{Asked, Missing, full};
use super::naming::bare;
use super::resources::{HostType, Taken};
use super::shapes::Shapes;
use crate::store::{Data, call_component_host, explained};
use crate::{Error, ErrorKind, Imports, Instance, Module, Result, Store, WitFuncType, text};

/// Makes an instance of a component in a store. `known` is what the imports were found to be for another store, if they
/// are the same ones.
#[inline(never)]
pub(crate) fn instantiate(
    store: &Store,
    module: &Module,
    component: &Component,
    imports: &Imports,
    known: Option<&Arc<Linked>>,
) -> Result<MadeComponent> {
    let inner = store.inner();
    let section = inner.variant()?.section()?;
    let linked = store.enter(|_| {
        inner.components().check()?;
        store.touch(store.build())?;
        let linked = match known.filter(|it| it.fits(store)) {
            Some(known) => known.clone(),
            None => Arc::new(link(store, module, component, imports)?),
        };
        inner.components().keep(linked.clone());
        Ok(linked)
    })?;
    store.count_instance()?;
    let made = store.enter(|ctx| {
        let _call = inner.components().begin();
        AtWork::run(ctx.thread(), inner, None, || {
            store.run_in_or(ctx, ErrorKind::Limit, |engine| {
                linked.pre.instantiate(engine)
            })
        })
    });
    drop(section);
    let instance = made.map_err(explained)?;
    Ok(MadeComponent::new(instance, linked))
}

/// Finds all imports. The turn must be held.
fn link(
    store: &Store,
    module: &Module,
    component: &Component,
    imports: &Imports,
) -> Result<Linked> {
    let engine = store.wasmtime()?;
    let mut link = Link {
        store,
        module,
        imports,
        shapes: Shapes::default(),
        missing: Missing::default(),
        types: Vec::new(),
        is_of_one_store: false,
    };
    let mut linker = Linker::new(engine);
    for (name, item) in component.component_type().imports(engine) {
        link.item(&mut linker, engine, name, &item.ty)?;
    }
    if !link.missing.is_empty() {
        return Err(link.lacks(component, engine));
    }
    Ok(Linked {
        pre: linker.instantiate_pre(component).map_err(refused)?,
        build: store.build(),
        types: link.types,
        is_of_one_store: link.is_of_one_store,
    })
}

struct Link<'a> {
    store: &'a Store,
    module: &'a Module,
    imports: &'a Imports,
    shapes: Shapes,
    missing: Missing,
    types: Vec<HostType>,
    is_of_one_store: bool,
}

impl Link<'_> {
    /// The error for what is missing.
    #[cold]
    fn lacks(&self, component: &Component, engine: &wasmtime::Engine) -> Error {
        let mut names = Vec::new();
        for (name, item) in component.component_type().imports(engine) {
            match &item.ty {
                ComponentItem::ComponentInstance(interface) => {
                    let items = interface.exports(engine);
                    names.extend(items.map(|(of, _)| (name.to_owned(), of.to_owned())));
                }
                _ => names.push((String::new(), name.to_owned())),
            }
        }
        let mut asked = Asked::new();
        for (interface, name) in &names {
            let of = asked.entry(interface).or_default();
            of.extend([&**name, bare(name)]);
        }
        self.missing.error(&asked, self.imports)
    }

    fn item(
        &mut self,
        linker: &mut Linker<Data>,
        engine: &wasmtime::Engine,
        name: &str,
        item: &ComponentItem,
    ) -> Result<()> {
        match item {
            ComponentItem::ComponentFunc(ty) => self.func(&mut linker.root(), "", name, ty),
            ComponentItem::ComponentInstance(interface) => {
                let mut to = linker.instance(name).map_err(refused)?;
                match self.imports.component(name) {
                    Some(other) => self.composed(&mut to, engine, name, interface, other),
                    None => self.interface(&mut to, engine, name, interface),
                }
            }
            ComponentItem::Resource(ty) => self.resource(&mut linker.root(), "", name, *ty),
            ComponentItem::Type(_) => Ok(()),
            other => {
                self.missing.add("", name, sort(other));
                Ok(())
            }
        }
    }

    /// An interface of the host's.
    fn interface(
        &mut self,
        to: &mut LinkerInstance<'_, Data>,
        engine: &wasmtime::Engine,
        interface: &str,
        ty: &ComponentInstance,
    ) -> Result<()> {
        let is_lent = self.imports.has_interface(interface);
        for (name, item) in ty.exports(engine) {
            match &item.ty {
                ComponentItem::ComponentFunc(ty) => self.func(to, interface, name, ty)?,
                ComponentItem::Resource(ty) if is_lent => {
                    self.resource(to, interface, name, *ty)?
                }
                ComponentItem::Resource(_) => {
                    self.missing.add(interface, name, "resource");
                }
                ComponentItem::Type(_) => {}
                other => {
                    self.missing.add(interface, name, sort(other));
                }
            }
        }
        Ok(())
    }

    /// A resource of the host's, or one that an interface uses of another.
    fn resource(
        &mut self,
        to: &mut LinkerInstance<'_, Data>,
        interface: &str,
        name: &str,
        imported: EngineResource,
    ) -> Result<()> {
        if let Some(ty) = self.shapes.known_as(imported) {
            return define_resource(to, name, ty);
        }
        let resources = self.store.inner().resources();
        let ty = resources.borrow_mut().type_of_host(interface, name);
        self.shapes.know(imported, ty);
        self.types.push(HostType::new(interface, name, ty));
        define_resource(to, name, ty)
    }

    /// A function of the host's.
    fn func(
        &mut self,
        to: &mut LinkerInstance<'_, Data>,
        interface: &str,
        name: &str,
        ty: &ComponentFunc,
    ) -> Result<()> {
        let ty = self.shapes.func(ty)?;
        match self.imports.wit_host(interface, name) {
            Some(Ok(host)) => {
                let full = full(interface, name);
                let checked = host.check(&full, &ty);
                checked.map_err(|e| self.unfit(&**host, interface, name, e))?;
                let resources = match ty.has_handles() {
                    true => self.shapes.known().into(),
                    false => Vec::new(),
                };
                let func = HostFunc {
                    name: full.into(),
                    ty: ty.into(),
                    resources,
                    host: host.clone(),
                };
                return func.define(to, name);
            }
            Some(Err(given)) => {
                let ty = self.told(interface, name, &ty);
                self.missing.other(interface, name, ty, given);
            }
            None => {
                let ty = self.told(interface, name, &ty);
                self.missing.add(interface, name, ty);
            }
        }
        Ok(())
    }

    /// The type of a function that is imported with the names of types, which only the component's world has.
    fn named(&self, interface: &str, name: &str) -> Option<&WitFuncType> {
        let found = self.module.world()?.imported_func(interface, name)?;
        Some(&found.ty)
    }

    /// It as messages tell it, with these names if they can be known.
    #[cold]
    fn told(&self, interface: &str, name: &str, ty: &WitFuncType) -> String {
        text::of(self.named(interface, name).unwrap_or(ty))
    }

    /// The error of a function of the host that is not of the type that is asked for, with these names.
    #[cold]
    fn unfit(&self, host: &dyn WitHost, interface: &str, name: &str, error: Error) -> Error {
        let named = self.named(interface, name);
        let named = named.and_then(|ty| host.check(&full(interface, name), ty).err());
        Error::new(ErrorKind::Link, named.unwrap_or(error).message())
    }

    /// An interface that another component exports.
    fn composed(
        &mut self,
        to: &mut LinkerInstance<'_, Data>,
        engine: &wasmtime::Engine,
        interface: &str,
        ty: &ComponentInstance,
        other: &Instance,
    ) -> Result<()> {
        if !other.store().same(self.store) {
            return Err(Error::wrong_store("component"));
        }
        self.is_of_one_store = true;
        for (name, item) in ty.exports(engine) {
            match &item.ty {
                ComponentItem::ComponentFunc(ty) => {
                    let ty = self.shapes.func(ty)?;
                    let told = |ty: &WitFuncType| self.told(interface, name, ty);
                    let bridge = Bridge::new(other, interface, name, &ty, told)?;
                    let func = HostFunc {
                        name: full(interface, name).into(),
                        ty: ty.into(),
                        resources: Vec::new(),
                        host: Arc::new(bridge),
                    };
                    func.define(to, name)?;
                }
                ComponentItem::Resource(imported) => {
                    let theirs = other.exported_resource(interface, name)?;
                    let mut resources = self.store.inner().resources().borrow_mut();
                    let ty = resources.type_of_component(theirs);
                    resources.is_made_by(theirs, other.component()?.clone());
                    if self.shapes.known_as(*imported).is_none() {
                        self.shapes.know(*imported, ty);
                    }
                    define_resource(to, name, ty)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn refused(error: wasmtime::Error) -> Error {
    Error::from_engine(error, ErrorKind::Link)
}

fn sort(item: &ComponentItem) -> &'static str {
    match item {
        ComponentItem::ComponentFunc(_) => "func",
        ComponentItem::CoreFunc(_) => "core func",
        ComponentItem::Module(_) => "core module",
        ComponentItem::Component(_) => "component",
        ComponentItem::ComponentInstance(_) => "interface",
        ComponentItem::Type(_) => "type",
        ComponentItem::Resource(_) => "resource",
    }
}

/// Resources that cross as places: what a guest drops is released here.
fn define_resource(
    to: &mut LinkerInstance<'_, Data>,
    name: &str,
    ty: EngineResource,
) -> Result<()> {
    let drop = |context: StoreContextMut<'_, Data>, place: u32| {
        call_component_host(context, "a destructor", |context| {
            let inner = context.store.inner();
            let taken = inner.resources().borrow_mut().take_dropped(place);
            match taken {
                Taken::Guest(resource) => super::state::destroy_now(context.store, resource),
                other => {
                    inner.let_go_of(other);
                    Ok(())
                }
            }
        })
    };
    to.resource(name, ty, drop).map_err(refused)
}

/// A function of the host as a component calls it.
struct HostFunc {
    name: Arc<str>,
    ty: Arc<WitFuncType>,
    /// What the engine knows its resources as; empty if it has none.
    resources: Vec<(u32, EngineResource)>,
    host: Arc<dyn WitHost>,
}

impl HostFunc {
    fn call(
        &self,
        context: StoreContextMut<'_, Data>,
        mut frames: Frames,
    ) -> wasmtime::Result<Frames> {
        call_component_host(context, &self.name, |context| {
            let context = WitContext {
                context,
                resources: &self.resources,
            };
            run(&context, &*self.host, &self.ty, &mut frames)
        })?;
        Ok(frames)
    }

    /// The engine wants a type for each number of slots.
    fn define(self, to: &mut LinkerInstance<'_, Data>, name: &str) -> Result<()> {
        let params = self.ty.param_slots(MAX_FLAT_PARAMS).unwrap_or(0);
        let results = self.ty.result_slots(MAX_FLAT_RESULTS).unwrap_or(0);
        macro_rules! arities {
            ($($n:literal)*) => {
                match (params, results) {
                    $(
                        ($n, 0) => to.func_wrap(name, move |context: StoreContextMut<'_, Data>, args: HostArgs<$n>| {
                            self.call(context, args.0).map(HostRets::<0>)
                        }),
                        ($n, 1) => to.func_wrap(name, move |context: StoreContextMut<'_, Data>, args: HostArgs<$n>| {
                            self.call(context, args.0).map(HostRets::<1>)
                        }),
                    )*
                    _ => unreachable!("there are at most so many slots"),
                }
            };
        }
        arities!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16).map_err(refused)
    }
}
