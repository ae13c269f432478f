//! Asking the system which descriptors are ready.

use std::io;
use std::os::fd::RawFd;
use std::time::Duration;

use super::{Readiness, Wish};

/// A descriptor that is asked about, and what was found.
pub(crate) struct Polled(libc::pollfd);

impl Polled {
    pub(super) fn new(fd: RawFd, wish: Wish) -> Polled {
        let events = match wish {
            Wish::Read => libc::POLLIN,
            Wish::Write => libc::POLLOUT,
        };
        Polled(libc::pollfd {
            fd,
            events,
            revents: 0,
        })
    }

    /// What was found; none if it is not ready.
    pub(crate) fn readiness(&self) -> Option<Readiness> {
        let found = self.0.revents;
        if found == 0 {
            return None;
        }
        if self.0.events & libc::POLLIN == 0 {
            return Some(Readiness {
                bytes: 1,
                is_over: found & (libc::POLLERR | libc::POLLHUP) != 0,
            });
        }
        let bytes = self.bytes();
        Some(Readiness {
            bytes: bytes.unwrap_or(1),
            is_over: bytes == Some(0),
        })
    }

    /// How many bytes can be read, if the system tells.
    fn bytes(&self) -> Option<u64> {
        let mut bytes: libc::c_int = 0;
        // SAFETY: the request writes one such number.
        let done = unsafe { libc::ioctl(self.0.fd, libc::FIONREAD as _, &raw mut bytes) };
        (done == 0).then_some(bytes.max(0) as u64)
    }
}

/// Waits until any is ready, not longer than so long; whether one is.
///
/// # Errors
/// `Interrupted`, by a signal.
pub(crate) fn poll(polled: &mut [Polled], most: Duration) -> io::Result<bool> {
    // Up to the next millisecond: the time is over then.
    let most = most.as_nanos().div_ceil(1_000_000);
    let most = libc::c_int::try_from(most).unwrap_or(libc::c_int::MAX);
    let count = polled.len() as libc::nfds_t;
    // SAFETY: a `Polled` is one such structure, and there are so many of them.
    match unsafe { libc::poll(polled.as_mut_ptr().cast(), count, most) } {
        -1 => Err(io::Error::last_os_error()),
        ready => Ok(ready > 0),
    }
}
