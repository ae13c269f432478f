//! Resources of components
//!
//! A resource of a guest stays where it is, and crosses as a handle: a number of its store. The program closes those that
//! it was given and does not give away. One that a guest lends to a host function is good until that returns, and is not
//! closed. A number that was closed, given away or made up is LB_KIND_CLOSED wherever it is used.

use crate::error::lb_error_t;
use crate::guard::{guard, guard_out};
use crate::handle::lb_store_t;
use crate::noun::Noun;
use crate::out::Out;
use crate::types::lb_bool;

/// Lets go of a resource: the guest's destructor runs now, or when the calls of components of this store that are at work
/// have returned. What was closed or given away is no error.
///
/// Errors: LB_KIND_BUSY if a call in flight borrows it; whatever ends the destructor.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_resource_close(store: lb_store_t, resource: u64) -> *mut lb_error_t {
    guard(|| store.get()?.close_resource(resource))
}

/// Whether a resource can be used: it was not closed or given away. Takes the store's turn.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_resource_has(
    store: lb_store_t,
    resource: u64,
    has: Out<lb_bool>,
) -> *mut lb_error_t {
    guard_out(has, 0, || Ok(store.get()?.has_resource(resource)?.into()))
}

/// Lets go of a resource later, from any thread and without waiting: it is closed by the next call of a component of this
/// store. For finalizers of languages that have them.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_resource_drop(store: lb_store_t, resource: u64) -> *mut lb_error_t {
    guard(|| {
        store.get()?.drop_resource(resource);
        Ok(())
    })
}
