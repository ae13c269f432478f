//! Descriptor: a file, pipe or socket that is read and written without waiting in the system, so that waiting for it can end
//! with the call it belongs to.
//!
//! Pipes, sockets and terminals are often shared with other processes, which would see it if they
//! were made non-blocking: that belongs to what is open, not to the number. So each write and read
//! asks for it by itself. See ADR 0025.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod poll;
#[cfg(unix)]
mod signal;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use other::{Descriptor, Polled, poll};
#[cfg(unix)]
pub(crate) use poll::{Polled, poll};
#[cfg(unix)]
pub(crate) use unix::Descriptor;

use std::io::{Error, ErrorKind};

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Read,
    Write,
}

/// How a descriptor was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Readiness {
    /// Bytes that can be read; where nobody knows, 1.
    pub(crate) bytes: u64,
    /// Nothing can be read any more, or nobody reads what is written.
    pub(crate) is_over: bool,
}

/// Whether an error only says: not now.
pub(crate) fn is_not_now(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
