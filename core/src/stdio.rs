//! Stdio: where a guest's standard streams go.

use std::fmt;
use std::fs::File;
use std::io::{IsTerminal, Write};
#[cfg(unix)]
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use crate::fork::{Lock, Locked};
use crate::{Error, HostContext, Result};

/// Where a guest's standard streams come from and go to. By default stdin is at its end, and what
/// is written to the others is dropped.
#[derive(Clone, Debug, Default)]
pub struct Stdio {
    /// What the guest reads.
    pub stdin: Input,
    /// What it writes.
    pub stdout: Output,
    /// What it writes of errors.
    pub stderr: Output,
    /// What WASI refused it, one line each, such as `refused: path_open "../x" below "/data": not
    /// permitted`. Inherited means the process's stderr. Not counted as output; after 10,000 lines
    /// of a store no more are told. What a guest chose in it has no control characters.
    pub refusals: Output,
}

/// What a guest reads.
#[derive(Clone, Debug, Default)]
pub enum Input {
    /// Nothing: it is at its end.
    #[default]
    None,
    /// The process's own.
    Inherit,
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file.
    File(PathBuf),
}

/// Called with what a guest writes, on the guest's thread; the context's name is that of the stream.
/// It cannot enter the guest's store. An error ends the guest.
pub type WriteFn = dyn Fn(&HostContext<'_>, &[u8]) -> Result<()> + Send + Sync;

/// Where what a guest writes goes.
#[derive(Clone, Default)]
pub enum Output {
    /// Nowhere.
    #[default]
    None,
    /// The process's own.
    Inherit,
    /// To the host, which asks the store for it: [`Store::stdout`](crate::Store::stdout).
    Capture,
    /// A file, which is made, or emptied if it is there.
    File(PathBuf),
    /// A function of the host.
    Callback(Arc<WriteFn>),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Output::None => f.write_str("None"),
            Output::Inherit => f.write_str("Inherit"),
            Output::Capture => f.write_str("Capture"),
            Output::File(path) => write!(f, "File({})", path.display()),
            Output::Callback(_) => f.write_str("Callback"),
        }
    }
}

/// Bytes that are captured if the limits say nothing.
pub(crate) const MOST_CAPTURED: u64 = 16 << 20;

/// Where one stream goes, opened.
pub(crate) struct Sink {
    name: &'static str,
    to: To,
    own: Own,
    captured: Lock<Vec<u8>>,
}

enum To {
    Nowhere,
    Inherit,
    Capture,
    File(File),
    Callback(Arc<WriteFn>),
}

/// A stream of the process.
struct Own {
    write: fn(&[u8]) -> std::io::Result<()>,
    is_terminal: fn() -> bool,
}

/// Past the locks of the standard library: a forked child may find them held.
#[cfg(unix)]
fn to_stdout(bytes: &[u8]) -> std::io::Result<()> {
    to_descriptor(libc::STDOUT_FILENO, bytes)
}

#[cfg(unix)]
fn to_stderr(bytes: &[u8]) -> std::io::Result<()> {
    to_descriptor(libc::STDERR_FILENO, bytes)
}

#[cfg(unix)]
fn to_descriptor(descriptor: libc::c_int, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::fd::FromRawFd;
    // SAFETY: the descriptor is the process's own, and is not closed here.
    let file = ManuallyDrop::new(unsafe { File::from_raw_fd(descriptor) });
    (&*file).write_all(bytes)
}

#[cfg(not(unix))]
fn to_stdout(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

#[cfg(not(unix))]
fn to_stderr(bytes: &[u8]) -> std::io::Result<()> {
    std::io::stderr().write_all(bytes)
}

const ERRORS: Own = Own {
    write: to_stderr,
    is_terminal: || std::io::stderr().is_terminal(),
};

impl Sink {
    pub(crate) fn stdout(output: &Output) -> Result<Sink> {
        let own = Own {
            write: to_stdout,
            is_terminal: || std::io::stdout().is_terminal(),
        };
        Sink::open("stdout", output, own)
    }

    pub(crate) fn stderr(output: &Output) -> Result<Sink> {
        Sink::open("stderr", output, ERRORS)
    }

    /// What is inherited goes to the process's stderr.
    pub(crate) fn refusals(output: &Output) -> Result<Sink> {
        Sink::open("refusals", output, ERRORS)
    }

    fn open(name: &'static str, output: &Output, own: Own) -> Result<Sink> {
        let to = match output {
            Output::None => To::Nowhere,
            Output::Inherit => To::Inherit,
            Output::Capture => To::Capture,
            Output::File(path) => To::File(File::create(path).map_err(|e| Error::io(path, &e))?),
            Output::Callback(call) => To::Callback(call.clone()),
        };
        Ok(Sink {
            name,
            to,
            own,
            captured: Lock::default(),
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a person may be reading along.
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self.to, To::Inherit) && (self.own.is_terminal)()
    }

    /// Whether what is written is dropped.
    pub(crate) fn is_nowhere(&self) -> bool {
        matches!(self.to, To::Nowhere)
    }

    /// Whether what is written stays in memory.
    pub(crate) fn is_captured(&self) -> bool {
        matches!(self.to, To::Capture)
    }

    pub(crate) fn write(&self, context: &HostContext<'_>, bytes: &[u8]) -> Result<()> {
        let io = |e: std::io::Error| Error::os("writing output", &e);
        match &self.to {
            To::Nowhere => Ok(()),
            To::Inherit => (self.own.write)(bytes).map_err(io),
            To::File(file) => (&*file).write_all(bytes).map_err(io),
            To::Callback(call) => call(context, bytes),
            To::Capture => {
                self.captured().extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    pub(crate) fn captured(&self) -> Locked<'_, Vec<u8>> {
        self.captured.lock()
    }
}
