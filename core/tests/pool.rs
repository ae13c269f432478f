//! Pools: taking, giving back, waiting, and what callers see of each other.

use std::time::Duration;

use landbridge::{
    ErrorKind, Imports, Instance, Limits, Module, Pool, PoolOptions, Reset, Result, Sandbox, Value,
};

const COUNTER: &str = r#"(module (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "spin") (loop $l (br $l)))
    (func (export "trap") unreachable))"#;

fn pool(max: usize, reset: Reset, sandbox: impl Into<Sandbox>) -> Result<Pool> {
    let options = PoolOptions {
        max,
        reset,
        wait: Duration::from_millis(50),
    };
    Pool::new(
        &Module::new(COUNTER)?,
        &Imports::new(),
        &sandbox.into(),
        options,
    )
}

fn next(instance: &Instance) -> Value {
    instance.call("next", &[]).unwrap().remove(0)
}

#[test]
fn each_caller_gets_a_fresh_instance() -> Result<()> {
    let pool = pool(2, Reset::Fresh, Sandbox::default())?;
    for _ in 0..5 {
        assert_eq!(pool.call("next", &[])?, [Value::I32(1)]);
    }
    let counts = pool.counts();
    assert_eq!((counts.ready, counts.taken, counts.served), (1, 0, 5));
    assert_eq!(counts.made, 6);
    Ok(())
}

#[test]
fn reuse_keeps_what_was_left_behind_and_renews_the_fuel() -> Result<()> {
    let limits = Limits {
        fuel: Some(1000),
        ..Limits::default()
    };
    let pool = pool(1, Reset::Reuse, limits)?;
    for i in 1..500 {
        assert_eq!(pool.call("next", &[])?, [Value::I32(i)]);
    }
    assert_eq!(pool.counts().made, 1);
    // After a trap it lives on; once poisoned it is replaced.
    assert_eq!(pool.call("trap", &[]).unwrap_err().kind(), ErrorKind::Trap);
    assert_eq!(pool.call("next", &[])?, [Value::I32(500)]);
    assert_eq!(pool.call("spin", &[]).unwrap_err().kind(), ErrorKind::Fuel);
    assert_eq!(pool.call("next", &[])?, [Value::I32(1)]);
    assert_eq!(pool.counts().made, 2);
    Ok(())
}

#[test]
fn a_caller_waits_only_so_long() -> Result<()> {
    let pool = pool(2, Reset::Fresh, Sandbox::default())?;
    let (first, second) = (pool.get()?, pool.get()?);
    let error = pool.get().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(error.message().contains("2 instances"), "{error}");
    first.close();
    assert_eq!(next(&pool.get()?), Value::I32(1));
    assert_eq!(second.call("next", &[])?, [Value::I32(1)]);
    drop(second);
    assert_eq!(pool.counts().taken, 0);
    Ok(())
}

#[test]
fn what_was_given_back_is_closed() -> Result<()> {
    let pool = pool(1, Reset::Fresh, Sandbox::default())?;
    let instance = pool.get()?;
    let func = instance.func("next")?;
    instance.close();
    instance.close();
    assert_eq!(
        instance.call("next", &[]).unwrap_err().kind(),
        ErrorKind::Closed
    );
    assert_eq!(func.call(&[]).unwrap_err().kind(), ErrorKind::Closed);
    drop(instance);
    assert_eq!(pool.counts().taken, 0);
    Ok(())
}

#[test]
fn a_closed_pool_serves_nobody() -> Result<()> {
    let pool = pool(2, Reset::Reuse, Sandbox::default())?;
    let taken = pool.get()?;
    pool.close();
    pool.close();
    assert!(pool.is_closed());
    assert_eq!(pool.get().unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(next(&taken), Value::I32(1));
    let store = taken.store().clone();
    taken.close();
    assert!(store.is_closed());
    assert_eq!(pool.counts().taken, 0);
    Ok(())
}

#[test]
fn an_instance_outlives_its_pool() -> Result<()> {
    let taken = pool(1, Reset::Reuse, Sandbox::default())?.get()?;
    assert_eq!(next(&taken), Value::I32(1));
    taken.close();
    assert!(taken.is_closed());
    Ok(())
}

#[test]
fn what_cannot_be_made_shows_at_once() -> Result<()> {
    let module = Module::new(r#"(module (import "a" "b" (func)))"#)?;
    let made = Pool::new(
        &module,
        &Imports::new(),
        &Sandbox::default(),
        PoolOptions::default(),
    );
    assert_eq!(made.unwrap_err().kind(), ErrorKind::Link);
    let none = pool(0, Reset::Fresh, Sandbox::default());
    assert_eq!(none.unwrap_err().kind(), ErrorKind::Range);
    Ok(())
}

#[test]
fn many_callers_share_few_instances() -> Result<()> {
    let pool = pool(3, Reset::Fresh, Sandbox::default())?;
    let calls = (0..1000).map(|_| pool.call_async("next", &[]));
    for call in calls.collect::<Result<Vec<_>>>()? {
        assert_eq!(call.wait()?, [Value::I32(1)]);
    }
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                (0..100).for_each(|_| assert_eq!(next(&pool.get().unwrap()), Value::I32(1)))
            });
        }
    });
    let counts = pool.counts();
    assert_eq!((counts.taken, counts.waiting, counts.served), (0, 0, 1300));
    assert!(counts.ready <= 3, "{counts:?}");
    Ok(())
}
