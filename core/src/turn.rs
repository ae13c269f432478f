//! Whose turn it is on a store: a fair, re-entrant lock that knows when waiting would never end.
//!
//! The fast path is one compare-and-swap in and one plain store out. Everything else (waiting in
//! line, finding circles) happens under one global mutex that is only taken when threads meet.

use std::cell::{Cell, UnsafeCell};
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::fork::{self, Lock};
use crate::{Error, ErrorKind, Result, cancel, coroutine, host, loan, stack};

/// A number that is this thread's own while it lives, never zero: its thread pointer, which a
/// shared library reaches in one instruction where a thread-local takes a call.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[inline(always)]
pub fn thread_token() -> usize {
    let token;
    // SAFETY: the x86-64 ABI keeps the thread pointer itself at offset 0 of what it points to.
    unsafe {
        std::arch::asm!(
            "mov {}, fs:0",
            out(reg) token,
            options(pure, readonly, nostack, preserves_flags)
        );
    }
    token
}

/// A number that is this thread's own while it lives, never zero.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
#[inline(always)]
pub fn thread_token() -> usize {
    thread_local! {
        static TOKEN: u8 = const { 0 };
    }
    TOKEN.with(|token| std::ptr::from_ref(token) as usize)
}

/// Who waits for a turn.
#[derive(Default)]
struct Line {
    tokens: Mutex<VecDeque<usize>>,
    moved: Condvar,
}

/// Turns live for ever and are used again, so that a stale handle may still look at one.
pub(crate) struct Turn {
    owner: AtomicUsize,
    depth: Cell<u32>,
    /// What the store finds while a host function runs, on that one's stack; null while none does. Only
    /// an address for who is not in.
    pub(crate) live: AtomicPtr<()>,
    waiting: AtomicU32,
    /// Only written by a fork, when nobody else is there.
    line: UnsafeCell<Line>,
    /// All turns there are, so that a fork reaches them.
    next: *const Turn,
}

// SAFETY: `depth` is only touched by the thread whose token is in `owner`, and `owner` changes
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
        it.waiting.store(0, Ordering::Relaxed);
        // SAFETY: this is the only thread, and it is not in line: it forks. What the others had is
        // left as it is.
        unsafe { it.line.get().write(Line::default()) };
        turn = it.next;
    }
}

static FREE: Lock<Vec<&'static Turn>> = Lock::new(Vec::new());

/// Which thread waits for which turn; the edges of the graph that must stay free of circles.
static WAITS: Lock<Option<HashMap<usize, &'static Turn>>> = Lock::new(None);

impl Turn {
    /// Takes an unused turn, or makes one.
    pub(crate) fn rent() -> &'static Turn {
        FREE.lock().pop().unwrap_or_else(Turn::make)
    }

    fn make() -> &'static Turn {
        let made = Box::leak(Box::new(Turn {
            owner: AtomicUsize::new(0),
            depth: Cell::new(0),
            live: AtomicPtr::new(std::ptr::null_mut()),
            waiting: AtomicU32::new(0),
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
            let depth = self.depth.get() + 1;
            self.depth.set(depth);
            return Some(depth);
        }
        if self.waiting.load(Ordering::Relaxed) == 0 && self.claim(me) {
            return Some(1);
        }
        None
    }

    #[inline(always)]
    fn claim(&self, me: usize) -> bool {
        let free = self
            .owner
            .compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed)
            .is_ok();
        if free {
            self.depth.set(1);
        }
        free
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
            None => self.wait(),
        }
    }

    #[cold]
    fn wait(&'static self) -> Result<Held> {
        if self.owner.load(Ordering::Relaxed) == LOST {
            return Err(left_behind());
        }
        if stack::is_shared_with(self.live.load(Ordering::Relaxed).addr()) {
            return Err(coroutine::moved());
        }
        let mut entered = None;
        let waited = host::current().wait(&mut || {
            if entered.is_none() {
                entered = Some(self.enter_in_line().map(|()| Held(self)));
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
        self.depth.get()
    }

    /// Leaves one level. The caller must be in.
    #[inline(always)]
    pub(crate) fn leave(&self) {
        let depth = self.depth.get() - 1;
        self.depth.set(depth);
        if depth == 0 {
            self.owner.store(0, Ordering::Release);
            if self.waiting.load(Ordering::Relaxed) != 0 {
                self.wake();
            }
        }
    }

    #[cold]
    fn wake(&self) {
        let _line = self.line();
        self.moved().notify_all();
    }

    fn line(&self) -> MutexGuard<'_, VecDeque<usize>> {
        // SAFETY: see the field.
        let line = unsafe { &*self.line.get() };
        line.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn moved(&self) -> &Condvar {
        // SAFETY: as above.
        unsafe { &(*self.line.get()).moved }
    }

    /// Waits in line, first come first served, unless that would close a circle.
    #[cold]
    fn enter_in_line(&'static self) -> Result<()> {
        self.noted(|| {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            let entered = self.stand_in_line(thread_token());
            // A fork has set it to zero.
            let less = |waiting: u32| Some(waiting.saturating_sub(1));
            let _ = self
                .waiting
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
            entered
        })?
    }

    fn stand_in_line(&'static self, me: usize) -> Result<()> {
        let (generation, mut line) = (fork::generation(), self.line());
        line.push_back(me);
        let mut turns = 0;
        while line.front() != Some(&me) || !self.claim(me) {
            // `leave` looks at `waiting` without a fence, so a wake-up can be missed: look again.
            let waited = self.moved().wait_timeout(line, Duration::from_millis(1));
            line = waited.unwrap_or_else(PoisonError::into_inner).0;
            turns += 1;
            if cancel::is_wanted() || turns % LOOK == 0 {
                drop(line);
                let verdict = self.give_up(generation);
                line = self.line();
                if let Err(error) = verdict {
                    line.retain(|it| *it != me);
                    self.moved().notify_all();
                    return Err(error);
                }
            }
        }
        line.pop_front();
        Ok(())
    }

    /// Whether to wait no longer. A loan that this thread got meanwhile is used instead.
    #[cold]
    fn give_up(&self, generation: u32) -> Result<()> {
        host::go_on_waiting()?;
        if fork::generation() != generation {
            // The host forked just now, and this is the child.
            return Err(left_behind());
        }
        match loan::of(self) {
            Some(_) => Err(circle()),
            None => Ok(()),
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

/// A turn that is held.
pub(crate) struct Held(&'static Turn);

impl Drop for Held {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// Milliseconds in line after which the host is asked whether to go on.
const LOOK: u32 = 10;

fn left_behind() -> Error {
    Error::new(
        ErrorKind::Poisoned,
        "another thread was inside of this store when the process forked; make a new one in the child",
    )
}

fn circle() -> Error {
    Error::new(
        ErrorKind::Deadlock,
        "this thread would wait for a store whose thread waits for this one; \
         enter stores in one order, or link the instances in one store",
    )
}
