//! Limits of a store: what runs out has a kind of its own, reaches one store, and is reported.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use landbridge::*;

const GUEST: &str = r#"(module
    (memory (export "m") 1 1000)
    (table (export "t") 1 1000 funcref)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "must_grow") (param i32)
        (if (i32.eq (memory.grow (local.get 0)) (i32.const -1)) (then unreachable)))
    (func (export "grow_table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))
    (func (export "must_grow_table") (param i32)
        (if (i32.eq (table.grow (ref.null func) (local.get 0)) (i32.const -1)) (then unreachable)))
    (func (export "loop") (loop $l (br $l)))
    (func (export "count") (param $n i32)
        (loop $l (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (func (export "trap") unreachable)
    (func (export "one") (result i32) i32.const 1))"#;

fn guest(limits: &Limits) -> Instance {
    let module = Module::new(GUEST).unwrap();
    module
        .instantiate_with(&Imports::new(), &limits.clone().into())
        .unwrap()
}

fn fails<T: std::fmt::Debug>(kind: ErrorKind, result: Result<T>) -> Error {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), kind, "{error:?}");
    error
}

fn i32s(n: i32) -> [Value; 1] {
    [Value::I32(n)]
}

#[test]
fn memory_ends_at_its_limit() {
    let limits = Limits {
        memory_bytes: Some(4 << 16),
        ..Limits::default()
    };
    let guest = guest(&limits);
    assert_eq!(guest.call("grow", &i32s(2)).unwrap(), i32s(1));
    assert_eq!(guest.call("grow", &i32s(2)).unwrap(), i32s(-1));
    let error = fails(ErrorKind::MemoryLimit, guest.call("must_grow", &i32s(2)));
    assert_eq!(error.trap_code(), Some(TrapCode::Unreachable));
    assert!(error.message().contains("262144 bytes"), "{error}");
    fails(ErrorKind::Trap, guest.call("trap", &[]));
    let memory = guest.memory("m").unwrap();
    fails(ErrorKind::MemoryLimit, memory.grow(2));
    assert_eq!(memory.grow(1).unwrap(), 3);
    let store = guest.store();
    fails(
        ErrorKind::MemoryLimit,
        Memory::new(store, &MemoryType::new(1, None)),
    );
    let usage = store.usage().unwrap();
    assert_eq!(
        (usage.memory_bytes, usage.peak_memory_bytes),
        (4 << 16, 4 << 16)
    );
    // A memory of the type's own maximum is not the store's limit.
    assert_eq!(guest.call("one", &[]).unwrap(), i32s(1));
}

#[test]
fn a_module_that_asks_for_more_than_the_limit_is_refused() {
    let limits = Limits {
        memory_bytes: Some(1 << 16),
        ..Limits::default()
    };
    let module = Module::new("(module (memory 2))").unwrap();
    fails(
        ErrorKind::MemoryLimit,
        module.instantiate_with(&Imports::new(), &limits.clone().into()),
    );
    let limits = Limits {
        table_elements: Some(9),
        ..Limits::default()
    };
    let module = Module::new("(module (table 10 funcref))").unwrap();
    fails(
        ErrorKind::Limit,
        module.instantiate_with(&Imports::new(), &limits.clone().into()),
    );
}

#[test]
fn all_memories_and_the_heap_count_together() {
    let limits = Limits {
        memory_bytes: Some(1 << 20),
        ..Limits::default()
    };
    let module = Module::new(
        r#"(module (memory 4) (memory 4) (type $a (array (mut i8)))
            (global $keep (mut (ref null $list)) (ref.null $list))
            (type $list (struct (field (ref null $list)) (field (ref $a))))
            (func (export "fill") (loop $l
                (global.set $keep (struct.new $list (global.get $keep)
                    (array.new_default $a (i32.const 10000))))
                (br $l))))"#,
    );
    let guest = module
        .unwrap()
        .instantiate_with(&Imports::new(), &limits.clone().into())
        .unwrap();
    fails(ErrorKind::MemoryLimit, guest.call("fill", &[]));
    let usage = guest.store().usage().unwrap();
    assert!(
        usage.peak_memory_bytes <= 1 << 20 && usage.peak_memory_bytes > 8 << 16,
        "{usage:?}"
    );
}

#[test]
fn a_growth_that_fails_gives_nothing_back() {
    let module = Module::new(
        r#"(module (memory 1) (table i64 1 funcref)
            (func (export "grow") (param i64) (result i64)
                (table.grow (ref.null func) (local.get 0))))"#,
    );
    let limits = Limits {
        table_elements: Some(10),
        ..Limits::default()
    };
    let module = module.unwrap();
    let guest = module.instantiate_with(&Imports::new(), &limits.into());
    let guest = guest.unwrap();
    let grow = |by: i64| guest.call("grow", &[Value::I64(by)]).unwrap().remove(0);
    for size in [1, 4, 7] {
        assert_eq!(grow(3), Value::I64(size));
        assert_eq!(grow(-1), Value::I64(-1), "more than any table can have");
    }
    assert_eq!(grow(3), Value::I64(-1), "the limit is reached");
    assert_eq!(guest.store().usage().unwrap().table_elements, 10);
}

#[test]
fn a_growth_out_of_the_address_space_is_not_counted() {
    let module = Module::new(
        r#"(module (memory i64 1)
            (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0))))"#,
    );
    let guest = module.unwrap().instantiate(&Imports::new()).unwrap();
    for pages in [1 << 20, 1 << 40] {
        let grown = guest.call("grow", &[Value::I64(pages)]).unwrap();
        assert_eq!(grown, [Value::I64(-1)]);
    }
    assert_eq!(guest.store().usage().unwrap().peak_memory_bytes, 65_536);
}

#[test]
fn fuel_runs_out_at_the_same_place_each_time() {
    let used = |n| {
        let limits = Limits {
            fuel: Some(1_000_000),
            ..Limits::default()
        };
        let guest = guest(&limits);
        guest.call("count", &i32s(n)).unwrap();
        guest.store().usage().unwrap().fuel_used.unwrap()
    };
    assert_eq!(used(1000), used(1000));
    assert!(used(2000) > used(1000) + 1000);

    let limits = Limits {
        fuel: Some(1000),
        ..Limits::default()
    };
    let guest = guest(&limits);
    guest.call("count", &i32s(10)).unwrap();
    guest.store().set_fuel(1000).unwrap();
    assert_eq!(guest.store().usage().unwrap().fuel_used, Some(0));
    fails(ErrorKind::Fuel, guest.call("loop", &[]));
    fails(ErrorKind::Poisoned, guest.call("one", &[]));
    assert!(guest.store().usage().unwrap().fuel_used >= Some(1000));
}

#[test]
fn code_with_and_without_fuel_is_one_module() {
    let module = Module::new(GUEST).unwrap();
    let limits = Limits {
        fuel: Some(100_000),
        ..Limits::default()
    };
    let with = module
        .instantiate_with(&Imports::new(), &limits.clone().into())
        .unwrap();
    let without = module.instantiate(&Imports::new()).unwrap();
    for instance in [&with, &without] {
        assert_eq!(instance.call("one", &[]).unwrap(), i32s(1));
        assert!(instance.module().same(&module));
    }
    let one = Value::FuncRef(Some(without.func("one").unwrap()));
    fails(ErrorKind::WrongStore, with.table("t").unwrap().set(0, &one));
}

#[test]
fn a_deadline_ends_one_store_and_no_other() {
    let limits = Limits {
        timeout: Some(Duration::from_millis(30)),
        ..Limits::default()
    };
    let (late, sibling) = (guest(&limits), guest(&Limits::default()));
    std::thread::scope(|scope| {
        let running = scope.spawn(|| sibling.call("count", &i32s(300_000_000)).map(drop));
        let error = fails(ErrorKind::Timeout, late.call("loop", &[]));
        assert!(error.message().contains("30 ms"), "{error}");
        assert_eq!(error.frames().len(), 1);
        running.join().unwrap().unwrap();
    });
    fails(ErrorKind::Poisoned, late.call("one", &[]));
    let usage = late.store().usage().unwrap();
    assert!(usage.last_call >= Duration::from_millis(25), "{usage:?}");
}

#[test]
fn a_deadline_counts_from_each_call() {
    let limits = Limits {
        timeout: Some(Duration::from_millis(200)),
        ..Limits::default()
    };
    let guest = guest(&limits);
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(400) {
        guest.call("count", &i32s(1_000_000)).unwrap();
    }
}

#[test]
fn cancelling_ends_the_running_call_of_one_store() {
    let (one, other) = (guest(&Limits::default()), guest(&Limits::default()));
    one.store().cancel();
    assert_eq!(one.call("one", &[]).unwrap(), i32s(1), "no call ran");
    let done = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        let running = scope.spawn(|| {
            let ended = one.call("loop", &[]).map(drop);
            done.store(true, Ordering::SeqCst);
            ended
        });
        // The call may not have begun at first.
        while !done.load(Ordering::SeqCst) {
            one.store().cancel();
            // sleeps: a poll
            std::thread::sleep(Duration::from_millis(1));
        }
        fails(ErrorKind::Cancelled, running.join().unwrap());
    });
    fails(ErrorKind::Poisoned, one.call("one", &[]));
    assert_eq!(other.call("one", &[]).unwrap(), i32s(1));
}

#[test]
fn a_host_function_may_end_the_guest_with_a_code() {
    let module = Module::new(
        r#"(module (import "e" "end" (func $end)) (memory (export "memory") 1)
            (func (export "_start") (call $end)))"#,
    );
    let mut imports = Imports::new();
    imports.func("e", "end", |_, _| Err(Error::exit(300)));
    let guest = module.unwrap().instantiate(&imports).unwrap();
    let error = fails(ErrorKind::Exit, guest.call("_start", &[]));
    assert_eq!(error.exit_code(), Some(300));
    assert_eq!(guest.run().unwrap(), 300);
}
