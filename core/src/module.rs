//! Module: compiled code, ready to be instantiated any number of times.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::{
    Engine, Error, ErrorKind, ExternType, ImportType, Imports, Instance, Result, Store, stack,
};

/// A compiled module. Cheap to clone; all clones are one module. May be used from any thread.
#[derive(Clone)]
pub struct Module(Arc<Inner>);

struct Inner {
    engine: Engine,
    module: wasmtime::Module,
    imports: Vec<ImportType>,
    engine_imports: Vec<wasmtime::ExternType>,
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
        let compile = |e| Error::from_engine(e, ErrorKind::Compile);
        let bytes = bytes.as_ref();
        let module = match load_cached(engine, bytes)? {
            Some(module) => module,
            None => stack::with_room(COMPILER_BYTES, || compile_and_keep(engine, bytes))?
                .map_err(compile)?,
        };
        let imports = module.imports().map(|import| ImportType {
            module: import.module().to_owned(),
            name: import.name().to_owned(),
            ty: ExternType::of(&import.ty()),
        });
        let exports: Vec<_> = module
            .exports()
            .map(|export| (export.name().to_owned(), ExternType::of(&export.ty())))
            .collect();
        let by_name = exports
            .iter()
            .enumerate()
            .map(|(i, (name, _))| (name.clone(), i))
            .collect();
        Ok(Module(Arc::new(Inner {
            engine: engine.clone(),
            imports: imports.collect(),
            engine_imports: module.imports().map(|import| import.ty()).collect(),
            exports,
            by_name,
            module,
        })))
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
        let bytes = std::fs::read(path)
            .map_err(|e| Error::new(ErrorKind::Io, format!("{}: {e}", path.display())))?;
        Module::with_engine(engine, bytes).map_err(|e| match e.kind() {
            ErrorKind::Compile => Error::new(
                ErrorKind::Compile,
                format!("{}: {}", path.display(), e.message()),
            ),
            _ => e,
        })
    }

    /// The engine that compiled it.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// The name in its name section, if there is one.
    pub fn name(&self) -> Option<&str> {
        self.0.module.name()
    }

    /// What it asks its host for, in its own order.
    pub fn imports(&self) -> &[ImportType] {
        &self.0.imports
    }

    /// What it exports, in its own order.
    pub fn exports(&self) -> &[(String, ExternType)] {
        &self.0.exports
    }

    /// Makes an instance in a store of its own and runs the module's start function.
    ///
    /// # Errors
    /// `link`, naming every import that is missing or of another type; `trap` or `host` if the
    /// start function fails; `wrong_store` if an import lives in a store.
    pub fn instantiate(&self, imports: &Imports) -> Result<Instance> {
        Instance::new(&Store::new(&self.0.engine)?, self, imports)
    }

    pub(crate) fn module(&self) -> &wasmtime::Module {
        &self.0.module
    }

    pub(crate) fn engine_imports(&self) -> &[wasmtime::ExternType] {
        &self.0.engine_imports
    }

    /// The position of an export in [`Module::exports`].
    pub(crate) fn export_index(&self, name: &str) -> Option<usize> {
        self.0.by_name.get(name).copied()
    }
}

/// What compiling may need of the native stack: parsers and the optimiser recurse.
const COMPILER_BYTES: usize = 2 << 20;

/// What mapping compiled code may need.
const LOADER_BYTES: usize = 256 << 10;

/// Takes the code from the cache if it is there.
fn load_cached(engine: &Engine, bytes: &[u8]) -> Result<Option<wasmtime::Module>> {
    let Some(cache) = engine.cache() else {
        return Ok(None);
    };
    stack::with_room(LOADER_BYTES, || {
        cache.load(engine.engine(), &cache.key(bytes))
    })
}

fn compile_and_keep(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<wasmtime::Module> {
    let module = wasmtime::Module::new(engine.engine(), bytes)?;
    if let Some(cache) = engine.cache() {
        cache.keep(&cache.key(bytes), &module);
    }
    Ok(module)
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exports: Vec<_> = self.0.exports.iter().map(|(name, _)| name).collect();
        f.debug_struct("Module")
            .field("name", &self.name())
            .field("exports", &exports)
            .finish()
    }
}
