//! Whose turn it is on a store: a fair, re-entrant lock that knows when waiting would never end.
//!
//! The fast path is one compare-and-swap in and one plain store out. Everything else (waiting in
//! line, finding circles) happens under mutexes that are only taken when threads meet.
//!
//! A thread may go in before those that wait, so that threads which meet do not switch at each call,
//! until the first in line has been first for [`BOUND`]. Nobody goes before a place that is booked.

mod circle;
mod places;

use std::cell::{Cell, UnsafeCell};
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::fork::{self, Lock};
use crate::token::thread_token;
use crate::workers::Crew;
use crate::{Error, ErrorKind, Result, cancel, coroutine, host, this_thread};

use places::Places;

/// Turns live for ever and are used again, so that a stale handle may still look at one. Each has lines of the cache
/// of its own: what a call writes, no call on another store touches.
#[repr(align(128))]
pub(crate) struct Turn {
    owner: AtomicUsize,
    /// How often the owner entered again while it was in.
    again: Cell<u32>,
    /// What the store finds while a host function runs, on that one's stack; null while none does. Only
    /// an address for who is not in.
    pub(crate) live: AtomicPtr<()>,
    /// Reasons why nobody may go before those in line: each place that is booked, a first one that has
    /// waited for long, and each [`Mark`].
    barred: AtomicU32,
    /// Set while the first in line wants to hear that the owner left.
    bell: AtomicU32,
    /// The thread that runs an asynchronous call of this store, until the next one may be run; zero if none
    /// does. It stays so after it left: what a call released is dropped then.
    at_work: AtomicUsize,
    /// Only written by a fork, when nobody else is there.
    line: UnsafeCell<Mutex<Places>>,
    /// All turns there are, so that a fork reaches them.
    next: *const Turn,
}

// SAFETY: `again` is only touched by the thread whose token is in `owner`, and `owner` changes
// hands with acquire and release ordering; `next` is never written once the turn is shared.
unsafe impl Sync for Turn {}
// SAFETY: as above.
unsafe impl Send for Turn {}

/// The turn that was made last; leads to all others.
static ALL: AtomicPtr<Turn> = AtomicPtr::new(std::ptr::null_mut());

/// The owner of a turn whose owner was left behind in the process that this one was forked from.
/// The token itself will not do: a thread of the child may get it again.
const LOST: usize = usize::MAX;

/// In a forked child: the owners of turns are gone, but for the thread that forked, and so is
/// everybody who waited.
pub(crate) fn forked() {
    let me = thread_token();
    let mut turn = ALL.load(Ordering::Acquire).cast_const();
    // SAFETY: turns live for ever, and the list is only ever added to.
    while let Some(it) = unsafe { turn.as_ref() } {
        let owner = it.owner.load(Ordering::Relaxed);
        if owner != 0 && owner != me {
            it.owner.store(LOST, Ordering::Relaxed);
        }
        it.barred.store(0, Ordering::Relaxed);
        it.bell.store(0, Ordering::Relaxed);
        if it.at_work.load(Ordering::Relaxed) != me {
            it.at_work.store(0, Ordering::Relaxed);
        }
        // SAFETY: this is the only thread, and it is not in line: it forks. What the others had is
        // left as it is.
        unsafe { it.line.get().write(Mutex::default()) };
        turn = it.next;
    }
}

static FREE: Lock<Vec<&'static Turn>> = Lock::new(Vec::new());

/// How long the first in line lets others go before it.
const BOUND: Duration = Duration::from_micros(200);

/// How long a thread in line sleeps at most, since `leave` looks at the bell without a fence: a ring can
/// be missed.
const NAP: Duration = Duration::from_millis(1);

/// Time in line after which the host is asked whether to go on.
const LOOK: Duration = Duration::from_millis(10);

impl Turn {
    /// Takes an unused turn, or makes one.
    pub(crate) fn rent() -> &'static Turn {
        FREE.lock().pop().unwrap_or_else(Turn::make)
    }

    fn make() -> &'static Turn {
        let made = Box::leak(Box::new(Turn {
            owner: AtomicUsize::new(0),
            again: Cell::new(0),
            live: AtomicPtr::new(std::ptr::null_mut()),
            barred: AtomicU32::new(0),
            bell: AtomicU32::new(0),
            at_work: AtomicUsize::new(0),
            line: UnsafeCell::default(),
            next: std::ptr::null(),
        }));
        let mut last = ALL.load(Ordering::Relaxed);
        loop {
            made.next = last;
            match ALL.compare_exchange(last, made, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return made,
                Err(newer) => last = newer,
            }
        }
    }

    /// Gives the turn back once its store is gone.
    pub(crate) fn give_back(&'static self) {
        FREE.lock().push(self);
    }

    /// Enters if nobody is in, or this thread is; returns how deep it is in now.
    #[inline(always)]
    pub(crate) fn try_enter(&self) -> Option<u32> {
        let me = thread_token();
        if self.owner.load(Ordering::Relaxed) == me {
            let again = self.again.get() + 1;
            self.again.set(again);
            return Some(again + 1);
        }
        self.claim_unless_barred(me).then_some(1)
    }

    /// Enters if nobody is in, this thread included, and nobody has to go before it.
    #[inline(always)]
    fn claim_unless_barred(&self, me: usize) -> bool {
        self.barred.load(Ordering::Relaxed) == 0 && self.claim(me)
    }

    #[inline(always)]
    fn claim(&self, me: usize) -> bool {
        let claimed = self
            .owner
            .compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed);
        claimed.is_ok()
    }

    /// Takes the turn if nobody is in, this thread included.
    #[inline(always)]
    pub(crate) fn try_hold_first(&'static self) -> Option<Held> {
        self.claim_unless_barred(thread_token()).then(|| Held(self))
    }

    /// Takes the turn if nobody else is in.
    #[inline(always)]
    pub(crate) fn try_hold(&'static self) -> Option<Held> {
        self.try_enter().map(|_| Held(self))
    }

    /// Takes the turn, waiting as the host waits.
    #[inline(always)]
    pub(crate) fn hold(&'static self) -> Result<Held> {
        match self.try_enter() {
            Some(_) => Ok(Held(self)),
            None => self.wait(None),
        }
    }

    /// Waits as the host waits, at a place that was booked or at the end.
    #[cold]
    fn wait(&'static self, booked: Option<u64>) -> Result<Held> {
        if self.owner.load(Ordering::Relaxed) == LOST {
            return Err(left_behind());
        }
        if this_thread::current()
            .stack
            .is_shared_with(self.live.load(Ordering::Relaxed).addr())
        {
            return Err(coroutine::moved());
        }
        let mut entered = None;
        let waited = host::current().wait(&mut || {
            if entered.is_none() {
                entered = Some(self.enter_in_line(booked).map(|()| Held(self)));
            }
        });
        // A turn that was taken is left again if the host refuses after all.
        waited.and(entered.unwrap_or_else(|| Err(host::did_not_wait())))
    }

    /// Takes the turn and leaves again; false if anybody is in, this thread included.
    pub(crate) fn pass(&self) -> bool {
        match self.try_enter() {
            Some(depth) => {
                self.leave();
                depth == 1
            }
            None => false,
        }
    }

    /// The thread that is in; zero if none is.
    pub(crate) fn owner(&self) -> usize {
        self.owner.load(Ordering::Acquire)
    }

    /// Whether this thread is in.
    pub(crate) fn is_mine(&self) -> bool {
        self.owner.load(Ordering::Relaxed) == thread_token()
    }

    /// How deep this thread is in; only meaningful for the owner.
    #[inline]
    pub(crate) fn depth(&self) -> u32 {
        self.again.get() + 1
    }

    /// Leaves one level. The caller must be in.
    #[inline(always)]
    pub(crate) fn leave(&self) {
        let again = self.again.get();
        if again != 0 {
            self.again.set(again - 1);
            return;
        }
        self.owner.store(0, Ordering::Release);
        if self.bell.load(Ordering::Relaxed) != 0 {
            self.wake();
        }
    }

    /// Tells the first in line that the owner left.
    #[cold]
    fn wake(&self) {
        if self.bell.swap(0, Ordering::SeqCst) != 0 {
            self.line().wake_first();
        }
    }

    fn line(&self) -> MutexGuard<'_, Places> {
        // SAFETY: see the field.
        let line = unsafe { &*self.line.get() };
        line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits in line, unless that would close a circle.
    #[cold]
    fn enter_in_line(&'static self, booked: Option<u64>) -> Result<()> {
        self.noted(|| {
            let number = self.stand(booked)?;
            self.stand_in_line(thread_token(), number)
                .inspect_err(|_| self.leave_line(number))
        })?
    }

    /// Takes a place: one that was booked, or the last. What runs an asynchronous call goes first, since
    /// those that were booked later begin after it.
    fn stand(&self, booked: Option<u64>) -> Result<u64> {
        let (mut line, me) = (self.line(), thread::current());
        match booked {
            Some(number) => line.come(number, me),
            None if self.at_work.load(Ordering::Relaxed) == thread_token() => {
                Ok(line.stand_first(me))
            }
            None => Ok(line.stand_last(me)),
        }
    }

    /// From now on this thread runs an asynchronous call of the store; gives who did before.
    pub(crate) fn begin_work(&self) -> usize {
        self.at_work.swap(thread_token(), Ordering::Relaxed)
    }

    /// The next asynchronous call may be run; takes what [`Turn::begin_work`] gave.
    pub(crate) fn end_work(&self, before: usize) {
        self.at_work.store(before, Ordering::Relaxed);
    }

    fn stand_in_line(&'static self, me: usize, number: u64) -> Result<()> {
        let generation = fork::generation();
        let mut looked = Instant::now();
        loop {
            let first_for = self.line().first_for(number);
            let nap = match first_for {
                Some(waited) if self.claim_first(me, number, waited) => return Ok(()),
                Some(waited) => BOUND.checked_sub(waited).unwrap_or(NAP),
                None => NAP,
            };
            thread::park_timeout(nap.min(NAP));
            if cancel::is_wanted() || looked.elapsed() >= LOOK {
                looked = Instant::now();
                self.give_up(generation)?;
            }
        }
    }

    /// For the first in line: enters if nobody is in, else asks to be told.
    fn claim_first(&self, me: usize, number: u64, waited: Duration) -> bool {
        if waited >= BOUND && self.line().bar(number) {
            self.barred.fetch_add(1, Ordering::SeqCst);
        }
        // The owner may leave before it can see the bell.
        let is_in = self.claim(me) || {
            self.bell.store(1, Ordering::SeqCst);
            self.claim(me)
        };
        if is_in {
            self.leave_line(number);
        }
        is_in
    }

    /// Takes a place out of the line, if it is there.
    fn leave_line(&self, number: u64) {
        let mut line = self.line();
        let was_first = line.first_for(number).is_some();
        let Some(bars) = line.remove(number) else {
            return;
        };
        if was_first {
            self.bell
                .store(u32::from(line.is_waited_in()), Ordering::SeqCst);
            if self.owner.load(Ordering::SeqCst) == 0 {
                line.wake_first();
            }
        }
        drop(line);
        if bars {
            self.unbar();
        }
    }

    fn unbar(&self) {
        // A fork has set it to zero.
        let less = |barred: u32| Some(barred.saturating_sub(1));
        let _ = self
            .barred
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
    }

    /// Books the next place in line for a thread of a crew that has not come yet.
    pub(crate) fn book(&'static self, crew: &Crew) -> Booked {
        let mut line = self.line();
        self.barred.fetch_add(1, Ordering::SeqCst);
        Booked {
            turn: self,
            number: line.book(crew),
        }
    }

    /// Keeps everybody from entering at once, but for the owner, until the answer is dropped.
    pub(crate) fn mark(&'static self) -> Mark {
        self.barred.fetch_add(1, Ordering::SeqCst);
        Mark {
            turn: self,
            generation: fork::generation(),
        }
    }
}

/// A place in the line of a turn. It is given up when this is dropped.
pub(crate) struct Booked {
    turn: &'static Turn,
    number: u64,
}

impl Booked {
    /// Takes the turn when this place is the first, waiting as the host waits.
    pub(crate) fn hold(&self) -> Result<Held> {
        let is_first = self.turn.line().first_for(self.number).is_some();
        if is_first && self.turn.claim(thread_token()) {
            self.turn.leave_line(self.number);
            return Ok(Held(self.turn));
        }
        self.turn.wait(Some(self.number))
    }
}

impl Drop for Booked {
    fn drop(&mut self) {
        self.turn.leave_line(self.number);
    }
}

/// Keeps everybody from entering a store at once; see [`Store::mark`](crate::Store::mark).
pub struct Mark {
    turn: &'static Turn,
    generation: u32,
}

impl Drop for Mark {
    fn drop(&mut self) {
        if self.generation == fork::generation() {
            self.turn.unbar();
        }
    }
}

/// A turn that is held.
pub(crate) struct Held(&'static Turn);

impl Held {
    /// One that was forgotten.
    ///
    /// # Safety
    /// This thread has the turn, by a `Held` that was forgotten and is not made again.
    pub(crate) unsafe fn again(turn: &'static Turn) -> Held {
        Held(turn)
    }
}

impl Drop for Held {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.leave();
    }
}

fn left_behind() -> Error {
    Error::new(
        ErrorKind::Poisoned,
        "another thread was inside of this store when the process forked; make a new one in the child",
    )
}
