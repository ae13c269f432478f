//! Where one of these fails after an upgrade, `docs/upgrading-the-engine.md` says what the fact is for.

use wasmtime::{Config, Engine, Instance, Module, Store};

use super::*;
use crate::{Imports, TrapCode};

/// How Landbridge loads a module that it refuses.
fn refused(wat: &str) -> String {
    let error = crate::Module::new(wat).unwrap_err();
    error.message().to_owned()
}

fn code_of(engine: &Engine) -> Vec<u8> {
    let module = Module::new(engine, r#"(module (func (export "f")))"#).unwrap();
    module.serialize().unwrap()
}

/// What an engine says of code that it refuses.
fn said_of(code: &[u8]) -> String {
    // SAFETY: the code was made here; what was changed in it is looked at before it would run.
    let loaded = unsafe { Module::deserialize(&Engine::default(), code) };
    misfit(&format!("{:#}", loaded.expect_err("it is refused")))
}

#[test]
fn what_is_off_has_a_hint() {
    for (wat, hint) in [
        ("(module (memory 1 1 shared))", "threads are off"),
        (
            "(module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))",
            "threads are off",
        ),
        (
            "(module (func (result i64 i64) (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))",
            "wide_arithmetic",
        ),
        ("(module (memory 1 (pagesize 1)))", "custom_page_sizes"),
        (
            "(module (tag) (func try catch 0 end))",
            "--translate-to-exnref",
        ),
        ("(component (type (stream u8)))", "WASI 0.3"),
        (
            "(component (core func (canon stream.cancel-read 0 async)))",
            "WASI 0.3",
        ),
        ("(component (core func (canon thread.index)))", "WASI 0.3"),
        ("(component (type error-context))", "WASI 0.3"),
        ("(component (type (map string u8)))", "list of tuples"),
        ("(component (type (list u8 4)))", "fixed length"),
    ] {
        let said = refused(wat);
        assert!(said.contains(hint), "{said}");
    }
}

#[test]
fn each_hint_is_for_something() {
    let parts: Vec<_> = HINTS.iter().map(|(part, _)| *part).collect();
    assert_eq!(
        parts.len(),
        11,
        "what_is_off_has_a_hint has one module each"
    );
}

#[test]
fn an_import_of_another_type_is_told_so() {
    let engine = Engine::default();
    let module = Module::new(&engine, r#"(module (import "m" "g" (global i32)))"#).unwrap();
    let mut store = Store::new(&engine, ());
    let ty = wasmtime::GlobalType::new(wasmtime::ValType::I64, wasmtime::Mutability::Const);
    let global = wasmtime::Global::new(&mut store, ty, wasmtime::Val::I64(0)).unwrap();
    let error = Instance::new(&mut store, &module, &[global.into()]).unwrap_err();
    assert!(is_about_imports(&error.to_string()), "{error}");
}

/// What a call of `f` of a component fails with in a store with these limits of the engine's.
fn over(wat: &str, fuel: usize, handles: usize) -> wasmtime::Error {
    use wasmtime::component::{Component, Linker, Resource, ResourceType};
    let engine = Engine::default();
    let component = Component::new(&engine, wat).unwrap();
    let mut store = Store::new(&engine, ());
    store.set_hostcall_fuel(fuel);
    store.set_max_component_handles(handles);
    let mut linker = Linker::<()>::new(&engine);
    let mut root = linker.root();
    root.resource("r", ResourceType::host::<u32>(), |_, _| Ok(()))
        .unwrap();
    root.func_wrap("make", |_, ()| Ok((Resource::<u32>::new_own(1),)))
        .unwrap();
    root.func_wrap("lend", |_, _: (Resource<u32>,)| Ok(()))
        .unwrap();
    let instance = linker.instantiate(&mut store, &component).unwrap();
    let func = instance.get_func(&mut store, "f").unwrap();
    let mut results = vec![wasmtime::component::Val::Bool(false); func.ty(&store).results().len()];
    func.call(&mut store, &[], &mut results).unwrap_err()
}

#[test]
fn what_components_may_copy_and_hold_is_as_documented() {
    let store = Store::new(&Engine::default(), ());
    assert_eq!(store.hostcall_fuel() as u64, TRANSFER_BYTES);
    assert_eq!(store.max_component_handles() as u64, HANDLES);
}

#[test]
fn a_component_that_gives_too_much_is_told_so() {
    let gives = r#"(component
        (core module $m (memory (export "m") 1)
            (func (export "f") (result i32) (i32.store (i32.const 4) (i32.const 100)) (i32.const 0)))
        (core instance $i (instantiate $m))
        (func (export "f") (result string) (canon lift (core func $i "f") (memory (core memory $i "m")))))"#;
    assert_eq!(reached(&over(gives, 99, 10)), Some(Reached::Transfer));
}

#[test]
fn a_component_that_holds_too_much_is_told_so() {
    for body in ["(drop (call $make))", "(call $lend (call $make))"] {
        let holds = format!(
            r#"(component
                (import "r" (type $r (sub resource)))
                (import "make" (func $make (result (own $r))))
                (import "lend" (func $lend (param "it" (borrow $r))))
                (core func $made (canon lower (func $make)))
                (core func $lent (canon lower (func $lend)))
                (core module $m
                    (import "" "make" (func $make (result i32)))
                    (import "" "lend" (func $lend (param i32)))
                    (func (export "f") (loop {body} (br 0))))
                (core instance $i (instantiate $m (with "" (instance (export "make" (func $made)) (export "lend" (func $lent))))))
                (func (export "f") (canon lift (core func $i "f"))))"#
        );
        assert_eq!(
            reached(&over(&holds, 0, 9)),
            Some(Reached::Handles),
            "{body}"
        );
    }
}

#[test]
fn a_pointer_that_leads_nowhere_is_told_so() {
    let module = crate::Module::new(
        r#"(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "f") (result i32) (call $write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 0))))"#,
    )
    .unwrap();
    let instance = module.instantiate(&Imports::new()).unwrap();
    let error = instance.call("f", &[]).unwrap_err();
    assert_eq!(error.trap_code(), Some(TrapCode::MemoryOutOfBounds));
    assert!(is_wild_pointer(error.message()), "{error}");
}

#[test]
fn no_address_space_is_told_so() {
    let mut config = Config::new();
    config.memory_reservation(1 << 60);
    let engine = Engine::new(&config).unwrap();
    let module = Module::new(&engine, "(module (memory 1))").unwrap();
    let error = Instance::new(Store::new(&engine, ()), &module, &[]).unwrap_err();
    let said = format!("{error:#}");
    assert!(
        said.contains("mmap failed") && is_out_of_addresses(&said),
        "{said}"
    );
}

/// All that the engine has, with those of components, which are off.
const TRAPS: usize = 50;

#[test]
fn every_trap_is_known() {
    let traps = (0..=u8::MAX).filter_map(wasmtime_environ::Trap::from_u8);
    let traps: Vec<_> = traps.collect();
    assert_eq!(traps.len(), TRAPS, "does a new one need a code?");
    let mut codes = Vec::new();
    for trap in traps {
        assert!(trap.to_string().starts_with("wasm trap: "), "{trap}");
        assert!(!trap_text(trap).starts_with("wasm trap"), "{trap}");
        codes.push(Error::from_engine(trap.into(), ErrorKind::Internal).trap_code());
    }
    for code in TrapCode::ALL {
        // Fuel is a kind of its own.
        assert!(
            *code == TrapCode::OutOfFuel || codes.contains(&Some(*code)),
            "{code}"
        );
    }
}

#[test]
fn code_is_known_by_its_beginning() {
    let code = code_of(&Engine::default());
    assert!(is_code(&code));
    assert!(!is_code(
        &std::fs::read(std::env::current_exe().unwrap()).unwrap()[..64]
    ));
}

#[test]
fn each_misfit_has_its_name() {
    let mut older = Config::new();
    let version = wasmtime::ModuleVersionStrategy::Custom("older".to_owned());
    older.module_version(version).unwrap();
    let said = said_of(&code_of(&Engine::new(&older).unwrap()));
    assert!(said.contains("another version"), "{said}");

    let mut elsewhere = Config::new();
    let target = format!("{}-unknown-freebsd", std::env::consts::ARCH);
    elsewhere.target(&target).unwrap();
    let elsewhere = Engine::new(&elsewhere).unwrap();
    let said = said_of(&elsewhere.precompile_module(b"(module)").unwrap());
    assert!(said.contains("another CPU or operating system"), "{said}");

    let mut otherwise = Config::new();
    otherwise.epoch_interruption(true);
    let said = said_of(&code_of(&Engine::new(&otherwise).unwrap()));
    assert!(said.contains("another configuration"), "{said}");
}

#[test]
fn an_item_is_known_by_what_it_shows() {
    let engine = Engine::default();
    let wat = r#"(module (memory (export "a") 1) (memory (export "b") 1) (export "c" (memory 0)))"#;
    let mut store = Store::new(&engine, ());
    let module = Module::new(&engine, wat).unwrap();
    let (one, other) = (
        Instance::new(&mut store, &module, &[]).unwrap(),
        Instance::new(&mut store, &module, &[]).unwrap(),
    );
    let mut text = |of: &Instance, name| item_text(&of.get_memory(&mut store, name).unwrap());
    assert_eq!(text(&one, "a"), text(&one, "c"));
    assert_ne!(text(&one, "a"), text(&one, "b"));
    assert_ne!(text(&one, "a"), text(&other, "a"));
}

#[test]
fn a_function_is_known_by_its_context_and_code() {
    let engine = Engine::default();
    let giver = r#"(module (func (export "f")) (func (export "g") (drop (i32.const 1))))"#;
    let mut store = Store::new(&engine, ());
    let giver = Instance::new(&mut store, &Module::new(&engine, giver).unwrap(), &[]).unwrap();
    let (f, g) = (
        giver.get_func(&mut store, "f").unwrap(),
        giver.get_func(&mut store, "g").unwrap(),
    );
    let passer = r#"(module (import "m" "f" (func)) (export "h" (func 0)))"#;
    let passer = Module::new(&engine, passer).unwrap();
    let passer = Instance::new(&mut store, &passer, &[f.into()]).unwrap();
    let h = passer.get_func(&mut store, "h").unwrap();
    let words = func_words(&mut store, f);
    assert_eq!(words, func_words(&mut store, h));
    assert_ne!(words, func_words(&mut store, g));
}

#[test]
fn a_trace_can_have_no_frames() {
    assert!(
        no_frames()
            .expect("the engine makes one")
            .frames()
            .is_empty()
    );
}

#[test]
fn the_limit_of_the_stack_is_where_it_was() {
    let engine = Engine::new(Config::new().epoch_interruption(true)).unwrap();
    let probe = Module::new(&engine, r#"(module (func (export "")))"#).unwrap();
    let place = LimitPlace::new(0);
    let mut stores: Vec<_> = (0..20).map(|_| Store::new(&engine, ())).collect();
    let mut known = Vec::new();
    for store in &mut stores {
        let probed = probed_limit(store, &probe).unwrap();
        assert_eq!(find_limit(store, &probe, &place).unwrap(), probed);
        known.push(place.load(Ordering::Relaxed));
    }
    // It is inside of each store at the same place, and was learnt from the first one.
    assert!(known[0] != 0 && known.iter().all(|it| *it == known[0]));
}

#[test]
fn a_wrong_place_of_the_limit_is_noticed() {
    let engine = Engine::new(Config::new().epoch_interruption(true)).unwrap();
    let probe = Module::new(&engine, r#"(module (func (export "")))"#).unwrap();
    let right = LimitPlace::new(0);
    let mut store = Store::new(&engine, ());
    let limit = find_limit(&mut store, &probe, &right).unwrap();
    // The word beside it is of the same context, and is another.
    let wrong = LimitPlace::new(right.load(Ordering::Relaxed) + 8);
    assert_eq!(find_limit(&mut store, &probe, &wrong).unwrap(), limit);
    assert_eq!(wrong.into_inner(), right.into_inner());
}

#[test]
fn slots_that_are_all_taken_are_known_by_the_words() {
    let mut slots = wasmtime::PoolingAllocationConfig::new();
    slots.total_memories(1).max_memory_size(1 << 16);
    let mut config = Config::new();
    config.allocation_strategy(slots);
    let engine = Engine::new(&config).unwrap();
    let module = Module::new(&engine, "(module (memory 1 1))").unwrap();
    let mut store = Store::new(&engine, ());
    wasmtime::Instance::new(&mut store, &module, &[]).unwrap();
    let error = wasmtime::Instance::new(&mut store, &module, &[]).unwrap_err();
    assert!(is_out_of_slots(&error.to_string()), "{error:?}");
    // The text of what this library makes of it, too.
    let error = Error::from_engine(error, ErrorKind::Limit);
    assert!(is_out_of_slots(error.message()), "{error}");
}

#[test]
fn code_is_the_same_with_slots() {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let hash = |config: &Config| {
        let mut hasher = DefaultHasher::new();
        let engine = Engine::new(config).unwrap();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        hasher.finish()
    };
    let mut config = Config::new();
    let without = hash(&config);
    config.allocation_strategy(wasmtime::PoolingAllocationConfig::new());
    assert_eq!(hash(&config), without);
}
