//! What the command itself writes.

use std::io::Write;

use landbridge::{Error, ErrorKind};

/// Writes to stdout, whole.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written.map_err(|e| Error::new(ErrorKind::Io, format!("stdout: {e}")))
}

/// Whoever reads the output may leave, as `head` does: then the command ends as any other does, silently,
/// also where a guest has written.
#[cfg(unix)]
pub(crate) fn end_with_the_reader() {
    // SAFETY: sets what the signal does to its default, before there is any other thread.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    landbridge::host::install(&Command);
}

#[cfg(unix)]
struct Command;

#[cfg(unix)]
impl landbridge::host::Host for Command {
    fn ends_by_sigpipe(&self) -> bool {
        true
    }
}

#[cfg(not(unix))]
pub(crate) fn end_with_the_reader() {}
