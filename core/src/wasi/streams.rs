//! The standard streams, which pass the host's hands.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use bytes::Bytes;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdinStream, StdoutStream};
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};

use super::wait::Wait;
use crate::fork::Lock;
use crate::stdio::Sink;
use crate::store::{Inner, Owner};
use crate::{Error, Result};

/// What a guest writes, on its way to the host.
#[derive(Clone)]
pub(super) struct Pipe {
    owner: Owner,
    sink: Arc<Sink>,
}

impl Pipe {
    pub(super) fn new(inner: &Inner, sink: &Arc<Sink>) -> Pipe {
        Pipe {
            owner: Owner::new(inner),
            sink: sink.clone(),
        }
    }
}

/// Bytes that are taken at once.
const CHUNK_BYTES: usize = 64 << 10;

#[async_trait]
impl Pollable for Pipe {
    async fn ready(&mut self) {}
}

impl OutputStream for Pipe {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let written = self.owner.get().write(&self.sink, &bytes);
        written.map_err(|e| StreamError::Trap(wasmtime::Error::new(e)))
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(CHUNK_BYTES)
    }
}

impl IsTerminal for Pipe {
    fn is_terminal(&self) -> bool {
        self.sink.is_terminal()
    }
}

impl StdoutStream for Pipe {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        // Only preview 3 asks for it.
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

/// The process's standard input; waiting for it ends with the call.
#[derive(Clone)]
pub(super) struct Terminal {
    owner: Owner,
    /// Read without a buffer, so that what was not read yet is still seen to be there.
    input: Arc<File>,
}

impl Terminal {
    pub(super) fn new(inner: &Inner) -> Result<Terminal> {
        let input = own_input().map_err(|e| Error::os("standard input", &e))?;
        Ok(Terminal {
            owner: Owner::new(inner),
            input: Arc::new(input),
        })
    }
}

/// Held from the look at the process's input until it is read. Another guest could read what was
/// seen to be there otherwise, and this one would wait in the system, past its deadline.
static READING: Lock<()> = Lock::new(());

/// Reads what is there; none if there is nothing yet, or another guest is about to read.
fn read_now(input: &File, bytes: &mut [u8]) -> Option<std::io::Result<usize>> {
    let reading = READING.try_lock()?;
    let mut input = input;
    let read = is_readable().then(|| input.read(bytes));
    drop(reading);
    read
}

#[cfg(unix)]
fn own_input() -> std::io::Result<File> {
    use std::os::fd::AsFd;
    Ok(std::io::stdin().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn own_input() -> std::io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(std::io::stdin().as_handle().try_clone_to_owned()?.into())
}

#[async_trait]
impl Pollable for Terminal {
    async fn ready(&mut self) {}
}

impl InputStream for Terminal {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        let trap = |e| StreamError::Trap(wasmtime::Error::new(e));
        let mut wait = Wait::new(self.owner.get());
        let mut bytes = vec![0; size.min(CHUNK_BYTES)];
        let read = loop {
            if let Some(read) = read_now(&self.input, &mut bytes) {
                break read;
            }
            wait.a_bit(None).map_err(trap)?;
        };
        match read {
            Ok(0) if size > 0 => Err(StreamError::Closed),
            Ok(length) => {
                bytes.truncate(length);
                Ok(bytes.into())
            }
            Err(e) => Err(StreamError::LastOperationFailed(e.into())),
        }
    }
}

impl IsTerminal for Terminal {
    fn is_terminal(&self) -> bool {
        std::io::IsTerminal::is_terminal(&std::io::stdin())
    }
}

impl StdinStream for Terminal {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncRead + Send + Sync> {
        // Only preview 3 asks for it.
        Box::new(tokio::io::empty())
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        Box::new(self.clone())
    }
}

/// Whether reading the process's standard input would not block.
#[cfg(unix)]
pub(super) fn is_readable() -> bool {
    let mut fd = libc::pollfd {
        fd: 0,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one valid structure; a timeout of zero returns at once.
    unsafe { libc::poll(&raw mut fd, 1, 0) != 0 }
}

#[cfg(not(unix))]
pub(super) fn is_readable() -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn nobody_looks_at_the_input_while_another_guest_reads() {
        let input = File::open("/dev/zero").unwrap();
        let other = READING.try_lock();
        assert!(read_now(&input, &mut [0]).is_none());
        drop(other);
        assert!(READING.try_lock().is_some(), "it is let go of");
    }
}
