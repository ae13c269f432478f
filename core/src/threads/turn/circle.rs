//! Circles: which thread waits for which, and when waiting would never end.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;

use super::places::First;
use super::{Held, LOST, Turn, left_behind};
use crate::fork::{self, Lock};
use crate::token::thread_token;
use crate::{Error, ErrorKind, Result, host, loan};

/// Which thread waits for which turn; the edges of the graph that must stay free of circles.
static WAITS: Lock<Option<Waits>> = Lock::new(None);

type Waits = HashMap<usize, &'static Turn>;

impl Turn {
    /// Whether the guest that has the turn works for this thread.
    pub(crate) fn is_lent(&self) -> bool {
        loan::of(self).is_some()
    }

    /// Takes the turn, which would close a circle if it is lent.
    #[cold]
    pub(crate) fn hold_unless_lent(&'static self) -> Result<Held> {
        match self.is_lent() {
            true => Err(circle()),
            false => self.hold(),
        }
    }

    /// Whether to wait no longer. A loan that this thread got meanwhile is used instead.
    #[cold]
    pub(super) fn give_up(&'static self, generation: u32) -> Result<()> {
        host::go_on_waiting()?;
        if fork::generation() != generation {
            // The host forked just now, and this is the child.
            return Err(left_behind());
        }
        if self.is_lent() {
            return Err(circle());
        }
        let mut waits = WAITS.lock();
        let mut search = Search {
            waits: waits.get_or_insert_default(),
            me: thread_token(),
            seen: HashSet::new(),
            crews: false,
        };
        match search.is_in_vain(self) {
            true if search.crews => Err(no_thread()),
            true => Err(circle()),
            false => Ok(()),
        }
    }

    /// Runs `what`, which waits for the owner of this turn, unless that would close a circle.
    pub(crate) fn noted<R>(&'static self, what: impl FnOnce() -> R) -> Result<R> {
        let me = thread_token();
        let before = self.announce(me)?;
        let _noted = Noted { me, before };
        Ok(what())
    }

    /// Notes that this thread waits here. A thread that is noted is blocked and keeps the turns it
    /// has, so a circle seen under the mutex is real, and the last to join it always sees it.
    fn announce(&'static self, me: usize) -> Result<Option<&'static Turn>> {
        let mut waits = WAITS.lock();
        let waits = waits.get_or_insert_default();
        let mut turn = self;
        loop {
            let owner = turn.owner.load(Ordering::SeqCst);
            if owner == me {
                return Err(circle());
            }
            match waits.get(&owner) {
                // A thread that waits for what it owns has just got it.
                Some(next) if !std::ptr::eq(*next, turn) => turn = next,
                _ => break,
            }
        }
        Ok(waits.insert(me, self))
    }
}

/// Looks whether all that a thread waits for waits for that thread, now that some of it may be a thread
/// that nobody has yet. Whoever is noted is blocked, so what is found stays so.
struct Search<'a> {
    waits: &'a Waits,
    me: usize,
    /// What waits if nothing else does not: a circle that this is not in is one, too.
    seen: HashSet<usize>,
    /// Whether threads for asynchronous calls are in it.
    crews: bool,
}

impl Search<'_> {
    fn is_in_vain(&mut self, turn: &Turn) -> bool {
        match turn.owner.load(Ordering::SeqCst) {
            LOST => false,
            0 => self.is_never_called(turn),
            owner => self.is_blocked(owner, turn),
        }
    }

    /// Whether the first in line is a place that no thread can come to.
    fn is_never_called(&mut self, turn: &Turn) -> bool {
        let first = turn.line().first();
        let First::Crew(crew) = first else {
            return false;
        };
        // It begins when the one before it is over.
        let at_work = turn.at_work.load(Ordering::Relaxed);
        if at_work != 0 && self.is_blocked(at_work, turn) {
            return true;
        }
        self.crews = true;
        let threads = crew.at_work();
        threads.len() >= crew.most() && threads.into_iter().all(|it| self.is_blocked(it, turn))
    }

    /// Whether a thread waits in vain, other than for a turn that it has just got.
    fn is_blocked(&mut self, thread: usize, turn: &Turn) -> bool {
        if thread == self.me || loan::is_lent_by(thread) || !self.seen.insert(thread) {
            return true;
        }
        match self.waits.get(&thread) {
            Some(next) if !std::ptr::eq(*next, turn) || turn.owner() != thread => {
                self.is_in_vain(next)
            }
            _ => false,
        }
    }
}

/// A thread that is noted as waiting, and what for before that.
struct Noted {
    me: usize,
    before: Option<&'static Turn>,
}

impl Drop for Noted {
    fn drop(&mut self) {
        let mut waits = WAITS.lock();
        let waits = waits.get_or_insert_default();
        match self.before {
            Some(turn) => waits.insert(self.me, turn),
            None => waits.remove(&self.me),
        };
    }
}

fn circle() -> Error {
    Error::new(
        ErrorKind::Deadlock,
        "this thread would wait for a store whose thread waits for this one; \
         enter stores in one order, or link the instances in one store",
    )
}

#[cold]
fn no_thread() -> Error {
    Error::new(
        ErrorKind::Deadlock,
        "this thread would wait for an asynchronous call that was made before, and all threads of the engine \
         wait for this one; wait for that call first, or make the engine with more call_threads",
    )
}
