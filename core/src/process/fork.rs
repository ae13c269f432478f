//! Forks: a child process has the memory of its parent but only the thread that forked.
//!
//! What other threads would have done there is done anew: each engine gets a ticker again, modules
//! are compiled by threads of the child's own, and a store that another thread was inside of says
//! so instead of making others wait for ever.
//!
//! The engine has locks that nobody can take back. What holds them is a [`Section`], and a fork waits
//! a moment until nobody is in one. That moment may be too short, and what runs in a guest is not
//! counted, so a child also tries each engine once before it uses it: see [`Proof`].

mod lock;
mod once;
mod proof;

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

pub(crate) use lock::{Lock, Locked};
pub(crate) use once::Once;
pub(crate) use proof::{Proof, threads};

use crate::{Error, ErrorKind, Result, handle, turn};

static GENERATION: AtomicU32 = AtomicU32::new(1);

/// How many forks lie between this process and the first one that used the library, counted from 1.
#[inline(always)]
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// Runs what compiles on all cores. The threads for that are shared by the process, and a forked
/// child does not have them: it brings its own.
pub(crate) fn on_all_cores<R: Send>(what: impl FnOnce() -> R + Send) -> Result<R> {
    if generation() == 1 {
        return Ok(what());
    }
    threads()?;
    let threads = rayon::ThreadPoolBuilder::new().build().map_err(|e| {
        let text = format!("threads for compiling cannot be started: {e}");
        Error::new(ErrorKind::Limit, text)
    })?;
    Ok(threads.install(what))
}

/// Asks to be told of forks, once.
pub(crate) fn watch() {
    static WATCHED: AtomicU32 = AtomicU32::new(0);
    if WATCHED.swap(1, Ordering::SeqCst) == 0 {
        register();
    }
}

#[cfg(unix)]
fn register() {
    // SAFETY: the handlers live as long as the library, and only touch atomics and locks of ours.
    unsafe { libc::pthread_atfork(Some(before), Some(after), Some(in_child)) };
}

#[cfg(not(unix))]
fn register() {}

/// Threads that are in a section, and threads that handle a trap.
static INSIDE: AtomicU32 = AtomicU32::new(0);

/// Threads that fork.
static FORKING: AtomicU32 = AtomicU32::new(0);

/// The thread that began to fork last; zero if none does.
static FORKER: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// In how many sections this thread is.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// How often a fork looks whether others have left their sections, and how long it sleeps between.
const LOOKS: u32 = 1000;
const NAP: Duration = Duration::from_micros(100);

/// How often others look whether a fork is over. A bound only in case it never is.
const MOST_LOOKS: u32 = 10_000;

/// Runs in the parent just before a fork, on the thread that forks. That may be in a section itself,
/// if a host function forks.
#[cfg(unix)]
extern "C" fn before() {
    FORKER.store(turn::thread_token(), Ordering::SeqCst);
    FORKING.fetch_add(1, Ordering::SeqCst);
    let own = u32::from(DEPTH.get() > 0);
    for _ in 0..LOOKS {
        if INSIDE.load(Ordering::SeqCst) <= own {
            break;
        }
        std::thread::sleep(NAP);
    }
    handle::keep_still();
}

/// Runs in the parent when the child is there.
#[cfg(unix)]
extern "C" fn after() {
    handle::go_on();
    FORKER.store(0, Ordering::SeqCst);
    FORKING.fetch_sub(1, Ordering::SeqCst);
}

/// Runs in the child, on its only thread, before anything else does.
#[cfg(unix)]
extern "C" fn in_child() {
    handle::go_on();
    FORKER.store(0, Ordering::SeqCst);
    FORKING.store(0, Ordering::SeqCst);
    INSIDE.store(u32::from(DEPTH.get() > 0), Ordering::SeqCst);
    GENERATION.fetch_add(1, Ordering::Relaxed);
    turn::forked();
}

/// Counts this thread, when nobody forks.
#[inline(always)]
fn come_in() {
    INSIDE.fetch_add(1, Ordering::SeqCst);
    if FORKING.load(Ordering::SeqCst) != 0 {
        wait_for_fork();
    }
}

#[inline(always)]
fn go_out() {
    INSIDE.fetch_sub(1, Ordering::SeqCst);
}

/// Only makes calls that may be made in a signal handler.
#[cold]
fn wait_for_fork() {
    for _ in 0..MOST_LOOKS {
        if FORKER.load(Ordering::SeqCst) == turn::thread_token() {
            return;
        }
        go_out();
        std::thread::sleep(NAP);
        INSIDE.fetch_add(1, Ordering::SeqCst);
        if FORKING.load(Ordering::SeqCst) == 0 {
            return;
        }
    }
}

/// Held while this thread may have locks of the engine's. May be nested.
pub(crate) struct Section(PhantomData<*const ()>);

impl Section {
    pub(crate) fn enter() -> Section {
        let depth = DEPTH.get();
        if depth == 0 {
            come_in();
        }
        DEPTH.set(depth + 1);
        Section(PhantomData)
    }
}

impl Drop for Section {
    fn drop(&mut self) {
        let depth = DEPTH.get() - 1;
        DEPTH.set(depth);
        if depth == 0 {
            go_out();
        }
    }
}

/// Runs what handles a trap, which looks things up under a lock of the engine's. Only makes calls that
/// may be made in a signal handler; `what` returns.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
pub(crate) fn in_trap(what: impl FnOnce()) {
    come_in();
    what();
    go_out();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_counted_once_a_thread() {
        let outer = Section::enter();
        let inner = Section::enter();
        assert_eq!(DEPTH.get(), 2);
        drop(outer);
        assert_eq!(DEPTH.get(), 1);
        drop(inner);
        assert_eq!(DEPTH.get(), 0);
    }
}
