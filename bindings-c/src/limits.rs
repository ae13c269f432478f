//! Limits and usage
//!
//! How much the guests of one store may use, and what they used. Each limit ends a call, or refuses
//! what was asked for, with an error kind of its own. After one that ended a call in its middle, the
//! store is LB_KIND_POISONED: instantiate the module again.

use std::ffi::c_char;
use std::mem::offset_of;
use std::time::Duration;

use landbridge::{Error, ErrorKind, Limits, Result, Usage};

use crate::error::lb_error_t;
use crate::guard::guard;
use crate::out::Out;
use crate::read::{null, text};
use crate::text::give_text;
use crate::versioned::Versioned;

/// How much the guests of one store may use; 0 bounds nothing. A program that computes a limit must
/// see to it that it does not come to 0. Begin with LB_LIMITS and change what you like:
///
///     lb_limits_t limits = LB_LIMITS;
///     limits.timeout_ms = 500;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_limits_t {
    /// sizeof(lb_limits_t), by which the library knows what the program knew.
    pub size: usize,
    // generated: c.limits
    /// Bytes that all memories of the store and its garbage-collected heap may have together. A
    /// guest that asks for more gets -1 from memory.grow, and may go on. If it traps then, or if
    /// the program asks for more, the error is LB_KIND_MEMORY_LIMIT.
    pub memory_bytes: u64,
    /// Elements that all tables of the store may have together. More are refused as for memory.
    /// Error: LB_KIND_LIMIT.
    pub table_elements: u64,
    /// Instances that may be made in the store. Error: LB_KIND_LIMIT.
    pub instances: u64,
    /// Fuel that guests may use until you give more with lb_store_set_fuel(). Error: LB_KIND_FUEL.
    /// An instruction uses about one unit, and the same call uses the same fuel on every machine
    /// and in every host. Modules are compiled a second time, with code that counts.
    pub fuel: u64,
    /// Bytes that guests may write to stdout and stderr together. Error: LB_KIND_LIMIT. If you do
    /// not set it, at most 16 MiB are captured.
    pub output_bytes: u64,
    /// How many milliseconds a call from the program may take, with all that it calls. Error:
    /// LB_KIND_TIMEOUT. The guest is ended within a few milliseconds, also while it sleeps. Two
    /// things are finished first: a host function that it called, and one instruction that fills
    /// memory, which takes 1 to 2 milliseconds for each MiB. Needs an engine that can interrupt
    /// guests.
    pub timeout_ms: u64,
    /// Bytes that guests may write into files of granted folders, all together. They count when
    /// they are written: overwriting or removing gives nothing back. Each file, folder and link
    /// that is made counts as 4096. Holes count, too: whatever makes a file longer counts, by any
    /// descriptor. A write beyond the limit gives the guest WASI's error NOSPC (51). If you do not
    /// set it and the policy has folders in memory, it is 64 MiB.
    pub written_bytes: u64,
    /// Files and folders that guests may have open at once, not counting granted folders. One more
    /// gives the guest WASI's error MFILE (33). If you do not set it, it is 1024.
    pub open_files: u64,
    /// Bytes that one call of a component's function may copy to the guest, and as many back;
    /// likewise when a component calls the program. Strings and lists of numbers count as their
    /// bytes; in other lists that a component returns, each element counts as at least 8. Arguments
    /// that are too large are refused before the call, and a component that returns too much is
    /// ended. Error: LB_KIND_LIMIT. If you do not set it, it is 128 MiB.
    pub transfer_bytes: u64,
    /// Handles of resources that the components of the store may hold at once, and as many that the
    /// program may hold or have given them. Error: LB_KIND_LIMIT. A borrow counts until its call
    /// ends, and a component's resource that the program holds counts for both. If you do not set
    /// it, it is 100,000.
    pub handles: u64,
    // end generated
}

// SAFETY: it begins with its size, and a limit of 0 is none.
unsafe impl Versioned for lb_limits_t {
    const NAME: &'static str = "lb_limits_t";
    const START: &'static str = "LB_LIMITS";
    const SIZES: &'static [usize] = &[
        // generated: c.limit_sizes
        offset_of!(lb_limits_t, written_bytes),
        offset_of!(lb_limits_t, transfer_bytes),
        size_of::<lb_limits_t>(),
        // end generated
    ];
}

impl lb_limits_t {
    /// # Safety
    /// `limits` is NULL or leads to the struct, of as many bytes as it says.
    pub(crate) unsafe fn read(limits: *const lb_limits_t) -> Result<Limits> {
        if limits.is_null() {
            return Ok(Limits::default());
        }
        // SAFETY: it is not NULL, and the caller promises the rest.
        let given = unsafe { lb_limits_t::copy(limits) }?;
        let some = |limit: u64| (limit != 0).then_some(limit);
        Ok(Limits {
            // generated: c.limits_read
            memory_bytes: some(given.memory_bytes),
            table_elements: some(given.table_elements),
            instances: some(given.instances),
            fuel: some(given.fuel),
            output_bytes: some(given.output_bytes),
            timeout: some(given.timeout_ms).map(Duration::from_millis),
            written_bytes: some(given.written_bytes),
            open_files: some(given.open_files),
            transfer_bytes: some(given.transfer_bytes),
            handles: some(given.handles),
            // end generated
        })
    }

    fn give(limits: &Limits) -> Result<lb_limits_t> {
        let millis = |it: Duration| {
            it.as_nanos()
                .div_ceil(1_000_000)
                .try_into()
                .unwrap_or(u64::MAX)
        };
        Ok(lb_limits_t {
            size: size_of::<lb_limits_t>(),
            // generated: c.limits_give
            memory_bytes: told("memory_bytes", limits.memory_bytes)?,
            table_elements: told("table_elements", limits.table_elements)?,
            instances: told("instances", limits.instances)?,
            fuel: told("fuel", limits.fuel)?,
            output_bytes: told("output_bytes", limits.output_bytes)?,
            timeout_ms: told("timeout_ms", limits.timeout.map(millis))?,
            written_bytes: told("written_bytes", limits.written_bytes)?,
            open_files: told("open_files", limits.open_files)?,
            transfer_bytes: told("transfer_bytes", limits.transfer_bytes)?,
            handles: told("handles", limits.handles)?,
            // end generated
        })
    }
}

/// A limit as C has it, where 0 is none.
fn told(name: &str, limit: Option<u64>) -> Result<u64> {
    match limit {
        Some(0) => {
            let text = format!("the limits: {name} is 0, which bounds nothing in lb_limits_t");
            Err(Error::new(ErrorKind::Range, text))
        }
        limit => Ok(limit.unwrap_or(0)),
    }
}

/// Writes limits (or NULL) as JSON, the same bytes in every host language, to a buffer of size bytes, cut short
/// and ended by a zero byte as snprintf does. What has no limit is left out. length (or NULL)
/// receives the whole length without the zero byte.
///
/// Errors: LB_KIND_UNSUPPORTED if limits did not begin as LB_LIMITS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_limits_to_json(
    limits: *const lb_limits_t,
    json: *mut c_char,
    size: usize,
    length: Out<usize>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        give_text(&lb_limits_t::read(limits)?.to_json(), json, size, length);
        Ok(())
    })
}

/// Reads limits from JSON, such as {"memory_bytes": 1048576, "timeout_ms": 500}. What has no key is not
/// bounded, and a part of a millisecond counts as a whole one. limits begins as LB_LIMITS; on an error it
/// is left as it was.
///
/// Errors: LB_KIND_TYPE, saying which key is unknown or wrong; LB_KIND_RANGE if a limit is 0, which would
/// bound nothing here; LB_KIND_UNSUPPORTED if limits did not begin as LB_LIMITS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_limits_from_json(
    json: *const c_char,
    limits: *mut lb_limits_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        if limits.is_null() {
            return Err(null("limits"));
        }
        lb_limits_t::give(&Limits::from_json(&text(json, "json")?)?)?.write(limits)
    })
}

/// In place of the fuel used where none is counted.
pub const LB_NO_FUEL: u64 = u64::MAX;

/// What the guests of a store use and used. Begin with LB_USAGE, for lb_store_usage() to fill in.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_usage_t {
    /// sizeof(lb_usage_t), by which the library knows what the program knew.
    pub size: usize,
    // generated: c.usage
    /// Bytes that all memories and the garbage-collected heap have now.
    pub memory_bytes: u64,
    /// The most bytes they ever had.
    pub peak_memory_bytes: u64,
    /// Elements that all tables have now.
    pub table_elements: u64,
    /// Instances that were made.
    pub instances: u64,
    /// Fuel used since it was last set; LB_NO_FUEL in a store without that limit.
    pub fuel_used: u64,
    /// Bytes written to stdout and stderr.
    pub output_bytes: u64,
    /// How many nanoseconds the last call from the program took, in steps of about a millisecond;
    /// zero if it took less.
    pub last_call_ns: u64,
    /// Bytes written into files of granted folders, counted as written_bytes of lb_limits_t says.
    pub written_bytes: u64,
    /// Files and folders that guests have open now, granted folders aside.
    pub open_files: u64,
    /// Handles of resources that the program holds now or has given to components; handles of the
    /// components' own are not counted.
    pub handles: u64,
    // end generated
}

// SAFETY: it begins with its size.
unsafe impl Versioned for lb_usage_t {
    const NAME: &'static str = "lb_usage_t";
    const START: &'static str = "LB_USAGE";
    const SIZES: &'static [usize] = &[
        // generated: c.usage_sizes
        offset_of!(lb_usage_t, written_bytes),
        offset_of!(lb_usage_t, handles),
        size_of::<lb_usage_t>(),
        // end generated
    ];
}

impl lb_usage_t {
    pub(crate) fn give(usage: &Usage) -> lb_usage_t {
        lb_usage_t {
            size: size_of::<lb_usage_t>(),
            // generated: c.usage_give
            memory_bytes: usage.memory_bytes,
            peak_memory_bytes: usage.peak_memory_bytes,
            table_elements: usage.table_elements,
            instances: usage.instances,
            fuel_used: usage.fuel_used.unwrap_or(LB_NO_FUEL),
            output_bytes: usage.output_bytes,
            last_call_ns: usage.last_call.as_nanos().try_into().unwrap_or(u64::MAX),
            written_bytes: usage.written_bytes,
            open_files: usage.open_files,
            handles: usage.handles,
            // end generated
        }
    }
}
