//! Store: one sandbox. The one file that knows the engine's store and caller: who may enter, which
//! context is live while a host function runs, and when the memory of a closed store goes.

use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use wasmtime::{
    AsContextMut, Caller, ResourceLimiter, StoreContextMut, ThrownException, UpdateDeadline,
};

use crate::engine::Tick;
use crate::host::{self, HostContext};
use crate::limits::{Limits, Meter, Usage};
use crate::turn::{Held, Turn};
use crate::{
    Engine, Error, ErrorKind, Exception, Extern, Imports, Instance, Module, Result, stack,
};

/// One sandbox: instances that share memories, tables, globals and functions live in one store.
/// [`Module::instantiate`] makes one by itself, so most programs never name it.
///
/// Cheap to clone; all clones are one store. May be used from many threads: they take turns, first
/// come first served. A host function may call back into its own store.
#[derive(Clone)]
pub struct Store(pub(crate) Arc<Inner>);

/// What the engine keeps with its store.
pub(crate) struct Data {
    owner: *const Inner,
}

pub(crate) struct Inner {
    turn: &'static Turn,
    /// Bits of [`CLOSED`], [`POISONED`] and [`CANCELLED`].
    state: AtomicU8,
    engine: Engine,
    limits: Limits,
    meter: Meter,
    /// What each call needs of the engine, at hand.
    tick: Option<Arc<Tick>>,
    stack_bytes: usize,
    body: UnsafeCell<Option<Box<wasmtime::Store<Data>>>>,
    /// The context of the host function that runs now; null while none does.
    live: Cell<*mut Caller<'static, Data>>,
    /// Where the engine keeps the address that the guest's stack must not pass.
    stack_limit: Cell<*mut usize>,
    /// Ticks in the current outermost call.
    ticks: Cell<u32>,
    /// When the first of them was.
    since: Cell<Option<Instant>>,
    last_call: Cell<Duration>,
    /// Whether nobody may enter, the owner of the turn included: at a tick, and while bytes are lent.
    shut: Cell<bool>,
    /// What was given of it last.
    fuel: Cell<u64>,
    /// What a host function threw last in the current outermost call.
    thrown: Cell<Option<Error>>,
    /// Views that keep the memories mapped.
    pins: AtomicUsize,
}

const CLOSED: u8 = 1;
const POISONED: u8 = 2;
/// The call that runs is to end.
const CANCELLED: u8 = 4;

// SAFETY: everything that is not atomic is only touched by the thread that holds the turn, which
// hands over with acquire and release ordering; the engine's store is `Send`, and `Data` holds a
// pointer to the `Inner` that owns it.
unsafe impl Send for Inner {}
// SAFETY: as above.
unsafe impl Sync for Inner {}
// SAFETY: the pointer leads back to the owner of the engine's store and is only followed while the
// turn is held.
unsafe impl Send for Data {}
// SAFETY: as above; the pointer itself is never written after the store is made.
unsafe impl Sync for Data {}

impl Store {
    /// Makes an empty store.
    ///
    /// # Errors
    /// `limit` if memory or threads run out.
    pub fn new(engine: &Engine) -> Result<Store> {
        Store::with_limits(engine, &Limits::default())
    }

    /// Makes an empty store whose guests may use so much.
    ///
    /// # Errors
    /// `limit` if memory or threads run out; `unsupported` for a timeout if the engine cannot
    /// interrupt guests.
    pub fn with_limits(engine: &Engine, limits: &Limits) -> Result<Store> {
        if limits.timeout.is_some() && !engine.options().interruptible {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "a timeout needs an engine that can interrupt guests; leave its option interruptible on",
            ));
        }
        let variant = engine.variant(limits.fuel.is_some())?;
        variant.start_ticker()?;
        Inner::settle_left();
        let store = Store(Arc::new(Inner {
            turn: Turn::rent(),
            state: AtomicU8::new(0),
            engine: engine.clone(),
            limits: limits.clone(),
            meter: Meter::default(),
            tick: variant.tick.clone(),
            stack_bytes: engine.options().stack_bytes,
            body: UnsafeCell::new(None),
            live: Cell::new(ptr::null_mut()),
            stack_limit: Cell::new(ptr::null_mut()),
            ticks: Cell::new(0),
            since: Cell::new(None),
            last_call: Cell::new(Duration::ZERO),
            shut: Cell::new(false),
            fuel: Cell::new(limits.fuel.unwrap_or(0)),
            thrown: Cell::new(None),
            pins: AtomicUsize::new(0),
        }));
        let data = Data {
            owner: Arc::as_ptr(&store.0),
        };
        let mut body = Box::new(wasmtime::Store::new(&variant.engine, data));
        body.limiter(|data| data);
        body.set_epoch_deadline(1);
        if engine.options().interruptible {
            body.epoch_deadline_callback(on_tick);
        }
        store
            .0
            .stack_limit
            .set(stack::find_limit(&mut body, &variant.probe)?);
        if let Some(fuel) = limits.fuel {
            set_fuel(&mut body.as_context_mut(), fuel)?;
        }
        // SAFETY: nobody else has this store yet.
        unsafe { *store.0.body.get() = Some(body) };
        Ok(store)
    }

    /// The engine it was made by.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// Its limits.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// What its guests use and used.
    ///
    /// # Errors
    /// `closed`.
    pub fn usage(&self) -> Result<Usage> {
        let entered = self.entered(self.0.turn.hold()?);
        if self.is_closed() {
            return Err(Error::closed("store"));
        }
        let left = entered.context().engine.get_fuel().ok();
        let given = self.0.fuel.get();
        Ok(Usage {
            fuel_used: left.map(|left| given.saturating_sub(left)),
            last_call: self.0.last_call.get(),
            ..self.0.meter.usage()
        })
    }

    /// Gives the store so much fuel, in place of what is left, and counts from there.
    ///
    /// # Errors
    /// `unsupported` if the store was made without a limit of fuel, `closed`, `poisoned`.
    pub fn set_fuel(&self, fuel: u64) -> Result<()> {
        if self.0.limits.fuel.is_none() {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the store counts no fuel; make it with a limit of fuel",
            ));
        }
        let entered = self.enter()?;
        set_fuel(&mut entered.context().engine, fuel)?;
        self.0.fuel.set(fuel);
        Ok(())
    }

    /// Ends the call that runs in this store with an error of kind `cancelled`; the store is poisoned then.
    /// Does not wait: the guest is ended at its next tick, a host function that it called first
    /// returns. If no call runs, nothing happens. May be called from any thread.
    pub fn cancel(&self) {
        self.0.state.fetch_or(CANCELLED, Ordering::SeqCst);
    }

    /// Whether its code counts fuel.
    pub(crate) fn is_fueled(&self) -> bool {
        self.0.limits.fuel.is_some()
    }

    /// The engine's engine of this store.
    pub(crate) fn wasmtime(&self) -> Result<&wasmtime::Engine> {
        Ok(&self.0.engine.variant(self.is_fueled())?.engine)
    }

    /// Counts an instance that is about to be made.
    pub(crate) fn count_instance(&self) -> Result<()> {
        let _entered = self.enter()?;
        self.0.meter.instance(&self.0.limits)
    }

    /// Runs what may be refused by the limits; an error that follows on a refusal tells of it. The turn
    /// must be held.
    pub(crate) fn metered<R>(&self, what: impl FnOnce() -> Result<R>) -> Result<R> {
        self.0.meter.begin();
        what().map_err(|error| self.0.meter.explain(error))
    }

    /// Whether both are one store.
    pub fn same(&self, other: &Store) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Makes an instance of a module in this store. See [`Module::instantiate`].
    pub fn instantiate(&self, module: &Module, imports: &Imports) -> Result<Instance> {
        Instance::in_store(self, module, imports)
    }

    /// Collects garbage of the guests' heap now. It is collected by itself when there is need; this lets
    /// go at once of host objects that no guest holds any more.
    ///
    /// # Errors
    /// `closed`.
    pub fn gc(&self) -> Result<()> {
        let entered = self.enter()?;
        let collected = entered.context().engine.gc(None);
        collected.map_err(|e| Error::from_engine(e, ErrorKind::Internal))
    }

    /// Closes the store: everything in it answers `closed` from now on, and its memory is freed as
    /// soon as no call is inside and no view is left. Never waits: a call that runs is ended at its
    /// next tick with `closed`. Closing twice is no error.
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

    /// Takes the turn, waiting as the host waits.
    #[inline(always)]
    pub(crate) fn enter(&self) -> Result<Entered<'_>> {
        let entered = self.entered(self.0.turn.hold()?);
        if self.0.state.load(Ordering::Relaxed) & (CLOSED | POISONED) != 0 || self.0.shut.get() {
            return Err(self.refusal());
        }
        Ok(entered)
    }

    /// Takes over a turn that is held.
    #[inline(always)]
    pub(crate) fn entered(&self, held: Held) -> Entered<'_> {
        Entered {
            store: self,
            _held: held,
        }
    }

    #[cold]
    fn refusal(&self) -> Error {
        let state = self.0.state.load(Ordering::Relaxed);
        if state & CLOSED != 0 {
            return Error::closed("store");
        }
        if state & POISONED != 0 {
            return Error::new(
                ErrorKind::Poisoned,
                "an interruption or a panic left this store in an unknown state; \
                 instantiate the module again",
            );
        }
        Error::new(
            ErrorKind::Busy,
            "the store cannot be entered at a tick or while its bytes are lent",
        )
    }

    /// Enters and runs guest code.
    #[inline(always)]
    pub(crate) fn run<R>(
        &self,
        what: impl FnOnce(&mut StoreContextMut<'_, Data>) -> wasmtime::Result<R>,
    ) -> Result<R> {
        self.run_or(ErrorKind::Internal, what)
    }

    /// Enters and runs guest code; `default` is the kind of an error that does not tell its own.
    #[inline(always)]
    pub(crate) fn run_or<R>(
        &self,
        default: ErrorKind,
        what: impl FnOnce(&mut StoreContextMut<'_, Data>) -> wasmtime::Result<R>,
    ) -> Result<R> {
        let entered = self.enter()?;
        let _armed = Armed::new(&self.0)?;
        match what(&mut entered.context().engine) {
            Ok(done) => Ok(done),
            Err(error) => Err(self.failed(&mut entered.context(), error, default)),
        }
    }

    /// Runs guest code in a context of this store that the caller already has.
    pub(crate) fn run_in<R>(
        &self,
        ctx: &mut Context<'_>,
        what: impl FnOnce(&mut StoreContextMut<'_, Data>) -> wasmtime::Result<R>,
    ) -> Result<R> {
        let _armed = Armed::new(&self.0)?;
        what(&mut ctx.engine).map_err(|error| self.failed(ctx, error, ErrorKind::Internal))
    }

    /// Keeps the memories mapped, even if the store is closed, until the pin is dropped.
    pub(crate) fn pin(&self) -> Pin {
        self.0.pins.fetch_add(1, Ordering::SeqCst);
        Pin(self.clone())
    }

    /// An export of the instance whose call reached the host function that runs now.
    pub(crate) fn caller_export(&self, name: &str) -> Option<Extern> {
        let entered = self.enter().ok()?;
        let live = self.0.live.get();
        // SAFETY: this thread holds the turn, so `live` is null or the caller of the innermost host
        // function on this very stack.
        let found = unsafe { live.as_mut() }?.get_export(name)?;
        Extern::from_engine(&mut entered.context(), found, Some(name))
    }

    #[cold]
    fn failed(&self, ctx: &mut Context<'_>, error: wasmtime::Error, default: ErrorKind) -> Error {
        let frames = Error::frames_of(&error);
        let found = match error.is::<ThrownException>() {
            true => self.uncaught(ctx).unwrap_or_else(|failed| failed),
            false => self.0.meter.explain(Error::from_engine(error, default)),
        };
        if found.kind() == ErrorKind::Fuel {
            self.0.poison();
        }
        found.traced(frames, Arc::as_ptr(&self.0) as usize)
    }

    /// The error for the exception that left the guest: the very one that a host function gave, if it
    /// was thrown by one.
    fn uncaught(&self, ctx: &mut Context<'_>) -> Result<Error> {
        ctx.scoped(|ctx| {
            let pending = ctx.engine.take_pending_exception();
            let gone = || Error::new(ErrorKind::Internal, "an exception was lost");
            let exception = Exception::lift(ctx, pending.ok_or_else(gone)?)?;
            let thrown = self.0.thrown.take();
            let is_it = |error: &Error| error.exception().is_some_and(|it| it.same(&exception));
            let error = thrown.filter(is_it).unwrap_or_else(|| exception.into());
            if let Some(exception) = error.exception() {
                exception.keep_payload(ctx)?;
            }
            Ok(error)
        })
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({:p})", Arc::as_ptr(&self.0))
    }
}

/// The turn, held.
pub(crate) struct Entered<'a> {
    store: &'a Store,
    /// Dropped after the body of `drop` has run.
    _held: Held,
}

impl Entered<'_> {
    /// The context to work with: the running host function's, or the store's own.
    #[inline(always)]
    pub(crate) fn context(&self) -> Context<'_> {
        let inner = &*self.store.0;
        let live = inner.live.get();
        // SAFETY: this thread holds the turn. While a host function runs, its caller borrows the
        // engine's store and `live` points to it, on this very stack; otherwise nothing does. Each
        // context is used up before the next one is made.
        let engine = unsafe {
            match live.as_mut() {
                Some(caller) => caller.as_context_mut(),
                None => match &mut *inner.body.get() {
                    Some(body) => body.as_context_mut(),
                    None => unreachable!("a store that was entered has a body"),
                },
            }
        };
        Context {
            engine,
            store: self.store,
        }
    }

    /// Keeps this thread too from entering, until the answer is dropped.
    pub(crate) fn shut(&self) -> Shut<'_> {
        Shut::new(&self.store.0.shut)
    }
}

/// Set while nobody may enter.
pub(crate) struct Shut<'a>(&'a Cell<bool>);

impl Shut<'_> {
    fn new(shut: &Cell<bool>) -> Shut<'_> {
        shut.set(true);
        Shut(shut)
    }
}

impl Drop for Shut<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Drop for Entered<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        let inner = &*self.store.0;
        if inner.state.load(Ordering::Relaxed) & CLOSED != 0 {
            inner.free();
        }
    }
}

/// The engine's context with the store it belongs to.
pub(crate) struct Context<'a> {
    pub(crate) engine: StoreContextMut<'a, Data>,
    store: &'a Store,
}

impl Context<'_> {
    pub(crate) fn store(&self) -> &Store {
        self.store
    }

    /// Runs `what` in a scope of its own for references: what it roots is released at its end.
    pub(crate) fn scoped<R>(&mut self, what: impl FnOnce(&mut Context<'_>) -> R) -> R {
        let store = self.store;
        let mut scope = wasmtime::RootScope::new(&mut self.engine);
        what(&mut Context {
            engine: scope.as_context_mut(),
            store,
        })
    }
}

/// Set for an outermost call: the guest's stack limit and a fresh count of ticks.
struct Armed<'a>(Option<&'a Inner>);

impl Armed<'_> {
    #[inline(always)]
    fn new(inner: &Inner) -> Result<Armed<'_>> {
        if !inner.live.get().is_null() {
            return Ok(Armed(None));
        }
        let limit = stack::limit(inner.stack_bytes)?;
        // SAFETY: the pointer was found and verified when the store was made, lives as long as the
        // engine's store, and is only used while this thread holds the turn. The engine keeps a
        // limit that is already set, as it does for nested calls.
        unsafe { *inner.stack_limit.get() = limit };
        inner.ticks.set(0);
        inner.meter.begin();
        if inner.state.load(Ordering::Relaxed) & CANCELLED != 0 {
            inner.state.fetch_and(!CANCELLED, Ordering::SeqCst);
        }
        inner.keep_ticking();
        Ok(Armed(Some(inner)))
    }
}

impl Drop for Armed<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(inner) = self.0 {
            // SAFETY: as above.
            unsafe { *inner.stack_limit.get() = usize::MAX };
            inner.end_of_call();
            if let Some(thrown) = inner.thrown.take() {
                forget(thrown);
            }
        }
    }
}

/// Lets go of what a host threw and the guest caught.
#[cold]
fn forget(thrown: Error) {
    drop(thrown);
}

impl Inner {
    /// Marks the store as unusable after an interruption or a panic.
    fn poison(&self) {
        self.state.fetch_or(POISONED, Ordering::SeqCst);
    }

    /// Notes how long an outermost call took, if it saw a tick.
    #[inline(always)]
    fn end_of_call(&self) {
        let took = match self.ticks.get() {
            0 => Duration::ZERO,
            _ => self
                .since
                .get()
                .map_or(Duration::ZERO, |since| since.elapsed()),
        };
        self.last_call.set(took);
    }

    /// What ends the call that runs, if anything does.
    #[cold]
    fn verdict(&self) -> Result<()> {
        let state = self.state.load(Ordering::Relaxed);
        if state & CLOSED != 0 {
            return Err(Error::closed("store"));
        }
        if state & CANCELLED != 0 {
            self.poison();
            return Err(Error::new(ErrorKind::Cancelled, "the call was cancelled"));
        }
        match (self.limits.timeout, self.since.get()) {
            (Some(timeout), Some(since)) if self.ticks.get() > 0 && since.elapsed() >= timeout => {
                self.poison();
                let text = format!("the call took longer than {} ms", timeout.as_millis());
                Err(Error::new(ErrorKind::Timeout, text))
            }
            _ => Ok(()),
        }
    }

    #[inline(always)]
    fn keep_ticking(&self) {
        if let Some(tick) = &self.tick {
            tick.keep_awake();
        }
    }

    /// Frees the body of a closed store if nobody is inside. Does not wait: who is inside frees it
    /// on leaving, unless it looked before the store was closed.
    fn settle(self: &Arc<Inner>) {
        if self.turn.try_enter().is_some() {
            self.free();
            self.turn.leave();
        } else {
            left().push(Arc::downgrade(self));
        }
    }

    /// Looks again at closed stores that somebody was inside of.
    fn settle_left() {
        let again = std::mem::take(&mut *left());
        let again = again.iter().filter_map(Weak::upgrade);
        again.for_each(|inner| inner.settle());
    }

    /// Frees the body if this is the outermost entry and no view is left. The turn must be held.
    #[cold]
    fn free(&self) {
        let idle = self.turn.depth() == 1 && self.live.get().is_null() && !self.shut.get();
        if idle && self.pins.load(Ordering::SeqCst) == 0 {
            // SAFETY: this thread holds the turn and no context is in use. The body is taken out
            // first, so that code which runs in its drop finds the store closed.
            let body = unsafe { (*self.body.get()).take() };
            drop(body);
        }
    }
}

fn set_fuel(ctx: &mut StoreContextMut<'_, Data>, fuel: u64) -> Result<()> {
    let set = ctx.set_fuel(fuel);
    set.map_err(|e| Error::from_engine(e, ErrorKind::Internal))
}

impl ResourceLimiter for Data {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // SAFETY: the owner is alive while its engine's store is, and only the thread that holds
        // the turn makes anything grow.
        let inner = unsafe { &*self.owner };
        let possible = maximum.is_none_or(|most| desired <= most);
        Ok(possible && inner.meter.memory(&inner.limits, current, desired))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // SAFETY: as above.
        let inner = unsafe { &*self.owner };
        let possible = maximum.is_none_or(|most| desired <= most);
        Ok(possible && inner.meter.table(&inner.limits, current, desired))
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        // What the memory's type forbids was not asked for here, and not counted.
        if !error.to_string().contains("memory type's limits") {
            // SAFETY: as above.
            unsafe { &*self.owner }.meter.memory_failed();
        }
        Ok(())
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        // SAFETY: as above.
        unsafe { &*self.owner }.meter.table_failed();
        Ok(())
    }

    fn instances(&self) -> usize {
        usize::MAX
    }
}

/// Closed stores that could not be freed at once.
fn left() -> MutexGuard<'static, Vec<Weak<Inner>>> {
    static LEFT: Mutex<Vec<Weak<Inner>>> = Mutex::new(Vec::new());
    LEFT.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.body.get_mut().take());
        self.turn.give_back();
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

/// What a store does each millisecond while its guest runs.
fn on_tick(context: StoreContextMut<'_, Data>) -> wasmtime::Result<UpdateDeadline> {
    // SAFETY: the owner holds the engine's store, so it is alive; this thread holds the turn.
    let inner = unsafe { &*context.data().owner };
    inner.keep_ticking();
    let ticks = inner.ticks.get().saturating_add(1);
    if ticks == 1 {
        inner.since.set(Some(Instant::now()));
    }
    inner.ticks.set(ticks);
    inner.verdict().map_err(wasmtime::Error::new)?;
    let shut = Shut::new(&inner.shut);
    let verdict = catch_unwind(|| host::current().tick(ticks));
    drop(shut);
    match verdict.unwrap_or_else(|panic| Err(Error::from_panic(&*panic))) {
        Ok(()) => Ok(UpdateDeadline::Continue(1)),
        Err(error) => {
            inner.poison();
            Err(wasmtime::Error::new(error))
        }
    }
}

/// Runs a host function for a guest: makes its context the live one, catches its panic, and lets a
/// store that was closed meanwhile unwind at once.
pub(crate) fn call_host(
    mut caller: Caller<'_, Data>,
    name: &str,
    what: impl FnOnce(&HostContext<'_>) -> Result<()>,
) -> wasmtime::Result<()> {
    // SAFETY: the owner is alive while its engine's store runs. The `Arc` is not dropped here, so
    // its count stays as it was.
    let store = unsafe { ManuallyDrop::new(Store(Arc::from_raw(caller.data().owner))) };
    let inner = &*store.0;
    let here = (&raw mut caller).cast::<Caller<'static, Data>>();
    let previous = inner.live.replace(here);
    let context = HostContext {
        store: &store,
        name,
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| what(&context)));
    inner.live.set(previous);
    inner.keep_ticking();
    match outcome {
        Ok(Ok(())) if store.is_closed() => Err(wasmtime::Error::new(Error::closed("store"))),
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(throw(&mut caller, &store, error)),
        Err(panic) => Err(panicked(&store, &*panic)),
    }
}

#[cold]
fn panicked(store: &Store, panic: &(dyn std::any::Any + Send)) -> wasmtime::Error {
    store.0.poison();
    wasmtime::Error::new(Error::from_panic(panic))
}

/// What the engine gets for the error of a host function: an exception of this store is thrown, so
/// that the guest can catch it; everything else unwinds the guest.
#[cold]
fn throw(caller: &mut Caller<'_, Data>, store: &Store, error: Error) -> wasmtime::Error {
    let ours = error.exception().filter(|it| it.store().same(store));
    let (Some(exception), 0) = (ours.cloned(), store.0.state.load(Ordering::Relaxed)) else {
        return wasmtime::Error::new(error);
    };
    store.0.thrown.set(Some(error));
    let mut ctx = Context {
        engine: caller.as_context_mut(),
        store,
    };
    ctx.scoped(|ctx| match exception.lower(ctx) {
        Ok(exn) => ctx
            .engine
            .throw::<()>(exn)
            .err()
            .unwrap_or(ThrownException.into()),
        Err(error) => wasmtime::Error::new(error),
    })
}
