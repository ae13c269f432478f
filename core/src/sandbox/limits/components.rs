//! What components and the host copy to each other, and the handles that they hold.

use super::Limits;
use crate::engine_facts::{self, Reached};
use crate::{Error, ErrorKind, Result};

fn whole(most: u64) -> usize {
    usize::try_from(most).unwrap_or(usize::MAX)
}

impl Limits {
    /// The most bytes that one call may copy in one direction.
    fn most_transfer(&self) -> u64 {
        self.transfer_bytes.unwrap_or(engine_facts::TRANSFER_BYTES)
    }

    /// The most handles that guests may hold, and the host.
    pub(crate) fn most_handles(&self) -> usize {
        whole(self.handles.unwrap_or(engine_facts::HANDLES))
    }

    /// Has the engine bound what guests give to the host and the handles that they hold. It has the
    /// defaults by itself.
    #[inline(always)]
    pub(crate) fn bound_components<T: 'static>(&self, body: &mut wasmtime::Store<T>) {
        if let Some(most) = self.transfer_bytes {
            body.set_hostcall_fuel(whole(most));
        }
        if let Some(most) = self.handles {
            body.set_max_component_handles(whole(most));
        }
    }

    /// What an error of the engine is, if it says that components reached a limit.
    pub(crate) fn reached(&self, error: &wasmtime::Error) -> Option<Error> {
        let text = match engine_facts::reached(error)? {
            Reached::Transfer => format!(
                "one call of a component may give the host at most {} bytes; have it give less at once, or raise the \
                 limit transfer_bytes",
                self.most_transfer()
            ),
            Reached::Handles => format!(
                "components may hold at most {} handles of resources at once; have them drop some, or raise the limit \
                 handles",
                self.most_handles()
            ),
        };
        Some(Error::new(ErrorKind::Limit, text))
    }
}

impl Limits {
    /// Whether one call may copy so many bytes to a component.
    ///
    /// # Errors
    /// `limit`.
    #[inline]
    pub(crate) fn check_transfer(&self, bytes: usize) -> Result<()> {
        let most = self.most_transfer();
        match bytes as u64 > most {
            true => Err(too_large(most, bytes)),
            false => Ok(()),
        }
    }
}

/// What the host says when it holds as many handles as it may.
#[cold]
pub(crate) fn too_many_handles(most: usize) -> Error {
    let text = format!(
        "the host may hold or have given at most {most} handles of resources at once; close some, or raise the limit \
         handles"
    );
    Error::new(ErrorKind::Limit, text)
}

#[cold]
fn too_large(most: u64, bytes: usize) -> Error {
    let text = format!(
        "one call may give a component at most {most} bytes, and this one has {bytes}; give less at once, or raise the \
         limit transfer_bytes"
    );
    Error::new(ErrorKind::Limit, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(most: Option<u64>, bytes: usize, words: &str) {
        let limits = Limits {
            transfer_bytes: most,
            ..Limits::default()
        };
        limits.check_transfer(bytes - 1).unwrap();
        let error = limits.check_transfer(bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(error.message().contains(words), "{error}");
    }

    #[test]
    fn what_is_copied_to_a_component_is_bounded_by_the_call() {
        refused(Some(100), 101, "at most 100 bytes, and this one has 101");
        refused(Some(0), 1, "at most 0 bytes");
        refused(None, (128 << 20) + 1, "raise the limit transfer_bytes");
    }
}
