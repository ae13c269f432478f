//! The order of the calls of a store, whoever makes them, and how threads that meet share it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use landbridge::{
    Engine, EngineOptions, ErrorKind, HostContext, Imports, Instance, Module, Result, Store, Value,
};

const COUNTER: &str = r#"(module
    (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "spin") (loop (br 0))))"#;

const ASK: &str = r#"(module
    (import "env" "f" (func $f))
    (func (export "ask") (call $f))
    (func (export "one") (result i32) (i32.const 1)))"#;

fn counter() -> Instance {
    Module::new(COUNTER)
        .unwrap()
        .instantiate(&Imports::new())
        .unwrap()
}

/// Calls `what` from `ask`.
fn asking(
    engine: &Engine,
    what: impl Fn(&HostContext<'_>) -> Result<()> + Send + Sync + 'static,
) -> Instance {
    let mut imports = Imports::new();
    imports.func("env", "f", move |context: &HostContext<'_>, _: &[Value]| {
        what(context).map(|()| Vec::new())
    });
    let module = Module::with_engine(engine, ASK).unwrap();
    module.instantiate(&imports).unwrap()
}

#[test]
fn a_synchronous_call_waits_for_those_made_before() {
    let guest = counter();
    let next = guest.func("next").unwrap();
    for round in 0..2000 {
        let calls = [next.call_async(&[]).unwrap(), next.call_async(&[]).unwrap()];
        let own = next.call(&[]).unwrap();
        assert_eq!(own, [Value::I32(3 * round + 3)], "round {round}");
        assert_eq!(calls[0].wait().unwrap(), [Value::I32(3 * round + 1)]);
        assert_eq!(calls[1].wait().unwrap(), [Value::I32(3 * round + 2)]);
    }
}

#[test]
fn what_a_host_function_calls_goes_at_once() {
    let engine = Engine::new(EngineOptions {
        call_threads: 1,
        ..EngineOptions::default()
    })
    .unwrap();
    let guest: Arc<Mutex<Option<Instance>>> = Arc::default();
    let own = guest.clone();
    let made = asking(&engine, move |_| {
        let guest = own.lock().unwrap().clone().unwrap();
        guest.call_async("one", &[])?;
        assert_eq!(guest.call("one", &[])?, [Value::I32(1)]);
        Ok(())
    });
    *guest.lock().unwrap() = Some(made.clone());
    for _ in 0..200 {
        let call = made.call_async("ask", &[]).unwrap();
        made.call("ask", &[]).unwrap();
        call.wait().unwrap();
    }
    guest.lock().unwrap().take();
}

#[test]
fn a_call_that_is_cancelled_before_it_begins_holds_nobody_up() {
    let guest = counter();
    let other = guest.clone();
    let first = guest.call_async("next", &[]).unwrap();
    first.wait().unwrap();
    for _ in 0..200 {
        let calls: Vec<_> = (0..3)
            .map(|_| guest.call_async("next", &[]).unwrap())
            .collect();
        calls.iter().for_each(landbridge::Call::cancel);
        let mine = other.call("next", &[]);
        // One that had begun may have been ended within the guest, which poisons the store.
        if let Err(error) = mine {
            assert_eq!(error.kind(), ErrorKind::Poisoned);
            return;
        }
    }
}

#[test]
fn waiting_for_a_thread_that_waits_for_this_one_is_told() {
    let engine = Engine::new(EngineOptions {
        call_threads: 1,
        ..EngineOptions::default()
    })
    .unwrap();
    let other = asking(&engine, |_| Ok(()));
    let second = other.clone();
    let guest = asking(&engine, move |_| {
        // The engine's only thread runs this, and would have to run that.
        let pending = second.call_async("one", &[])?;
        let error = second.call("one", &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Deadlock);
        assert!(error.message().contains("call_threads"), "{error}");
        drop(pending);
        Ok(())
    });
    guest.call_async("ask", &[]).unwrap().wait().unwrap();
    assert_eq!(other.call("one", &[]).unwrap(), [Value::I32(1)]);
    // The same for what follows on a call.
    let (told, tell) = std::sync::mpsc::channel();
    let call = other.prepare("one", &[]).unwrap();
    let again = other.clone();
    call.call().on_done(move |_| {
        let later = again.call_async("one", &[]).unwrap();
        let now = again.call("one", &[]).unwrap_err().kind();
        told.send((later, now)).unwrap();
    });
    call.start().unwrap();
    let (later, now) = tell.recv_timeout(Duration::from_secs(30)).unwrap();
    assert_eq!(now, ErrorKind::Deadlock);
    later.wait().unwrap();
}

#[test]
fn closing_frees_a_store_whose_calls_were_given_up() {
    let engine = Engine::shared().unwrap();
    let store = Store::new(&engine).unwrap();
    let place = store.book(1);
    let weak = Arc::new(());
    let held = weak.clone();
    let module = Module::with_engine(&engine, ASK).unwrap();
    let mut imports = Imports::new();
    imports.func("env", "f", move |_: &HostContext<'_>, _: &[Value]| {
        let _ = &held;
        Ok(Vec::new())
    });
    let waits = {
        let (store, module) = (store.clone(), module.clone());
        thread::spawn(move || store.instantiate(&module, &imports).map(drop))
    };
    // sleeps: it waits by now, which nothing tells
    thread::sleep(Duration::from_millis(20));
    assert!(!waits.is_finished(), "it waits for the place");
    store.close();
    place.give_up();
    assert_eq!(waits.join().unwrap().unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(Arc::strong_count(&weak), 1);
}

#[test]
fn a_mark_sends_others_into_the_line() {
    let guest = counter();
    let mark = guest.store().mark();
    let again = guest.store().mark();
    assert_eq!(guest.call("next", &[]).unwrap(), [Value::I32(1)]);
    drop((mark, again));
    assert_eq!(guest.call("next", &[]).unwrap(), [Value::I32(2)]);
}

/// Each thread gets its share, whatever the others do, and no call waits for long.
#[test]
fn threads_that_meet_share_a_store() {
    let guest = counter();
    let next = guest.func("next").unwrap();
    let (start, stop) = (Barrier::new(8), AtomicBool::new(false));
    let shares: Vec<_> = (0..8).map(|_| AtomicU32::new(0)).collect();
    thread::scope(|scope| {
        for share in &shares {
            scope.spawn(|| {
                start.wait();
                while !stop.load(Ordering::Relaxed) {
                    next.call(&[]).unwrap();
                    share.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // Nobody is left out, however long that takes here.
        let since = Instant::now();
        while shares.iter().any(|it| it.load(Ordering::Relaxed) < 1000) {
            assert!(since.elapsed() < Duration::from_secs(60), "{shares:?}");
            // sleeps: a poll
            thread::sleep(Duration::from_millis(5));
        }
        stop.store(true, Ordering::Relaxed);
    });
    let sum: u32 = shares.iter().map(|it| it.load(Ordering::Relaxed)).sum();
    assert_eq!(next.call(&[]).unwrap(), [Value::I32(sum as i32 + 1)]);
}

#[test]
fn orders_of_unrelated_threads_hold_each_by_itself() {
    let guest = counter();
    let next = guest.func("next").unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..500 {
                    let call = next.call_async(&[]).unwrap();
                    let now = next.call(&[]).unwrap()[0].clone();
                    let before = call.wait().unwrap()[0].clone();
                    let (Value::I32(before), Value::I32(now)) = (before, now) else {
                        unreachable!("a number")
                    };
                    assert!(before < now, "{before} was made before {now}");
                }
            });
        }
    });
}
