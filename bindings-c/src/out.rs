//! Out parameters: where a caller wants what a function makes.

use landbridge::Result;

use crate::read::null;

/// An out parameter, or NULL; `T *` in C.
///
/// Only C makes one, and the head of the header says that it is NULL or may be written until the function
/// returns: that is why all writing here is sound. It is no `&mut`, since a host function of the program's may
/// look at the variable while the function runs.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Whether it is not NULL.
    pub(crate) fn is_wanted(&self) -> bool {
        !self.0.is_null()
    }

    /// Writes what the function makes.
    pub(crate) fn set(self, value: T) -> Result<()> {
        if !self.is_wanted() {
            return Err(null("the out parameter"));
        }
        self.tell(value);
        Ok(())
    }

    /// Writes what a caller may leave: nothing happens if it is NULL.
    pub(crate) fn tell(self, value: T) {
        if self.is_wanted() {
            // SAFETY: it is not NULL, and whoever made it promises the rest.
            unsafe { self.0.write(value) }
        }
    }
}
