//! Objects of the host whose drop does something: when it runs, and what it finds.

use std::cell::Cell;
use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use landbridge::*;

/// What the tests share: how often drops ran, and what they do.
#[derive(Default)]
struct Ground {
    made: AtomicUsize,
    dropped: AtomicUsize,
    twice: AtomicUsize,
    nested: AtomicUsize,
    failed: Mutex<Vec<Error>>,
    guest: OnceLock<Instance>,
    act: Mutex<Option<Act>>,
}

type Act = fn(&Arc<Ground>, &Instance) -> Result<()>;

struct Object {
    ground: Arc<Ground>,
    number: usize,
    is_dropped: AtomicBool,
}

thread_local! {
    /// How many drops are on this thread's stack.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

impl Drop for Object {
    fn drop(&mut self) {
        let ground = &self.ground;
        ground.dropped.fetch_add(1, SeqCst);
        let twice = self.is_dropped.swap(true, SeqCst);
        ground.twice.fetch_add(usize::from(twice), SeqCst);
        let depth = DEPTH.get() + 1;
        ground.nested.fetch_max(depth, SeqCst);
        DEPTH.set(depth);
        let act = *ground.act.lock().unwrap();
        if let (Some(act), Some(guest)) = (act, ground.guest.get())
            && let Err(error) = act(ground, guest)
        {
            ground.failed.lock().unwrap().push(error);
        }
        DEPTH.set(depth - 1);
    }
}

impl Ground {
    fn object(self: &Arc<Ground>) -> ExternRef {
        ExternRef::new(Object {
            ground: self.clone(),
            number: self.made.fetch_add(1, SeqCst),
            is_dropped: AtomicBool::new(false),
        })
    }

    fn dropped(&self) -> usize {
        self.dropped.load(SeqCst)
    }

    fn all_went_well(&self) {
        let failed = self.failed.lock().unwrap();
        assert!(failed.is_empty(), "{failed:?}");
    }

    /// Ends the circle of ground and guest, and with it the store.
    fn end(self: Arc<Ground>) {
        *self.act.lock().unwrap() = None;
        self.guest.get().unwrap().close();
        assert_eq!(self.twice.load(SeqCst), 0, "dropped twice");
        assert_eq!(self.dropped(), self.made.load(SeqCst), "all were dropped");
        self.all_went_well();
    }
}

/// `$g` holds object 0 for ever; `churn` makes garbage.
const GARBAGE: &str = r#"(module
    (import "e" "fresh" (func $fresh (result externref)))
    (type $s (struct (field i64) (field externref) (field (ref null $s))))
    (global $g (mut (ref null $s)) (ref.null $s))
    (table $t (export "table") 10 externref)
    (func (export "keep") (global.set $g (struct.new $s (i64.const 4242) (call $fresh) (ref.null $s))))
    (func (export "number") (result i64) (struct.get $s 0 (global.get $g)))
    (func (export "kept") (result externref) (struct.get $s 1 (global.get $g)))
    (func (export "churn") (param i32)
        (loop $l
            (drop (struct.new $s (i64.const 1) (call $fresh) (ref.null $s)))
            (drop (struct.new $s (i64.const 2) (call $fresh) (global.get $g)))
            (table.set $t (i32.rem_u (local.get 0) (i32.const 10)) (call $fresh))
            (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#;

fn ground(text: &str) -> (Arc<Ground>, Instance) {
    let ground = Arc::new(Ground::default());
    let mut imports = Imports::new();
    let makes = Arc::downgrade(&ground);
    imports.func("e", "fresh", move |_, _| {
        let ground = makes.upgrade().unwrap();
        Ok(vec![Value::ExternRef(Some(ground.object()))])
    });
    let guest = Module::new(text).unwrap().instantiate(&imports).unwrap();
    assert!(ground.guest.set(guest.clone()).is_ok());
    (ground, guest)
}

fn kept(guest: &Instance) -> usize {
    let kept = guest.call("kept", &[]).unwrap();
    let [Value::ExternRef(Some(object))] = &kept[..] else {
        panic!("{kept:?}");
    };
    let object: &Object = object.get().unwrap();
    assert!(!object.is_dropped.load(SeqCst), "the guest has it");
    object.number
}

/// Garbage while drops do `act`; what the guest holds must stay what it is.
fn churns(act: Act) -> (Arc<Ground>, Instance) {
    let (ground, guest) = ground(GARBAGE);
    guest.call("keep", &[]).unwrap();
    *ground.act.lock().unwrap() = Some(act);
    for _ in 0..10 {
        guest.call("churn", &[Value::I32(1000)]).unwrap();
        guest.store().gc().unwrap();
        assert_eq!(guest.call("number", &[]).unwrap(), [Value::I64(4242)]);
        assert_eq!(kept(&guest), 0);
    }
    assert!(ground.dropped() > 1000, "{}", ground.dropped());
    (ground, guest)
}

fn calls(_: &Arc<Ground>, guest: &Instance) -> Result<()> {
    assert_eq!(guest.call("number", &[])?, [Value::I64(4242)]);
    Ok(())
}

fn makes_garbage(ground: &Arc<Ground>, guest: &Instance) -> Result<()> {
    // Each drop would make more than one more.
    if ground.dropped().is_multiple_of(20) {
        guest.call("churn", &[Value::I32(3)])?;
    }
    Ok(())
}

fn collects(ground: &Arc<Ground>, guest: &Instance) -> Result<()> {
    if !ground.dropped().is_multiple_of(50) {
        return Ok(());
    }
    let table = guest.table("table")?;
    let place = ground.dropped() as u64 % 10;
    table.set(place, &Value::ExternRef(Some(ground.object())))?;
    guest.store().gc()
}

fn grows(ground: &Arc<Ground>, guest: &Instance) -> Result<()> {
    let table = guest.table("table")?;
    if table.size()? < 5000 {
        table.grow(1, &Value::ExternRef(Some(ground.object())))?;
    }
    Ok(())
}

#[test]
fn a_drop_may_call_the_guest_whose_collector_lets_go() {
    let (ground, _) = churns(calls);
    ground.end();
}

#[test]
fn a_drop_may_make_garbage() {
    let (ground, _) = churns(makes_garbage);
    assert_eq!(
        ground.nested.load(SeqCst),
        1,
        "no drop runs in another one's work"
    );
    ground.end();
}

#[test]
fn a_drop_may_collect_and_lend_anew() {
    let (ground, _) = churns(collects);
    ground.end();
}

#[test]
fn a_drop_may_grow_a_table() {
    let (ground, _) = churns(grows);
    ground.end();
}

#[test]
fn drops_that_make_as_much_garbage_again_have_an_end() {
    let (ground, guest) = ground(GARBAGE);
    let act: Act = |_, guest| {
        guest.call("churn", &[Value::I32(1)])?;
        guest.store().gc()
    };
    guest.call("churn", &[Value::I32(100)]).unwrap();
    *ground.act.lock().unwrap() = Some(act);
    guest.store().gc().unwrap();
    let first = ground.dropped();
    assert!((1..=300).contains(&first), "one batch: {first}");
    guest.store().gc().unwrap();
    assert!(ground.dropped() > first, "the rest goes later");
    ground.end();
}

#[test]
fn objects_go_while_the_guest_runs_on() {
    // The guest never leaves, but it calls host functions.
    let (ground, guest) = ground(GARBAGE);
    guest.call("keep", &[]).unwrap();
    *ground.act.lock().unwrap() = Some(calls);
    guest.call("churn", &[Value::I32(200_000)]).unwrap();
    let left = ground.made.load(SeqCst) - ground.dropped();
    assert!(left < 400_000, "{left} of 600,000 are left");
    ground.end();
}

#[test]
fn a_collection_that_a_host_function_asks_for_lets_go_at_once() {
    let (ground, guest) = ground(GARBAGE);
    guest.call("churn", &[Value::I32(100)]).unwrap();
    let text = r#"(module (import "e" "gc" (func $gc)) (func (export "run") (call $gc)))"#;
    let mut imports = Imports::new();
    let seen = ground.clone();
    imports.func("e", "gc", move |context, _| {
        let before = seen.dropped();
        context.store().gc()?;
        assert!(seen.dropped() >= before + 290, "{}", seen.dropped());
        Ok(vec![])
    });
    let module = Module::new(text).unwrap();
    let other = guest.store().instantiate(&module, &imports).unwrap();
    other.call("run", &[]).unwrap();
    ground.end();
}

#[test]
fn a_panic_in_a_drop_is_nobodys_error() {
    let (ground, guest) = ground(GARBAGE);
    guest.call("keep", &[]).unwrap();
    *ground.act.lock().unwrap() = Some(|_, _| panic!("in a drop"));
    std::panic::set_hook(Box::new(|_| ()));
    guest.call("churn", &[Value::I32(1000)]).unwrap();
    guest.store().gc().unwrap();
    let _ = std::panic::take_hook();
    assert_eq!(kept(&guest), 0);
    assert!(ground.dropped() > 1000);
    DEPTH.set(0);
    ground.end();
}

/// `recurse` needs the stack's limit to be in force.
const CATCHES: &str = r#"(module
    (import "e" "throw" (func $throw))
    (func $recurse (export "recurse") (param i32) (result i32)
        (if (result i32) (i32.eqz (local.get 0))
            (then (i32.const 0))
            (else (i32.add (i32.const 1) (call $recurse (i32.sub (local.get 0) (i32.const 1)))))))
    (func (export "number") (result i64) (i64.const 4242))
    (func $once (block $caught (try_table (catch_all $caught) (call $throw))))
    (func (export "run") (result i32) (call $once) (call $once) (call $recurse (i32.const 100))))"#;

/// A guest whose host function fails with what `fail` gives.
fn failing(
    fail: impl Fn(&Arc<Ground>, &Tag) -> Result<()> + Send + Sync + 'static,
) -> (Arc<Ground>, Instance) {
    let ground = Arc::new(Ground::default());
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let tag = Tag::new(&store, &[]).unwrap();
    let mut imports = Imports::new();
    let seen = Arc::downgrade(&ground);
    imports.func("e", "throw", move |_, _| {
        fail(&seen.upgrade().unwrap(), &tag)?;
        Ok(vec![])
    });
    let module = Module::new(CATCHES).unwrap();
    let guest = store.instantiate(&module, &imports).unwrap();
    assert!(ground.guest.set(guest.clone()).is_ok());
    *ground.act.lock().unwrap() = Some(calls);
    (ground, guest)
}

#[test]
fn what_a_host_threw_and_the_guest_caught_goes_later() {
    let (ground, guest) = failing(|ground, tag| {
        let object: ExternRef = ground.object();
        let error = Error::from(Exception::new(tag, &[])?);
        Err(error.with_host(Arc::new(object)))
    });
    assert_eq!(guest.call("run", &[]).unwrap(), [Value::I32(100)]);
    assert_eq!(ground.dropped(), 2);
    guest.store().close();
    ground.all_went_well();
}

#[test]
fn what_a_panic_carries_goes_later() {
    let (ground, guest) = failing(|ground, _| panic_any(ground.object()));
    std::panic::set_hook(Box::new(|_| ()));
    let error = guest.call("run", &[]).unwrap_err();
    let _ = std::panic::take_hook();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(ground.dropped(), 1);
    let refused = ground.failed.lock().unwrap();
    assert_eq!(refused.len(), 1, "a store is poisoned by a panic");
    assert_eq!(refused[0].kind(), ErrorKind::Poisoned);
}

#[test]
fn a_store_that_is_closed_lets_go_of_functions_and_objects_when_it_is_gone() {
    let (ground, guest) = ground(GARBAGE);
    guest.call("keep", &[]).unwrap();
    let refuses: Act = |ground, guest| {
        let error = guest.call("number", &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Closed);
        ground.nested.fetch_add(10, SeqCst);
        Ok(())
    };
    *ground.act.lock().unwrap() = Some(refuses);
    let held = ground.object();
    let func = Func::new(
        guest.store(),
        &FuncType::new([], []),
        Arc::new(move |_: &HostContext<'_>, _: &[Value]| {
            let _ = &held;
            Ok(vec![])
        }),
    );
    let table_ty = TableType {
        element: Type::FuncRef,
        min: 1,
        max: None,
        is_64: false,
    };
    // A guest may have it: it stays as long as the store.
    let func = Value::FuncRef(Some(func.unwrap()));
    Table::new(guest.store(), &table_ty, &func).unwrap();
    drop(func);
    assert_eq!(ground.dropped(), 0);
    guest.close();
    assert_eq!(ground.dropped(), 2);
    assert!(
        ground.nested.load(SeqCst) >= 20,
        "the drops ran to their end"
    );
}

#[test]
fn a_drop_may_close_its_store() {
    let (ground, guest) = ground(GARBAGE);
    guest.call("churn", &[Value::I32(100)]).unwrap();
    *ground.act.lock().unwrap() = Some(|_, guest| {
        guest.store().close();
        Ok(())
    });
    guest.store().gc().unwrap();
    assert!(guest.store().is_closed());
    ground.end();
}

/// `let_go` makes garbage of the host's, and then so much of its own that it is collected while no host
/// function is called.
const LETS_GO: &str = r#"(module
    (import "e" "fresh" (func $fresh (result externref)))
    (type $s (struct (field i64) (field externref)))
    (func (export "number") (result i64) (i64.const 4242))
    (func (export "let_go") (param i32)
        (drop (struct.new $s (i64.const 1) (call $fresh)))
        (loop $l
            (drop (struct.new $s (i64.const 2) (ref.null extern)))
            (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#;

/// Waits for a call, but not for ever.
fn done(call: &Call) {
    let since = Instant::now();
    while !call.is_done() {
        assert!(since.elapsed() < Duration::from_secs(60), "it hangs");
        // sleeps: a poll
        std::thread::sleep(Duration::from_millis(1));
    }
    call.wait().unwrap();
}

#[test]
fn what_an_asynchronous_call_lets_go_of_goes_before_calls_made_later() {
    let (ground, guest) = ground(LETS_GO);
    *ground.act.lock().unwrap() = Some(calls);
    let let_go = || {
        guest
            .call_async("let_go", &[Value::I32(1_000_000)])
            .unwrap()
    };
    let calls: Vec<Call> = (0..8).map(|_| let_go()).collect();
    calls.iter().for_each(done);
    assert!(ground.dropped() > 0, "nothing was collected in a call");
    drop(calls);
    ground.end();
}
