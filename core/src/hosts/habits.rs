//! Habits: how the threads of a host's language wait, and what it does at a tick.

use std::panic::catch_unwind;
use std::sync::OnceLock;

use crate::{Error, ErrorKind, Result, cancel, messages};

/// The habits of the language the core is embedded in. A binding installs one at load.
pub trait Host: Send + Sync {
    /// Called when this thread must wait for its turn on a store. Runs `wait` once, or refuses
    /// with an error of kind `busy`. A host with a global lock releases it around `wait`. If it
    /// does neither, what waited fails with `internal`.
    fn wait(&self, wait: &mut dyn FnMut()) -> Result<()> {
        wait();
        Ok(())
    }

    /// Called now and then on a thread that waits for its turn, inside of [`Host::wait`]. An error,
    /// or a panic, makes it give up. A [`Loan`](crate::host::Loan) that is entered here takes the place of the turn.
    fn waiting(&self) -> Result<()> {
        Ok(())
    }

    /// Called when this thread must wait for a guest's thread to do something for it, which may
    /// run host functions meanwhile; see [`Loan`](crate::host::Loan). Runs `wait` once. A host with
    /// a global lock releases it around `wait`.
    fn wait_for_guest(&self, wait: &mut dyn FnMut()) {
        wait();
    }

    /// Called on the thread that runs a guest when the guest is about to do what may block, such as
    /// reading a file. A host with a global lock releases it until its own code runs again.
    fn block(&self) {}

    /// Whether SIGPIPE should end the process when a guest writes to stdout or stderr and the reader
    /// has gone, as it ends other programs in a pipeline. If not, the guest's write fails with an
    /// error, and no signal is raised.
    fn ends_by_sigpipe(&self) -> bool {
        false
    }

    /// Called on the thread that runs a guest, about once a millisecond; `ticks` counts from 1 in
    /// each outermost call, so that a short call never gets past 1. An error ends the call.
    fn tick(&self, ticks: u32) -> Result<()> {
        let _ = ticks;
        Ok(())
    }
}

struct NoHost;

impl Host for NoHost {}

static HOST: OnceLock<&'static dyn Host> = OnceLock::new();

/// Installs the host's habits for this process. Only the first call has an effect.
pub fn install(host: &'static dyn Host) {
    let _ = HOST.set(host);
}

pub(crate) fn current() -> &'static dyn Host {
    HOST.get().copied().unwrap_or(&NoHost)
}

/// The error for a host that said it had waited, and had not.
#[cold]
pub(crate) fn did_not_wait() -> Error {
    Error::new(
        ErrorKind::Internal,
        "the host's function for waiting did not wait; it must run what it is given, or refuse",
    )
}

/// An error if this thread is to wait no longer: it was cancelled, or the host says so.
pub(crate) fn go_on_waiting() -> Result<()> {
    match cancel::is_wanted() {
        true => Err(messages::cancelled()),
        // Whoever waits here is noted in several places, which a panic would leave as they are.
        false => catch_unwind(|| current().waiting())
            .unwrap_or_else(|panic| Err(Error::from_panic(&*panic))),
    }
}
