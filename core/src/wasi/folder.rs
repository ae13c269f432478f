//! A folder that is a store's own: on a file system in memory where there is one, and gone with
//! the store.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::held_dir::{HeldDir, unique};
use crate::{Error, Result, fork, private_dir};

/// The guest's files are in a folder of it, so that its root is nobody's but this process's.
pub(super) struct Folder {
    /// Locked while it is held, so that others know that it is in use.
    root: HeldDir,
    place: PathBuf,
    name: String,
    /// The process that made it: a forked child has it too, but it is not the child's to remove.
    generation: u32,
}

/// How the names of such folders begin.
const NAME: &str = "landbridge-memory-";

/// The folder inside of each, which is the guest's. As nothing else has such a folder in it, what a
/// killed process left is known by it. It is removed last.
const INSIDE: &str = "landbridge-memory-files";

impl Folder {
    /// Makes one with these files.
    pub(super) fn new(files: &BTreeMap<String, Vec<u8>>) -> Result<Folder> {
        let made = make().and_then(|folder| {
            folder.root.make_dir(INSIDE)?;
            fill(&folder.root.dir(INSIDE)?, files)?;
            Ok(folder)
        });
        made.map_err(failed)
    }

    /// Makes one without its folder inside.
    fn make_in(place: &Path) -> io::Result<Folder> {
        let held = HeldDir::open(place)?;
        let name = format!("{NAME}{}", unique());
        held.make_dir(&name)?;
        let root = held.dir(&name)?;
        // If others may rename what is in the place, it may be another folder by now.
        if !private_dir::is_closed(&root.about()?) || !root.is_empty()? {
            return Err(io::Error::other("somebody put another folder in its place"));
        }
        root.lock();
        Ok(Folder {
            root,
            place: place.to_owned(),
            name,
            generation: fork::generation(),
        })
    }

    /// Where the guest's files are: a path that nobody else can lead elsewhere.
    pub(super) fn files(&self) -> Result<PathBuf> {
        if let Some(path) = self.root.lasting_path(INSIDE) {
            return Ok(path);
        }
        let path = self.place.join(&self.name).join(INSIDE);
        private_dir::open(&path).map_err(failed)?;
        Ok(path)
    }
}

fn failed(e: io::Error) -> Error {
    Error::os("a folder in memory cannot be made", &e)
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.generation == fork::generation() {
            drop(empty(&self.root));
            let place = self.root.parent();
            drop(place.and_then(|place| place.remove_dir(&self.name)));
        }
    }
}

/// Makes a folder of a new name that only this user may enter.
fn make() -> io::Result<Folder> {
    static IN_MEMORY: AtomicBool = AtomicBool::new(false);
    static TEMPORARY: AtomicBool = AtomicBool::new(false);
    let make_in = |place: &Path, swept: &AtomicBool| {
        if !swept.swap(true, Ordering::Relaxed) {
            sweep(place, FORGOTTEN);
        }
        Folder::make_in(place)
    };
    if let Some(place) = in_memory()
        && let Ok(folder) = make_in(place, &IN_MEMORY)
    {
        return Ok(folder);
    }
    make_in(&std::env::temp_dir(), &TEMPORARY)
}

fn fill(inside: &HeldDir, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for (path, bytes) in files {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut last = None;
        for folder in folders.split('/').filter(|name| !name.is_empty()) {
            let outer = last.as_ref().unwrap_or(inside);
            let made = outer.make_dir(folder);
            last = Some(outer.dir(folder).or_else(|e| made.and(Err(e)))?);
        }
        let folder = last.as_ref().unwrap_or(inside);
        folder.new_file(name)?.write_all(bytes)?;
    }
    Ok(())
}

/// A folder that nobody has locked so long after it was made is of a process that was killed.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// Removes what this user's killed processes left behind, as far as that can be done. Names prove
/// nothing: anybody can make any there.
fn sweep(place: &Path, forgotten: Duration) {
    let Ok(place) = HeldDir::open(place) else {
        return;
    };
    for entry in place.entries().into_iter().flatten().flatten() {
        if entry.name.to_string_lossy().starts_with(NAME)
            && let Ok(root) = place.dir(&entry.name)
            && is_left(&root, forgotten)
        {
            drop(empty(&root));
            drop(place.remove_dir(&entry.name));
        }
    }
}

/// Whether this is a folder that this user made, nobody else could enter and no process uses.
fn is_left(root: &HeldDir, forgotten: Duration) -> bool {
    let is_old = |about: &std::fs::Metadata| {
        let made = about.modified().ok()?;
        Some(made.elapsed().ok()? >= forgotten)
    };
    let about = root.about();
    about.is_ok_and(|it| private_dir::is_closed(&it) && is_old(&it) == Some(true)) && root.lock()
}

/// The place for files that are in memory.
#[cfg(target_os = "linux")]
fn in_memory() -> Option<&'static Path> {
    let place = Path::new("/dev/shm");
    HeldDir::open(place).ok()?.is_in_memory().then_some(place)
}

#[cfg(not(target_os = "linux"))]
fn in_memory() -> Option<&'static Path> {
    None
}

/// Removes all there is in the root. What a guest nested is taken apart without nesting, since open
/// files and the stack have their limits: each folder is moved to the root and emptied there.
fn empty(root: &HeldDir) -> io::Result<()> {
    let inside = root.dir(INSIDE)?;
    let mut full = moved_before(root)?;
    let mut next = full.iter().max().map_or(0, |last| last + 1);
    clear(&inside, root, &mut full, &mut next)?;
    while let Some(number) = full.pop() {
        let name = number.to_string();
        match root.dir(&name) {
            Ok(folder) => {
                clear(&folder, root, &mut full, &mut next)?;
                root.remove_dir(&name)?;
            }
            // It was changed for something else while it was moved.
            Err(_) => root.remove_file(&name)?,
        }
    }
    root.remove_dir(INSIDE)
}

/// What a process moved to the root that was killed before it removed it.
fn moved_before(root: &HeldDir) -> io::Result<Vec<u64>> {
    let number = |name: &str| name.parse().ok().filter(|it: &u64| it.to_string() == name);
    let names = root.entries()?.flatten();
    let numbers = names.filter_map(|entry| number(entry.name.to_str()?));
    Ok(numbers.collect())
}

/// Removes the files in a folder and moves the folders in it to the root.
fn clear(folder: &HeldDir, root: &HeldDir, full: &mut Vec<u64>, next: &mut u64) -> io::Result<()> {
    // A folder that is changed meanwhile may be told of in part.
    while !folder.is_empty()? {
        for entry in folder.entries()? {
            let entry = entry?;
            if entry.is_dir {
                folder.rename(&entry.name, root, next.to_string())?;
                full.push(*next);
                *next += 1;
            } else {
                folder.remove_file(&entry.name)?;
            }
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};

    use super::*;

    /// A place for such folders, with something in it that must stay.
    struct TempDir(PathBuf);

    impl TempDir {
        fn new() -> TempDir {
            let place = std::env::temp_dir().join(format!("landbridge-sweep-{}", unique()));
            private_dir::make(&place).unwrap();
            fs::create_dir_all(place.join("treasure/a/b")).unwrap();
            fs::write(place.join("treasure/a/c"), "text").unwrap();
            TempDir(place)
        }

        /// What a killed process left.
        fn left(&self, name: &str) -> PathBuf {
            let folder = self.0.join(name);
            fs::create_dir_all(folder.join(INSIDE).join("a/b")).unwrap();
            fs::write(folder.join(INSIDE).join("a/c"), "text").unwrap();
            set_mode(&folder, 0o700);
            folder
        }

        fn sweep(&self) {
            sweep(&self.0, Duration::ZERO);
        }

        fn is_whole(&self) -> bool {
            let treasure = self.0.join("treasure/a");
            treasure.join("b").is_dir() && fs::read(treasure.join("c")).is_ok()
        }
    }

    impl Drop for TempDir {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn files(of: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        let pairs = of
            .iter()
            .map(|(path, text)| (path.to_string(), text.as_bytes().to_vec()));
        pairs.collect()
    }

    #[test]
    fn what_a_killed_process_left_is_swept_and_nothing_else() {
        let temp = TempDir::new();
        let forgotten = temp.left("landbridge-memory-1-a");
        let used = temp.left("landbridge-memory-1-b");
        let other = temp.left("landbridge-other");
        let lock = HeldDir::open(&temp.0)
            .unwrap()
            .dir("landbridge-memory-1-b")
            .unwrap();
        assert!(lock.lock());
        sweep(&temp.0, FORGOTTEN);
        assert!(forgotten.exists(), "it was made just now");
        temp.sweep();
        assert!(!forgotten.exists() && used.exists() && other.exists());
        drop(lock);
        temp.sweep();
        assert!(!used.exists() && other.exists() && temp.is_whole());
    }

    #[test]
    fn what_was_half_made_or_half_removed_is_swept_too() {
        let temp = TempDir::new();
        let made = temp.0.join("landbridge-memory-1-a");
        fs::create_dir(&made).unwrap();
        set_mode(&made, 0o700);
        let removed = temp.left("landbridge-memory-1-b");
        for folder in ["0/a/b", "7"] {
            fs::create_dir_all(removed.join(folder)).unwrap();
            fs::write(removed.join(folder).join("c"), "text").unwrap();
        }
        temp.sweep();
        assert!(!made.exists() && !removed.exists() && temp.is_whole());
    }

    #[test]
    fn no_link_is_followed_wherever_it_is() {
        let temp = TempDir::new();
        let treasure = temp.0.join("treasure");
        symlink(&treasure, temp.0.join("landbridge-memory-1-a")).unwrap();
        let whole = temp.0.join("landbridge-memory-1-b");
        fs::create_dir(&whole).unwrap();
        set_mode(&whole, 0o700);
        symlink(&treasure, whole.join(INSIDE)).unwrap();
        let inner = temp.left("landbridge-memory-1-c");
        symlink(&treasure, inner.join(INSIDE).join("link")).unwrap();
        symlink(&treasure, inner.join(INSIDE).join("a/b/link")).unwrap();
        symlink(&treasure, inner.join("0")).unwrap();
        temp.sweep();
        assert!(temp.is_whole());
        assert!(!inner.join(INSIDE).exists());
    }

    #[test]
    fn what_others_made_or_could_enter_is_left_alone() {
        let temp = TempDir::new();
        let open = temp.left("landbridge-memory-1-a");
        set_mode(&open, 0o770);
        let other = temp.left("landbridge-memory-1-b");
        // Only root can give it away; who cannot opens it to others.
        if chown(&other, Some(fs::metadata(&other).unwrap().uid() + 1), None).is_err() {
            set_mode(&other, 0o705);
        }
        let mine = temp.0.join("landbridge-memory-1-c");
        fs::rename(temp.0.join("treasure"), &mine).unwrap();
        set_mode(&mine, 0o700);
        temp.sweep();
        for left in [open, other] {
            assert!(left.join(INSIDE).join("a/c").exists());
        }
        fs::rename(&mine, temp.0.join("treasure")).unwrap();
        assert!(temp.is_whole(), "it was renamed to look like one");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn entries_that_change_while_they_are_removed_lead_nowhere() {
        let temp = TempDir::new();
        let treasure = temp.0.join("treasure");
        for round in 0..100 {
            let left = temp.left(&format!("landbridge-memory-1-{round}"));
            let (inside, aside) = (left.join(INSIDE), temp.0.join("aside"));
            symlink(&treasure, &aside).unwrap();
            let swapping = std::thread::spawn(move || {
                for name in ["a", "a/b"].iter().cycle().take(50) {
                    let _ = rustix::fs::renameat_with(
                        rustix::fs::CWD,
                        inside.join(name),
                        rustix::fs::CWD,
                        &aside,
                        rustix::fs::RenameFlags::EXCHANGE,
                    );
                }
            });
            temp.sweep();
            swapping.join().unwrap();
            let aside = temp.0.join("aside");
            drop(fs::remove_file(&aside).or_else(|_| fs::remove_dir_all(&aside)));
            assert!(temp.is_whole());
        }
    }

    #[test]
    fn a_folder_is_filled_and_goes() {
        let temp = TempDir::new();
        let folder = Folder::make_in(&temp.0).unwrap();
        let root = temp.0.join(&folder.name);
        assert!(private_dir::is_closed(&fs::metadata(&root).unwrap()));
        folder.root.make_dir(INSIDE).unwrap();
        let inside = folder.root.dir(INSIDE).unwrap();
        fill(&inside, &files(&[("a", "1"), ("b/c", "2"), ("b/d/e", "3")])).unwrap();
        let path = folder.files().unwrap();
        let read = |name: &str| fs::read_to_string(path.join(name)).unwrap();
        assert_eq!([read("a"), read("b/c"), read("b/d/e")], ["1", "2", "3"]);
        temp.sweep();
        assert!(root.exists(), "it is in use");
        drop(folder);
        assert!(!root.exists());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_is_the_same_one_whatever_is_put_in_its_place() {
        let temp = TempDir::new();
        let folder = Folder::make_in(&temp.0).unwrap();
        folder.root.make_dir(INSIDE).unwrap();
        let (root, aside) = (temp.0.join(&folder.name), temp.0.join("aside"));
        fs::rename(&root, &aside).unwrap();
        fs::create_dir(&root).unwrap();
        symlink(temp.0.join("treasure"), root.join(INSIDE)).unwrap();
        fs::write(folder.files().unwrap().join("new"), "text").unwrap();
        assert!(aside.join(INSIDE).join("new").exists());
        drop(folder);
        assert!(!aside.join(INSIDE).exists() && temp.is_whole());
    }

    #[test]
    fn a_path_is_given_only_where_others_cannot_lead_it_elsewhere() {
        let temp = TempDir::new();
        let path = temp.left("landbridge-memory-1-a").join(INSIDE);
        assert!(private_dir::open(&path).is_ok());
        set_mode(&temp.0, 0o777);
        assert!(private_dir::open(&path).is_err());
    }
}
