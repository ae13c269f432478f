//! Forks: a child process has the memory of its parent but only the thread that forked.
//!
//! What other threads would have done there is done anew: each engine gets a ticker again, modules
//! are compiled by threads of the child's own, and a store that another thread was inside of says
//! so instead of making others wait for ever.
//!
//! The engine has locks that nobody can take back. What holds them is a [`Section`], and a fork waits
//! a moment until nobody is in one. That moment may be too short, and what runs in a guest is not
//! counted, so a child also tries each engine once before it uses it: see [`Proof`].

use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

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
const LOOKS: u32 = 200;
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

/// Whether an engine works in this process. In a forked child one of its locks may be held by a
/// thread that is not there.
#[derive(Default)]
pub(crate) struct Proof {
    /// The generation of the last process in which it was tried.
    tried: AtomicU32,
    trying: Lock<()>,
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
            LOST => return Err(lost()),
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
        if ended { Ok(()) } else { Err(lost()) }
    }
}

fn lost() -> Error {
    Error::new(
        ErrorKind::Poisoned,
        "another thread was loading or freeing modules when the process forked, so this child can \
         do neither with this engine; make a new engine, load modules before forking, or fork when \
         no other thread loads any",
    )
}

/// A value that is made when it is first asked for, by one thread. A child whose parent was about to
/// make it makes its own.
pub(crate) struct Once<T> {
    value: AtomicPtr<T>,
    making: Lock<()>,
}

// SAFETY: it gives out shared references to a value that it owns.
unsafe impl<T: Send + Sync> Sync for Once<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for Once<T> {}

impl<T> Once<T> {
    pub(crate) const fn new() -> Once<T> {
        Once {
            value: AtomicPtr::new(ptr::null_mut()),
            making: Lock::new(()),
        }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        // SAFETY: null, or a box of `get_or_init`, which lives as long as this does.
        unsafe { self.value.load(Ordering::Acquire).as_ref() }
    }

    /// The value. `make` must not ask for the same one.
    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let _one = self.making.lock();
        if let Some(value) = self.get() {
            return value;
        }
        let made = Box::into_raw(Box::new(make()));
        self.value.store(made, Ordering::Release);
        // SAFETY: just made, and only freed when this is dropped.
        unsafe { &*made }
    }
}

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Once<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl<T> Drop for Once<T> {
    fn drop(&mut self) {
        let value = *self.value.get_mut();
        // SAFETY: null, or a box of `get_or_init` that nobody borrows any more.
        drop((!value.is_null()).then(|| unsafe { Box::from_raw(value) }));
    }
}

/// A lock for what is held for a moment, by no code but ours. A child whose parent had it held by
/// another thread finds it free, and its value new: nobody knows what the old one is in the middle of.
#[derive(Default)]
pub(crate) struct Lock<T> {
    /// The generation of the process that holds it, or zero.
    held: AtomicU32,
    value: UnsafeCell<T>,
}

/// Set beside the generation by who only reads: then the value is what it was.
const READS: u32 = 1 << 31;

/// Attempts after which a thread that waits for a lock sleeps in between.
const SPINS: u32 = 100;

// SAFETY: only whoever holds the lock reaches the value.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Lock<T> {
        Lock {
            held: AtomicU32::new(0),
            value: UnsafeCell::new(value),
        }
    }
}

impl<T: Default> Lock<T> {
    pub(crate) fn lock(&self) -> Locked<'_, T> {
        self.take(0)
    }

    /// For who only looks at the value.
    pub(crate) fn read(&self) -> impl Deref<Target = T> + '_ {
        self.take(READS)
    }

    fn take(&self, reads: u32) -> Locked<'_, T> {
        let here = generation();
        let (mut before, mut attempts) = (0, 0);
        loop {
            match self.held.compare_exchange_weak(
                before,
                here | reads,
                Ordering::Acquire,
                Ordering::Relaxed,
            ) {
                Ok(0) => return Locked(self),
                Ok(lost) if lost & READS != 0 => return Locked(self),
                Ok(_) => return self.renewed(),
                Err(holder) if holder & !READS == here => {
                    attempts += 1;
                    rest(attempts);
                    before = 0;
                }
                Err(holder) => before = holder,
            }
        }
    }

    /// The same if nobody here holds it.
    pub(crate) fn try_lock(&self) -> Option<Locked<'_, T>> {
        let here = generation();
        let take = |before: u32| {
            let held = &self.held;
            held.compare_exchange(before, here, Ordering::Acquire, Ordering::Relaxed)
        };
        match take(0) {
            Ok(_) => Some(Locked(self)),
            Err(holder) if holder == here => None,
            Err(holder) => take(holder).ok().map(|_| self.renewed()),
        }
    }

    #[cold]
    fn renewed(&self) -> Locked<'_, T> {
        let mut locked = Locked(self);
        std::mem::forget(std::mem::take(&mut *locked));
        locked
    }
}

impl<T> Lock<T> {
    /// Lets go of a lock whose holder was forgotten. Only its holder may do this.
    pub(crate) fn release(&self) {
        self.held.store(0, Ordering::Release);
    }
}

#[cold]
fn rest(attempts: u32) {
    match attempts {
        0..SPINS => std::thread::yield_now(),
        _ => std::thread::sleep(NAP),
    }
}

impl<T> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lock")
    }
}

/// A lock that is held.
pub(crate) struct Locked<'a, T>(&'a Lock<T>);

impl<T> Deref for Locked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the lock is held.
        unsafe { &*self.0.value.get() }
    }
}

impl<T> DerefMut for Locked<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held.
        unsafe { &mut *self.0.value.get() }
    }
}

impl<T> Drop for Locked<'_, T> {
    fn drop(&mut self) {
        self.0.held.store(0, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a process that is not there any more.
    const FORMER: u32 = 77;

    #[test]
    fn a_lock_that_is_lost_is_free_and_its_value_new() {
        let lock = Lock::new(5);
        lock.held.store(FORMER, Ordering::SeqCst);
        assert_eq!(*lock.lock(), 0);
        assert_eq!(lock.held.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn what_was_only_read_is_kept() {
        let lock = Lock::new(5);
        lock.held.store(FORMER | READS, Ordering::SeqCst);
        assert_eq!(*lock.read(), 5);
        lock.held.store(FORMER | READS, Ordering::SeqCst);
        assert_eq!(*lock.lock(), 5);
    }

    #[test]
    fn a_value_is_made_once_and_anew_where_its_maker_is_gone() {
        let once = Once::new();
        once.making.held.store(FORMER, Ordering::SeqCst);
        assert!(once.get().is_none());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert_eq!(*once.get_or_init(|| vec![1]), [1]));
            }
        });
        assert_eq!(*once.get_or_init(|| vec![2]), [1]);
    }

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

    #[test]
    fn an_engine_whose_locks_are_lost_is_told_so() {
        let made_here = Proof::new();
        assert!(made_here.ask(|| unreachable!("needs no trial")).is_ok());
        let good = Proof::default();
        assert!(good.ask(|| Box::new(|| ())).is_ok());
        assert!(good.ask(|| unreachable!("was tried")).is_ok());
        let lost = Proof::default();
        let hangs = || Box::new(|| std::thread::sleep(Duration::from_secs(3600))) as Box<_>;
        for _ in 0..3 {
            let error = lost.ask(hangs).expect_err("a trial that does not end");
            assert_eq!(error.kind(), ErrorKind::Poisoned);
        }
    }
}
