//! Pool: ready instances of one module or component for callers that run in parallel.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::components::linked::Linked;
use crate::fork::{Lock, Locked};
use crate::queue::Queue;
use crate::store::is_no_room;
use crate::{
    Error, ErrorKind, Imports, Instance, Module, Result, Sandbox, Store, Value, WitValue, host,
    messages, text,
};

/// Instances of one module, each in a store of its own, that callers take and give back. Cheap to
/// clone; all clones are one pool. May be used from any thread.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    module: Module,
    imports: Imports,
    sandbox: Sandbox,
    options: PoolOptions,
    state: Lock<State>,
    queue: OnceLock<Queue>,
    /// Of a component: what its imports were found to be, on demand and in slots.
    linked: [OnceLock<Arc<Linked>>; 2],
    /// Whether instances can be in slots of the engine.
    fits_slots: bool,
}

/// How a pool is kept.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// The most instances at a time; by default as many as the machine has cores.
    pub max: usize,
    /// How long to wait for an instance when all are taken. By default 30 s, as connection pools
    /// have it.
    pub wait: Duration,
    /// What happens to an instance that is given back.
    pub reset: Reset,
}

/// What happens to an instance that is given back to its pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reset {
    /// It is closed, and a fresh one takes its place: no caller sees what another left behind.
    #[default]
    Fresh,
    /// It is used again as it is, with its limits of fuel and output as at first; a fresh one takes
    /// its place if it was closed or poisoned. For guests that are trusted to keep callers apart.
    ///
    /// Of a component, one with a handle that is open still is not used again either: the handle may
    /// be of what another caller must not see. One that was dropped and not closed is closed first,
    /// for which the destructor runs. What the guest holds, of its own or of the host's, it keeps.
    Reuse,
}

/// How many instances and callers a pool has now, and how much it has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolCounts {
    /// Instances that are ready.
    pub ready: usize,
    /// Instances that are taken.
    pub taken: usize,
    /// Callers that wait for one.
    pub waiting: usize,
    /// Instances that were ever made.
    pub made: u64,
    /// How often one was taken.
    pub served: u64,
    /// Instances that were ever made in slots, see [`EngineOptions::pool_slots`](crate::EngineOptions::pool_slots);
    /// the others were made on demand.
    pub in_slots: u64,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Instance>,
    counts: PoolCounts,
    closed: bool,
    /// Callers that wait, first come first woken.
    parked: VecDeque<Thread>,
}

impl Default for PoolOptions {
    fn default() -> PoolOptions {
        PoolOptions {
            max: std::thread::available_parallelism().map_or(1, usize::from),
            wait: Duration::from_secs(30),
            reset: Reset::Fresh,
        }
    }
}

impl Reset {
    /// The one of a name, `fresh` or `reuse`.
    ///
    /// # Errors
    /// `type` for another name.
    pub fn named(name: &str) -> Result<Reset> {
        match name {
            "fresh" => Ok(Reset::Fresh),
            "reuse" => Ok(Reset::Reuse),
            _ => Err(messages::not_a(
                "reset",
                "fresh or reuse",
                text::quoted(name),
            )),
        }
    }
}

impl Pool {
    /// Makes a pool with one instance in it, so that a problem with the module or its imports
    /// shows now. More instances are made when they are needed.
    ///
    /// # Errors
    /// `range` if `max` is 0, and as [`Module::instantiate_with`].
    pub fn new(
        module: &Module,
        imports: &Imports,
        sandbox: &Sandbox,
        options: PoolOptions,
    ) -> Result<Pool> {
        if options.max == 0 {
            return Err(messages::pool_room(0));
        }
        let pool = Pool(Arc::new(Inner {
            module: module.clone(),
            imports: imports.clone(),
            sandbox: sandbox.clone(),
            options,
            state: Lock::default(),
            queue: OnceLock::new(),
            linked: Default::default(),
            fits_slots: module.fits_slots(sandbox),
        }));
        let first = pool.make()?;
        pool.0.lock().ready.push_back(first);
        Ok(pool)
    }

    /// Takes an instance. [`Instance::close`], or dropping it, gives it back. After that, do not use
    /// functions and other things that you got from it. Handles of resources that are still open are
    /// closed with the instance, see [`Reset`]. A function of a component holds its instance: if you do
    /// not close the instance, it is given back when its functions are dropped, too.
    ///
    /// # Errors
    /// `busy` if none was given back in time, or at once on a thread that must not wait; `closed`;
    /// `cancelled`; the error of making one.
    pub fn get(&self) -> Result<Instance> {
        let instance = match self.take()? {
            Some(ready) => ready,
            None => self.make().inspect_err(|_| self.left())?,
        };
        Ok(instance.leased(Lease(Arc::downgrade(&self.0))))
    }

    /// Takes an instance, calls a function of it, and gives it back.
    ///
    /// # Errors
    /// As [`Pool::get`] and [`Instance::call`].
    pub fn call(&self, name: &str, args: &[Value]) -> Result<Vec<Value>> {
        let instance = self.get()?;
        let called = instance.call(name, args);
        instance.close();
        called
    }

    /// The same for a function of a component. A resource in the result is closed with the instance;
    /// where you want one, take the instance with [`Pool::get`].
    ///
    /// # Errors
    /// As [`Pool::get`], [`Instance::wit_func`] and [`WitFunc::call`](crate::WitFunc::call).
    pub fn wit_call(&self, name: &str, args: &[WitValue]) -> Result<Option<WitValue>> {
        let instance = self.get()?;
        let called = instance.wit_func(name).and_then(|func| func.call(args));
        instance.close();
        called
    }

    /// How many instances and callers it has now, and how much it has done.
    pub fn counts(&self) -> PoolCounts {
        let state = self.0.lock();
        PoolCounts {
            ready: state.ready.len(),
            ..state.counts.clone()
        }
    }

    /// Closes the pool: the ready instances are closed now, those that are taken when they are given
    /// back, and callers that wait get `closed`. Closing twice is no error.
    pub fn close(&self) {
        let mut state = self.0.lock();
        state.closed = true;
        let ready = std::mem::take(&mut state.ready);
        let parked = std::mem::take(&mut state.parked);
        drop(state);
        parked.iter().for_each(Thread::unpark);
        ready.iter().for_each(|instance| instance.store().close());
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.0.lock().closed
    }

    /// The module it has instances of.
    pub fn module(&self) -> &Module {
        &self.0.module
    }

    /// Of its asynchronous calls.
    pub(crate) fn queue(&self) -> &Queue {
        let inner = &*self.0;
        let workers = inner.module.engine().workers();
        inner
            .queue
            .get_or_init(|| Queue::new(workers, inner.options.max))
    }

    fn make(&self) -> Result<Instance> {
        let inner = &*self.0;
        let (made, is_in_slot) = match self.make_in_slot() {
            Some(made) => (made?, true),
            None => {
                let store = Store::with(inner.module.engine(), &inner.sandbox)?;
                (self.make_in(&store, false)?, false)
            }
        };
        let mut state = inner.lock();
        state.counts.made += 1;
        state.counts.in_slots += u64::from(is_in_slot);
        Ok(made)
    }

    /// In a slot of the engine, if one is free and what comes into it fits.
    fn make_in_slot(&self) -> Option<Result<Instance>> {
        let inner = &*self.0;
        if !inner.fits_slots {
            return None;
        }
        let store = Store::in_slot(inner.module.engine(), &inner.sandbox)?;
        let made = store.and_then(|store| self.make_in(&store, true));
        match made {
            Err(error) if is_no_room(&error) => None,
            made => Some(made),
        }
    }

    fn make_in(&self, store: &Store, in_slot: bool) -> Result<Instance> {
        let inner = &*self.0;
        let known = &inner.linked[usize::from(in_slot)];
        let linked = known.get();
        let made = Instance::linked(store, &inner.module, &inner.imports, linked)?;
        // Asking a core module for its component would make an error each time.
        if linked.is_none() && inner.module.is_component() {
            let component = made.component()?;
            known.get_or_init(|| component.linked.clone());
        }
        Ok(made)
    }

    /// A ready instance, or none if there is room to make one; it is counted as taken.
    fn take(&self) -> Result<Option<Instance>> {
        let mut state = self.0.lock();
        if let Some(taken) = state.take(self.0.options.max) {
            return taken;
        }
        state.counts.waiting += 1;
        drop(state);
        let mut taken = None;
        let waited = host::current().wait(&mut || {
            if taken.is_none() {
                taken = Some(self.wait());
            }
        });
        self.0.lock().counts.waiting -= 1;
        let taken = taken.unwrap_or_else(|| Err(host::did_not_wait()));
        match (waited, taken) {
            (Ok(()), taken) => taken,
            (Err(_), Ok(taken)) => {
                // The host refuses after all.
                match taken {
                    Some(ready) => self.take_back(ready),
                    None => self.left(),
                }
                Err(self.exhausted(Duration::ZERO))
            }
            (Err(_), Err(_)) => Err(self.exhausted(Duration::ZERO)),
        }
    }

    fn wait(&self) -> Result<Option<Instance>> {
        let most = self.0.options.wait;
        let start = Instant::now();
        let mut state = self.0.lock();
        loop {
            if let Some(taken) = state.take(self.0.options.max) {
                return taken;
            }
            if start.elapsed() >= most {
                return Err(self.exhausted(most));
            }
            let nap = LOOK.min(most.saturating_sub(start.elapsed()));
            let me = thread::current();
            state.parked.push_back(me.clone());
            drop(state);
            thread::park_timeout(nap);
            let mut woken = self.0.lock();
            woken.parked.retain(|it| it.id() != me.id());
            drop(woken);
            host::go_on_waiting().inspect_err(|_| self.0.lock().wake_next())?;
            state = self.0.lock();
        }
    }

    /// There is room for one again.
    fn left(&self) {
        let mut state = self.0.lock();
        state.counts.taken -= 1;
        state.wake_next();
    }

    fn exhausted(&self, waited: Duration) -> Error {
        let max = self.0.options.max;
        let text = match waited.as_millis() {
            0 => {
                format!("all {max} instances of the pool are taken, and this thread must not wait")
            }
            ms => {
                format!("all {max} instances of the pool are taken, and none came back in {ms} ms")
            }
        };
        Error::new(ErrorKind::Busy, text)
    }
}

/// How often a caller that waits looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(10);

impl State {
    /// A ready instance, or room for one, if there is either.
    fn take(&mut self, max: usize) -> Option<Result<Option<Instance>>> {
        if self.closed {
            return Some(Err(messages::closed("pool")));
        }
        let ready = self.ready.pop_front();
        if ready.is_none() && self.counts.taken >= max {
            return None;
        }
        self.counts.taken += 1;
        self.counts.served += 1;
        Some(Ok(ready))
    }

    fn wake_next(&mut self) {
        if let Some(next) = self.parked.pop_front() {
            next.unpark();
        }
    }
}

impl Inner {
    fn lock(&self) -> Locked<'_, State> {
        self.state.lock()
    }
}

/// What an instance that was taken knows of its pool.
pub(crate) struct Lease(Weak<Inner>);

impl Lease {
    /// Gives the instance back.
    pub(crate) fn end(&self, instance: Instance) {
        match self.0.upgrade() {
            Some(inner) => Pool(inner).take_back(instance),
            None => instance.store().close(),
        }
    }
}

impl Pool {
    fn take_back(&self, instance: Instance) {
        let next = self.renewed(instance);
        let mut state = self.0.lock();
        state.counts.taken -= 1;
        let spare = match next {
            Some(next) if !state.closed => {
                state.ready.push_back(next);
                None
            }
            other => other,
        };
        state.wake_next();
        drop(state);
        if let Some(spare) = spare {
            spare.store().close();
        }
    }

    /// What takes the place of an instance. If none can be made, the next caller hears why.
    fn renewed(&self, instance: Instance) -> Option<Instance> {
        let store = instance.store();
        let reuse = self.0.options.reset == Reset::Reuse;
        if reuse && !self.is_closed() && store.renew().is_ok() {
            return Some(instance);
        }
        store.close();
        let wanted = !self.is_closed();
        wanted.then(|| self.make().ok()).flatten()
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({:?})", self.counts())
    }
}
