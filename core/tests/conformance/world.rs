//! What the steps of a case know by name.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use landbridge::{
    Call, Engine, EngineOptions, Exception, Extern, ExternRef, GcRef, HostResource, Instance,
    MemoryView, Module, Pool, Resource, Store, Value, WitValue,
};

/// Why a step did not do what it should.
pub(crate) enum Stop {
    /// The library answered with an error.
    Failed(landbridge::Error),
    /// Something else was found than the case says.
    Wrong(String),
}

impl From<landbridge::Error> for Stop {
    fn from(error: landbridge::Error) -> Stop {
        Stop::Failed(error)
    }
}

pub(crate) type Done<T = ()> = Result<T, Stop>;

pub(crate) fn wrong<T>(what: impl Into<String>) -> Done<T> {
    Err(Stop::Wrong(what.into()))
}

/// Checks that what was found is what the case says.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Done {
    if found == expected {
        return Ok(());
    }
    wrong(format!("found {found:?}, expected {expected:?}"))
}

/// A folder that goes with its owner.
pub(crate) struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("landbridge-case-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).expect("a folder for the case");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[derive(Clone)]
pub(crate) enum Thing {
    Engine(Engine),
    Module(Module),
    Store(Store),
    Instance(Instance),
    Item(Extern),
    View(MemoryView),
    Gc(GcRef),
    Exception(Exception),
    Calls(Vec<Call>),
    Pool(Pool),
    Resource(Resource),
    WitCalls(Vec<Call<Option<WitValue>>>),
}

/// Shared by all threads of a case.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) objects: Mutex<HashMap<String, ExternRef>>,
    pub(crate) exceptions: Mutex<HashMap<String, Arc<String>>>,
    /// Exceptions of WebAssembly that were thrown under a name.
    pub(crate) thrown: Mutex<HashMap<String, Exception>>,
    pub(crate) log: Mutex<Vec<Vec<Value>>>,
    /// Host objects that are resources of components.
    pub(crate) host_objects: Mutex<HashMap<String, HostResource>>,
    /// What functions that components call got.
    pub(crate) wit_log: Mutex<Vec<Vec<String>>>,
    /// What guests wrote to functions of the host.
    pub(crate) written: Mutex<Vec<u8>>,
}

/// The names of a case; each thread of `in_threads` has a copy of its own.
pub(crate) struct World {
    signal_handlers: bool,
    things: Mutex<HashMap<String, Thing>>,
    pub(crate) shared: Arc<Shared>,
    /// For files of this case.
    folder: Mutex<Option<Folder>>,
}

impl World {
    pub(crate) fn new(signal_handlers: bool) -> World {
        World {
            signal_handlers,
            things: Mutex::default(),
            shared: Arc::default(),
            folder: Mutex::default(),
        }
    }

    pub(crate) fn default_options(&self) -> EngineOptions {
        EngineOptions {
            signal_handlers: self.signal_handlers,
            ..EngineOptions::default()
        }
    }

    /// The engine of steps that name none.
    pub(crate) fn default_engine(&self) -> landbridge::Result<Engine> {
        static WITHOUT: OnceLock<landbridge::Result<Engine>> = OnceLock::new();
        match self.signal_handlers {
            true => Engine::shared(),
            false => {
                let make = || Engine::new(self.default_options());
                WITHOUT.get_or_init(make).clone()
            }
        }
    }

    pub(crate) fn fork(&self) -> Arc<World> {
        Arc::new(World {
            signal_handlers: self.signal_handlers,
            things: Mutex::new(self.things.lock().unwrap().clone()),
            shared: self.shared.clone(),
            folder: Mutex::default(),
        })
    }

    /// A file in the folder of this case.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        let mut folder = self.folder.lock().unwrap();
        folder.get_or_insert_with(Folder::new).0.join(name)
    }

    pub(crate) fn put(&self, name: &str, thing: Thing) {
        self.things.lock().unwrap().insert(name.to_owned(), thing);
    }

    pub(crate) fn get(&self, name: &str) -> Done<Thing> {
        let found = self.things.lock().unwrap().get(name).cloned();
        found.ok_or_else(|| Stop::Wrong(format!("nothing is known as {name:?}")))
    }

    /// Lets go of everything, host functions that know this world included.
    pub(crate) fn clear(&self) {
        drop(std::mem::take(&mut *self.things.lock().unwrap()));
        self.shared.thrown.lock().unwrap().clear();
    }

    pub(crate) fn object(&self, name: &str) -> ExternRef {
        let mut objects = self.shared.objects.lock().unwrap();
        let object = objects.entry(name.to_owned());
        object
            .or_insert_with(|| ExternRef::new(name.to_owned()))
            .clone()
    }

    pub(crate) fn host_object(&self, name: &str) -> HostResource {
        let mut objects = self.shared.host_objects.lock().unwrap();
        let object = objects.entry(name.to_owned());
        object
            .or_insert_with(|| HostResource::new(name.to_owned()))
            .clone()
    }

    pub(crate) fn exception(&self, name: &str) -> Arc<String> {
        let mut exceptions = self.shared.exceptions.lock().unwrap();
        let exception = exceptions.entry(name.to_owned());
        exception
            .or_insert_with(|| Arc::new(name.to_owned()))
            .clone()
    }
}

/// Declares a look-up of one sort of thing.
macro_rules! getter {
    ($($name:ident $Type:ty = $pattern:pat => $found:expr;)*) => {
        impl World {$(
            pub(crate) fn $name(&self, name: &str) -> Done<$Type> {
                match self.get(name)? {
                    $pattern => Ok($found),
                    _ => wrong(format!("{name:?} is no {}", stringify!($name))),
                }
            }
        )*}
    };
}

getter! {
    engine Engine = Thing::Engine(it) => it;
    module Module = Thing::Module(it) => it;
    store Store = Thing::Store(it) => it;
    instance Instance = Thing::Instance(it) => it;
    view MemoryView = Thing::View(it) => it;
    item Extern = Thing::Item(it) => it;
    func landbridge::Func = Thing::Item(Extern::Func(it)) => it;
    memory landbridge::Memory = Thing::Item(Extern::Memory(it)) => it;
    table landbridge::Table = Thing::Item(Extern::Table(it)) => it;
    tag landbridge::Tag = Thing::Item(Extern::Tag(it)) => it;
    gc GcRef = Thing::Gc(it) => it;
    calls Vec<Call> = Thing::Calls(it) => it;
    resource Resource = Thing::Resource(it) => it;
    wit_calls Vec<Call<Option<WitValue>>> = Thing::WitCalls(it) => it;
    pool Pool = Thing::Pool(it) => it;
    exn Exception = Thing::Exception(it) => it;
    global landbridge::Global = Thing::Item(Extern::Global(it)) => it;
}
