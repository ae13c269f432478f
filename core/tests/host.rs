//! Hosts that do not keep what they promise. Each test of this file has the same host, which does as
//! its thread says.

use std::cell::Cell;
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

use landbridge::host::Host;
use landbridge::*;

#[derive(Clone, Copy, Default)]
enum Habit {
    #[default]
    Good,
    /// Says that it waited, and did not.
    Lazy,
    /// Waits twice.
    Twice,
    /// Waits, and refuses then.
    Late,
    /// Waits, and panics then.
    Panics,
}

thread_local! {
    static HABIT: Cell<Habit> = const { Cell::new(Habit::Good) };
}

struct Odd;

impl Host for Odd {
    fn wait(&self, wait: &mut dyn FnMut()) -> Result<()> {
        match HABIT.get() {
            Habit::Good => wait(),
            Habit::Lazy => {}
            Habit::Twice => (0..2).for_each(|_| wait()),
            Habit::Late => {
                wait();
                return Err(Error::new(ErrorKind::Busy, "too late"));
            }
            Habit::Panics => {
                wait();
                panic!("in the host");
            }
        }
        Ok(())
    }
}

const SLEEPS: &str = r#"(module (import "h" "sleep" (func $sleep))
    (func (export "sleep") (call $sleep))
    (func (export "one") (result i32) (i32.const 1)))"#;

/// A guest that another thread is inside of for a moment, and what `habit` makes of a call.
fn called_by(habit: Habit) -> (thread::Result<Result<Vec<Value>>>, Instance) {
    landbridge::host::install(&Odd);
    let (inside, entered) = mpsc::channel();
    let mut imports = Imports::new();
    imports.func("h", "sleep", move |_, _| {
        inside.send(()).unwrap();
        // sleeps: the other thread waits by now, which nothing tells
        thread::sleep(Duration::from_millis(30));
        Ok(vec![])
    });
    let guest = Module::new(SLEEPS).unwrap().instantiate(&imports).unwrap();
    let called = thread::scope(|scope| {
        scope.spawn(|| guest.call("sleep", &[]).unwrap());
        entered.recv().unwrap();
        let calls = || {
            HABIT.set(habit);
            guest.call("one", &[])
        };
        scope.spawn(calls).join()
    });
    (called, guest)
}

/// Nobody is left inside. Two threads look at the same time: one may have got the number of a thread
/// that is gone, and with it what that left behind.
fn is_free(guest: &Instance) {
    let (done, waits) = mpsc::channel();
    let both = Arc::new(Barrier::new(2));
    for _ in 0..2 {
        let (guest, done, both) = (guest.clone(), done.clone(), both.clone());
        thread::spawn(move || {
            both.wait();
            done.send(guest.call("one", &[])).unwrap();
            both.wait();
        });
    }
    for _ in 0..2 {
        let back = waits.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(back.unwrap(), [Value::I32(1)]);
    }
}

#[test]
fn a_host_that_does_not_wait_gets_no_turn() {
    let (called, guest) = called_by(Habit::Lazy);
    assert_eq!(called.unwrap().unwrap_err().kind(), ErrorKind::Internal);
    is_free(&guest);
}

#[test]
fn a_host_that_waits_twice_has_waited() {
    let (called, guest) = called_by(Habit::Twice);
    assert_eq!(called.unwrap().unwrap(), [Value::I32(1)]);
    is_free(&guest);
}

#[test]
fn a_host_that_refuses_late_leaves_the_turn() {
    let (called, guest) = called_by(Habit::Late);
    assert_eq!(called.unwrap().unwrap_err().kind(), ErrorKind::Busy);
    is_free(&guest);
}

#[test]
fn a_host_that_panics_leaves_the_turn() {
    let (called, guest) = called_by(Habit::Panics);
    assert!(called.is_err());
    is_free(&guest);
}

/// A pool of one, which is taken, and what `habit` makes of another taker.
fn taken_by(habit: Habit) -> (Result<Vec<Value>>, Pool) {
    landbridge::host::install(&Odd);
    let module = Module::new(r#"(module (func (export "one") (result i32) (i32.const 1)))"#);
    let options = PoolOptions {
        max: 1,
        ..PoolOptions::default()
    };
    let pool = Pool::new(
        &module.unwrap(),
        &Imports::new(),
        &Sandbox::default(),
        options,
    );
    let pool = pool.unwrap();
    let taken = pool.get().unwrap();
    let called = thread::scope(|scope| {
        let other = scope.spawn(|| {
            HABIT.set(habit);
            pool.call("one", &[])
        });
        // sleeps: the other thread waits by now, which nothing tells
        thread::sleep(Duration::from_millis(30));
        taken.close();
        other.join().unwrap()
    });
    (called, pool)
}

#[test]
fn a_pool_counts_right_whatever_the_host_does() {
    for (habit, kind) in [
        (Habit::Lazy, Some(ErrorKind::Internal)),
        (Habit::Twice, None),
        (Habit::Late, Some(ErrorKind::Busy)),
    ] {
        let (called, pool) = taken_by(habit);
        assert_eq!(called.err().map(|error| error.kind()), kind);
        let counts = pool.counts();
        assert_eq!((counts.taken, counts.waiting), (0, 0));
        assert_eq!(pool.call("one", &[]).unwrap(), [Value::I32(1)]);
    }
}
