//! Exceptions
//!
//! What a guest throws and nobody catches comes out of the call as an error of LB_KIND_EXCEPTION,
//! with the exception in it: a tag, which says of what sort it is, and the values that it carries.
//! A host function throws one by returning the error of lb_error_throw(), and guests of the store
//! can catch it.

use landbridge::{Error, Exception, messages};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_out, guard_release, guard_same};
use crate::handle::{lb_exception_t, lb_tag_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{array, array_mut};
use crate::value::lb_value_t;

noun!(lb_exception_t, "exception", Exception);

/// Makes an exception of a tag, which carries npayload values. The caller keeps the references in
/// payload, and releases the exception.
///
/// Errors: LB_KIND_TYPE if the payload does not fit the tag, LB_KIND_WRONG_STORE, LB_KIND_LIMIT if
/// there is no room, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_exception_new(
    tag: lb_tag_t,
    payload: *const lb_value_t,
    npayload: usize,
    exception: Out<lb_exception_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(exception, || {
            let payload = array(payload, npayload, "payload")?;
            let place = |i| messages::payload_value(i + 1);
            Exception::new(&*tag.get()?, &lb_value_t::read_all(payload, place)?)
        })
    }
}

/// The tag, which says what sort of exception it is; see lb_tag_same(). The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the exception was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_exception_tag(
    exception: lb_exception_t,
    tag: Out<lb_tag_t>,
) -> *mut lb_error_t {
    guard_new(tag, || Ok(exception.get()?.tag().clone()))
}

/// Writes the npayload values that it carries, as many as its tag's type has. The caller releases
/// the references in them. On an error, payload is left as it was.
///
/// Errors: LB_KIND_TYPE if npayload is another number; LB_KIND_CLOSED if the exception was
/// released, or if its store is closed and it did not come out of an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_exception_payload(
    exception: lb_exception_t,
    payload: *mut lb_value_t,
    npayload: usize,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or as many values as said.
    guard(|| unsafe {
        let exception = exception.get()?;
        let types = exception.tag().ty().params();
        if types.len() != npayload {
            return Err(Error::count(messages::payload(), types, npayload));
        }
        let payload = array_mut(payload, npayload, "payload")?;
        lb_value_t::give_all(&exception.payload()?, payload)
    })
}

/// The exception in an error of LB_KIND_EXCEPTION, or the handle 0 if there is none in it. The
/// caller releases it. What it carries may be read after its store was closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_exception(
    error: *const lb_error_t,
    exception: Out<lb_exception_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or an error that is alive, and an out parameter.
    unsafe {
        guard_out(exception, lb_exception_t::NONE, || {
            let found = error.as_ref().and_then(lb_error_t::exception);
            found.map_or(Ok(lb_exception_t::NONE), |it| {
                lb_exception_t::keep(it.clone())
            })
        })
    }
}

/// Makes the error that throws an exception, for a host function to return. The caller keeps the
/// handle, and owns the error until it is returned. Where the handle was released, the error is of
/// LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_error_throw(exception: lb_exception_t) -> *mut lb_error_t {
    guard(|| Err(Error::from((*exception.get()?).clone())))
}

/// Whether two handles are of one exception of one store. False if either is no handle of an
/// exception.
#[unsafe(no_mangle)]
pub extern "C" fn lb_exception_same(exception: lb_exception_t, other: lb_exception_t) -> bool {
    guard_same(|| Ok(exception.get()?.same(&*other.get()?)))
}

/// A second handle of the same exception, for instance of one that a host function borrowed and
/// wants to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the exception was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_exception_clone(
    exception: lb_exception_t,
    clone: Out<lb_exception_t>,
) -> *mut lb_error_t {
    guard_new(clone, || Ok((*exception.get()?).clone()))
}

/// Releases the handle. Guests that hold the exception keep it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_exception_release(exception: lb_exception_t) -> *mut lb_error_t {
    guard_release(exception)
}
