//! Engines
//!
//! An engine compiles modules. Where a function takes an engine, NULL stands for one that all
//! share, made at first use; most programs never make another.

use std::ffi::{CStr, c_char};
use std::mem::offset_of;

use landbridge::{CompileCache, Engine, EngineOptions, Result};

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
    /// Bytes of native stack that a call may use at most; 0 for the default, 512 KiB. A thread with
    /// a smaller stack gives less.
    pub stack_bytes: usize,
    /// Whether a guest that runs can be interrupted: without, closing waits for it to return, and
    /// its loops run a little faster.
    pub interruptible: lb_bool,
    /// Where compiled code is kept, so that the next process need not compile the same module: NULL
    /// for the user's cache folder, "off" for nowhere, else a folder. It is kept in
    /// landbridge/modules of the folder; nothing else in it is touched. It is not used where others
    /// could change what lies there: if it or a folder above it belongs to somebody else than this
    /// user or root, or if the group or others may write to it. A sticky folder, as /tmp is, may be
    /// above it. A cache that cannot be used is no error.
    pub cache: *const c_char,
    /// Whether modules may use 128-bit sums and products of 64-bit integers, a proposal that is not
    /// part of WebAssembly 3.0.
    pub wide_arithmetic: lb_bool,
    /// Whether modules may have memories in pages of one byte, a proposal that is not part of
    /// WebAssembly 3.0.
    pub custom_page_sizes: lb_bool,
    /// The most threads that run asynchronous calls at a time, each started when it is needed; 0 for
    /// the default, 4 more than the machine has cores, and 32 at most.
    pub call_threads: usize,
    /// Whether traps may come by signals of the operating system (exceptions on Windows). Without,
    /// guests' code checks each access of memory, each division and each null itself and runs
    /// slower, and no handler is installed by this engine: for programs whose own handlers cannot
    /// live with others. The traps are the same ones.
    pub signal_handlers: lb_bool,
    /// How much more work than its size accounts for compiling a module may be; 0 for the
    /// default, 1,000,000, and UINT64_MAX for no bound. A unit is about a microsecond of one core or
    /// 250 bytes that are held, whichever is more, and each byte of a function accounts for 8, any
    /// other for 2; lb_inspection_compile_cost() tells what a module costs. A module that costs more is refused with LB_KIND_LIMIT before anything is compiled;
    /// what a cache or a precompiled file has is loaded whatever it costs.
    pub compile_cost: u64,
    /// The most bytes that a memory may grow to, and address space that it takes; 0 for the default,
    /// 4 GiB, where each memory takes all of it and code need not check addresses of 32 bits. With less,
    /// code checks each address and runs slower, and a memory takes what it can need: this, its
    /// declared maximum or what the store's limit leaves, whichever is least; one that starts larger
    /// has what it starts with. With more, 64-bit memories may grow so far; with the default they may
    /// too, up to 64 GiB, if they are the first of their store. Where the process may have less than
    /// 64 GiB of address space (RLIMIT_AS, ulimit -v), the default is a sixteenth of that.
    pub memory_reservation_bytes: u64,
    /// Whether results are the same bits on every machine: NaNs are canonical, and relaxed vector
    /// instructions do the same everywhere. Code with floats runs a little slower.
    pub deterministic: lb_bool,
}

// SAFETY: it begins with its size, and zeros are good values of its members.
unsafe impl Versioned for lb_engine_options_t {
    const NAME: &'static str = "lb_engine_options_t";
    const START: &'static str = "LB_ENGINE_OPTIONS";
    const SIZES: &'static [usize] = &[
        offset_of!(lb_engine_options_t, cache),
        offset_of!(lb_engine_options_t, call_threads),
        offset_of!(lb_engine_options_t, signal_handlers),
        offset_of!(lb_engine_options_t, compile_cost),
        offset_of!(lb_engine_options_t, memory_reservation_bytes),
        size_of::<lb_engine_options_t>(),
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
            interruptible: given.interruptible != 0,
            stack_bytes: match given.stack_bytes {
                0 => default.stack_bytes,
                bytes => bytes,
            },
            call_threads: match given.call_threads {
                0 => default.call_threads,
                threads => threads,
            },
            wide_arithmetic: given.wide_arithmetic != 0,
            custom_page_sizes: given.custom_page_sizes != 0,
            // SAFETY: the caller's promise.
            cache: unsafe { cache_of(given.cache) }?,
            // A program that does not know the member wants what was before it.
            signal_handlers: given.signal_handlers != 0
                || given.size <= offset_of!(lb_engine_options_t, signal_handlers),
            compile_cost: match given.compile_cost {
                0 => default.compile_cost,
                units => units,
            },
            memory_reservation_bytes: match given.memory_reservation_bytes {
                0 => default.memory_reservation_bytes,
                bytes => bytes,
            },
            deterministic: given.deterministic != 0,
        })
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

/// The engine that was named, or the shared one.
///
/// # Safety
/// `engine` is NULL or leads to a handle.
pub(crate) unsafe fn chosen(engine: *const lb_engine_t) -> Result<Engine> {
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
