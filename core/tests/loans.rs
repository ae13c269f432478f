//! Loans in the hands of several threads.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use landbridge::host::{Loan, thread_token};
use landbridge::*;

const ASKS: &str = r#"(module (import "h" "f" (func $f (result i32)))
    (memory (export "memory") 1)
    (func (export "id") (param i64) (result i64) (local.get 0))
    (func (export "nothing"))
    (func (export "run") (result i32) (call $f)))"#;

/// An instance, and the loans of its host function, which does `then` with each.
fn lending(
    then: impl Fn(Loan) -> Result<Vec<Value>> + Send + Sync + 'static,
) -> (Instance, mpsc::Receiver<Loan>) {
    let (lend, lent) = mpsc::channel();
    let lend = Mutex::new(lend);
    let mut imports = Imports::new();
    imports.func("h", "f", move |context, _| {
        let loan = context.lend();
        lend.lock().unwrap().send(loan.clone()).unwrap();
        then(loan)
    });
    let guest = Module::new(ASKS).unwrap().instantiate(&imports).unwrap();
    (guest, lent)
}

fn seven() -> Result<Vec<Value>> {
    Ok(vec![Value::I32(7)])
}

/// Overwrites what this thread had on its stack.
#[inline(never)]
fn scribble() {
    let room = [0x4141_4141_4141_4141_u64; 512];
    std::hint::black_box(&room);
}

#[test]
fn threads_that_share_a_loan_get_their_own_answers() {
    let (guest, lent) = lending(|loan| loan.wait());
    let id = guest.func("id").unwrap();
    let run = guest.clone();
    let running = thread::spawn(move || run.call("run", &[]));
    let loan = lent.recv().unwrap();
    thread::scope(|scope| {
        for t in 0..4_i64 {
            let (loan, id) = (loan.clone(), id.clone());
            scope.spawn(move || {
                loan.enter();
                for n in 0..5000 {
                    let value = Value::I64(t << 40 | n);
                    assert_eq!(id.call(std::slice::from_ref(&value)).unwrap(), [value]);
                    scribble();
                }
                loan.leave();
            });
        }
    });
    loan.answer(seven());
    assert_eq!(running.join().unwrap().unwrap(), [Value::I32(7)]);
}

#[test]
fn an_answer_ends_what_others_wait_for() {
    for _ in 0..50 {
        let (guest, lent) = lending(|loan| loan.wait());
        let id = guest.func("id").unwrap();
        let run = guest.clone();
        let running = thread::spawn(move || run.call("run", &[]));
        let loan = lent.recv().unwrap();
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    loan.enter();
                    for n in 0..200 {
                        match id.call(&[Value::I64(n)]) {
                            Ok(back) => assert_eq!(back, [Value::I64(n)]),
                            // It came too late, and the next one takes its turn.
                            Err(error) => assert_eq!(error.kind(), ErrorKind::Cancelled),
                        }
                        scribble();
                    }
                    loan.leave();
                });
            }
            loan.answer(seven());
        });
        running.join().unwrap().unwrap();
    }
}

#[test]
fn who_asks_a_guest_that_never_waits_is_told() {
    // The host function goes on without waiting for its loan.
    let (done, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let (guest, lent) = lending(move |_| {
        wait.lock().unwrap().recv().unwrap();
        seven()
    });
    let run = guest.clone();
    let running = thread::spawn(move || run.call("run", &[]));
    let loan = lent.recv().unwrap();
    let asks = guest.clone();
    let asking = thread::spawn(move || {
        loan.enter();
        let asked = asks.call("nothing", &[]);
        loan.leave();
        asked
    });
    // sleeps: it waits by now, which nothing tells
    thread::sleep(Duration::from_millis(30));
    done.send(()).unwrap();
    assert_eq!(running.join().unwrap().unwrap(), [Value::I32(7)]);
    let error = asking.join().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn who_answers_twice_or_too_late_is_told() {
    let (guest, lent) = lending(|loan| {
        let answer = loan.wait();
        assert_eq!(loan.wait().unwrap_err().kind(), ErrorKind::Closed);
        answer
    });
    let run = guest.clone();
    let running = thread::spawn(move || run.call("run", &[]));
    let loan = lent.recv().unwrap();
    loan.try_answer(seven()).unwrap();
    let late = |loan: &Loan| loan.try_answer(seven()).unwrap_err().kind();
    assert_eq!(late(&loan), ErrorKind::Closed);
    assert_eq!(running.join().unwrap().unwrap(), [Value::I32(7)]);
    assert_eq!(late(&loan), ErrorKind::Closed);
}

#[test]
fn calls_by_handle_go_by_the_loan_too() {
    let (guest, lent) = lending(|loan| loan.wait());
    let id = handle::insert("func", Arc::new(guest.func("id").unwrap())).unwrap();
    let run = guest.clone();
    let running = thread::spawn(move || run.call("run", &[]));
    let loan = lent.recv().unwrap();
    loan.enter();
    let called = handle::with_func(id, |func| func.call(&[Value::I64(5)]));
    loan.leave();
    assert_eq!(called.unwrap(), [Value::I64(5)]);
    loan.answer(seven());
    running.join().unwrap().unwrap();
    handle::release::<Func>(id, "func").unwrap();
}

#[test]
fn only_the_guests_thread_waits_for_a_loan() {
    let (guest, lent) = lending(|loan| loan.wait());
    let run = guest.clone();
    let running = thread::spawn(move || run.call("run", &[]));
    let loan = lent.recv().unwrap();
    assert_eq!(loan.wait().unwrap_err().kind(), ErrorKind::Unsupported);
    loan.answer(seven());
    running.join().unwrap().unwrap();
    assert_eq!(loan.wait().unwrap_err().kind(), ErrorKind::Unsupported);
}

#[test]
fn jobs_run_in_order_on_the_thread_that_waits() {
    let ran = Arc::new(Mutex::new(Vec::new()));
    let (done, runs) = (ran.clone(), Arc::new(AtomicUsize::new(0)));
    let text = r#"(module (import "h" "jobs" (func $jobs)) (func (export "run") (call $jobs)))"#;
    let (guest, lent) = lending(|loan| loan.wait());
    let run = guest.clone();
    let running = thread::spawn(move || run.call("run", &[]));
    let loan = lent.recv().unwrap();
    let mut imports = Imports::new();
    let (inner, counted) = (loan.clone(), runs.clone());
    imports.func("h", "jobs", move |_, _| {
        for n in 0..3 {
            let (done, counted) = (done.clone(), counted.clone());
            let job = Box::new(move || {
                done.lock().unwrap().push((n, thread_token()));
                counted.fetch_add(1, SeqCst);
                assert_ne!(n, 1, "a panic of a job ends there");
            });
            assert!(inner.reach(job).is_ok());
        }
        Ok(vec![])
    });
    let module = Module::new(text).unwrap();
    loan.enter();
    let other = guest.store().instantiate(&module, &imports).unwrap();
    std::panic::set_hook(Box::new(|_| ()));
    other.call("run", &[]).unwrap();
    let _ = std::panic::take_hook();
    loan.leave();
    let me = thread_token();
    assert_eq!(*ran.lock().unwrap(), [(0, me), (1, me), (2, me)]);
    loan.answer(seven());
    running.join().unwrap().unwrap();
}

#[test]
fn a_job_may_ask_while_its_thread_waits() {
    // The guest's thread still does the first work when the job asks for more.
    let (guest, lent) = lending(|loan| loan.wait());
    let id = guest.func("id").unwrap();
    let run = guest.clone();
    let running = thread::spawn(move || run.call("run", &[]));
    let loan = lent.recv().unwrap();
    let mut imports = Imports::new();
    let inner = loan.clone();
    let good = Arc::new(AtomicUsize::new(0));
    let counted = good.clone();
    imports.func("h", "job", move |_, _| {
        let (id, counted) = (id.clone(), counted.clone());
        let job = Box::new(move || {
            for n in 0..100 {
                let back = id.call(&[Value::I64(n)]).unwrap();
                counted.fetch_add(usize::from(back == [Value::I64(n)]), SeqCst);
                scribble();
            }
        });
        assert!(inner.reach(job).is_ok());
        // sleeps: the moments are what is tried
        thread::sleep(Duration::from_micros(200));
        Ok(vec![])
    });
    let text = r#"(module (import "h" "job" (func $job)) (func (export "run") (call $job)))"#;
    let module = Module::new(text).unwrap();
    loan.enter();
    let other = guest.store().instantiate(&module, &imports).unwrap();
    for _ in 0..50 {
        other.call("run", &[]).unwrap();
    }
    loan.leave();
    assert_eq!(good.load(SeqCst), 5000);
    loan.answer(seven());
    running.join().unwrap().unwrap();
}
