//! Asynchronous calls: threads, order, cancellation, and host functions answered elsewhere.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use landbridge::host::{Host, Loan, is_serving};
use landbridge::{
    Call, Cancel, Engine, EngineOptions, ErrorKind, FuncType, HostContext, HostFunc, Imports,
    Instance, Limits, Module, Result, Store, Value,
};

const CALC: &str = r#"(module
    (func (export "add") (param i32 i32) (result i32)
        (i32.add (local.get 0) (local.get 1)))
    (func (export "spin") (loop $l (br $l)))
    (func (export "trap") unreachable))"#;

fn calc(limits: Limits) -> Result<Instance> {
    Module::new(CALC)?.instantiate_with(&Imports::new(), &limits.into())
}

fn values(call: &Call) -> Result<Vec<Value>> {
    call.wait()
}

#[test]
fn a_thousand_calls_are_in_flight() -> Result<()> {
    let one = calc(Limits::default())?;
    let many = (0..10)
        .map(|_| calc(Limits::default()))
        .collect::<Result<Vec<_>>>()?;
    let mut calls = Vec::new();
    for i in 0..1000 {
        let instance = if i % 2 == 0 { &one } else { &many[i % 10] };
        let args = [Value::I32(i as i32), Value::I32(1)];
        calls.push(instance.call_async("add", &args)?);
    }
    for (i, call) in calls.iter().enumerate() {
        assert_eq!(values(call)?, [Value::I32(i as i32 + 1)]);
    }
    Ok(())
}

#[test]
fn calls_of_a_store_keep_their_order() -> Result<()> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = seen.clone();
    let mut imports = Imports::new();
    imports.func("h", "note", move |_, args| {
        note.lock().unwrap().push(args[0].clone());
        Ok(vec![])
    });
    let text = r#"(module (import "h" "note" (func $n (param i32)))
        (func (export "f") (param i32) (call $n (local.get 0))))"#;
    let instance = Module::new(text)?.instantiate(&imports)?;
    let calls = (0..100).map(|i| instance.call_async("f", &[Value::I32(i)]));
    for call in calls.collect::<Result<Vec<_>>>()? {
        call.wait()?;
    }
    let expected: Vec<_> = (0..100).map(Value::I32).collect();
    assert_eq!(*seen.lock().unwrap(), expected);
    Ok(())
}

#[test]
fn a_busy_store_does_not_hold_the_threads() -> Result<()> {
    let options = EngineOptions {
        call_threads: 2,
        ..EngineOptions::default()
    };
    let engine = Engine::new(options)?;
    let module = Module::with_engine(&engine, CALC)?;
    let busy = module.instantiate(&Imports::new())?;
    let spins = (0..10).map(|_| busy.call_async("spin", &[]));
    let spins = spins.collect::<Result<Vec<_>>>()?;
    let other = module.instantiate(&Imports::new())?;
    let call = other.call_async("add", &[Value::I32(2), Value::I32(3)])?;
    assert_eq!(call.wait()?, [Value::I32(5)]);
    // The first one is stopped; the rest find the store poisoned.
    spins[0].cancel();
    assert_eq!(spins[0].wait().unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(spins[9].wait().unwrap_err().kind(), ErrorKind::Poisoned);
    Ok(())
}

#[test]
fn errors_come_out() -> Result<()> {
    let instance = calc(Limits::default())?;
    let call = instance.call_async("trap", &[])?;
    let error = call.wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trap);
    assert!(!error.frames().is_empty());
    let few = instance.call_async("add", &[]).unwrap_err();
    assert_eq!(few.kind(), ErrorKind::Type);
    let unknown = instance.call_async("nothing", &[]).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
    Ok(())
}

#[test]
fn a_deadline_ends_an_asynchronous_call() -> Result<()> {
    let instance = calc(Limits {
        timeout: Some(Duration::from_millis(50)),
        ..Limits::default()
    })?;
    let call = instance.call_async("spin", &[])?;
    assert_eq!(call.wait().unwrap_err().kind(), ErrorKind::Timeout);
    Ok(())
}

#[test]
fn what_has_not_begun_is_cancelled_without_harm() -> Result<()> {
    let gate = Arc::new(Mutex::new(()));
    let (held, closed) = (gate.lock().unwrap(), gate.clone());
    let mut imports = Imports::new();
    imports.func("h", "wait", move |_, _| {
        drop(closed.lock());
        Ok(vec![])
    });
    let text = r#"(module (import "h" "wait" (func $w)) (func (export "f") (call $w)))"#;
    let instance = Module::new(text)?.instantiate(&imports)?;
    let first = instance.call_async("f", &[])?;
    let second = instance.call_async("f", &[])?;
    let third = instance.call_async("f", &[])?;
    second.cancel();
    assert_eq!(second.wait().unwrap_err().kind(), ErrorKind::Cancelled);
    drop(held);
    first.wait()?;
    third.wait()?;
    // A call that is done is not cancelled any more, nor is one that comes after it.
    third.cancel();
    third.wait()?;
    instance.call("f", &[])?;
    Ok(())
}

#[test]
fn waiting_for_a_turn_can_be_cancelled() -> Result<()> {
    let (start, started) = mpsc::channel();
    let gate = Arc::new(Mutex::new(()));
    let (held, closed) = (gate.lock().unwrap(), gate.clone());
    let start = Mutex::new(start);
    let mut imports = Imports::new();
    imports.func("h", "wait", move |_, _| {
        start.lock().unwrap().send(()).unwrap();
        drop(closed.lock());
        Ok(vec![])
    });
    let text = r#"(module (import "h" "wait" (func $w)) (func (export "f") (call $w)))"#;
    let instance = Module::new(text)?.instantiate(&imports)?;
    let inside = instance.call_async("f", &[])?;
    started.recv().unwrap();
    let cancel = Cancel::new();
    let waiting = {
        let (cancel, instance) = (cancel.clone(), instance.clone());
        std::thread::spawn(move || cancel.scope(|| instance.call("f", &[])))
    };
    // sleeps: it waits by now, which nothing tells
    std::thread::sleep(Duration::from_millis(20));
    cancel.cancel();
    let gave_up = waiting.join().unwrap().unwrap_err();
    assert_eq!(gave_up.kind(), ErrorKind::Cancelled);
    drop(held);
    inside.wait()?;
    instance.call("f", &[])?;
    Ok(())
}

#[test]
fn what_function_it_is_is_told_while_the_store_is_busy() -> Result<()> {
    let (start, started) = mpsc::channel();
    let start = Mutex::new(start);
    let mut imports = Imports::new();
    imports.func("h", "in", move |_, _| {
        start.lock().unwrap().send(()).unwrap();
        Ok(vec![])
    });
    let text = r#"(module (import "h" "in" (func $in))
        (func $f (export "f") (call $in) (loop $l (br $l))) (export "again" (func $f)))"#;
    let limits = Limits {
        timeout: Some(Duration::from_secs(60)),
        ..Limits::default()
    };
    let instance = Module::new(text)?.instantiate_with(&imports, &limits.into())?;
    let (func, again) = (instance.func("f")?, instance.func("again")?);
    let call = func.call_async(&[])?;
    started.recv().unwrap();
    assert!(func.same(&again));
    assert_eq!(func.identity(), again.identity());
    assert!(!call.is_done());
    call.cancel();
    assert_eq!(call.wait().unwrap_err().kind(), ErrorKind::Cancelled);
    Ok(())
}

#[test]
fn waiting_inside_of_the_same_store_is_a_deadlock() -> Result<()> {
    let text = r#"(module (import "h" "f" (func $f)) (func (export "one")) (func (export "f") (call $f)))"#;
    let store = Store::new(&Engine::shared()?)?;
    let own = Arc::new(Mutex::new(None::<Instance>));
    let inside = own.clone();
    let mut imports = Imports::new();
    imports.func("h", "f", move |_, _| {
        let instance = inside.lock().unwrap().clone().unwrap();
        instance.call_async("one", &[])?.wait()
    });
    let instance = store.instantiate(&Module::new(text)?, &imports)?;
    *own.lock().unwrap() = Some(instance.clone());
    let error = instance.call("f", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadlock);
    Ok(())
}

struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[test]
fn a_call_is_a_future() -> Result<()> {
    let instance = calc(Limits::default())?;
    let mut call = pin!(instance.call_async("add", &[Value::I32(20), Value::I32(22)])?);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let outcome = loop {
        match call.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(outcome) => break outcome,
            Poll::Pending => std::thread::park(),
        }
    };
    assert_eq!(outcome?, [Value::I32(42)]);
    Ok(())
}

#[test]
fn starting_a_call_by_name_never_waits() -> Result<()> {
    let (start, started) = mpsc::channel();
    let gate = Arc::new(Mutex::new(()));
    let (held, closed) = (gate.lock().unwrap(), gate.clone());
    let mut imports = Imports::new();
    imports.func("h", "wait", move |_, _| {
        start.send(()).unwrap();
        drop(closed.lock());
        Ok(vec![])
    });
    let text = r#"(module (import "h" "wait" (func $w)) (memory (export "memory") 1)
        (func (export "f") (call $w)) (func (export "one") (result i32) (i32.const 1)))"#;
    let instance = Module::new(text)?.instantiate(&imports)?;
    let inside = instance.call_async("f", &[])?;
    started.recv().unwrap();
    // The store is busy, and nobody has asked for these names before.
    let one = instance.call_async("one", &[])?;
    let many = instance.call_async("one", &[Value::I32(1)]).unwrap_err();
    let memory = instance.call_async("memory", &[]).unwrap_err();
    assert_eq!(many.kind(), ErrorKind::Type);
    assert_eq!(memory.kind(), ErrorKind::NotFound);
    drop(held);
    inside.wait()?;
    assert_eq!(one.wait()?, [Value::I32(1)]);
    Ok(())
}

#[test]
fn what_follows_from_the_start_never_runs_here() -> Result<()> {
    let instance = calc(Limits::default())?;
    let here = std::thread::current().id();
    let (send, told) = mpsc::channel();
    for i in 0..500 {
        let args = [Value::I32(i), Value::I32(1)];
        let send = send.clone();
        let prepared = instance.prepare("add", &args)?;
        let follow = move |outcome| send.send((outcome, std::thread::current().id())).unwrap();
        prepared.call().on_done(follow);
        prepared.start()?;
    }
    let mut sums = Vec::new();
    for _ in 0..500 {
        let (outcome, there): (Result<Vec<Value>>, _) = told.recv().unwrap();
        let Value::I32(sum) = outcome?[0] else {
            panic!("no sum");
        };
        sums.push(sum);
        assert_ne!(here, there);
    }
    sums.sort();
    assert!(sums.into_iter().eq(1..=500));
    let refused = instance.prepare("nothing", &[]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NotFound);
    // One that is cancelled before it is started never runs.
    let prepared = instance.prepare("spin", &[])?;
    prepared.call().cancel();
    assert_eq!(
        prepared.start()?.wait().unwrap_err().kind(),
        ErrorKind::Cancelled
    );
    Ok(())
}

#[test]
fn what_follows_may_wait_for_the_same_store() -> Result<()> {
    let instance = calc(Limits::default())?;
    let (send, told) = mpsc::channel();
    let again = instance.clone();
    let prepared = instance.prepare("add", &[Value::I32(1), Value::I32(1)])?;
    prepared.call().on_done(move |outcome| {
        let one = outcome.unwrap().remove(0);
        let call = again.call_async("add", &[one, Value::I32(1)]);
        send.send(call.unwrap().wait()).unwrap();
    });
    prepared.start()?;
    assert_eq!(told.recv().unwrap()?, [Value::I32(3)]);
    Ok(())
}

#[test]
fn what_follows_runs_once_and_its_panic_harms_nobody() -> Result<()> {
    let instance = calc(Limits::default())?;
    let count = Arc::new(AtomicUsize::new(0));
    let call = instance.call_async("add", &[Value::I32(1), Value::I32(2)])?;
    let counted = count.clone();
    call.on_done(move |outcome| {
        assert_eq!(outcome.unwrap(), [Value::I32(3)]);
        counted.fetch_add(1, Ordering::SeqCst);
        panic!("in what follows");
    });
    call.wait()?;
    let counted = count.clone();
    call.on_done(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let again = instance.call_async("add", &[Value::I32(1), Value::I32(2)])?;
    again.wait()?;
    while count.load(Ordering::SeqCst) < 2 {
        std::thread::yield_now();
    }
    assert_eq!(count.load(Ordering::SeqCst), 2);
    Ok(())
}

/// An event loop: runs what is sent to it.
struct Loop(mpsc::Sender<Box<dyn FnOnce() + Send>>);

impl Loop {
    fn start() -> Loop {
        let (send, receive) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
        std::thread::spawn(move || receive.into_iter().for_each(|job| job()));
        Loop(send)
    }
}

type Answer = dyn Fn(&Loan, &[Value]) -> Option<Result<Vec<Value>>> + Send + Sync;

/// A host function that is answered by a loop; `answer` may leave the loan open.
struct Lent {
    to: Loop,
    answer: Arc<Answer>,
}

impl HostFunc for Lent {
    fn call(&self, context: &HostContext<'_>, _: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        let loan = context.lend();
        let (lent, answer, args) = (loan.clone(), self.answer.clone(), args.to_vec());
        let job: Box<dyn FnOnce() + Send> = Box::new(move || {
            lent.enter();
            if let Some(outcome) = answer(&lent, &args) {
                lent.answer(outcome);
            }
            lent.leave();
        });
        if let Err(job) = loan.reach(job) {
            self.to.0.send(job).unwrap();
        }
        loan.wait()
    }
}

const ASKS: &str = r#"(module (import "h" "f" (func $f (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "f") (param i32) (result i32) (call $f (local.get 0)))
    (func $deep (export "deep") (result i32) (i32.add (call $deep) (i32.const 1)))
    (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))"#;

fn lent(
    limits: Limits,
    answer: impl Fn(&Loan, &[Value]) -> Option<Result<Vec<Value>>> + Send + Sync + 'static,
) -> Result<Instance> {
    let mut imports = Imports::new();
    let func = Lent {
        to: Loop::start(),
        answer: Arc::new(answer),
    };
    imports.host_func("h", "f", Arc::new(func));
    Module::new(ASKS)?.instantiate_with(&imports, &limits.into())
}

#[test]
fn a_loop_works_with_the_store_of_a_guest_that_waits() -> Result<()> {
    let instance = lent(Limits::default(), |loan, args| {
        let context = loan.context();
        let Some(landbridge::Extern::Memory(memory)) = context.export("memory") else {
            return Some(Ok(vec![Value::I32(-1)]));
        };
        memory.write(7, &[9]).unwrap();
        assert_eq!(memory.read(7, 1).unwrap(), [9]);
        let Some(landbridge::Extern::Func(twice)) = context.export("twice") else {
            return None;
        };
        Some(twice.call(args))
    })?;
    assert_eq!(instance.call("f", &[Value::I32(21)])?, [Value::I32(42)]);
    assert_eq!(instance.memory("memory")?.read(7, 1)?, [9]);
    let call = instance.call_async("f", &[Value::I32(4)])?;
    assert_eq!(call.wait()?, [Value::I32(8)]);
    Ok(())
}

#[test]
fn a_loop_that_asks_is_reached_by_what_it_asked_for() -> Result<()> {
    // Counts down: the loop calls the guest, which calls the loop while that waits.
    let instance = lent(Limits::default(), |loan, args| {
        assert!(!is_serving());
        let Value::I32(left) = args[0] else {
            return None;
        };
        let Some(landbridge::Extern::Func(again)) = loan.context().export("f") else {
            return None;
        };
        Some(match left {
            0 => Ok(vec![Value::I32(100)]),
            _ => again.call(&[Value::I32(left - 1)]),
        })
    })?;
    assert_eq!(instance.call("f", &[Value::I32(20)])?, [Value::I32(100)]);
    Ok(())
}

#[test]
fn recursion_that_a_loop_starts_ends_on_the_guests_stack() -> Result<()> {
    let instance = lent(Limits::default(), |loan, _| {
        let Some(landbridge::Extern::Func(deep)) = loan.context().export("deep") else {
            return None;
        };
        Some(deep.call(&[]))
    })?;
    let error = instance.call("f", &[Value::I32(0)]).unwrap_err();
    assert_eq!(error.trap_code(), Some(landbridge::TrapCode::StackOverflow));
    Ok(())
}

#[test]
fn a_loop_that_holds_what_the_guest_needs_is_a_deadlock() -> Result<()> {
    // The loop is inside of the other store, and works with the guest's; the guest wants the other.
    let other = calc(Limits::default())?;
    let wanted = other.clone();
    let store = Store::new(&Engine::shared()?)?;
    let mut imports = Imports::new();
    imports.func("h", "add", move |_, args| {
        wanted.call("add", &[args[0].clone(), Value::I32(0)])
    });
    let text = r#"(module (import "h" "add" (func $a (param i32) (result i32)))
        (func (export "need") (param i32) (result i32) (call $a (local.get 0))))"#;
    let needy = store.instantiate(&Module::new(text)?, &imports)?;
    let mut imports = Imports::new();
    let reenter = Module::new(
        r#"(module (import "h" "f" (func $f (param i32) (result i32)))
            (func (export "f") (param i32) (result i32) (call $f (local.get 0))))"#,
    )?;
    let (need, held) = (needy.clone(), other.store().clone());
    let answer = move |_: &Loan, args: &[Value]| {
        let mut imports = Imports::new();
        let (need, args) = (need.clone(), args.to_vec());
        imports.func("h", "f", move |_, args| need.call("need", args));
        let inside = held.instantiate(&reenter, &imports);
        Some(inside.and_then(|inside| inside.call("f", &args)))
    };
    let func = Lent {
        to: Loop::start(),
        answer: Arc::new(answer),
    };
    imports.host_func("h", "f", Arc::new(func));
    let instance = store.instantiate(&Module::new(ASKS)?, &imports)?;
    let error = instance.call("f", &[Value::I32(1)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadlock);
    Ok(())
}

#[test]
fn a_deadline_ends_a_guest_whose_host_does_not_answer() -> Result<()> {
    let limits = Limits {
        timeout: Some(Duration::from_millis(50)),
        ..Limits::default()
    };
    let kept = Arc::new(Mutex::new(None));
    let keep = kept.clone();
    let instance = lent(limits, move |loan, _| {
        *keep.lock().unwrap() = Some(loan.clone());
        None
    })?;
    let start = Instant::now();
    let error = instance.call("f", &[Value::I32(0)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(start.elapsed() >= Duration::from_millis(50));
    // An answer that comes too late is dropped.
    let loan = kept.lock().unwrap().take().unwrap();
    assert!(!loan.is_open());
    loan.answer(Ok(vec![]));
    Ok(())
}

thread_local! {
    /// What this thread does when it waits for a store.
    static WHILE_WAITING: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

struct Looks;

impl Host for Looks {
    fn waiting(&self) -> Result<()> {
        if let Some(look) = WHILE_WAITING.take() {
            look();
        }
        Ok(())
    }
}

#[test]
fn a_loop_that_waits_for_a_store_may_use_it_once_its_guest_waits_for_the_loop() -> Result<()> {
    landbridge::host::install(&Looks);
    let kept = Arc::new(Mutex::new(None));
    let keep = kept.clone();
    let instance = lent(Limits::default(), move |loan, _| {
        *keep.lock().unwrap() = Some(loan.clone());
        None
    })?;
    let twice = instance.func("twice")?;
    let call = instance.call_async("f", &[Value::I32(0)])?;
    let loan: Loan = loop {
        match kept.lock().unwrap().take() {
            Some(loan) => break loan,
            None => std::thread::yield_now(),
        }
    };
    let enter = loan.clone();
    WHILE_WAITING.set(Some(Box::new(move || enter.enter())));
    assert_eq!(twice.call(&[Value::I32(3)])?, [Value::I32(6)]);
    loan.answer(Ok(vec![Value::I32(5)]));
    loan.leave();
    assert_eq!(call.wait()?, [Value::I32(5)]);
    Ok(())
}

#[test]
fn an_open_loan_serves_between_turns_of_the_loop() -> Result<()> {
    let kept = Arc::new(Mutex::new(None));
    let keep = kept.clone();
    let instance = lent(Limits::default(), move |loan, _| {
        *keep.lock().unwrap() = Some(loan.clone());
        None
    })?;
    let call = instance.call_async("f", &[Value::I32(0)])?;
    let loan: Loan = loop {
        match kept.lock().unwrap().take() {
            Some(loan) => break loan,
            None => std::thread::yield_now(),
        }
    };
    loan.enter();
    assert_eq!(instance.call("twice", &[Value::I32(3)])?, [Value::I32(6)]);
    let memory = instance.memory("memory")?;
    assert_eq!(memory.size_pages()?, 1);
    memory.grow(1)?;
    loan.answer(Ok(vec![Value::I32(5)]));
    loan.leave();
    assert_eq!(call.wait()?, [Value::I32(5)]);
    assert_eq!(memory.size_pages()?, 2);
    Ok(())
}
