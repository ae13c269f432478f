//! Forks while other threads load, make, free and trap: the child has what it needs of the engine, or
//! is told why not. It never hangs.
#![cfg(unix)]

mod forked;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use landbridge::*;

use forked::in_child;

const GUEST: &str = r#"(module (memory (export "memory") 1)
    (func (export "one") (result i32) i32.const 1)
    (func (export "load") (drop (i32.load (i32.const 0x7fffffff))))
    (func (export "divide") (drop (i32.div_u (i32.const 1) (i32.const 0))))
    (func (export "stop") unreachable)
    (func (export "loop") (loop $l (br $l))))"#;

/// A module that nobody has compiled before.
fn fresh(engine: &Engine) -> Result<Module> {
    static NEXT: AtomicI32 = AtomicI32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let text = format!(
        r#"(module (type (func (param {})))
        (func (export "f") (result i32) (i32.const {n}))
        (func (export "stop") unreachable))"#,
        "i32 ".repeat(n as usize % 100)
    );
    Module::with_engine(engine, text)
}

fn kind_of(guest: &Instance, name: &str) -> Option<ErrorKind> {
    guest.call(name, &[]).err().map(|error| error.kind())
}

fn all_traps(guest: &Instance) -> bool {
    let traps = ["load", "divide", "stop"];
    traps
        .iter()
        .all(|name| kind_of(guest, name) == Some(ErrorKind::Trap))
}

/// Tells why a child fails, past locks that other threads may have had.
fn say(what: &str) {
    let line = format!("child: {what}\n");
    // SAFETY: the bytes are there; it is only told.
    unsafe { libc::write(libc::STDERR_FILENO, line.as_ptr().cast(), line.len()) };
}

/// How many children were told that a lock is held for ever, since the fork could not wait for it. On
/// a page that children share.
fn told() -> &'static AtomicI32 {
    static PAGE: OnceLock<usize> = OnceLock::new();
    let page = PAGE.get_or_init(|| {
        let (access, kind) = (
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_SHARED | libc::MAP_ANONYMOUS,
        );
        // SAFETY: a new page.
        let page = unsafe { libc::mmap(std::ptr::null_mut(), 4096, access, kind, -1, 0) };
        assert_ne!(page, libc::MAP_FAILED);
        page.expose_provenance()
    });
    // SAFETY: the page is zero, which is a number, and is never unmapped.
    unsafe { &*std::ptr::with_exposed_provenance(*page) }
}

/// What a worker of a server does that has forked: everything.
fn works(engine: &Engine, guest: &Instance) -> bool {
    let limits = Limits {
        timeout: Some(Duration::from_millis(20)),
        ..Limits::default()
    };
    let try_all = || -> Result<bool> {
        let module = fresh(engine)?;
        let own = module.instantiate(&Imports::new())?;
        let late = Module::with_engine(engine, GUEST)?;
        // Traps have no deadline here: a busy machine may hold one up for longer.
        let fresh = late.instantiate(&Imports::new())?;
        let late = late.instantiate_with(&Imports::new(), &limits.into())?;
        let called = own.call("f", &[])?.len() == 1 && own.call_async("f", &[])?.wait().is_ok();
        let seen = (
            called,
            kind_of(&own, "stop"),
            all_traps(guest),
            all_traps(&fresh),
            kind_of(&late, "loop"),
        );
        let wanted = (
            true,
            Some(ErrorKind::Trap),
            true,
            true,
            Some(ErrorKind::Timeout),
        );
        if seen != wanted {
            say(&format!("{seen:?}"));
        }
        Ok(seen == wanted)
    };
    try_all().unwrap_or_else(|error| {
        let is_told = error.kind() == ErrorKind::Poisoned
            && error.to_string().contains("when the process forked");
        match is_told {
            true => told().fetch_add(1, Ordering::Relaxed),
            false => {
                say(&format!("{error:?}"));
                0
            }
        };
        is_told
    })
}

const FORKS: usize = 150;

/// Lets the other threads end, also when a check fails.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

// One test, since a fork copies whatever other tests' threads are in the middle of.
#[test]
fn a_child_works_whatever_other_threads_are_at() -> Result<()> {
    let engine = Engine::new(EngineOptions {
        cache: CompileCache::Off,
        ..EngineOptions::default()
    })?;
    let guest = || -> Result<Instance> {
        Module::with_engine(&engine, GUEST)?.instantiate(&Imports::new())
    };
    let (own, kept) = (guest()?, guest()?);
    told();
    a_call_in_flight_has_an_outcome_in_a_child()?;
    let stop = AtomicBool::new(false);
    let repeat = |what: &(dyn Fn() -> Result<()> + Sync)| {
        while !stop.load(Ordering::Relaxed) {
            what().unwrap();
        }
    };
    std::thread::scope(|scope| -> Result<()> {
        let engine = &engine;
        let _stop = Stop(&stop);
        scope.spawn(|| repeat(&|| fresh(engine).map(drop)));
        scope.spawn(|| repeat(&|| guest().map(drop)));
        scope.spawn(|| {
            repeat(&|| {
                assert!(all_traps(&own));
                own.call_async("one", &[])?.wait().map(drop)
            })
        });
        let failed = (0..FORKS).filter(|_| !in_child(|| works(engine, &kept)));
        let failed = failed.count();

        // Inside of a host function that a start function calls, while the others go on.
        let mut imports = Imports::new();
        let here = (engine.clone(), kept.clone());
        imports.func("e", "fork", move |_, _| {
            assert!(in_child(|| works(&here.0, &here.1)), "inside of a start");
            Ok(Vec::new())
        });
        let starts = r#"(module (import "e" "fork" (func $fork)) (start $fork))"#;
        let starts = Module::with_engine(engine, starts)?;
        for _ in 0..10 {
            starts.instantiate(&imports)?;
        }

        // While two threads fork. What they use is their own: in a child the stacks of other threads
        // are the C library's to unmap.
        std::thread::scope(|scope| {
            for _ in 0..2 {
                let (engine, kept) = (engine.clone(), kept.clone());
                scope.spawn(move || {
                    for _ in 0..10 {
                        assert!(in_child(|| works(&engine, &kept)), "two that fork");
                    }
                });
            }
        });
        assert_eq!(failed, 0, "of {FORKS} children");
        let told = told().load(Ordering::Relaxed);
        assert!(
            told < FORKS as i32 / 4,
            "{told} children were told that they cannot work"
        );
        Ok(())
    })
}

fn a_call_in_flight_has_an_outcome_in_a_child() -> Result<()> {
    let guest = Module::new(GUEST)?.instantiate(&Imports::new())?;
    let call = guest.call_async("loop", &[])?;
    assert!(
        in_child(|| call
            .wait()
            .is_err_and(|error| error.kind() == ErrorKind::Poisoned)),
        "it is in flight in the parent"
    );
    call.cancel();
    assert_eq!(call.wait().unwrap_err().kind(), ErrorKind::Cancelled);
    Ok(())
}
