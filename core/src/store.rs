//! Store: one sandbox. The one file that knows the engine's store and caller: who may enter, which
//! context is live while a host function runs, and when the memory of a closed store goes.

mod calls;
mod component_calls;
mod components;
mod data;
mod entry;
mod larger;
mod live;
mod outermost;
mod output;
mod remains;
mod slot;
mod spares;
mod usage;
mod waiting;

use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::marker::PhantomPinned;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use wasmtime::AsContextMut;

pub(crate) use calls::call_host;
pub(crate) use component_calls::call_component_host;
pub(crate) use data::{Data, Owner};
use entry::Shut;
pub(crate) use entry::{Context, Entered};
use live::Live;
use remains::let_go;
pub(crate) use remains::{Lent, Remain};
pub(crate) use slot::{explained, is_no_room};
use spares::Spares;
pub(crate) use spares::{Socket, Spare};
use usage::{on_tick, set_fuel};
pub(crate) use waiting::Wait;

use crate::batches::drivers::Drivers;
use crate::components::resources::Object;
use crate::components::state::Components;
use crate::engine::{Build, Tick, Variant};
use crate::last_thread::LastThread;
use crate::limits::Meter;
use crate::queue::Queue;
use crate::stdio::{Input, Sink};
use crate::this_thread;
use crate::turn::{Held, Turn};
use crate::{
    Engine, Error, ErrorKind, Imports, Instance, Limits, Module, Policy, Result, Sandbox, fork,
};

/// One sandbox: instances that share memories, tables, globals and functions live in one store.
/// [`Module::instantiate`] makes one by itself, so most programs never name it.
///
/// Cheap to clone; all clones are one store. May be used from many threads: they take turns, first
/// come first served. A host function may call back into its own store.
#[derive(Clone)]
pub struct Store(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    turn: &'static Turn,
    /// No other store of this process ever has it.
    number: usize,
    /// Bits of [`CLOSED`], [`POISONED`], [`CANCELLED`], [`REMAINS`], [`ENDED`] and [`DROPS`].
    state: AtomicU8,
    engine: Engine,
    sandbox: Sandbox,
    sinks: OnceLock<[Arc<Sink>; 3]>,
    /// Whether a line of output waits for its end.
    has_open_line: Cell<bool>,
    /// Of asynchronous calls.
    queue: OnceLock<Queue>,
    born: Instant,
    meter: Meter,
    /// What each call needs of the engine, at hand: of the build that the body is of. Only whoever holds
    /// the turn looks at it.
    tick: UnsafeCell<Option<Arc<Tick>>>,
    stack_bytes: usize,
    body: UnsafeCell<Option<Box<wasmtime::Store<Data>>>>,
    /// Whether the body has room for 64-bit memories of more than the usual.
    large: AtomicBool,
    /// Whether the body is in a slot.
    pooled: bool,
    thread: LastThread,
    /// Where the engine keeps the address that the guest's stack must not pass.
    stack_limit: Cell<*mut usize>,
    /// Whether something is left for the end of an outermost call or for the beginning of the next: ticks, what was
    /// thrown or refused, an open line of output, how long the last one took.
    is_unsettled: Cell<bool>,
    /// Ticks in the current outermost call.
    ticks: Cell<u32>,
    /// When the first of them was.
    since: Cell<Option<Instant>>,
    last_call: Cell<Duration>,
    /// Whether nobody may enter, the owner of the turn included: at a tick, and while bytes are
    /// lent.
    shut: Cell<bool>,
    /// What was given of it last.
    fuel: Cell<u64>,
    /// What a host function threw last in the current outermost call.
    thrown: Cell<Option<Error>>,
    /// What is to be dropped when nothing of the engine is in the way.
    remains: Cell<Vec<Remain>>,
    spares: fork::Lock<Spares>,
    /// What instances in it were made of.
    templates: Cell<Vec<Object>>,
    /// Loops of batches. Only whoever holds the turn looks at it.
    drivers: Drivers,
    /// Made when components have to do with the store: most have none.
    components: OnceLock<Box<Components>>,
    /// Views that keep the memories mapped.
    pins: AtomicUsize,
    /// While this is dropped its engine's store still notes remains in it, by [`Owner`]: a `&mut`
    /// to it is not the only way.
    _shared: PhantomPinned,
}

const CLOSED: u8 = 1;
const POISONED: u8 = 2;
/// The call that runs is to end.
const CANCELLED: u8 = 4;
/// Something is noted in `remains`.
const REMAINS: u8 = 8;
/// The components were ended.
const ENDED: u8 = 16;
/// Resources of components wait to be dropped.
const DROPS: u8 = 32;

/// The number of the next store.
static NEXT: AtomicUsize = AtomicUsize::new(1);

// SAFETY: everything that is not atomic is only touched by the thread that holds the turn, which
// hands over with acquire and release ordering; the engine's store is `Send`, and `Data` holds a
// pointer to the `Inner` that owns it.
unsafe impl Send for Inner {}
// SAFETY: as above.
unsafe impl Sync for Inner {}

impl Store {
    /// Makes an empty store.
    ///
    /// # Errors
    /// `limit` if memory or threads run out.
    pub fn new(engine: &Engine) -> Result<Store> {
        Store::with(engine, &Sandbox::default())
    }

    /// Makes an empty store that is closed in. Files and folders are opened when the first module
    /// asks for WASI.
    ///
    /// # Errors
    /// `limit` if memory or threads run out; `unsupported` for a timeout if the engine cannot
    /// interrupt guests.
    pub fn with(engine: &Engine, sandbox: &Sandbox) -> Result<Store> {
        Store::of_build(engine, sandbox, Build::on_demand(sandbox))
    }

    fn of_build(engine: &Engine, sandbox: &Sandbox, build: Build) -> Result<Store> {
        let limits = &sandbox.limits;
        if limits.timeout.is_some() && !engine.options().interruptible {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "a timeout needs an engine that can interrupt guests; leave its option interruptible on",
            ));
        }
        let thread = this_thread::current();
        if thread.is_in_host() {
            thread.check()?;
        }
        let variant = engine.variant(build)?;
        variant.start_ticker()?;
        let _section = variant.section()?;
        Inner::settle_left();
        let store = Store(Arc::new(Inner {
            turn: Turn::rent(),
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            state: AtomicU8::new(0),
            engine: engine.clone(),
            sandbox: sandbox.clone(),
            sinks: OnceLock::new(),
            has_open_line: Cell::new(false),
            queue: OnceLock::new(),
            born: Instant::now(),
            meter: Meter::default(),
            tick: UnsafeCell::new(variant.tick.clone()),
            stack_bytes: engine.options().stack_bytes,
            body: UnsafeCell::new(None),
            large: AtomicBool::new(build.large),
            pooled: build.pooled,
            thread: LastThread::new(),
            stack_limit: Cell::new(ptr::null_mut()),
            is_unsettled: Cell::new(false),
            ticks: Cell::new(0),
            since: Cell::new(None),
            last_call: Cell::new(Duration::ZERO),
            shut: Cell::new(false),
            fuel: Cell::new(limits.fuel.unwrap_or(0)),
            thrown: Cell::new(None),
            remains: Cell::default(),
            spares: fork::Lock::default(),
            templates: Cell::default(),
            drivers: Drivers::default(),
            components: OnceLock::new(),
            pins: AtomicUsize::new(0),
            _shared: PhantomPinned,
        }));
        let (body, stack_limit) = store.0.make_body(variant)?;
        store.0.stack_limit.set(stack_limit);
        // SAFETY: nobody else has this store yet.
        unsafe { *store.0.body.get() = Some(body) };
        Ok(store)
    }

    /// The engine it was made by.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// The sandbox with which it was made.
    pub fn sandbox(&self) -> &Sandbox {
        &self.0.sandbox
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// What its code is compiled for.
    pub(crate) fn build(&self) -> Build {
        self.0.build()
    }

    /// The engine's engine of this store.
    pub(crate) fn wasmtime(&self) -> Result<&wasmtime::Engine> {
        Ok(&self.0.variant()?.engine)
    }

    /// A number that no other store of this process has, or had.
    pub fn number(&self) -> usize {
        self.0.number
    }

    /// Whether both are one store.
    pub fn same(&self, other: &Store) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Makes an instance of a module in this store. See [`Module::instantiate`].
    pub fn instantiate(&self, module: &Module, imports: &Imports) -> Result<Instance> {
        Instance::in_store(self, module, imports)
    }

    /// Of its asynchronous calls.
    pub(crate) fn queue(&self) -> &Queue {
        let make = || Queue::new(self.0.engine.workers(), 1);
        self.0.queue.get_or_init(make)
    }

    /// Collects garbage of the guests' heap now. That also happens by itself when it is needed; this
    /// releases host objects at once that no guest holds any more. Objects that are only released because
    /// such objects are dropped follow at the next collection.
    ///
    /// # Errors
    /// `closed`.
    pub fn gc(&self) -> Result<()> {
        self.enter(|ctx| {
            let collected = ctx.engine.gc(None);
            collected.map_err(|e| Error::from_engine(e, ErrorKind::Internal))
        })?;
        self.let_go_in_host();
        Ok(())
    }

    /// Closes the store: using anything in it is an error of kind `closed` from now on, and its memory is freed as
    /// soon as no call is inside and no view is left. Never waits: a call that runs is ended within
    /// milliseconds with `closed`. Closing twice is not an error.
    pub fn close(&self) {
        self.0.state.fetch_or(CLOSED, Ordering::SeqCst);
        self.0.settle();
    }

    /// Whether the store was closed.
    pub fn is_closed(&self) -> bool {
        self.0.state.load(Ordering::Relaxed) & CLOSED != 0
    }

    /// The lock of this store.
    pub(crate) fn turn(&self) -> &'static Turn {
        self.0.turn
    }

    /// Keeps the memories mapped, even if the store is closed, until the pin is dropped.
    pub(crate) fn pin(&self) -> Pin {
        self.0.pins.fetch_add(1, Ordering::SeqCst);
        Pin(self.clone())
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Inner {
    /// The context of the host function that runs now, if one does.
    #[inline(always)]
    fn live(&self) -> Live {
        Live::of(self.turn.live.load(Ordering::Relaxed))
    }

    /// Keeps everybody from entering, until the answer is dropped. The turn must be held.
    pub(crate) fn shut_for_host(&self) -> Shut<'_> {
        Shut::new(&self.shut)
    }

    /// Marks the store as unusable after an interruption or a panic.
    pub(crate) fn poison(&self) {
        self.state.fetch_or(POISONED, Ordering::SeqCst);
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.sandbox.policy
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.sandbox.limits
    }

    /// The turn must be held.
    pub(crate) fn drivers(&self) -> &Drivers {
        &self.drivers
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn stdin(&self) -> &Input {
        &self.sandbox.stdio.stdin
    }

    /// How long the store has been there.
    pub(crate) fn since_start(&self) -> Duration {
        self.born.elapsed()
    }

    pub(crate) fn variant(&self) -> Result<&Variant> {
        self.engine.variant(self.build())
    }

    fn build(&self) -> Build {
        Build {
            fueled: self.sandbox.limits.fuel.is_some(),
            large: self.large.load(Ordering::Relaxed),
            pooled: self.pooled,
        }
    }

    /// The engine's store, empty, and where it keeps the limit of the guest's stack.
    #[inline(always)]
    fn make_body(&self, variant: &Variant) -> Result<(Box<wasmtime::Store<Data>>, *mut usize)> {
        let data = Data {
            owner: Owner::new(self),
            wasi: None,
        };
        let mut body = Box::new(wasmtime::Store::new(&variant.engine, data));
        body.limiter(|data| data);
        body.set_epoch_deadline(1);
        if self.engine.options().interruptible {
            body.epoch_deadline_callback(on_tick);
        }
        self.sandbox.limits.bound_components(&mut body);
        let stack_limit = slot::stack_limit(&mut body, variant)?;
        if let Some(fuel) = self.sandbox.limits.fuel {
            set_fuel(&mut body.as_context_mut(), fuel)?;
        }
        Ok((body, stack_limit))
    }

    #[inline(always)]
    fn keep_ticking(&self) {
        // SAFETY: this thread holds the turn, and it is only changed by who holds the turn.
        if let Some(tick) = unsafe { &*self.tick.get() } {
            tick.keep_awake();
        }
    }

    /// Frees the body of a closed store if nobody is inside. Does not wait: who is inside frees it
    /// on leaving, unless it looked before the store was closed.
    fn settle(self: &Arc<Inner>) {
        match self.turn.try_hold() {
            Some(held) => self.leave(held),
            None => left().push(Arc::downgrade(self)),
        }
    }

    /// The same for who kept others out.
    pub(crate) fn settle_if_closed(&self) {
        if self.state.load(Ordering::SeqCst) & CLOSED != 0 {
            self.as_store().0.settle();
        }
    }

    /// Looks again at closed stores that somebody was inside of.
    fn settle_left() {
        let again = std::mem::take(&mut *left());
        let again = again.iter().filter_map(Weak::upgrade);
        again.for_each(|inner| inner.settle());
    }

    /// Leaves a store that is closed or has remains: if this is the outermost entry, these go once
    /// the turn is free.
    #[cold]
    fn leave(&self, held: Held) {
        let remains = self.clear();
        drop(held);
        let_go(remains);
    }

    /// If this is the outermost entry: frees the body if the store is closed and no view is left,
    /// and takes the remains. The turn must be held.
    fn clear(&self) -> Vec<Remain> {
        let idle = self.turn.depth() == 1 && self.live().is_none() && !self.shut.get();
        if !idle {
            return Vec::new();
        }
        let is_closed = self.state.load(Ordering::SeqCst) & CLOSED != 0;
        if is_closed && self.pins.load(Ordering::SeqCst) == 0 {
            // SAFETY: this thread holds the turn and no context is in use. What is the host's in it
            // is only noted.
            let body = unsafe { (*self.body.get()).take() };
            self.free_body(body);
            drop(std::mem::take(&mut *self.spares.lock()));
            self.bury_templates();
            self.bury_components();
        }
        if is_closed {
            let sinks = self.sinks.get().into_iter().flatten();
            sinks.for_each(|it| it.close());
        }
        self.take_remains()
    }
}

/// Closed stores that could not be freed at once.
fn left() -> fork::Locked<'static, Vec<Weak<Inner>>> {
    static LEFT: fork::Lock<Vec<Weak<Inner>>> = fork::Lock::new(Vec::new());
    LEFT.lock()
}

impl Drop for Inner {
    fn drop(&mut self) {
        let body = self.body.get_mut().take();
        self.free_body(body);
        self.bury_templates();
        self.bury_components();
        self.turn.give_back();
        self.state.fetch_or(CLOSED, Ordering::Relaxed);
        let_go(self.take_remains());
    }
}

/// Keeps the memories of a store mapped.
#[derive(Debug)]
pub(crate) struct Pin(Store);

impl Drop for Pin {
    fn drop(&mut self) {
        self.0.0.pins.fetch_sub(1, Ordering::SeqCst);
        if self.0.0.state.load(Ordering::SeqCst) & CLOSED != 0 {
            self.0.0.settle();
        }
    }
}
