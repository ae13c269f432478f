//! Engines
//!
//! An engine compiles modules. Where a function takes an engine, NULL stands for one that all
//! share, made at first use; most programs never make another.

use std::ffi::{CStr, c_char};
use std::mem::offset_of;

use landbridge::{CompileCache, Engine, EngineOptions, Result, host};

use crate::error::lb_error_t;
use crate::guard::{guard_new, guard_release};
use crate::handle::lb_engine_t;
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::path_of;
use crate::types::lb_bool;
use crate::versioned::Versioned;

noun!(lb_engine_t, "engine", Engine);

/// How an engine is made. Begin with LB_ENGINE_OPTIONS and change what you like:
///
///     lb_engine_options_t options = LB_ENGINE_OPTIONS;
///     options.stack_bytes = 1 << 20;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_engine_options_t {
    /// sizeof(lb_engine_options_t), by which the library knows what the program knew.
    pub size: usize,
    // generated: c.options
    /// Bytes of native stack a call may use at most; 0 for the default, 512 KiB. A thread with a
    /// smaller stack gives less.
    pub stack_bytes: usize,
    /// Whether a running guest can be interrupted. Costs a check at each loop iteration and
    /// function entry of the guest; without it closing and cancelling wait for the guest to return.
    pub interruptible: lb_bool,
    /// Where compiled code is kept for the next process: NULL for the user's cache folder, "off"
    /// for nowhere, else a folder. It is kept in landbridge/modules of the folder, which is made if
    /// it is not there; nothing else in the folder is touched. The cache is not used where others
    /// could change its files: if the folder or one above it belongs to another user than this one
    /// or root, or if its group or others may write to it. A sticky folder, such as /tmp, may be
    /// above it. A cache that cannot be used is never an error: then modules are compiled.
    pub cache: *const c_char,
    /// Whether modules may use 128-bit sums and products of 64-bit integers, a proposal that is not
    /// part of WebAssembly 3.0.
    pub wide_arithmetic: lb_bool,
    /// Whether modules may have memories in pages of one byte, a proposal that is not part of
    /// WebAssembly 3.0.
    pub custom_page_sizes: lb_bool,
    /// The most threads that run asynchronous calls at a time, at least 1; 0 for the default, 4
    /// more than the machine has cores, and 32 at most. Each is started when it is needed, and ends
    /// when it had nothing to do for 10 seconds. A guest that waits for an asynchronous host
    /// function holds one.
    pub call_threads: usize,
    /// Whether traps may come by signals of the operating system (exceptions on Windows). Without,
    /// guests' code checks each access of memory, each division and each null itself and runs
    /// slower, and no handler is installed by this engine: for programs whose own handlers cannot
    /// live with others. The traps are the same ones.
    pub signal_handlers: lb_bool,
    /// How much more work compiling a module may be than its size explains; 0 for the default,
    /// 1,000,000, and UINT64_MAX for no bound. It keeps a small module from holding the compiler
    /// for minutes or taking all memory. A unit is about a microsecond of one core or 250 bytes
    /// that are held, whichever is more. Each byte of a function explains 8 units, any other byte
    /// 2; lb_inspection_compile_cost() reports what a module costs. One that costs more is refused
    /// (LB_KIND_LIMIT) before anything is compiled; what a cache or a precompiled file holds is
    /// loaded whatever it costs.
    pub compile_cost: u64,
    /// How many bytes a memory may grow to, and how much address space it takes; 0 for the default,
    /// 4 GiB. With the default each memory takes all of it, and code need not check addresses of 32
    /// bits. With less, code checks each address and runs slower, and a memory takes only what it
    /// can need: this option, its declared maximum or what memory_bytes of lb_limits_t leaves,
    /// whichever is least; a memory that starts larger has the size it starts with. With more,
    /// 64-bit memories may grow to this size; with the default a 64-bit memory may grow to 64 GiB
    /// if it is the first of its store. Where the process may have less than 64 GiB of address
    /// space (RLIMIT_AS, ulimit -v), the default is a sixteenth of that.
    pub memory_reservation_bytes: u64,
    /// Whether results are the same bits on every machine: NaNs are canonical, and relaxed vector
    /// instructions do the same everywhere. Code with floats runs a little slower.
    pub deterministic: lb_bool,
    /// How many instances of pools can be in slots at a time; 0 for the default, none. A slot is
    /// room that the engine keeps ready, so an instance in it is made several times faster. A slot
    /// takes 8 to 12 GiB of address space, and memory only for what is used in it. Where the
    /// process has less address space, there are fewer slots. An instance that does not fit, or for
    /// which no slot is free, is made without one; the counts of a pool say how many were made in
    /// slots. The guide to pools says what fits.
    pub pool_slots: usize,
    // end generated
}

// SAFETY: it begins with its size, and zeros are good values of its members.
unsafe impl Versioned for lb_engine_options_t {
    const NAME: &'static str = "lb_engine_options_t";
    const START: &'static str = "LB_ENGINE_OPTIONS";
    const SIZES: &'static [usize] = &[
        // generated: c.option_sizes
        offset_of!(lb_engine_options_t, cache),
        offset_of!(lb_engine_options_t, call_threads),
        offset_of!(lb_engine_options_t, signal_handlers),
        offset_of!(lb_engine_options_t, compile_cost),
        offset_of!(lb_engine_options_t, memory_reservation_bytes),
        offset_of!(lb_engine_options_t, pool_slots),
        size_of::<lb_engine_options_t>(),
        // end generated
    ];
}

impl lb_engine_options_t {
    /// # Safety
    /// `options` leads to the struct, of as many bytes as it says.
    unsafe fn read(options: *const lb_engine_options_t) -> Result<EngineOptions> {
        // SAFETY: the caller's promise is ours.
        let given = unsafe { lb_engine_options_t::copy(options) }?;
        let default = EngineOptions::default();
        Ok(EngineOptions {
            // generated: c.options_read
            stack_bytes: or_default(given.stack_bytes, default.stack_bytes),
            interruptible: given.interruptible != 0,
            // SAFETY: the caller's promise.
            cache: unsafe { cache_of(given.cache) }?,
            wide_arithmetic: given.wide_arithmetic != 0,
            custom_page_sizes: given.custom_page_sizes != 0,
            call_threads: or_default(given.call_threads, default.call_threads),
            signal_handlers: given.signal_handlers != 0
                || given.size <= offset_of!(lb_engine_options_t, signal_handlers),
            compile_cost: or_default(given.compile_cost, default.compile_cost),
            memory_reservation_bytes: or_default(
                given.memory_reservation_bytes,
                default.memory_reservation_bytes,
            ),
            deterministic: given.deterministic != 0,
            pool_slots: or_default(given.pool_slots, default.pool_slots),
            // end generated
        })
    }
}

/// A number as C has it, where 0 is the default.
fn or_default<T: Default + PartialEq>(given: T, default: T) -> T {
    if given == T::default() {
        default
    } else {
        given
    }
}

/// # Safety
/// `cache` is NULL or a text.
unsafe fn cache_of(cache: *const c_char) -> Result<CompileCache> {
    if cache.is_null() {
        return Ok(CompileCache::User);
    }
    // SAFETY: it is not NULL, and the caller promises the rest.
    match unsafe { CStr::from_ptr(cache) } == c"off" {
        true => Ok(CompileCache::Off),
        // SAFETY: as above.
        false => Ok(CompileCache::Folder(unsafe { path_of(cache) }?)),
    }
}

/// The engine that was named, or the shared one. All that loads a module comes here first.
///
/// # Safety
/// `engine` is NULL or leads to a handle.
pub(crate) unsafe fn chosen(engine: *const lb_engine_t) -> Result<Engine> {
    host::print_defects_alone();
    // SAFETY: the caller's promise.
    match unsafe { engine.as_ref() } {
        Some(engine) if engine.id != 0 => Ok((*engine.get()?).clone()),
        _ => Engine::shared(),
    }
}

/// Makes an engine. options may be NULL. The caller releases it.
///
/// Errors: LB_KIND_UNSUPPORTED if the options contradict each other or this machine cannot run it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_engine_new(
    options: *const lb_engine_options_t,
    engine: Out<lb_engine_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(engine, || match options.is_null() {
            true => Engine::new(EngineOptions::default()),
            false => Engine::new(lb_engine_options_t::read(options)?),
        })
    }
}

/// Releases the handle. Modules of this engine keep it alive.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_engine_release(engine: lb_engine_t) -> *mut lb_error_t {
    guard_release(engine)
}
