//! Structs of C that may grow: a later version only adds members at the end.

use landbridge::{Error, ErrorKind, Result};

/// A struct that begins with its size, by which it says which version of it the program knew.
///
/// # Safety
/// It is `repr(C)`, its first member is a `usize`, and zeros are a good value of each other
/// member.
pub(crate) unsafe trait Versioned: Copy {
    /// The struct's name.
    const NAME: &'static str;
    /// The initialiser that a program begins with.
    const START: &'static str;
    /// The sizes that it had, of each version.
    const SIZES: &'static [usize];

    /// Reads a struct of the program's.
    ///
    /// # Safety
    /// `given` leads to the struct, of as many bytes as it says.
    unsafe fn copy(given: *const Self) -> Result<Self> {
        // SAFETY: the caller's promise.
        let size = unsafe { Self::size(given) }?;
        // SAFETY: zeros are a good value, and the program knew as many bytes as it says, which are no
        // more than there are now.
        unsafe {
            let mut copy = std::mem::zeroed::<Self>();
            (&raw mut copy).cast::<u8>().copy_from(given.cast(), size);
            Ok(copy)
        }
    }

    /// Writes to a struct of the program's what it knows, and its size.
    ///
    /// # Safety
    /// `out` leads to the struct, of as many bytes as it says.
    unsafe fn write(mut self, out: *mut Self) -> Result<()> {
        // SAFETY: the caller's promise; the size comes first.
        unsafe {
            let size = Self::size(out)?;
            (&raw mut self).cast::<usize>().write(size);
            out.cast::<u8>().copy_from((&raw const self).cast(), size);
        }
        Ok(())
    }

    /// # Safety
    /// As [`Versioned::copy`].
    unsafe fn size(given: *const Self) -> Result<usize> {
        // SAFETY: every version of the struct begins with its size.
        let size = unsafe { given.cast::<usize>().read() };
        match Self::SIZES.contains(&size) {
            true => Ok(size),
            false => Err(no_version(Self::NAME, size, Self::START)),
        }
    }
}

#[cold]
fn no_version(name: &str, size: usize, start: &str) -> Error {
    Error::new(
        ErrorKind::Unsupported,
        format!(
            "no version of {name} has {size} bytes; begin with {start}, and use a library that is as new as the header"
        ),
    )
}
