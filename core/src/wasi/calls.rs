//! The library's functions for descriptors and paths, with what is counted and noted around them.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wasmtime::{Caller, Extern, Linker, Trap};
use wasmtime_wasi::p1::types::Filetype;
use wasmtime_wasi::p1::wasi_snapshot_preview1::{self as p1, WasiSnapshotPreview1};
use wasmtime_wasi::runtime::in_tokio;
use wiggle::{GuestMemory, GuestPtr};

use super::open::State;
use super::opened::{Descriptor, Found, close, next_place};
use super::refusals::{quoted, why};
use super::transfer::{self, Move};
use super::{FAULT, MFILE, MODULE, NAMETOOLONG, NOSPC, PERM, SUCCESS, kernel};
use crate::store::{Data, Inner, Owner};

/// Bytes that count for a file, folder or link that is made.
const ENTRY_BYTES: u64 = 4096;

/// Bytes that may be written if the policy has folders in memory and the limits say nothing.
const MOST_IN_MEMORY: u64 = 64 << 20;

/// Descriptors that may be open if the limits say nothing.
const MOST_OPEN: u64 = 1024;

/// Bytes of a path. No system knows longer ones, and each is copied.
const MOST_IN_PATH: u32 = 64 << 10;

/// Bytes of guests' memory that one call may lead to; files are read and written in place.
pub(super) const MOST_IN_CALL: usize = 128 << 20;

/// Bytes of random numbers that are made at once.
const RANDOM_BYTES: usize = 64 << 10;

/// Flags of `path_open`, and a bit of the flags for looking a path up.
const CREATE: i32 = 1;

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
    owner: Owner,
    /// Where the library's table will have what is opened.
    place: Option<u32>,
}

/// What is decided before the library is asked: how much will be written, or the error.
pub(super) type Admission = Result<u64, Refusal>;

/// An error number, and why.
pub(super) struct Refusal(pub(super) i32, pub(super) String);

/// Calls a function of the library's for a guest: its operands, then what is decided before and what
/// is seen to after.
macro_rules! run {
    ($guest:ident, $name:ident($($arg:expr),*), [$($operand:expr),*], $before:expr, $after:expr) => {{
        let mut call = Syscall::new(&mut $guest, stringify!($name))?;
        let operands = [$($operand),*];
        let admitted = call.check(&operands).and_then(|()| $before(&mut call));
        let bytes = match admitted {
            Ok(bytes) => bytes,
            Err(refusal) => return call.refuse(&operands, &refusal),
        };
        let state = &mut *call.state;
        state.library.set_hostcall_fuel(MOST_IN_CALL);
        // What traps may have been done.
        call.owner.get().meter().wrote(bytes);
        let errno = at_once(p1::$name(&mut state.library, &mut call.memory, $($arg),*))?;
        if errno != SUCCESS {
            return call.failed(&operands, errno, bytes);
        }
        match $after(&mut call) {
            Ok(()) => Ok(SUCCESS),
            Err(refusal) => call.refuse(&operands, &refusal),
        }
    }};
}

/// Adds a function of the library's with [`run`] around it.
macro_rules! wrap {
    (
        $linker:ident, $name:ident($($arg:ident: $Type:ty),*), [$($operand:expr),*],
        $before:expr, $after:expr
    ) => {
        let name = stringify!($name);
        $linker.func_wrap(MODULE, name, |mut guest: Caller<'_, Data>, $($arg: $Type),*| {
            run!(guest, $name($($arg),*), [$($operand),*], $before, $after)
        })?;
    };
}

/// Whatever is done, nothing is written.
fn nothing(_: &mut Syscall<'_>) -> Admission {
    Ok(0)
}

/// An entry of a folder is made.
fn entry(call: &mut Syscall<'_>) -> Admission {
    call.admit(ENTRY_BYTES)
}

fn done(_: &mut Syscall<'_>) -> Result<(), Refusal> {
    Ok(())
}

/// Flags for looking up what is itself meant, not what it leads to.
const ITSELF: i32 = 0;

/// The same, where it is followed.
const FOLLOW: i32 = 1;

/// Adds the functions.
pub(super) fn add(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    descriptors(linker)?;
    transfers(linker)?;
    paths(linker)?;
    times(linker)?;
    linker.func_wrap(MODULE, "random_get", random)?;
    Ok(())
}

fn paths(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    use Operand::{Path, Text};
    wrap!(linker, path_create_directory(fd: i32, at: i32, length: i32),
        [Path(fd, at, length, ITSELF)], entry, done);
    wrap!(linker, path_filestat_get(fd: i32, look: i32, at: i32, length: i32, out: i32),
    [Path(fd, at, length, look)], nothing, |call: &mut Syscall<'_>| {
        call.tell_times(out);
        Ok(())
    });
    wrap!(linker, path_link(
            fd: i32, look: i32, at: i32, length: i32, to: i32, to_at: i32, to_length: i32),
        [Path(fd, at, length, look), Path(to, to_at, to_length, ITSELF)], entry, done);
    wrap!(linker, path_open(
            fd: i32, look: i32, at: i32, length: i32, flags: i32, rights: i64, inherited: i64,
            fdflags: i32, out: i32),
        [Path(fd, at, length, look)],
        |call: &mut Syscall<'_>| call.before_open(fd, look, at, length, flags, out),
        |call: &mut Syscall<'_>| call.opened(fd, at, length, out));
    wrap!(linker, path_readlink(fd: i32, at: i32, length: i32, buffer: i32, size: i32, out: i32),
        [Path(fd, at, length, ITSELF)], nothing, done);
    wrap!(linker, path_remove_directory(fd: i32, at: i32, length: i32),
        [Path(fd, at, length, ITSELF)], nothing, done);
    wrap!(linker, path_rename(fd: i32, at: i32, length: i32, to: i32, to_at: i32, to_length: i32),
        [Path(fd, at, length, ITSELF), Path(to, to_at, to_length, ITSELF)], nothing, done);
    wrap!(linker, path_symlink(at: i32, length: i32, fd: i32, link_at: i32, link_length: i32),
        [Text(at, length), Path(fd, link_at, link_length, ITSELF)], entry, done);
    wrap!(linker, path_unlink_file(fd: i32, at: i32, length: i32),
        [Path(fd, at, length, ITSELF)], nothing, done);
    Ok(())
}

fn descriptors(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    use Operand::{Fd, Number};
    wrap!(linker, fd_close(fd: i32), [Number(fd)], nothing, |call: &mut Syscall<'_>| {
        call.state.opened.close(fd as u32);
        call.tell_open();
        Ok(())
    });
    wrap!(linker, fd_renumber(from: i32, to: i32), [Number(from), Number(to)], nothing,
    |call: &mut Syscall<'_>| {
        call.state.opened.renumber(from as u32, to as u32);
        call.tell_open();
        Ok(())
    });
    wrap!(linker, fd_filestat_get(fd: i32, out: i32), [Fd(fd)], nothing, |call: &mut Syscall<'_>| {
        // Standard streams have no times.
        if call.state.opened.get(fd).is_some() {
            call.tell_times(out);
        }
        Ok(())
    });
    wrap!(linker, fd_filestat_set_size(fd: i32, size: i64), [Fd(fd)],
        |call: &mut Syscall<'_>| call.before_set_size(fd, size as u64), done);
    linker.func_wrap(MODULE, "fd_readdir", list)?;
    Ok(())
}

/// `fd_readdir`, in parts where that can be done.
fn list(
    mut guest: Caller<'_, Data>,
    fd: i32,
    buffer: i32,
    size: i32,
    cookie: i64,
    out: i32,
) -> wasmtime::Result<i32> {
    #[cfg(unix)]
    if guest
        .data_mut()
        .wasi()
        .opened
        .get(fd)
        .is_some_and(|it| it.is_dir)
    {
        return super::listing::read(&mut guest, (fd, buffer, size, cookie, out));
    }
    run!(
        guest,
        fd_readdir(fd, buffer, size, cookie, out),
        [Operand::Fd(fd)],
        nothing,
        done
    )
}

fn transfers(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    linker.func_wrap(
        MODULE,
        "fd_read",
        |mut guest: Caller<'_, Data>, fd: i32, parts: i32, count: i32, out: i32| {
            let asked = Move::new("fd_read", fd, (parts, count), None, out);
            transfer::read(&mut guest, asked)
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_write",
        |mut guest: Caller<'_, Data>, fd: i32, parts: i32, count: i32, out: i32| {
            let asked = Move::new("fd_write", fd, (parts, count), None, out);
            transfer::write(&mut guest, asked)
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_pwrite",
        |mut guest: Caller<'_, Data>, fd: i32, parts: i32, count: i32, at: i64, out: i32| {
            let asked = Move::new("fd_pwrite", fd, (parts, count), Some(at as u64), out);
            transfer::write(&mut guest, asked)
        },
    )?;
    Ok(())
}

fn times(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    linker.func_wrap(
        MODULE,
        "fd_filestat_set_times",
        |mut guest: Caller<'_, Data>, fd: i32, atim: i64, mtim: i64, flags: i32| {
            let call = Syscall::new(&mut guest, "fd_filestat_set_times")?;
            let ([atim, mtim], flags) = call.times([atim, mtim], flags);
            run!(
                guest,
                fd_filestat_set_times(fd, atim, mtim, flags),
                [Operand::Fd(fd)],
                nothing,
                done
            )
        },
    )?;
    linker.func_wrap(
        MODULE,
        "path_filestat_set_times",
        |mut guest: Caller<'_, Data>,
         fd: i32,
         look: i32,
         at: i32,
         length: i32,
         atim: i64,
         mtim: i64,
         flags: i32| {
            let call = Syscall::new(&mut guest, "path_filestat_set_times")?;
            let ([atim, mtim], flags) = call.times([atim, mtim], flags);
            run!(
                guest,
                path_filestat_set_times(fd, look, at, length, atim, mtim, flags),
                [Operand::Path(fd, at, length, look)],
                nothing,
                done
            )
        },
    )?;
    Ok(())
}

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

    fn before_set_size(&mut self, fd: i32, size: u64) -> Admission {
        match self.file_bytes(fd) {
            Some(before) => self.admit(size.saturating_sub(before)),
            None => Ok(0),
        }
    }

    /// What is neither a file nor a folder is not opened: a pipe would wait for its other end with
    /// nothing to end it, and a device is none of the guest's.
    fn before_open(
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
            return Err(Refusal(FAULT, "its result leads nowhere".to_owned()));
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
    fn opened(&mut self, dir: i32, at: i32, length: i32, out: i32) -> Result<(), Refusal> {
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

    fn tell_open(&self) {
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

/// Makes random numbers in parts, so that a guest cannot make the host hold as many as it likes,
/// nor keep it from ticking.
fn random(mut guest: Caller<'_, Data>, at: i32, length: i32) -> wasmtime::Result<i32> {
    let (at, length) = (at as u32, length as u32);
    for from in (0..length).step_by(RANDOM_BYTES) {
        guest.data().inner().tick().map_err(wasmtime::Error::new)?;
        let call = Syscall::new(&mut guest, "random_get")?;
        let Syscall {
            mut memory, state, ..
        } = call;
        let part = (length - from).min(RANDOM_BYTES as u32);
        let Some(start) = at.checked_add(from) else {
            return Ok(FAULT);
        };
        let errno = p1::random_get(&mut state.library, &mut memory, start as i32, part as i32)?;
        if errno != SUCCESS {
            return Ok(errno);
        }
    }
    Ok(SUCCESS)
}
