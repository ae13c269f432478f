//! A folder that is a store's own: on a file system in memory where there is one, and gone with
//! the store.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::fs::{self, DirBuilder, File};
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use crate::{Error, ErrorKind, Result, fork};

/// The guest's files are in a folder of it, so that its root is nobody's but this process's.
pub(super) struct Folder {
    root: PathBuf,
    /// Locked while the folder is in use, so that others know; the system unlocks it with the
    /// process. None where the system cannot.
    _lock: Option<File>,
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
        let root = make().map_err(failed)?;
        let folder = Folder {
            _lock: lock(&root),
            root,
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

/// How the names of such folders begin.
const NAME: &str = "landbridge-memory-";

/// Makes a folder of a new name that only this user may enter.
fn make() -> io::Result<PathBuf> {
    let make_in = |place: &Path| {
        let random = RandomState::new().build_hasher().finish();
        let name = format!("{NAME}{}-{random:016x}", std::process::id());
        let folder = place.join(name);
        private().create(&folder).map(|()| folder)
    };
    static SWEPT: Once = Once::new();
    if let Some(place) = in_memory() {
        SWEPT.call_once(|| sweep(place, FORGOTTEN));
        if let Ok(folder) = make_in(place) {
            return Ok(folder);
        }
    }
    let place = std::env::temp_dir();
    SWEPT.call_once(|| sweep(&place, FORGOTTEN));
    make_in(&place)
}

/// Locks a folder; none if another process has it locked.
fn lock(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    file.try_lock().ok().map(|()| file)
}

/// A folder that nobody has locked so long after it was made is of a process that was killed.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// Removes what killed processes left behind, as far as that can be done.
fn sweep(place: &Path, forgotten: Duration) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(NAME);
        let is_old = |made: fs::Metadata| Some(made.modified().ok()?.elapsed().ok()? >= forgotten);
        if ours
            && entry
                .metadata()
                .ok()
                .filter(fs::Metadata::is_dir)
                .and_then(is_old)
                == Some(true)
            && let Some(_lock) = lock(&entry.path())
        {
            drop(remove(&entry.path()));
        }
    }
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_swept_and_nothing_else() {
        let name = format!("landbridge-sweep-{}", std::process::id());
        let place = std::env::temp_dir().join(name);
        let left = |name: &str| {
            let folder = place.join(name);
            fs::create_dir_all(folder.join("files/a/b")).unwrap();
            fs::write(folder.join("files/a/c"), "text").unwrap();
            folder
        };
        let forgotten = left("landbridge-memory-1-a");
        let used = left("landbridge-memory-1-b");
        let other = left("landbridge-other");
        let lock = lock(&used).unwrap();
        sweep(&place, FORGOTTEN);
        assert!(forgotten.exists(), "it was made just now");
        sweep(&place, Duration::ZERO);
        assert!(!forgotten.exists() && used.exists() && other.exists());
        drop(lock);
        sweep(&place, Duration::ZERO);
        assert!(!used.exists() && other.exists());
        fs::remove_dir_all(&place).unwrap();
    }
}
