//! One function of WASI as a guest calls it: what it works on, whether it is allowed, and what is counted and reported.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wasmtime::{Caller, Extern, Trap};
use wasmtime_wasi::p1::types::Filetype;
use wasmtime_wasi::p1::wasi_snapshot_preview1::WasiSnapshotPreview1;
use wasmtime_wasi::runtime::in_tokio;
use wiggle::{GuestMemory, GuestPtr};

use super::open::State;
use super::opened::{Descriptor, Found, close, next_place};
use super::refusals::{quoted, why};
use super::{FAULT, MFILE, NAMETOOLONG, NOSPC, PERM, kernel};
use crate::store::{Data, Inner, Owner};

/// Bytes that count for a file, folder or link that is made.
pub(super) const ENTRY_BYTES: u64 = 4096;

/// Bytes that may be written if the policy has folders in memory and the limits say nothing.
const MOST_IN_MEMORY: u64 = 64 << 20;

/// Descriptors that may be open if the limits say nothing.
const MOST_OPEN: u64 = 1024;

/// Bytes of a path. No system knows longer ones, and each is copied.
const MOST_IN_PATH: u32 = 64 << 10;

/// Bytes of guests' memory that one call may lead to; files are read and written in place.
pub(super) const MOST_IN_CALL: usize = 128 << 20;

/// Flags of `path_open`, and a bit of the flags for looking a path up.
const CREATE: i32 = 1;

/// Flags for looking up what is itself meant, not what it leads to.
pub(super) const ITSELF: i32 = 0;

/// The same, where it is followed.
const FOLLOW: i32 = 1;

/// What a function works on, as it is told in refusals.
#[derive(Clone, Copy)]
pub(super) enum Operand {
    /// A descriptor, of which no more than its number is touched.
    Number(i32),
    Fd(i32),
    /// A path below a descriptor: where it is in memory, its length, and the flags for looking it up.
    Path(i32, i32, i32, i32),
    /// A text that is not looked up.
    Text(i32, i32),
}

/// One call of a guest's.
pub(super) struct Syscall<'a> {
    name: &'static str,
    pub(super) memory: GuestMemory<'a>,
    pub(super) state: &'a mut State,
    pub(super) owner: Owner,
    /// Where the library's table will have what is opened.
    place: Option<u32>,
}

/// What is decided before the library is asked: how much will be written, or the error.
pub(super) type Admission = Result<u64, Refusal>;

/// An error number, and why.
pub(super) struct Refusal(pub(super) i32, pub(super) String);

impl<'a> Syscall<'a> {
    pub(super) fn new(
        guest: &'a mut Caller<'_, Data>,
        name: &'static str,
    ) -> wasmtime::Result<Syscall<'a>> {
        let Some(memory) = guest.get_export("memory").and_then(Extern::into_memory) else {
            return Err(wasmtime::Error::msg("missing required memory export"));
        };
        let owner = Owner::new(guest.data().inner());
        let (bytes, data) = memory.data_and_store_mut(guest);
        Ok(Syscall {
            name,
            memory: GuestMemory::Unshared(bytes),
            state: data.wasi(),
            owner,
            place: None,
        })
    }

    pub(super) fn inner(&self) -> &Inner {
        self.owner.get()
    }

    /// Paths that are too long to be any are not copied; what is the kernel's is not touched.
    pub(super) fn check(&self, operands: &[Operand]) -> Result<(), Refusal> {
        operands.iter().try_for_each(|operand| match *operand {
            Operand::Path(_, _, length, _) | Operand::Text(_, length)
                if length as u32 > MOST_IN_PATH =>
            {
                Err(Refusal(NAMETOOLONG, "the path is too long".to_owned()))
            }
            Operand::Path(fd, at, length, look) if self.is_kernels(fd, at, length, look) => {
                Err(Refusal(PERM, kernel::WHY.to_owned()))
            }
            Operand::Fd(fd) if self.state.opened.get(fd).is_some_and(|it| it.home.is_shut) => {
                Err(Refusal(PERM, kernel::WHY.to_owned()))
            }
            _ => Ok(()),
        })
    }

    fn is_kernels(&self, fd: i32, at: i32, length: i32, look: i32) -> bool {
        let follow = look & FOLLOW != 0;
        let path = self.bytes(at, length);
        let opened = self.state.opened.get(fd);
        opened.is_some_and(|it| it.home.is_shut || it.home.refuses_path(&it.file, path, follow))
    }

    /// Notes that the call was refused.
    pub(super) fn refuse(&self, operands: &[Operand], refusal: &Refusal) -> wasmtime::Result<i32> {
        let Refusal(errno, why) = refusal;
        self.note(operands, why)?;
        Ok(*errno)
    }

    /// Notes that the library did not do it, if that is a refusal, and that nothing was written.
    pub(super) fn failed(
        &self,
        operands: &[Operand],
        errno: i32,
        counted: u64,
    ) -> wasmtime::Result<i32> {
        self.inner().meter().did_not_write(counted);
        why(errno).map_or(Ok(()), |why| self.note(operands, why))?;
        Ok(errno)
    }

    pub(super) fn note(&self, operands: &[Operand], why: &str) -> wasmtime::Result<()> {
        let noted = self.inner().refuse(|| {
            let operands: Vec<_> = operands.iter().map(|operand| self.told(operand)).collect();
            format!("{} {}: {why}", self.name, operands.join(" to "))
        });
        noted.map_err(wasmtime::Error::new)
    }

    fn told(&self, operand: &Operand) -> String {
        match *operand {
            Operand::Fd(fd) | Operand::Number(fd) => self.told_fd(fd),
            Operand::Text(at, length) => quoted(self.bytes(at, length)),
            Operand::Path(fd, at, length, _) => {
                let path = quoted(self.bytes(at, length));
                format!("{path} below {}", self.told_fd(fd))
            }
        }
    }

    fn told_fd(&self, fd: i32) -> String {
        match self.state.opened.get(fd) {
            Some(it) => quoted(it.name.as_bytes()),
            None => format!("descriptor {}", fd as u32),
        }
    }

    /// Bytes of the guest's memory; none if there are none there.
    pub(super) fn bytes(&self, at: i32, length: i32) -> &[u8] {
        let (at, length) = (at as u32 as usize, length as u32 as usize);
        match &self.memory {
            GuestMemory::Unshared(bytes) => bytes.get(at..at + length).unwrap_or_default(),
            GuestMemory::Shared(_) => &[],
        }
    }

    /// The same, to be written to; none if they are not all there.
    pub(super) fn bytes_mut(&mut self, at: usize, length: usize) -> Option<&mut [u8]> {
        match &mut self.memory {
            GuestMemory::Unshared(bytes) => bytes.get_mut(at..at.checked_add(length)?),
            GuestMemory::Shared(_) => None,
        }
    }

    /// Writes a number; a trap if there is no place for it.
    pub(super) fn put_number(&mut self, at: i32, number: u32) -> wasmtime::Result<()> {
        let place = self.bytes_mut(at as u32 as usize, 4);
        let place = place.filter(|_| at % 4 == 0);
        place
            .ok_or(Trap::MemoryOutOfBounds)?
            .copy_from_slice(&number.to_le_bytes());
        Ok(())
    }

    pub(super) fn number(&self, at: i32) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes(at, 4).try_into().ok()?))
    }

    /// Whether so many bytes may be written.
    pub(super) fn admit(&self, bytes: u64) -> Admission {
        let inner = self.inner();
        let in_memory = !inner.policy().memory_dirs().is_empty();
        let most = inner.limits().written_bytes;
        let most = most.or(in_memory.then_some(MOST_IN_MEMORY));
        match (inner.meter().may_write(most, bytes), most) {
            (false, Some(most)) => {
                let why = format!("guests may not write more than {most} bytes into files");
                Err(Refusal(NOSPC, why))
            }
            _ => Ok(bytes),
        }
    }

    /// How long the file of a descriptor is; none if it does not lead into a granted folder.
    pub(super) fn file_bytes(&self, fd: i32) -> Option<u64> {
        let file = &self.state.opened.get(fd)?.file;
        file.metadata().ok().map(|it| it.len())
    }

    pub(super) fn before_set_size(&mut self, fd: i32, size: u64) -> Admission {
        match self.file_bytes(fd) {
            Some(before) => self.admit(size.saturating_sub(before)),
            None => Ok(0),
        }
    }

    /// What is neither a file nor a folder is not opened: a pipe would wait for its other end with
    /// nothing to end it, and a device is none of the guest's.
    pub(super) fn before_open(
        &mut self,
        fd: i32,
        look: i32,
        at: i32,
        length: i32,
        flags: i32,
        out: i32,
    ) -> Admission {
        // Otherwise it would be open without anybody's knowing its number.
        if self.number(out).is_none() || out % 4 != 0 {
            return Err(Refusal(
                FAULT,
                "its result pointer is out of bounds or not aligned".to_owned(),
            ));
        }
        let most = self.inner().limits().open_files.unwrap_or(MOST_OPEN);
        if self.state.opened.count() >= most {
            return Err(Refusal(MFILE, format!("{most} files are open")));
        }
        let bytes = match self.file_type(fd, look, at, length) {
            Some(Filetype::RegularFile | Filetype::Directory | Filetype::SymbolicLink) => 0,
            Some(_) => return Err(Refusal(PERM, "neither a file nor a folder".to_owned())),
            None if flags & CREATE != 0 => self.admit(ENTRY_BYTES)?,
            None => 0,
        };
        self.place = next_place(&mut self.state.library);
        Ok(bytes)
    }

    fn file_type(&mut self, fd: i32, look: i32, at: i32, length: i32) -> Option<Filetype> {
        let path = GuestPtr::<str>::new((at as u32, length as u32));
        let library = &mut self.state.library;
        library.set_hostcall_fuel(MOST_IN_CALL);
        let flags = (look as u32).try_into().ok()?;
        let stat = library.path_filestat_get(&mut self.memory, (fd as u32).into(), flags, path);
        at_once(stat).ok().map(|it| it.filetype)
    }

    /// Notes the descriptor that the library has put at `out`. What was opened is asked once more
    /// where it is: somebody may have changed the path since it was looked up.
    pub(super) fn opened(
        &mut self,
        dir: i32,
        at: i32,
        length: i32,
        out: i32,
    ) -> Result<(), Refusal> {
        let library = &mut self.state.library;
        let found = self.place.and_then(|place| Found::at(library, place));
        let (Some(fd), Some(found)) = (self.number(out), found) else {
            return Err(Refusal(FAULT, "what was opened is not there".to_owned()));
        };
        let home = self.state.opened.get(dir).map(|it| it.home);
        let home = home.unwrap_or_default();
        if home.refuses(&found.file) {
            drop(found);
            close(&mut self.state.library, fd);
            return Err(Refusal(PERM, kernel::WHY.to_owned()));
        }
        let name = self.name_below(dir, at, length);
        let opened = Descriptor::below(name, home, found);
        self.state.opened.insert(fd, opened);
        self.tell_open();
        Ok(())
    }

    fn name_below(&self, dir: i32, at: i32, length: i32) -> String {
        let dir = self.state.opened.get(dir);
        let dir = dir.map_or("", |it| it.name.as_str());
        let path = String::from_utf8_lossy(self.bytes(at, length));
        // One character more than is told, so that it is seen to be cut.
        let text = format!("{}/{path}", dir.trim_end_matches('/'));
        text.chars().take(257).collect()
    }

    pub(super) fn tell_open(&self) {
        let count = self.state.opened.count();
        self.inner().meter().set_open_files(count);
    }
}

/// What the library does with files is done when it is first asked; if not, there is a runtime.
pub(super) fn at_once<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => in_tokio(work),
    }
}
