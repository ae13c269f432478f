//! Landbridge's own Rust API.

use std::hint::black_box;
use std::sync::Arc;

use landbridge::{
    Column, ColumnMut, Engine, EngineOptions, FuncType, HostContext, HostFunc, Imports, Instance,
    Memory, Module, Pool, PoolOptions, Result, Sandbox, Slot, Value,
};

use crate::{Case, calls_of_empty};

struct Inc;

impl HostFunc for Inc {
    fn call(&self, _: &HostContext<'_>, _: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        Ok(args.to_vec())
    }

    fn call_raw(&self, _: &HostContext<'_>, _: &FuncType, slots: &mut [Slot]) -> Result<()> {
        slots[0] = Slot::from_i32(slots[0].as_i32() + 1);
        Ok(())
    }
}

pub(crate) fn cases<'a>(bytes: &[u8], large: &'a [u8], large_path: &'a str) -> Vec<Case<'a>> {
    let module = Module::new(bytes).expect("the module compiles");
    let mut imports = Imports::new();
    imports.host_func("env", "inc", Arc::new(Inc));
    let instance = module.instantiate(&imports).expect("the module links");
    let memory = instance.memory("memory").expect("memory");
    let named = instance.clone();
    let map_i32 = |rows| map(&instance, "add_i32", 1_i32, rows);
    let map_f64 = |rows| map(&instance, "add_f64", 1_f64, rows);

    let mut cases: Vec<Case<'a>> = vec![
        ("map_i32_1e5", map_i32(100_000)),
        ("map_f64_1e5", map_f64(100_000)),
        ("map_i32_1e6", map_i32(1_000_000)),
        ("map_f64_1e6", map_f64(1_000_000)),
        ("empty", Box::new(calls_of_empty)),
        (
            "add_i32",
            add(&instance, "add_i32", [Slot::from_i32(2), Slot::from_i32(3)]),
        ),
        (
            "add_i64",
            add(&instance, "add_i64", [Slot::from_i64(2), Slot::from_i64(3)]),
        ),
        (
            "add_f64",
            add(
                &instance,
                "add_f64",
                [Slot::from_f64(2.0), Slot::from_f64(3.0)],
            ),
        ),
        (
            "by_name",
            Box::new(move |n| {
                for _ in 0..n {
                    let mut slots = black_box([Slot::from_i32(2), Slot::from_i32(3)]);
                    let func = named.func_ref("add_i32").expect("add");
                    func.call_raw(&mut slots).expect("add");
                    black_box(slots[0].as_i32());
                }
            }),
        ),
        (
            "callback",
            Box::new(move |n| {
                instance
                    .call("callbacks", &[Value::I32(n as i32)])
                    .expect("callbacks");
            }),
        ),
    ];
    cases.extend(of_modules(module, imports, large, large_path));
    cases.push(("instantiate_pooled", instantiate_pooled()));
    cases.extend(of_memory(memory));
    cases
}

fn of_modules<'a>(
    module: Module,
    imports: Imports,
    large: &'a [u8],
    large_path: &'a str,
) -> Vec<Case<'a>> {
    vec![
        (
            "instantiate",
            Box::new(move |n| {
                for _ in 0..n {
                    module.instantiate(&imports).expect("instantiate").close();
                }
            }),
        ),
        (
            "load",
            Box::new(move |n| {
                (0..n).for_each(|_| drop(black_box(Module::new(large).expect("load"))));
            }),
        ),
        (
            "load_path",
            Box::new(move |n| {
                let load = || Module::from_file(large_path).expect("load");
                (0..n).for_each(|_| drop(black_box(load())));
            }),
        ),
    ]
}

/// An instance with data, taken from a pool with slots and given back.
fn instantiate_pooled() -> Box<dyn FnMut(u64)> {
    let options = EngineOptions {
        pool_slots: 8,
        ..EngineOptions::default()
    };
    let engine = Engine::new(options).expect("an engine");
    let module = Module::with_engine(&engine, include_str!("../data.wat"));
    let (imports, sandbox) = (Imports::new(), Sandbox::default());
    let pool = Pool::new(
        &module.expect("the module compiles"),
        &imports,
        &sandbox,
        PoolOptions::default(),
    );
    let pool = pool.expect("a pool");
    Box::new(move |n| {
        for _ in 0..n {
            pool.get().expect("an instance").close();
        }
    })
}

fn of_memory(memory: Memory) -> Vec<Case<'static>> {
    let (read, write, both) = (memory.clone(), memory.clone(), memory);
    vec![
        ("copy_64", Box::new(move |n| copy_64(&both, n))),
        ("write_1mib", Box::new(move |n| copy(&write, n, true))),
        ("read_1mib", Box::new(move |n| copy(&read, n, false))),
    ]
}

/// A batch over so many rows in each round.
fn map<T>(instance: &Instance, name: &str, element: T, rows: usize) -> Box<dyn FnMut(u64)>
where
    T: Copy + 'static,
    for<'a> &'a Vec<T>: Into<Column<'a>>,
    for<'a> &'a mut Vec<T>: Into<ColumnMut<'a>>,
{
    let func = instance.func(name).expect("add");
    let (xs, mut sums) = (vec![element; rows], vec![element; rows]);
    Box::new(move |n| {
        for _ in 0..n {
            let args = [(&xs).into(), (&xs).into()];
            func.map(&args, &mut [(&mut sums).into()]).expect("map");
        }
    })
}

fn add<'a>(instance: &Instance, name: &str, args: [Slot; 2]) -> Box<dyn FnMut(u64) + 'a> {
    let func = instance.func(name).expect("add");
    Box::new(move |n| {
        for _ in 0..n {
            let mut slots = black_box(args);
            func.call_raw(&mut slots).expect("add");
            black_box(slots[0].as_i32());
        }
    })
}

fn copy_64(memory: &Memory, n: u64) {
    let mut bytes = [7; 64];
    for _ in 0..n {
        memory.write(0, black_box(&bytes)).expect("write");
        memory.read_into(0, black_box(&mut bytes)).expect("read");
    }
}

fn copy(memory: &Memory, n: u64, write: bool) {
    let mut bytes = vec![7; 1 << 20];
    for _ in 0..n {
        match write {
            true => memory.write(0, black_box(&bytes)).expect("write"),
            false => memory.read_into(0, black_box(&mut bytes)).expect("read"),
        }
    }
}
