//! Batches and what may end, bound or surround a call.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use landbridge::{
    Batch, Columns, Engine, EngineOptions, Error, ErrorKind, Func, FuncType, HostContext, HostFunc,
    Imports, Instance, Limits, MapArg, Module, Result, Sandbox, Slot, Store, Type, Value,
};

const WAT: &str = r#"(module
  (import "env" "host" (func $host (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "through") (param i32) (result i32) (call $host (local.get 0)))
  (func (export "spin_at") (param i32 i32) (result i32)
    (if (i32.eq (local.get 0) (local.get 1)) (then (loop $l (br $l))))
    (local.get 0))
  (func (export "work") (param i32) (result i32)
    (loop $l (br_if $l (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 0))))
    (i32.const 1))
  (func $deep (export "deep") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#;

/// Long enough for the loop of wasm, which is made after some thousand rows.
const ROWS: usize = 6000;

fn instance(
    engine: &Engine,
    limits: Limits,
    host: impl Fn(i32) -> Result<i32> + Send + Sync + 'static,
) -> Instance {
    let mut imports = Imports::new();
    imports.typed("env", "host", host);
    let sandbox = Sandbox {
        limits,
        ..Sandbox::default()
    };
    let store = Store::with(engine, &sandbox).unwrap();
    let module = Module::with_engine(engine, WAT).unwrap();
    store.instantiate(&module, &imports).unwrap()
}

fn shared(limits: Limits) -> Instance {
    instance(&Engine::shared().unwrap(), limits, |n| Ok(n + 1))
}

fn numbers() -> Vec<i32> {
    (0..ROWS as i32).collect()
}

fn map(func: &Func, args: &[i32], out: &mut [i32]) -> Result<()> {
    func.map(&[args.into()], &mut [out.into()])
}

#[test]
fn a_deadline_ends_the_batch_and_says_the_row() {
    for at in [5000, 3] {
        let limits = Limits {
            timeout: Some(Duration::from_millis(30)),
            ..Limits::default()
        };
        let instance = shared(limits);
        let spin = instance.func("spin_at").unwrap();
        let mut out = vec![-1; ROWS];
        let error = spin
            .map(&[(&numbers()).into(), at.into()], &mut [(&mut out).into()])
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.row()),
            (ErrorKind::Timeout, Some(at as u64)),
            "{error}"
        );
        assert_eq!(out[..at as usize], numbers()[..at as usize]);
        let again = spin.map(
            &[(&numbers()).into(), (-1).into()],
            &mut [(&mut out).into()],
        );
        let again = again.unwrap_err();
        assert_eq!((again.kind(), again.row()), (ErrorKind::Poisoned, None));
    }
}

#[test]
fn a_batch_has_one_timeout() {
    // Each row takes far less than the timeout, all together far more.
    let limits = Limits {
        timeout: Some(Duration::from_millis(40)),
        ..Limits::default()
    };
    let work = shared(limits).func("work").unwrap();
    let rounds = vec![1_000_000; ROWS];
    let error = map(&work, &rounds, &mut vec![0; ROWS]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        error.row().is_some_and(|row| row > 0 && row < ROWS as u64),
        "{error}"
    );
}

#[test]
fn cancelling_ends_it() {
    let instance = shared(Limits::default());
    let spin = instance.func("spin_at").unwrap();
    let store = instance.store().clone();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        store.cancel();
    });
    let error = spin.map(
        &[(&numbers()).into(), 4999.into()],
        &mut [(&mut vec![0; ROWS]).into()],
    );
    let error = error.unwrap_err();
    canceller.join().unwrap();
    assert_eq!(
        (error.kind(), error.row()),
        (ErrorKind::Cancelled, Some(4999))
    );
}

#[test]
fn fuel_is_that_of_the_same_calls() {
    let limits = |fuel| Limits {
        fuel: Some(fuel),
        ..Limits::default()
    };
    let rounds: Vec<i32> = numbers().iter().map(|n| n % 10).collect();
    let by_calls = shared(limits(u64::MAX >> 1));
    let work = by_calls.func("work").unwrap();
    for n in &rounds {
        work.call(&[(*n).into()]).unwrap();
    }
    let used = by_calls.store().usage().unwrap().fuel_used.unwrap();
    let by_map = shared(limits(u64::MAX >> 1));
    map(&by_map.func("work").unwrap(), &rounds, &mut vec![0; ROWS]).unwrap();
    assert_eq!(by_map.store().usage().unwrap().fuel_used, Some(used));
    for fuel in [used / 3, used / 2 + 7] {
        let (by_calls, by_map) = (shared(limits(fuel)), shared(limits(fuel)));
        let work = by_calls.func("work").unwrap();
        let ended = |n: &i32| work.call(&[(*n).into()]).is_err();
        let row = rounds.iter().position(ended).unwrap() as u64;
        let error = map(&by_map.func("work").unwrap(), &rounds, &mut vec![0; ROWS]).unwrap_err();
        assert_eq!((error.kind(), error.row()), (ErrorKind::Fuel, Some(row)));
    }
}

#[test]
fn what_runs_the_rows_counts_against_no_limit() {
    let limits = Limits {
        instances: Some(1),
        memory_bytes: Some(2 << 16),
        ..Limits::default()
    };
    let instance = shared(limits);
    let mut out = vec![0; ROWS];
    map(&instance.func("through").unwrap(), &numbers(), &mut out).unwrap();
    assert!(out.iter().zip(1..).all(|(out, n)| *out == n));
    let usage = instance.store().usage().unwrap();
    assert_eq!((usage.instances, usage.memory_bytes), (1, 1 << 16));
    let grow = instance.func("grow").unwrap();
    let mut sizes = vec![0; ROWS];
    let pages: Vec<i32> = numbers().iter().map(|n| i32::from(*n == 2)).collect();
    map(&grow, &pages, &mut sizes).unwrap();
    assert_eq!((sizes[2], sizes[3], sizes[ROWS - 1]), (1, 2, 2));
    assert_eq!(grow.call(&[1.into()]).unwrap(), [Value::I32(-1)]);
}

#[test]
fn deep_recursion_traps_at_its_row_and_the_instance_goes_on() {
    let deep = shared(Limits::default()).func("deep").unwrap();
    let mut depths = vec![10; ROWS];
    depths[4567] = i32::MAX;
    let mut out = vec![0; ROWS];
    let error = map(&deep, &depths, &mut out).unwrap_err();
    assert_eq!(error.row(), Some(4567));
    assert_eq!(error.trap_code().unwrap().name(), "stack_overflow");
    depths[4567] = 10;
    map(&deep, &depths, &mut out).unwrap();
    assert_eq!(out, depths);
}

#[test]
fn what_a_host_function_throws_comes_out_with_the_row() {
    let thrown: Arc<String> = Arc::new("mine".to_owned());
    let ours = thrown.clone();
    let host = move |n| match n {
        4321 => Err(Error::thrown(ours.clone())),
        n => Ok(n),
    };
    let through = instance(&Engine::shared().unwrap(), Limits::default(), host)
        .func("through")
        .unwrap();
    let of_call = through.call(&[4321.into()]).unwrap_err();
    let error = map(&through, &numbers(), &mut vec![0; ROWS]).unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::Host, Some(4321)));
    let object = error
        .host_exception()
        .unwrap()
        .clone()
        .downcast::<String>()
        .unwrap();
    assert!(Arc::ptr_eq(&object, &thrown));
    assert_eq!(error.frames(), of_call.frames());
}

#[test]
fn a_host_function_maps_inside_of_a_map() {
    let inner: Arc<Mutex<Option<Func>>> = Arc::default();
    let of_host = inner.clone();
    let host = move |n: i32| {
        if n % 1000 != 0 {
            return Ok(n);
        }
        let func = of_host.lock().unwrap().clone().unwrap();
        let mut out = vec![0; ROWS];
        // Of this very function, so its columns must not be these.
        let args: Vec<i32> = (1..=ROWS as i32).map(|n| n * 1000 + 1).collect();
        func.map(&[(&args).into()], &mut [(&mut out).into()])?;
        assert_eq!(out, args);
        Ok(out[0])
    };
    let instance = instance(&Engine::shared().unwrap(), Limits::default(), host);
    let through = instance.func("through").unwrap();
    *inner.lock().unwrap() = Some(through.clone());
    for _ in 0..2 {
        let mut out = vec![0; ROWS];
        map(&through, &numbers(), &mut out).unwrap();
        let expected = |n: usize| {
            if n.is_multiple_of(1000) {
                1001
            } else {
                n as i32
            }
        };
        assert!(out.iter().enumerate().all(|(n, out)| *out == expected(n)));
    }
    inner.lock().unwrap().take();
}

#[test]
fn a_host_function_closes_the_store_inside_of_a_map() {
    let store: Arc<Mutex<Option<Store>>> = Arc::default();
    let of_host = store.clone();
    let host = move |n| {
        if n == 5001 {
            of_host.lock().unwrap().take().unwrap().close();
        }
        Ok(n)
    };
    let instance = instance(&Engine::shared().unwrap(), Limits::default(), host);
    *store.lock().unwrap() = Some(instance.store().clone());
    let through = instance.func("through").unwrap();
    let mut out = vec![-1; ROWS];
    let error = map(&through, &numbers(), &mut out).unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::Closed, Some(5001)));
    assert_eq!((out[5000], out[5001]), (5000, -1));
    let again = map(&through, &numbers(), &mut out).unwrap_err();
    assert_eq!((again.kind(), again.row()), (ErrorKind::Closed, None));
}

#[test]
fn on_engines_of_every_sort() {
    let options = [
        EngineOptions {
            interruptible: false,
            ..EngineOptions::default()
        },
        EngineOptions {
            signal_handlers: false,
            ..EngineOptions::default()
        },
        EngineOptions {
            memory_reservation_bytes: 1 << 20,
            ..EngineOptions::default()
        },
        EngineOptions {
            deterministic: true,
            ..EngineOptions::default()
        },
    ];
    for options in options {
        let engine = Engine::new(options).unwrap();
        let instance = instance(&engine, Limits::default(), |n| {
            if n == 5555 {
                Err(Error::exit(3))
            } else {
                Ok(n)
            }
        });
        let through = instance.func("through").unwrap();
        let mut out = vec![0; ROWS];
        let error = map(&through, &numbers(), &mut out).unwrap_err();
        assert_eq!((error.row(), error.exit_code()), (Some(5555), Some(3)));
        assert_eq!(out[..5555], numbers()[..5555]);
    }
}

/// Refuses to go on with what it sees of its caller.
struct Nosy;

impl HostFunc for Nosy {
    fn call(&self, context: &HostContext<'_>, _: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        assert!(context.export("memory").is_none(), "nobody exports it");
        Ok(args.to_vec())
    }
}

#[test]
fn a_function_of_the_host_is_mapped() {
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let ty = FuncType::new([Type::I32], [Type::I32]);
    let func = Func::new(&store, &ty, Arc::new(Nosy)).unwrap();
    let mut out = vec![0; ROWS];
    map(&func, &numbers(), &mut out).unwrap();
    assert_eq!(out, numbers());
}

#[test]
fn many_signatures_and_many_parameters() {
    let engine = Engine::shared().unwrap();
    let store = Store::new(&engine).unwrap();
    let counts = [0, 1, 2, 5, 8, 16, 30, 31, 32, 33, 100, 1000];
    for count in counts {
        let params = "i64 ".repeat(count);
        let sum: String = (0..count)
            .map(|n| format!("(i64.add (local.get {n})"))
            .collect();
        let wat = format!(
            "(module (func (export \"sum\") (param {params}) (result i64) {sum} (i64.const 7) {}))",
            ")".repeat(count)
        );
        let module = Module::with_engine(&engine, &wat).unwrap();
        let sum = store
            .instantiate(&module, &Imports::new())
            .unwrap()
            .func("sum")
            .unwrap();
        let column: Vec<i64> = (0..5000).collect();
        let args = vec![(&column).into(); count];
        let mut out = vec![0_i64; 5000];
        sum.map(&args, &mut [(&mut out).into()]).unwrap();
        assert!(
            out.iter()
                .zip(0..)
                .all(|(out, n)| *out == 7 + n * count as i64),
            "{count} parameters"
        );
    }
    // More signatures than a store keeps loops for.
    for n in 0..80 {
        let bits: String = (0..7)
            .map(|bit| if n >> bit & 1 == 1 { "f32 " } else { "i32 " })
            .collect();
        let wat =
            format!("(module (func (export \"f\") (param {bits}) (result i32) (i32.const {n})))");
        let module = Module::with_engine(&engine, &wat).unwrap();
        let func = store
            .instantiate(&module, &Imports::new())
            .unwrap()
            .func("f")
            .unwrap();
        let args: Vec<_> = (0..7)
            .map(|bit| {
                if n >> bit & 1 == 1 {
                    1.0_f32.into()
                } else {
                    1.into()
                }
            })
            .collect();
        let mut out = vec![-1; 4100];
        func.map(&args, &mut [(&mut out).into()]).unwrap();
        assert_eq!(out, vec![n; 4100]);
    }
}

#[test]
fn thousands_of_functions_share_what_runs_their_rows() {
    let engine = Engine::shared().unwrap();
    let store = Store::new(&engine).unwrap();
    let funcs: String = (0..3000)
        .map(|n| format!("(func (export \"f{n}\") (param i32) (result i32) (i32.add (local.get 0) (i32.const {n})))"))
        .collect();
    let module = Module::with_engine(&engine, format!("(module {funcs})")).unwrap();
    let instance = store.instantiate(&module, &Imports::new()).unwrap();
    let column = vec![1; 4200];
    let mut out = vec![0; 4200];
    for n in 0..3000 {
        let func = instance.func(&format!("f{n}")).unwrap();
        let rows = if n == 0 { 4200 } else { 300 };
        func.map(&[column[..rows].into()], &mut [(&mut out[..rows]).into()])
            .unwrap();
        assert_eq!((out[0], out[rows - 1]), (n + 1, n + 1));
    }
    #[cfg(target_os = "linux")]
    {
        // One memory of this store's loops, and not 3,000: each would take address space of 4 GiB.
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        assert!(
            maps.lines().count() < 3000,
            "{} mappings",
            maps.lines().count()
        );
    }
}

/// Columns whose code does what it must not.
struct Wild<'a>(&'a Func, bool);

impl Columns for Wild<'_> {
    fn read(&mut self, _: usize, first: usize, to: &mut [u8]) -> Result<()> {
        assert!(!self.1 || first < 3000, "a panic of the host");
        let inside = self.0.call(&[Value::I32(1)]).unwrap_err();
        assert_eq!(inside.kind(), ErrorKind::Busy);
        to.fill(0);
        Ok(())
    }

    fn write(&mut self, _: usize, _: usize, _: &[u8]) -> Result<()> {
        Ok(())
    }
}

#[test]
fn code_of_columns_cannot_enter_and_may_panic() {
    let through = shared(Limits::default()).func("through").unwrap();
    let args = [MapArg::column(Type::I32)];
    through
        .map_columns(&Batch::new(ROWS, &args), &mut Wild(&through, false))
        .unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        through.map_columns(&Batch::new(ROWS, &args), &mut Wild(&through, true))
    }));
    assert!(panicked.is_err());
    map(&through, &numbers(), &mut vec![0; ROWS]).unwrap();
}

#[test]
fn a_count_beyond_all_columns_ends_where_they_end() {
    struct Short;
    impl Columns for Short {
        fn read(&mut self, _: usize, first: usize, _: &mut [u8]) -> Result<()> {
            match first < 100_000 {
                true => Ok(()),
                false => Err(Error::new(ErrorKind::OutOfBounds, "there are no more")),
            }
        }
        fn write(&mut self, _: usize, _: usize, _: &[u8]) -> Result<()> {
            Ok(())
        }
    }
    let through = shared(Limits::default()).func("through").unwrap();
    let args = [MapArg::column(Type::I32)];
    let error = through
        .map_columns(&Batch::new(usize::MAX, &args), &mut Short)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    assert!(
        error
            .row()
            .is_some_and(|row| (98_000..=104_000).contains(&row)),
        "{error}"
    );
    let scalar = [MapArg::Scalar(Slot::from_i32(1))];
    through
        .map_columns(&Batch::new(0, &scalar), &mut Short)
        .unwrap();
}
