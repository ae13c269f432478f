//! Limits hold for components as for modules: in calls, after them, and in destructors.

use std::sync::mpsc;
use std::time::Duration;

use landbridge::*;

use crate::acts::*;

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

const STARTS: &str = r#"(component
    (import "take" (func $take (param "it" (list u8))))
    (core module $memory (memory (export "memory") 100) (table 50 funcref))
    (core instance $m (instantiate $memory))
    (core func $taken (canon lower (func $take) (memory (core memory $m "memory"))))
    (core module $starts
        (import "" "take" (func $take (param i32 i32)))
        (func $start (call $take (i32.const 0) (i32.const 1000)))
        (start $start))
    (core instance (instantiate $starts (with "" (instance (export "take" (func $taken)))))))"#;

#[test]
fn limits_hold_while_a_component_is_made() {
    let mut imports = Imports::new();
    imports.wit_func("", "take", |_, _| Ok(None));
    let make = |limits: Limits| {
        let module = Module::new(STARTS).unwrap();
        let sandbox = Sandbox::from(limits);
        module.instantiate_with(&imports, &sandbox).map(drop)
    };
    make(transfer(1000)).unwrap();
    fails(
        make(transfer(999)),
        ErrorKind::Limit,
        "may give the host at most 999 bytes",
    );
    let memory = |pages: u64| Limits {
        memory_bytes: Some(pages << 16),
        ..Limits::default()
    };
    make(memory(100)).unwrap();
    fails(make(memory(99)), ErrorKind::MemoryLimit, "6488064 bytes");
    let table = |elements: u64| Limits {
        table_elements: Some(elements),
        ..Limits::default()
    };
    make(table(50)).unwrap();
    fails(make(table(49)), ErrorKind::Limit, "49 elements");
}

#[test]
fn one_component_is_one_instance() {
    let mut imports = Imports::new();
    imports.wit_func("", "take", |_, _| Ok(None));
    let limits = Limits {
        instances: Some(2),
        ..Limits::default()
    };
    let store = Store::with(&Engine::shared().unwrap(), &Sandbox::from(limits)).unwrap();
    let module = Module::new(STARTS).unwrap();
    store.instantiate(&module, &imports).unwrap();
    store.instantiate(&module, &imports).unwrap();
    fails(
        store.instantiate(&module, &imports),
        ErrorKind::Limit,
        "more than 2 instances",
    );
}

/// A limit that was reached in a start function unwound a guest: no component of the store goes on.
#[test]
fn a_limit_reached_in_a_start_function_ends_the_components() {
    let mut imports = Imports::new();
    imports.wit_func("", "take", |_, _| Ok(None));
    imports.wit_func("", "give", |_, _| Ok(None));
    let store = Store::with(&Engine::shared().unwrap(), &Sandbox::from(transfer(500))).unwrap();
    let acts = store
        .instantiate(&Module::new(ACTS).unwrap(), &imports)
        .unwrap();
    call(&acts, "act", 0).unwrap();
    let starts = Module::new(STARTS).unwrap();
    fails(
        store.instantiate(&starts, &imports),
        ErrorKind::Limit,
        "500 bytes",
    );
    fails(call(&acts, "act", 0), ErrorKind::Poisoned, "500 bytes");
}
