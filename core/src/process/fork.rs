//! Forks: a child process has the memory of its parent but only the thread that forked.
//!
//! What other threads would have done there is done anew: each engine gets a ticker again, modules
//! are compiled by threads of the child's own, and a store that another thread was inside of says
//! so instead of making others wait for ever.
//!
//! The engine has locks that nobody can take back. What holds them is a [`Section`], and a fork waits
//! a moment until nobody is in one. That moment may be too short, and what runs in a guest is not
//! counted, so a child also tries each engine once before it uses it: see [`Proof`].

pub(crate) mod generation;
pub(crate) mod lock;
pub(crate) mod once;
pub(crate) mod proof;
pub(crate) mod section;

use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) use generation::generation;
pub(crate) use lock::{Lock, Locked};
pub(crate) use once::Once;
pub(crate) use proof::{Proof, threads};
pub(crate) use section::Section;
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
pub(crate) use section::in_trap;

use crate::{Error, ErrorKind, Result, handle, last_thread, turn};

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

/// Runs in the parent just before a fork, on the thread that forks. That may be in a section itself,
/// if a host function forks.
#[cfg(unix)]
extern "C" fn before() {
    section::shut();
    handle::keep_still();
}

/// Runs in the parent when the child is there.
#[cfg(unix)]
extern "C" fn after() {
    handle::go_on();
    section::open();
}

/// Runs in the child, on its only thread, before anything else does.
#[cfg(unix)]
extern "C" fn in_child() {
    handle::go_on();
    section::open_in_child();
    generation::begin();
    turn::forked();
    last_thread::forked();
}
