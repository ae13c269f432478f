//! Forks: a child process has the memory of its parent but only the thread that forked.
//!
//! What other threads would have done there is done anew: each engine gets a ticker again, modules
//! are compiled by threads of the child's own, and a store that another thread was inside of says
//! so instead of making others wait for ever.

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Error, ErrorKind, Result, turn};

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
    let threads = rayon::ThreadPoolBuilder::new().build().map_err(|e| {
        let text = format!("threads for compiling cannot be started: {e}");
        Error::new(ErrorKind::Limit, text)
    })?;
    Ok(threads.install(what))
}

/// Asks to be told of forks, once.
pub(crate) fn watch() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(register);
}

#[cfg(unix)]
fn register() {
    // SAFETY: the handler lives as long as the library and only touches atomics.
    unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
}

#[cfg(not(unix))]
fn register() {}

/// Runs in the child, on its only thread, before anything else does.
extern "C" fn in_child() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    turn::forked();
}
