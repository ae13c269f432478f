//! Writing to a pipe whose reader has gone raises SIGPIPE, which ends a process that has not said
//! otherwise. A guest's output must not do that to its host: the guest gets an error instead.

use std::io;
use std::mem::MaybeUninit;
use std::ptr;

/// Runs what writes; no SIGPIPE comes of it.
pub(super) fn without<R>(write: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
    if is_ignored() {
        return write();
    }
    let pipe = only_sigpipe();
    let mut before = MaybeUninit::uninit();
    // SAFETY: both sets are valid to read and to write.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const pipe, before.as_mut_ptr()) };
    // SAFETY: the call has filled it.
    let before: libc::sigset_t = unsafe { before.assume_init() };
    // SAFETY: a valid set.
    let was_blocked = unsafe { libc::sigismember(&raw const before, libc::SIGPIPE) == 1 };
    // One that the host keeps waiting stays: it takes up another.
    let was_waiting = was_blocked && is_waiting();
    let written = write();
    let is_broken = written.as_ref().err().and_then(io::Error::raw_os_error) == Some(libc::EPIPE);
    if is_broken && !was_waiting {
        take(&pipe);
    }
    // SAFETY: a valid set.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut()) };
    written
}

/// Whether the process ignores it, as most languages have it.
fn is_ignored() -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: without a new action this only fills the old one.
    unsafe {
        libc::sigaction(libc::SIGPIPE, ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

fn only_sigpipe() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the first call fills the set.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        libc::sigaddset(set.as_mut_ptr(), libc::SIGPIPE);
        set.assume_init()
    }
}

fn is_waiting() -> bool {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the call fills the set before it is read.
    unsafe {
        libc::sigpending(set.as_mut_ptr()) == 0
            && libc::sigismember(set.as_ptr(), libc::SIGPIPE) == 1
    }
}

/// Takes the signal that a write has raised for this thread, which blocks it.
#[cfg(not(target_vendor = "apple"))]
fn take(pipe: &libc::sigset_t) {
    let no_time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: valid arguments; it does not wait.
    unsafe { libc::sigtimedwait(pipe, ptr::null_mut(), &raw const no_time) };
}

#[cfg(target_vendor = "apple")]
fn take(pipe: &libc::sigset_t) {
    let mut which = 0;
    if is_waiting() {
        // SAFETY: valid arguments; the signal is there, so it does not wait.
        unsafe { libc::sigwait(pipe, &raw mut which) };
    }
}
