//! Pools
//!
//! A pool keeps ready instances of one module, each in a store of its own, for callers that run in
//! parallel. It may be used from any thread. Its calls are short: take an instance, use it, give it back.
//!
//!     lb_pool_t pool; lb_instance_t one;
//!     lb_error_t *err = lb_pool_new(module, NULL, NULL, NULL, &pool);
//!     if (!err) err = lb_pool_get(pool, &one);
//!     if (!err) err = lb_instance_call(one, "handle", args, 1, result, 1);
//!     lb_error_free(lb_instance_close(one));

use std::ffi::{c_char, c_void};
use std::mem::offset_of;
use std::sync::Arc;
use std::time::Duration;

use landbridge::handle::Lent;
use landbridge::{Error, ErrorKind, Pool, PoolCounts, PoolOptions, Reset, Result, WitFuncType};

use crate::call::{Done, arguments, lb_done_t, start};
use crate::error::lb_error_t;
use crate::func;
use crate::guard::{guard, guard_new, guard_release};
use crate::handle::{lb_call_t, lb_imports_t, lb_instance_t, lb_module_t, lb_pool_t};
use crate::imports::lent;
use crate::instance::Live;
use crate::module::Loaded;
use crate::noun::{Noun, noun, unless_closed};
use crate::out::Out;
use crate::read::{null, text};
use crate::sandbox::{Handed, lb_sandbox_t};
use crate::value::lb_value_t;
use crate::versioned::Versioned;
use crate::wit_imports::KnownTypes;
use crate::wit_type::Signature;

/// What becomes of an instance that is given back: one of the LB_RESET_ numbers.
pub type lb_reset_t = u32;

/// It is closed, and a fresh one takes its place: no caller sees what another left behind.
pub const LB_RESET_FRESH: lb_reset_t = 0;
/// It is used again as it is, with its limits of fuel and output as at first; a fresh one takes its place
/// if it was closed or poisoned. For guests that are trusted to keep callers apart.
pub const LB_RESET_REUSE: lb_reset_t = 1;

/// As many instances as the machine has cores; header/pool.h says it to C.
const LB_POOL_CORES: usize = usize::MAX;

/// How a pool is kept. Begin with LB_POOL_OPTIONS and change what you like:
///
///     lb_pool_options_t options = LB_POOL_OPTIONS;
///     options.max = 16;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_pool_options_t {
    /// sizeof(lb_pool_options_t), by which the library knows what the program knew.
    pub size: usize,
    /// The most instances at a time, at least 1; LB_POOL_CORES is the default.
    pub max: usize,
    /// Milliseconds to wait for an instance when all are taken, by default 30000; then LB_KIND_BUSY.
    pub wait_ms: u64,
    /// LB_RESET_FRESH or LB_RESET_REUSE.
    pub reset: lb_reset_t,
}

// SAFETY: it begins with its size; what LB_POOL_OPTIONS sets was there from the first version on.
unsafe impl Versioned for lb_pool_options_t {
    const NAME: &'static str = "lb_pool_options_t";
    const START: &'static str = "LB_POOL_OPTIONS";
    const SIZES: &'static [usize] = &[size_of::<lb_pool_options_t>()];
}

impl lb_pool_options_t {
    /// # Safety
    /// `options` is NULL or leads to the struct, of as many bytes as it says.
    unsafe fn read(options: *const lb_pool_options_t) -> Result<PoolOptions> {
        let default = PoolOptions::default();
        if options.is_null() {
            return Ok(default);
        }
        // SAFETY: it is not NULL, and the caller promises the rest.
        let given = unsafe { lb_pool_options_t::copy(options) }?;
        Ok(PoolOptions {
            max: match given.max {
                LB_POOL_CORES => default.max,
                max => max,
            },
            wait: Duration::from_millis(given.wait_ms),
            reset: match given.reset {
                LB_RESET_FRESH => Reset::Fresh,
                LB_RESET_REUSE => Reset::Reuse,
                other => return Err(no_reset(other)),
            },
        })
    }
}

#[cold]
fn no_reset(number: lb_reset_t) -> Error {
    Error::new(ErrorKind::Type, format!("{number} is no LB_RESET_ number"))
}

/// What a pool has now, and has done. Begin with LB_POOL_COUNTS, for lb_pool_counts() to fill in.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_pool_counts_t {
    /// sizeof(lb_pool_counts_t), by which the library knows what the program knew.
    pub size: usize,
    /// Instances that are ready.
    pub ready: u64,
    /// Instances that are taken.
    pub taken: u64,
    /// Callers that wait for one.
    pub waiting: u64,
    /// Instances that were ever made.
    pub made: u64,
    /// How often one was taken.
    pub served: u64,
    /// Instances that were ever made in slots, see pool_slots of lb_engine_options_t; the others were made on demand.
    pub in_slots: u64,
}

// SAFETY: it begins with its size.
unsafe impl Versioned for lb_pool_counts_t {
    const NAME: &'static str = "lb_pool_counts_t";
    const START: &'static str = "LB_POOL_COUNTS";
    const SIZES: &'static [usize] = &[
        offset_of!(lb_pool_counts_t, in_slots),
        size_of::<lb_pool_counts_t>(),
    ];
}

impl lb_pool_counts_t {
    fn give(counts: &PoolCounts) -> lb_pool_counts_t {
        lb_pool_counts_t {
            size: size_of::<lb_pool_counts_t>(),
            ready: counts.ready as u64,
            taken: counts.taken as u64,
            waiting: counts.waiting as u64,
            made: counts.made,
            served: counts.served,
            in_slots: counts.in_slots,
        }
    }
}

/// A pool with the module that knows its names as C texts.
pub struct LoadedPool {
    pub(crate) pool: Pool,
    loaded: Arc<Loaded>,
    types: KnownTypes,
}

impl LoadedPool {
    /// The type of a function of a component.
    pub(crate) fn signature(&self, name: &str) -> Result<(Arc<WitFuncType>, Arc<Signature>)> {
        let ty = self.loaded.wit_world()?.find(name)?.ty;
        let signature = self.types.get(&ty).clone();
        Ok((ty, signature))
    }
}

noun!(lb_pool_t, "pool", LoadedPool);

/// Makes a pool of instances of a module, which import and are closed in as those of
/// lb_instance_new_with(). imports, sandbox and options may be NULL. One instance is made at once, so
/// that what is wrong with the module or its imports shows here; further ones when they are needed. The
/// limits of the sandbox hold for each instance. Its streams are shared: data for them is dropped once the
/// pool is gone, and its last instance. The caller releases the pool.
///
/// Errors: LB_KIND_RANGE if max is 0, LB_KIND_TYPE for a wrong number, and as lb_instance_new_with().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_pool_new(
    module: lb_module_t,
    imports: *const lb_imports_t,
    sandbox: *const lb_sandbox_t,
    options: *const lb_pool_options_t,
    pool: Out<lb_pool_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        let handed = Handed::take(sandbox);
        guard_new(pool, || {
            let (sandbox, options) = (handed.read(sandbox)?, lb_pool_options_t::read(options)?);
            let loaded = module.get()?;
            let pool = Pool::new(&loaded.module, &lent(imports)?, &sandbox, options)?;
            let types = KnownTypes::default();
            Ok(LoadedPool {
                pool,
                loaded,
                types,
            })
        })
    }
}

/// Takes an instance. The caller gives it back with lb_instance_close(), or by releasing it. What was got
/// from it, such as functions and memories, must not be used after that: with LB_RESET_REUSE they lead
/// into an instance that somebody else has.
///
/// Errors: LB_KIND_BUSY if none was given back in time, LB_KIND_CLOSED, what making one failed with.
#[unsafe(no_mangle)]
pub extern "C" fn lb_pool_get(pool: lb_pool_t, instance: Out<lb_instance_t>) -> *mut lb_error_t {
    guard_new(instance, || {
        let kept = pool.get()?;
        Ok(Live::new(kept.pool.get()?, kept.loaded.clone()))
    })
}

/// Takes an instance, calls an exported function of it by name, and gives it back. References in the
/// results are of a store that is closed by then, unless instances are reused.
///
/// Errors: as lb_pool_get() and lb_instance_call().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_pool_call(
    pool: lb_pool_t,
    name: *const c_char,
    args: *const lb_value_t,
    nargs: usize,
    results: *mut lb_value_t,
    nresults: usize,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let (kept, name) = (pool.get()?, text(name, "name")?);
        // Given back when it is dropped, also when a panic passes.
        let instance = kept.pool.get()?;
        func::call(
            &Lent::free(instance.func_ref(&name)?),
            args,
            nargs,
            results,
            nresults,
        )
    })
}

/// The same on a thread of the library's; else as lb_func_call_async(). Any number may be in flight: as
/// many run at a time as the pool has room for.
///
/// Errors: LB_KIND_TYPE if args holds no values, LB_KIND_CLOSED if the handle was released, LB_KIND_LIMIT
/// if no thread can be started. All else is the outcome of the call, as of lb_pool_call().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_pool_call_async(
    pool: lb_pool_t,
    name: *const c_char,
    args: *const lb_value_t,
    nargs: usize,
    call: Out<lb_call_t>,
    done: lb_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        start(call, Done::of(done, data), || {
            let (kept, name) = (pool.get()?, text(name, "name")?);
            let args = arguments(args, nargs, &name)?;
            Ok(kept.pool.prepare(&name, &args))
        })
    }
}

/// Tells what a pool has now, and has done, also after it was closed. counts begins as LB_POOL_COUNTS; on
/// an error it is zero but for its size.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_pool_counts(
    pool: lb_pool_t,
    counts: *mut lb_pool_counts_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        if counts.is_null() {
            return Err(null("counts"));
        }
        lb_pool_counts_t::give(&PoolCounts::default()).write(counts)?;
        lb_pool_counts_t::give(&pool.get()?.pool.counts()).write(counts)
    })
}

/// Closes the pool, but keeps the handle: its ready instances are closed now, those that are taken when
/// they are given back, and callers that wait get LB_KIND_CLOSED. Never waits: lb_pool_counts() tells what
/// is still taken. Closing twice is no error.
///
/// Errors: LB_KIND_TYPE if it is no handle of this kind.
#[unsafe(no_mangle)]
pub extern "C" fn lb_pool_close(pool: lb_pool_t) -> *mut lb_error_t {
    guard(|| {
        if let Some(kept) = unless_closed(pool.get())? {
            kept.pool.close();
        }
        Ok(())
    })
}

/// Releases the handle. Calls in flight go on. Then the ready instances are closed, and those that are
/// taken when they are given back.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_pool_release(pool: lb_pool_t) -> *mut lb_error_t {
    guard_release(pool)
}
