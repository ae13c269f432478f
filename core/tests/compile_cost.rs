//! The bound on what compiling costs: where it is asked, and where not.

use std::path::{Path, PathBuf};

use landbridge::{
    CompileCache, Engine, EngineOptions, ErrorKind, Imports, Inspection, Limits, Module, Sandbox,
};

/// One function of 50,000 locals.
const LOCALS: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x08\x01\x06\x01\xd0\x86\x03\x7b\x0b";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let name = format!("landbridge-cost-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).expect("a folder");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn engine(compile_cost: u64, cache: Option<&Path>) -> Engine {
    let cache = match cache {
        Some(folder) => CompileCache::Folder(folder.join("cache")),
        None => CompileCache::Off,
    };
    let options = EngineOptions {
        compile_cost,
        cache,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

fn refused(result: landbridge::Result<impl Sized>) {
    let error = result.err().expect("refused");
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    assert!(error.message().contains("50000 locals"), "{error}");
    assert!(error.message().contains("compile_cost"), "{error}");
}

#[test]
fn the_option_is_what_inspection_tells() {
    let cost = Inspection::new(LOCALS).expect("a module").compile_cost;
    assert!(cost > 3000, "{cost}");
    refused(Module::with_engine(&engine(cost - 1, None), LOCALS));
    Module::with_engine(&engine(cost, None), LOCALS).expect("within the bound");
    Module::with_engine(&engine(u64::MAX, None), LOCALS).expect("no bound");
}

#[test]
fn what_the_cache_has_is_loaded() {
    let folder = Folder::new("cached");
    refused(Module::with_engine(&engine(1, Some(&folder.0)), LOCALS));
    Module::with_engine(&engine(u64::MAX, Some(&folder.0)), LOCALS).expect("no bound");
    let module = Module::with_engine(&engine(1, Some(&folder.0)), LOCALS).expect("cached");
    // The form that counts fuel is not in the cache: it would have to be compiled.
    let fueled = Sandbox {
        limits: Limits {
            fuel: Some(1000),
            ..Limits::default()
        },
        ..Sandbox::default()
    };
    refused(module.instantiate_with(&Imports::new(), &fueled));
    module.instantiate(&Imports::new()).expect("the plain form");
}

#[test]
fn what_is_precompiled_is_loaded() {
    let folder = Folder::new("precompiled");
    let file = folder.0.join("module");
    let module = Module::with_engine(&engine(u64::MAX, None), LOCALS).expect("no bound");
    module.compile(&file).expect("written");
    // SAFETY: the file was written just above, by this program.
    unsafe { Module::load_precompiled(&engine(1, None), &file) }.expect("it is compiled");
}
