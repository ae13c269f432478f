//! What components and the host copy to each other, and the handles that they hold.

use super::{Limits, Meter};
use crate::engine_facts::{self, Reached};
use crate::{Error, ErrorKind, Result};

impl Limits {
    /// The most bytes that one call may copy in one direction.
    fn most_transfer(&self) -> u64 {
        self.transfer_bytes.unwrap_or(engine_facts::TRANSFER_BYTES)
    }

    /// The most handles that guests may hold, and the host.
    fn most_handles(&self) -> u64 {
        self.handles.unwrap_or(engine_facts::HANDLES)
    }

    /// Has the engine bound what guests give to the host and the handles that they hold. It has the
    /// defaults by itself.
    #[inline(always)]
    pub(crate) fn bound_components<T: 'static>(&self, body: &mut wasmtime::Store<T>) {
        let whole = |most| usize::try_from(most).unwrap_or(usize::MAX);
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

impl Meter {
    /// Whether one call may copy so many bytes to a component; counts them if so.
    #[inline]
    pub(crate) fn transfer(&self, limits: &Limits, bytes: usize) -> Result<()> {
        let most = limits.most_transfer();
        if bytes as u64 > most {
            return Err(too_large(most, bytes));
        }
        self.transferred(bytes);
        Ok(())
    }

    /// Counts bytes that one call has copied in one direction.
    #[inline]
    pub(crate) fn transferred(&self, bytes: usize) {
        let peak = self.peak_transfer_bytes.get().max(bytes as u64);
        self.peak_transfer_bytes.set(peak);
    }

    /// Counts a handle that the host is about to hold.
    pub(crate) fn handle(&self, limits: &Limits) -> Result<()> {
        let (held, most) = (self.handles.get(), limits.most_handles());
        if held >= most {
            let text = format!(
                "the host may hold at most {most} handles of resources at once; close some, or raise the limit handles"
            );
            return Err(Error::new(ErrorKind::Limit, text));
        }
        self.handles.set(held + 1);
        Ok(())
    }

    /// Takes back one that was counted.
    pub(crate) fn handle_gone(&self) {
        self.handles.set(self.handles.get().saturating_sub(1));
    }
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

    fn limits(most: u64) -> Limits {
        Limits {
            transfer_bytes: Some(most),
            handles: Some(most),
            ..Limits::default()
        }
    }

    #[track_caller]
    fn refused(outcome: Result<()>, word: &str) {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(error.message().contains(word), "{error}");
    }

    #[test]
    fn what_is_copied_to_a_component_is_bounded_by_the_call() {
        let meter = Meter::default();
        meter.transfer(&limits(100), 100).unwrap();
        meter.transfer(&limits(100), 60).unwrap();
        refused(meter.transfer(&limits(100), 101), "has 101");
        assert_eq!(meter.usage().peak_transfer_bytes, 100);
        meter.transfer(&limits(0), 0).unwrap();
        refused(meter.transfer(&limits(0), 1), "at most 0 bytes");
        meter.transfer(&Limits::default(), 128 << 20).unwrap();
        refused(
            meter.transfer(&Limits::default(), (128 << 20) + 1),
            "transfer_bytes",
        );
    }

    #[test]
    fn handles_of_the_host_are_counted() {
        let meter = Meter::default();
        for _ in 0..2 {
            meter.handle(&limits(2)).unwrap();
        }
        refused(meter.handle(&limits(2)), "at most 2 handles");
        meter.handle_gone();
        assert_eq!(meter.usage().handles, 1);
        meter.handle(&limits(2)).unwrap();
    }
}
