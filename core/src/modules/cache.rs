//! The compile cache: the second process that loads a module does not compile it.
//!
//! One file a module, named by a hash of the module and of everything the compiled code depends on,
//! in a folder that is ours and this user's alone, held by a descriptor. Files appear whole, by
//! renaming, and are never written again; what is damaged or foreign is compiled anew. The cache
//! never makes a load fail.

use std::fs::File;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::xxh3_64;

use crate::CompileCache;
use crate::held_dir::{FileEntry, HeldDir, is_draft};
use crate::module::Digest;
use crate::private_dir;

/// Our own folder in the one for caches, in which nothing else is touched.
const OURS: [&str; 2] = ["landbridge", "modules"];

/// Bytes all files together may have; the oldest go first.
const MAX_BYTES: u64 = 1 << 30;

/// Bytes one file may have, so that one module does not put out all others.
const MAX_FILE_BYTES: u64 = MAX_BYTES / 4;

/// Bytes and files that are kept between two looks at all files, of which there may be many thousands.
const LOOK_BYTES: u64 = MAX_BYTES / 64;
const LOOK_FILES: u64 = 256;

/// A use is noted at most this often.
const USE_NOTED: Duration = Duration::from_secs(3600);

/// A file that has been in the making for so long is of a process that was killed.
const FORGOTTEN: Duration = Duration::from_secs(3600);

/// Behind the code in each file: a checksum of the code, for damage by accident.
const TRAILER_BYTES: usize = 8;

#[derive(Debug)]
pub(crate) struct Cache {
    folder: HeldDir,
    id: (u64, u64),
    /// What compiled code depends on besides the module: the engine, its options, the machine.
    engine: blake3::Hasher,
    /// What is left to be kept until all files are looked at, each file as its share of these bytes
    /// at least.
    until_look: AtomicU64,
}

/// The name of a module's file.
pub(crate) struct Key(String);

/// Lets what can be hashed by Rust be hashed by a cryptographic function.
struct Feed<'a>(&'a mut blake3::Hasher);

impl Hasher for Feed<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

impl Cache {
    /// The cache for code of this engine; `None` if it is off or there is no private folder.
    pub(crate) fn open(engine: &wasmtime::Engine, place: &CompileCache) -> Option<Cache> {
        let place = match place {
            CompileCache::Off => return None,
            CompileCache::Folder(folder) => folder.clone(),
            CompileCache::User => users_folder()?,
        };
        let folder = private_dir::make(&place.join(OURS[0]).join(OURS[1])).ok()?;
        let mut hasher = blake3::Hasher::new_derive_key("landbridge 2026 compile cache");
        engine
            .precompile_compatibility_hash()
            .hash(&mut Feed(&mut hasher));
        Some(Cache {
            id: HeldDir::id(&folder.about().ok()?),
            folder,
            engine: hasher,
            until_look: AtomicU64::new(0),
        })
    }

    /// The name for a module.
    pub(crate) fn key(&self, digest: &Digest) -> Key {
        let mut hasher = self.engine.clone();
        hasher.update(digest.as_bytes());
        Key(hasher.finalize().to_hex().to_string())
    }

    /// The folder, if it is still this user's alone. Nobody else can have reached it, but this user
    /// may have opened it to others, or closed the descriptor, as programs do that become daemons.
    fn folder(&self) -> Option<&HeldDir> {
        let about = self.folder.about().ok()?;
        let is_it = HeldDir::id(&about) == self.id;
        (is_it && private_dir::is_ours(&about)).then_some(&self.folder)
    }

    /// The code, mapped from its file.
    pub(crate) fn load(&self, engine: &wasmtime::Engine, key: &Key) -> Option<wasmtime::Module> {
        let folder = self.folder()?;
        let file = folder.file(&key.0).ok()?;
        let about = file.metadata().ok()?;
        if !about.is_file() || !private_dir::is_ours(&about) {
            return None;
        }
        if !is_whole(&file) {
            drop(folder.remove_file(&key.0));
            return None;
        }
        note_use(&file);
        // SAFETY: this user alone may write the file and the folder, which was asked of the very ones
        // that are open; it has the name that `keep` gave to the code of this very module, engine
        // and machine; its checksum is right; files there are replaced and removed but never
        // written to, so the mapping stays as it is.
        unsafe { wasmtime::Module::deserialize_open_file(engine, file) }.ok()
    }

    /// Keeps a module's code, if it leaves room for that of others. Failing to is no error.
    pub(crate) fn keep(&self, key: &Key, module: &wasmtime::Module) {
        if let Ok(code) = module.serialize()
            && code.len() as u64 <= MAX_FILE_BYTES
            && let Some(folder) = self.folder()
            && let checksum = xxh3_64(&code).to_le_bytes()
            && folder.replace(key.0.as_ref(), &[&code, &checksum]).is_ok()
        {
            let share = (code.len() as u64).max(LOOK_BYTES / LOOK_FILES);
            if self.is_to_look(share) {
                prune(folder, MAX_BYTES, FORGOTTEN);
            }
        }
    }

    /// Whether it is time to look at all files: with the first that is kept, and then now and then.
    fn is_to_look(&self, share: u64) -> bool {
        let less = |left: u64| Some(left.checked_sub(share).unwrap_or(LOOK_BYTES));
        let left = self
            .until_look
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        left.is_ok_and(|left| left < share)
    }
}

/// Removes the files that were not used for longest, until the rest is small enough, and what
/// killed processes did not finish. Nothing is touched that has no name of ours.
fn prune(folder: &HeldDir, max_bytes: u64, forgotten: Duration) {
    let mut files: Vec<_> = our_files(folder).collect();
    files.sort_by_key(|(_, about)| about.modified);
    let mut total: u64 = files.iter().map(|(_, about)| about.bytes).sum();
    let mut too_much = total > max_bytes;
    for (name, about) in files {
        too_much &= total > max_bytes / 4 * 3;
        let remove = match is_draft(&name) {
            true => about.modified.elapsed().is_ok_and(|age| age >= forgotten),
            false => too_much,
        };
        if remove {
            drop(folder.remove_file(&name));
            total -= about.bytes;
        }
    }
}

/// The files of the names that we give.
fn our_files(folder: &HeldDir) -> impl Iterator<Item = (String, FileEntry)> {
    let names = folder.entries().into_iter().flatten().flatten();
    names.filter_map(|entry| {
        let name = entry.name.into_string().ok()?;
        let ours = is_key(&name) || is_draft(&name);
        let about = ours.then(|| folder.file_entry(name.as_ref()))??;
        Some((name, about))
    })
}

fn is_key(name: &str) -> bool {
    name.len() == 64
        && name
            .bytes()
            .all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

fn users_folder() -> Option<PathBuf> {
    match std::env::var_os("LANDBRIDGE_CACHE") {
        Some(off) if off == "off" => None,
        Some(folder) if !folder.is_empty() => Some(PathBuf::from(folder)),
        // A home that is no absolute path, as containers without users have, is none: it would be another
        // folder in each working directory.
        _ => dirs::cache_dir().filter(|folder| folder.is_absolute()),
    }
}

/// Whether the checksum at the end of the file is that of the rest.
fn is_whole(file: &File) -> bool {
    // SAFETY: as for the code's own mapping in `load`, which asked whose the file is: these files are
    // never written to.
    let Ok(bytes) = (unsafe { memmap2::Mmap::map(file) }) else {
        return false;
    };
    let parts = bytes.split_last_chunk::<TRAILER_BYTES>();
    parts.is_some_and(|(code, noted)| xxh3_64(code) == u64::from_le_bytes(*noted))
}

/// Notes that a file is in use, so that it is not among the first to go.
fn note_use(file: &File) {
    let now = SystemTime::now();
    let noted = file.metadata().and_then(|about| about.modified());
    if noted.is_ok_and(|noted| now.duration_since(noted).is_ok_and(|age| age > USE_NOTED)) {
        drop(file.set_modified(now));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const MODULE: &[u8] = br#"(module (func (export "one") (result i32) i32.const 1))"#;

    /// A place for a cache, which goes with the test.
    struct Place(PathBuf);

    impl Place {
        fn new() -> Place {
            let name = format!("landbridge-cache-{}", crate::held_dir::unique());
            let place = std::env::temp_dir().join(name);
            private_dir::make(&place).expect("a private folder");
            Place(place)
        }

        fn cache(&self, engine: &wasmtime::Engine) -> Cache {
            Cache::open(engine, &CompileCache::Folder(self.0.clone())).expect("a cache")
        }

        fn file(&self, name: &str) -> PathBuf {
            self.0.join("landbridge/modules").join(name)
        }

        /// An engine, its cache, and the key of a module that is in it.
        fn filled(&self) -> (wasmtime::Engine, Cache, Key) {
            let engine = wasmtime::Engine::default();
            let cache = self.cache(&engine);
            let key = cache.key(&blake3::hash(MODULE));
            assert!(cache.load(&engine, &key).is_none());
            cache.keep(&key, &compiled(&engine));
            (engine, cache, key)
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn compiled(engine: &wasmtime::Engine) -> wasmtime::Module {
        wasmtime::Module::new(engine, MODULE).expect("compiles")
    }

    /// Sets when a file was last changed.
    fn age(file: &std::path::Path, secs: u64) {
        let then = SystemTime::now() - Duration::from_secs(secs);
        let file = File::options().write(true).open(file).expect("there");
        file.set_modified(then).expect("set");
    }

    #[test]
    fn what_is_kept_is_found() {
        let place = Place::new();
        let (engine, cache, key) = place.filled();
        let module = cache.load(&engine, &key).expect("kept");
        assert_eq!(module.exports().next().expect("an export").name(), "one");
        let other = cache.key(&blake3::hash(b"other"));
        assert!(cache.load(&engine, &other).is_none());
    }

    #[test]
    fn damage_is_noticed_and_mended() {
        let place = Place::new();
        let (engine, cache, key) = place.filled();
        let file = place.file(&key.0);
        let good = fs::read(&file).expect("kept");
        let mut flipped = good.clone();
        flipped[good.len() / 2] ^= 1;
        for bad in [&flipped[..], &good[..good.len() / 2], b"", b"seven!!"] {
            cache.keep(&key, &compiled(&engine));
            fs::write(&file, bad).expect("written");
            assert!(cache.load(&engine, &key).is_none());
            assert!(!file.exists());
        }
    }

    #[test]
    fn code_for_another_engine_is_not_taken() {
        let place = Place::new();
        let (_, cache, key) = place.filled();
        let mut config = wasmtime::Config::new();
        config.epoch_interruption(true);
        let other = wasmtime::Engine::new(&config).expect("an engine");
        assert!(cache.load(&other, &key).is_none());
    }

    #[test]
    fn the_oldest_go_first() {
        let place = Place::new();
        let (engine, cache, key) = place.filled();
        let size = fs::metadata(place.file(&key.0)).expect("kept").len();
        age(&place.file(&key.0), 10);
        let second = cache.key(&blake3::hash(b"(module)"));
        cache.keep(&second, &compiled(&engine));
        prune(&cache.folder, 2 * size, FORGOTTEN);
        assert!(place.file(&key.0).exists());
        prune(&cache.folder, size + size / 2, FORGOTTEN);
        assert!(!place.file(&key.0).exists());
        assert!(place.file(&second.0).exists());
    }

    #[test]
    fn only_files_of_our_own_names_are_counted_and_removed() {
        let place = Place::new();
        let (engine, cache, key) = place.filled();
        let names = [
            "thesis.tex",
            "0".repeat(63).as_str(),
            "F".repeat(64).as_str(),
            "a.draft",
        ]
        .map(str::to_owned);
        let theirs = names.iter().map(|name| place.file(name));
        let theirs: Vec<_> = theirs
            .chain(names.iter().map(|name| place.0.join(name)))
            .collect();
        for file in &theirs {
            // Sparse, so no room is used.
            File::create(file)
                .expect("made")
                .set_len(MAX_BYTES)
                .expect("set");
            age(file, 86_400);
        }
        let folder = place.file(&"e".repeat(64));
        fs::create_dir(&folder).expect("made");
        cache.keep(&key, &compiled(&engine));
        assert!(place.file(&key.0).exists(), "they are not counted");
        prune(&cache.folder, 0, Duration::ZERO);
        assert!(!place.file(&key.0).exists());
        assert!(folder.exists() && theirs.iter().all(|file| file.exists()));
    }

    #[test]
    fn all_files_are_looked_at_now_and_then() {
        let place = Place::new();
        let (_, cache, _) = place.filled();
        let looks = |share, count| (0..count).filter(|_| cache.is_to_look(share)).count();
        let small = LOOK_BYTES / LOOK_FILES;
        assert_eq!(looks(small, LOOK_FILES), 0);
        assert_eq!(looks(small, 1), 1);
        assert_eq!(looks(LOOK_BYTES, 8), 4);
    }

    #[test]
    fn what_killed_processes_did_not_finish_goes() {
        let place = Place::new();
        let (engine, cache, key) = place.filled();
        let name = |number| format!("landbridge-draft-{number}-0123456789abcdef");
        for number in [1, 2] {
            fs::write(place.file(&name(number)), "half").expect("written");
        }
        age(&place.file(&name(1)), 2 * FORGOTTEN.as_secs());
        cache.keep(&key, &compiled(&engine));
        assert!(
            place.file(&name(1)).exists(),
            "not all files are looked at each time"
        );
        let cache = place.cache(&engine);
        cache.keep(&key, &compiled(&engine));
        assert!(!place.file(&name(1)).exists() && place.file(&name(2)).exists());
        prune(&cache.folder, 0, FORGOTTEN);
        assert!(place.file(&name(2)).exists(), "another process is at it");
    }

    #[test]
    fn a_cache_whose_folder_is_gone_is_no_error() {
        let place = Place::new();
        let (engine, cache, key) = place.filled();
        fs::remove_dir_all(place.0.join("landbridge")).expect("removed");
        assert!(cache.load(&engine, &key).is_none());
        cache.keep(&key, &compiled(&engine));
        assert!(cache.load(&engine, &key).is_none());
        let again = place.cache(&engine);
        again.keep(&key, &compiled(&engine));
        assert!(again.load(&engine, &key).is_some());
    }

    #[cfg(unix)]
    mod unix {
        use std::fs::Permissions;
        use std::os::fd::{AsFd, AsRawFd};
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
        use std::path::Path;

        use super::*;

        fn set_mode(path: &Path, mode: u32) {
            fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
        }

        #[test]
        fn places_that_others_may_write_to_are_not_used() {
            let engine = wasmtime::Engine::default();
            for (mode, used) in [
                (0o755, true),
                (0o775, false),
                (0o777, false),
                (0o1777, true),
            ] {
                let place = Place::new();
                set_mode(&place.0, mode);
                for folder in [place.0.clone(), place.0.join("a/b")] {
                    let cache = Cache::open(&engine, &CompileCache::Folder(folder));
                    assert_eq!(cache.is_some(), used, "{mode:o}");
                }
                let entries = fs::read_dir(&place.0).expect("there").count();
                assert_eq!(entries > 0, used, "{mode:o}");
            }
        }

        #[test]
        fn a_folder_that_is_opened_to_others_is_used_no_more() {
            let place = Place::new();
            let (engine, cache, key) = place.filled();
            set_mode(&place.file(""), 0o777);
            assert!(cache.load(&engine, &key).is_none());
            cache.keep(&cache.key(&blake3::hash(b"other")), &compiled(&engine));
            assert_eq!(fs::read_dir(place.file("")).expect("there").count(), 1);
            set_mode(&place.file(""), 0o755);
            assert!(cache.load(&engine, &key).is_some());
        }

        #[test]
        fn another_folder_in_its_place_is_not_looked_at() {
            let place = Place::new();
            let (engine, cache, key) = place.filled();
            let (folder, aside) = (place.0.join("landbridge"), place.0.join("aside"));
            fs::rename(&folder, &aside).expect("moved");
            fs::create_dir_all(folder.join("modules")).expect("made");
            fs::write(place.file(&key.0), "planted").expect("written");
            assert!(cache.load(&engine, &key).is_some(), "it is still that one");
            let other = cache.key(&blake3::hash(b"other"));
            cache.keep(&other, &compiled(&engine));
            assert!(aside.join("modules").join(&other.0).exists());
            assert_eq!(fs::read(place.file(&key.0)).expect("there"), b"planted");
        }

        #[test]
        fn a_descriptor_that_became_another_folder_s_is_not_used() {
            let (place, other) = (Place::new(), Place::new());
            let (engine, cache, key) = place.filled();
            let held = HeldDir::open(&other.0).expect("there");
            let number = |dir: &HeldDir| dir.as_fd().as_raw_fd();
            // SAFETY: both are open, and what was the cache's is owned by it as before.
            let set = unsafe { libc::dup2(number(&held), number(&cache.folder)) };
            assert_eq!(set, number(&cache.folder));
            assert!(cache.load(&engine, &key).is_none());
            cache.keep(&key, &compiled(&engine));
            assert_eq!(fs::read_dir(&other.0).expect("there").count(), 0);
        }

        #[test]
        fn files_that_others_may_have_written_are_replaced() {
            let place = Place::new();
            let (engine, cache, key) = place.filled();
            let file = place.file(&key.0);
            let good = fs::read(&file).expect("kept");
            let elsewhere = place.0.join("elsewhere");
            fs::write(&elsewhere, &good).expect("written");
            let make_link = || {
                fs::remove_file(&file).expect("removed");
                symlink(&elsewhere, &file).expect("made");
            };
            let make_folder = || {
                fs::remove_file(&file).expect("removed");
                fs::create_dir(&file).expect("made");
            };
            let other = fs::metadata(&file).expect("kept").uid() + 1;
            let give_away = || match chown(&file, Some(other), None) {
                Ok(()) => {}
                // Only root can; who cannot gives it to a group that can write.
                Err(_) => set_mode(&file, 0o620),
            };
            let all: [&dyn Fn(); 4] = [
                &|| set_mode(&file, 0o602),
                &give_away,
                &make_link,
                &make_folder,
            ];
            for change in all {
                assert!(cache.load(&engine, &key).is_some());
                change();
                assert!(cache.load(&engine, &key).is_none());
                if file.is_dir() {
                    fs::remove_dir(&file).expect("empty");
                }
                cache.keep(&key, &compiled(&engine));
            }
            assert!(cache.load(&engine, &key).is_some());
            assert_eq!(fs::read(&elsewhere).expect("there"), good);
        }
    }
}
