//! Kinds of objects that C holds by handles.

use std::sync::Arc;

use landbridge::handle::{self, Handle};
use landbridge::{ErrorKind, Result};

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

/// Makes a handle type a [`Noun`].
macro_rules! noun {
    ($Handle:ident, $kind:literal, $Object:ty $(; $($keep:tt)*)?) => {
        impl $crate::noun::Noun for $Handle {
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

/// Nothing, if the handle was closed or released before.
pub(crate) fn unless_closed<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Err(error) if error.kind() == ErrorKind::Closed => Ok(None),
        found => found.map(Some),
    }
}
