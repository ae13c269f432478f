//! Exception tags
//!
//! A tag lives in a store and says which sort an exception is of, and the types of what it carries.
//! Modules export and import tags; define one as an import by lb_imports_define() and lb_extern_tag().

use landbridge::Tag;

use crate::error::lb_error_t;
use crate::guard::{guard_new, guard_out, guard_release, guard_same};
use crate::handle::{lb_store_t, lb_tag_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::array;
use crate::types::{lb_func_type_t, lb_type_t, types};

noun!(lb_tag_t, "tag", Tag);

/// Makes a tag in a store, whose exceptions carry values of nparams types. The caller releases it.
///
/// If a module imported it, or an exception was made of it, it stays as long as the store
/// (about 1.6 KB). Else its room is used again.
///
/// Errors: LB_KIND_TYPE if params holds an unknown number, LB_KIND_LIMIT if there are more than
/// 1000 or there is no room, or as lb_func_new(), LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_tag_new(
    store: lb_store_t,
    params: *const lb_type_t,
    nparams: usize,
    tag: Out<lb_tag_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(tag, || {
            let params = types(array(params, nparams, "params")?)?;
            Tag::new(&*store.get()?, &params)
        })
    }
}

/// The types of what its exceptions carry, as the parameters of a signature without results. The
/// array lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the tag was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_tag_type(tag: lb_tag_t, r#type: Out<lb_func_type_t>) -> *mut lb_error_t {
    guard_out(r#type, lb_func_type_t::NONE, || {
        Ok(lb_func_type_t::lend(tag.get()?.ty()))
    })
}

/// Whether two handles are of one tag of one store, also when the store is closed. False if either
/// is no handle of a tag.
#[unsafe(no_mangle)]
pub extern "C" fn lb_tag_same(tag: lb_tag_t, other: lb_tag_t) -> bool {
    guard_same(|| Ok(tag.get()?.same(&*other.get()?)))
}

/// Releases the handle. The store keeps the tag.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_tag_release(tag: lb_tag_t) -> *mut lb_error_t {
    guard_release(tag)
}
