//! Listing a folder in parts. The library reads the whole of it, and looks up each file in it, each
//! time it is asked for some.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, fstat, openat, statat};
use wasmtime::{Caller, Trap};
use wasmtime_wasi::p1::types::Filetype;

use super::syscall::{Operand, Syscall};
use super::{IO, SUCCESS};
use crate::store::Data;

/// How far a folder was read.
pub(super) struct Listing {
    dir: Dir,
    device: u64,
    /// The number of the folder itself.
    own: u64,
    /// The number of the entry that comes next.
    next: u64,
    /// That entry, if it was read but did not fit.
    waiting: Option<Entry>,
}

struct Entry {
    inode: u64,
    kind: Filetype,
    name: Vec<u8>,
}

/// Bytes of an entry before its name.
const HEAD_BYTES: usize = 24;

/// Entries between two looks at whether the call is over.
const PART: usize = 512;

enum Step {
    /// There may be more, and room for it.
    More,
    Done,
    Failed(i32),
}

/// The library's number for a file, which is what it tells as its inode.
fn number(device: u64, inode: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (device, inode).hash(&mut hasher);
    hasher.finish()
}

impl Listing {
    fn new(folder: &File) -> io::Result<Listing> {
        let stat = fstat(folder)?;
        // The library may have it open as no more than a place.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let readable = openat(folder, ".", flags, Mode::empty())?;
        Ok(Listing {
            dir: Dir::new(readable)?,
            device: stat.st_dev,
            own: number(stat.st_dev, stat.st_ino),
            next: 0,
            waiting: None,
        })
    }

    fn entry(&mut self, folder: &File) -> io::Result<Option<Entry>> {
        if self.waiting.is_some() {
            return Ok(self.waiting.take());
        }
        let head = |name: &str| Entry {
            inode: self.own,
            kind: Filetype::Directory,
            name: name.into(),
        };
        match self.next {
            0 => return Ok(Some(head("."))),
            1 => return Ok(Some(head(".."))),
            _ => {}
        }
        while let Some(found) = self.dir.read() {
            let found = found?;
            let name = found.file_name().to_bytes();
            if name == b"." || name == b".." {
                continue;
            }
            let kind = match found.file_type() {
                FileType::Unknown => {
                    let stat = statat(folder, found.file_name(), AtFlags::SYMLINK_NOFOLLOW);
                    stat.map_or(FileType::Unknown, |it| FileType::from_raw_mode(it.st_mode))
                }
                known => known,
            };
            return Ok(Some(Entry {
                inode: number(self.device, found.ino()),
                kind: told(kind),
                name: name.to_vec(),
            }));
        }
        Ok(None)
    }
}

fn told(kind: FileType) -> Filetype {
    match kind {
        FileType::RegularFile => Filetype::RegularFile,
        FileType::Directory => Filetype::Directory,
        FileType::Symlink => Filetype::SymbolicLink,
        FileType::CharacterDevice => Filetype::CharacterDevice,
        FileType::BlockDevice => Filetype::BlockDevice,
        FileType::Socket => Filetype::SocketStream,
        _ => Filetype::Unknown,
    }
}

impl Entry {
    fn bytes(&self, next: u64) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + self.name.len());
        bytes.extend(next.to_le_bytes());
        bytes.extend(self.inode.to_le_bytes());
        bytes.extend((self.name.len() as u32).to_le_bytes());
        bytes.extend([self.kind as u8, 0, 0, 0]);
        bytes.extend(&self.name);
        bytes
    }
}

fn left_out(name: &[u8]) -> String {
    format!(
        "left out \"{}\", as its name is not UTF-8",
        name.escape_ascii()
    )
}

/// What the guest asked for, and how far it is.
struct Asked {
    fd: i32,
    /// Where the rest of its buffer is.
    at: usize,
    left: usize,
    /// The entry that it wants next.
    cookie: u64,
}

/// `fd_readdir` of a folder.
pub(super) fn read(
    guest: &mut Caller<'_, Data>,
    (fd, buffer, size, cookie, out): (i32, i32, i32, i64, i32),
) -> wasmtime::Result<i32> {
    let size = size as u32;
    let mut asked = Asked {
        fd,
        at: buffer as u32 as usize,
        left: size as usize,
        cookie: cookie as u64,
    };
    loop {
        let mut call = Syscall::new(guest, "fd_readdir")?;
        if let Err(refusal) = call.check(&[Operand::Fd(fd)]) {
            return call.refuse(&[Operand::Fd(fd)], &refusal);
        }
        match asked.step(&mut call)? {
            Step::Failed(errno) => return Ok(errno),
            Step::Done => {
                let used = size - asked.left as u32;
                call.put_number(out, used)?;
                return Ok(SUCCESS);
            }
            Step::More => {}
        }
        guest.data().inner().tick().map_err(wasmtime::Error::new)?;
    }
}

impl Asked {
    /// Reads some entries, and gives those that were asked for.
    fn step(&mut self, call: &mut Syscall<'_>) -> wasmtime::Result<Step> {
        let opened = call.state.opened.get_mut(self.fd);
        let Some(opened) = opened else {
            return Ok(Step::Failed(super::BADF));
        };
        let folder = opened.file.clone();
        let kept = opened.listing.take().filter(|it| it.next <= self.cookie);
        let Ok(mut listing) = kept.map_or_else(|| Listing::new(&folder), Ok) else {
            return Ok(Step::Failed(IO));
        };
        let step = self.fill(call, &mut listing, &folder);
        if let Some(opened) = call.state.opened.get_mut(self.fd) {
            opened.listing = Some(listing);
        }
        step
    }

    fn fill(
        &mut self,
        call: &mut Syscall<'_>,
        listing: &mut Listing,
        folder: &File,
    ) -> wasmtime::Result<Step> {
        for _ in 0..PART {
            let entry = match listing.entry(folder) {
                Ok(Some(entry)) => entry,
                Ok(None) => return Ok(Step::Done),
                Err(_) => return Ok(Step::Failed(IO)),
            };
            let is_asked = listing.next >= self.cookie;
            // A guest's names are text. It does not count, so that numbers are those of the others.
            if std::str::from_utf8(&entry.name).is_err() {
                if is_asked {
                    call.note(&[Operand::Fd(self.fd)], &left_out(&entry.name))?;
                }
                continue;
            }
            if !is_asked {
                listing.next += 1;
                continue;
            }
            let bytes = entry.bytes(listing.next + 1);
            let fits = bytes.len().min(self.left);
            let room = call.bytes_mut(self.at, fits);
            let room = room.ok_or(Trap::MemoryOutOfBounds)?;
            room.copy_from_slice(&bytes[..fits]);
            self.at += fits;
            self.left -= fits;
            if fits < bytes.len() {
                listing.waiting = Some(entry);
                return Ok(Step::Done);
            }
            listing.next += 1;
            self.cookie += 1;
            if self.left == 0 {
                return Ok(Step::Done);
            }
        }
        Ok(Step::More)
    }
}
