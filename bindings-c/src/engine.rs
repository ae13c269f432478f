//! Engines
//!
//! An engine compiles modules. Where a function takes an engine, NULL stands for one that all share,
//! made at first use; most programs never make another.

use landbridge::{Engine, EngineOptions, Error, ErrorKind, Result};

use crate::error::lb_error_t;
use crate::guard::{Noun, guard, guard_new};
use crate::handle::lb_engine_t;
use crate::types::lb_bool;

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
}

impl lb_engine_options_t {
    /// # Safety
    /// `options` leads to the struct.
    unsafe fn read(options: *const lb_engine_options_t) -> Result<EngineOptions> {
        // SAFETY: every version of the struct begins with its size.
        let size = unsafe { (&raw const (*options).size).read() };
        if size != size_of::<lb_engine_options_t>() {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "no version of lb_engine_options_t has {size} bytes; begin with LB_ENGINE_OPTIONS"
                ),
            ));
        }
        // SAFETY: the size is that of this version.
        let given = unsafe { &*options };
        let default = EngineOptions::default();
        Ok(EngineOptions {
            interruptible: given.interruptible != 0,
            stack_bytes: match given.stack_bytes {
                0 => default.stack_bytes,
                bytes => bytes,
            },
        })
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
    engine: *mut lb_engine_t,
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
    guard(|| engine.release())
}
