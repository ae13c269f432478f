//! Globals

use landbridge::{Global, Result, Type, Value, messages};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_out, guard_release, guard_same};
use crate::handle::{lb_global_t, lb_store_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::null;
use crate::types::lb_global_type_t;
use crate::value::lb_value_t;

noun!(lb_global_t, "global", Global);

/// Makes a global that modules in this store can import. The caller keeps the reference in
/// value and releases the global.
///
/// Errors: LB_KIND_TYPE if value is not of the type, LB_KIND_WRONG_STORE, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_global_new(
    store: lb_store_t,
    r#type: *const lb_global_type_t,
    value: lb_value_t,
    global: Out<lb_global_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(global, || {
            let ty = r#type.as_ref().ok_or_else(|| null("type"))?;
            Global::new(&*store.get()?, &ty.read()?, &content(&value)?)
        })
    }
}

fn content(value: &lb_value_t) -> Result<Value> {
    value.read(&|| messages::global_value().to_owned())
}

/// Reads its value. The caller releases the reference it may be, with lb_value_release().
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_global_get(global: lb_global_t, value: Out<lb_value_t>) -> *mut lb_error_t {
    guard_out(value, lb_value_t::zero(Type::I32), || {
        lb_value_t::give(&global.get()?.get()?)
    })
}

/// Writes its value. The caller keeps the reference in value.
///
/// Errors: LB_KIND_TYPE if the value does not fit or the global is immutable, LB_KIND_WRONG_STORE,
/// LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_global_set(global: lb_global_t, value: lb_value_t) -> *mut lb_error_t {
    guard(|| global.get()?.set(&content(&value)?))
}

/// Its type.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_global_type(
    global: lb_global_t,
    r#type: Out<lb_global_type_t>,
) -> *mut lb_error_t {
    let none = lb_global_type_t {
        content: 0,
        is_mutable: 0,
    };
    guard_out(r#type, none, || {
        Ok(lb_global_type_t::give(&global.get()?.ty()?))
    })
}

/// Whether two handles are of one global of one store, also when the store is closed. False if either
/// is no handle of a global.
#[unsafe(no_mangle)]
pub extern "C" fn lb_global_same(global: lb_global_t, other: lb_global_t) -> bool {
    guard_same(|| Ok(global.get()?.same(&*other.get()?)))
}

/// Releases the handle. The store keeps the global.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_global_release(global: lb_global_t) -> *mut lb_error_t {
    guard_release(global)
}
