//! What the store promises: turns, re-entry, closing, poisoning, the native stack.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::time::{Duration, Instant};

use landbridge::*;

const CALC: &str = r#"(module $calc
    (import "env" "twice" (func $twice (param i32) (result i32)))
    (memory (export "memory") 1 4)
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func (export "via_host") (param i32) (result i32) (call $twice (local.get 0)))
    (func $down (export "down") (call $down))
    (func (export "spin") (drop (call $twice (i32.const 0))) (loop (br 0))))"#;

fn with_twice(
    twice: impl Fn(&HostContext<'_>, &[Value]) -> Result<Vec<Value>> + Send + Sync + 'static,
) -> Instance {
    let mut imports = Imports::new();
    imports.func("env", "twice", twice);
    Module::new(CALC).unwrap().instantiate(&imports).unwrap()
}

fn calc() -> Instance {
    with_twice(|_, args| match args {
        [Value::I32(n)] => Ok(vec![Value::I32(n * 2)]),
        _ => unreachable!(),
    })
}

fn i32_of(values: Vec<Value>) -> i32 {
    match values[..] {
        [Value::I32(n)] => n,
        _ => panic!("{values:?}"),
    }
}

fn add(calc: &Instance, a: i32, b: i32) -> Result<i32> {
    calc.call("add", &[Value::I32(a), Value::I32(b)])
        .map(i32_of)
}

#[test]
fn a_host_function_calls_back_into_its_own_instance() {
    let slot: Arc<Mutex<Option<Instance>>> = Arc::default();
    let seen = slot.clone();
    let calc = with_twice(move |context, args| {
        let inner = seen.lock().unwrap().clone().unwrap();
        let Value::I32(n) = args[0] else { panic!() };
        let Some(Extern::Func(own)) = context.export("add") else {
            panic!()
        };
        let sum = i32_of(own.call(&[Value::I32(n), Value::I32(1)])?);
        Ok(vec![Value::I32(add(&inner, sum, n)?)])
    });
    *slot.lock().unwrap() = Some(calc.clone());
    assert_eq!(
        i32_of(calc.call("via_host", &[Value::I32(20)]).unwrap()),
        41
    );
    slot.lock().unwrap().take();
}

#[test]
fn threads_take_turns() {
    let calc = calc();
    let total = Arc::new(AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for n in 0..2_000 {
                    assert_eq!(add(&calc, n, 1).unwrap(), n + 1);
                    total.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(total.load(Ordering::Relaxed), 8_000);
}

#[test]
fn a_circle_between_two_stores_is_an_error_and_no_deadlock() {
    let slots: [Arc<Mutex<Option<Instance>>>; 2] = Default::default();
    let meet = Arc::new(Barrier::new(2));
    let make = |other: usize| {
        let (other, meet) = (slots[other].clone(), meet.clone());
        with_twice(move |_, _| {
            meet.wait();
            let other = other.lock().unwrap().clone().unwrap();
            add(&other, 1, 2).map(|n| vec![Value::I32(n)])
        })
    };
    let pair = [make(1), make(0)];
    for (slot, instance) in slots.iter().zip(&pair) {
        *slot.lock().unwrap() = Some(instance.clone());
    }
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let calls: Vec<_> = pair
            .iter()
            .map(|instance| scope.spawn(|| instance.call("via_host", &[Value::I32(1)])))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let failed: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .collect();
    assert_eq!(failed.len(), 1, "{outcomes:?}");
    assert_eq!(failed[0].kind(), ErrorKind::Deadlock);
    slots
        .iter()
        .for_each(|slot| drop(slot.lock().unwrap().take()));
}

#[test]
fn a_trap_has_a_code_and_named_frames_and_leaves_the_instance_alive() {
    let calc = calc();
    let error = calc
        .call("div", &[Value::I32(1), Value::I32(0)])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trap);
    assert_eq!(error.trap_code(), Some(TrapCode::IntegerDivisionByZero));
    assert_eq!(error.frames()[0].module.as_deref(), Some("calc"));
    assert_eq!(add(&calc, 1, 2).unwrap(), 3);
}

#[test]
fn the_hosts_own_exception_comes_out_as_the_same_object() {
    let thrown: Arc<String> = Arc::new("mine".to_owned());
    let kept = thrown.clone();
    let calc = with_twice(move |_, _| Err(Error::host("failed", kept.clone())));
    let error = calc.call("via_host", &[Value::I32(1)]).unwrap_err();
    let got = error
        .host_exception()
        .unwrap()
        .clone()
        .downcast::<String>()
        .unwrap();
    assert!(Arc::ptr_eq(&got, &thrown));
    assert_eq!(error.frames().len(), 1);
}

#[test]
fn a_panic_in_a_host_function_is_an_error_and_poisons() {
    let calc = with_twice(|_, _| panic!("oh no"));
    let error = calc.call("via_host", &[Value::I32(1)]).unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Internal, "panic: oh no")
    );
    assert_eq!(add(&calc, 1, 2).unwrap_err().kind(), ErrorKind::Poisoned);
}

#[test]
fn a_closed_instance_says_so_and_closing_twice_is_no_error() {
    let calc = calc();
    let (func, memory) = (calc.func("add").unwrap(), calc.memory("memory").unwrap());
    calc.close();
    calc.close();
    assert_eq!(add(&calc, 1, 2).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(
        func.call(&[Value::I32(1), Value::I32(2)])
            .unwrap_err()
            .kind(),
        ErrorKind::Closed
    );
    assert_eq!(memory.size_bytes().unwrap_err().kind(), ErrorKind::Closed);
}

#[test]
fn closing_ends_a_call_that_runs() {
    let (inside, entered) = mpsc::channel();
    let calc = with_twice(move |_, args| {
        inside.send(()).unwrap();
        Ok(args.to_vec())
    });
    let other = calc.clone();
    let call = std::thread::spawn(move || other.call("spin", &[]));
    entered.recv().unwrap();
    let start = Instant::now();
    calc.close();
    assert_eq!(call.join().unwrap().unwrap_err().kind(), ErrorKind::Closed);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn closing_from_inside_a_call_ends_it() {
    let slot: Arc<Mutex<Option<Instance>>> = Arc::default();
    let seen = slot.clone();
    let calc = with_twice(move |_, _| {
        seen.lock().unwrap().as_ref().unwrap().close();
        Ok(vec![Value::I32(1)])
    });
    *slot.lock().unwrap() = Some(calc.clone());
    let error = calc.call("via_host", &[Value::I32(1)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    slot.lock().unwrap().take();
}

#[test]
fn a_view_outlives_growth_and_closing() {
    let calc = calc();
    let memory = calc.memory("memory").unwrap();
    memory.write(0, b"hello").unwrap();
    let view = memory.view().unwrap();
    assert_eq!(memory.grow(1).unwrap(), 1);
    calc.close();
    drop((calc, memory));
    assert_eq!(view.len(), 65536);
    // SAFETY: the view keeps the bytes mapped, and no guest runs.
    let bytes = unsafe { std::slice::from_raw_parts(view.data(), 5) };
    assert_eq!(bytes, b"hello");
}

#[test]
fn recursion_ends_as_a_trap_on_every_stack() {
    for stack in [128 << 10, 256 << 10, 1 << 20, 8 << 20] {
        let run = move || {
            let calc = calc();
            let error = calc.call("down", &[]).unwrap_err();
            assert_eq!(
                error.trap_code(),
                Some(TrapCode::StackOverflow),
                "{error:?}"
            );
            assert_eq!(add(&calc, 1, 2).unwrap(), 3);
        };
        std::thread::Builder::new()
            .stack_size(stack)
            .spawn(run)
            .unwrap()
            .join()
            .unwrap();
    }
}

#[test]
fn recursion_through_the_host_ends_as_a_trap() {
    let slot: Arc<Mutex<Option<Instance>>> = Arc::default();
    let seen = slot.clone();
    let calc = with_twice(move |_, args| {
        let inner = seen.lock().unwrap().clone().unwrap();
        inner.call("via_host", args)
    });
    *slot.lock().unwrap() = Some(calc.clone());
    let run = || calc.call("via_host", &[Value::I32(1)]).unwrap_err();
    let error = std::thread::scope(|scope| {
        let small = std::thread::Builder::new().stack_size(256 << 10);
        small.spawn_scoped(scope, run).unwrap().join().unwrap()
    });
    assert_eq!(
        error.trap_code(),
        Some(TrapCode::StackOverflow),
        "{error:?}"
    );
    slot.lock().unwrap().take();
}

#[test]
fn everything_is_freed() {
    static DROPS: AtomicUsize = AtomicUsize::new(0);
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            DROPS.fetch_add(1, Ordering::SeqCst);
        }
    }
    for _ in 0..50 {
        let counted = Counted;
        let calc = with_twice(move |_, args| {
            let _keep = &counted;
            Ok(args.to_vec())
        });
        let add = calc.func("add").unwrap();
        drop(calc);
        assert_eq!(
            add.call(&[Value::I32(1), Value::I32(2)])
                .map(i32_of)
                .unwrap(),
            3
        );
    }
    assert_eq!(DROPS.load(Ordering::SeqCst), 50);
}

#[test]
fn a_handle_is_checked() {
    let calc = calc();
    let func = handle::insert("func", Arc::new(calc.func("add").unwrap())).unwrap();
    let memory = handle::insert("memory", Arc::new(calc.memory("memory").unwrap())).unwrap();
    let call = |h| {
        handle::with_func(h, |func| {
            let mut slots = [Slot::from_i32(2), Slot::from_i32(3)];
            func.call_raw(&mut slots).map(|()| slots[0].as_i32())
        })
    };
    let kind = |outcome: Result<i32>| outcome.unwrap_err().kind();
    assert_eq!(call(func).unwrap(), 5);
    assert_eq!(kind(call(memory)), ErrorKind::Type);
    assert_eq!(kind(call(0)), ErrorKind::Type);
    assert_eq!(kind(call(u64::MAX)), ErrorKind::Type);
    assert_eq!(kind(call(0xdead_beef_dead_beef)), ErrorKind::Type);
    assert_eq!(
        handle::get::<Memory>(func, "memory").unwrap_err().kind(),
        ErrorKind::Type
    );
    handle::release::<Func>(func, "func").unwrap();
    assert_eq!(kind(call(func)), ErrorKind::Closed);
    assert_eq!(
        handle::release::<Func>(func, "func").unwrap_err().kind(),
        ErrorKind::Closed
    );
    handle::release::<Memory>(memory, "memory").unwrap();
}

#[test]
fn a_handle_may_be_released_while_others_call_it() {
    for _ in 0..200 {
        let calc = calc();
        let func = handle::insert("func", Arc::new(calc.func("add").unwrap())).unwrap();
        drop(calc);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    loop {
                        let mut slots = [Slot::from_i32(2), Slot::from_i32(3)];
                        match handle::with_func(func, |func| func.call_raw(&mut slots)) {
                            Ok(()) => assert_eq!(slots[0].as_i32(), 5),
                            Err(e) => break assert_eq!(e.kind(), ErrorKind::Closed),
                        }
                    }
                });
            }
            handle::release::<Func>(func, "func").unwrap();
        });
    }
}

#[test]
fn an_error_that_is_given_again_and_again_keeps_the_frames_of_its_own_and_of_the_last_guest() {
    let names = |error: &Error| {
        let frames = error.frames().iter();
        frames
            .map(|it| it.func_name.clone().unwrap_or_default())
            .collect::<Vec<_>>()
    };
    let trap = Module::new(r#"(module (func $t (export "t") unreachable))"#).unwrap();
    let trap = trap.instantiate(&Imports::new()).unwrap();
    let kept = Arc::new(Mutex::new(trap.call("t", &[]).unwrap_err()));
    assert_eq!(names(&kept.lock().unwrap()), ["t"]);
    let module =
        Module::new(r#"(module (import "e" "f" (func $f)) (func $via (export "f") call $f))"#);
    let (module, mut imports) = (module.unwrap(), Imports::new());
    let given = kept.clone();
    imports.func("e", "f", move |_, _| Err(given.lock().unwrap().clone()));
    for _ in 0..1000 {
        let error = module
            .instantiate(&imports)
            .unwrap()
            .call("f", &[])
            .unwrap_err();
        assert_eq!(names(&error), ["t", "via"]);
        *kept.lock().unwrap() = error;
    }
}

#[test]
fn frames_of_a_nested_call_are_told_once() {
    let slot: Arc<Mutex<Option<Instance>>> = Arc::default();
    let seen = slot.clone();
    let module = Module::new(
        r#"(module (import "env" "twice" (func $twice (param i32) (result i32)))
        (func $d (export "div") (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 0)))
        (func $outer (export "outer") (param i32) (result i32) (call $twice (local.get 0))))"#,
    );
    let mut imports = Imports::new();
    imports.func("env", "twice", move |_, args| {
        let inner = seen.lock().unwrap().clone().unwrap();
        inner.call("div", args)
    });
    let nested = module.unwrap().instantiate(&imports).unwrap();
    *slot.lock().unwrap() = Some(nested.clone());
    let error = nested.call("outer", &[Value::I32(1)]).unwrap_err();
    let names: Vec<_> = error
        .frames()
        .iter()
        .map(|frame| frame.func_name.as_deref())
        .collect();
    assert_eq!(names, [Some("d"), Some("outer")]);
    slot.lock().unwrap().take();
}
