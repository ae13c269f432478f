//! Handles for hosts that can only hold a number: the C and the JNI bindings.
//!
//! A handle is an index and a generation. Entries are used again but never freed, so any number may
//! be looked up: one that was released, is of another kind, or was made up is an ordinary error.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use crate::fork::{Lock, Locked};
use crate::store::Entered;
use crate::turn::{Held, Turn};
use crate::{Error, ErrorKind, Func, Result, Store, messages};

/// Index in the low half, generation in the high half; never zero.
pub type Handle = u64;

type Object = Arc<dyn Any + Send + Sync>;

/// A live entry has an odd generation, a free one an even one. Each has lines of the cache of its own: to release a
/// handle does not slow down calls by the next one.
#[derive(Default)]
#[repr(align(128))]
struct Entry {
    generation: AtomicU32,
    /// For functions and what is lent: what a call needs before it may look at the object.
    turn: AtomicPtr<Turn>,
    func: AtomicPtr<Func>,
    /// For what [`with`] lends: the object, boxed so that its address is one word.
    lent: AtomicPtr<Object>,
    object: Lock<Option<(Object, &'static str)>>,
}

impl Entry {
    /// Notes whose turn a call takes before it looks at the object.
    fn live_in(&self, store: &Store) {
        let turn = std::ptr::from_ref(store.turn()).cast_mut();
        self.turn.store(turn, Ordering::Relaxed);
    }
}

/// The last generation of an entry: it stays free then, so that an old handle, of whatever
/// generation, never meets another object.
const RETIRED: u32 = u32::MAX - 1;

/// A chunk holds so many entries, a power of two.
const CHUNK: usize = 256;
/// Room for 67 million handles. What of it is not used takes no memory.
const CHUNKS: usize = 1 << 18;

static SLAB: [AtomicPtr<Entry>; CHUNKS] = [const { AtomicPtr::new(std::ptr::null_mut()) }; CHUNKS];
/// A fork holds it, so a child finds it in order.
static STATE: Lock<State> = Lock::new(State {
    free: Vec::new(),
    used: 0,
    graves: Vec::new(),
});

#[derive(Default)]
struct State {
    free: Vec<u32>,
    used: u32,
    /// What was released while its store was busy.
    graves: Vec<(&'static Turn, Grave)>,
}

/// The object, and the box it was lent from if it was.
type Grave = (Object, Option<Box<Object>>);

/// Objects that live in a store, which [`with`] can borrow while it holds the store's turn.
///
/// # Safety
/// [`InStore::store`] always gives the same store.
pub unsafe trait InStore: Any + Send + Sync {
    /// The store it lives in.
    fn store(&self) -> &Store;
}

fn lock<T: Default>(lock: &Lock<T>) -> Locked<'_, T> {
    lock.lock()
}

/// Before a fork, on the thread that forks: keeps others out until [`go_on`].
pub(crate) fn keep_still() {
    std::mem::forget(STATE.lock());
}

/// After a fork, in both processes.
pub(crate) fn go_on() {
    STATE.release();
}

/// Chunk and position of an index.
#[inline(always)]
fn place(index: u32) -> (usize, usize) {
    (index as usize / CHUNK, index as usize % CHUNK)
}

#[inline(always)]
fn entry(handle: Handle) -> Option<&'static Entry> {
    let (chunk, position) = place(handle as u32);
    let base = SLAB.get(chunk)?.load(Ordering::Acquire);
    // SAFETY: a chunk that is there has `CHUNK` entries, is never freed, and `place` keeps
    // the position below that.
    unsafe { base.as_ref().map(|_| &*base.add(position)) }
}

#[inline(always)]
fn generation(handle: Handle) -> u32 {
    (handle >> 32) as u32
}

/// Keeps an object and returns its handle. `kind` is its name in messages.
pub fn insert<T: Any + Send + Sync>(kind: &'static str, object: Arc<T>) -> Result<Handle> {
    let (index, entry) = reserve()?;
    if let Some(func) = (&*object as &(dyn Any + Send + Sync)).downcast_ref::<Func>() {
        entry.live_in(func.store());
        entry
            .func
            .store(std::ptr::from_ref(func).cast_mut(), Ordering::Relaxed);
    }
    Ok(publish(entry, index, object, kind))
}

/// Keeps an object for [`with`], and returns its handle.
pub fn insert_in_store<T: InStore>(kind: &'static str, object: Arc<T>) -> Result<Handle> {
    let (index, entry) = reserve()?;
    entry.live_in(object.store());
    let lent: Box<Object> = Box::new(object.clone());
    entry.lent.store(Box::into_raw(lent), Ordering::Relaxed);
    Ok(publish(entry, index, object, kind))
}

fn publish(entry: &Entry, index: u32, object: Object, kind: &'static str) -> Handle {
    *lock(&entry.object) = Some((object, kind));
    let generation = entry.generation.load(Ordering::Relaxed) + 1;
    entry.generation.store(generation, Ordering::Release);
    Handle::from(generation) << 32 | Handle::from(index)
}

/// Takes a free entry, making room if there is none.
fn reserve() -> Result<(u32, &'static Entry)> {
    sweep();
    let mut state = lock(&STATE);
    let index = match state.free.pop() {
        Some(index) => index,
        None => {
            let index = state.used;
            let (chunk, position) = place(index);
            let slot = SLAB.get(chunk).ok_or_else(|| {
                Error::new(
                    ErrorKind::Limit,
                    "too many objects are open; close those not needed",
                )
            })?;
            if position == 0 {
                let entries = (0..CHUNK).map(|_| Entry::default());
                let made = Box::leak(entries.collect::<Box<[Entry]>>());
                slot.store(made.as_mut_ptr(), Ordering::Release);
            }
            state.used += 1;
            index
        }
    };
    entry(Handle::from(index))
        .map(|entry| (index, entry))
        .ok_or_else(|| stale(0, "object"))
}

/// The object of a handle.
///
/// # Errors
/// `closed` if it was released, `type` if it is of another kind or no handle at all.
pub fn get<T: Any + Send + Sync>(handle: Handle, kind: &'static str) -> Result<Arc<T>> {
    let found = entry(handle).ok_or_else(|| stale(handle, kind))?;
    let object = found.object.read();
    if !is_live(found, handle) {
        return Err(stale(handle, kind));
    }
    let (object, actual) = object.as_ref().ok_or_else(|| stale(handle, kind))?;
    object.clone().downcast().map_err(|_| {
        Error::new(
            ErrorKind::Type,
            format!("the handle is of a {actual}, not of a {kind}"),
        )
    })
}

#[inline(always)]
fn is_live(entry: &Entry, handle: Handle) -> bool {
    let generation = generation(handle);
    generation & 1 == 1 && entry.generation.load(Ordering::Acquire) == generation
}

/// What a handle lends, while the turn of its store is held, unless that stays with a guest's thread that works
/// for this one. A call of a function that is lent need not take the turn again.
pub struct Lent<'a, T> {
    object: &'a T,
    is_held: bool,
    /// The turn is this thread's, so it stays here.
    _here: PhantomData<*const ()>,
}

impl<T> std::ops::Deref for Lent<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        self.object
    }
}

impl<'a, T> Lent<'a, T> {
    /// An object whose turn nobody holds for it.
    #[inline(always)]
    pub fn free(object: &'a T) -> Lent<'a, T> {
        Lent::new(object, false)
    }

    #[inline(always)]
    fn new(object: &'a T, is_held: bool) -> Lent<'a, T> {
        Lent {
            object,
            is_held,
            _here: PhantomData,
        }
    }

    /// Whether this thread holds the turn of the object's store.
    #[inline(always)]
    pub(crate) fn is_held(&self) -> bool {
        self.is_held
    }
}

impl<T: InStore> Lent<'_, T> {
    /// A function, which may be one of the same store.
    #[inline(always)]
    pub fn func<'a>(&'a self, func: &'a Func) -> Lent<'a, Func> {
        let is_held = self.is_held && func.store().same(self.object.store());
        Lent::new(func, is_held)
    }
}

/// Runs `what` with the function of a handle, for a call: the store's turn is held meanwhile, which
/// keeps the function alive without counting references.
///
/// # Errors
/// As [`get`], and as the store answers.
#[inline(always)]
pub fn with_func<R>(handle: Handle, what: impl FnOnce(&Lent<'_, Func>) -> Result<R>) -> Result<R> {
    match idle_func(handle) {
        Some(func) => what(&func.lent()),
        None => with_func_slowly(handle, what),
    }
}

/// A function that is lent while this holds the turn of its store. What it lends is borrowed from it, and cannot
/// outlive it.
pub struct IdleFunc<'a> {
    func: &'a Func,
    _entered: Entered<'a>,
}

impl IdleFunc<'_> {
    /// The function, while the turn is held.
    #[inline(always)]
    pub fn lent(&self) -> Lent<'_, Func> {
        Lent::new(self.func, true)
    }
}

/// The function of a handle, if nobody is in its store. If there is none, [`with_func`] knows why, and what to do.
/// For who wants the short way in one place, and the long way in another.
#[inline(always)]
pub fn idle_func<'a>(handle: Handle) -> Option<IdleFunc<'a>> {
    let (held, func) = hold_first(handle, |found| found.func.load(Ordering::Acquire))?;
    // SAFETY: `hold` says why what it returns is alive while the turn is held, and so it is as long as the answer;
    // the pointer is null or the entry's function.
    let func = unsafe { func.as_ref::<'a>() }?;
    Some(IdleFunc {
        func,
        _entered: func.store().entered(held),
    })
}

/// The same where somebody is in the store, this thread perhaps, or the handle is none of a function.
#[cold]
#[inline(never)]
fn with_func_slowly<R>(
    handle: Handle,
    what: impl FnOnce(&Lent<'_, Func>) -> Result<R>,
) -> Result<R> {
    let found = hold::<Func, _>(handle, "func", |found| found.func.load(Ordering::Acquire));
    // `what` is called in one place, so that it is inlined there.
    let (by_loan, func, held);
    match found {
        Ok((turn, found)) => (held, func) = (Some(turn), found),
        Err(error) => {
            by_loan = self::by_loan::<Func>(handle, "func", error)?;
            (held, func) = (None, Arc::as_ptr(&by_loan).cast_mut());
        }
    }
    // SAFETY: `hold` says why what it returns is alive, or it is the object that is held here; the
    // pointer is null or the entry's function.
    let Some(func) = (unsafe { func.as_ref() }) else {
        drop(held);
        return Err(other_kind::<Func>(handle, "func"));
    };
    let entered = held.map(|held| func.store().entered(held));
    what(&Lent::new(func, entered.is_some()))
}

/// Runs `what` with an object of [`insert_in_store`], as [`with_func`] does.
///
/// # Errors
/// As [`get`], and as the store answers.
#[inline]
pub fn with<T: InStore, R>(
    handle: Handle,
    kind: &'static str,
    what: impl FnOnce(&Lent<'_, T>) -> Result<R>,
) -> Result<R> {
    let found = hold::<T, _>(handle, kind, |found| found.lent.load(Ordering::Acquire));
    let (by_loan, lent, held);
    match found {
        Ok((turn, found)) => {
            // SAFETY: as in `with_func`.
            let found = unsafe { found.as_ref() };
            lent = found.and_then(|object| object.downcast_ref::<T>());
            held = Some(turn);
        }
        Err(error) => {
            by_loan = self::by_loan::<T>(handle, kind, error)?;
            (held, lent) = (None, Some(&*by_loan));
        }
    }
    let Some(object) = lent else {
        drop(held);
        return Err(other_kind::<T>(handle, kind));
    };
    let entered = held.map(|held| object.store().entered(held));
    what(&Lent::new(object, entered.is_some()))
}

/// Where the turn stays with a guest's thread that works for this one: that does each thing for itself.
#[cold]
fn by_loan<T: Any + Send + Sync>(
    handle: Handle,
    kind: &'static str,
    error: Error,
) -> Result<Arc<T>> {
    let turn = entry(handle).map(|found| found.turn.load(Ordering::Relaxed));
    // SAFETY: turns live for ever.
    let turn = turn.and_then(|turn| unsafe { turn.as_ref::<'static>() });
    match turn.is_some_and(|turn| error.kind() == ErrorKind::Deadlock && turn.is_lent()) {
        true => get(handle, kind),
        false => Err(error),
    }
}

/// As [`hold`], if nobody is in the store: neither waits nor says what is wrong. A stale handle may take the turn of
/// another store for a moment, which does no harm.
#[inline(always)]
fn hold_first<W>(handle: Handle, word: impl FnOnce(&Entry) -> W) -> Option<(Held, W)> {
    let found = entry(handle)?;
    // SAFETY: turns live for ever.
    let turn = unsafe { found.turn.load(Ordering::Relaxed).as_ref::<'static>() }?;
    read_held(turn.try_hold_first()?, found, handle, word)
}

/// Reads a word of an entry under the turn. The entry may have been released and used again until here. If it is
/// live now, what was read is this handle's.
#[inline(always)]
fn read_held<W>(
    held: Held,
    found: &Entry,
    handle: Handle,
    word: impl FnOnce(&Entry) -> W,
) -> Option<(Held, W)> {
    let word = word(found);
    is_live(found, handle).then_some((held, word))
}

/// Takes the turn of a handle's store and reads a word of its entry. While the turn is held, what
/// the word leads to is alive: `release` drops it only after the turn has been free.
#[inline(always)]
fn hold<T: Any + Send + Sync, W>(
    handle: Handle,
    kind: &'static str,
    word: impl FnOnce(&Entry) -> W,
) -> Result<(Held, W)> {
    let Some(found) = entry(handle).filter(|found| is_live(found, handle)) else {
        return Err(stale(handle, kind));
    };
    // SAFETY: turns live for ever.
    let Some(turn) = (unsafe { found.turn.load(Ordering::Relaxed).as_ref::<'static>() }) else {
        return Err(other_kind::<T>(handle, kind));
    };
    let held = match turn.try_hold() {
        Some(held) => held,
        None => turn.hold_unless_lent()?,
    };
    read_held(held, found, handle, word).ok_or_else(|| stale(handle, kind))
}

/// Releases a handle. What was made from the object lives on.
///
/// # Errors
/// `closed` if it was released before, `type` if it is not a handle of this kind.
pub fn release<T: Any + Send + Sync>(handle: Handle, kind: &'static str) -> Result<()> {
    // Tells the kind of error, and leaves what is of another kind alone.
    get::<T>(handle, kind)?;
    let object = take(handle).map_err(|()| stale(handle, kind))?;
    drop(object);
    sweep();
    Ok(())
}

/// Releases every handle: for a host that unloads, none of whose threads can come back.
/// Returns the objects that live in no store, for the host to drop.
pub fn release_all() -> Vec<Arc<dyn Any + Send + Sync>> {
    let used = lock(&STATE).used;
    let live = (0..used).filter_map(|index| {
        let generation = entry(Handle::from(index))?
            .generation
            .load(Ordering::Acquire);
        (generation & 1 == 1).then_some(Handle::from(generation) << 32 | Handle::from(index))
    });
    let objects = live.filter_map(|handle| take(handle).ok().flatten());
    let objects = objects.collect();
    sweep();
    objects
}

/// Makes a handle invalid, and its entry free. Gives the object, unless it has to wait for its store:
/// [`sweep`] drops it then. An error says that the handle is not live.
fn take(handle: Handle) -> std::result::Result<Option<Object>, ()> {
    let found = entry(handle).ok_or(())?;
    let live = generation(handle);
    let freed = live.saturating_add(1);
    let ours = found
        .generation
        .compare_exchange(live, freed, Ordering::SeqCst, Ordering::Relaxed);
    ours.map_err(drop)?;
    let object = lock(&found.object).take();
    let turn = found.turn.swap(std::ptr::null_mut(), Ordering::SeqCst);
    found.func.store(std::ptr::null_mut(), Ordering::SeqCst);
    let lent = found.lent.swap(std::ptr::null_mut(), Ordering::SeqCst);
    // SAFETY: `insert_in_store` made this box, and the swap took it out.
    let lent = (!lent.is_null()).then(|| unsafe { Box::from_raw(lent) });
    let mut state = lock(&STATE);
    if freed < RETIRED {
        state.free.push(handle as u32);
    }
    // SAFETY: turns live for ever.
    match (object, unsafe { turn.as_ref::<'static>() }) {
        (Some((object, _)), Some(turn)) => {
            state.graves.push((turn, (object, lent)));
            Ok(None)
        }
        (object, _) => Ok(object.map(|(object, _)| object)),
    }
}

/// Drops released functions whose stores have been idle since. A call that found the function
/// before its release takes the turn later than this does, and then finds the entry gone.
fn sweep() {
    let graves = std::mem::take(&mut lock(&STATE).graves);
    if graves.is_empty() {
        return;
    }
    let (idle, busy): (Vec<_>, Vec<_>) = graves.into_iter().partition(|(turn, _)| turn.pass());
    lock(&STATE).graves.extend(busy);
    drop(idle);
}

#[cold]
fn stale(handle: Handle, kind: &str) -> Error {
    let found = entry(handle).map_or(0, |found| found.generation.load(Ordering::Acquire));
    let given = generation(handle);
    if given & 1 == 1 && given < found {
        return messages::closed(kind);
    }
    Error::new(
        ErrorKind::Type,
        format!("{handle:#x} is not a handle of a {kind}"),
    )
}

#[cold]
fn other_kind<T: Any + Send + Sync>(handle: Handle, kind: &'static str) -> Error {
    get::<T>(handle, kind)
        .err()
        .unwrap_or_else(|| stale(handle, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets the generation of the entry of a released handle.
    fn age(handle: Handle, generation: u32) {
        let found = entry(handle).unwrap();
        found.generation.store(generation, Ordering::SeqCst);
    }

    fn kind(answer: Result<Arc<u8>>) -> ErrorKind {
        answer.unwrap_err().kind()
    }

    #[test]
    fn an_entry_whose_generations_are_used_up_is_never_used_again() {
        let first = insert("number", Arc::new(1_u8)).unwrap();
        release::<u8>(first, "number").unwrap();
        age(first, RETIRED - 2);
        let last = insert("number", Arc::new(2_u8)).unwrap();
        assert_eq!(last as u32, first as u32, "the entry is used again");
        assert_eq!(*get::<u8>(last, "number").unwrap(), 2);
        release::<u8>(last, "number").unwrap();
        for old in [first, last] {
            assert_eq!(kind(get::<u8>(old, "number")), ErrorKind::Closed);
            let again = release::<u8>(old, "number").unwrap_err();
            assert_eq!(again.kind(), ErrorKind::Closed);
        }
        for n in 0..100_u8 {
            let new = insert("number", Arc::new(n)).unwrap();
            assert_ne!(new as u32, first as u32, "the entry is retired");
            assert_eq!(kind(get::<u8>(first, "number")), ErrorKind::Closed);
            release::<u8>(new, "number").unwrap();
        }
        let forged = u64::from(u32::MAX) << 32 | u64::from(first as u32);
        assert_eq!(kind(get::<u8>(forged, "number")), ErrorKind::Type);
    }
}
