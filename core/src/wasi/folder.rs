//! A folder that is a store's own: on a file system in memory where there is one, and gone with
//! the store.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::fs::{self, DirBuilder};
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use crate::{Error, ErrorKind, Result, fork};

/// The guest's files are in a folder of it, so that its root is nobody's but this process's.
pub(super) struct Folder {
    root: PathBuf,
    /// The process that made it: a forked child has it too, but it is not the child's to remove.
    generation: u32,
}

impl Folder {
    /// Makes one with these files.
    pub(super) fn new(files: &BTreeMap<String, Vec<u8>>) -> Result<Folder> {
        let failed = |e: io::Error| {
            let text = format!("a folder in memory cannot be made: {e}");
            Error::new(ErrorKind::Io, text)
        };
        let folder = Folder {
            root: make().map_err(failed)?,
            generation: fork::generation(),
        };
        folder.fill(files).map_err(failed)?;
        Ok(folder)
    }

    /// Where the guest's files are.
    pub(super) fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    fn fill(&self, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
        let inside = self.files();
        fs::create_dir(&inside)?;
        for (path, bytes) in files {
            let path = inside.join(path);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, bytes)?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.generation == fork::generation() {
            drop(remove(&self.root));
        }
    }
}

/// Makes a folder of a new name that only this user may enter.
fn make() -> io::Result<PathBuf> {
    let name = || {
        let random = RandomState::new().build_hasher().finish();
        format!("landbridge-{}-{random:016x}", std::process::id())
    };
    if let Some(memory) = in_memory().map(|place| place.join(name()))
        && private().create(&memory).is_ok()
    {
        return Ok(memory);
    }
    let folder = std::env::temp_dir().join(name());
    private().create(&folder)?;
    Ok(folder)
}

#[cfg(unix)]
fn private() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn private() -> DirBuilder {
    DirBuilder::new()
}

/// The place for files that are in memory.
#[cfg(target_os = "linux")]
fn in_memory() -> Option<&'static Path> {
    let mut found = std::mem::MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: the path ends with a zero, and there is room for the answer.
    let failed = unsafe { libc::statfs(c"/dev/shm".as_ptr(), found.as_mut_ptr()) } != 0;
    // SAFETY: filled in unless the call failed.
    let is_memory = !failed && unsafe { found.assume_init() }.f_type == libc::TMPFS_MAGIC;
    is_memory.then(|| Path::new("/dev/shm"))
}

#[cfg(not(target_os = "linux"))]
fn in_memory() -> Option<&'static Path> {
    None
}

/// Removes all there is. What a guest nested is taken apart without nesting, since paths, open
/// files and the stack have their limits: each folder is moved to the root and emptied there.
fn remove(root: &Path) -> io::Result<()> {
    let mut next = 0_u64;
    let mut full = vec![root.join("files")];
    while let Some(folder) = full.pop() {
        // A folder that is changed meanwhile may be told of in part.
        while !is_empty(&folder)? {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    let moved = root.join(next.to_string());
                    next += 1;
                    fs::rename(entry.path(), &moved)?;
                    full.push(moved);
                } else {
                    fs::remove_file(entry.path())?;
                }
            }
        }
        fs::remove_dir(&folder)?;
    }
    fs::remove_dir(root)
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    Ok(fs::read_dir(folder)?.next().is_none())
}
