//! Instance: a running module, with its exports.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::compiled;
use crate::components::exports;
use crate::components::link;
use crate::components::linked::Linked;
use crate::components::made::MadeComponent;
use crate::engine_facts;
use crate::entry_points::INITIALIZE;
use crate::initialize::{self, Life};
use crate::near::did_you_mean;
use crate::pool::Lease;
use crate::program;
use crate::store::explained;
use crate::text;
use crate::{
    Error, ErrorKind, Extern, ExternType, Func, Global, Imports, Memory, Module, Result, Store,
    Table, Tag, Value, WitFunc, WitValue, messages,
};

/// An instance of a module. Cheap to clone; all clones are one instance. May be used from many
/// threads: they take turns.
#[derive(Clone)]
pub struct Instance(Arc<Inner>);

struct Inner {
    store: Store,
    module: Module,
    made: Made,
    /// Nothing where nothing runs once.
    life: Option<Arc<Life>>,
    /// Whether the store was made for this instance alone and closes with it.
    owns_store: bool,
    closed: AtomicBool,
    /// Set if it was taken from a pool, and goes back there.
    lease: Option<Lease>,
    /// Exports that were asked for, in the order of the module's exports.
    found: Box<[OnceLock<Extern>]>,
}

/// Runs `what` in a frame of its own, so that its room is not taken yet when the stack is looked at before.
#[inline(never)]
fn apart<R>(what: impl FnOnce() -> R) -> R {
    what()
}

/// What the engine has of an instance.
#[derive(Clone)]
pub(crate) enum Made {
    Module(wasmtime::Instance),
    Component(Arc<MadeComponent>),
}

impl Instance {
    /// In a fresh store that closes with the instance.
    pub(crate) fn new(store: &Store, module: &Module, imports: &Imports) -> Result<Instance> {
        Instance::make(store, module, imports, true, None)
    }

    /// The same, with what the imports were found to be for another instance.
    pub(crate) fn linked(
        store: &Store,
        module: &Module,
        imports: &Imports,
        linked: Option<&Arc<Linked>>,
    ) -> Result<Instance> {
        Instance::make(store, module, imports, true, linked)
    }

    /// In a store that others may use too.
    pub(crate) fn in_store(store: &Store, module: &Module, imports: &Imports) -> Result<Instance> {
        Instance::make(store, module, imports, false, None)
    }

    fn make(
        store: &Store,
        module: &Module,
        imports: &Imports,
        owns: bool,
        linked: Option<&Arc<Linked>>,
    ) -> Result<Instance> {
        if !module.engine().same(store.engine()) {
            return Err(Error::new(
                ErrorKind::WrongStore,
                "the module was compiled by another engine than the store's",
            ));
        }
        if module.is_large() {
            store.enlarge()?;
        }
        let build = store.build();
        let code = module.code(build)?;
        if module.is_component() {
            let made = link::instantiate(store, module, code.component()?, imports, linked)?;
            let made = Made::Component(Arc::new(made));
            return Ok(Instance::of(store, module, made, None, owns, None));
        }
        let core = code.module()?;
        let section = store.inner().variant()?.section()?;
        let template = imports.template(module, code, build);
        let externs = store.enter(|ctx| {
            store.touch(build)?;
            match &template {
                Some(template) => {
                    store.keep(template.clone());
                    Ok(Vec::new())
                }
                None => imports.resolve(ctx, module, code),
            }
        })?;
        store.count_instance()?;
        let made = store.run_or(ErrorKind::Limit, |ctx| {
            apart(|| match &template {
                Some(template) => template.pre.instantiate(ctx),
                None => wasmtime::Instance::new(ctx, core, &externs),
            })
        });
        let instance = made.map_err(|e| explained(link_error(e)))?;
        drop(section);
        let life = Life::new(module);
        let made = Made::Module(instance);
        let instance = Instance::of(store, module, made, life, owns, None);
        if imports.is_initialized() {
            instance.initialize()?;
        }
        Ok(instance)
    }

    fn of(
        store: &Store,
        module: &Module,
        made: Made,
        life: Option<Arc<Life>>,
        owns_store: bool,
        lease: Option<Lease>,
    ) -> Instance {
        Instance(Arc::new(Inner {
            store: store.clone(),
            module: module.clone(),
            made,
            life,
            owns_store,
            closed: AtomicBool::new(false),
            lease,
            found: module.exports().iter().map(|_| OnceLock::new()).collect(),
        }))
    }

    /// The same, taken from a pool.
    pub(crate) fn leased(self, lease: Lease) -> Instance {
        let inner = &*self.0;
        Instance::of(
            &inner.store,
            &inner.module,
            inner.made.clone(),
            inner.life.clone(),
            true,
            Some(lease),
        )
    }

    /// A reactor of WASI, a module that is called into, asks to be initialised before all else.
    fn initialize(&self) -> Result<()> {
        match &self.0.life {
            Some(life) if self.0.module.entry_points().initialize => {
                life.initialized_by_itself();
                self.call_unguarded(INITIALIZE)
            }
            _ => Ok(()),
        }
    }

    fn call_unguarded(&self, name: &str) -> Result<()> {
        let store = &self.0.store;
        let func = store.enter(|ctx| {
            let func = self
                .core()
                .and_then(|it| it.get_func(&mut ctx.engine, name));
            Ok(func.map(|func| Func::from_engine(ctx, func, Some(name))))
        })?;
        let func = func.ok_or_else(|| self.missing(name))?;
        initialize::call(&func).map(drop)
    }

    /// Runs a program: calls its `_start`, and gives its exit code. A program runs once.
    ///
    /// # Errors
    /// `not_found` if the module is not a program of WASI, `unsupported` if it ran already or is one of WASI 0.2, and as
    /// [`Func::call`], except for `exit`.
    pub fn run(&self) -> Result<i32> {
        let start = self.func_ref("_start");
        let start = start.map_err(|error| match error.kind() {
            ErrorKind::NotFound => program::check(&self.0.module).err().unwrap_or(error),
            _ => error,
        })?;
        let life = self.0.life.as_deref();
        life.map_or(Ok(()), Life::begin)?;
        let ran = initialize::call(start).map(|_| 0);
        let ran = ran.or_else(|error| error.exit_code().ok_or(error));
        if let (Err(error), Some(life)) = (&ran, life)
            && !initialize::began(error)
        {
            life.did_not_begin();
        }
        ran
    }

    /// The engine's instance of a core module.
    fn core(&self) -> Option<wasmtime::Instance> {
        match &self.0.made {
            Made::Module(instance) => Some(*instance),
            Made::Component(_) => None,
        }
    }

    /// A function that a component exports, by its name in WIT: `hello`, or `demo:app/shapes@1.2.0#area` of an
    /// interface, in short `shapes#area`; [`World::find`](crate::World::find) says which names there are.
    ///
    /// # Errors
    /// `not_found` if there is no function of this name, `closed`, `unsupported` if this is an instance of a core
    /// module.
    pub fn wit_func(&self, name: &str) -> Result<WitFunc> {
        if self.is_closed() {
            return Err(messages::closed("instance"));
        }
        let made = self.component()?;
        exports::func(self, made, name)
    }

    /// Calls a function that a component exports, by its name: `greet.wit_call("hello", &["Ada".into()])`. To call it
    /// often, look it up once with [`Instance::wit_func`].
    ///
    /// # Errors
    /// As [`Instance::wit_func`] and [`WitFunc::call`].
    pub fn wit_call(&self, name: &str, args: &[WitValue]) -> Result<Option<WitValue>> {
        self.wit_func(name)?.call(args)
    }

    /// The type of a resource that a component exports.
    pub(crate) fn exported_resource(
        &self,
        interface: &str,
        name: &str,
    ) -> Result<wasmtime::component::ResourceType> {
        exports::resource(self, self.component()?, interface, name)
    }

    /// What there is of a component.
    pub(crate) fn component(&self) -> Result<&Arc<MadeComponent>> {
        match &self.0.made {
            Made::Component(made) => Ok(made),
            Made::Module(_) => Err(compiled::no_component()),
        }
    }

    /// The module it is an instance of.
    pub fn module(&self) -> &Module {
        &self.0.module
    }

    /// The store it lives in.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Closes the instance. One made by [`Module::instantiate`] closes its store, see
    /// [`Store::close`]; one made in a store only stops answering, its exports live on with the
    /// store; one taken from a [`Pool`](crate::Pool) is given back. Closing twice is no error.
    pub fn close(&self) {
        let inner = &*self.0;
        let was_closed = inner.closed.swap(true, Ordering::SeqCst);
        match &inner.lease {
            Some(lease) if !was_closed => inner.give_back(lease),
            None if inner.owns_store => inner.store.close(),
            _ => {}
        }
    }

    /// Whether it was closed, or its store was.
    pub fn is_closed(&self) -> bool {
        self.0.closed.load(Ordering::Relaxed) || self.0.store.is_closed()
    }

    /// An export of any sort.
    ///
    /// # Errors
    /// `not_found` if there is none of this name, `closed`, `unsupported` for a shared memory.
    pub fn export(&self, name: &str) -> Result<Extern> {
        self.find(name).cloned()
    }

    /// All exports, in the module's order.
    ///
    /// # Errors
    /// `closed`.
    pub fn exports(&self) -> Result<Vec<(String, Extern)>> {
        let names = self.0.module.exports().iter();
        names
            .map(|(name, _)| Ok((name.clone(), self.export(name)?)))
            .collect()
    }

    /// An exported function of a core module. One of a component is found by [`Instance::wit_func`].
    ///
    /// # Errors
    /// `not_found` if there is no function of this name, `unsupported` if it is a component's, `closed`.
    pub fn func(&self, name: &str) -> Result<Func> {
        match self.find(name)? {
            Extern::Func(func) => Ok(func.clone()),
            other => Err(self.other_sort(name, "func", other.sort())),
        }
    }

    /// An exported memory. Errors as [`Instance::func`].
    pub fn memory(&self, name: &str) -> Result<Memory> {
        match self.find(name)? {
            Extern::Memory(memory) => Ok(memory.clone()),
            other => Err(self.other_sort(name, "memory", other.sort())),
        }
    }

    /// An exported table. Errors as [`Instance::func`].
    pub fn table(&self, name: &str) -> Result<Table> {
        match self.find(name)? {
            Extern::Table(table) => Ok(table.clone()),
            other => Err(self.other_sort(name, "table", other.sort())),
        }
    }

    /// An exported global. Errors as [`Instance::func`].
    pub fn global(&self, name: &str) -> Result<Global> {
        match self.find(name)? {
            Extern::Global(global) => Ok(global.clone()),
            other => Err(self.other_sort(name, "global", other.sort())),
        }
    }

    /// An exported exception tag. Errors as [`Instance::func`].
    pub fn tag(&self, name: &str) -> Result<Tag> {
        match self.find(name)? {
            Extern::Tag(tag) => Ok(tag.clone()),
            other => Err(self.other_sort(name, "tag", other.sort())),
        }
    }

    /// Calls an exported function by name. See [`Func::call`].
    pub fn call(&self, name: &str, args: &[Value]) -> Result<Vec<Value>> {
        match self.find(name)? {
            Extern::Func(func) => func.call(args),
            other => Err(self.other_sort(name, "func", other.sort())),
        }
    }

    /// An exported function, borrowed: a call by name neither clones nor allocates.
    ///
    /// # Errors
    /// As [`Instance::func`].
    #[inline]
    pub fn func_ref(&self, name: &str) -> Result<&Func> {
        match self.find(name)? {
            Extern::Func(func) => Ok(func),
            other => Err(self.other_sort(name, "func", other.sort())),
        }
    }

    /// Whether a function may be called so, told without the store, which may be busy.
    pub(crate) fn check_call(&self, name: &str, given: usize) -> Result<()> {
        if self.is_closed() {
            return Err(messages::closed("instance"));
        }
        let index = self.0.module.export_index(name);
        let index = index.ok_or_else(|| self.missing(name))?;
        match &self.0.module.exports()[index].1 {
            ExternType::Func(ty) if ty.params().len() == given => Ok(()),
            ExternType::Func(ty) => {
                let what = messages::arguments(text::name(name));
                Err(Error::count(&what, ty.params(), given))
            }
            other => Err(self.other_sort(name, "func", other.sort())),
        }
    }

    #[inline]
    fn find(&self, name: &str) -> Result<&Extern> {
        if self.is_closed() {
            return Err(messages::closed("instance"));
        }
        let index = self
            .0
            .module
            .export_index(name)
            .ok_or_else(|| self.missing(name))?;
        match self.0.found[index].get() {
            Some(found) => Ok(found),
            None => self.resolve(index),
        }
    }

    #[cold]
    fn resolve(&self, index: usize) -> Result<&Extern> {
        let (name, _) = &self.0.module.exports()[index];
        let found = self.0.store.enter(|ctx| {
            let instance = self.core();
            let mut found = instance.and_then(|it| it.get_export(&mut ctx.engine, name));
            if let Some(life) = &self.0.life
                && name == INITIALIZE
                && self.0.module.entry_points().initialize
            {
                found = found.map(|found| initialize::guarded(ctx, found, life));
            }
            Ok(found.and_then(|found| Extern::from_engine(ctx, found, Some(name))))
        })?;
        let found = found.ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                format!(
                    "{} is a shared memory, which hosts cannot hold",
                    text::name(name)
                ),
            )
        })?;
        Ok(self.0.found[index].get_or_init(|| found))
    }

    #[cold]
    fn missing(&self, name: &str) -> Error {
        if self.0.module.is_component() {
            return exports::no_core_func(&self.0.module, name);
        }
        let names = self.0.module.exports().iter();
        let list = match names.len() {
            0 => "nothing".to_owned(),
            _ => text::listed(names.map(|(name, _)| text::name(name)), 20, ", "),
        };
        let names = self.0.module.exports().iter();
        let meant = did_you_mean(name, names.map(|(name, _)| name.as_str()));
        let name = text::quoted(name);
        Error::new(
            ErrorKind::NotFound,
            format!("no export is named {name}; there is {list}{meant}"),
        )
    }

    #[cold]
    fn other_sort(&self, name: &str, wanted: &str, sort: &str) -> Error {
        messages::other_sort(text::quoted(name), sort, wanted)
    }
}

impl Inner {
    fn give_back(&self, lease: &Lease) {
        let life = self.life.clone();
        let made = self.made.clone();
        let plain = Instance::of(&self.store, &self.module, made, life, true, None);
        lease.end(plain);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let (Some(lease), false) = (&self.lease, self.closed.load(Ordering::Relaxed)) {
            self.give_back(lease);
        }
    }
}

/// What the engine says of imports is an error of linking; the rest is about room.
fn link_error(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Limit if engine_facts::is_about_imports(error.message()) => {
            Error::new(ErrorKind::Link, error.message())
        }
        _ => error,
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}
