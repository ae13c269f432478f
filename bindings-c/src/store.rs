//! Stores
//!
//! A store is one sandbox. Instances that are to share memories, tables, globals or functions are
//! made in one store; lb_instance_new() makes a store for its instance alone.
//!
//! Threads that meet on a store take turns, first come first served. A host function may call back
//! into the store it was called from. Waiting that would never end, as two threads wait for each
//! other's store, is LB_KIND_DEADLOCK.

use std::sync::Arc;

use landbridge::Store;

use crate::engine::chosen;
use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_out, guard_release};
use crate::handle::{lb_engine_t, lb_imports_t, lb_instance_t, lb_module_t, lb_store_t};
use crate::imports::lent;
use crate::instance::Live;
use crate::limits::lb_usage_t;
use crate::noun::{Noun, noun, unless_closed};
use crate::out::Out;
use crate::read::null;
use crate::stdio::lb_bytes_t;
use crate::versioned::Versioned;

noun!(lb_store_t, "store", Store);

/// Makes an empty store. engine may be NULL. The caller closes or releases it.
///
/// Errors: LB_KIND_LIMIT if memory or threads run out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_store_new(
    engine: *const lb_engine_t,
    store: Out<lb_store_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { guard_new(store, || Store::new(&chosen(engine)?)) }
}

/// A number that no other store of this process has or had: equal for all handles of one store.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_number(store: lb_store_t, number: Out<u64>) -> *mut lb_error_t {
    guard_out(number, 0, || Ok(store.get()?.number() as u64))
}

/// Makes an instance of a module in this store and runs its start function. imports may be NULL.
/// The caller releases the instance; it closes with the store.
///
/// Errors: as lb_instance_new(); LB_KIND_WRONG_STORE if an import lives in another store, or the
/// module is of another engine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_store_instantiate(
    store: lb_store_t,
    module: lb_module_t,
    imports: *const lb_imports_t,
    instance: Out<lb_instance_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(instance, || {
            let (store, module): (Arc<Store>, _) = (store.get()?, module.get()?);
            let made = store.instantiate(&module.module, &lent(imports)?)?;
            Ok(Live::new(made, module))
        })
    }
}

/// Tells what the guests use and used. usage begins as LB_USAGE; on an error it is zero but for its
/// size. Takes the store's turn.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_store_usage(
    store: lb_store_t,
    usage: *mut lb_usage_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        if usage.is_null() {
            return Err(null("usage"));
        }
        std::mem::zeroed::<lb_usage_t>().write(usage)?;
        lb_usage_t::give(&store.get()?.usage()?).write(usage)
    })
}

/// Gives the store so much fuel, in place of what is left, and counts from there. Takes the store's
/// turn.
///
/// Errors: LB_KIND_UNSUPPORTED if the store was made without a limit of fuel, LB_KIND_CLOSED,
/// LB_KIND_POISONED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_set_fuel(store: lb_store_t, fuel: u64) -> *mut lb_error_t {
    guard(|| store.get()?.set_fuel(fuel))
}

/// Ends the call that runs in this store, with LB_KIND_CANCELLED; the store is LB_KIND_POISONED then.
/// Never waits: a guest is ended within a few milliseconds, a callback that it called returns first. If
/// no call runs, nothing happens.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_cancel(store: lb_store_t) -> *mut lb_error_t {
    guard(|| {
        store.get()?.cancel();
        Ok(())
    })
}

/// Takes what guests wrote to stdout since the last time, if it is captured; see LB_STREAM_CAPTURE.
/// Never waits, also while they run; through another handle, also when the store was closed. The
/// caller releases the bytes.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_stdout(store: lb_store_t, bytes: Out<lb_bytes_t>) -> *mut lb_error_t {
    taken(store, bytes, Store::stdout)
}

/// The same for stderr.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_stderr(store: lb_store_t, bytes: Out<lb_bytes_t>) -> *mut lb_error_t {
    taken(store, bytes, Store::stderr)
}

/// The same for the lines about what was refused, which the member refusals of a lb_sandbox_t tells
/// about.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_refusals(store: lb_store_t, bytes: Out<lb_bytes_t>) -> *mut lb_error_t {
    taken(store, bytes, Store::refusals)
}

/// The last that guests wrote to streams that are discarded (LB_STREAM_NONE), and the last that WASI refused them, if
/// such lines are discarded too. A text for people, of at most 4 KiB of each stream, as lb_error_output() has it. It
/// stays there. Never waits, as lb_store_stdout(). The caller releases the bytes.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_output(store: lb_store_t, bytes: Out<lb_bytes_t>) -> *mut lb_error_t {
    taken(store, bytes, |store| store.output().into_bytes())
}

fn taken(
    store: lb_store_t,
    bytes: Out<lb_bytes_t>,
    take: fn(&Store) -> Vec<u8>,
) -> *mut lb_error_t {
    guard_out(bytes, lb_bytes_t::NONE, || {
        lb_bytes_t::give(take(&*store.get()?))
    })
}

/// Collects garbage of the guests' heap. They collect by themselves when it is full; this releases
/// objects of the program's at once that only garbage holds. Takes the store's turn.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_gc(store: lb_store_t) -> *mut lb_error_t {
    guard(|| store.get()?.gc())
}

/// Closes the store and releases the handle: everything in it answers LB_KIND_CLOSED from now on,
/// and its memory is freed as soon as no call is inside and no view is left. Never waits: a call
/// that runs in another thread is ended within a few milliseconds, with LB_KIND_CLOSED.
///
/// Closing twice is no error, also from two threads at once.
///
/// Errors: LB_KIND_TYPE if it is no handle of this kind.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_close(store: lb_store_t) -> *mut lb_error_t {
    guard(|| {
        let Some(object) = unless_closed(store.get())? else {
            return Ok(());
        };
        object.close();
        unless_closed(store.release()).map(drop)
    })
}

/// Releases the handle only. What lives in the store keeps it alive.
///
/// Errors: LB_KIND_CLOSED if it was closed or released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_store_release(store: lb_store_t) -> *mut lb_error_t {
    guard_release(store)
}
