//! Folders on systems where a user's own are that user's alone by default, which makes a path as
//! good as a descriptor.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::{Entry, FileEntry};

/// A folder. Names given to it are names of its entries, without slashes.
#[derive(Debug)]
pub(crate) struct HeldDir(PathBuf);

impl HeldDir {
    pub(crate) fn open(path: &Path) -> io::Result<HeldDir> {
        match fs::metadata(path)?.is_dir() {
            true => Ok(HeldDir(std::path::absolute(path)?)),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    pub(crate) fn dir(&self, name: impl AsRef<OsStr>) -> io::Result<HeldDir> {
        let path = self.0.join(name.as_ref());
        match fs::symlink_metadata(&path)?.is_dir() {
            true => Ok(HeldDir(path)),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    pub(crate) fn parent(&self) -> io::Result<HeldDir> {
        let parent = self.0.parent().ok_or(io::ErrorKind::NotFound)?;
        HeldDir::open(parent)
    }

    pub(crate) fn make_dir(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        fs::create_dir(self.0.join(name.as_ref()))
    }

    pub(crate) fn file(&self, name: &str) -> io::Result<File> {
        File::open(self.0.join(name))
    }

    pub(crate) fn new_file(&self, name: impl AsRef<OsStr>) -> io::Result<File> {
        File::create_new(self.0.join(name.as_ref()))
    }

    pub(crate) fn rename(
        &self,
        name: impl AsRef<OsStr>,
        to: &HeldDir,
        new_name: impl AsRef<OsStr>,
    ) -> io::Result<()> {
        fs::rename(self.0.join(name.as_ref()), to.0.join(new_name.as_ref()))
    }

    pub(crate) fn remove_file(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        fs::remove_file(self.0.join(name.as_ref()))
    }

    pub(crate) fn remove_dir(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        fs::remove_dir(self.0.join(name.as_ref()))
    }

    pub(crate) fn entries(&self) -> io::Result<impl Iterator<Item = io::Result<Entry>> + '_> {
        let entry = |found: io::Result<fs::DirEntry>| {
            let found = found?;
            Ok(Entry {
                is_dir: found.file_type()?.is_dir(),
                name: found.file_name(),
            })
        };
        Ok(fs::read_dir(&self.0)?.map(entry))
    }

    pub(crate) fn file_entry(&self, name: &OsStr) -> Option<FileEntry> {
        let about = fs::symlink_metadata(self.0.join(name)).ok()?;
        about.is_file().then_some(FileEntry {
            modified: about.modified().ok()?,
            bytes: about.len(),
        })
    }

    pub(crate) fn about(&self) -> io::Result<Metadata> {
        fs::metadata(&self.0)
    }

    pub(crate) fn id(_: &Metadata) -> (u64, u64) {
        (0, 0)
    }

    /// A folder cannot be locked there, so none is ever taken for a forgotten one.
    pub(crate) fn lock(&self) -> bool {
        false
    }

    pub(crate) fn lasting_path(&self, _: &str) -> Option<PathBuf> {
        None
    }
}
