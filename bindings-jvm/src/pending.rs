//! The pending exception of the JVM as an error.

use std::sync::Arc;

use landbridge::{Error, Result};

use crate::env::{Env, jvm};
use crate::refs::Global;

/// A Throwable on its way through a guest.
pub(crate) struct Thrown {
    pub(crate) object: Global,
}

impl Thrown {
    /// The Throwable inside of an error.
    pub(crate) fn of(error: &Error) -> Option<&Thrown> {
        error.host_exception()?.downcast_ref()
    }

    pub(crate) fn into_error(self) -> Error {
        Error::thrown(Arc::new(self))
    }
}

impl Env {
    /// The pending exception as an error, if there is one.
    #[inline]
    pub(crate) fn check(self) -> Result<()> {
        match self.is_throwing() {
            true => Err(self.take_error()),
            false => Ok(()),
        }
    }

    #[cold]
    fn take_error(self) -> Error {
        self.take()
            .map_or_else(|e| e, |it| Thrown { object: it }.into_error())
    }

    /// Takes the pending exception out of the JVM.
    pub(crate) fn take(self) -> Result<Global> {
        // SAFETY: a valid environment; clearing and making references is allowed at this point.
        let thrown = unsafe {
            let local = jvm!(self, ExceptionOccurred);
            jvm!(self, ExceptionClear);
            local
        };
        Global::taken(self, thrown)
    }
}
