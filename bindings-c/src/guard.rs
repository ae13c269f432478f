//! How panics and errors leave: every function of the ABI passes here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use landbridge::{Error, ErrorKind, Result, host};

use crate::error::lb_error_t;
use crate::noun::Noun;
use crate::out::Out;

/// Runs a function of the ABI: an error becomes the caller's, a panic becomes an error.
#[inline(always)]
pub(crate) fn guard(what: impl FnOnce() -> Result<()>) -> *mut lb_error_t {
    match catch_unwind(AssertUnwindSafe(what)) {
        Ok(Ok(())) => std::ptr::null_mut(),
        Ok(Err(error)) => lb_error_t::give(error),
        Err(panic) => lb_error_t::give(Error::from_panic(&*panic)),
    }
}

/// The same for a function that makes something: `out` becomes zero first, so that it is never
/// left unset.
pub(crate) fn guard_out<T: Copy>(
    out: Out<T>,
    zero: T,
    what: impl FnOnce() -> Result<T>,
) -> *mut lb_error_t {
    guard(|| {
        out.set(zero)?;
        out.set(what()?)
    })
}

/// Runs `what` to make an object and hands out its handle.
pub(crate) fn guard_new<N: Noun>(
    out: Out<N>,
    what: impl FnOnce() -> Result<N::Object>,
) -> *mut lb_error_t {
    guard_out(out, N::NONE, || {
        host::print_defects_alone();
        N::keep(what()?)
    })
}

/// The same for a function that lends an array: where it is and how many elements it has.
pub(crate) fn guard_array<T>(
    out: Out<*const T>,
    count: Out<usize>,
    what: impl FnOnce() -> Result<*const [T]>,
) -> *mut lb_error_t {
    guard(|| {
        out.set(std::ptr::null())?;
        count.set(0)?;
        let lent = what()?;
        out.set(lent.cast())?;
        count.set(lent.len())
    })
}

/// Gives a handle up.
pub(crate) fn guard_release<N: Noun>(handle: N) -> *mut lb_error_t {
    let mut closed = None;
    let failed = guard(|| match handle.release() {
        Err(error) if error.kind() == ErrorKind::Closed => {
            closed = Some(error);
            Ok(())
        }
        released => released,
    });
    match closed {
        Some(error) => lb_error_t::released(N::KIND, error),
        None => failed,
    }
}

/// As [`guard`] for a question about two objects, which are not the same if one is none.
pub(crate) fn guard_same(what: impl FnOnce() -> Result<bool>) -> bool {
    let mut same = false;
    let failed = guard(|| {
        same = what()?;
        Ok(())
    });
    // SAFETY: the error, if there is one, is ours.
    unsafe { crate::error::lb_error_free(failed) };
    same
}
