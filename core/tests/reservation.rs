//! Address space of memories: small reservations, processes whose address space is limited, and
//! 64-bit memories of more than 4 GiB. No test touches more than a few pages.

use std::process::Command;
use std::time::Duration;

use landbridge::{
    CompileCache, Engine, EngineOptions, Error, ErrorKind, Imports, Instance, Limits, Memory,
    MemoryType, Module, Result, Sandbox, Store, TrapCode, Value,
};

const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;
const PAGE: u64 = 1 << 16;

fn engine(memory_reservation_bytes: u64) -> Engine {
    let options = EngineOptions {
        memory_reservation_bytes,
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

fn memory_of(module: &str, engine: &Engine) -> (Instance, Memory) {
    let module = Module::with_engine(engine, module).expect("a module");
    let instance = module.instantiate(&Imports::new()).expect("an instance");
    let memory = instance.memory("memory").expect("a memory");
    (instance, memory)
}

const SMALL: &str = r#"(module (memory (export "memory") 1)
    (data (i32.const 8) "\2a")
    (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
    (func (export "load_far") (param i32) (result i32) (i32.load offset=100000 (local.get 0)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#;

const WIDE: &str = r#"(module (memory (export "memory") i64 1)
    (func (export "load") (param i64) (result i32) (i32.load8_u (local.get 0)))
    (func (export "store") (param i64 i32) (i32.store8 (local.get 0) (local.get 1)))
    (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0))))"#;

fn trapped(result: Result<Vec<Value>>) {
    let error = result.expect_err("a trap");
    assert_eq!(
        error.trap_code(),
        Some(TrapCode::MemoryOutOfBounds),
        "{error}"
    );
}

fn refused(result: Result<u64>, why: &[&str]) {
    let error = result.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::MemoryLimit, "{error}");
    for part in why {
        assert!(error.message().contains(part), "{error}");
    }
}

#[test]
fn a_small_reservation_checks_each_address_and_bounds_growth() {
    let (instance, memory) = memory_of(SMALL, &engine(4 * PAGE));
    let load = |at: u64| instance.call("load", &[Value::I32(at as u32 as i32)]);
    assert_eq!(load(8).unwrap(), [Value::I32(42)]);
    assert_eq!(load(PAGE - 1).unwrap(), [Value::I32(0)]);
    for at in [PAGE, 4 * PAGE, 5 * PAGE, 3 * GIB, 4 * GIB - 1] {
        trapped(load(at));
    }
    trapped(instance.call("load_far", &[Value::I32(0)]));
    trapped(instance.call("load_far", &[Value::I32(-1)]));
    let view = memory.view().expect("a view");
    assert_eq!(memory.grow(3).unwrap(), 1);
    assert_eq!(memory.view().unwrap().data(), view.data());
    assert_eq!(load(4 * PAGE - 1).unwrap(), [Value::I32(0)]);
    trapped(load(4 * PAGE));
    assert_eq!(
        instance.call("load_far", &[Value::I32(0)]).unwrap(),
        [Value::I32(0)]
    );
    let why = [
        "cannot grow by 1 pages",
        "ends at 262144 bytes",
        "memory_reservation_bytes",
    ];
    refused(memory.grow(1), &why);
    assert_eq!(
        instance.call("grow", &[Value::I32(1)]).unwrap(),
        [Value::I32(-1)]
    );
}

#[test]
fn what_starts_larger_than_the_reservation_has_what_it_starts_with() {
    let text = r#"(module (memory (export "memory") 3))"#;
    let (_instance, memory) = memory_of(text, &engine(PAGE));
    assert_eq!(memory.size_pages().unwrap(), 3);
    refused(memory.grow(1), &["ends at 196608 bytes"]);
}

#[test]
fn the_maximum_and_a_limit_are_told() {
    let text = r#"(module (memory (export "memory") 1 2))"#;
    let (_instance, memory) = memory_of(text, &engine(4 * GIB));
    refused(
        memory.grow(2),
        &["cannot grow by 2 pages: its maximum is 2 pages"],
    );
    let limits = Limits {
        memory_bytes: Some(3 * PAGE),
        ..Limits::default()
    };
    let store = Store::with(&engine(4 * GIB), &Sandbox::from(limits)).unwrap();
    let memory = Memory::new(&store, &MemoryType::new(1, None)).unwrap();
    refused(memory.grow(3), &["may not have more than 196608 bytes"]);
}

#[test]
fn a_64_bit_memory_grows_past_4_gib_and_its_views_stay() {
    let (instance, memory) = memory_of(WIDE, &engine(4 * GIB));
    let before = memory.view().expect("a view");
    memory.write(5, &[7]).unwrap();
    assert_eq!(memory.grow(0x1_0001).unwrap(), 1);
    assert_eq!(memory.view().unwrap().data(), before.data());
    assert_eq!(memory.size_bytes().unwrap() as u64, 4 * GIB + 2 * PAGE);
    let far = 4 * GIB + 9;
    memory.write(far, &[11]).unwrap();
    let load = |at: u64| instance.call("load", &[Value::I64(at as i64)]);
    assert_eq!(load(far).unwrap(), [Value::I32(11)]);
    assert_eq!(load(5).unwrap(), [Value::I32(7)]);
    trapped(load(4 * GIB + 2 * PAGE));
    trapped(load(1 << 40));
    trapped(load(u64::MAX));
    // The guest grows it further.
    let grown = instance.call("grow", &[Value::I64(1)]).unwrap();
    assert_eq!(grown, [Value::I64(0x1_0002)]);
    assert_eq!(load(4 * GIB + 2 * PAGE).unwrap(), [Value::I32(0)]);
    let why = ["ends at 68719476736 bytes", "memory_reservation_bytes"];
    refused(memory.grow(1 << 32), &why);
}

fn importing(engine: &Engine, memory: &Memory) -> Instance {
    let module = Module::with_engine(
        engine,
        r#"(module (import "env" "memory" (memory i64 0))
            (func (export "load") (param i64) (result i32) (i32.load8_u (local.get 0))))"#,
    );
    let mut imports = Imports::new();
    imports.define("env", "memory", memory.clone());
    let store = memory.store();
    store
        .instantiate(&module.unwrap(), &imports)
        .expect("an instance")
}

#[test]
fn all_of_an_imported_64_bit_memory_is_inside() {
    let wide = MemoryType {
        min: 0x1_0001,
        max: None,
        is_64: true,
        page_bytes: PAGE,
    };
    // Once the first in its store, and once not, where the store stays as it is.
    for first in [true, false] {
        let engine = engine(4 * GIB);
        let store = Store::new(&engine).unwrap();
        if !first {
            Memory::new(&store, &MemoryType::new(1, None)).unwrap();
        }
        let memory = Memory::new(&store, &wide).unwrap();
        let base = memory.view().unwrap();
        memory.write(4 * GIB, &[3]).unwrap();
        let guest = importing(&engine, &memory);
        let load = |at: u64| guest.call("load", &[Value::I64(at as i64)]);
        assert_eq!(load(4 * GIB).unwrap(), [Value::I32(3)]);
        trapped(load(4 * GIB + PAGE));
        match first {
            true => assert_eq!(memory.grow(1).unwrap(), 0x1_0001),
            false => refused(memory.grow(1), &["make it the first in its store"]),
        }
        assert_eq!(memory.view().unwrap().data(), base.data());
    }
}

#[test]
fn a_large_reservation_is_there_for_all_64_bit_memories_of_a_store() {
    let engine = engine(8 * GIB);
    let store = Store::new(&engine).unwrap();
    Memory::new(&store, &MemoryType::new(1, None)).unwrap();
    let wide = MemoryType {
        is_64: true,
        ..MemoryType::new(1, None)
    };
    let memory = Memory::new(&store, &wide).unwrap();
    assert_eq!(memory.grow(0x1_ffff).unwrap(), 1);
    refused(memory.grow(1), &["ends at 8589934592 bytes"]);
    let (instance, _) = memory_of(SMALL, &engine);
    assert_eq!(
        instance.call("load", &[Value::I32(8)]).unwrap(),
        [Value::I32(42)]
    );
    trapped(instance.call("load", &[Value::I32(-1)]));
}

/// Views of memories that the host makes stay where they are, in stores of each kind.
#[test]
fn a_memory_of_the_host_s_never_moves() {
    let kinds = [
        (64 * MIB, false, [1, 900]),
        (3 * GIB, false, [100, 0x8800]),
        (4 * GIB, true, [100, 0x1_1000]),
        (8 * GIB, true, [100, 0x1_1000]),
    ];
    for (reserved, is_64, pages) in kinds {
        let store = Store::new(&engine(reserved)).unwrap();
        let ty = MemoryType {
            min: 1,
            max: None,
            is_64,
            page_bytes: 65536,
        };
        let memory = Memory::new(&store, &ty).unwrap();
        let start = memory.view().unwrap().data();
        for delta in pages {
            memory.grow(delta).unwrap();
            assert_eq!(memory.view().unwrap().data(), start, "{reserved} {delta}");
        }
        let end = format!(
            "ends at {} bytes",
            if reserved == 4 * GIB {
                64 * GIB
            } else {
                reserved
            }
        );
        refused(
            memory.grow(if is_64 { 1 << 30 } else { 0x4000 }),
            &[end.as_str()],
        );
        assert_eq!(memory.ty().unwrap(), ty);
    }
}

/// From nothing, too, it grows no further than it may.
#[test]
fn a_memory_of_the_host_s_that_begins_with_nothing_is_bounded() {
    let store = Store::new(&engine(MIB)).unwrap();
    let ty = MemoryType {
        min: 0,
        max: None,
        is_64: false,
        page_bytes: 65536,
    };
    let memory = Memory::new(&store, &ty).unwrap();
    refused(memory.grow(17), &["cannot grow by 17 pages"]);
    assert_eq!(memory.grow(16).unwrap(), 0);
}

#[test]
fn a_precompiled_module_with_a_64_bit_memory_is_loaded_as_it_was_made() {
    let engine = engine(4 * GIB);
    let path = std::env::temp_dir().join(format!("landbridge-wide-{}", std::process::id()));
    let module = Module::with_engine(&engine, WIDE).unwrap();
    module.compile(&path).unwrap();
    // SAFETY: it was just made here.
    let loaded = unsafe { Module::load_precompiled(&engine, &path) };
    std::fs::remove_file(&path).unwrap();
    let instance = loaded.unwrap().instantiate(&Imports::new()).unwrap();
    assert_eq!(
        instance.memory("memory").unwrap().grow(0x1_0000).unwrap(),
        1
    );
}

#[test]
fn garbage_collected_objects_fit_into_a_small_reservation() {
    let text = r#"(module (type $node (struct (field i32) (field (ref null $node))))
        (func (export "list") (param i32) (result i32) (local $list (ref null $node)) (local $sum i32)
          (loop $make
            (local.set $list (struct.new $node (local.get 0) (local.get $list)))
            (br_if $make (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (loop $add
            (local.set $sum (i32.add (local.get $sum) (struct.get $node 0 (local.get $list))))
            (br_if $add (i32.eqz (ref.is_null (local.tee $list (struct.get $node 1 (local.get $list)))))))
          (local.get $sum)))"#;
    let module = Module::with_engine(&engine(8 * MIB), text).unwrap();
    let instance = module.instantiate(&Imports::new()).unwrap();
    for _ in 0..20 {
        let sum = instance.call("list", &[Value::I32(10_000)]).unwrap();
        assert_eq!(sum, [Value::I32(50_005_000)]);
    }
}

const NAME: &str = "a_process_of_little_address_space_has_room_for_memories";

/// Tells a child which part of this test it is to run.
const PART: &str = "LANDBRIDGE_TEST_RESERVATION";

/// Runs a part in a process of so much address space.
fn with_address_space(bytes: u64, part: &str) {
    let test = std::env::current_exe().expect("this test");
    let script = format!(
        "ulimit -v {} && exec \"$0\" --exact {NAME} --nocapture",
        bytes >> 10
    );
    let mut child = Command::new("sh");
    child.args(["-c", &script]).arg(test).env(PART, part);
    let output = child.output().expect("a child");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{part}: {told}");
    assert!(told.contains(&format!("{part} is done")), "{part}: {told}");
}

#[cfg(unix)]
#[test]
fn a_process_of_little_address_space_has_room_for_memories() {
    if let Ok(part) = std::env::var(PART) {
        run(&part);
        eprintln!("{part} is done");
        return;
    }
    with_address_space(4 * GIB, "usual");
    with_address_space(4 * GIB, "too large");
    with_address_space(GIB, "hundred");
    with_address_space(GIB, "limited");
    with_address_space(4 * GIB, "spare");
}

fn run(part: &str) {
    match part {
        "usual" => {
            let engine = Engine::new(EngineOptions::default()).unwrap();
            assert_eq!(engine.options().memory_reservation_bytes, GIB / 4);
            let (_instance, memory) = memory_of(SMALL, &engine);
            memory.grow(100).unwrap();
        }
        "too large" => {
            let error = hundred(&engine(4 * GIB), &Limits::default()).expect_err("too large");
            assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
            assert!(
                error.message().contains("memory_reservation_bytes"),
                "{error}"
            );
        }
        // Whoever makes memories until there is no room can still work.
        "spare" => {
            let engine = Engine::new(EngineOptions::default()).unwrap();
            // A heap of objects begins with nothing.
            let objects = "(module (type $s (struct)) (func (drop (struct.new $s))))";
            let modules = [SMALL, objects].map(|text| Module::with_engine(&engine, text).unwrap());
            let made = modules.map(|module| {
                let made = (0..1000).map_while(|_| module.instantiate(&Imports::new()).ok());
                made.collect::<Vec<_>>()
            });
            assert!((16..1000).contains(&made[0].len()), "{}", made[0].len());
            let mut bytes = Vec::<u8>::new();
            bytes.try_reserve_exact(16 << 20).expect("room");
        }
        "hundred" => drop(hundred(&engine(4 * MIB), &Limits::default()).unwrap()),
        _ => {
            let limits = Limits {
                memory_bytes: Some(MIB),
                ..Limits::default()
            };
            let engine = Engine::new(EngineOptions::default()).unwrap();
            drop(hundred(&engine, &limits).unwrap());
        }
    }
}

fn hundred(engine: &Engine, limits: &Limits) -> Result<Vec<Instance>, Error> {
    let module = Module::with_engine(engine, SMALL)?;
    let sandbox = Sandbox::from(limits.clone());
    let make = |_| {
        let instance = module.instantiate_with(&Imports::new(), &sandbox)?;
        instance.memory("memory")?.grow(2)?;
        Ok(instance)
    };
    (0..100).map(make).collect()
}

#[test]
fn a_guest_with_room_for_more_has_a_deadline_long_after_it_was_made() {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let text = r#"(module (memory i64 1) (func (export "spin") (loop $l (br $l))))"#;
        let module = Module::with_engine(&engine(4 * GIB), text).expect("a module");
        let limits = Limits {
            timeout: Some(Duration::from_millis(50)),
            ..Limits::default()
        };
        let guest = module.instantiate_with(&Imports::new(), &limits.into());
        let guest = guest.expect("an instance");
        // sleeps: longer than the engine's ticker stays awake for nothing
        std::thread::sleep(Duration::from_millis(300));
        send.send(guest.call("spin", &[]).expect_err("a deadline").kind())
    });
    let kind = receive.recv_timeout(Duration::from_secs(30));
    assert_eq!(kind.expect("it ends"), ErrorKind::Timeout);
}
