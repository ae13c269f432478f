//! The kernels in Landbridge, and in the engine alone: `kernels LANE KERNELS_WASM NAME=SIZE=CHECKSUM ...`.

use std::hint::black_box;

use landbridge::{Engine, EngineOptions, Imports, Limits, Module, Sandbox, Slot};

use crate::Case;

/// Size and seed in, checksum out.
type Run = Box<dyn FnMut(u32, u32) -> u32>;

pub(crate) fn cases(args: Vec<String>) -> Vec<Case<'static>> {
    let [lane, path, kernels @ ..] = &*args else {
        eprintln!(
            "usage: landbridge-bench kernels floor|trusted|default|fuel KERNELS_WASM NAME=SIZE=CHECKSUM ..."
        );
        std::process::exit(2);
    };
    let wasm = std::fs::read(path).expect("the kernels can be read");
    let make = lane_of(lane, &wasm);
    kernels.iter().map(|text| case(text, &*make)).collect()
}

/// Checks that a kernel returns its checksum, and measures it.
fn case(text: &str, make: &dyn Fn(&str) -> Run) -> Case<'static> {
    let parts: Vec<&str> = text.split('=').collect();
    let [name, size, checksum] = *parts else {
        panic!("{text} is not NAME=SIZE=CHECKSUM");
    };
    let size: u32 = size.parse().expect("a size");
    let mut run = make(name);
    let sum = run(size, 1).to_string();
    assert_eq!(sum, checksum, "{name} of {size} returned another checksum");
    let measure = move |n| {
        for _ in 0..n {
            black_box(run(black_box(size), 1));
        }
    };
    (String::leak(name.to_owned()), Box::new(measure))
}

fn lane_of(lane: &str, wasm: &[u8]) -> Box<dyn Fn(&str) -> Run> {
    let mut options = EngineOptions::default();
    let mut limits = Limits::default();
    match lane {
        "floor" => return engine_alone(wasm),
        "trusted" => options.interruptible = false,
        "default" => {}
        // As much as nothing uses up.
        "fuel" => limits.fuel = Some(u64::MAX),
        other => panic!("no lane is named {other}"),
    }
    let engine = Engine::new(options).expect("an engine");
    let module = Module::with_engine(&engine, wasm).expect("the kernels compile");
    let sandbox = Sandbox {
        limits,
        ..Default::default()
    };
    let instance = module.instantiate_with(&Imports::new(), &sandbox);
    let instance = instance.expect("the kernels link");
    Box::new(move |name| {
        let func = instance.func(name).expect("a kernel of this name");
        Box::new(move |size, seed| {
            let mut slots = [Slot::from_i32(size as i32), Slot::from_i32(seed as i32)];
            func.call_raw(&mut slots).expect("the kernel returns");
            slots[0].as_i32() as u32
        })
    })
}

/// The engine as it is by default: without anything that ends a guest.
fn engine_alone(wasm: &[u8]) -> Box<dyn Fn(&str) -> Run> {
    let engine = wasmtime::Engine::default();
    let module = wasmtime::Module::new(&engine, wasm).expect("the kernels compile");
    Box::new(move |name| {
        let mut store = wasmtime::Store::new(&engine, ());
        let instance = wasmtime::Instance::new(&mut store, &module, &[]).expect("the kernels link");
        let func = instance
            .get_typed_func::<(u32, u32), u32>(&mut store, name)
            .expect("a kernel of this name");
        Box::new(move |size, seed| func.call(&mut store, (size, seed)).expect("it returns"))
    })
}
