//! Call: a call in flight on a thread of the engine's.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread::{self, Thread};

use crate::fork::{self, Lock, Locked};
use crate::place::Place;
use crate::queue::{Follow, Queue, QueuedJob};
use crate::{
    Cancel, Error, ErrorKind, Func, Instance, Pool, Result, Store, Value, WitFunc, WitValue,
    messages,
};

/// A call that runs on one of the engine's threads, or a module that is loaded there. It goes on if this
/// is dropped. Cheap to clone; all clones are one call.
///
/// It is a [`Future`], and needs no executor of any sort; [`Call::wait`] and [`Call::on_done`] are
/// for programs without futures.
pub struct Call<T = Vec<Value>>(Arc<Inner<T>>);

impl<T> Clone for Call<T> {
    fn clone(&self) -> Call<T> {
        Call(self.0.clone())
    }
}

struct Inner<T> {
    cancel: Cancel,
    /// Where it runs, to tell a wait that would never end.
    store: Option<Store>,
    state: Lock<State<T>>,
    /// The process that it runs in.
    generation: u32,
}

type Then<T> = Box<dyn FnOnce(Result<T>) + Send>;

struct State<T> {
    begun: bool,
    /// Among the calls of its store, until it has begun.
    place: Option<Place>,
    outcome: Option<Result<T>>,
    then: Vec<Then<T>>,
    wakers: Vec<Waker>,
    /// Threads that wait for the outcome.
    parked: Vec<Thread>,
}

impl<T> Default for State<T> {
    fn default() -> State<T> {
        State {
            begun: false,
            place: None,
            outcome: None,
            then: Vec::new(),
            wakers: Vec::new(),
            parked: Vec::new(),
        }
    }
}

/// A call that is about to be made; nothing happens before [`Prepared::start`]. For programs that must
/// hear of the outcome however soon it comes.
pub struct Prepared<T = Vec<Value>> {
    call: Call<T>,
    queue: Queue,
    job: QueuedJob,
}

impl<T: Clone + Send + 'static> Prepared<T> {
    pub(crate) fn new(
        queue: &Queue,
        store: Option<Store>,
        what: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Prepared<T> {
        let call = Call(Arc::new(Inner {
            cancel: Cancel::new(),
            store,
            state: Lock::default(),
            generation: fork::generation(),
        }));
        let promised = Promised(call.clone());
        Prepared {
            call,
            queue: queue.clone(),
            job: Box::new(move || promised.0.run(what)),
        }
    }

    /// One that takes its turn among the calls of a store.
    pub(crate) fn in_store(
        store: &Store,
        what: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Prepared<T> {
        Prepared::new(store.queue(), Some(store.clone()), what)
    }

    /// The call, which can be cancelled before it is started, too.
    pub fn call(&self) -> &Call<T> {
        &self.call
    }

    /// Starts it.
    ///
    /// # Errors
    /// `limit` if no thread can be started; nothing that was to follow is run then.
    pub fn start(self) -> Result<Call<T>> {
        self.queue.run(self.job, || self.call.book())?;
        Ok(self.call)
    }
}

impl<T> fmt::Debug for Prepared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prepared")
    }
}

impl<T: Clone + Send + 'static> Call<T> {
    /// Takes its place among the calls of its store.
    fn book(&self) {
        let Some(store) = &self.0.store else { return };
        let place = store.book(store.engine().workers().crew().most());
        let mut state = self.0.lock();
        // What was cancelled before it was started needs none.
        if state.outcome.is_none() {
            state.place = Some(place);
        }
    }

    /// Ends the call with an error of kind `cancelled`: at once if it has not begun, otherwise as
    /// [`Cancel::scope`] says. Does nothing if it is done. May be called from any thread.
    pub fn cancel(&self) {
        self.0.cancel.cancel();
        if !self.0.lock().begun {
            self.finish(Err(messages::cancelled()))();
        }
    }

    /// Stops waiting for it: the outcome is an error of kind `cancelled`, at once. Work that cannot be
    /// interrupted, such as compiling, goes on, and its result is discarded.
    pub fn abandon(&self) {
        self.0.cancel.cancel();
        self.finish(Err(messages::cancelled()))();
    }

    /// Whether there is an outcome.
    pub fn is_done(&self) -> bool {
        self.0.lock().outcome.is_some()
    }

    /// Waits for the outcome.
    ///
    /// # Errors
    /// The error of the call; `deadlock` if this thread is in a host function of the very store
    /// in which the call should run; `poisoned` if the call is in flight in the process from which this
    /// one was forked.
    pub fn wait(&self) -> Result<T> {
        let mut state = self.0.lock();
        let mine = |store: &Store| store.turn().is_mine();
        if state.outcome.is_none() && self.0.store.as_ref().is_some_and(mine) {
            return Err(Error::new(
                ErrorKind::Deadlock,
                "this thread would wait for a call that itself waits for this thread's call to end",
            ));
        }
        loop {
            if let Some(outcome) = &state.outcome {
                return outcome.clone();
            }
            state.parked.push(thread::current());
            drop(state);
            thread::park();
            state = self.0.lock();
        }
    }

    /// Has `then` run with the outcome, once: on the thread that ran the call, on the one that
    /// cancelled it, or here and now if there is an outcome. It may call anything and should be
    /// short. A panic in it is dropped.
    pub fn on_done(&self, then: impl FnOnce(Result<T>) + Send + 'static) {
        let mut state = self.0.lock();
        match state.outcome.clone() {
            None => state.then.push(Box::new(then)),
            Some(outcome) => {
                drop(state);
                follow(Box::new(then), outcome);
            }
        }
    }

    /// Runs on a thread of the engine's; what it gives is run when the queue has moved on, so that
    /// it may wait for other calls of the same store.
    fn run(&self, what: impl FnOnce() -> Result<T>) -> Follow {
        let mut state = self.0.lock();
        state.begun = true;
        if state.outcome.is_some() {
            return Box::new(|| ());
        }
        let place = state.place.take();
        drop(state);
        let what = || {
            let _begun = place.as_ref().map(Place::begin).transpose()?;
            what()
        };
        let ran = catch_unwind(AssertUnwindSafe(|| self.0.cancel.scope(what)));
        self.finish(ran.unwrap_or_else(|panic| Err(Error::from_panic(&*panic))))
    }

    /// The first outcome counts. Gives what is to follow on it.
    fn finish(&self, outcome: Result<T>) -> Follow {
        let followers = self.settle(outcome);
        Box::new(move || {
            let Some(followers) = followers else { return };
            wake(followers.wakers);
            for then in followers.then {
                follow(then, followers.outcome.clone());
            }
        })
    }

    /// The first outcome counts.
    fn settle(&self, outcome: Result<T>) -> Option<Followers<T>> {
        let mut state = self.0.lock();
        if state.outcome.is_some() {
            return None;
        }
        state.outcome = Some(outcome.clone());
        let followers = Followers {
            outcome,
            then: std::mem::take(&mut state.then),
            wakers: std::mem::take(&mut state.wakers),
        };
        let parked = std::mem::take(&mut state.parked);
        let place = state.place.take();
        drop(state);
        drop(place);
        parked.iter().for_each(Thread::unpark);
        Some(followers)
    }
}

/// The program's own code that waits for an outcome.
struct Followers<T> {
    outcome: Result<T>,
    then: Vec<Then<T>>,
    wakers: Vec<Waker>,
}

fn wake(wakers: Vec<Waker>) {
    for waker in wakers {
        let _ = catch_unwind(AssertUnwindSafe(|| waker.wake()));
    }
}

fn follow<T>(then: Then<T>, outcome: Result<T>) {
    let _ = catch_unwind(AssertUnwindSafe(|| then(outcome)));
}

/// A job that has an outcome even if it is dropped; whoever dropped it tells so himself.
struct Promised<T: Clone + Send + 'static>(Call<T>);

impl<T: Clone + Send + 'static> Drop for Promised<T> {
    fn drop(&mut self) {
        if !self.0.is_done() {
            let text = "the call was dropped: no thread could be started for it";
            let followers = self.0.settle(Err(Error::new(ErrorKind::Limit, text)));
            followers.into_iter().for_each(|it| wake(it.wakers));
        }
    }
}

impl<T> Inner<T> {
    fn lock(&self) -> Locked<'_, State<T>> {
        let mut state = self.state.lock();
        if self.generation != fork::generation() && state.outcome.is_none() {
            // What was to follow on it follows in the parent process.
            std::mem::forget(std::mem::take(&mut *state));
            state.outcome = Some(Err(Error::new(
                ErrorKind::Poisoned,
                "the call is in flight in the process that this one was forked from; call again",
            )));
        }
        state
    }
}

impl<T: Clone + Send + 'static> Future for Call<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Call<T>>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Its clone is the program's own code, which may ask this very call.
        let waker = context.waker().clone();
        let mut state = self.0.lock();
        match &state.outcome {
            Some(outcome) => Poll::Ready(outcome.clone()),
            None => {
                let known = state.wakers.iter().any(|it| it.will_wake(&waker));
                let spare = match known {
                    true => Some(waker),
                    false => {
                        state.wakers.push(waker);
                        None
                    }
                };
                drop(state);
                drop(spare);
                Poll::Pending
            }
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_done = self.0.lock().outcome.is_some();
        write!(f, "Call({})", if is_done { "done" } else { "in flight" })
    }
}

impl Func {
    /// Calls it on one of the engine's threads, and does not wait. Calls of one store run one after
    /// the other, in the order they were made; any number may be in flight.
    ///
    /// # Errors
    /// `type` if the number of arguments is wrong; `limit` if no thread can be started. All else is
    /// the outcome of the call, as of [`Func::call`].
    pub fn call_async(&self, args: &[Value]) -> Result<Call> {
        self.prepare(args)?.start()
    }

    /// The same, not started yet.
    ///
    /// # Errors
    /// `type` if the number of arguments is wrong.
    pub fn prepare(&self, args: &[Value]) -> Result<Prepared> {
        self.check_count(args.len())?;
        let (func, args) = (self.clone(), args.to_vec());
        Ok(Prepared::in_store(self.store(), move || func.call(&args)))
    }
}

impl Instance {
    /// Calls an exported function by name on one of the engine's threads. See [`Func::call_async`].
    ///
    /// # Errors
    /// `not_found`, `closed`, and as [`Func::call_async`].
    pub fn call_async(&self, name: &str, args: &[Value]) -> Result<Call> {
        self.prepare(name, args)?.start()
    }

    /// The same, not started yet.
    ///
    /// # Errors
    /// `not_found`, `closed`, `type`.
    pub fn prepare(&self, name: &str, args: &[Value]) -> Result<Prepared> {
        self.check_call(name, args.len())?;
        let (instance, name, args) = (self.clone(), name.to_owned(), args.to_vec());
        Ok(Prepared::in_store(self.store(), move || {
            instance.call(&name, &args)
        }))
    }

    /// Runs a program on one of the engine's threads; the outcome is its exit code, an `i32`. See
    /// [`Instance::run`].
    ///
    /// # Errors
    /// `limit` if no thread can be started.
    pub fn run_async(&self) -> Result<Call> {
        self.prepare_run().start()
    }

    /// The same, not started yet.
    pub fn prepare_run(&self) -> Prepared {
        let instance = self.clone();
        let run = move || Ok(vec![Value::I32(instance.run()?)]);
        Prepared::in_store(self.store(), run)
    }
}

impl WitFunc {
    /// Calls it on one of the engine's threads, and does not wait. Calls of one store run one after the
    /// other, in the order they were made; any number may be in flight.
    ///
    /// # Errors
    /// `type` if the number of arguments is wrong; `limit` if no thread can be started. All else is
    /// the outcome of the call, as of [`WitFunc::call`].
    pub fn call_async(&self, args: &[WitValue]) -> Result<Call<Option<WitValue>>> {
        self.prepare(args)?.start()
    }

    /// The same, not started yet.
    ///
    /// # Errors
    /// `type` if the number of arguments is wrong.
    pub fn prepare(&self, args: &[WitValue]) -> Result<Prepared<Option<WitValue>>> {
        self.check_count(args.len())?;
        let (func, args) = (self.clone(), args.to_vec());
        Ok(Prepared::in_store(self.store(), move || func.call(&args)))
    }
}

impl Pool {
    /// As [`Pool::wit_call`], on one of the engine's threads. Any number may be in flight; so many run
    /// at a time as the pool has room for.
    ///
    /// # Errors
    /// `limit` if no thread can be started. All else is the outcome of the call.
    pub fn wit_call_async(&self, name: &str, args: &[WitValue]) -> Result<Call<Option<WitValue>>> {
        self.wit_prepare(name, args).start()
    }

    /// The same, not started yet.
    pub fn wit_prepare(&self, name: &str, args: &[WitValue]) -> Prepared<Option<WitValue>> {
        let (pool, name, args) = (self.clone(), name.to_owned(), args.to_vec());
        Prepared::new(self.queue(), None, move || pool.wit_call(&name, &args))
    }

    /// Takes an instance, calls a function of it, and gives it back, on one of the engine's threads.
    /// Any number may be in flight; as many run at a time as the pool may have instances.
    ///
    /// # Errors
    /// `limit` if no thread can be started. All other errors are the outcome of the call.
    pub fn call_async(&self, name: &str, args: &[Value]) -> Result<Call> {
        self.prepare(name, args).start()
    }

    /// The same, not started yet.
    pub fn prepare(&self, name: &str, args: &[Value]) -> Prepared {
        let (pool, name, args) = (self.clone(), name.to_owned(), args.to_vec());
        Prepared::new(self.queue(), None, move || pool.call(&name, &args))
    }
}
