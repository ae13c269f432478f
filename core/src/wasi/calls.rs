//! The library's functions for descriptors and paths, with what is counted and noted around them.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wasmtime::{Caller, Extern, Linker};
use wasmtime_wasi::p1::types::Filetype;
use wasmtime_wasi::p1::wasi_snapshot_preview1::{self as p1, WasiSnapshotPreview1};
use wasmtime_wasi::runtime::in_tokio;
use wiggle::{GuestMemory, GuestPtr};

use super::open::State;
use super::refusals::{quoted, why};
use super::{FAULT, MFILE, MODULE, NAMETOOLONG, NOSPC, PERM, SUCCESS};
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
const MOST_IN_CALL: usize = 128 << 20;

/// Bytes of random numbers that are made at once.
const RANDOM_BYTES: usize = 64 << 10;

/// Flags of `path_open`, and a bit of the flags for looking a path up.
const CREATE: i32 = 1;

/// The descriptors that lead into granted folders.
#[derive(Default)]
pub(super) struct Opened {
    all: BTreeMap<u32, Descriptor>,
}

struct Descriptor {
    /// As it is told in refusals; empty for what the guest opened while nobody wants to know.
    name: String,
    is_granted: bool,
    /// Whether its position was set since the last write, so that it may be past the file's end.
    is_moved: bool,
}

impl Descriptor {
    fn new(name: String, is_granted: bool) -> Descriptor {
        Descriptor {
            name,
            is_granted,
            is_moved: false,
        }
    }
}

impl Opened {
    /// A granted folder, in the order in which the library numbers them.
    pub(super) fn grant(&mut self, name: &str) {
        // 0 to 2 are the standard streams.
        let fd = 3 + self.all.len() as u32;
        self.all.insert(fd, Descriptor::new(name.to_owned(), true));
    }

    fn count(&self) -> u64 {
        self.all.values().filter(|it| !it.is_granted).count() as u64
    }

    fn renumber(&mut self, from: u32, to: u32) {
        if from != to {
            self.all.remove(&to);
            let it = self.all.remove(&from);
            self.all.extend(it.map(|it| (to, it)));
        }
    }
}

/// What a function works on, as it is told in refusals.
enum Place {
    Fd(i32),
    /// A path below a descriptor: where it is in memory, and its length.
    Path(i32, i32, i32),
    /// A text that is not looked up.
    Text(i32, i32),
}

/// One call of a guest's.
struct Call<'a> {
    name: &'static str,
    memory: GuestMemory<'a>,
    state: &'a mut State,
    owner: Owner,
}

/// What is decided before the library is asked: how much will be written, or the error.
type Admission = Result<u64, Refusal>;

/// An error number, and why.
struct Refusal(i32, String);

/// Adds a function of the library's: its places, then what is decided before and noted after.
macro_rules! wrap {
    (
        $linker:ident, $name:ident($($arg:ident: $Type:ty),*), [$($place:expr),*],
        $before:expr, $after:expr
    ) => {
        let name = stringify!($name);
        $linker.func_wrap(MODULE, name, |mut guest: Caller<'_, Data>, $($arg: $Type),*| {
            let mut call = Call::new(&mut guest, stringify!($name))?;
            let places = [$($place),*];
            let admitted = call.check(&places).and_then(|()| $before(&mut call));
            let bytes = match admitted {
                Ok(bytes) => bytes,
                Err(Refusal(errno, why)) => return call.refuse(&places, &why, errno),
            };
            let state = &mut *call.state;
            state.library.set_hostcall_fuel(MOST_IN_CALL);
            // What traps may have been done.
            call.owner.get().meter().wrote(bytes);
            let errno = at_once(p1::$name(&mut state.library, &mut call.memory, $($arg),*))?;
            if errno == SUCCESS {
                $after(&mut call);
                return Ok(SUCCESS);
            }
            call.inner().meter().did_not_write(bytes);
            match why(errno) {
                Some(why) => call.refuse(&places, why, errno),
                None => Ok(errno),
            }
        })?;
    };
}

/// Whatever is done, nothing is written.
fn nothing(_: &mut Call<'_>) -> Admission {
    Ok(0)
}

/// An entry of a folder is made.
fn entry(call: &mut Call<'_>) -> Admission {
    call.admit(ENTRY_BYTES)
}

fn done(_: &mut Call<'_>) {}

/// Adds the functions.
pub(super) fn add(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    use Place::{Path, Text};
    descriptors(linker)?;
    wrap!(linker, path_create_directory(fd: i32, at: i32, length: i32),
        [Path(fd, at, length)], entry, done);
    wrap!(linker, path_filestat_get(fd: i32, flags: i32, at: i32, length: i32, out: i32),
        [Path(fd, at, length)], nothing, done);
    wrap!(linker, path_filestat_set_times(
            fd: i32, look: i32, at: i32, length: i32, atim: i64, mtim: i64, flags: i32),
        [Path(fd, at, length)], nothing, done);
    wrap!(linker, path_link(
            fd: i32, look: i32, at: i32, length: i32, to: i32, to_at: i32, to_length: i32),
        [Path(fd, at, length), Path(to, to_at, to_length)], entry, done);
    wrap!(linker, path_open(
            fd: i32, look: i32, at: i32, length: i32, flags: i32, rights: i64, inherited: i64,
            fdflags: i32, out: i32),
        [Path(fd, at, length)],
        |call: &mut Call<'_>| call.before_open(fd, look, at, length, flags, out),
        |call: &mut Call<'_>| call.opened(fd, at, length, out));
    wrap!(linker, path_readlink(fd: i32, at: i32, length: i32, buffer: i32, size: i32, out: i32),
        [Path(fd, at, length)], nothing, done);
    wrap!(linker, path_remove_directory(fd: i32, at: i32, length: i32),
        [Path(fd, at, length)], nothing, done);
    wrap!(linker, path_rename(fd: i32, at: i32, length: i32, to: i32, to_at: i32, to_length: i32),
        [Path(fd, at, length), Path(to, to_at, to_length)], nothing, done);
    wrap!(linker, path_symlink(at: i32, length: i32, fd: i32, link_at: i32, link_length: i32),
        [Text(at, length), Path(fd, link_at, link_length)], entry, done);
    wrap!(linker, path_unlink_file(fd: i32, at: i32, length: i32),
        [Path(fd, at, length)], nothing, done);
    linker.func_wrap(MODULE, "random_get", random)?;
    Ok(())
}

fn descriptors(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    use Place::Fd;
    wrap!(linker, fd_close(fd: i32), [Fd(fd)], nothing, |call: &mut Call<'_>| {
        call.state.opened.all.remove(&(fd as u32));
        call.tell_open();
    });
    wrap!(linker, fd_renumber(from: i32, to: i32), [Fd(from), Fd(to)], nothing,
    |call: &mut Call<'_>| {
        call.state.opened.renumber(from as u32, to as u32);
        call.tell_open();
    });
    wrap!(linker, fd_write(fd: i32, parts: i32, count: i32, out: i32), [Fd(fd)],
        |call: &mut Call<'_>| call.before_write(fd, parts, count, None),
        |call: &mut Call<'_>| call.moved(fd, false));
    wrap!(linker, fd_seek(fd: i32, offset: i64, whence: i32, out: i32), [Fd(fd)], nothing,
        |call: &mut Call<'_>| call.moved(fd, true));
    wrap!(linker, fd_pwrite(fd: i32, parts: i32, count: i32, offset: i64, out: i32), [Fd(fd)],
        |call: &mut Call<'_>| call.before_write(fd, parts, count, Some(offset as u64)), done);
    wrap!(linker, fd_filestat_set_size(fd: i32, size: i64), [Fd(fd)],
        |call: &mut Call<'_>| call.before_set_size(fd, size as u64), done);
    wrap!(linker, fd_filestat_set_times(fd: i32, atim: i64, mtim: i64, flags: i32), [Fd(fd)],
        nothing, done);
    wrap!(linker, fd_readdir(fd: i32, buffer: i32, size: i32, cookie: i64, out: i32), [Fd(fd)],
        nothing, done);
    Ok(())
}

impl<'a> Call<'a> {
    fn new(guest: &'a mut Caller<'_, Data>, name: &'static str) -> wasmtime::Result<Call<'a>> {
        let Some(memory) = guest.get_export("memory").and_then(Extern::into_memory) else {
            return Err(wasmtime::Error::msg("missing required memory export"));
        };
        let owner = Owner::new(guest.data().inner());
        let (bytes, data) = memory.data_and_store_mut(guest);
        Ok(Call {
            name,
            memory: GuestMemory::Unshared(bytes),
            state: data.wasi(),
            owner,
        })
    }

    fn inner(&self) -> &Inner {
        self.owner.get()
    }

    /// Paths that are too long to be any are not copied.
    fn check(&mut self, places: &[Place]) -> Result<(), Refusal> {
        let too_long = places.iter().any(|place| match place {
            Place::Path(_, _, length) | Place::Text(_, length) => *length as u32 > MOST_IN_PATH,
            Place::Fd(_) => false,
        });
        match too_long {
            true => Err(Refusal(NAMETOOLONG, "the path is too long".to_owned())),
            false => Ok(()),
        }
    }

    /// Notes that the call was refused.
    fn refuse(&self, places: &[Place], why: &str, errno: i32) -> wasmtime::Result<i32> {
        let noted = self.inner().refuse(|| {
            let places: Vec<_> = places.iter().map(|place| self.told(place)).collect();
            format!("{} {}: {why}", self.name, places.join(" to "))
        });
        noted.map_err(wasmtime::Error::new)?;
        Ok(errno)
    }

    fn told(&self, place: &Place) -> String {
        match *place {
            Place::Fd(fd) => self.told_fd(fd),
            Place::Text(at, length) => quoted(self.bytes(at, length)),
            Place::Path(fd, at, length) => {
                let path = quoted(self.bytes(at, length));
                format!("{path} below {}", self.told_fd(fd))
            }
        }
    }

    fn told_fd(&self, fd: i32) -> String {
        match self.state.opened.all.get(&(fd as u32)) {
            Some(it) => quoted(it.name.as_bytes()),
            None => format!("descriptor {}", fd as u32),
        }
    }

    /// Bytes of the guest's memory; none if there are none there.
    fn bytes(&self, at: i32, length: i32) -> &[u8] {
        let (at, length) = (at as u32 as usize, length as u32 as usize);
        match &self.memory {
            GuestMemory::Unshared(bytes) => bytes.get(at..at + length).unwrap_or_default(),
            GuestMemory::Shared(_) => &[],
        }
    }

    fn number(&self, at: i32) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes(at, 4).try_into().ok()?))
    }

    /// Whether so many bytes may be written.
    fn admit(&self, bytes: u64) -> Admission {
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
    fn file_bytes(&mut self, fd: i32) -> Option<u64> {
        self.state.opened.all.get(&(fd as u32))?;
        let library = &mut self.state.library;
        let stat = library.fd_filestat_get(&mut self.memory, (fd as u32).into());
        at_once(stat).ok().map(|it| it.size)
    }

    /// The first part that is not empty is written; what lies between the end of the file and it
    /// counts too.
    fn before_write(&mut self, fd: i32, parts: i32, count: i32, offset: Option<u64>) -> Admission {
        let Some(opened) = self.state.opened.all.get(&(fd as u32)) else {
            return Ok(0);
        };
        let may_leave_gap = offset.is_some() || opened.is_moved;
        let gap = if may_leave_gap {
            self.gap(fd, offset)
        } else {
            0
        };
        match self.first_part(parts, count) {
            Some(length) => self.admit(gap.saturating_add(length.into())),
            None => Ok(0),
        }
    }

    /// Bytes between the end of a file and where it is written.
    fn gap(&mut self, fd: i32, offset: Option<u64>) -> u64 {
        let size = self.file_bytes(fd).unwrap_or(0);
        let library = &mut self.state.library;
        let offset = offset.or_else(|| {
            let told = library.fd_tell(&mut self.memory, (fd as u32).into());
            told.ok()
        });
        offset.unwrap_or(0).saturating_sub(size)
    }

    /// The length of the first part that is not empty.
    fn first_part(&self, parts: i32, count: i32) -> Option<u32> {
        // More parts than that the library refuses.
        let count = (count as u32).min(MOST_IN_CALL as u32 / 8);
        let mut lengths = (0..count).map_while(|i| {
            let at = (parts as u32).checked_add(i.checked_mul(8)?)?;
            self.number(at.checked_add(4)? as i32)
        });
        lengths.find(|length| *length > 0)
    }

    fn moved(&mut self, fd: i32, is_moved: bool) {
        let opened = self.state.opened.all.get_mut(&(fd as u32));
        opened.into_iter().for_each(|it| it.is_moved = is_moved);
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
        match self.file_type(fd, look, at, length) {
            Some(Filetype::RegularFile | Filetype::Directory | Filetype::SymbolicLink) => Ok(0),
            Some(_) => Err(Refusal(PERM, "neither a file nor a folder".to_owned())),
            None if flags & CREATE != 0 => self.admit(ENTRY_BYTES),
            None => Ok(0),
        }
    }

    fn file_type(&mut self, fd: i32, look: i32, at: i32, length: i32) -> Option<Filetype> {
        let path = GuestPtr::<str>::new((at as u32, length as u32));
        let library = &mut self.state.library;
        library.set_hostcall_fuel(MOST_IN_CALL);
        let flags = (look as u32).try_into().ok()?;
        let stat = library.path_filestat_get(&mut self.memory, (fd as u32).into(), flags, path);
        at_once(stat).ok().map(|it| it.filetype)
    }

    /// Notes the descriptor that the library has put at `out`.
    fn opened(&mut self, dir: i32, at: i32, length: i32, out: i32) {
        let Some(fd) = self.number(out) else { return };
        let name = match self.inner().notes_refusals() {
            true => self.name_below(dir, at, length),
            false => String::new(),
        };
        let opened = Descriptor::new(name, false);
        self.state.opened.all.insert(fd, opened);
        self.tell_open();
    }

    fn name_below(&self, dir: i32, at: i32, length: i32) -> String {
        let dir = self.state.opened.all.get(&(dir as u32));
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
fn at_once<F: Future>(work: F) -> F::Output {
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
        let call = Call::new(&mut guest, "random_get")?;
        let Call {
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
