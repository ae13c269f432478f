//! Ticker: the thread that keeps an engine's time.

use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::Thread;
use std::time::Duration;

use crate::{Error, ErrorKind, Result, fork, handlers};

const TICK: Duration = Duration::from_millis(1);

/// Ticks without any call after which the ticker sleeps until the next one.
const IDLE_TICKS: u32 = 20;

/// Naps of a ticker that goes to sleep, with one more tick behind each. A thread that says that its guest
/// runs may be held up, on a busy machine, before it reads the epoch that its guest is to see pass; without
/// a tick after that its guest would never be looked at.
const NAPS: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(5),
];

/// One thread, pure Rust, advances the engine's epoch each millisecond while guests run. It never
/// touches the host language, and sleeps without waking while nothing runs.
#[derive(Default)]
pub(crate) struct Tick {
    /// Set by calls to the generation of this process, cleared at each tick.
    active: AtomicU32,
    asleep: AtomicBool,
    stop: AtomicBool,
    engine: OnceLock<wasmtime::EngineWeak>,
    /// The thread that ticks in this process; that of a parent process is replaced.
    ticker: AtomicPtr<Ticker>,
}

struct Ticker {
    thread: Thread,
    generation: u32,
}

impl Tick {
    /// Says that a guest runs. Two loads when the ticker is awake.
    #[inline(always)]
    pub(crate) fn keep_awake(self: &Arc<Tick>) {
        if self.active.load(Ordering::Relaxed) != fork::generation() {
            self.wake();
        }
    }

    #[cold]
    fn wake(self: &Arc<Tick>) {
        handlers::look();
        if self.ticker().is_none() && self.spawn().is_err() {
            // Tried again at the next call.
            return;
        }
        self.active.store(fork::generation(), Ordering::SeqCst);
        self.unpark();
    }

    fn unpark(&self) {
        if self.asleep.load(Ordering::SeqCst)
            && let Some(ticker) = self.ticker()
        {
            ticker.thread.unpark();
        }
    }

    pub(super) fn end(&self) {
        self.stop.store(true, Ordering::SeqCst);
        self.unpark();
    }

    /// The ticker of this process.
    fn ticker(&self) -> Option<&Ticker> {
        // SAFETY: null, or a box of `spawn`, which lives as long as this does.
        let ticker = unsafe { self.ticker.load(Ordering::Acquire).as_ref() };
        ticker.filter(|it| it.generation == fork::generation())
    }

    pub(super) fn start(self: &Arc<Tick>, engine: &wasmtime::Engine) -> Result<()> {
        self.engine.get_or_init(|| engine.weak());
        match self.ticker() {
            Some(_) => Ok(()),
            None => self.spawn(),
        }
    }

    fn spawn(self: &Arc<Tick>) -> Result<()> {
        let Some(engine) = self.engine.get().cloned() else {
            return Ok(());
        };
        fork::threads()?;
        self.asleep.store(false, Ordering::SeqCst);
        let before = self.ticker.load(Ordering::Acquire);
        let tick = self.clone();
        let spawned = std::thread::Builder::new()
            .name("landbridge-tick".to_owned())
            .stack_size(64 << 10)
            .spawn(move || tick.run(&engine));
        let spawned = spawned.map_err(|e| {
            let text = format!("the ticker thread cannot be started: {e}");
            Error::new(ErrorKind::Limit, text)
        })?;
        let ticker = Box::into_raw(Box::new(Ticker {
            thread: spawned.thread().clone(),
            generation: fork::generation(),
        }));
        // Two threads may race here; the loser's ticker sees that it is not the one and ends. What
        // a parent process had is left as it is: a thread that is gone cannot be released.
        let (ours, seen) = (Ordering::AcqRel, Ordering::Relaxed);
        if self
            .ticker
            .compare_exchange(before, ticker, ours, seen)
            .is_err()
        {
            // SAFETY: made just above, and shared with nobody.
            drop(unsafe { Box::from_raw(ticker) });
        }
        Ok(())
    }

    fn run(&self, engine: &wasmtime::EngineWeak) {
        let mut idle = 0;
        while !self.stop.load(Ordering::SeqCst) && self.is_chosen() {
            std::thread::sleep(TICK);
            if !Tick::advance(engine) {
                return;
            }
            idle = match self.active.swap(0, Ordering::SeqCst) {
                0 => idle + 1,
                _ => 0,
            };
            if idle >= IDLE_TICKS {
                self.sleep(engine);
                idle = 0;
            }
        }
    }

    fn is_chosen(&self) -> bool {
        let me = std::thread::current().id();
        self.ticker().is_none_or(|ticker| ticker.thread.id() == me)
    }

    /// One tick; false if the engine is gone.
    fn advance(engine: &wasmtime::EngineWeak) -> bool {
        let engine = engine.upgrade();
        if let Some(engine) = &engine {
            engine.increment_epoch();
            handlers::look();
        }
        engine.is_some()
    }

    fn sleep(&self, engine: &wasmtime::EngineWeak) {
        let is_idle =
            || self.active.load(Ordering::SeqCst) == 0 && !self.stop.load(Ordering::SeqCst);
        self.asleep.store(true, Ordering::SeqCst);
        for nap in NAPS {
            if is_idle() {
                std::thread::park_timeout(nap);
            }
            if is_idle() {
                Tick::advance(engine);
            }
        }
        while is_idle() {
            std::thread::park();
        }
        self.asleep.store(false, Ordering::SeqCst);
    }
}

impl Drop for Tick {
    fn drop(&mut self) {
        let ticker = *self.ticker.get_mut();
        // SAFETY: null, or a box of `spawn` that nobody else has any more.
        drop((!ticker.is_null()).then(|| unsafe { Box::from_raw(ticker) }));
    }
}
