//! Section: held while a thread may have locks of the engine's, so that no fork cuts it short.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use crate::token::thread_token;

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
pub(super) const NAP: Duration = Duration::from_micros(100);

/// How often others look whether a fork is over. A bound only in case it never is.
const MOST_LOOKS: u32 = 10_000;

/// Before a fork, on the thread that forks: keeps others out, and waits a moment until nobody else is in.
#[cfg(unix)]
pub(super) fn shut() {
    FORKER.store(thread_token(), Ordering::SeqCst);
    FORKING.fetch_add(1, Ordering::SeqCst);
    let own = u32::from(DEPTH.get() > 0);
    for _ in 0..LOOKS {
        if INSIDE.load(Ordering::SeqCst) <= own {
            break;
        }
        std::thread::sleep(NAP);
    }
}

/// After a fork, in the parent.
#[cfg(unix)]
pub(super) fn open() {
    FORKER.store(0, Ordering::SeqCst);
    FORKING.fetch_sub(1, Ordering::SeqCst);
}

/// After a fork, in the child: only this thread may be in a section.
#[cfg(unix)]
pub(super) fn open_in_child() {
    FORKER.store(0, Ordering::SeqCst);
    FORKING.store(0, Ordering::SeqCst);
    INSIDE.store(u32::from(DEPTH.get() > 0), Ordering::SeqCst);
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
        if FORKER.load(Ordering::SeqCst) == thread_token() {
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
