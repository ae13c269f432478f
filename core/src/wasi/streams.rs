//! The standard streams, which go through the host.

use std::sync::Arc;

use bytes::Bytes;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdinStream, StdoutStream};
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};

use crate::descriptor::Descriptor;
use crate::fork::Lock;
use crate::stdio::{Input, Sink};
use crate::store::{Inner, Owner};
use crate::{Error, Result};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    In,
    Out,
    Err,
}

impl Stream {
    pub(super) const ALL: [Stream; 3] = [Stream::In, Stream::Out, Stream::Err];

    /// Where its output goes.
    pub(super) fn sink(self, inner: &Inner) -> Option<&Arc<Sink>> {
        let [out, err, _] = inner.sinks().ok()?;
        match self {
            Stream::In => None,
            Stream::Out => Some(out),
            Stream::Err => Some(err),
        }
    }
}

/// What a guest writes, on its way to the host. Most of it goes past the library, in
/// [`transfer`](super::transfer).
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

fn trap(error: Error) -> StreamError {
    StreamError::Trap(wasmtime::Error::new(error))
}

fn failed(error: std::io::Error) -> StreamError {
    StreamError::LastOperationFailed(error.into())
}

#[async_trait]
impl Pollable for Pipe {
    async fn ready(&mut self) {}
}

impl OutputStream for Pipe {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut done = 0;
        while done < bytes.len() {
            let written = self.owner.get().write(&self.sink, &bytes[done..]);
            done += written.map_err(trap)?.map_err(failed)?;
        }
        Ok(())
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

/// What a guest reads, and where it comes from.
#[derive(Clone)]
pub(super) struct Reading {
    owner: Owner,
    source: Arc<Source>,
    is_inherited: bool,
}

pub(super) enum Source {
    /// What is left of bytes that were given.
    Bytes(Lock<Bytes>),
    /// Read without a buffer, so that what was not read yet is still seen to be there.
    Descriptor(Descriptor),
}

impl Source {
    pub(super) fn new(input: &Input) -> Result<Source> {
        match input {
            Input::None => Ok(Source::Bytes(Lock::default())),
            Input::Bytes(bytes) => Ok(Source::Bytes(Lock::new(bytes.clone().into()))),
            Input::Inherit => {
                let own = match Descriptor::stdin() {
                    // A process without one, such as a daemon, has nothing to be read.
                    #[cfg(unix)]
                    Err(e) if e.raw_os_error() == Some(libc::EBADF) => {
                        return Source::new(&Input::None);
                    }
                    own => own.map_err(|e| Error::os("standard input", &e))?,
                };
                Ok(Source::Descriptor(own))
            }
            Input::File(path) => {
                let file = Descriptor::open(path).map_err(|e| Error::io(path, &e))?;
                Ok(Source::Descriptor(file))
            }
        }
    }
}

impl Reading {
    pub(super) fn new(inner: &Inner, source: &Arc<Source>) -> Reading {
        Reading {
            owner: Owner::new(inner),
            source: source.clone(),
            is_inherited: matches!(inner.stdin(), Input::Inherit),
        }
    }
}

#[async_trait]
impl Pollable for Reading {
    async fn ready(&mut self) {}
}

impl InputStream for Reading {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if size == 0 {
            return Ok(Bytes::new());
        }
        let read: Bytes = match &*self.source {
            Source::Bytes(left) => {
                let mut left = left.lock();
                let size = left.len().min(size);
                left.split_to(size)
            }
            Source::Descriptor(from) => {
                let mut bytes = vec![0; size.min(CHUNK_BYTES)];
                let read = self.owner.get().read_from(from, &mut bytes);
                bytes.truncate(read.map_err(trap)?.map_err(failed)?);
                bytes.into()
            }
        };
        match read.is_empty() {
            true => Err(StreamError::Closed),
            false => Ok(read),
        }
    }
}

impl IsTerminal for Reading {
    fn is_terminal(&self) -> bool {
        match &*self.source {
            Source::Descriptor(it) => self.is_inherited && it.is_terminal(),
            Source::Bytes(_) => false,
        }
    }
}

impl StdinStream for Reading {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncRead + Send + Sync> {
        // Only preview 3 asks for it.
        Box::new(tokio::io::empty())
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        Box::new(self.clone())
    }
}
