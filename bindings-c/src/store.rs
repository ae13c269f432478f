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
use crate::guard::{Noun, guard, guard_new, unless_closed};
use crate::handle::{lb_engine_t, lb_imports_t, lb_instance_t, lb_module_t, lb_store_t};
use crate::imports::lent;
use crate::instance::Live;

/// Makes an empty store. engine may be NULL. The caller closes or releases it.
///
/// Errors: LB_KIND_LIMIT if memory or threads run out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_store_new(
    engine: *const lb_engine_t,
    store: *mut lb_store_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { guard_new(store, || Store::new(&chosen(engine)?)) }
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
    instance: *mut lb_instance_t,
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
    guard(|| store.release())
}
