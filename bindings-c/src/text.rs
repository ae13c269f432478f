//! Texts as C has them.

use std::ffi::{CString, c_char};
use std::path::Path;

use crate::out::Out;
use crate::read::ZERO;

/// A name as C has it, so that [`text`](crate::read::text) reads the same name.
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

/// A text as C has it; a zero byte inside cannot be kept.
pub(crate) fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

/// A path as C has it: its own bytes where paths are bytes.
pub(crate) fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_encoded_bytes()).unwrap_or_default()
}

/// The pointer to a text that is kept, or NULL if there is none.
pub(crate) fn pointer(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())
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

/// The same for a function that may fail; `length` receives the whole length, if it is wanted.
///
/// # Safety
/// As [`copy_text`].
pub(crate) unsafe fn give_text(text: &str, buffer: *mut c_char, size: usize, length: Out<usize>) {
    // SAFETY: the caller's promise is ours.
    length.tell(unsafe { copy_text(text, buffer, size) });
}

/// The texts that arrays of structs point to.
#[derive(Default)]
pub(crate) struct Texts(Vec<CString>);

impl Texts {
    /// Keeps a text; the bytes of a CString stay where they are when it is moved.
    pub(crate) fn keep(&mut self, text: &str) -> *const c_char {
        let text = c_name(text);
        let pointer = text.as_ptr();
        self.0.push(text);
        pointer
    }

    pub(crate) fn each<T, C>(&mut self, all: &[T], make: impl Fn(&mut Texts, &T) -> C) -> Vec<C> {
        all.iter().map(|one| make(self, one)).collect()
    }
}
