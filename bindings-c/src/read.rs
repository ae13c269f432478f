//! How plain arguments are read: texts, paths and arrays of the caller's.

use std::borrow::Cow;
use std::ffi::{CStr, c_char};
use std::path::PathBuf;

use landbridge::{Error, ErrorKind, Result, given};

/// What stands for a zero byte in a name of C: no UTF-8 has these bytes.
pub(crate) const ZERO: [u8; 2] = [0xc0, 0x80];

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
