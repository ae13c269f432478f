//! Coroutines with stacks of their own: where those end, and who may be inside of guests.

#![cfg(all(target_os = "linux", target_env = "gnu"))]

use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr;

use landbridge::{
    Engine, ErrorKind, Func, Imports, Instance, Module, Result, Store, TrapCode, Value,
};

const MODULE: &str = r#"(module
    (import "env" "f" (func $f (param i32) (result i32)))
    (func $down (export "down") (call $down))
    (func (export "trap") (unreachable))
    (func (export "outer") (param i32) (result i32) (call $f (local.get 0))))"#;

const GUARD: usize = 4096;

thread_local! {
    static RUNNING: Cell<*mut Coroutine> = const { Cell::new(ptr::null_mut()) };
}

struct Coroutine {
    here: libc::ucontext_t,
    back: libc::ucontext_t,
    stack: *mut libc::c_void,
    size: usize,
    what: Option<Box<dyn FnOnce()>>,
}

extern "C" fn begin() {
    // SAFETY: `resume` has just set it.
    let what = unsafe { (*RUNNING.get()).what.take() };
    what.expect("a coroutine begins once")();
}

impl Coroutine {
    fn new(size: usize, what: impl FnOnce() + 'static) -> Box<Coroutine> {
        let (access, kind) = (
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
        );
        // SAFETY: the stack is there as long as the coroutine, which stays where it is; contexts are
        // plain data, and are filled before they are used.
        unsafe {
            let stack = libc::mmap(ptr::null_mut(), GUARD + size, access, kind, -1, 0);
            assert_ne!(stack, libc::MAP_FAILED);
            assert_eq!(libc::mprotect(stack, GUARD, libc::PROT_NONE), 0);
            let mut made = Box::new(Coroutine {
                here: MaybeUninit::zeroed().assume_init(),
                back: MaybeUninit::zeroed().assume_init(),
                stack,
                size,
                what: Some(Box::new(what)),
            });
            assert_eq!(libc::getcontext(&mut made.here), 0);
            made.here.uc_stack.ss_sp = stack.byte_add(GUARD);
            made.here.uc_stack.ss_size = size;
            made.here.uc_link = &raw mut made.back;
            libc::makecontext(&mut made.here, begin, 0);
            made
        }
    }

    /// Runs it until it stops or ends.
    fn resume(&mut self) {
        let outer = RUNNING.replace(self);
        // SAFETY: both contexts are of this thread.
        unsafe { libc::swapcontext(&mut self.back, &self.here) };
        RUNNING.set(outer);
    }
}

impl Drop for Coroutine {
    fn drop(&mut self) {
        // SAFETY: nobody is on the stack any more.
        unsafe { libc::munmap(self.stack, GUARD + self.size) };
    }
}

/// Lets whoever resumed this coroutine go on.
fn stop() {
    let running = RUNNING.get();
    // SAFETY: it is called within a coroutine.
    unsafe { libc::swapcontext(&mut (*running).here, &(*running).back) };
}

fn instance(store: Option<&Store>) -> Result<Instance> {
    let module = Module::new(MODULE)?;
    let mut imports = Imports::new();
    imports.func("env", "f", |_, args| {
        if !RUNNING.get().is_null() {
            stop();
        }
        Ok(args.to_vec())
    });
    match store {
        Some(store) => store.instantiate(&module, &imports),
        None => module.instantiate(&imports),
    }
}

fn overflows(func: &Func) -> bool {
    let error = func.call(&[]).expect_err("recursion has an end");
    error.trap_code() == Some(TrapCode::StackOverflow)
}

#[test]
fn recursion_is_a_trap_on_every_stack() -> Result<()> {
    let down = instance(None)?.func("down")?;
    for size in [64 << 10, 256 << 10, 1 << 20] {
        let inner = down.clone();
        Coroutine::new(size, move || {
            assert!(overflows(&inner) && overflows(&inner))
        })
        .resume();
        assert!(overflows(&down));
    }
    Ok(())
}

#[test]
fn one_coroutine_of_a_thread_is_inside_of_guests() -> Result<()> {
    let store = Store::new(&Engine::shared()?)?;
    let own = [instance(None)?, instance(None)?];
    let shared = [instance(Some(&store))?, instance(Some(&store))?];
    for [one, two] in [own, shared] {
        let (outer, trap) = (one.func("outer")?, two.func("trap")?);
        let check = move || {
            let busy = trap.call(&[]).expect_err("it traps");
            assert_eq!(busy.kind(), ErrorKind::Busy, "{busy}");
            let busy = Engine::shared()
                .and_then(|engine| Store::new(&engine))
                .expect_err("another is inside");
            assert!(busy.message().contains("another coroutine"), "{busy}");
        };
        let work = outer.clone();
        let mut first = Coroutine::new(1 << 20, move || {
            let found = work.call(&[Value::I32(7)]);
            assert!(matches!(found.as_deref(), Ok([Value::I32(7)])), "{found:?}");
        });
        first.resume();
        check();
        Coroutine::new(1 << 20, check).resume();
        first.resume();
        assert!(outer.call(&[Value::I32(8)]).is_ok());
        let trapped = two.func("trap")?.call(&[]).expect_err("it traps");
        assert_eq!(trapped.kind(), ErrorKind::Trap);
    }
    Ok(())
}
