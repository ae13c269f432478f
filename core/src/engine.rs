//! Engine: compiles modules and keeps time. One per process by default.

mod slots;
#[cfg(test)]
mod tests;
mod ticker;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::batches::driver::Loops;
use crate::cache::Cache;
use crate::module::{COMPILER_BYTES, Registry};
use crate::queue::Queue;
use crate::store::Data;
use crate::wasi;
use crate::workers::Workers;
use crate::{Error, ErrorKind, Result, Sandbox, cost, fork, handlers, reservation, this_thread};

use slots::Slots;
pub(crate) use ticker::Tick;

/// How an engine is made. `EngineOptions::default()` suits most programs.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    // generated: rust.options
    /// Whether a running guest can be interrupted. Costs a check at each loop iteration and
    /// function entry of the guest; without it closing and cancelling wait for the guest to return.
    pub interruptible: bool,
    /// Bytes of native stack a call may use at most; by default 512 KiB. A thread with a smaller
    /// stack gives less.
    pub stack_bytes: usize,
    /// Where compiled code is kept for the next process.
    pub cache: CompileCache,
    /// Whether modules may use 128-bit sums and products of 64-bit integers, a proposal that is not
    /// part of WebAssembly 3.0.
    pub wide_arithmetic: bool,
    /// Whether modules may have memories in pages of one byte, a proposal that is not part of
    /// WebAssembly 3.0.
    pub custom_page_sizes: bool,
    /// The most threads that run asynchronous calls at a time, at least 1; by default 4 more than
    /// the machine has cores, and 32 at most. Each is started when it is needed, and ends when it
    /// had nothing to do for 10 seconds. A guest that waits for an asynchronous host function holds
    /// one.
    pub call_threads: usize,
    /// Whether traps may come by signals of the operating system (exceptions on Windows). Without,
    /// guests' code checks each access of memory, each division and each null itself and runs
    /// slower, and no handler is installed by this engine: for programs whose own handlers cannot
    /// live with others. The traps are the same ones.
    pub signal_handlers: bool,
    /// How much more work compiling a module may be than its size explains; by default 1,000,000,
    /// and [`u64::MAX`] for no bound. It keeps a small module from holding the compiler for minutes
    /// or taking all memory. A unit is about a microsecond of one core or 250 bytes that are held,
    /// whichever is more. Each byte of a function explains 8 units, any other byte 2;
    /// [`Inspection::compile_cost`](crate::Inspection::compile_cost) reports what a module costs.
    /// One that costs more is refused (kind `limit`) before anything is compiled; what a cache or a
    /// precompiled file holds is loaded whatever it costs.
    pub compile_cost: u64,
    /// How many bytes a memory may grow to, and how much address space it takes; by default 4 GiB.
    /// With the default each memory takes all of it, and code need not check addresses of 32 bits.
    /// With less, code checks each address and runs slower, and a memory takes only what it can
    /// need: this option, its declared maximum or what
    /// [`Limits::memory_bytes`](crate::Limits::memory_bytes) leaves, whichever is least; a memory
    /// that starts larger has the size it starts with. With more, 64-bit memories may grow to this
    /// size; with the default a 64-bit memory may grow to 64 GiB if it is the first of its store.
    /// Where the process may have less than 64 GiB of address space (`RLIMIT_AS`, `ulimit -v`), the
    /// default is a sixteenth of that.
    pub memory_reservation_bytes: u64,
    /// Whether results are the same bits on every machine: NaNs are canonical, and relaxed vector
    /// instructions do the same everywhere. Code with floats runs a little slower.
    pub deterministic: bool,
    /// How many instances of pools can be in slots at a time; by default none. A slot is room that
    /// the engine keeps ready, so an instance in it is made several times faster. A slot takes 8 to
    /// 12 GiB of address space, and memory only for what is used in it. Where the process has less
    /// address space, there are fewer slots. An instance that does not fit, or for which no slot is
    /// free, is made without one; the counts of a pool say how many were made in slots. The guide
    /// to pools says what fits.
    pub pool_slots: usize,
    // end generated
}

/// Where an engine keeps compiled code, so that the next process need not compile the same module.
///
/// A cache that cannot be used is never an error: then modules are compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CompileCache {
    /// In the user's cache folder, or where the environment variable `LANDBRIDGE_CACHE` says, which
    /// is `off` or a folder, in the same way as for [`CompileCache::Folder`].
    #[default]
    User,
    /// Nowhere.
    Off,
    /// In `landbridge/modules` of this folder, made if it is not there; nothing else in the folder is
    /// touched. It is not used where others could change what lies there: if it or a folder above
    /// it belongs to somebody else than this user or root, or if the group or others may write to
    /// it. A sticky folder, as `/tmp` is, may be above it.
    Folder(PathBuf),
}

impl Default for EngineOptions {
    fn default() -> EngineOptions {
        EngineOptions {
            // generated: rust.option_flags
            interruptible: true,
            wide_arithmetic: false,
            custom_page_sizes: false,
            signal_handlers: true,
            deterministic: false,
            // end generated
            stack_bytes: 512 << 10,
            call_threads: call_threads(),
            pool_slots: 0,
            compile_cost: COMPILE_COST,
            memory_reservation_bytes: reservation::usual(),
            cache: CompileCache::User,
        }
    }
}

/// Turns off what components of WIT 0.2 do not have. What is asynchronous is not compiled in.
fn without_newer(config: &mut wasmtime::Config) {
    config.wasm_component_model_error_context(false);
    config.wasm_component_model_gc(false);
    config.wasm_component_model_map(false);
    config.wasm_component_model_memory64(false);
    config.wasm_component_model_fixed_length_lists(false);
    config.wasm_component_model_implements(false);
}

/// How the engine's engine of a build is made.
fn configured(options: &EngineOptions, build: Build) -> wasmtime::Config {
    let mut config = wasmtime::Config::new();
    config.epoch_interruption(options.interruptible);
    config.consume_fuel(build.fueled);
    config.max_wasm_stack(options.stack_bytes);
    // Not used, but the engine wants it to be no less.
    config.async_stack_size(options.stack_bytes.max(ASYNC_STACK_BYTES));
    config.wasm_wide_arithmetic(options.wide_arithmetic);
    config.wasm_custom_page_sizes(options.custom_page_sizes);
    without_newer(&mut config);
    config.signals_based_traps(options.signal_handlers);
    // Views of memory stay valid because memory never moves.
    reservation::configure(&mut config, options.memory_reservation_bytes, build.large);
    config.relaxed_simd_deterministic(options.deterministic);
    config.cranelift_nan_canonicalization(options.deterministic);
    config.memory_guaranteed_dense_image_size(cost::SPARSE_IMAGE_BYTES);
    config
}

/// A second, or 250 MB.
const COMPILE_COST: u64 = 1_000_000;

fn call_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    32.min(cores + 4)
}

/// Compiles modules. Cheap to clone; all clones are one engine. May be used from any thread.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    plain: Variant,
    /// The others, by [`Build::index`]; each is made for the first store that needs it.
    others: [fork::Once<Result<Variant>>; Build::COUNT],
    registry: Registry,
    workers: Workers,
    /// For loading, so that no call waits for a compiler.
    loading: Queue,
    options: EngineOptions,
}

/// Modules that are loaded asynchronously at a time: each compiles on all cores, but a small one need not
/// wait for a large one.
const LOADERS: usize = 2;

/// The engine's own size of a stack that is not used here.
const ASYNC_STACK_BYTES: usize = 2 << 20;

/// What code is compiled for. Code of different builds cannot meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Build {
    /// Stores with a limit of fuel.
    pub(crate) fueled: bool,
    /// Stores whose 64-bit memories may be larger than the usual reservation.
    pub(crate) large: bool,
    /// Stores in slots. Their code is the same as that of others, but belongs to another engine of the engine's.
    pub(crate) pooled: bool,
}

impl Build {
    pub(crate) const COUNT: usize = 8;

    pub(crate) fn index(self) -> usize {
        usize::from(self.fueled) + 2 * usize::from(self.large) + 4 * usize::from(self.pooled)
    }

    /// The one of a store that is made on demand.
    pub(crate) fn on_demand(sandbox: &Sandbox) -> Build {
        Build {
            fueled: sandbox.limits.fuel.is_some(),
            ..Build::default()
        }
    }

    /// The one of a store in a slot.
    pub(crate) fn in_slot(sandbox: &Sandbox) -> Build {
        Build {
            pooled: true,
            ..Build::on_demand(sandbox)
        }
    }

    /// The one whose code this shares.
    pub(crate) fn without_slots(self) -> Build {
        Build {
            pooled: false,
            ..self
        }
    }

    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Build> {
        (0..Build::COUNT).map(|index| Build {
            fueled: index & 1 != 0,
            large: index & 2 != 0,
            pooled: index & 4 != 0,
        })
    }
}

/// An engine of the engine's, for one build.
pub(crate) struct Variant {
    pub(crate) engine: wasmtime::Engine,
    /// A module of one empty function, for finding a store's stack limit.
    pub(crate) probe: wasmtime::Module,
    pub(crate) cache: Option<Cache>,
    pub(crate) tick: Option<Arc<Tick>>,
    /// Loops of batches, compiled.
    pub(crate) loops: Loops,
    pub(crate) slots: Slots,
    /// What compiling a module may cost.
    pub(crate) compile_cost: u64,
    /// WASI, made for the first module that asks for it.
    wasi: OnceLock<wasmtime::Linker<Data>>,
    proof: fork::Proof,
}

impl fmt::Debug for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Variant")
    }
}

impl Variant {
    fn new(options: &EngineOptions, build: Build) -> Result<Variant> {
        fork::watch();
        let _section = fork::Section::enter();
        // Where RUST_BACKTRACE is set, each error would take a trace of the native stack, which is
        // slow and takes a lock that a forked child may find held.
        wasmtime_environ::error::disable_backtrace();
        let unsupported = |e| Error::from_engine(e, ErrorKind::Unsupported);
        let mut config = configured(options, build);
        let mut make = || match build.pooled {
            true => Slots::make(&mut config, options.pool_slots),
            false => wasmtime::Engine::new(&config).map(|engine| (engine, Slots::default())),
        };
        let make = || match options.signal_handlers {
            true => handlers::install_with(make),
            false => make(),
        };
        let made = this_thread::with_room(COMPILER_BYTES, make)?;
        let (engine, slots) = made.map_err(unsupported)?;
        let compile = || wasmtime::Module::new(&engine, r#"(module (func (export "")))"#);
        let probe = this_thread::with_room(COMPILER_BYTES, || fork::on_all_cores(compile))??;
        Ok(Variant {
            cache: Cache::open(&engine, &options.cache),
            probe: probe.map_err(unsupported)?,
            tick: options.interruptible.then(Arc::default),
            loops: Loops::default(),
            slots,
            compile_cost: options.compile_cost,
            wasi: OnceLock::new(),
            proof: fork::Proof::new(),
            engine,
        })
    }

    /// The functions of WASI.
    pub(crate) fn wasi(&self) -> Result<&wasmtime::Linker<Data>> {
        if let Some(wasi) = self.wasi.get() {
            return Ok(wasi);
        }
        let _section = self.section()?;
        let made = wasi::linker(&self.engine);
        let made = made.map_err(|e| Error::from_engine(e, ErrorKind::Internal))?;
        Ok(self.wasi.get_or_init(|| made))
    }

    /// Enters what forks wait for: whoever loads, makes or frees something of the engine's holds
    /// its locks.
    ///
    /// # Errors
    /// `poisoned` in a forked child in which one of the locks is held for ever.
    pub(crate) fn section(&self) -> Result<fork::Section> {
        let section = fork::Section::enter();
        self.proof.ask(|| self.trial())?;
        Ok(section)
    }

    /// Frees what the engine made. Where a lock of the engine's is held for ever, it is left as it is.
    pub(crate) fn free<T>(&self, what: T) {
        match self.section() {
            Ok(_section) => drop(what),
            Err(_) => std::mem::forget(what),
        }
    }

    /// Takes every lock that loading and freeing take.
    fn trial(&self) -> Box<dyn FnOnce() + Send> {
        let (engine, code) = (self.engine.clone(), self.probe.serialize());
        Box::new(move || {
            // SAFETY: the code was just made by this very engine.
            let load = |code| unsafe { wasmtime::Module::deserialize(&engine, code) };
            drop(code.and_then(load));
        })
    }

    /// Starts the ticker if it is needed and not yet there.
    pub(crate) fn start_ticker(&self) -> Result<()> {
        handlers::glance();
        match &self.tick {
            Some(tick) => tick.start(&self.engine),
            None => Ok(()),
        }
    }
}

impl Drop for Variant {
    fn drop(&mut self) {
        if let Some(tick) = &self.tick {
            tick.end();
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
            plain: Variant::new(&options, Build::default())?,
            others: Default::default(),
            registry: Registry::default(),
            workers: Workers::new(options.call_threads, options.stack_bytes),
            loading: Queue::new(&Workers::new(LOADERS, COMPILER_BYTES), LOADERS),
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
        static SHARED: fork::Once<Result<Engine>> = fork::Once::new();
        SHARED
            .get_or_init(|| Engine::new(EngineOptions::default()))
            .clone()
    }

    /// The engine of a build.
    #[inline]
    pub(crate) fn variant(&self, build: Build) -> Result<&Variant> {
        if build == Build::default() {
            return Ok(&self.0.plain);
        }
        self.other(build)
    }

    #[cold]
    fn other(&self, build: Build) -> Result<&Variant> {
        let make = || Variant::new(&self.0.options, build);
        self.0.others[build.index()]
            .get_or_init(make)
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Whether instances of pools may have slots.
    pub(crate) fn has_slots(&self) -> bool {
        let options = self.options();
        options.pool_slots > 0 && reservation::can_be_slots(options.memory_reservation_bytes)
    }

    /// Whether stores can be made anew for larger memories than it reserves.
    pub(crate) fn can_enlarge(&self) -> bool {
        reservation::can_enlarge(self.0.options.memory_reservation_bytes)
    }

    /// The most bytes that memories of a store may grow to.
    pub(crate) fn most_memory_bytes(&self, large: bool) -> u64 {
        match large {
            true => reservation::LARGE_BYTES,
            false => self.0.options.memory_reservation_bytes,
        }
    }

    /// Its threads for asynchronous calls.
    pub(crate) fn workers(&self) -> &Workers {
        &self.0.workers
    }

    /// Of modules that are loaded asynchronously.
    pub(crate) fn loading(&self) -> &Queue {
        &self.0.loading
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.registry
    }
}
