//! What tells that a file is as it was, so that what was found of it once need not be found again.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::fork;

/// A file, and when it was changed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileMark {
    device: u64,
    inode: u64,
    bytes: u64,
    modified_ns: i128,
    changed_ns: i128,
}

/// A file that was changed so short a time ago may be changed again without another mark: the clocks
/// of file systems have ticks, of two seconds at most.
const SETTLED_NS: i128 = 3_000_000_000;

impl FileMark {
    /// None for a file that was changed just now, or on a system that does not tell enough.
    pub(crate) fn of(about: &Metadata) -> Option<FileMark> {
        FileMark::at(about, SystemTime::now())
    }

    /// The same for what was asked at a time.
    #[cfg(unix)]
    pub(crate) fn at(about: &Metadata, now: SystemTime) -> Option<FileMark> {
        use std::os::unix::fs::MetadataExt;

        let ns = |seconds: i64, ns: i64| i128::from(seconds) * 1_000_000_000 + i128::from(ns);
        let mark = FileMark {
            device: about.dev(),
            inode: about.ino(),
            bytes: about.len(),
            modified_ns: ns(about.mtime(), about.mtime_nsec()),
            changed_ns: ns(about.ctime(), about.ctime_nsec()),
        };
        let now = now.duration_since(UNIX_EPOCH).ok()?;
        let last = mark.modified_ns.max(mark.changed_ns);
        (about.is_file() && last + SETTLED_NS < now.as_nanos() as i128).then_some(mark)
    }

    #[cfg(not(unix))]
    pub(crate) fn at(_: &Metadata, _: SystemTime) -> Option<FileMark> {
        None
    }
}

/// How many files are remembered; then all are forgotten.
const MOST: usize = 4096;

/// What was found of files that have not changed since.
#[derive(Debug)]
pub(crate) struct Known<T>(fork::Lock<BTreeMap<FileMark, T>>);

impl<T: Copy> Known<T> {
    pub(crate) const fn new() -> Known<T> {
        Known(fork::Lock::new(BTreeMap::new()))
    }

    pub(crate) fn find(&self, mark: &FileMark) -> Option<T> {
        self.0.lock().get(mark).copied()
    }

    pub(crate) fn keep(&self, mark: FileMark, found: T) {
        let mut known = self.0.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(mark, found);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A file of the test, which goes with it.
    struct TempFile(std::path::PathBuf);

    impl TempFile {
        fn new(bytes: &str) -> TempFile {
            let name = format!("landbridge-mark-{}", crate::held_dir::unique());
            let file = TempFile(std::env::temp_dir().join(name));
            file.write(bytes);
            file
        }

        fn write(&self, bytes: &str) {
            std::fs::write(&self.0, bytes).expect("written");
        }

        fn mark(&self, later_s: u64) -> Option<FileMark> {
            let about = std::fs::metadata(&self.0).expect("there");
            FileMark::at(&about, SystemTime::now() + Duration::from_secs(later_s))
        }
    }

    impl Drop for TempFile {
        fn drop(&mut self) {
            drop(std::fs::remove_file(&self.0));
        }
    }

    #[test]
    fn a_file_that_was_changed_just_now_has_no_mark() {
        let file = TempFile::new("new");
        assert_eq!(file.mark(0), None);
        // Its content may be said to be old; when that was said is known.
        let opened = std::fs::File::options().write(true).open(&file.0);
        let old = SystemTime::now() - Duration::from_secs(3600);
        opened.expect("there").set_modified(old).expect("set");
        assert_eq!(file.mark(0), None);
        assert!(file.mark(60).is_some());
        let folder = std::fs::metadata("/").expect("there");
        assert_eq!(FileMark::of(&folder), None, "a folder");
    }

    #[test]
    fn a_file_that_was_changed_has_another_mark() {
        let file = TempFile::new("one");
        let first = file.mark(60);
        assert_eq!(file.mark(61), first);
        // sleeps: a file system tells times by a clock that ticks.
        std::thread::sleep(Duration::from_millis(50));
        file.write("two");
        assert_ne!(file.mark(60), first);
        let copy = TempFile::new("one");
        assert_ne!(copy.mark(60), first);
    }

    #[test]
    fn so_many_files_are_remembered_and_no_more() {
        let (known, file) = (Known::new(), TempFile::new("one"));
        let mark = file.mark(60).expect("old enough");
        assert_eq!(known.find(&mark), None);
        known.keep(mark, 7);
        assert_eq!(known.find(&mark), Some(7));
        for inode in 0..2 * MOST as u64 {
            known.keep(FileMark { inode, ..mark }, 8);
        }
        assert!(known.0.lock().len() <= MOST);
    }
}
