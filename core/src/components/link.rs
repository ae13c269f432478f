//! Linking: what a component imports is taken from what the host lends, and from other components.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use wasmtime::StoreContextMut;
use wasmtime::component::types::{ComponentFunc, ComponentInstance, ComponentItem};
use wasmtime::component::{Component, Linker, LinkerInstance, ResourceType as EngineResource};
use wasmtime_environ::component::{MAX_FLAT_PARAMS, MAX_FLAT_RESULTS};

use super::bridge::Bridge;
use super::host::{WitContext, WitHost, run};
use super::lane::{AtWork, Frames, HostArgs, HostRets};
use super::linked::Linked;
use super::resources::Taken;
use super::shapes::Shapes;
use crate::store::{Data, call_component_host};
use crate::{
    Error, ErrorKind, Imports, Instance, Module, Result, Store, WitFuncType, reservation, text,
};

/// What the engine has of an instance of a component, and whether a call of it is at work.
pub(crate) struct MadeComponent {
    pub(crate) instance: wasmtime::component::Instance,
    pub(crate) linked: Arc<Linked>,
    is_at_work: AtomicBool,
}

/// The type by which a resource of the host crosses.
pub(crate) struct HostType {
    pub(super) interface: Box<str>,
    pub(super) name: Box<str>,
    pub(super) ty: EngineResource,
}

/// A call of an instance that is at work, until it is dropped.
pub(crate) struct InstanceAtWork<'a>(&'a AtomicBool);

impl MadeComponent {
    /// Begins a call, unless one is at work. The turn must be held.
    #[inline]
    pub(crate) fn begin_call(&self) -> Option<InstanceAtWork<'_>> {
        // No swap: only who holds the turn changes it.
        if self.is_at_work.load(Ordering::Relaxed) {
            return None;
        }
        self.is_at_work.store(true, Ordering::Relaxed);
        Some(InstanceAtWork(&self.is_at_work))
    }
}

impl Drop for InstanceAtWork<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Makes an instance of a component in a store. `known` is what the imports were found to be for another store, if they
/// are the same ones.
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
    Ok(MadeComponent {
        instance: made.map_err(reservation::explained)?,
        linked,
        is_at_work: AtomicBool::new(false),
    })
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
        missing: Vec::new(),
        types: Vec::new(),
        is_of_one_store: false,
    };
    let mut linker = Linker::new(engine);
    for (name, item) in component.component_type().imports(engine) {
        link.item(&mut linker, engine, name, &item.ty)?;
    }
    let (types, is_of_one_store) = (std::mem::take(&mut link.types), link.is_of_one_store);
    link.end()?;
    Ok(Linked {
        pre: linker.instantiate_pre(component).map_err(refused)?,
        build: store.build(),
        types,
        is_of_one_store,
    })
}

struct Link<'a> {
    store: &'a Store,
    module: &'a Module,
    imports: &'a Imports,
    shapes: Shapes,
    /// As they are told.
    missing: Vec<String>,
    types: Vec<HostType>,
    is_of_one_store: bool,
}

/// The most imports that are told.
const LISTED: usize = 64;

impl Link<'_> {
    fn end(self) -> Result<()> {
        let noun = match self.missing.len() {
            0 => return Ok(()),
            1 => "1 import is".to_owned(),
            count => format!("{count} imports are"),
        };
        let mut message = format!("{noun} missing:");
        for line in self.missing.iter().take(LISTED) {
            message.push_str(&format!("\n    {line}"));
        }
        if let more @ 1.. = self.missing.len().saturating_sub(LISTED) {
            message.push_str(&format!("\n    and {more} more"));
        }
        if self.missing.iter().any(|it| it.starts_with("wasi:")) {
            message.push_str(
                "\nwhat begins with wasi: is WASI 0.2, which Landbridge does not lend yet: build the component without \
                 it, or lend these functions yourself",
            );
        }
        Err(Error::new(ErrorKind::Link, message))
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
                self.missing
                    .push(format!("{}: {}", text::name(name), sort(other)));
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
        let is_func = |item: &ComponentItem| matches!(item, ComponentItem::ComponentFunc(_));
        // Of one without functions nothing can be lent.
        let is_lent = self.imports.has_interface(interface)
            || !ty.exports(engine).any(|(_, item)| is_func(&item.ty));
        for (name, item) in ty.exports(engine) {
            match &item.ty {
                ComponentItem::ComponentFunc(ty) => self.func(to, interface, name, ty)?,
                ComponentItem::Resource(ty) if is_lent => {
                    self.resource(to, interface, name, *ty)?
                }
                ComponentItem::Resource(_) => {
                    let (interface, name) = (text::name(interface), text::name(name));
                    self.missing.push(format!("{interface}#{name}: resource"));
                }
                ComponentItem::Type(_) => {}
                other => {
                    let (interface, name) = (text::name(interface), text::name(name));
                    let sort = sort(other);
                    self.missing.push(format!("{interface}#{name}: {sort}"));
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
        let full = match interface {
            "" => text::name(name).into_owned(),
            _ => format!("{}#{}", text::name(interface), text::name(name)),
        };
        match self.imports.wit_host(interface, name) {
            Some(Ok(host)) => {
                let refused = |e: Error| Error::new(ErrorKind::Link, e.message());
                host.check(&full, &ty).map_err(refused)?;
                let func = HostFunc {
                    name: full.into(),
                    ty: ty.into(),
                    resources: self.shapes.known().into(),
                    host: host.clone(),
                };
                func.define(to, name)
            }
            Some(Err(given)) => {
                let ty = self.told(interface, name, ty);
                self.missing
                    .push(format!("{full}: {ty} (a {given} was given)"));
                Ok(())
            }
            None => {
                let ty = self.told(interface, name, ty);
                self.missing.push(format!("{full}: {ty}"));
                Ok(())
            }
        }
    }

    /// The type of a function that is imported, with the names of types where these can be known.
    #[cold]
    fn told(&self, interface: &str, name: &str, ty: WitFuncType) -> String {
        let world = self.module.world();
        let named = world.and_then(|it| it.imported_func(interface, name));
        named.map_or_else(|| ty.to_string(), |it| it.ty.to_string())
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
                    let bridge = Bridge::new(other, interface, name, &ty)?;
                    let func = HostFunc {
                        name: format!("{}#{}", text::name(interface), text::name(name)).into(),
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
                    resources.is_made_by(theirs, other.component()?);
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

/// Resources that cross as places: what a guest drops is let go of here.
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
