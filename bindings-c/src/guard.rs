//! How panics and errors leave, and how arguments are read: every function of the ABI passes here.

use std::borrow::Cow;
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use landbridge::handle::{self, Handle};
use landbridge::{Error, ErrorKind, Result, given};

use crate::error::lb_error_t;

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
///
/// # Safety
/// `out` is NULL or may be written.
pub(crate) unsafe fn guard_out<T: Copy>(
    out: *mut T,
    zero: T,
    what: impl FnOnce() -> Result<T>,
) -> *mut lb_error_t {
    guard(|| {
        // SAFETY: the caller's promise is ours.
        unsafe { set(out, zero) }?;
        let made = what()?;
        // SAFETY: as above.
        unsafe { set(out, made) }
    })
}

/// The same for a function that lends an array: where it is and how many elements it has.
///
/// # Safety
/// `out` and `count` are NULL or may be written.
pub(crate) unsafe fn guard_array<T>(
    out: *mut *const T,
    count: *mut usize,
    what: impl FnOnce() -> Result<*const [T]>,
) -> *mut lb_error_t {
    // SAFETY: the caller's promise is ours.
    guard(|| unsafe {
        set(out, std::ptr::null())?;
        set(count, 0)?;
        let lent = what()?;
        set(out, lent.cast())?;
        set(count, lent.len())
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

/// Writes an out parameter.
///
/// # Safety
/// `out` is NULL or may be written.
pub(crate) unsafe fn set<T>(out: *mut T, value: T) -> Result<()> {
    if out.is_null() {
        return Err(null("the out parameter"));
    }
    // SAFETY: it is not NULL, and the caller promises the rest.
    unsafe { out.write(value) };
    Ok(())
}

#[cold]
pub(crate) fn null(what: &str) -> Error {
    Error::new(ErrorKind::Type, format!("{what} is NULL"))
}

/// A text that a caller passed in, in which C0 80 stands for a zero byte.
///
/// # Safety
/// `text` is NULL or ends with a zero byte and lives for `'a`.
pub(crate) unsafe fn text<'a>(text: *const c_char, what: &str) -> Result<Cow<'a, str>> {
    if text.is_null() {
        return Err(null(what));
    }
    // SAFETY: it is not NULL, and the caller promises the rest.
    let text = unsafe { CStr::from_ptr(text) };
    match text.to_str() {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => with_zeros(text.to_bytes(), what).map(Cow::Owned),
    }
}

#[cold]
fn with_zeros(text: &[u8], what: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let is_zero = rest.starts_with(ZERO.as_slice());
        bytes.push(if is_zero { 0 } else { byte });
        rest = if is_zero { &rest[ZERO.len()..] } else { after };
    }
    String::from_utf8(bytes).map_err(|_| given::not_unicode(what))
}

/// What stands for a zero byte in a name of C: no UTF-8 has these bytes.
const ZERO: [u8; 2] = [0xc0, 0x80];

/// A name as C has it, so that [`text`] reads the same name.
pub(crate) fn c_name(name: &str) -> CString {
    let mut bytes = Vec::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            0 => bytes.extend(ZERO),
            byte => bytes.push(byte),
        }
    }
    CString::new(bytes).unwrap_or_default()
}

/// The pointer to a text that is kept, or NULL if there is none.
pub(crate) fn pointer(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())
}

/// A path that a caller passed in: any bytes where paths are bytes.
///
/// # Safety
/// `path` is NULL or a text.
pub(crate) unsafe fn path_of(path: *const c_char) -> Result<PathBuf> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        if path.is_null() {
            return Err(null("path"));
        }
        // SAFETY: it is not NULL, and the caller promises the rest.
        let bytes = unsafe { CStr::from_ptr(path) }.to_bytes();
        Ok(std::ffi::OsStr::from_bytes(bytes).into())
    }
    #[cfg(not(unix))]
    // SAFETY: the caller's promise.
    Ok(unsafe { text(path, "path") }?.into_owned().into())
}

/// An array that a caller passed in. NULL is good if it is empty.
///
/// # Safety
/// `data` is NULL or leads to `count` elements that live for `'a`.
#[inline(always)]
pub(crate) unsafe fn array<'a, T>(data: *const T, count: usize, what: &str) -> Result<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    checked(data.is_null(), count, size_of::<T>(), what)?;
    // SAFETY: it is not NULL, not larger than any object, and the caller promises the rest.
    Ok(unsafe { std::slice::from_raw_parts(data, count) })
}

/// An array to be written. NULL is good if it is empty.
///
/// # Safety
/// `data` is NULL or leads to `count` elements that live for `'a` and are nobody else's.
#[inline(always)]
pub(crate) unsafe fn array_mut<'a, T>(
    data: *mut T,
    count: usize,
    what: &str,
) -> Result<&'a mut [T]> {
    if count == 0 {
        return Ok(&mut []);
    }
    checked(data.is_null(), count, size_of::<T>(), what)?;
    // SAFETY: it is not NULL, not larger than any object, and the caller promises the rest.
    Ok(unsafe { std::slice::from_raw_parts_mut(data, count) })
}

#[inline(always)]
fn checked(is_null: bool, count: usize, size: usize, what: &str) -> Result<()> {
    if is_null {
        return Err(null(what));
    }
    match count.checked_mul(size) {
        Some(bytes) if bytes <= isize::MAX as usize => Ok(()),
        _ => Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("{what} cannot have {count} elements"),
        )),
    }
}

/// Copies a text out as `snprintf` does and returns its whole length.
///
/// # Safety
/// `buffer` is NULL or has room for `size` bytes.
pub(crate) unsafe fn copy_text(text: &str, buffer: *mut c_char, size: usize) -> usize {
    if !buffer.is_null() && size > 0 {
        let mut length = text.len().min(size - 1);
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        // SAFETY: `length` is less than `size`, which the caller promises room for.
        unsafe {
            buffer.copy_from_nonoverlapping(text.as_ptr().cast(), length);
            buffer.add(length).write(0);
        }
    }
    text.len()
}

/// A kind of object that C holds by a handle.
pub(crate) trait Noun: Copy {
    /// What the handle stands for.
    type Object: Send + Sync + 'static;
    /// Its name in messages.
    const KIND: &'static str;
    /// No object.
    const NONE: Self;
    /// The handle's number.
    fn id(self) -> Handle;
    /// The handle of a number.
    fn of(id: Handle) -> Self;

    /// Makes a handle.
    fn keep(object: Self::Object) -> Result<Self> {
        handle::insert(Self::KIND, Arc::new(object)).map(Self::of)
    }

    /// The object behind it.
    fn get(self) -> Result<Arc<Self::Object>> {
        handle::get(self.id(), Self::KIND)
    }

    /// Gives the handle up.
    fn release(self) -> Result<()> {
        handle::release::<Self::Object>(self.id(), Self::KIND)
    }
}

/// Nothing, if the handle was closed or released before.
pub(crate) fn unless_closed<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Err(error) if error.kind() == ErrorKind::Closed => Ok(None),
        found => found.map(Some),
    }
}

/// Makes a handle type a [`Noun`].
macro_rules! noun {
    ($Handle:ident, $kind:literal, $Object:ty $(; $($keep:tt)*)?) => {
        impl $crate::guard::Noun for $Handle {
            type Object = $Object;
            const KIND: &'static str = $kind;
            const NONE: $Handle = $Handle { id: 0 };

            #[inline(always)]
            fn id(self) -> u64 {
                self.id
            }

            fn of(id: u64) -> $Handle {
                $Handle { id }
            }

            $($($keep)*)?
        }
    };
}

pub(crate) use noun;

/// Runs `what` to make an object and hands out its handle.
///
/// # Safety
/// `out` is NULL or may be written.
pub(crate) unsafe fn guard_new<N: Noun>(
    out: *mut N,
    what: impl FnOnce() -> Result<N::Object>,
) -> *mut lb_error_t {
    // SAFETY: the caller's promise is ours.
    unsafe { guard_out(out, N::NONE, || N::keep(what()?)) }
}
