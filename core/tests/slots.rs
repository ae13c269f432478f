//! Slots: instances of pools in room that the engine keeps ready. What fits, what falls back, and that nothing of a
//! former instance is seen.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use landbridge::*;

fn engine(pool_slots: usize) -> Engine {
    let options = EngineOptions {
        pool_slots,
        ..EngineOptions::default()
    };
    Engine::new(options).unwrap()
}

fn pool_of(engine: &Engine, wat: &str, max: usize, sandbox: impl Into<Sandbox>) -> Pool {
    let options = PoolOptions {
        max,
        ..PoolOptions::default()
    };
    let module = Module::with_engine(engine, wat).unwrap();
    Pool::new(&module, &Imports::new(), &sandbox.into(), options).unwrap()
}

/// All that a guest can leave behind. `LETTER` and `SIZE` tell modules apart.
const LEAVER: &str = r#"(module
    (type $s (struct (field (mut i32))))
    (import "env" "fails" (func $fails))
    (memory (export "memory") SIZE)
    (data $d (i32.const 100) "LETTER")
    (data $p "passive")
    (table $t (export "table") 3 funcref)
    (elem (table $t) (i32.const 0) func $f)
    (elem $q funcref (ref.func $f))
    (table $o (export "objects") 2 externref)
    (global $n (export "n") (mut i32) (i32.const 7))
    (global $s (mut (ref null $s)) (ref.null $s))
    (global $h (export "h") (mut externref) (ref.null extern))
    (func $f)
    (func (export "write") (param $object externref) (local $at i32)
        (drop (memory.grow (i32.const 5)))
        (loop $l
            (i32.store8 (local.get $at) (i32.const 0xee))
            (local.set $at (i32.add (local.get $at) (i32.const 97)))
            (br_if $l (i32.lt_u (local.get $at) (i32.mul (memory.size) (i32.const 65536)))))
        (data.drop $p) (elem.drop $q)
        (drop (table.grow $t (ref.func $f) (i32.const 3000)))
        (table.set $t (i32.const 2) (ref.func $f))
        (drop (table.grow $o (local.get $object) (i32.const 10)))
        (table.set $o (i32.const 1) (local.get $object))
        (global.set $n (i32.const 99))
        (global.set $h (local.get $object))
        (global.set $s (struct.new $s (i32.const 5))))
    (func (export "is_clean") (result i32)
        (memory.init $p (i32.const 200) (i32.const 0) (i32.const 7))
        (table.init $t $q (i32.const 2) (i32.const 0) (i32.const 1))
        (i32.and (i32.and (ref.is_null (global.get $h)) (ref.is_null (global.get $s)))
            (i32.and (i32.eq (global.get $n) (i32.const 7))
                (i32.and (ref.is_null (table.get $t (i32.const 1))) (ref.is_null (table.get $o (i32.const 1)))))))
    (func (export "grow_table") (result i32) (local $i i32)
        (drop (table.grow $t (ref.null func) (i32.const 3000)))
        (local.set $i (i32.const 3))
        (loop $l
            (if (i32.eqz (ref.is_null (table.get $t (local.get $i)))) (then (return (i32.const 0))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $l (i32.lt_u (local.get $i) (table.size $t))))
        (i32.const 1))
    (func (export "make") (param i32)
        (loop $l (global.set $s (struct.new $s (local.get 0)))
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if $l (local.get 0))))
    (func (export "field") (result i32) (struct.get $s 0 (global.get $s)))
    (func (export "trap") unreachable)
    (func (export "fail") (call $fails))
    (func (export "spin") (loop $l (br $l))))"#;

struct Leaver {
    pool: Pool,
    letter: u8,
    pages: u64,
    /// How many objects of the host's its guests hold.
    held: Arc<AtomicUsize>,
}

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Leaver {
    fn new(engine: &Engine, letter: u8, pages: u64, reset: Reset) -> Leaver {
        let wat = LEAVER
            .replace("LETTER", &char::from(letter).to_string())
            .replace("SIZE", &pages.to_string());
        let module = Module::with_engine(engine, wat).unwrap();
        let mut imports = Imports::new();
        imports.func("env", "fails", |_, _| panic!("a host function panics"));
        let limits = Limits {
            timeout: Some(Duration::from_millis(100)),
            ..Limits::default()
        };
        let options = PoolOptions {
            max: 1,
            reset,
            ..PoolOptions::default()
        };
        Leaver {
            pool: Pool::new(&module, &imports, &limits.into(), options).unwrap(),
            letter,
            pages,
            held: Arc::default(),
        }
    }

    /// Writes wherever a guest can, and leaves in some way.
    fn dirty(&self, how: &str) {
        let guest = self.pool.get().unwrap();
        self.held.fetch_add(1, Ordering::SeqCst);
        let object = ExternRef::new(Counted(self.held.clone()));
        guest
            .call("write", &[Value::ExternRef(Some(object))])
            .unwrap();
        match how {
            "close" => guest.close(),
            "drop" => drop(guest),
            "trap" => assert_eq!(fails(&guest, how), ErrorKind::Trap),
            "spin" => assert_eq!(fails(&guest, how), ErrorKind::Timeout),
            _ => assert_eq!(fails(&guest, how), ErrorKind::Internal),
        }
    }

    /// Looks wherever a guest or its host can, at a fresh instance.
    fn check_clean(&self) {
        let guest = self.pool.get().unwrap();
        let memory = guest.memory("memory").unwrap();
        assert_eq!(memory.size_pages().unwrap(), self.pages);
        memory.grow(8).unwrap();
        let view = memory.view().unwrap();
        for at in 0..usize::try_from(memory.size_pages().unwrap()).unwrap() << 16 {
            let expected = if at == 100 { self.letter } else { 0 };
            // SAFETY: it is inside, and no guest runs.
            let found = unsafe { *view.data().add(at) };
            assert_eq!(found, expected, "byte {at}");
        }
        drop(view);
        let is =
            |name, expected| assert_eq!(guest.call(name, &[]).unwrap(), [Value::I32(expected)]);
        assert_eq!(guest.table("table").unwrap().size().unwrap(), 3);
        assert_eq!(guest.table("objects").unwrap().size().unwrap(), 2);
        is("is_clean", 1);
        is("grow_table", 1);
        guest.call("make", &[Value::I32(1000)]).unwrap();
        is("field", 1);
    }
}

fn fails(guest: &Instance, name: &str) -> ErrorKind {
    let name = if name == "panic" { "fail" } else { name };
    let error = guest.call(name, &[]).unwrap_err();
    error.kind()
}

#[test]
fn nothing_of_a_former_instance_is_seen() {
    // One slot for all, so that each comes where another was.
    let engine = engine(1);
    for round in ["close", "drop", "trap", "spin", "panic"] {
        for (letter, pages) in [(b'a', 1), (b'b', 3), (b'c', 1)] {
            let leaver = Leaver::new(&engine, letter, pages, Reset::Fresh);
            for _ in 0..3 {
                leaver.check_clean();
                leaver.dirty(round);
            }
            leaver.check_clean();
            let counts = leaver.pool.counts();
            assert_eq!(counts.in_slots, counts.made, "{round} {letter}");
            assert_eq!(leaver.held.load(Ordering::SeqCst), 0, "{round} {letter}");
        }
    }
}

#[test]
fn an_instance_that_was_poisoned_is_not_used_again() {
    let engine = engine(1);
    let leaver = Leaver::new(&engine, b'r', 1, Reset::Reuse);
    for how in ["spin", "panic"] {
        leaver.dirty(how);
        leaver.check_clean();
        let before = leaver.pool.counts().made;
        // Spoilt by the look at it.
        leaver.dirty("spin");
        assert_eq!(leaver.pool.counts().made, before + 1);
    }
    assert_eq!(leaver.pool.counts().in_slots, leaver.pool.counts().made);
}

const NEXT: &str = r#"(module (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))"#;

fn in_slots(pool: &Pool) -> (u64, u64) {
    let counts = pool.counts();
    (counts.made, counts.in_slots)
}

#[test]
fn pools_share_the_slots_and_go_on_without() {
    let engine = engine(3);
    let (one, two) = (
        pool_of(&engine, NEXT, 5, Limits::default()),
        pool_of(&engine, NEXT, 5, Limits::default()),
    );
    let taken: Vec<_> = (0..5).map(|_| one.get().unwrap()).collect();
    assert_eq!(in_slots(&one), (5, 2));
    assert_eq!(in_slots(&two), (1, 1));
    for guest in &taken {
        assert_eq!(guest.call("next", &[]).unwrap(), [Value::I32(1)]);
    }
    one.close();
    drop(taken);
    let taken: Vec<_> = (0..5).map(|_| two.get().unwrap()).collect();
    assert_eq!(in_slots(&two), (5, 3));
    drop(taken);
}

#[test]
fn a_view_holds_the_slot_until_it_is_dropped() {
    let engine = engine(1);
    let pool = pool_of(&engine, NEXT, 1, Limits::default());
    let guest = pool.get().unwrap();
    let memory = guest.memory("memory").unwrap();
    memory.write(5, &[42]).unwrap();
    let view = memory.view().unwrap();
    guest.close();
    // SAFETY: the view keeps it, and no guest writes.
    assert_eq!(unsafe { *view.data().add(5) }, 42);
    assert_eq!(in_slots(&pool), (2, 1));
    drop(view);
    let next = pool.get().unwrap();
    next.close();
    assert_eq!(in_slots(&pool), (3, 2));
}

#[test]
fn what_does_not_fit_is_made_on_demand() {
    let engine = engine(4);
    let many: String = "(table 1 funcref)".repeat(5);
    for wat in [
        "(module (memory 1) (memory 1))".to_owned(),
        "(module (memory i64 1))".to_owned(),
        "(module (table 10000001 funcref))".to_owned(),
        format!("(module {many})"),
    ] {
        let pool = pool_of(&engine, &wat, 1, Limits::default());
        assert_eq!(in_slots(&pool), (1, 0), "{wat}");
    }
    for wat in [
        "(module)".to_owned(),
        "(module (memory i64 1 16))".to_owned(),
        "(module (memory 65536))".to_owned(),
        "(module (table 10000000 funcref))".to_owned(),
        format!(
            "(module (memory 1) {})",
            "(global (mut v128) (v128.const i64x2 1 2))".repeat(10_000)
        ),
        "(component (core module $m (memory 1)) (core instance (instantiate $m)))".to_owned(),
    ] {
        let pool = pool_of(&engine, &wat, 1, Limits::default());
        assert_eq!(in_slots(&pool), (1, 1), "{wat:.100}");
    }
    // Memories of two guests.
    let two = "(component (core module $m (memory 1)) (core instance (instantiate $m)) (core instance (instantiate $m)))";
    assert_eq!(
        in_slots(&pool_of(&engine, two, 1, Limits::default())),
        (1, 0)
    );
}

#[test]
fn engines_that_have_no_slots_make_instances_on_demand() {
    let default = EngineOptions::default;
    for options in [
        default(),
        EngineOptions {
            pool_slots: 5,
            memory_reservation_bytes: 1 << 20,
            ..default()
        },
        EngineOptions {
            pool_slots: 5,
            memory_reservation_bytes: 8 << 30,
            ..default()
        },
    ] {
        let pool = pool_of(&Engine::new(options).unwrap(), NEXT, 1, Limits::default());
        assert_eq!(pool.call("next", &[]).unwrap(), [Value::I32(1)]);
        assert_eq!(in_slots(&pool), (2, 0));
    }
    for options in [
        EngineOptions {
            pool_slots: 5,
            signal_handlers: false,
            ..default()
        },
        EngineOptions {
            pool_slots: 5,
            interruptible: false,
            ..default()
        },
        EngineOptions {
            pool_slots: 5,
            deterministic: true,
            cache: CompileCache::Off,
            ..default()
        },
        // More than there are addresses for.
        EngineOptions {
            pool_slots: usize::MAX,
            ..default()
        },
    ] {
        let pool = pool_of(&Engine::new(options).unwrap(), NEXT, 1, Limits::default());
        assert_eq!(pool.call("next", &[]).unwrap(), [Value::I32(1)]);
        assert_eq!(in_slots(&pool), (2, 2));
    }
}

#[test]
fn a_store_in_a_slot_may_hold_more_and_lacks_nothing_of_its_own() {
    let engine = engine(1);
    let pool = pool_of(&engine, NEXT, 1, Limits::default());
    let guest = pool.get().unwrap();
    let store = guest.store().clone();
    // What hosts make is not of the slot.
    let memories: Vec<_> = (0..10)
        .map(|_| Memory::new(&store, &MemoryType::new(1, None)).unwrap())
        .collect();
    let other = Module::with_engine(&engine, NEXT).unwrap();
    // The slot has three memories: a heap of objects that comes later has none then, and says so.
    for _ in 0..2 {
        store.instantiate(&other, &Imports::new()).unwrap();
    }
    let error = store.instantiate(&other, &Imports::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let two = Module::with_engine(&engine, "(module (memory 1) (memory 1))").unwrap();
    let error = store.instantiate(&two, &Imports::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    assert!(error.message().contains("slot"), "{error}");
    assert_eq!(guest.call("next", &[]).unwrap(), [Value::I32(1)]);
    drop(memories);
}

#[test]
fn batches_objects_and_memories_are_all_in_the_slot() {
    let engine = engine(2);
    let text = r#"(module (memory 1) (type $s (struct (field i32)))
        (func (export "add") (param i32 i32) (result i32)
            (i32.store (i32.const 8) (local.get 0))
            (i32.add (i32.load (i32.const 8)) (struct.get $s 0 (struct.new $s (local.get 1)))))
        (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2))))"#;
    let pool = pool_of(&engine, text, 2, Limits::default());
    for _ in 0..3 {
        let taken = [pool.get().unwrap(), pool.get().unwrap()];
        for guest in &taken {
            let xs: Vec<i32> = (0..10_000).collect();
            let mut sums = vec![0; xs.len()];
            let add = guest.func("add").unwrap();
            add.map(
                &[(&xs[..]).into(), (&xs[..]).into()],
                &mut [(&mut sums[..]).into()],
            )
            .unwrap();
            assert!(sums.iter().zip(&xs).all(|(sum, x)| *sum == 2 * x));
            let ys: Vec<f64> = xs.iter().map(|x| f64::from(*x)).collect();
            let mut halves = vec![0.0; ys.len()];
            let half = guest.func("half").unwrap();
            half.map(&[(&ys[..]).into()], &mut [(&mut halves[..]).into()])
                .unwrap();
            assert!(halves.iter().zip(&ys).all(|(half, y)| 2.0 * half == *y));
        }
    }
    let (made, in_slots) = in_slots(&pool);
    assert_eq!(made, in_slots);
}

#[test]
fn threads_take_slots_and_give_them_back() {
    let engine = engine(8);
    let pool = pool_of(&engine, NEXT, 8, Limits::default());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..500 {
                    assert_eq!(pool.call("next", &[]).unwrap(), [Value::I32(1)]);
                }
            });
        }
    });
    let (made, in_slots) = in_slots(&pool);
    assert_eq!(made, in_slots);
}

/// Tells a child which part of this test it is to run.
const PART: &str = "LANDBRIDGE_TEST_SLOTS";

/// Pools in a process of little room: some instances are in slots, the rest is made on demand or refused.
#[cfg(unix)]
#[test]
fn a_process_of_little_room_falls_back() {
    if std::env::var_os(PART).is_none() {
        let test = std::env::current_exe().unwrap();
        let script = "ulimit -v 104857600 && exec \"$0\" --exact a_process_of_little_room_falls_back --nocapture";
        let mut child = std::process::Command::new("sh");
        child.args(["-c", script]).arg(test).env(PART, "1");
        let output = child.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success() && told.contains("part is done"),
            "{told}"
        );
        return;
    }
    let engine = engine(1000);
    let pool = pool_of(&engine, NEXT, 1000, Limits::default());
    let taken: Vec<_> = (0..1000).map_while(|_| pool.get().ok()).collect();
    let (made, in_slots) = in_slots(&pool);
    assert!((1..=4).contains(&in_slots), "{in_slots}");
    assert!((8..40).contains(&made), "{made}");
    let error = pool.get().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    assert!(
        error.message().contains("memory_reservation_bytes"),
        "{error}"
    );
    drop(taken);
    Vec::<u8>::new().try_reserve_exact(16 << 20).expect("room");
    eprintln!("part is done");
}
