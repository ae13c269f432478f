//! Engine: compiles modules and keeps time. One per process by default.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::Thread;
use std::time::Duration;

use crate::cache::Cache;
use crate::module::Loaded;
use crate::store::Data;
use crate::wasi;
use crate::{Error, ErrorKind, Result};

/// How an engine is made. `EngineOptions::default()` suits most programs.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Whether a running guest can be interrupted. Costs a check at each loop iteration and
    /// function entry of the guest; without it Ctrl-C and closing wait for the guest to return.
    pub interruptible: bool,
    /// Bytes of native stack a call may use at most. A thread with a smaller stack gives less.
    pub stack_bytes: usize,
    /// Whether modules may use 128-bit sums and products of 64-bit integers, a proposal that is not
    /// part of WebAssembly 3.0.
    pub wide_arithmetic: bool,
    /// Whether modules may have memories in pages of one byte, a proposal that is not part of
    /// WebAssembly 3.0.
    pub custom_page_sizes: bool,
    /// Where compiled code is kept for the next process.
    pub cache: CompileCache,
}

/// Where an engine keeps compiled code, so that the next process need not compile the same module.
///
/// What the cache cannot do is never an error: then modules are compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CompileCache {
    /// In the user's cache folder, or where the environment variable `LANDBRIDGE_CACHE` says, which is a
    /// folder or `off`.
    #[default]
    User,
    /// Nowhere.
    Off,
    /// In this folder, which is made if it is not there. It must belong to this user, and nobody else
    /// may write to it; otherwise it is not used.
    Folder(PathBuf),
}

impl Default for EngineOptions {
    fn default() -> EngineOptions {
        EngineOptions {
            interruptible: true,
            stack_bytes: 512 << 10,
            wide_arithmetic: false,
            custom_page_sizes: false,
            cache: CompileCache::User,
        }
    }
}

/// Compiles modules. Cheap to clone; all clones are one engine. May be used from any thread.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    plain: Variant,
    /// For stores with a limit of fuel; made for the first of them.
    fueled: OnceLock<Result<Variant>>,
    loaded: Loaded,
    options: EngineOptions,
}

/// An engine of the engine's: code that counts fuel and code that does not cannot meet.
pub(crate) struct Variant {
    pub(crate) engine: wasmtime::Engine,
    /// A module of one empty function, for finding a store's stack limit.
    pub(crate) probe: wasmtime::Module,
    pub(crate) cache: Option<Cache>,
    pub(crate) tick: Option<Arc<Tick>>,
    /// WASI, made for the first module that asks for it.
    wasi: OnceLock<wasmtime::Linker<Data>>,
}

impl fmt::Debug for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Variant")
    }
}

impl Variant {
    fn new(options: &EngineOptions, fueled: bool) -> Result<Variant> {
        let unsupported = |e| Error::from_engine(e, ErrorKind::Unsupported);
        let mut config = wasmtime::Config::new();
        config.epoch_interruption(options.interruptible);
        config.consume_fuel(fueled);
        config.max_wasm_stack(options.stack_bytes);
        config.wasm_wide_arithmetic(options.wide_arithmetic);
        config.wasm_custom_page_sizes(options.custom_page_sizes);
        // Views of memory stay valid because memory never moves.
        config.memory_may_move(false);
        let engine = wasmtime::Engine::new(&config).map_err(unsupported)?;
        let probe = wasmtime::Module::new(&engine, r#"(module (func (export "")))"#);
        Ok(Variant {
            cache: Cache::open(&engine, &options.cache),
            probe: probe.map_err(unsupported)?,
            tick: options.interruptible.then(Arc::default),
            wasi: OnceLock::new(),
            engine,
        })
    }

    /// The functions of WASI.
    pub(crate) fn wasi(&self) -> Result<&wasmtime::Linker<Data>> {
        if let Some(wasi) = self.wasi.get() {
            return Ok(wasi);
        }
        let made = wasi::linker(&self.engine);
        let made = made.map_err(|e| Error::from_engine(e, ErrorKind::Internal))?;
        Ok(self.wasi.get_or_init(|| made))
    }

    /// Starts the ticker if it is needed and not yet there.
    pub(crate) fn start_ticker(&self) -> Result<()> {
        match &self.tick {
            Some(tick) => tick.start(&self.engine),
            None => Ok(()),
        }
    }
}

impl Drop for Variant {
    fn drop(&mut self) {
        if let Some(tick) = &self.tick {
            tick.stop.store(true, Ordering::SeqCst);
            tick.wake();
        }
    }
}

impl Engine {
    /// Makes an engine.
    ///
    /// # Errors
    /// `unsupported` if the options contradict each other or this machine cannot run the engine.
    pub fn new(options: EngineOptions) -> Result<Engine> {
        Ok(Engine(Arc::new(Inner {
            plain: Variant::new(&options, false)?,
            fueled: OnceLock::new(),
            loaded: Loaded::default(),
            options,
        })))
    }

    /// The options it was made with.
    pub fn options(&self) -> &EngineOptions {
        &self.0.options
    }

    /// Whether both are one engine.
    pub fn same(&self, other: &Engine) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The engine that is used where none is named; made at first use and never freed.
    pub fn shared() -> Result<Engine> {
        static SHARED: OnceLock<Result<Engine>> = OnceLock::new();
        SHARED
            .get_or_init(|| Engine::new(EngineOptions::default()))
            .clone()
    }

    /// The engine for code that counts fuel, or that does not.
    pub(crate) fn variant(&self, fueled: bool) -> Result<&Variant> {
        if !fueled {
            return Ok(&self.0.plain);
        }
        let make = || Variant::new(&self.0.options, true);
        self.0
            .fueled
            .get_or_init(make)
            .as_ref()
            .map_err(Clone::clone)
    }

    pub(crate) fn loaded(&self) -> &Loaded {
        &self.0.loaded
    }
}

const TICK: Duration = Duration::from_millis(1);

/// Ticks without any call after which the ticker sleeps until the next one.
const IDLE_TICKS: u32 = 20;

/// One thread, pure Rust, advances the engine's epoch each millisecond while guests run. It never
/// touches the host language, and sleeps without waking while nothing runs.
#[derive(Debug, Default)]
pub(crate) struct Tick {
    /// Set by calls, cleared at each tick.
    active: AtomicBool,
    asleep: AtomicBool,
    stop: AtomicBool,
    thread: OnceLock<Thread>,
}

impl Tick {
    /// Says that a guest runs. One load when the ticker is awake.
    #[inline(always)]
    pub(crate) fn keep_awake(&self) {
        if !self.active.load(Ordering::Relaxed) {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        self.active.store(true, Ordering::SeqCst);
        if self.asleep.load(Ordering::SeqCst)
            && let Some(thread) = self.thread.get()
        {
            thread.unpark();
        }
    }

    fn start(self: &Arc<Tick>, engine: &wasmtime::Engine) -> Result<()> {
        if self.thread.get().is_some() {
            return Ok(());
        }
        let (tick, engine) = (self.clone(), engine.weak());
        let spawned = std::thread::Builder::new()
            .name("landbridge-tick".to_owned())
            .stack_size(64 << 10)
            .spawn(move || tick.run(&engine));
        let spawned = spawned.map_err(|e| {
            Error::new(
                ErrorKind::Limit,
                format!("the ticker thread cannot be started: {e}"),
            )
        })?;
        // Two stores may race here; the loser's ticker sees that it is not the one and ends.
        let _ = self.thread.set(spawned.thread().clone());
        Ok(())
    }

    fn run(&self, engine: &wasmtime::EngineWeak) {
        let mut idle = 0;
        while !self.stop.load(Ordering::SeqCst) && self.is_chosen() {
            std::thread::sleep(TICK);
            let Some(engine) = engine.upgrade() else {
                return;
            };
            engine.increment_epoch();
            drop(engine);
            idle = if self.active.swap(false, Ordering::SeqCst) {
                0
            } else {
                idle + 1
            };
            if idle >= IDLE_TICKS {
                self.sleep();
                idle = 0;
            }
        }
    }

    fn is_chosen(&self) -> bool {
        let me = std::thread::current().id();
        self.thread.get().is_none_or(|thread| thread.id() == me)
    }

    fn sleep(&self) {
        self.asleep.store(true, Ordering::SeqCst);
        while !self.active.load(Ordering::SeqCst) && !self.stop.load(Ordering::SeqCst) {
            std::thread::park();
        }
        self.asleep.store(false, Ordering::SeqCst);
    }
}
