//! Pools of components.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use landbridge::*;

use crate::acts::*;

const COUNTER: &str = r#"(component
    (import "host" (func $host (result u32)))
    (core func $lowered (canon lower (func $host)))
    (core module $m
        (import "" "host" (func $host (result i32)))
        (global $n (mut i32) (i32.const 0))
        (func (export "drop") (param i32) (global.set $n (i32.add (global.get $n) (local.get 0))))
        (func (export "next") (result i32)
            (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
        (func (export "ask") (result i32) (call $host))
        (func (export "same") (param i32) (result i32) (local.get 0))
        (func (export "spin") (loop (br 0)))
        (func (export "trap") unreachable))
    (core instance $i (instantiate $m (with "" (instance (export "host" (func $lowered))))))
    (type $r (resource (rep i32) (dtor (core func $i "drop"))))
    (export $e "r" (type $r))
    (core func $new (canon resource.new $r))
    (core module $makes (import "" "new" (func $new (param i32) (result i32)))
        (func (export "make") (param i32) (result i32) (call $new (local.get 0))))
    (core instance $makes (instantiate $makes (with "" (instance (export "new" (func $new))))))
    (func (export "next") (result u32) (canon lift (core func $i "next")))
    (func (export "ask") (result u32) (canon lift (core func $i "ask")))
    (func (export "make") (param "what" u32) (result (own $e)) (canon lift (core func $makes "make")))
    (func (export "look") (param "it" (borrow $e)) (result u32) (canon lift (core func $i "same")))
    (func (export "spin") (canon lift (core func $i "spin")))
    (func (export "trap") (canon lift (core func $i "trap"))))"#;

fn imports() -> Imports {
    let mut imports = Imports::new();
    imports.wit_func("", "host", |_, _| Ok(Some(7_u32.into())));
    imports
}

fn pool(max: usize, reset: Reset, limits: Limits) -> Pool {
    let options = PoolOptions {
        max,
        reset,
        wait: Duration::from_millis(50),
    };
    let module = Module::new(COUNTER).unwrap();
    Pool::new(&module, &imports(), &Sandbox::from(limits), options).unwrap()
}

fn number(outcome: Result<Option<WitValue>>) -> u32 {
    match outcome.unwrap() {
        Some(WitValue::U32(number)) => number,
        other => panic!("{other:?}"),
    }
}

fn next(pool: &Pool) -> u32 {
    number(pool.wit_call("next", &[]))
}

#[test]
fn each_caller_gets_a_fresh_component() {
    let pool = pool(2, Reset::Fresh, Limits::default());
    for _ in 0..5 {
        assert_eq!(next(&pool), 1);
        assert_eq!(number(pool.wit_call("ask", &[])), 7);
    }
    assert_eq!((pool.counts().made, pool.counts().served), (11, 10));
    fails(pool.wit_call("none", &[]), ErrorKind::NotFound, "none");
    fails(
        pool.wit_call("next", &[1_u32.into()]),
        ErrorKind::Type,
        "takes 0 arguments, got 1",
    );
    assert_eq!(pool.counts().taken, 0);
}

#[test]
fn reuse_keeps_what_was_left_behind_and_renews_the_fuel() {
    let limits = Limits {
        fuel: Some(1000),
        ..Limits::default()
    };
    let pool = pool(1, Reset::Reuse, limits);
    for i in 1..500 {
        assert_eq!(next(&pool), i);
    }
    assert_eq!(pool.counts().made, 1);
}

/// Unlike a module, which lives on after a trap.
#[test]
fn a_component_that_was_ended_is_not_used_again() {
    for (name, kind) in [("trap", ErrorKind::Trap), ("spin", ErrorKind::Fuel)] {
        let limits = Limits {
            fuel: Some(1000),
            ..Limits::default()
        };
        let pool = pool(1, Reset::Reuse, limits);
        assert_eq!(next(&pool), 1);
        fails(pool.wit_call(name, &[]), kind, "");
        assert_eq!((next(&pool), pool.counts().made), (1, 2));
    }
}

#[test]
fn a_handle_that_was_dropped_is_closed_before_reuse() {
    let ways: [fn(GuestResource); 2] = [|it| it.close().unwrap(), drop];
    for way in ways {
        let pool = pool(1, Reset::Reuse, Limits::default());
        let instance = pool.get().unwrap();
        way(made(&instance, 41));
        instance.close();
        // The destructor has run, in the same instance.
        assert_eq!((next(&pool), pool.counts().made), (42, 1));
    }
}

#[test]
fn an_instance_with_an_open_handle_is_not_used_again() {
    let pool = pool(1, Reset::Reuse, Limits::default());
    let instance = pool.get().unwrap();
    let look = instance.wit_func("look").unwrap();
    let resource = made(&instance, 41);
    assert_eq!(
        number(look.call(&[Resource::Guest(resource.clone()).into()])),
        41
    );
    instance.close();
    assert_eq!((next(&pool), pool.counts().made), (1, 2));
    // What the last caller has is of the instance that is gone.
    assert!(resource.is_closed().unwrap());
    resource.close().unwrap();
    fails(
        look.call(&[Resource::Guest(resource.clone()).into()]),
        ErrorKind::Closed,
        "closed",
    );
    let other = pool.get().unwrap();
    let look = other.wit_func("look").unwrap();
    fails(
        look.call(&[Resource::Guest(resource).into()]),
        ErrorKind::WrongStore,
        "another store",
    );
    assert_eq!(
        number(look.call(&[Resource::Guest(made(&other, 5)).into()])),
        5
    );
}

#[test]
fn a_destructor_that_fails_as_an_instance_comes_back_ends_it() {
    let limits = Limits {
        timeout: Some(Duration::from_millis(20)),
        ..Limits::default()
    };
    let options = PoolOptions {
        max: 1,
        reset: Reset::Reuse,
        wait: Duration::from_millis(50),
    };
    let mut imports = Imports::new();
    imports.wit_func("", "give", |_, _| Ok(None));
    imports.wit_func("", "take", |_, _| Ok(None));
    let module = Module::new(ACTS).unwrap();
    for what in [SPIN, TRAP] {
        let pool = Pool::new(
            &module,
            &imports,
            &Sandbox::from(limits.clone()),
            options.clone(),
        );
        let pool = pool.unwrap();
        let instance = pool.get().unwrap();
        drop(made(&instance, what));
        instance.close();
        pool.wit_call("act", &[0_u32.into()]).unwrap();
        assert_eq!(pool.counts().made, 2);
    }
}

#[test]
fn a_function_of_a_leased_instance_ends_with_it() {
    for reset in [Reset::Fresh, Reset::Reuse] {
        let pool = pool(1, reset, Limits::default());
        let instance = pool.get().unwrap();
        let func = instance.wit_func("next").unwrap();
        assert_eq!(number(func.call(&[])), 1);
        instance.close();
        fails(func.call(&[]), ErrorKind::Closed, "closed");
        fails(
            func.call_async(&[]).unwrap().wait(),
            ErrorKind::Closed,
            "closed",
        );
        // A function alone keeps its instance.
        let func = pool.get().unwrap().wit_func("next").unwrap();
        assert_eq!(pool.counts().taken, 1);
        func.call(&[]).unwrap();
        drop(func);
        assert_eq!(pool.counts().taken, 0);
    }
}

#[test]
fn many_calls_share_few_components() {
    let pool = pool(3, Reset::Fresh, Limits::default());
    let calls: Vec<_> = (0..200)
        .map(|_| pool.wit_call_async("next", &[]).unwrap())
        .collect();
    calls
        .iter()
        .for_each(|call| assert_eq!(number(call.wait()), 1));
    let counts = pool.counts();
    assert_eq!((counts.taken, counts.waiting, counts.served), (0, 0, 200));
    assert!(counts.ready <= 3, "{counts:?}");
    pool.close();
    fails(
        pool.wit_call_async("next", &[]).unwrap().wait(),
        ErrorKind::Closed,
        "pool",
    );
}

/// The host's functions go when nobody has the pool or an instance of it any more, and once.
#[test]
fn what_a_pool_was_lent_is_dropped_with_the_last_instance() {
    struct Counts(Arc<AtomicUsize>);
    impl Drop for Counts {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let drops = Arc::new(AtomicUsize::new(0));
    let counts = Counts(drops.clone());
    let mut imports = Imports::new();
    imports.wit_func("", "host", move |_, _| {
        let _ = &counts;
        Ok(Some(7_u32.into()))
    });
    let module = Module::new(COUNTER).unwrap();
    let pool = Pool::new(
        &module,
        &imports,
        &Sandbox::default(),
        PoolOptions::default(),
    )
    .unwrap();
    drop(imports);
    let instance = pool.get().unwrap();
    let func = instance.wit_func("ask").unwrap();
    pool.close();
    drop(pool);
    assert_eq!(number(func.call(&[])), 7);
    drop(instance);
    assert_eq!(drops.load(Ordering::SeqCst), 0);
    drop(func);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
}

#[test]
fn what_cannot_be_made_shows_at_once() {
    let module = Module::new(COUNTER).unwrap();
    let made = Pool::new(
        &module,
        &Imports::new(),
        &Sandbox::default(),
        PoolOptions::default(),
    );
    fails(made, ErrorKind::Link, "host: func() -> u32");
}

/// Resources of the host's cross by the same types in all instances.
#[test]
fn objects_of_the_host_cross_in_each_instance() {
    let wat = r#"(component
        (import "t:t/h" (instance $h
            (export "r" (type $r (sub resource)))
            (export "look" (func (param "it" (borrow $r)) (result u32)))))
        (alias export $h "r" (type $r))
        (alias export $h "look" (func $look))
        (core func $looked (canon lower (func $look)))
        (core module $m (import "" "look" (func $look (param i32) (result i32)))
            (func (export "look") (param i32) (result i32) (call $look (local.get 0))))
        (core instance $i (instantiate $m (with "" (instance (export "look" (func $looked))))))
        (func (export "look") (param "it" (own $r)) (result u32) (canon lift (core func $i "look"))))"#;
    let mut imports = Imports::new();
    imports.wit_func("t:t/h", "look", |_, args| match args {
        [WitValue::Resource(Resource::Host(it))] => Ok(Some((*it.get::<u32>().unwrap()).into())),
        other => panic!("{other:?}"),
    });
    let module = Module::new(wat).unwrap();
    let options = PoolOptions {
        max: 2,
        ..PoolOptions::default()
    };
    let pool = Pool::new(&module, &imports, &Sandbox::default(), options).unwrap();
    for n in 0..20_u32 {
        let given = Resource::Host(HostResource::new(n)).into();
        assert_eq!(number(pool.wit_call("look", &[given])), n);
    }
}

/// A host function may give the instance back that called it: that ends the call.
#[test]
fn an_instance_can_come_back_while_it_is_at_work() {
    let slot: Arc<Mutex<Option<Instance>>> = Arc::default();
    let mut imports = Imports::new();
    let held = slot.clone();
    imports.wit_func("", "host", move |_, _| {
        let instance = held.lock().unwrap().take();
        instance.unwrap().close();
        Ok(Some(7_u32.into()))
    });
    let module = Module::new(COUNTER).unwrap();
    let options = PoolOptions {
        max: 1,
        reset: Reset::Reuse,
        ..PoolOptions::default()
    };
    let pool = Pool::new(&module, &imports, &Sandbox::default(), options).unwrap();
    let instance = pool.get().unwrap();
    assert_eq!(number(instance.wit_func("next").unwrap().call(&[])), 1);
    let ask = instance.wit_func("ask").unwrap();
    *slot.lock().unwrap() = Some(instance);
    fails(ask.call(&[]), ErrorKind::Closed, "closed");
    assert_eq!((next(&pool), pool.counts().made), (1, 2));
}
