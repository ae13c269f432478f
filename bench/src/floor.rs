//! The engine's own Rust API, as fast as it goes: what every ratio is to.

use std::cell::RefCell;
use std::hint::black_box;
use std::path::PathBuf;

use wasmtime::{Engine, Instance, InstancePre, Linker, Memory, Module, Store};

use crate::{Case, calls_of_empty};

pub(crate) fn cases<'a>(bytes: &[u8], large: &'a [u8]) -> Vec<Case<'a>> {
    let engine = Engine::default();
    let module = Module::new(&engine, bytes).expect("the module compiles");
    let pre = link(&engine, &module);
    let mut store = Store::new(&engine, ());
    let instance = pre.instantiate(&mut store).expect("the module links");
    let add_i32 = instance
        .get_typed_func::<(i32, i32), i32>(&mut store, "add_i32")
        .expect("add");
    let add_i64 = instance
        .get_typed_func::<(i64, i64), i64>(&mut store, "add_i64")
        .expect("add");
    let add_f64 = instance
        .get_typed_func::<(f64, f64), f64>(&mut store, "add_f64")
        .expect("add");
    let callbacks = instance
        .get_typed_func::<i32, i32>(&mut store, "callbacks")
        .expect("calls");
    let memory = instance.get_memory(&mut store, "memory").expect("memory");
    // All cases share the store, one at a time.
    let store: &'static RefCell<Store<()>> = Box::leak(Box::new(RefCell::new(store)));

    let mut cases: Vec<Case<'a>> = vec![
        ("empty", Box::new(calls_of_empty)),
        (
            "add_i32",
            Box::new(move |n| {
                let mut store = store.borrow_mut();
                for _ in 0..n {
                    black_box(add_i32.call(&mut *store, (black_box(2), 3)).expect("add"));
                }
            }),
        ),
        (
            "add_i64",
            Box::new(move |n| {
                let mut store = store.borrow_mut();
                for _ in 0..n {
                    black_box(add_i64.call(&mut *store, (black_box(2), 3)).expect("add"));
                }
            }),
        ),
        (
            "add_f64",
            Box::new(move |n| {
                let mut store = store.borrow_mut();
                for _ in 0..n {
                    black_box(
                        add_f64
                            .call(&mut *store, (black_box(2.0), 3.0))
                            .expect("add"),
                    );
                }
            }),
        ),
        ("by_name", Box::new(move |n| by_name(&instance, store, n))),
        (
            "callback",
            Box::new(move |n| {
                callbacks
                    .call(&mut *store.borrow_mut(), n as i32)
                    .expect("callbacks");
            }),
        ),
        (
            "instantiate",
            Box::new(move |n| {
                for _ in 0..n {
                    let mut store = Store::new(&engine, ());
                    black_box(pre.instantiate(&mut store).expect("instantiate"));
                }
            }),
        ),
        ("load", Box::new(load(large))),
    ];
    cases.extend(of_memory(memory, store));
    cases
}

fn of_memory(memory: Memory, store: &'static RefCell<Store<()>>) -> Vec<Case<'static>> {
    vec![
        (
            "copy_64",
            Box::new(move |n| copy_64(&memory, &mut store.borrow_mut(), n)),
        ),
        (
            "write_1mib",
            Box::new(move |n| copy(&memory, store, n, true)),
        ),
        (
            "read_1mib",
            Box::new(move |n| copy(&memory, store, n, false)),
        ),
    ]
}

fn link(engine: &Engine, module: &Module) -> InstancePre<()> {
    let mut linker = Linker::new(engine);
    linker
        .func_wrap("env", "inc", |n: i32| n + 1)
        .expect("env.inc");
    linker.instantiate_pre(module).expect("the module links")
}

fn by_name(instance: &Instance, store: &RefCell<Store<()>>, n: u64) {
    let mut store = store.borrow_mut();
    for _ in 0..n {
        let add = instance
            .get_typed_func::<(i32, i32), i32>(&mut *store, "add_i32")
            .expect("add");
        black_box(add.call(&mut *store, (black_box(2), 3)).expect("add"));
    }
}

/// A new folder that only this user may enter and that goes with its owner.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let name = format!("landbridge-bench-{}", std::process::id());
        let folder = Folder(std::env::temp_dir().join(name));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder.0).expect("the folder is new");
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// From a precompiled file, mapped: what a cache can reach at best.
fn load(bytes: &[u8]) -> impl FnMut(u64) + use<> {
    let engine = Engine::default();
    let folder = Folder::new();
    let code = engine
        .precompile_module(bytes)
        .expect("the module compiles");
    std::fs::write(folder.0.join("code"), code).expect("the file can be written");
    move |n| {
        let path = folder.0.join("code");
        for _ in 0..n {
            // SAFETY: the file was written just above, by this engine, where nobody else may write.
            let module = unsafe { Module::deserialize_file(&engine, &path) };
            black_box(module.expect("the file is good"));
        }
    }
}

fn copy_64(memory: &Memory, store: &mut Store<()>, n: u64) {
    let mut bytes = [7; 64];
    for _ in 0..n {
        memory
            .write(&mut *store, 0, black_box(&bytes))
            .expect("write");
        memory
            .read(&mut *store, 0, black_box(&mut bytes))
            .expect("read");
    }
}

fn copy(memory: &Memory, store: &RefCell<Store<()>>, n: u64, write: bool) {
    let mut store = store.borrow_mut();
    let mut bytes = vec![7; 1 << 20];
    for _ in 0..n {
        match write {
            true => memory
                .write(&mut *store, 0, black_box(&bytes))
                .expect("write"),
            false => memory
                .read(&mut *store, 0, black_box(&mut bytes))
                .expect("read"),
        }
    }
}
