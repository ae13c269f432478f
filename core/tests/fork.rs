//! A forked child goes on with what its parent had, or is told why not. It never hangs.
#![cfg(unix)]

mod forked;

use std::sync::mpsc;
use std::time::Duration;

use landbridge::*;

use forked::in_child;

const GUEST: &str = r#"(module (import "e" "wait" (func $wait))
    (func (export "wait") (call $wait))
    (func (export "loop") (loop $l (br $l)))
    (func (export "one") (result i32) i32.const 1))"#;

fn guest(limits: Limits) -> Instance {
    waits(limits, mpsc::channel().0)
}

/// A guest whose function `wait` tells that it is inside, and then waits for ever.
fn waits(limits: Limits, inside: mpsc::Sender<()>) -> Instance {
    let mut imports = Imports::new();
    imports.func("e", "wait", move |_, _| {
        inside.send(()).unwrap();
        loop {
            std::thread::park();
        }
    });
    let module = Module::new(GUEST).unwrap();
    module.instantiate_with(&imports, &limits.into()).unwrap()
}

fn late() -> Limits {
    Limits {
        timeout: Some(Duration::from_millis(20)),
        ..Limits::default()
    }
}

// One test, since a fork copies whatever other tests' threads are in the middle of.
#[test]
fn a_child_goes_on() {
    let (inside, waiting) = mpsc::channel();
    let before = waits(Limits::default(), inside);
    let timed = guest(late());
    assert_eq!(before.call("one", &[]).unwrap(), [Value::I32(1)]);

    assert!(
        in_child(|| before
            .call("one", &[])
            .is_ok_and(|found| found == [Value::I32(1)])),
        "an instance of the parent is called"
    );
    assert!(
        in_child(|| timed
            .call("loop", &[])
            .is_err_and(|e| e.kind() == ErrorKind::Timeout)),
        "a deadline of a store of the parent holds"
    );
    assert!(
        in_child(|| guest(late())
            .call("loop", &[])
            .is_err_and(|e| e.kind() == ErrorKind::Timeout)),
        "a store of the child has deadlines"
    );
    let many: String = (0..300)
        .map(|i| format!(r#"(func (export "f{i}") (result i32) i32.const {i})"#))
        .collect();
    let fresh = || {
        let options = EngineOptions {
            cache: CompileCache::Off,
            ..EngineOptions::default()
        };
        let engine = Engine::new(options)?;
        let module = Module::with_engine(&engine, format!("(module {many})"))?;
        module.instantiate(&Imports::new())?.call("f7", &[])
    };
    fresh().unwrap();
    assert!(
        in_child(|| fresh().is_ok_and(|found| found == [Value::I32(7)])),
        "a child compiles"
    );
    assert!(
        in_child(|| in_child(|| fresh().is_ok()) && timed.call("loop", &[]).is_err()),
        "a child of a child does so too"
    );

    let one = [Value::I32(1)];
    let in_flight = timed.call_async("loop", &[]).unwrap();
    let asynchronous = |instance: &Instance| {
        let call = instance.call_async("one", &[]);
        call.and_then(|call| call.wait())
            .is_ok_and(|found| found == one)
    };
    assert!(asynchronous(&before));
    assert!(
        in_child(|| asynchronous(&before) && asynchronous(&guest(late()))),
        "a child calls asynchronously"
    );
    assert_eq!(in_flight.wait().unwrap_err().kind(), ErrorKind::Timeout);

    let (lend, lent) = mpsc::channel();
    let mut imports = Imports::new();
    imports.func("e", "wait", move |context, _| {
        let loan = context.lend();
        lend.send(loan.clone()).unwrap();
        loan.wait()
    });
    let module = Module::new(GUEST).unwrap();
    let waits = module.instantiate(&imports).unwrap();
    let call = waits.call_async("wait", &[]).unwrap();
    let loan = lent.recv().unwrap();
    loan.enter();
    assert_eq!(waits.call("one", &[]).unwrap(), one);
    assert!(
        in_child(|| waits
            .call("one", &[])
            .is_err_and(|e| e.kind() == ErrorKind::Poisoned)),
        "a loan of the parent is none of the child's"
    );
    loan.answer(Ok(Vec::new()));
    loan.leave();
    call.wait().unwrap();

    // A fork inside of a host function, while another thread is in line for the store.
    let forking = Module::new(
        r#"(module (import "e" "fork" (func $fork))
        (func (export "fork") (call $fork)) (func (export "one") (result i32) i32.const 1))"#,
    );
    let (inside, told) = mpsc::channel();
    let mut imports = Imports::new();
    imports.func("e", "fork", move |context, _| {
        inside.send(()).unwrap();
        // sleeps: so that the other thread is in line
        std::thread::sleep(Duration::from_millis(100));
        let Some(Extern::Func(one)) = context.export("one") else {
            panic!("no export");
        };
        assert!(in_child(|| one.call(&[]).is_ok()), "the child is inside");
        Ok(Vec::new())
    });
    let forking = forking.unwrap().instantiate(&imports).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| forking.call("fork", &[]).unwrap());
        told.recv().unwrap();
        assert_eq!(forking.call("one", &[]).unwrap(), [Value::I32(1)]);
    });

    let busy = before.clone();
    std::thread::spawn(move || drop(busy.call("wait", &[])));
    waiting.recv().unwrap();
    assert!(
        in_child(|| before
            .call("one", &[])
            .is_err_and(|e| e.kind() == ErrorKind::Poisoned)),
        "a store that another thread is inside of says so"
    );
    assert!(
        in_child(|| (0..50).all(|_| {
            let thread = std::thread::spawn({
                let before = before.clone();
                move || before.call("one", &[])
            });
            let error = thread.join().unwrap();
            error.is_err_and(|e| e.kind() == ErrorKind::Poisoned)
        })),
        "and so it does to the child's new threads"
    );
    assert_eq!(
        guest(Limits::default()).call("one", &[]).unwrap(),
        [Value::I32(1)]
    );
}
