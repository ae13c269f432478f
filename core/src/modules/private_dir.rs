//! Whether a folder is this user's alone, so that what lies in it can be trusted.
//!
//! Root is trusted everywhere. On systems without users in this sense (Windows) a user's own
//! folders are private by default.

use std::io;
use std::path::Path;

use crate::held_dir::HeldDir;

/// Makes a folder, with those that it is in, or finds it there. An error if others could write to it,
/// or put another one in its place.
#[cfg(unix)]
pub(crate) fn make(path: &Path) -> io::Result<HeldDir> {
    unix::walk(path, unix::Missing::Make)
}

/// Finds a folder in the same way.
#[cfg(unix)]
pub(crate) fn open(path: &Path) -> io::Result<HeldDir> {
    unix::walk(path, unix::Missing::Fail)
}

#[cfg(unix)]
pub(crate) use unix::{is_closed, is_ours};

#[cfg(not(unix))]
pub(crate) fn make(path: &Path) -> io::Result<HeldDir> {
    std::fs::create_dir_all(path)?;
    open(path)
}

#[cfg(not(unix))]
pub(crate) fn open(path: &Path) -> io::Result<HeldDir> {
    HeldDir::open(path)
}

#[cfg(not(unix))]
pub(crate) fn is_ours(_: &std::fs::Metadata) -> bool {
    true
}

#[cfg(not(unix))]
pub(crate) fn is_closed(_: &std::fs::Metadata) -> bool {
    true
}

#[cfg(unix)]
mod unix {
    use std::ffi::{OsStr, OsString};
    use std::fs::Metadata;
    use std::io;
    use std::os::unix::fs::MetadataExt;
    use std::path::{Component, Path};

    use crate::held_dir::HeldDir;

    const ROOT: u32 = 0;
    /// Of the mode: the group or others may write. Lists of access (ACLs) show there too.
    const OTHERS_WRITE: u32 = 0o022;
    const OTHERS: u32 = 0o077;
    /// Of the mode of a folder: only who owns an entry or the folder may rename or remove the entry.
    const STICKY: u32 = 0o1000;
    /// As many as the system itself follows.
    const MAX_LINKS: usize = 40;

    pub(super) fn me() -> u32 {
        rustix::process::geteuid().as_raw()
    }

    /// Whether a file or folder is this user's, and nobody else may write to it.
    pub(crate) fn is_ours(about: &Metadata) -> bool {
        about.uid() == me() && about.mode() & OTHERS_WRITE == 0
    }

    /// Whether it is this user's, and nobody else may do anything with it.
    pub(crate) fn is_closed(about: &Metadata) -> bool {
        about.uid() == me() && about.mode() & OTHERS == 0
    }

    /// Whether, in this folder, what this user or root owns stays where it is.
    pub(super) fn keeps(about: &Metadata, me: u32) -> bool {
        let mode = about.mode();
        let is_kept = mode & OTHERS_WRITE == 0 || mode & STICKY != 0;
        [ROOT, me].contains(&about.uid()) && is_kept
    }

    #[derive(Clone, Copy, PartialEq)]
    pub(super) enum Missing {
        Make,
        Fail,
    }

    /// Goes to a folder from the root of the file system, each folder from the one before. So what
    /// was looked at cannot be another one later: only this user and root could change it.
    pub(super) fn walk(path: &Path, missing: Missing) -> io::Result<HeldDir> {
        let mut left = names(&std::path::absolute(path)?);
        let mut here = kept(HeldDir::open(Path::new("/"))?)?;
        let mut links = 0;
        while let Some(name) = left.pop() {
            match step(&here, &name, missing) {
                Ok(dir) => here = kept(dir)?,
                Err(e) => {
                    let target = here.link(&name, &[ROOT, me()]).ok_or(e)?;
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(rustix::io::Errno::LOOP.into());
                    }
                    if target.is_absolute() {
                        here = kept(HeldDir::open(Path::new("/"))?)?;
                    }
                    left.extend(names(&target));
                }
            }
        }
        let found = here.dir(".")?;
        match is_ours(&found.about()?) {
            true => Ok(found),
            false => Err(not_alone()),
        }
    }

    /// The names in a path, the first one at the end.
    fn names(path: &Path) -> Vec<OsString> {
        let named =
            |part: &Component<'_>| matches!(part, Component::Normal(_) | Component::ParentDir);
        let parts = path.components().rev().filter(named);
        parts.map(|part| part.as_os_str().to_owned()).collect()
    }

    fn step(here: &HeldDir, name: &OsStr, missing: Missing) -> io::Result<HeldDir> {
        let found = here.through(name);
        let is_missing = |e: &io::Error| e.kind() == io::ErrorKind::NotFound;
        if missing == Missing::Fail || !found.as_ref().is_err_and(is_missing) {
            return found;
        }
        // Another process may make it at the same time.
        let made = here.make_dir(name);
        here.through(name).or_else(|e| made.and(Err(e)))
    }

    fn kept(dir: HeldDir) -> io::Result<HeldDir> {
        match keeps(&dir.about()?, me()) {
            true => Ok(dir),
            false => Err(not_alone()),
        }
    }

    fn not_alone() -> io::Error {
        let text = "others may write there, or may put another folder in its place";
        io::Error::new(io::ErrorKind::PermissionDenied, text)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::PathBuf;

    use super::unix::{keeps, me};
    use super::*;

    /// A folder of a test, which goes with it.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new() -> Scratch {
            let name = format!("landbridge-private-{}", crate::held_dir::unique());
            let path = std::env::temp_dir().join(name);
            let made = make(&path).expect("temporary folders are in a place that keeps them");
            assert!(is_closed(&made.about().unwrap()));
            Scratch(path)
        }

        fn open(&self, name: &str, mode: u32) -> PathBuf {
            let path = self.0.join(name);
            fs::create_dir(&path).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            path
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    #[test]
    fn a_folder_is_made_with_those_that_it_is_in() {
        let scratch = Scratch::new();
        let path = scratch.0.join("a/b");
        assert!(open(&path).is_err() && !scratch.0.join("a").exists());
        for _ in 0..2 {
            assert!(is_closed(&make(&path).unwrap().about().unwrap()));
            assert!(is_closed(
                &open(&scratch.0.join("a/./b/../../a/b"))
                    .unwrap()
                    .about()
                    .unwrap()
            ));
        }
        fs::write(scratch.0.join("file"), "").unwrap();
        assert!(make(&scratch.0.join("file")).is_err() && make(&scratch.0.join("file/b")).is_err());
    }

    #[test]
    fn where_others_may_write_nothing_is_made() {
        let scratch = Scratch::new();
        for (name, mode) in [("group", 0o770), ("all", 0o777), ("sticky", 0o1777)] {
            let path = scratch.open(name, mode);
            assert!(make(&path).is_err(), "{name} itself");
            let below = make(&path.join("below"));
            assert_eq!(below.is_ok(), name == "sticky", "below {name}");
            assert_eq!(path.join("below").exists(), name == "sticky");
        }
    }

    #[test]
    fn folders_of_others_keep_nothing() {
        let scratch = Scratch::new();
        let about = fs::metadata(scratch.open("plain", 0o755)).unwrap();
        let sticky = fs::metadata(scratch.open("sticky", 0o1777)).unwrap();
        let root = fs::metadata("/").unwrap();
        assert!(keeps(&about, me()) && keeps(&sticky, me()) && keeps(&root, me()));
        let other = me() + 1;
        let is_root = me() == 0;
        assert_eq!(
            (keeps(&about, other), keeps(&sticky, other)),
            (is_root, is_root)
        );
        assert!(keeps(&root, other));
    }

    #[test]
    fn links_are_followed_as_far_as_only_this_user_can_make_them() {
        let scratch = Scratch::new();
        let (shared, kept) = (scratch.open("shared", 0o777), scratch.open("kept", 0o755));
        symlink(&kept, scratch.0.join("absolute")).unwrap();
        symlink("absolute/../kept", scratch.0.join("relative")).unwrap();
        symlink("self", scratch.0.join("self")).unwrap();
        symlink(&kept, shared.join("link")).unwrap();
        for name in ["absolute", "relative"] {
            make(&scratch.0.join(name).join(name)).unwrap();
            assert!(kept.join(name).exists());
        }
        assert!(make(&scratch.0.join("self/a")).is_err());
        assert!(make(&shared.join("link/a")).is_err() && !kept.join("a").exists());
        let held = HeldDir::open(&scratch.0).unwrap();
        assert_eq!(held.link("absolute".as_ref(), &[me()]), Some(kept));
        assert_eq!(held.link("absolute".as_ref(), &[me() + 1]), None);
        assert_eq!(held.link("shared".as_ref(), &[me()]), None);
    }
}
