//! Limits hold for components as for modules: in calls, after them, and in destructors.

use std::sync::mpsc;
use std::time::Duration;

use landbridge::*;

/// `act` does as it is told, the destructor of `r` what its resource was made with, and the end of `late` what `late`
/// was told, when its result was taken.
const ACTS: &str = r#"(component
    (import "give" (func $give (result (list u8))))
    (import "take" (func $take (param "it" (list u8))))
    (core module $acts
        (memory (export "memory") 1)
        (global $free (mut i32) (i32.const 1024))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32)
            (global.get $free)
            (global.set $free (i32.add (global.get $free) (local.get 3)))
            (if (i32.gt_u (global.get $free) (i32.mul (memory.size) (i32.const 65536)))
                (then (if (i32.eq (i32.const -1)
                        (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536)))))
                    (then unreachable)))))
        (func (export "act") (param $what i32)
            (if (i32.eq (local.get $what) (i32.const 1)) (then (loop (br 0))))
            (if (i32.eq (local.get $what) (i32.const 2))
                (then (if (i32.eq (memory.grow (i32.const 1000)) (i32.const -1)) (then unreachable))))
            (if (i32.eq (local.get $what) (i32.const 3)) (then unreachable)))
        (func $deep (export "deep") (param i32) (call $deep (local.get 0)))
        (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $a (instantiate $acts))
    (type $r (resource (rep i32) (dtor (core func $a "act"))))
    (export $e "r" (type $r))
    (core func $new (canon resource.new $r))
    (core func $drop (canon resource.drop $r))
    (core func $given (canon lower (func $give) (memory (core memory $a "memory")) (realloc (core func $a "realloc"))))
    (core func $taken (canon lower (func $take) (memory (core memory $a "memory"))))
    (core module $main
        (import "" "memory" (memory 1))
        (import "" "new" (func $new (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (import "" "give" (func $give (param i32)))
        (import "" "take" (func $take (param i32 i32)))
        (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
        (func (export "hold") (param $count i32)
            (loop $again (if (local.get $count) (then
                (drop (call $new (i32.const 0)))
                (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                (br $again)))))
        (func (export "churn") (param $count i32)
            (loop $again (if (local.get $count) (then
                (call $drop (call $new (i32.const 0)))
                (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                (br $again)))))
        (func (export "give") (param i32) (result i32)
            (i32.store (i32.const 0) (i32.const 1024))
            (i32.store (i32.const 4) (local.get 0))
            (i32.const 0))
        (func (export "take") (param i32 i32))
        (func (export "ask") (call $give (i32.const 8)))
        (func (export "tell") (param i32) (call $take (i32.const 0) (local.get 0)))
        (func (export "spin") (call $take (i32.const 0) (i32.const 0)) (loop (br 0))))
    (core instance $m (instantiate $main (with "" (instance
        (export "memory" (memory $a "memory"))
        (export "new" (func $new)) (export "drop" (func $drop))
        (export "give" (func $given)) (export "take" (func $taken))))))
    (func (export "act") (param "what" u32) (canon lift (core func $a "act")))
    (func (export "deep") (param "what" u32) (canon lift (core func $a "deep")))
    (func (export "late") (param "what" u32) (result u32)
        (canon lift (core func $a "same") (post-return (core func $a "act"))))
    (func (export "make") (param "what" u32) (result (own $e)) (canon lift (core func $m "make")))
    (func (export "hold") (param "count" u32) (canon lift (core func $m "hold")))
    (func (export "churn") (param "count" u32) (canon lift (core func $m "churn")))
    (func (export "bytes") (param "count" u32) (result (list u8))
        (canon lift (core func $m "give") (memory (core memory $a "memory"))))
    (func (export "text") (param "count" u32) (result string)
        (canon lift (core func $m "give") (memory (core memory $a "memory"))))
    (func (export "bools") (param "count" u32) (result (list bool))
        (canon lift (core func $m "give") (memory (core memory $a "memory"))))
    (func (export "take") (param "it" (list u8))
        (canon lift (core func $m "take") (memory (core memory $a "memory")) (realloc (core func $a "realloc"))))
    (func (export "ask") (canon lift (core func $m "ask")))
    (func (export "tell") (param "count" u32) (canon lift (core func $m "tell")))
    (func (export "spin") (canon lift (core func $m "spin"))))"#;

const SPIN: u32 = 1;
const GROW: u32 = 2;
const TRAP: u32 = 3;

/// Its host gives so many bytes.
fn acts_given(limits: Limits, given: usize) -> Instance {
    let mut imports = Imports::new();
    imports.wit_func("", "give", move |_, _| Ok(Some(vec![7_u8; given].into())));
    imports.wit_func("", "take", |_, _| Ok(None));
    let sandbox = Sandbox::from(limits);
    Module::new(ACTS)
        .unwrap()
        .instantiate_with(&imports, &sandbox)
        .unwrap()
}

fn acts(limits: Limits) -> Instance {
    acts_given(limits, 0)
}

fn call(instance: &Instance, name: &str, number: u32) -> Result<Option<WitValue>> {
    instance.wit_func(name)?.call(&[number.into()])
}

fn made(instance: &Instance, what: u32) -> GuestResource {
    match call(instance, "make", what).unwrap() {
        Some(WitValue::Resource(Resource::Guest(resource))) => resource,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn fails<T: std::fmt::Debug>(outcome: Result<T>, kind: ErrorKind, words: &str) {
    let error = outcome.expect_err("an error");
    assert_eq!(error.kind(), kind, "{error:?}");
    assert!(error.message().contains(words), "{error:?}");
}

/// Has a component do something in each way in which it can: in a call, in a destructor, after a call.
fn in_each_way(limits: &Limits, what: u32, check: impl Fn(&Instance, Result<()>)) {
    for way in ["act", "late"] {
        let instance = acts(limits.clone());
        check(&instance, call(&instance, way, what).map(drop));
    }
    let instance = acts(limits.clone());
    let resource = made(&instance, what);
    check(&instance, resource.close());
    // One that was only dropped is destroyed by the next call.
    let instance = acts(limits.clone());
    drop(made(&instance, what));
    check(&instance, call(&instance, "act", 0).map(drop));
}

#[test]
fn memory_is_bounded() {
    let limits = Limits {
        memory_bytes: Some(10 << 20),
        ..Limits::default()
    };
    in_each_way(&limits, GROW, |instance, outcome| {
        fails(
            outcome,
            ErrorKind::MemoryLimit,
            "may not have more than 10485760 bytes",
        );
        fails(
            call(instance, "act", 0),
            ErrorKind::Poisoned,
            "memory_limit",
        );
        assert_eq!(instance.store().usage().unwrap().memory_bytes, 1 << 16);
    });
    // What is copied into a component needs memory too.
    let instance = acts(limits);
    let take = instance.wit_func("take").unwrap();
    take.call(&[vec![1_u8; 1 << 20].into()]).unwrap();
    let outcome = take.call(&[vec![1_u8; 16 << 20].into()]);
    fails(
        outcome,
        ErrorKind::MemoryLimit,
        "may not have more than 10485760 bytes",
    );
}

#[test]
fn fuel_is_bounded() {
    let limits = Limits {
        fuel: Some(100_000),
        ..Limits::default()
    };
    in_each_way(&limits, SPIN, |instance, outcome| {
        fails(outcome, ErrorKind::Fuel, "fuel is used up");
        fails(call(instance, "act", 0), ErrorKind::Poisoned, "");
    });
    let instance = acts(limits);
    call(&instance, "churn", 100).unwrap();
    let first = instance.store().usage().unwrap().fuel_used;
    instance.store().set_fuel(100_000).unwrap();
    call(&instance, "churn", 100).unwrap();
    assert_eq!(instance.store().usage().unwrap().fuel_used, first);
}

#[test]
fn time_is_bounded() {
    let limits = Limits {
        timeout: Some(Duration::from_millis(20)),
        ..Limits::default()
    };
    in_each_way(&limits, SPIN, |instance, outcome| {
        fails(outcome, ErrorKind::Timeout, "longer than 20 ms");
        fails(call(instance, "act", 0), ErrorKind::Poisoned, "");
    });
}

#[test]
fn what_runs_can_be_cancelled() {
    let ways: [fn(&Instance, &GuestResource) -> Result<()>; 3] = [
        |instance, _| call(instance, "act", SPIN).map(drop),
        |instance, _| call(instance, "late", SPIN).map(drop),
        |_, resource| resource.close(),
    ];
    for way in ways {
        let instance = acts(Limits::default());
        let resource = made(&instance, SPIN);
        let cancel = Cancel::new();
        cancel.cancel();
        let outcome = cancel.scope(|| way(&instance, &resource));
        fails(outcome, ErrorKind::Cancelled, "cancelled");
        fails(call(&instance, "act", 0), ErrorKind::Poisoned, "");
    }
}

#[test]
fn a_store_that_is_closed_ends_what_runs() {
    let (runs, has_begun) = mpsc::channel();
    let mut imports = Imports::new();
    imports.wit_func("", "give", |_, _| Ok(None));
    imports.wit_func("", "take", move |_, _| {
        runs.send(()).unwrap();
        Ok(None)
    });
    let instance = Module::new(ACTS).unwrap().instantiate(&imports).unwrap();
    std::thread::scope(|scope| {
        let spins = scope.spawn(|| instance.wit_func("spin").unwrap().call(&[]));
        has_begun.recv().unwrap();
        instance.store().close();
        fails(spins.join().unwrap(), ErrorKind::Closed, "closed");
    });
}

#[test]
fn the_stack_is_bounded() {
    let instance = acts(Limits::default());
    let error = call(&instance, "deep", 0).unwrap_err();
    assert_eq!(error.trap_code(), Some(TrapCode::StackOverflow));
    fails(call(&instance, "act", 0), ErrorKind::Poisoned, "trap");
}

#[test]
fn a_trap_ends_the_component_wherever_it_is() {
    in_each_way(&Limits::default(), TRAP, |instance, outcome| {
        assert_eq!(
            outcome.unwrap_err().trap_code(),
            Some(TrapCode::Unreachable)
        );
        fails(call(instance, "act", 0), ErrorKind::Poisoned, "unreachable");
    });
}

fn transfer(most: u64) -> Limits {
    Limits {
        transfer_bytes: Some(most),
        ..Limits::default()
    }
}

#[test]
fn what_a_component_gives_is_bounded() {
    let words = "may give the host at most 1000 bytes";
    for (name, least) in [("bytes", 1000), ("text", 1000), ("bools", 125)] {
        let instance = acts(transfer(1000));
        // Each call counts from the start.
        for _ in 0..3 {
            call(&instance, name, least).unwrap();
        }
        fails(call(&instance, name, least + 1), ErrorKind::Limit, words);
        fails(call(&instance, name, 1), ErrorKind::Poisoned, words);
    }
    let instance = acts(transfer(1000));
    call(&instance, "tell", 1000).unwrap();
    fails(call(&instance, "tell", 1001), ErrorKind::Limit, words);
}

#[test]
fn what_a_component_is_given_is_bounded_before_the_call() {
    let instance = acts(transfer(1000));
    let take = instance.wit_func("take").unwrap();
    for _ in 0..3 {
        take.call(&[vec![1_u8; 900].into()]).unwrap();
        let outcome = take.call(&[vec![1_u8; 1001].into()]);
        fails(
            outcome,
            ErrorKind::Limit,
            "may give a component at most 1000 bytes",
        );
    }
    let ask = |given| {
        acts_given(transfer(1000), given)
            .wit_func("ask")
            .unwrap()
            .call(&[])
    };
    ask(900).unwrap();
    fails(
        ask(1001),
        ErrorKind::Limit,
        "may give a component at most 1000 bytes",
    );
}

#[test]
fn a_transfer_is_bounded_if_nobody_says() {
    let instance = acts(Limits::default());
    let take = instance.wit_func("take").unwrap();
    let outcome = take.call(&[vec![1_u8; (128 << 20) + 1].into()]);
    fails(outcome, ErrorKind::Limit, "at most 134217728 bytes");
    call(&instance, "act", 0).unwrap();
}

#[test]
fn handles_of_components_are_bounded() {
    let limits = Limits {
        handles: Some(100),
        ..Limits::default()
    };
    let instance = acts(limits);
    call(&instance, "churn", 100_000).unwrap();
    call(&instance, "hold", 100).unwrap();
    let outcome = call(&instance, "hold", 1);
    fails(outcome, ErrorKind::Limit, "may hold at most 100 handles");
    fails(
        call(&instance, "churn", 1),
        ErrorKind::Poisoned,
        "100 handles",
    );
    fails(
        call(&acts(Limits::default()), "hold", 100_001),
        ErrorKind::Limit,
        "at most 100000 handles",
    );
}

#[test]
fn handles_of_the_host_are_bounded_and_told() {
    let limits = Limits {
        handles: Some(10),
        ..Limits::default()
    };
    let instance = acts(limits);
    let handles = || instance.store().usage().unwrap().handles;
    let mut held: Vec<_> = (0..10).map(|_| made(&instance, 0)).collect();
    assert_eq!(handles(), 10);
    held.pop().unwrap().close().unwrap();
    assert_eq!(handles(), 9);
    held.push(made(&instance, 0));
    fails(
        call(&instance, "make", 0),
        ErrorKind::Limit,
        "at most 10 handles",
    );
}
