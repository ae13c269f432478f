//! Module: compiled code, ready to be instantiated any number of times.

mod build;
mod code;
mod digest;
mod mark;
mod registry;

use std::collections::HashMap;
use std::fmt;
use std::mem::{self, ManuallyDrop};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::binary::binary;
use crate::cache::Digest;
use crate::compiled::{self, Compiled};
use crate::components::described::{Description, describe};
use crate::components::world::{self, Docs};
use crate::engine::Build;
use crate::entry_points::EntryPoints;
use crate::file_mark::FileMark;
use crate::module_file;
use crate::seems::{self, Seems};
use crate::{
    Call, Engine, Error, ErrorKind, ExternType, ImportType, Imports, Instance, Prepared, Result,
    Sandbox, Store, World, fork, precompiled, this_thread,
};

use build::{free, home};
pub(crate) use code::Code;
use digest::digest_of;
pub(crate) use mark::ModuleMark;
pub(crate) use registry::Registry;

/// A compiled module. Cheap to clone; all clones are one module. May be used from any thread.
///
/// It is a core module, whose functions take numbers, or a component, whose functions take strings, lists, records and
/// more: [`Module::is_component`] tells which.
///
/// If you load the same bytes again while a module of them exists, you get that module: nothing is
/// compiled twice in a process.
#[derive(Clone)]
pub struct Module(Arc<Inner>);

struct Inner {
    engine: Engine,
    /// Of the build it was first compiled for. Dropped by `drop`.
    plain: ManuallyDrop<Code>,
    build: Build,
    /// Of the others, by [`Build::index`]; each is compiled for the first store that needs it.
    others: [fork::Once<Result<Code>>; Build::COUNT],
    wasm: Vec<u8>,
    digest: Digest,
    entry_points: EntryPoints,
    /// Of a component, read when it is first asked for.
    world: fork::Once<Result<World>>,
    /// Of a component, made when a binding first asks for it.
    description: fork::Once<Result<Description>>,
    /// A WIT text that was found beside its file.
    wit: OnceLock<String>,
    imports: Vec<ImportType>,
    exports: Vec<(String, ExternType)>,
    /// Seeded anew in each process, so that a guest cannot choose names that collide.
    by_name: HashMap<String, usize, foldhash::fast::RandomState>,
}

impl Module {
    /// Compiles a module from its bytes, or from WebAssembly text, with the shared engine.
    ///
    /// # Errors
    /// `compile` if they are not a valid module; the message says where.
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Module> {
        Module::with_engine(&Engine::shared()?, bytes)
    }

    /// Compiles a module from its bytes, or from WebAssembly text.
    ///
    /// # Errors
    /// `compile` if they are not a valid module; the message says where.
    pub fn with_engine(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Module> {
        // A copy first: another thread may write to a host's bytes between the digest and the compiler.
        Module::with_vec(engine, bytes.as_ref().to_vec())
    }

    /// The same for bytes that the module may keep: it copies them otherwise.
    ///
    /// # Errors
    /// As [`Module::with_engine`].
    pub fn with_vec(engine: &Engine, bytes: Vec<u8>) -> Result<Module> {
        Module::of_source(engine, bytes, None)
    }

    /// The same for bytes that nobody writes to until this returns: they are copied only if no module of
    /// them is there.
    ///
    /// # Errors
    /// As [`Module::with_engine`]. `compile` if somebody wrote to them nevertheless, and that was noticed.
    pub fn with_still(engine: &Engine, bytes: &[u8]) -> Result<Module> {
        if !matches!(seems::of(bytes), Seems::Module | Seems::Component) {
            return Module::with_engine(engine, bytes);
        }
        let digest = blake3::hash(bytes);
        match engine.registry().find(&digest) {
            Some(found) => Ok(found),
            None => Module::of_binary(engine, bytes.to_vec(), digest),
        }
    }

    fn of_source(engine: &Engine, source: Vec<u8>, mark: Option<FileMark>) -> Result<Module> {
        let wasm = this_thread::with_room(COMPILER_BYTES, || binary(source.into()))??.into_owned();
        let digest = digest_of(&wasm, mark);
        if let Some(found) = engine.registry().find(&digest) {
            return Ok(found);
        }
        Module::of_binary(engine, wasm, digest)
    }

    /// A module that is not there yet.
    fn of_binary(engine: &Engine, wasm: Vec<u8>, digest: Digest) -> Result<Module> {
        let build = home(engine, &wasm);
        let variant = engine.variant(build)?;
        let _section = variant.section()?;
        let code = Code::make(variant, &wasm, &digest)?;
        let module = Module::of_code(engine, code, build, wasm, digest);
        engine.registry().keep(&module);
        Ok(module)
    }

    fn of_code(engine: &Engine, code: Code, build: Build, wasm: Vec<u8>, digest: Digest) -> Module {
        let (imports, exports) = match &code.compiled {
            Compiled::Module(module) => items(module),
            Compiled::Component(_) => Default::default(),
        };
        let names = exports.iter().enumerate();
        Module(Arc::new(Inner {
            engine: engine.clone(),
            imports,
            by_name: names.map(|(i, (name, _))| (name.clone(), i)).collect(),
            entry_points: EntryPoints::of(&exports),
            world: fork::Once::new(),
            description: fork::Once::new(),
            wit: OnceLock::new(),
            exports,
            plain: ManuallyDrop::new(code),
            build,
            others: Default::default(),
            wasm,
            digest,
        }))
    }

    /// Compiles a string with the shared engine: WebAssembly text if it begins like
    /// text, with `(` or `;;` after white space and a byte order mark, otherwise the file at this path. Load a file whose
    /// own name begins like that with [`Module::from_file`].
    ///
    /// # Errors
    /// `io` if the file cannot be read, `compile` if there is no valid module.
    pub fn load(source: &str) -> Result<Module> {
        Module::load_with_engine(&Engine::shared()?, source)
    }

    /// The same with an engine.
    ///
    /// # Errors
    /// As [`Module::load`].
    pub fn load_with_engine(engine: &Engine, source: &str) -> Result<Module> {
        match Module::is_text(source) {
            true => Module::with_engine(engine, source),
            false => Module::from_file_with_engine(engine, source).map_err(|e| no_file(e, source)),
        }
    }

    /// Whether [`Module::load`] takes this for WebAssembly text, and not for a path. For a path that is
    /// no text, its bytes.
    pub fn is_text(source: impl AsRef<[u8]>) -> bool {
        seems::is_text(source.as_ref())
    }

    /// Compiles a module from a file of bytes or of WebAssembly text, with the shared engine.
    ///
    /// # Errors
    /// `io` if the file cannot be read, `compile` if it does not hold a valid module.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Module> {
        Module::from_file_with_engine(&Engine::shared()?, path)
    }

    /// Compiles a module from a file of bytes or of WebAssembly text.
    ///
    /// # Errors
    /// `io` if the file cannot be read, `compile` if it does not hold a valid module.
    pub fn from_file_with_engine(engine: &Engine, path: impl AsRef<Path>) -> Result<Module> {
        let path = path.as_ref();
        let (bytes, mark) = module_file::read(path)?;
        let module = Module::of_source(engine, bytes, mark);
        let module = module.map_err(|e| e.in_file(path))?;
        if module.is_component()
            && let Some(wit) = module_file::wit_beside(path)
        {
            // What was found first stays.
            let _ = module.0.wit.set(wit);
        }
        Ok(module)
    }

    /// Compiles a module from its bytes, or from WebAssembly text, on a thread of the engine, and does
    /// not wait. These threads are not those of calls. If you cancel it before it has begun, nothing is
    /// compiled; see [`Call::abandon`] for later.
    ///
    /// # Errors
    /// `limit` if no thread can be started. All other errors are the outcome, as of [`Module::with_engine`].
    pub fn load_async(engine: &Engine, bytes: impl Into<Vec<u8>>) -> Result<Call<Module>> {
        Module::prepare(engine, bytes).start()
    }

    /// The same, not started yet.
    pub fn prepare(engine: &Engine, bytes: impl Into<Vec<u8>>) -> Prepared<Module> {
        let (engine, bytes) = (engine.clone(), bytes.into());
        Module::prepare_with(&engine.clone(), move || Module::with_vec(&engine, bytes))
    }

    /// Compiles a module from a file on a thread of the engine; see [`Module::load_async`].
    ///
    /// # Errors
    /// `limit` if no thread can be started. All other errors are the outcome, as of
    /// [`Module::from_file_with_engine`].
    pub fn from_file_async(engine: &Engine, path: impl Into<PathBuf>) -> Result<Call<Module>> {
        Module::prepare_file(engine, path).start()
    }

    /// The same, not started yet.
    pub fn prepare_file(engine: &Engine, path: impl Into<PathBuf>) -> Prepared<Module> {
        let (engine, path) = (engine.clone(), path.into());
        Module::prepare_with(&engine.clone(), move || {
            Module::from_file_with_engine(&engine, path)
        })
    }

    /// Makes a module in any way on one of the engine's threads for loading.
    pub fn prepare_with(
        engine: &Engine,
        make: impl FnOnce() -> Result<Module> + Send + 'static,
    ) -> Prepared<Module> {
        Prepared::new(engine.loading(), None, make)
    }

    /// Writes the compiled code to a file, for [`Module::load_precompiled`]. A file that is there
    /// is replaced, in one step.
    ///
    /// The file fits one version of this library, one sort of CPU and operating system, and the
    /// engine's options. It is readable and writable by this user only.
    ///
    /// # Errors
    /// `io` if the file cannot be written.
    pub fn compile(&self, path: impl AsRef<Path>) -> Result<()> {
        precompiled::write(path.as_ref(), &self.0.plain.compiled, &self.0.wasm)
    }

    /// Loads a file that [`Module::compile`] wrote, without compiling. The code is mapped from the file.
    ///
    /// # Safety
    /// The file is machine code that runs in this process. It must come from somebody whom you trust as
    /// much as this program itself, and must not be changed while a module of it exists. The checks find
    /// mistakes, not malice.
    ///
    /// # Errors
    /// `io` if the file cannot be read; `compile` if it is not such a file, was truncated or altered,
    /// or was made by another version, for another CPU or operating system, or with other options
    /// of the engine; the message says which.
    pub unsafe fn load_precompiled(engine: &Engine, path: impl AsRef<Path>) -> Result<Module> {
        let path = path.as_ref();
        let file = precompiled::File::read(path)?;
        let build = home(engine, file.wasm());
        let variant = engine.variant(build)?;
        let _section = variant.section()?;
        // SAFETY: the caller's promise.
        let load = || unsafe { file.load(&variant.engine, path) };
        let (compiled, wasm) = this_thread::with_room(LOADER_BYTES, load)??;
        let digest = blake3::hash(&wasm);
        let code = Code::new(compiled);
        // It is not kept for ordinary loads: these must never run code from such a file.
        Ok(Module::of_code(engine, code, build, wasm, digest))
    }

    /// The engine that compiled it.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// The name in its name section, if there is one; a component has none.
    pub fn name(&self) -> Option<&str> {
        match &self.0.plain.compiled {
            Compiled::Module(module) => module.name(),
            Compiled::Component(_) => None,
        }
    }

    /// Whether it is a component: its functions have types of WIT, and [`Module::imports`] and [`Module::exports`],
    /// which are of core modules, are empty.
    pub fn is_component(&self) -> bool {
        matches!(self.0.plain.compiled, Compiled::Component(_))
    }

    /// Its bytes, in the binary format. To send a module to another process, send these: that process
    /// loads them, and takes compiled code from its own modules or its cache.
    pub fn bytes(&self) -> &[u8] {
        &self.0.wasm
    }

    /// The BLAKE3 hash of its bytes, in hexadecimal.
    pub fn digest(&self) -> String {
        self.0.digest.to_hex().to_string()
    }

    /// The digest that a module of these bytes in the binary format has.
    pub fn digest_of(bytes: &[u8]) -> String {
        blake3::hash(bytes).to_hex().to_string()
    }

    /// Whether both are one module, compiled once.
    pub fn same(&self, other: &Module) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// What a component imports and exports: its interfaces and functions, with their types. None for a core module, and
    /// for a component whose types would take more than 16 MiB to describe.
    ///
    /// It has documentation if the component has a WIT text in it, see [`embed_wit`](crate::embed_wit), or
    /// if it was loaded from a file that has one beside it, as `greet.wit` is beside `greet.wasm`.
    pub fn world(&self) -> Option<&World> {
        self.world_or_why().ok()
    }

    /// The same, with the reason why there is none.
    ///
    /// # Errors
    /// `unsupported` for a core module, `limit`.
    pub(crate) fn world_or_why(&self) -> Result<&World> {
        if !self.is_component() {
            return Err(compiled::no_component());
        }
        let make = || {
            let read = || {
                let docs = Docs::of_component(self.bytes(), self.0.wit.get().map(String::as_str));
                compiled::checked("component", || world::read(self.bytes(), docs))?
            };
            this_thread::with_room(COMPILER_BYTES, read)?
        };
        let world = self.0.world.get_or_init(make).as_ref();
        world.map_err(Clone::clone)
    }

    /// The description of a component, for bindings; it is made once.
    ///
    /// # Errors
    /// `unsupported` for a core module, `limit` as for [`Module::world`].
    pub fn description(&self) -> Result<&Description> {
        let make = || describe(self.world_or_why()?);
        let made = self.0.description.get_or_init(make).as_ref();
        made.map_err(Clone::clone)
    }

    /// What it imports from its host, in its own order; nothing for a component.
    pub fn imports(&self) -> &[ImportType] {
        &self.0.imports
    }

    /// What it exports, in its own order; nothing for a component.
    pub fn exports(&self) -> &[(String, ExternType)] {
        &self.0.exports
    }

    /// Makes an instance in a store of its own and runs the module's start function.
    ///
    /// # Errors
    /// `link`, naming every import that is missing or of another type; `trap` or `host` if the
    /// start function fails; `wrong_store` if an import lives in a store.
    pub fn instantiate(&self, imports: &Imports) -> Result<Instance> {
        self.instantiate_with(imports, &Sandbox::default())
    }

    /// The same in a store that is closed in, which holds for the start function too.
    ///
    /// # Errors
    /// As [`Module::instantiate`], those of the limits, and those of [`Store::with`].
    pub fn instantiate_with(&self, imports: &Imports, sandbox: &Sandbox) -> Result<Instance> {
        Instance::new(&Store::with(&self.0.engine, sandbox)?, self, imports)
    }

    /// What it has that runs once.
    pub(crate) fn entry_points(&self) -> EntryPoints {
        self.0.entry_points
    }

    /// Whether its stores should have room for 64-bit memories of more than the usual.
    pub(crate) fn is_large(&self) -> bool {
        self.0.build.large
    }

    /// Whether its instances in such a sandbox can be in slots of the engine. Told once: what it takes is made ready then.
    pub(crate) fn fits_slots(&self, sandbox: &Sandbox) -> bool {
        let can = self.0.engine.has_slots() && !self.is_large();
        can && self.code(Build::in_slot(sandbox)).is_ok()
    }

    /// The code of a build.
    pub(crate) fn code(&self, build: Build) -> Result<&Code> {
        if build == self.0.build {
            return Ok(&self.0.plain);
        }
        let make = || {
            let variant = self.0.engine.variant(build)?;
            let like = match build.pooled {
                true => Some(self.code(build.without_slots())?),
                false => None,
            };
            let _section = variant.section()?;
            match like {
                Some(like) => Code::like(variant, like, &self.0.digest),
                None => Code::make(variant, &self.0.wasm, &self.0.digest),
            }
        };
        self.0.others[build.index()]
            .get_or_init(make)
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The position of an export in [`Module::exports`].
    pub(crate) fn export_index(&self, name: &str) -> Option<usize> {
        self.0.by_name.get(name).copied()
    }
}

/// What a core module imports and exports.
fn items(module: &wasmtime::Module) -> (Vec<ImportType>, Vec<(String, ExternType)>) {
    let imports = module.imports().map(|import| ImportType {
        module: import.module().to_owned(),
        name: import.name().to_owned(),
        ty: ExternType::of(&import.ty()),
    });
    let exports = module.exports();
    let exports = exports.map(|it| (it.name().to_owned(), ExternType::of(&it.ty())));
    (imports.collect(), exports.collect())
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.engine.registry().forget(&self.digest);
        // SAFETY: nobody uses it any more.
        let plain = unsafe { ManuallyDrop::take(&mut self.plain) };
        free(&self.engine, self.build, plain);
        for build in Build::all() {
            let code = mem::take(&mut self.others[build.index()]);
            if code.get().is_some() {
                free(&self.engine, build, code);
            }
        }
    }
}

/// What compiling may need of the native stack: parsers and the optimiser recurse.
pub(crate) const COMPILER_BYTES: usize = 2 << 20;

/// What mapping compiled code may need.
const LOADER_BYTES: usize = 256 << 10;

/// Says why there may be no file of this name.
pub(crate) fn no_file(error: Error, source: &str) -> Error {
    match seems::not_a_path(source) {
        Some(why) if error.kind() == ErrorKind::Io => error.and(&why),
        _ => error,
    }
}

/// Says what seems to have happened to a module that is not valid.
pub(crate) fn damaged(error: Error, wasm: &[u8]) -> Error {
    match seems::damage(wasm) {
        Some(damage) if error.kind() == ErrorKind::Compile => error.and(&damage),
        _ => error,
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}
