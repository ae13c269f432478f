//! Threads, closing and dropping, in every order there is time for.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, mpsc};
use std::time::{Duration, Instant};

use landbridge::*;

const GUEST: &str = r#"(module $guest
    (import "env" "host" (func $host (param i32) (result i32)))
    (memory (export "memory") 1 1000)
    (table (export "table") 4 externref)
    (global (export "global") (mut i32) (i32.const 7))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "via_host") (param i32) (result i32) (call $host (local.get 0)))
    (func (export "echo") (param externref) (result externref) (local.get 0))
    (func (export "spin") (loop (br 0))))"#;

/// How long a race is run.
const RACE: Duration = Duration::from_millis(200);

/// Counts those that are alive.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Alive {
        count.fetch_add(1, Ordering::SeqCst);
        Alive(count.clone())
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn imports(
    host: impl Fn(&HostContext<'_>, &[Value]) -> Result<Vec<Value>> + Send + Sync + 'static,
) -> Imports {
    let mut imports = Imports::new();
    imports.func("env", "host", host);
    imports
}

fn guest(
    host: impl Fn(&HostContext<'_>, &[Value]) -> Result<Vec<Value>> + Send + Sync + 'static,
) -> Instance {
    static MODULE: LazyLock<Module> = LazyLock::new(|| Module::new(GUEST).expect("a module"));
    MODULE.instantiate(&imports(host)).expect("an instance")
}

/// A guest whose host function is dropped with the memory of its store.
fn counted(alive: &Arc<AtomicUsize>) -> Instance {
    let kept = Alive::new(alive);
    guest(move |_, args| {
        let _ = &kept;
        Ok(args.to_vec())
    })
}

fn add(func: &Func) -> Result<i32> {
    let mut slots = [Slot::from_i32(2), Slot::from_i32(3)];
    func.call_raw(&mut slots).map(|()| slots[0].as_i32())
}

fn kind<T: std::fmt::Debug>(outcome: Result<T>) -> ErrorKind {
    outcome.expect_err("an error").kind()
}

/// Runs `what` until it answers `closed`; every other error fails the test.
fn until_closed<T>(mut what: impl FnMut() -> Result<T>) {
    loop {
        match what() {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::MemoryLimit => {}
            Err(error) => break assert_eq!(error.kind(), ErrorKind::Closed, "{error:?}"),
        }
    }
}

fn read_view(memory: &Memory) -> Result<()> {
    let view = memory.view()?;
    // SAFETY: the view keeps the byte mapped, and no guest of this test writes.
    assert_eq!(unsafe { view.data().read_volatile() }, 0);
    Ok(())
}

#[test]
fn closing_races_with_all_that_is_done() {
    let alive = Arc::default();
    let start = Instant::now();
    while start.elapsed() < 2 * RACE {
        let guest = counted(&alive);
        let (func, memory) = (guest.func("add").unwrap(), guest.memory("memory").unwrap());
        let handle = handle::insert("func", Arc::new(func.clone())).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| until_closed(|| add(&func).map(|sum| assert_eq!(sum, 5))));
            scope.spawn(|| until_closed(|| handle::with_func(handle, |func| add(func))));
            scope.spawn(|| until_closed(|| read_view(&memory)));
            scope.spawn(|| until_closed(|| memory.grow(1)));
            scope.spawn(|| until_closed(|| guest.call("via_host", &[Value::I32(1)])));
            scope.spawn(|| handle::release::<Func>(handle, "func").unwrap());
            guest.close();
        });
        assert_eq!(kind(add(&func)), ErrorKind::Closed);
        assert_eq!(
            kind(handle::with_func(handle, |func| add(func))),
            ErrorKind::Closed
        );
    }
    // Released functions go with the next handle that is made or released.
    let handle = handle::insert("number", Arc::new(1)).unwrap();
    handle::release::<i32>(handle, "number").unwrap();
    assert_eq!(alive.load(Ordering::SeqCst), 0);
}

#[test]
fn closing_frees_though_objects_are_held() {
    let alive = Arc::default();
    let start = Instant::now();
    let mut held = Vec::new();
    let (closing, done) = (AtomicBool::new(false), AtomicBool::new(true));
    let (give, take) = mpsc::channel::<(Func, Option<MemoryView>)>();
    std::thread::scope(|scope| {
        // Leaves, or drops the view, just when the store is closed, and does not come again.
        scope.spawn(|| {
            for (func, view) in take {
                while !closing.load(Ordering::Relaxed) && add(&func).is_ok() {
                    std::hint::spin_loop();
                }
                drop(view);
                done.store(true, Ordering::SeqCst);
            }
        });
        while start.elapsed() < 2 * RACE {
            let guest = counted(&alive);
            let func = guest.func("add").unwrap();
            let view = guest.memory("memory").unwrap().view().ok();
            let view = view.filter(|_| held.len() % 2 == 0);
            done.store(false, Ordering::SeqCst);
            give.send((func, view)).unwrap();
            // sleeps: the moments are what is tried
            std::thread::sleep(Duration::from_micros(50));
            closing.store(true, Ordering::Relaxed);
            (0..held.len() % 50).for_each(|_| std::hint::spin_loop());
            guest.close();
            while !done.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            closing.store(false, Ordering::SeqCst);
            held.push(guest);
        }
        drop(give);
    });
    println!(
        "{} of {} were left",
        alive.load(Ordering::SeqCst),
        held.len()
    );
    // What a race left is freed when the next store is made.
    let _next = Store::new(&Engine::shared().unwrap()).unwrap();
    assert_eq!(alive.load(Ordering::SeqCst), 0, "of {}", held.len());
}

#[test]
fn a_function_of_a_closed_store_may_be_called_by_its_handle() {
    let alive = Arc::default();
    let guest = counted(&alive);
    let handle = handle::insert("func", Arc::new(guest.func("add").unwrap())).unwrap();
    assert_eq!(handle::with_func(handle, |func| add(func)).unwrap(), 5);
    guest.close();
    assert_eq!(alive.load(Ordering::SeqCst), 0);
    assert_eq!(
        kind(handle::with_func(handle, |func| add(func))),
        ErrorKind::Closed
    );
    handle::release::<Func>(handle, "func").unwrap();
}

#[test]
fn a_handle_may_be_released_inside_its_own_call() {
    let released = Arc::new(Mutex::new(0));
    let own = released.clone();
    let guest = guest(move |_, args| {
        handle::release::<Func>(*own.lock().unwrap(), "func")?;
        Ok(args.to_vec())
    });
    let func = guest.func("via_host").unwrap();
    let handle = handle::insert("func", Arc::new(func)).unwrap();
    *released.lock().unwrap() = handle;
    let call = || handle::with_func(handle, |func| func.call(&[Value::I32(4)]));
    assert_eq!(call().unwrap(), [Value::I32(4)]);
    assert_eq!(kind(call()), ErrorKind::Closed);
}

#[cfg(target_os = "linux")]
fn tickers() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names
        .filter(|name| name.trim() == "landbridge-tick")
        .count()
}

/// Alone in its process would be best; other tests here use the shared engine with its one ticker.
#[cfg(target_os = "linux")]
#[test]
fn an_engine_takes_its_ticker_along() {
    let shared = Engine::shared().unwrap();
    drop(Store::new(&shared).unwrap());
    let make = || {
        let engine = Engine::new(EngineOptions::default()).unwrap();
        let module = Module::with_engine(&engine, GUEST).unwrap();
        let guest = module.instantiate(&imports(|_, args| Ok(args.to_vec())));
        (engine, guest.unwrap())
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for n in 0..15 {
                    let (engine, guest) = make();
                    let busy = guest.clone();
                    let call = scope.spawn(move || busy.call("spin", &[]));
                    // sleeps: the moments are what is tried
                    std::thread::sleep(Duration::from_millis(n % 4));
                    drop(engine);
                    guest.close();
                    assert_eq!(kind(call.join().unwrap()), ErrorKind::Closed);
                }
            });
        }
    });
    let start = Instant::now();
    while tickers() > 1 && start.elapsed() < Duration::from_secs(2) {
        // sleeps: a poll
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(tickers(), 1, "only that of the shared engine is left");
}

#[test]
fn objects_of_the_host_are_released() {
    let alive: Arc<AtomicUsize> = Arc::default();
    let guest = counted(&alive);
    let echo = guest.func("echo").unwrap();
    let mut most = 0;
    for _ in 0..50_000 {
        let object = ExternRef::new(Alive::new(&alive));
        let back = echo
            .call(&[Value::ExternRef(Some(object.clone()))])
            .unwrap();
        assert_eq!(back, [Value::ExternRef(Some(object))]);
        most = most.max(alive.load(Ordering::SeqCst));
    }
    println!("at most {most} objects were alive");
    assert!(most < 20_000, "{most}");
    let kept = ExternRef::new(Alive::new(&alive));
    let table = guest.table("table").unwrap();
    table.set(0, &Value::ExternRef(Some(kept))).unwrap();
    assert!(matches!(table.get(0).unwrap(), Value::ExternRef(Some(_))));
    drop((guest, echo));
    assert!(
        alive.load(Ordering::SeqCst) > 0,
        "the table keeps its store"
    );
    drop(table);
    assert_eq!(alive.load(Ordering::SeqCst), 0);
}

#[test]
fn who_waits_for_a_store_that_its_own_guest_closes_is_told() {
    let (inside, entered) = mpsc::channel();
    let host = move |context: &HostContext<'_>, args: &[Value]| {
        inside.send(()).unwrap();
        // sleeps: so that others wait, and calls run; the moments are what is tried
        std::thread::sleep(Duration::from_millis(20));
        context.store().close();
        assert_eq!(
            kind(
                context
                    .store()
                    .instantiate(&Module::new("(module)")?, &Imports::new())
            ),
            ErrorKind::Closed
        );
        Ok(args.to_vec())
    };
    let guest = guest(host);
    let func = guest.func("add").unwrap();
    std::thread::scope(|scope| {
        let caller = scope.spawn(|| guest.call("via_host", &[Value::I32(1)]));
        entered.recv().unwrap();
        let waiters: Vec<_> = (0..3).map(|_| scope.spawn(|| add(&func))).collect();
        assert_eq!(kind(caller.join().unwrap()), ErrorKind::Closed);
        for waiter in waiters {
            assert_eq!(kind(waiter.join().unwrap()), ErrorKind::Closed);
        }
    });
}

/// Two instances, each in a store of its own; the host function of each calls the other.
fn ping_pong(at_the_end: fn() -> Result<Vec<Value>>) -> [Instance; 2] {
    let pair: Arc<Mutex<Vec<Instance>>> = Arc::default();
    let make = |other: usize| {
        let pair = pair.clone();
        guest(move |_, args| match args {
            [Value::I32(0)] => at_the_end(),
            [Value::I32(n)] => {
                let other = pair.lock().unwrap()[other].clone();
                other.call("via_host", &[Value::I32(n - 1)])
            }
            _ => unreachable!(),
        })
    };
    let both = [make(1), make(0)];
    *pair.lock().unwrap() = both.to_vec();
    both
}

#[test]
fn stores_nest_on_one_thread() {
    let both = ping_pong(|| Ok(vec![Value::I32(99)]));
    let deep = both[0].call("via_host", &[Value::I32(20)]).unwrap();
    assert_eq!(deep, [Value::I32(99)]);
    let error = both[0]
        .call("via_host", &[Value::I32(1_000_000)])
        .unwrap_err();
    assert_eq!(error.trap_code(), Some(TrapCode::StackOverflow), "{error}");
    assert_eq!(
        both[1].call("via_host", &[Value::I32(1)]).unwrap(),
        [Value::I32(99)]
    );
    both.iter().for_each(Instance::close);
}

#[test]
fn a_panic_poisons_the_store_it_was_in_and_no_other() {
    let both = ping_pong(|| panic!("deep inside"));
    let error = both[0].call("via_host", &[Value::I32(1)]).unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Internal, "panic: deep inside")
    );
    let sum = |guest: &Instance| guest.call("add", &[Value::I32(2), Value::I32(3)]);
    assert_eq!(sum(&both[0]).unwrap(), [Value::I32(5)]);
    assert_eq!(kind(sum(&both[1])), ErrorKind::Poisoned);
    both.iter().for_each(Instance::close);
}

#[test]
fn a_start_function_may_be_closed() {
    let module = Module::new(
        r#"(module (import "env" "host" (func $host)) (start $run)
            (func $run (call $host) (loop (br 0))))"#,
    )
    .unwrap();
    let inside = |context: &HostContext<'_>, _: &[Value]| {
        context.store().close();
        Ok(vec![])
    };
    assert_eq!(
        kind(module.instantiate(&imports(inside))),
        ErrorKind::Closed
    );
    let outside = |context: &HostContext<'_>, _: &[Value]| {
        let store = context.store().clone();
        std::thread::spawn(move || {
            // sleeps: so that others wait, and calls run; the moments are what is tried
            std::thread::sleep(Duration::from_millis(20));
            store.close();
        });
        Ok(vec![])
    };
    assert_eq!(
        kind(module.instantiate(&imports(outside))),
        ErrorKind::Closed
    );
}

/// Calls `what` with every order of the numbers below `n`.
fn orders(n: usize, what: &mut dyn FnMut(&[usize])) {
    fn go(order: &mut Vec<usize>, at: usize, what: &mut dyn FnMut(&[usize])) {
        if at == order.len() {
            return what(order);
        }
        for i in at..order.len() {
            order.swap(at, i);
            go(order, at + 1, what);
            order.swap(at, i);
        }
    }
    go(&mut (0..n).collect(), 0, what);
}

#[test]
fn objects_are_dropped_in_any_order() {
    let alive = Arc::default();
    let engine = Engine::shared().unwrap();
    orders(6, &mut |order| {
        let kept = Alive::new(&alive);
        let module = Module::with_engine(&engine, GUEST).unwrap();
        let store = Store::new(&engine).unwrap();
        let lent = imports(move |_, _| {
            let _ = &kept;
            Ok(vec![])
        });
        let guest = store.instantiate(&module, &lent).unwrap();
        let memory = guest.memory("memory").unwrap();
        let mut things: Vec<Option<Box<dyn Send>>> = vec![
            Some(Box::new((module, lent))),
            Some(Box::new(store)),
            Some(Box::new(guest.func("add").unwrap())),
            Some(Box::new(memory.view().unwrap())),
            Some(Box::new((memory, guest.table("table").unwrap()))),
            Some(Box::new(guest)),
        ];
        order.iter().for_each(|at| things[*at] = None);
        assert_eq!(alive.load(Ordering::SeqCst), 0, "{order:?}");
    });
}

#[test]
fn a_store_is_dropped_by_its_own_host_function() {
    let slot: Arc<Mutex<Option<Instance>>> = Arc::default();
    let last = slot.clone();
    let alive = Arc::default();
    let kept = Alive::new(&alive);
    let guest = guest(move |_, args| {
        let _ = &kept;
        drop(last.lock().unwrap().take());
        Ok(args.to_vec())
    });
    let func = guest.func("via_host").unwrap();
    *slot.lock().unwrap() = Some(guest);
    assert_eq!(func.call(&[Value::I32(3)]).unwrap(), [Value::I32(3)]);
    drop(func);
    assert_eq!(alive.load(Ordering::SeqCst), 0);
}

#[test]
fn handles_are_made_and_released_by_many_threads() {
    let stop = AtomicBool::new(false);
    let alive: Arc<AtomicUsize> = Arc::default();
    std::thread::scope(|scope| {
        let work = || {
            while !stop.load(Ordering::Relaxed) {
                let handles: Vec<_> = (0..100)
                    .map(|_| handle::insert("thing", Arc::new(Alive::new(&alive))).unwrap())
                    .collect();
                for handle in handles {
                    handle::get::<Alive>(handle, "thing").unwrap();
                    handle::release::<Alive>(handle, "thing").unwrap();
                    assert_eq!(
                        kind(handle::release::<Alive>(handle, "thing")),
                        ErrorKind::Closed
                    );
                }
            }
        };
        (0..3).for_each(|_| drop(scope.spawn(work)));
        // sleeps: so long the threads race
        std::thread::sleep(RACE);
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(alive.load(Ordering::SeqCst), 0);
}
