//! Stdio: where a guest's standard streams go.

mod lines;
mod tail;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

pub use lines::LineFn;
pub(crate) use lines::Lines;
pub(crate) use tail::{Tail, Told};

use crate::descriptor::Descriptor;
use crate::fork::{Lock, Locked};
use crate::{Error, HostContext, Result};

/// Where a guest's standard streams come from and go to. By default stdin is empty, and what
/// is written to the others is discarded.
#[derive(Clone, Debug, Default)]
pub struct Stdio {
    /// What the guest reads.
    pub stdin: Input,
    /// Where its output goes.
    pub stdout: Output,
    /// Where its error output goes.
    pub stderr: Output,
    /// Where a line goes for each thing that WASI refused it, such as `refused: path_open "../x" below
    /// "/data": not permitted`. Inherited means the process's stderr. Not counted as output; after
    /// 10,000 lines of a store no more are written. Names that the guest chose have no control characters.
    pub refusals: Output,
}

impl Stdio {
    /// The process's own streams, as a program that is started by hand has them. Refusals are
    /// discarded.
    pub fn inherit() -> Stdio {
        Stdio {
            stdin: Input::Inherit,
            stdout: Output::Inherit,
            stderr: Output::Inherit,
            refusals: Output::None,
        }
    }
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

/// A function that gets what a guest writes, on the guest's thread; the context's name is that of the
/// stream. It cannot enter the guest's store. An error ends the guest.
pub type WriteFn = dyn Fn(&HostContext<'_>, &[u8]) -> Result<()> + Send + Sync;

/// Where a guest's output goes.
#[derive(Clone, Default)]
pub enum Output {
    /// Nowhere. The last of it is kept for an error to tell, see [`Error::output`].
    #[default]
    None,
    /// The process's own.
    Inherit,
    /// To the host, which asks the store for it: [`Store::stdout`](crate::Store::stdout).
    Capture,
    /// A file, which is made, or emptied if it is there. If it is a pipe that nobody reads, the guest
    /// waits when it first writes.
    File(PathBuf),
    /// A function of the host, with the bytes as they come.
    Callback(Arc<WriteFn>),
    /// A function of the host, with whole lines of text: UTF-8, in which what is invalid is replaced,
    /// without the `\n` or `\r\n`. A line of more than 64 KiB comes in parts of that size, and a last
    /// line without an end when the call from outside ends.
    Lines(Arc<LineFn>),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Output::None => f.write_str("None"),
            Output::Inherit => f.write_str("Inherit"),
            Output::Capture => f.write_str("Capture"),
            Output::File(path) => write!(f, "File({})", path.display()),
            Output::Callback(_) => f.write_str("Callback"),
            Output::Lines(_) => f.write_str("Lines"),
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
    Nowhere(Tail),
    Capture,
    /// What may have to be waited for.
    Descriptor(Open),
    /// A pipe that nobody read when it was named. It is opened when somebody does.
    Unread(PathBuf, Open),
    Callback(Arc<WriteFn>),
    Lines(Lines),
}

/// What is open, until the store is closed.
type Open = Lock<Option<Arc<Descriptor>>>;

fn open(descriptor: Descriptor) -> Open {
    Lock::new(Some(Arc::new(descriptor)))
}

/// A sink for which something was opened that goes when this is dropped.
pub(crate) struct OpenSink(pub(crate) Arc<Sink>);

impl Drop for OpenSink {
    fn drop(&mut self) {
        if let Some(descriptor) = self.0.descriptor() {
            descriptor.let_go();
        }
    }
}

/// What a sink does with what is written.
pub(crate) enum Way<'a> {
    /// It goes here.
    Descriptor(Arc<Descriptor>),
    /// There is nobody yet.
    Nobody,
    /// It is taken.
    Taken,
    /// The host's function takes it.
    Callback(&'a WriteFn),
    /// The host's function takes the lines that are whole now.
    Lines(&'a Lines),
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
            Output::None => To::Nowhere(Tail::default()),
            Output::Inherit => To::Descriptor(open(own())),
            Output::Capture => To::Capture,
            Output::File(path) => {
                let made = Descriptor::create(path).map_err(|e| Error::io(path, &e))?;
                let unread = || To::Unread(path.clone(), Lock::default());
                made.map_or_else(unread, |it| To::Descriptor(open(it)))
            }
            Output::Callback(call) => To::Callback(call.clone()),
            Output::Lines(call) => To::Lines(Lines::new(call)),
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

    /// The last of what was written, if it is discarded.
    pub(crate) fn tail(&self) -> Option<&Tail> {
        match &self.to {
            To::Nowhere(tail) => Some(tail),
            _ => None,
        }
    }

    /// The lines, if it gives lines.
    pub(crate) fn lines(&self) -> Option<&Lines> {
        match &self.to {
            To::Lines(lines) => Some(lines),
            _ => None,
        }
    }

    /// Whether what is written stays in memory.
    pub(crate) fn is_captured(&self) -> bool {
        matches!(self.to, To::Capture)
    }

    /// Whether nobody reads the pipe that it goes to, so far.
    pub(crate) fn is_unread(&self) -> bool {
        matches!(&self.to, To::Unread(_, opened) if opened.lock().is_none())
    }

    /// Where it goes, if that is open and the system's.
    pub(crate) fn descriptor(&self) -> Option<Arc<Descriptor>> {
        self.open_now()?.lock().clone()
    }

    fn open_now(&self) -> Option<&Open> {
        match &self.to {
            To::Descriptor(open) | To::Unread(_, open) => Some(open),
            _ => None,
        }
    }

    /// Closes what is open, so that who reads a pipe sees its end. Nothing is written any more.
    pub(crate) fn close(&self) {
        let closed = self.open_now().and_then(|open| open.lock().take());
        drop(closed);
    }

    /// Looks whether somebody reads the pipe by now.
    pub(crate) fn look(&self) -> Result<()> {
        if let To::Unread(path, opened) = &self.to
            && self.is_unread()
            && let Some(found) = Descriptor::create(path).map_err(|e| Error::io(path, &e))?
        {
            *opened.lock() = Some(Arc::new(found));
        }
        Ok(())
    }

    /// Takes what is written, or says how it is to be done.
    pub(crate) fn take(&self, bytes: &[u8]) -> Result<Way<'_>> {
        Ok(match &self.to {
            To::Nowhere(tail) => {
                tail.keep(bytes);
                Way::Taken
            }
            To::Lines(lines) => {
                lines.keep(bytes);
                Way::Lines(lines)
            }
            To::Callback(call) => Way::Callback(&**call),
            To::Capture => {
                self.captured().extend_from_slice(bytes);
                Way::Taken
            }
            To::Descriptor(_) | To::Unread(..) => {
                self.look()?;
                self.descriptor().map_or(Way::Nobody, Way::Descriptor)
            }
        })
    }

    pub(crate) fn captured(&self) -> Locked<'_, Vec<u8>> {
        self.captured.lock()
    }
}
