//! Stdio: where a guest's standard streams go.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::descriptor::Descriptor;
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
    /// A file, read as the guest asks. If it is a pipe, the guest waits for who writes into it.
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
    /// A file, which is made, or emptied if it is there. If it is a pipe that nobody reads, the guest
    /// waits when it first writes.
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
    captured: Lock<Vec<u8>>,
}

enum To {
    Nowhere,
    Capture,
    /// What may have to be waited for.
    Descriptor(Descriptor),
    /// A pipe that nobody read when it was named. It is opened when somebody does.
    Unread(PathBuf, OnceLock<Descriptor>),
    Callback(Arc<WriteFn>),
}

/// A sink for which something was opened that goes when this is dropped.
pub(crate) struct Opened(pub(crate) Arc<Sink>);

impl Drop for Opened {
    fn drop(&mut self) {
        if let Some(descriptor) = self.0.descriptor() {
            descriptor.let_go();
        }
    }
}

/// What a sink does with what is written.
pub(crate) enum Way<'a> {
    /// It goes here.
    Descriptor(&'a Descriptor),
    /// There is nobody yet.
    Nobody,
    /// It is taken.
    Taken,
    /// The host's function takes it.
    Callback(&'a WriteFn),
}

impl Sink {
    pub(crate) fn stdout(output: &Output) -> Result<Sink> {
        Sink::open("stdout", output, Descriptor::stdout)
    }

    pub(crate) fn stderr(output: &Output) -> Result<Sink> {
        Sink::open("stderr", output, Descriptor::stderr)
    }

    /// What is inherited goes to the process's stderr.
    pub(crate) fn refusals(output: &Output) -> Result<Sink> {
        Sink::open("refusals", output, Descriptor::stderr)
    }

    fn open(name: &'static str, output: &Output, own: fn() -> Descriptor) -> Result<Sink> {
        let to = match output {
            Output::None => To::Nowhere,
            Output::Inherit => To::Descriptor(own()),
            Output::Capture => To::Capture,
            Output::File(path) => {
                let made = Descriptor::create(path).map_err(|e| Error::io(path, &e))?;
                made.map_or_else(|| To::Unread(path.clone(), OnceLock::new()), To::Descriptor)
            }
            Output::Callback(call) => To::Callback(call.clone()),
        };
        Ok(Sink {
            name,
            to,
            captured: Lock::default(),
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a person may be reading along.
    pub(crate) fn is_terminal(&self) -> bool {
        self.descriptor()
            .is_some_and(|it| it.is_process_own() && it.is_terminal())
    }

    /// Whether what is written is dropped.
    pub(crate) fn is_nowhere(&self) -> bool {
        matches!(self.to, To::Nowhere)
    }

    /// Whether what is written stays in memory.
    pub(crate) fn is_captured(&self) -> bool {
        matches!(self.to, To::Capture)
    }

    /// Whether nobody reads the pipe that it goes to, so far.
    pub(crate) fn is_unread(&self) -> bool {
        matches!(&self.to, To::Unread(_, opened) if opened.get().is_none())
    }

    /// Where it goes, if that is open and the system's.
    pub(crate) fn descriptor(&self) -> Option<&Descriptor> {
        match &self.to {
            To::Descriptor(it) => Some(it),
            To::Unread(_, opened) => opened.get(),
            _ => None,
        }
    }

    /// Looks whether somebody reads the pipe by now.
    pub(crate) fn look(&self) -> Result<()> {
        if let To::Unread(path, opened) = &self.to
            && opened.get().is_none()
            && let Some(found) = Descriptor::create(path).map_err(|e| Error::io(path, &e))?
        {
            let _ = opened.set(found);
        }
        Ok(())
    }

    /// Takes what is written, or says how it is to be done.
    pub(crate) fn take(&self, bytes: &[u8]) -> Result<Way<'_>> {
        Ok(match &self.to {
            To::Nowhere => Way::Taken,
            To::Callback(call) => Way::Callback(&**call),
            To::Capture => {
                self.captured().extend_from_slice(bytes);
                Way::Taken
            }
            To::Descriptor(it) => Way::Descriptor(it),
            To::Unread(..) => {
                self.look()?;
                self.descriptor().map_or(Way::Nobody, Way::Descriptor)
            }
        })
    }

    pub(crate) fn captured(&self) -> Locked<'_, Vec<u8>> {
        self.captured.lock()
    }
}
