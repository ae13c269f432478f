//! Signal handlers that a program installs after the engine's.
#![cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use landbridge::*;

const GUEST: &str = r#"(module (memory 1)
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "divide") (param i32) (result i32)
        (i32.div_u (i32.const 1) (local.get 0)))
    (func $deep (export "deep") (param i32) (result i32)
        (i32.add (call $deep (local.get 0)) (i32.const 1))))"#;

static SEEN: AtomicUsize = AtomicUsize::new(0);

/// Ends the process as a crash reporter does: says so, and raises the signal again.
extern "C" fn report(number: libc::c_int) {
    SEEN.fetch_add(1, Ordering::SeqCst);
    // SAFETY: both calls may be made in a handler.
    unsafe {
        libc::write(1, c"reported".as_ptr().cast(), 8);
        libc::raise(number);
    }
}

fn traps(guest: &Instance) {
    let trap = |name: &str, arg: i32| {
        let error = guest.call(name, &[Value::I32(arg)]).unwrap_err();
        error.trap_code().expect("a trap")
    };
    assert_eq!(trap("load", -1), TrapCode::MemoryOutOfBounds);
    assert_eq!(trap("divide", 0), TrapCode::IntegerDivisionByZero);
    assert_eq!(trap("deep", 0), TrapCode::StackOverflow);
}

// One test: handlers belong to the process.
#[test]
fn who_comes_after_the_engine_is_put_behind_it() -> Result<()> {
    let guest = Module::new(GUEST)?.instantiate(&Imports::new())?;
    traps(&guest);
    for number in [libc::SIGSEGV, libc::SIGILL, libc::SIGFPE] {
        // SAFETY: the handler takes a number and may run at any time.
        unsafe { libc::signal(number, report as *const () as usize) };
    }
    // sleeps: the engine looks at handlers once in a while
    std::thread::sleep(Duration::from_millis(100));
    for _ in 0..100 {
        traps(&guest);
    }
    let other = Module::new(GUEST)?.instantiate(&Imports::new())?;
    std::thread::spawn(move || traps(&other)).join().unwrap();
    assert_eq!(SEEN.load(Ordering::SeqCst), 0);

    // A fault that is not the guest's is theirs, and ends the process as they want it.
    // SAFETY: the child does nothing but fault.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: the fault is what is wanted.
        unsafe {
            libc::alarm(20);
            std::ptr::null::<u8>().wrapping_add(64).read_volatile();
            libc::_exit(0);
        }
    }
    let mut status = 0;
    // SAFETY: `status` is valid, and the child is ours.
    assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
    assert!(libc::WIFSIGNALED(status), "{status}");
    assert_eq!(libc::WTERMSIG(status), libc::SIGSEGV);

    // Who sets the standard action is not rid of the engine, whatever was there before.
    for _ in 0..20 {
        for number in [libc::SIGSEGV, libc::SIGILL, libc::SIGFPE] {
            // SAFETY: sets the standard action.
            unsafe { libc::signal(number, libc::SIG_DFL) };
        }
        for _ in 0..2 {
            // sleeps: the engine looks at handlers once in a while
            std::thread::sleep(Duration::from_millis(5));
            assert_eq!(guest.call("divide", &[Value::I32(1)])?, [Value::I32(1)]);
        }
        traps(&guest);
    }
    Ok(())
}
