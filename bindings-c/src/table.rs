//! Tables

use landbridge::{Result, Table, Type, Value, messages};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_out, guard_release, guard_same};
use crate::handle::{lb_store_t, lb_table_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::null;
use crate::types::lb_table_type_t;
use crate::value::lb_value_t;

noun!(lb_table_t, "table", Table);

/// Makes a table that modules in this store can import, with init in all its elements. The
/// caller keeps the reference in init and releases the table.
///
/// Errors: LB_KIND_TYPE if init is not of the element type, LB_KIND_LIMIT if there is no room,
/// LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_table_new(
    store: lb_store_t,
    r#type: *const lb_table_type_t,
    init: lb_value_t,
    table: Out<lb_table_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(table, || {
            let ty = r#type.as_ref().ok_or_else(|| null("type"))?;
            Table::new(&*store.get()?, &ty.read()?, &element(&init)?)
        })
    }
}

fn element(value: &lb_value_t) -> Result<Value> {
    value.read(&|| messages::table_element().to_owned())
}

/// Reads an element. The caller releases the reference, with lb_value_release().
///
/// Errors: LB_KIND_OUT_OF_BOUNDS, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_table_get(
    table: lb_table_t,
    index: u64,
    value: Out<lb_value_t>,
) -> *mut lb_error_t {
    guard_out(value, lb_value_t::zero(Type::I32), || {
        lb_value_t::give(&table.get()?.get(index)?)
    })
}

/// Writes an element. The caller keeps the reference in value.
///
/// Errors: LB_KIND_OUT_OF_BOUNDS, LB_KIND_TYPE, LB_KIND_WRONG_STORE, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_table_set(
    table: lb_table_t,
    index: u64,
    value: lb_value_t,
) -> *mut lb_error_t {
    guard(|| table.get()?.set(index, &element(&value)?))
}

/// Grows the table by delta elements, all init; former_size (or NULL) receives its former size. The
/// caller keeps the reference in init.
///
/// Errors: LB_KIND_LIMIT if it cannot become that large, LB_KIND_TYPE, LB_KIND_WRONG_STORE,
/// LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_table_grow(
    table: lb_table_t,
    delta: u64,
    init: lb_value_t,
    former_size: Out<u64>,
) -> *mut lb_error_t {
    guard(|| {
        let former = table.get()?.grow(delta, &element(&init)?)?;
        former_size.tell(former);
        Ok(())
    })
}

/// How many elements it has now.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_table_size(table: lb_table_t, size: Out<u64>) -> *mut lb_error_t {
    guard_out(size, 0, || table.get()?.size())
}

/// The type it was made with.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_table_type(
    table: lb_table_t,
    r#type: Out<lb_table_type_t>,
) -> *mut lb_error_t {
    let none = lb_table_type_t {
        min: 0,
        max: 0,
        element: 0,
        is_64: 0,
    };
    guard_out(r#type, none, || {
        Ok(lb_table_type_t::give(&table.get()?.ty()?))
    })
}

/// Whether two handles are of one table of one store, also when the store is closed. False if either
/// is no handle of a table.
#[unsafe(no_mangle)]
pub extern "C" fn lb_table_same(table: lb_table_t, other: lb_table_t) -> bool {
    guard_same(|| Ok(table.get()?.same(&*other.get()?)))
}

/// Releases the handle. The store keeps the table.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_table_release(table: lb_table_t) -> *mut lb_error_t {
    guard_release(table)
}
