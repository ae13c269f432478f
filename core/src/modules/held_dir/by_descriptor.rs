//! Folders on systems where a descriptor can stand for one.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::{Entry, FileEntry};

/// A folder, held by a descriptor. Names given to it are names of its entries, without slashes.
#[derive(Debug)]
pub(crate) struct HeldDir(File);

const DIR: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);
const ENTRY: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC);

/// To go through a folder it need not be readable.
#[cfg(any(target_os = "linux", target_os = "android"))]
const THROUGH: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const THROUGH: OFlags = OFlags::RDONLY;

impl HeldDir {
    /// The folder that a path leads to, through all links.
    pub(crate) fn open(path: &Path) -> io::Result<HeldDir> {
        let found = rustix::fs::open(path, DIR | THROUGH, Mode::empty())?;
        Ok(HeldDir(found.into()))
    }

    /// The folder of this name in it.
    pub(crate) fn dir(&self, name: impl AsRef<OsStr>) -> io::Result<HeldDir> {
        self.at(name.as_ref(), OFlags::RDONLY)
    }

    /// The same, to go through.
    pub(crate) fn through(&self, name: &OsStr) -> io::Result<HeldDir> {
        self.at(name, THROUGH)
    }

    /// The folder that it is in now.
    pub(crate) fn parent(&self) -> io::Result<HeldDir> {
        self.at("..".as_ref(), THROUGH)
    }

    fn at(&self, name: &OsStr, how: OFlags) -> io::Result<HeldDir> {
        let found = rustix::fs::openat(&self.0, name, DIR | ENTRY | how, Mode::empty())?;
        Ok(HeldDir(found.into()))
    }

    /// Makes a folder in it that only this user may enter; an error if something has the name.
    pub(crate) fn make_dir(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(&self.0, name.as_ref(), Mode::RWXU)?)
    }

    /// Where a link of this name leads that one of the users made; none if it is no such link.
    pub(crate) fn link(&self, name: &OsStr, by: &[u32]) -> Option<PathBuf> {
        let about = self.stat(name).ok()?;
        if !is(&about, FileType::Symlink) || !by.contains(&about.st_uid) {
            return None;
        }
        let target = rustix::fs::readlinkat(&self.0, name, Vec::new()).ok()?;
        Some(OsString::from_vec(target.into_bytes()).into())
    }

    /// A file in it, to be read. It may be one of any sort; a pipe is not waited for.
    pub(crate) fn file(&self, name: &str) -> io::Result<File> {
        let how = ENTRY | OFlags::RDONLY | OFlags::NONBLOCK;
        Ok(rustix::fs::openat(&self.0, name, how, Mode::empty())?.into())
    }

    /// A new file in it that only this user may read and write.
    pub(crate) fn new_file(&self, name: impl AsRef<OsStr>) -> io::Result<File> {
        let how = ENTRY | OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let mode = Mode::RUSR | Mode::WUSR;
        Ok(rustix::fs::openat(&self.0, name.as_ref(), how, mode)?.into())
    }

    /// Moves an entry, not what it may be a link to, and replaces what has the name there.
    pub(crate) fn rename(
        &self,
        name: impl AsRef<OsStr>,
        to: &HeldDir,
        new_name: impl AsRef<OsStr>,
    ) -> io::Result<()> {
        Ok(rustix::fs::renameat(
            &self.0,
            name.as_ref(),
            &to.0,
            new_name.as_ref(),
        )?)
    }

    /// Removes what is no folder; a link, not what it leads to.
    pub(crate) fn remove_file(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(
            &self.0,
            name.as_ref(),
            AtFlags::empty(),
        )?)
    }

    /// Removes an empty folder.
    pub(crate) fn remove_dir(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(
            &self.0,
            name.as_ref(),
            AtFlags::REMOVEDIR,
        )?)
    }

    /// What is in it. What comes and goes meanwhile may be among it.
    pub(crate) fn entries(&self) -> io::Result<impl Iterator<Item = io::Result<Entry>> + '_> {
        let here = rustix::fs::openat(&self.0, ".", DIR | OFlags::RDONLY, Mode::empty())?;
        let entries = Dir::new(here)?.filter_map(|entry| match entry {
            Ok(entry) => match entry.file_name().to_bytes() {
                b"." | b".." => None,
                name => Some(self.entry(OsStr::from_bytes(name), entry.file_type())),
            },
            Err(e) => Some(Err(e.into())),
        });
        Ok(entries)
    }

    fn entry(&self, name: &OsStr, told: FileType) -> io::Result<Entry> {
        let is_dir = match told {
            FileType::Unknown => is(&self.stat(name)?, FileType::Directory),
            known => known == FileType::Directory,
        };
        let name = name.to_owned();
        Ok(Entry { name, is_dir })
    }

    /// What is known of a regular file in it; none if it is of another sort.
    pub(crate) fn file_entry(&self, name: &OsStr) -> Option<FileEntry> {
        let about = self.stat(name).ok()?;
        let nanos = u32::try_from(about.st_mtime_nsec).ok()?;
        let since_1970 = Duration::new(u64::try_from(about.st_mtime).ok()?, nanos);
        is(&about, FileType::RegularFile).then_some(FileEntry {
            modified: SystemTime::UNIX_EPOCH + since_1970,
            bytes: u64::try_from(about.st_size).ok()?,
        })
    }

    fn stat(&self, name: &OsStr) -> Result<Stat, Errno> {
        rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)
    }

    pub(crate) fn about(&self) -> io::Result<Metadata> {
        self.0.metadata()
    }

    /// What tells this folder from all others that are there.
    pub(crate) fn id(about: &Metadata) -> (u64, u64) {
        (about.dev(), about.ino())
    }

    /// Locks it as long as it is held, so that others know that it is in use; the system unlocks it
    /// with the process. Whether that was done: no if another one has it locked, or if the system
    /// cannot.
    pub(crate) fn lock(&self) -> bool {
        self.0.try_lock().is_ok()
    }

    /// A path of a folder in it that leads there whatever becomes of its own path.
    #[cfg(target_os = "linux")]
    pub(crate) fn lasting_path(&self, name: &str) -> Option<PathBuf> {
        use std::os::fd::AsRawFd;
        let path = PathBuf::from(format!("/proc/self/fd/{}/{name}", self.0.as_raw_fd()));
        let there = std::fs::metadata(&path).ok()?;
        let here = self.dir(name).ok()?.about().ok()?;
        (HeldDir::id(&there) == HeldDir::id(&here)).then_some(path)
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn lasting_path(&self, _: &str) -> Option<PathBuf> {
        None
    }

    /// Whether it is on a file system in memory.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_in_memory(&self) -> bool {
        rustix::fs::fstatfs(&self.0)
            .is_ok_and(|about| about.f_type as u64 == libc::TMPFS_MAGIC as u64)
    }
}

impl AsFd for HeldDir {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn is(about: &Stat, what: FileType) -> bool {
    FileType::from_raw_mode(about.st_mode) == what
}
