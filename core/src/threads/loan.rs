//! Loan: a host function whose answer comes from another thread, such as an event loop's.
//!
//! The guest's thread waits in the host function. What the other thread does meanwhile with the
//! stores that the waiting thread is in is done there, by the waiting thread: it has their turns,
//! and the native stack that the guest's frames and references are on. So nothing of a store moves,
//! and when the call is over (its deadline passed) the guest's thread goes on without the other.
//! Several threads may ask at a time: their work is done in the order it came.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::host::{self, HostContext};
use crate::token::thread_token;
use crate::turn::Turn;
use crate::{Error, ErrorKind, Result, Store, Value, fork};

/// A host function that is answered from another thread; see [`HostContext::lend`]. Cheap to clone;
/// all clones are one.
#[derive(Clone)]
pub struct Loan(Arc<Channel>);

/// What is run on another thread of the host.
pub type Job = Box<dyn FnOnce() + Send>;

pub(crate) struct Channel {
    /// The thread that waits, with the guest's frames on its stack.
    guest: usize,
    /// The process that it is in; a forked child does not have it.
    generation: u32,
    store: Store,
    name: Box<str>,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// What other threads want to be done, while they wait.
    asked: VecDeque<Request>,
    /// How often something was asked; each time has its number.
    asks: u64,
    /// What was asked and is neither done nor taken back, by its number.
    open: Vec<u64>,
    /// What the guest's thread wants to be done by those who wait, by the number of what they asked.
    back: VecDeque<(u64, Job)>,
    answer: Option<Result<Vec<Value>>>,
    /// Whether nobody waits any more.
    over: bool,
}

/// Work that borrows from the stack of a thread which waits until it is done.
struct Request {
    number: u64,
    work: *mut dyn FnMut(),
}

// SAFETY: whoever made it waits until it has run or was taken back. It holds what goes into and
// comes out of a store: values, which are `Send`, slots, which are plain bits, borrows of the thread
// that waits, and what a caller said may run elsewhere.
unsafe impl Send for Request {}

/// What a thread does for another one.
struct Served<'a> {
    channel: &'a Channel,
    number: u64,
}

enum Next {
    Answer(Result<Vec<Value>>),
    Request(Request),
    Nothing,
}

thread_local! {
    /// What this thread may ask for.
    static LENT: RefCell<Vec<Arc<Channel>>> = const { RefCell::new(Vec::new()) };
    /// Whose work this thread does now, the innermost.
    static SERVED: Cell<*const Served<'static>> = const { Cell::new(ptr::null()) };
}

/// How long the guest's thread waits before it looks whether the call is over.
const TICK: Duration = Duration::from_millis(2);

/// How long a thread waits for the guest's before it looks whether there is still hope.
const LOOK: Duration = Duration::from_millis(10);

impl HostContext<'_> {
    /// Lets another thread answer for this host function: hand the loan to it, then
    /// [`Loan::wait`] here.
    pub fn lend(&self) -> Loan {
        Loan(Arc::new(Channel {
            guest: thread_token(),
            generation: fork::generation(),
            store: self.store.clone(),
            name: self.name.into(),
            state: Mutex::default(),
            moved: Condvar::new(),
        }))
    }
}

impl Loan {
    /// On the guest's thread: waits for the answer, and meanwhile does the work that the other thread asks for.
    ///
    /// # Errors
    /// The error that was answered; `timeout`, `cancelled` or `closed` as soon as the call is over;
    /// `unsupported` on another thread; `closed` if it was waited for before.
    pub fn wait(&self) -> Result<Vec<Value>> {
        if !self.0.is_at_home() {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "only the thread of the host function that made the loan can wait for it",
            ));
        }
        host::current().block();
        loop {
            match self.0.next() {
                Next::Answer(answer) => return answer,
                Next::Request(ask) => self.0.serve(&ask),
                Next::Nothing => {
                    if let Err(error) = self.0.store.inner().tick()
                        && self.0.end()
                    {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// On the guest's thread: if it works for another thread, which waits for that, runs `job` there
    /// and does not wait for it. Else gives `job` back. Jobs run one after the other; a panic in one
    /// is dropped.
    pub fn reach(&self, job: Job) -> Result<(), Job> {
        // SAFETY: null, or what is served further down on this stack.
        match unsafe { SERVED.get().as_ref() } {
            Some(served) => {
                let channel = served.channel;
                channel.lock().back.push_back((served.number, job));
                channel.moved.notify_all();
                Ok(())
            }
            None => Err(job),
        }
    }

    /// On the other thread: from now on until [`Loan::leave`], the guest's thread does what this thread
    /// does with the guest's stores.
    pub fn enter(&self) {
        LENT.with_borrow_mut(|lent| lent.push(self.0.clone()));
    }

    /// The end of [`Loan::enter`], on the same thread.
    pub fn leave(&self) {
        let left = LENT.with_borrow_mut(|lent| {
            let last = lent.iter().rposition(|it| Arc::ptr_eq(it, &self.0))?;
            Some(lent.remove(last))
        });
        drop(left);
    }

    /// Answers the guest; only the first answer counts. May be called from any thread, also when
    /// the call is over.
    pub fn answer(&self, answer: Result<Vec<Value>>) {
        // Whoever comes too late has nothing to do about it.
        let _ = self.try_answer(answer);
    }

    /// The same, but it fails if the answer is too late.
    ///
    /// # Errors
    /// `closed` if the answer comes too late.
    pub fn try_answer(&self, answer: Result<Vec<Value>>) -> Result<()> {
        if !self.0.is_of_here() {
            return Err(late());
        }
        let mut state = self.0.lock();
        if state.answer.is_some() || state.over {
            return Err(late());
        }
        state.answer = Some(answer);
        self.0.moved.notify_all();
        Ok(())
    }

    /// Whether the guest still waits for an answer.
    pub fn is_open(&self) -> bool {
        self.0.is_open()
    }

    /// The context of the host function, for the thread that answers.
    pub fn context(&self) -> HostContext<'_> {
        HostContext {
            store: &self.0.store,
            name: &self.0.name,
        }
    }
}

/// Whether this thread does the work of another one, which waits for it and so can do nothing else:
/// an event loop does not turn then.
pub fn is_serving() -> bool {
    !SERVED.get().is_null()
}

/// The loan by which this thread may work with the store of a turn.
pub(crate) fn of(turn: &Turn) -> Option<Arc<Channel>> {
    let owner = turn.owner();
    LENT.with_borrow(|lent| {
        let mine = |it: &&Arc<Channel>| it.guest == owner && it.is_of_here();
        let mut newest = lent.iter().rev().filter(mine);
        newest.find(|it| it.is_open()).cloned()
    })
}

/// Whether a thread waits for an answer that this thread may have to give.
pub(crate) fn is_lent_by(thread: usize) -> bool {
    LENT.with_borrow(|lent| lent.iter().any(|it| it.guest == thread && it.is_open()))
}

impl Channel {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the guest's thread is in this process. If not, nobody knows who holds the lock.
    fn is_of_here(&self) -> bool {
        self.generation == fork::generation()
    }

    fn is_open(&self) -> bool {
        if !self.is_of_here() {
            return false;
        }
        let state = self.lock();
        state.answer.is_none() && !state.over
    }

    /// Whether this is the guest's thread, in the host function.
    fn is_at_home(&self) -> bool {
        let is_inside = self.store.turn().is_mine() && self.generation == fork::generation();
        is_inside && self.guest == thread_token()
    }

    /// Has the guest's thread do something, and waits for it.
    pub(crate) fn ask<R>(
        &self,
        turn: &'static Turn,
        what: impl FnOnce() -> Result<R>,
    ) -> Result<R> {
        let (mut what, mut outcome) = (Some(what), None);
        let mut run = || outcome = what.take().map(|what| what());
        let waited = turn.noted(|| self.wait_for(&mut run))?;
        outcome.unwrap_or_else(|| waited.and_then(|()| Err(over())))
    }

    fn wait_for(&self, run: &mut dyn FnMut()) -> Result<()> {
        // SAFETY: only the lifetime changes. `wait_done` returns when the work is done, or when it
        // was taken back before anybody had it.
        let work = unsafe { std::mem::transmute::<*mut dyn FnMut(), *mut dyn FnMut()>(run) };
        let (mut work, mut waited) = (Some(work), Ok(()));
        host::current().wait_for_guest(&mut || {
            if let Some(work) = work.take() {
                waited = self.wait_done(work);
            }
        });
        waited
    }

    /// Stands in line with this work until it is done, or not to be done any more.
    fn wait_done(&self, work: *mut dyn FnMut()) -> Result<()> {
        let mut state = self.lock();
        let Some(number) = state.ask(work) else {
            return Err(over());
        };
        self.moved.notify_all();
        loop {
            if let Some(job) = state.back_for(number) {
                drop(state);
                // Whoever unwound from here would leave the work behind.
                let _ = catch_unwind(AssertUnwindSafe(job));
                state = self.lock();
                continue;
            }
            if !state.open.contains(&number) {
                return Ok(());
            }
            let moved = self.moved.wait_timeout(state, LOOK);
            let (moved, waited) = moved.unwrap_or_else(PoisonError::into_inner);
            state = moved;
            // What is being done already is waited for.
            if waited.timed_out() && state.is_in_line(number) {
                drop(state);
                let verdict = self.go_on_waiting();
                state = self.lock();
                if verdict.is_err() && state.take_back(number) {
                    return verdict;
                }
            }
        }
    }

    /// An error if the guest's thread is not in the host function any more, or if this thread is to
    /// wait no longer.
    fn go_on_waiting(&self) -> Result<()> {
        let is_inside = self.store.turn().owner() == self.guest;
        match is_inside && self.generation == fork::generation() {
            true => host::go_on_waiting(),
            false => Err(over()),
        }
    }

    fn next(&self) -> Next {
        let mut state = self.lock();
        loop {
            if let Some(answer) = state.answer.take() {
                state.end();
                self.moved.notify_all();
                return Next::Answer(answer);
            }
            // It was waited for before, or work that was done meanwhile did so.
            if state.over {
                return Next::Answer(Err(late()));
            }
            if let Some(ask) = state.asked.pop_front() {
                return Next::Request(ask);
            }
            let (moved, late) = match self.moved.wait_timeout(state, TICK) {
                Ok((state, waited)) => (state, waited.timed_out()),
                Err(poisoned) => (poisoned.into_inner().0, true),
            };
            state = moved;
            if late && state.answer.is_none() && state.asked.is_empty() {
                return Next::Nothing;
            }
        }
    }

    /// Does the other thread's work.
    fn serve(&self, ask: &Request) {
        let served = Served {
            channel: self,
            number: ask.number,
        };
        let outer = SERVED.replace((&raw const served).cast());
        // SAFETY: its owner waits as long as its number is open.
        let _ = catch_unwind(AssertUnwindSafe(|| unsafe { (*ask.work)() }));
        SERVED.set(outer);
        self.lock().open.retain(|number| *number != ask.number);
        self.moved.notify_all();
    }

    /// Stops waiting, unless there is an answer or work by now.
    fn end(&self) -> bool {
        let mut state = self.lock();
        if state.answer.is_some() || !state.asked.is_empty() {
            return false;
        }
        state.end();
        true
    }
}

impl State {
    /// Puts work in line, unless nobody would do it.
    fn ask(&mut self, work: *mut dyn FnMut()) -> Option<u64> {
        if self.over {
            return None;
        }
        self.asks += 1;
        let number = self.asks;
        self.open.push(number);
        self.asked.push_back(Request { number, work });
        Some(number)
    }

    /// Whether nobody has begun this work.
    fn is_in_line(&self, number: u64) -> bool {
        self.asked.iter().any(|ask| ask.number == number)
    }

    /// Takes work back that nobody has begun.
    fn take_back(&mut self, number: u64) -> bool {
        let is_back = self.is_in_line(number);
        if is_back {
            self.asked.retain(|ask| ask.number != number);
            self.open.retain(|it| *it != number);
        }
        is_back
    }

    /// The next job for the thread that asked for this.
    fn back_for(&mut self, number: u64) -> Option<Job> {
        let place = self.back.iter().position(|(it, _)| *it == number)?;
        self.back.remove(place).map(|(_, job)| job)
    }

    /// Nobody waits any more. Who asked for something at the same time hears that it is too late.
    fn end(&mut self) {
        self.over = true;
        for ask in std::mem::take(&mut self.asked) {
            self.open.retain(|number| *number != ask.number);
        }
    }
}

#[cold]
fn late() -> Error {
    Error::new(
        ErrorKind::Closed,
        "the answer comes too late: it was given before, or the guest's call has ended",
    )
}

fn over() -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "the call that called this host function has ended",
    )
}
