//! Proof: whether an engine works in a child, and whether threads can be started there.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use super::{Lock, generation};
use crate::{Error, ErrorKind, Result};

/// Whether an engine works in this process, or threads can be started. In a forked child one of the
/// locks for that may be held by a thread that is not there.
pub(crate) struct Proof {
    /// The generation of the last process in which it was tried.
    tried: AtomicU32,
    trying: Lock<()>,
    lost: fn() -> Error,
}

/// Whether threads can be started: the standard library takes a lock for that in the new thread.
static THREADS: Proof = Proof {
    tried: AtomicU32::new(1),
    trying: Lock::new(()),
    lost: no_threads,
};

/// To be asked before a thread is started.
///
/// # Errors
/// `poisoned` in a forked child in which none can be.
pub(crate) fn threads() -> Result<()> {
    THREADS.ask(|| Box::new(|| ()))
}

/// In place of a generation: a lock is held for ever, in this process and its children.
const LOST: u32 = u32::MAX;

/// A trial takes less than a millisecond where nothing is held.
const TRIAL: Duration = Duration::from_secs(5);

impl Proof {
    /// Of an engine that this process made.
    pub(crate) fn new() -> Proof {
        Proof {
            tried: AtomicU32::new(generation()),
            trying: Lock::new(()),
            lost: lost_engine,
        }
    }

    /// Has `trial` run once in each process, on a thread of its own.
    ///
    /// # Errors
    /// `poisoned` if it did not come to an end; `limit` if there is no thread for it.
    #[inline]
    pub(crate) fn ask(&self, trial: impl FnOnce() -> Box<dyn FnOnce() + Send>) -> Result<()> {
        match self.tried.load(Ordering::Acquire) == generation() {
            true => Ok(()),
            false => self.attempt(trial),
        }
    }

    #[cold]
    fn attempt(&self, trial: impl FnOnce() -> Box<dyn FnOnce() + Send>) -> Result<()> {
        let _one = self.trying.lock();
        match self.tried.load(Ordering::Acquire) {
            LOST => return Err((self.lost)()),
            tried if tried == generation() => return Ok(()),
            _ => (),
        }
        let (done, is_done) = sync_channel(1);
        let trial = trial();
        let started = std::thread::Builder::new().spawn(move || {
            trial();
            // Nobody listens if it took too long.
            let _ = done.send(());
        });
        started.map_err(|e| {
            let text = format!("a thread cannot be started: {e}");
            Error::new(ErrorKind::Limit, text)
        })?;
        let ended = is_done.recv_timeout(TRIAL).is_ok();
        let now = if ended { generation() } else { LOST };
        self.tried.store(now, Ordering::Release);
        if ended { Ok(()) } else { Err((self.lost)()) }
    }
}

fn no_threads() -> Error {
    Error::new(
        ErrorKind::Poisoned,
        "another thread was being started when the process forked, so this child cannot start any; load \
         modules before forking, or fork when no other thread loads or makes asynchronous calls",
    )
}

fn lost_engine() -> Error {
    Error::new(
        ErrorKind::Poisoned,
        "another thread was loading or freeing modules when the process forked, so this child can \
         do neither with this engine; make a new engine, load modules before forking, or fork when \
         no other thread loads any",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_whose_locks_are_lost_is_told_so() {
        let made_here = Proof::new();
        assert!(made_here.ask(|| unreachable!("needs no trial")).is_ok());
        let untried = || Proof {
            tried: AtomicU32::new(0),
            ..Proof::new()
        };
        let good = untried();
        assert!(good.ask(|| Box::new(|| ())).is_ok());
        assert!(good.ask(|| unreachable!("was tried")).is_ok());
        let lost = untried();
        let hangs = || Box::new(|| std::thread::sleep(Duration::from_secs(3600))) as Box<_>;
        for _ in 0..3 {
            let error = lost.ask(hangs).expect_err("a trial that does not end");
            assert_eq!(error.kind(), ErrorKind::Poisoned);
        }
    }
}
