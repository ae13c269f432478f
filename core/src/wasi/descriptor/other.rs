//! Systems on which descriptors cannot be asked: they are assumed to be ready, and the system waits for them.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::time::Duration;

use super::{Readiness, Wish};

pub(crate) struct Descriptor(Source);

enum Source {
    Stdin,
    Stdout,
    Stderr,
    Own(File),
}

impl Descriptor {
    pub(crate) fn stdin() -> io::Result<Descriptor> {
        Ok(Descriptor(Source::Stdin))
    }

    pub(crate) fn stdout() -> Descriptor {
        Descriptor(Source::Stdout)
    }

    pub(crate) fn stderr() -> Descriptor {
        Descriptor(Source::Stderr)
    }

    pub(crate) fn open(path: &Path) -> io::Result<Descriptor> {
        Ok(Descriptor(Source::Own(File::open(path)?)))
    }

    /// Never none here: there are no pipes without a reader.
    pub(crate) fn create(path: &Path) -> io::Result<Option<Descriptor>> {
        Ok(Some(Descriptor(Source::Own(File::create(path)?))))
    }

    pub(crate) fn is_process_own(&self) -> bool {
        matches!(self.0, Source::Stdout | Source::Stderr)
    }

    pub(crate) fn is_terminal(&self) -> bool {
        match &self.0 {
            Source::Stdin => io::stdin().is_terminal(),
            Source::Stdout => io::stdout().is_terminal(),
            Source::Stderr => io::stderr().is_terminal(),
            Source::Own(file) => file.is_terminal(),
        }
    }

    pub(crate) fn write_now(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.0 {
            Source::Stdin => Err(io::ErrorKind::Unsupported.into()),
            Source::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(bytes)?;
                out.flush().map(|()| bytes.len())
            }
            Source::Stderr => io::stderr().write(bytes),
            Source::Own(file) => (&*file).write(bytes),
        }
    }

    pub(crate) fn read_now(&self, bytes: &mut [u8]) -> io::Result<usize> {
        match &self.0 {
            Source::Own(file) => (&*file).read(bytes),
            _ => io::stdin().read(bytes),
        }
    }

    pub(crate) fn has_twin(&self) -> bool {
        false
    }

    pub(crate) fn let_go(&self) {}

    pub(crate) fn polled(&self, _: Wish) -> Polled {
        Polled
    }
}

pub(crate) struct Polled;

impl Polled {
    pub(crate) fn readiness(&self) -> Option<Readiness> {
        Some(Readiness {
            bytes: 1,
            is_over: false,
        })
    }
}

/// Whether any is ready; else sleeps.
pub(crate) fn poll(polled: &mut [Polled], most: Duration) -> io::Result<bool> {
    if polled.is_empty() {
        std::thread::sleep(most);
    }
    Ok(!polled.is_empty())
}
