//! Descriptors of the system.

use std::fs::{File, OpenOptions};
use std::io::{self, IoSlice, IoSliceMut, IsTerminal, Read, Write};
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, RawFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::fs::{FileType, SeekFrom, Stat, fstat, seek};

use super::{Polled, Wish, poll, signal};
use crate::fork::Lock;
use crate::host;

/// A descriptor, and the ways to use it without waiting that were found.
pub(crate) struct Descriptor {
    source: Source,
    /// Whether the system takes the wish not to wait with each read and write.
    takes_wishes: AtomicBool,
    /// The same pipe or terminal, opened once more so that it does not block; others do not see it.
    twin: Lock<Option<Twin>>,
    has_twin: AtomicBool,
}

enum Source {
    /// One of the process's own, whatever it is at the time.
    Number(RawFd),
    /// One that others may have, too.
    Shared(File),
    /// Opened here, so that it does not block.
    Own(File),
    /// An ordinary file that was opened here.
    Plain(File),
}

struct Twin {
    file: File,
    /// What it is a twin of.
    of: Stat,
}

/// What must be done so that the system does not wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing: files do not wait for anybody.
    File,
    Socket,
    Pipe,
    Terminal,
}

/// Bytes that fit into a pipe that is ready, and into a terminal.
const PIPE_PART: usize = libc::PIPE_BUF;
const TERMINAL_PART: usize = 1;

/// Held from the look whether a descriptor is ready until it is used, where that may wait: another
/// guest could take what was seen to be there.
static LOOKING: Lock<()> = Lock::new(());

impl Descriptor {
    fn new(source: Source) -> Descriptor {
        Descriptor {
            source,
            takes_wishes: AtomicBool::new(true),
            twin: Lock::default(),
            has_twin: AtomicBool::new(false),
        }
    }

    /// The process's own input, which stays open if the process closes it.
    pub(crate) fn stdin() -> io::Result<Descriptor> {
        let kept = io::stdin().as_fd().try_clone_to_owned()?;
        Ok(Descriptor::new(Source::Shared(kept.into())))
    }

    /// The process's own output, past the locks of the standard library: a forked child may find them
    /// held.
    pub(crate) fn stdout() -> Descriptor {
        Descriptor::new(Source::Number(libc::STDOUT_FILENO))
    }

    pub(crate) fn stderr() -> Descriptor {
        Descriptor::new(Source::Number(libc::STDERR_FILENO))
    }

    /// Opens what is at a path to be read. Nobody needs to write into a pipe for that.
    pub(crate) fn open(path: &Path) -> io::Result<Descriptor> {
        let file = unblocked().read(true).open(path)?;
        match file.metadata()?.is_dir() {
            true => Err(io::Error::from_raw_os_error(libc::EISDIR)),
            false => Descriptor::own(file),
        }
    }

    /// Makes a file, or opens what is at its path; none if that is a pipe that nobody reads yet.
    pub(crate) fn create(path: &Path) -> io::Result<Option<Descriptor>> {
        let opened = unblocked()
            .write(true)
            .create(true)
            .truncate(true)
            .open(path);
        match opened {
            Ok(file) => Descriptor::own(file).map(Some),
            Err(error) if error.raw_os_error() == Some(libc::ENXIO) => {
                match path.metadata()?.file_type().is_fifo() {
                    true => Ok(None),
                    false => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    fn own(file: File) -> io::Result<Descriptor> {
        Ok(Descriptor::new(match file.metadata()?.is_file() {
            true => Source::Plain(file),
            false => Source::Own(file),
        }))
    }

    /// Whether it is the process's own output.
    pub(crate) fn is_process_own(&self) -> bool {
        matches!(self.source, Source::Number(_))
    }

    pub(crate) fn is_terminal(&self) -> bool {
        self.file().is_terminal()
    }

    fn file(&self) -> Borrowed<'_> {
        match &self.source {
            Source::Number(fd) => {
                // SAFETY: it is not closed here. If the process has closed it, the system says so.
                let file = unsafe { File::from_raw_fd(*fd) };
                Borrowed::Number(ManuallyDrop::new(file))
            }
            Source::Shared(file) | Source::Own(file) | Source::Plain(file) => Borrowed::File(file),
        }
    }

    /// To ask whether it is ready.
    pub(crate) fn polled(&self, wish: Wish) -> Polled {
        Polled::new(self.file().as_raw_fd(), wish)
    }

    fn is_ready(&self, wish: Wish) -> io::Result<()> {
        match poll(&mut [self.polled(wish)], Duration::ZERO)? {
            true => Ok(()),
            false => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    /// Writes what can be written at once.
    ///
    /// # Errors
    /// Those of the system; `WouldBlock` and `Interrupted` mean: not now.
    pub(crate) fn write_now(&self, bytes: &[u8]) -> io::Result<usize> {
        let file = self.file();
        match &self.source {
            Source::Plain(own) => (&*own).write(bytes),
            Source::Own(own) => self.without_signal(|| (&*own).write(bytes)),
            _ => self.write_shared(&file, bytes),
        }
    }

    fn write_shared(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        if self.takes_wishes.load(Ordering::Relaxed) {
            match self.without_signal(|| wishes::write(file, bytes)) {
                Err(error) if is_no_wish(&error) => {
                    self.takes_wishes.store(false, Ordering::Relaxed);
                }
                // A file may want to wait for its disk.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return match kind(file, &fstat(file)?) {
                        Kind::File => (&*file).write(bytes),
                        _ => Err(error),
                    };
                }
                done => return done,
            }
        }
        // Quicker to find out than what it is.
        if seek(file, SeekFrom::Current(0)).is_ok() {
            return (&*file).write(bytes);
        }
        let about = fstat(file)?;
        match kind(file, &about) {
            Kind::File => (&*file).write(bytes),
            Kind::Socket => self.without_signal(|| send(file, bytes)),
            kind => self.without_signal(|| {
                let written = self.twin_writes(file, &about, bytes);
                written.unwrap_or_else(|| self.write_when_ready(file, kind, bytes))
            }),
        }
    }

    /// Runs what writes; no SIGPIPE comes of it, unless the process wants it of its own output.
    fn without_signal<R>(&self, write: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
        match self.is_process_own() && host::current().ends_by_sigpipe() {
            true => write(),
            false => signal::without(write),
        }
    }

    /// Writes to the twin; none if there cannot be one.
    fn twin_writes(&self, file: &File, about: &Stat, bytes: &[u8]) -> Option<io::Result<usize>> {
        let mut twin = self.twin.lock();
        // The process may have put something else in its place.
        twin.take_if(|it| (it.of.st_dev, it.of.st_ino) != (about.st_dev, about.st_ino));
        if twin.is_none() {
            // A pipe without a reader cannot be opened once more either; a write says what it is.
            *twin = Some(Twin::of(file, about, unblocked().write(true)).ok()?);
            self.has_twin.store(true, Ordering::Relaxed);
        }
        twin.as_ref().map(|it| (&it.file).write(bytes))
    }

    /// The last way: a part that fits, unless another process is quicker.
    fn write_when_ready(&self, file: &File, kind: Kind, bytes: &[u8]) -> io::Result<usize> {
        let Some(_looking) = LOOKING.try_lock() else {
            return Err(io::ErrorKind::WouldBlock.into());
        };
        self.is_ready(Wish::Write)?;
        let most = match kind {
            Kind::Terminal => TERMINAL_PART,
            _ => PIPE_PART,
        };
        (&*file).write(&bytes[..bytes.len().min(most)])
    }

    /// Reads what is there; nothing if it is at its end.
    ///
    /// # Errors
    /// As [`Descriptor::write_now`].
    pub(crate) fn read_now(&self, bytes: &mut [u8]) -> io::Result<usize> {
        if let Source::Plain(own) = &self.source {
            return (&*own).read(bytes);
        }
        // What is read from a pipe that nobody has begun to write into is taken for its end.
        self.is_ready(Wish::Read)?;
        let file = self.file();
        match &self.source {
            Source::Own(own) => (&*own).read(bytes),
            _ => self.read_shared(&file, bytes),
        }
    }

    fn read_shared(&self, file: &File, bytes: &mut [u8]) -> io::Result<usize> {
        if self.takes_wishes.load(Ordering::Relaxed) {
            match wishes::read(file, bytes) {
                Err(error) if is_no_wish(&error) => {
                    self.takes_wishes.store(false, Ordering::Relaxed);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return match kind(file, &fstat(file)?) {
                        Kind::File => (&*file).read(bytes),
                        _ => Err(error),
                    };
                }
                done => return done,
            }
        }
        let about = fstat(file)?;
        match kind(file, &about) {
            Kind::File => (&*file).read(bytes),
            Kind::Socket => receive(file, bytes),
            _ => match Twin::of(file, &about, unblocked().read(true)) {
                Ok(twin) => (&twin.file).read(bytes),
                Err(_) => self.read_when_ready(file, bytes),
            },
        }
    }

    fn read_when_ready(&self, file: &File, bytes: &mut [u8]) -> io::Result<usize> {
        let Some(_looking) = LOOKING.try_lock() else {
            return Err(io::ErrorKind::WouldBlock.into());
        };
        self.is_ready(Wish::Read)?;
        (&*file).read(bytes)
    }

    /// Whether something is kept open for the next write.
    pub(crate) fn has_twin(&self) -> bool {
        self.has_twin.load(Ordering::Relaxed)
    }

    /// Closes what is only kept for the next write, so that who reads sees the end when the process
    /// closes its output.
    pub(crate) fn let_go(&self) {
        self.has_twin.store(false, Ordering::Relaxed);
        drop(self.twin.lock().take());
    }
}

impl Twin {
    /// Opens what another descriptor has once more.
    fn of(file: &File, about: &Stat, how: &OpenOptions) -> io::Result<Twin> {
        // That of the other end would be another terminal.
        if !cfg!(target_os = "linux") || is_master(about) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        Ok(Twin {
            file: how.open(path)?,
            of: *about,
        })
    }
}

/// The number of the device that makes terminals.
fn is_master(about: &Stat) -> bool {
    FileType::from_raw_mode(about.st_mode) == FileType::CharacterDevice
        && about.st_rdev == (5 << 8 | 2)
}

fn unblocked() -> OpenOptions {
    let mut how = OpenOptions::new();
    how.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    how
}

fn kind(file: &File, about: &Stat) -> Kind {
    match FileType::from_raw_mode(about.st_mode) {
        FileType::Fifo => Kind::Pipe,
        FileType::Socket => Kind::Socket,
        FileType::CharacterDevice if file.is_terminal() => Kind::Terminal,
        _ => Kind::File,
    }
}

fn send(socket: &File, bytes: &[u8]) -> io::Result<usize> {
    let flags = libc::MSG_DONTWAIT;
    // SAFETY: the bytes are valid for their length.
    let sent = unsafe {
        libc::send(
            socket.as_raw_fd(),
            bytes.as_ptr().cast(),
            bytes.len(),
            flags,
        )
    };
    usize::try_from(sent).map_err(|_| io::Error::last_os_error())
}

fn receive(socket: &File, bytes: &mut [u8]) -> io::Result<usize> {
    let flags = libc::MSG_DONTWAIT;
    let (fd, at) = (socket.as_raw_fd(), bytes.as_mut_ptr().cast());
    // SAFETY: the bytes are valid for their length.
    let received = unsafe { libc::recv(fd, at, bytes.len(), flags) };
    usize::try_from(received).map_err(|_| io::Error::last_os_error())
}

/// Whether the system does not know such a wish, of this descriptor or at all.
fn is_no_wish(error: &io::Error) -> bool {
    let number = error.raw_os_error();
    matches!(number, Some(libc::EOPNOTSUPP | libc::ENOSYS | libc::EINVAL))
}

#[cfg(target_os = "linux")]
mod wishes {
    use rustix::io::{ReadWriteFlags, preadv2, pwritev2};

    use super::*;

    /// Where the descriptor stands.
    const HERE: u64 = u64::MAX;

    pub(super) fn write(file: &File, bytes: &[u8]) -> io::Result<usize> {
        Ok(pwritev2(
            file,
            &[IoSlice::new(bytes)],
            HERE,
            ReadWriteFlags::NOWAIT,
        )?)
    }

    pub(super) fn read(file: &File, bytes: &mut [u8]) -> io::Result<usize> {
        Ok(preadv2(
            file,
            &mut [IoSliceMut::new(bytes)],
            HERE,
            ReadWriteFlags::NOWAIT,
        )?)
    }
}

#[cfg(not(target_os = "linux"))]
mod wishes {
    use super::*;

    pub(super) fn write(_: &File, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::from_raw_os_error(libc::ENOSYS))
    }

    pub(super) fn read(_: &File, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::from_raw_os_error(libc::ENOSYS))
    }
}

enum Borrowed<'a> {
    Number(ManuallyDrop<File>),
    File(&'a File),
}

impl Deref for Borrowed<'_> {
    type Target = File;

    fn deref(&self) -> &File {
        match self {
            Borrowed::Number(file) => file,
            Borrowed::File(file) => file,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pipe() -> (File, Descriptor) {
        let mut fds = [0; 2];
        // SAFETY: a place for two descriptors, which are nobody else's.
        let [reader, writer] = unsafe {
            assert_eq!(libc::pipe(fds.as_mut_ptr()), 0);
            fds.map(|fd| File::from_raw_fd(fd))
        };
        (reader, Descriptor::new(Source::Shared(writer)))
    }

    /// Writes until it can no more; how much.
    fn fill(write: impl Fn() -> io::Result<usize>) -> usize {
        let mut all = 0;
        loop {
            match write() {
                Ok(count) => all += count,
                Err(error) => {
                    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
                    return all;
                }
            }
        }
    }

    #[test]
    fn no_way_to_write_waits() {
        let bytes = [1; 3000];
        let (_reader, writer) = pipe();
        assert!(fill(|| writer.write_now(&bytes)) > 0);
        let (_reader, writer) = pipe();
        writer.takes_wishes.store(false, Ordering::Relaxed);
        assert!(fill(|| writer.write_now(&bytes)) > 0);
        assert_eq!(writer.has_twin(), cfg!(target_os = "linux"));
        writer.let_go();
        assert!(!writer.has_twin() && writer.write_now(&bytes).is_err());
        let (_reader, writer) = pipe();
        let file = writer.file();
        let last = || writer.write_when_ready(&file, Kind::Pipe, &bytes);
        assert!(fill(last) > 0);
    }

    #[test]
    fn nobody_looks_while_another_guest_uses_what_it_saw() {
        let (reader, writer) = pipe();
        let reader = Descriptor::new(Source::Shared(reader));
        assert_eq!(writer.write_now(&[1]).unwrap(), 1);
        let other = LOOKING.try_lock();
        let read = reader.read_when_ready(&reader.file(), &mut [0]);
        let written = writer.write_when_ready(&writer.file(), Kind::Pipe, &[1]);
        for done in [read, written] {
            assert_eq!(done.unwrap_err().kind(), io::ErrorKind::WouldBlock);
        }
        drop(other);
        assert_eq!(reader.read_when_ready(&reader.file(), &mut [0]).unwrap(), 1);
    }
}
