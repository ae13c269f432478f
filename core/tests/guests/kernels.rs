//! The kernels of the bench return what native code does, however the engine was made.

use landbridge::{CompileCache, Engine, EngineOptions, Imports, Limits, Module, Sandbox, Value};

/// The kernels that are the bench's, with size and checksum.
fn kernels() -> serde_json::Map<String, serde_json::Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bench/kernels/sizes.json");
    let text = std::fs::read_to_string(path).expect("the list can be read");
    serde_json::from_str(&text).expect("it is JSON")
}

fn check(options: EngineOptions, limits: Limits) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bench/kernels.wasm");
    let wasm = std::fs::read(path).expect("the kernels can be read");
    let engine = Engine::new(options).unwrap();
    let module = Module::with_engine(&engine, wasm).unwrap();
    let sandbox = Sandbox {
        limits,
        ..Default::default()
    };
    let instance = module.instantiate_with(&Imports::new(), &sandbox).unwrap();
    let kernels = kernels();
    assert_eq!(kernels.len(), 10);
    for (name, it) in kernels {
        let number = |key: &str| Value::I32(it[key].as_u64().expect("a number") as u32 as i32);
        let found = instance.call(&name, &[number("size"), Value::I32(1)]);
        assert_eq!(found.unwrap(), [number("checksum")], "{name}");
    }
}

#[test]
fn kernels_return_what_native_code_does() {
    check(EngineOptions::default(), Limits::default());
}

#[test]
fn kernels_return_the_same_without_interruption() {
    let options = EngineOptions {
        interruptible: false,
        cache: CompileCache::Off,
        ..Default::default()
    };
    check(options, Limits::default());
}

#[test]
fn kernels_return_the_same_with_fuel_and_without_signals() {
    let options = EngineOptions {
        signal_handlers: false,
        cache: CompileCache::Off,
        ..Default::default()
    };
    let limits = Limits {
        fuel: Some(u64::MAX),
        ..Default::default()
    };
    check(options, limits);
}
