//! The compile cache: the second process that loads a module does not compile it.
//!
//! One file a module, named by a hash of the module and of everything the compiled code depends on,
//! in the user's cache folder, for that user alone. Files appear whole, by renaming, and are never
//! written again; what is damaged or foreign is compiled anew. The cache never makes a load fail.
//!
use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::xxh3_64;

use crate::CompileCache;
use crate::module::Digest;

/// Bytes all files together may have; the oldest go first.
const MAX_BYTES: u64 = 1 << 30;

/// A use is noted at most this often.
const USE_NOTED: Duration = Duration::from_secs(3600);

/// Behind the code in each file: a checksum of the code, for damage by accident.
const TRAILER_BYTES: usize = 8;

#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    /// What compiled code depends on besides the module: the engine, its options, the machine.
    engine: blake3::Hasher,
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
        let folder = match place {
            CompileCache::Off => return None,
            CompileCache::Folder(folder) => folder.clone(),
            CompileCache::User => users_folder()?,
        };
        make_private(&folder)?;
        let mut hasher = blake3::Hasher::new_derive_key("landbridge 2026 compile cache");
        engine
            .precompile_compatibility_hash()
            .hash(&mut Feed(&mut hasher));
        Some(Cache {
            folder,
            engine: hasher,
        })
    }

    /// The name for a module.
    pub(crate) fn key(&self, digest: &Digest) -> Key {
        let mut hasher = self.engine.clone();
        hasher.update(digest.as_bytes());
        Key(hasher.finalize().to_hex().to_string())
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(&key.0)
    }

    /// The code, mapped from its file.
    pub(crate) fn load(&self, engine: &wasmtime::Engine, key: &Key) -> Option<wasmtime::Module> {
        let path = self.path(key);
        let file = File::open(&path).ok()?;
        if !is_whole(&file) {
            drop(fs::remove_file(&path));
            return None;
        }
        note_use(&file);
        // SAFETY: the file lies in a folder that only this user may write, under the name that
        // `keep` gave to the code of this very module, engine and machine; its checksum is right;
        // files there are replaced and removed but never written to, so the mapping stays as it is.
        unsafe { wasmtime::Module::deserialize_open_file(engine, file) }.ok()
    }

    /// Keeps a module's code. Failing to is no error.
    pub(crate) fn keep(&self, key: &Key, module: &wasmtime::Module) {
        if let Ok(code) = module.serialize()
            && self.write(key, &code).is_some()
        {
            self.prune(MAX_BYTES);
        }
    }

    fn write(&self, key: &Key, code: &[u8]) -> Option<()> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let draft = self
            .folder
            .join(format!("{}.{}.{count}.draft", key.0, std::process::id()));
        let written = new_file(&draft)
            .and_then(|mut file| {
                file.write_all(code)?;
                file.write_all(&xxh3_64(code).to_le_bytes())
            })
            .and_then(|()| fs::rename(&draft, self.path(key)));
        if written.is_err() {
            drop(fs::remove_file(&draft));
        }
        written.ok()
    }

    /// Removes the files that were not used for longest, until the rest is small enough.
    fn prune(&self, max_bytes: u64) -> Option<()> {
        let mut files: Vec<_> = fs::read_dir(&self.folder)
            .ok()?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let about = entry.metadata().ok()?;
                Some((about.modified().ok()?, about.len(), entry.path()))
            })
            .collect();
        let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
        if total <= max_bytes {
            return Some(());
        }
        files.sort();
        for (_, size, path) in files {
            if total <= max_bytes / 4 * 3 {
                break;
            }
            drop(fs::remove_file(path));
            total -= size;
        }
        Some(())
    }
}

fn users_folder() -> Option<PathBuf> {
    match std::env::var_os("LANDBRIDGE_CACHE") {
        Some(off) if off == "off" => None,
        Some(folder) if !folder.is_empty() => Some(PathBuf::from(folder)),
        _ => Some(dirs::cache_dir()?.join("landbridge").join("modules")),
    }
}

/// Whether the checksum at the end of the file is that of the rest.
fn is_whole(file: &File) -> bool {
    // SAFETY: as for the code's own mapping in `load`: these files are never written to.
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

#[cfg(unix)]
fn make_private(folder: &Path) -> Option<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .ok()?;
    let about = fs::metadata(folder).ok()?;
    // SAFETY: reads a property of the process.
    let me = unsafe { libc::geteuid() };
    // Code that others could have written must not run.
    (about.is_dir() && about.uid() == me && about.mode() & 0o022 == 0).then_some(())
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> Option<()> {
    // A user's own cache folder is private by default there.
    fs::create_dir_all(folder).ok()
}

/// A new file that only this user may read and write.
pub(crate) fn new_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &[u8] = br#"(module (func (export "one") (result i32) i32.const 1))"#;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Folder {
            let folder =
                std::env::temp_dir().join(format!("landbridge-{name}-{}", std::process::id()));
            make_private(&folder).expect("a private folder");
            Folder(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn filled(folder: &Folder) -> (wasmtime::Engine, Cache, Key) {
        let engine = wasmtime::Engine::default();
        let cache = Cache {
            folder: folder.0.clone(),
            engine: blake3::Hasher::new(),
        };
        let key = cache.key(&blake3::hash(MODULE));
        assert!(cache.load(&engine, &key).is_none());
        cache.keep(
            &key,
            &wasmtime::Module::new(&engine, MODULE).expect("compiles"),
        );
        (engine, cache, key)
    }

    #[test]
    fn what_is_kept_is_found() {
        let folder = Folder::new("found");
        let (engine, cache, key) = filled(&folder);
        let module = cache.load(&engine, &key).expect("kept");
        assert_eq!(module.exports().next().expect("an export").name(), "one");
        assert!(
            cache
                .load(&engine, &cache.key(&blake3::hash(b"other")))
                .is_none()
        );
    }

    #[test]
    fn damage_is_noticed_and_mended() {
        let folder = Folder::new("damage");
        let (engine, cache, key) = filled(&folder);
        let good = fs::read(cache.path(&key)).expect("kept");
        let mut flipped = good.clone();
        flipped[good.len() / 2] ^= 1;
        for bad in [&flipped[..], &good[..good.len() / 2], b"", b"seven!!"] {
            fs::write(cache.path(&key), bad).expect("written");
            assert!(cache.load(&engine, &key).is_none());
            assert!(!cache.path(&key).exists());
        }
    }

    #[test]
    fn code_for_another_engine_is_not_taken() {
        let folder = Folder::new("foreign");
        let (_, cache, key) = filled(&folder);
        let mut config = wasmtime::Config::new();
        config.epoch_interruption(true);
        let other = wasmtime::Engine::new(&config).expect("an engine");
        assert!(cache.load(&other, &key).is_none());
    }

    #[test]
    fn the_oldest_go_first() {
        let folder = Folder::new("prune");
        let (engine, cache, key) = filled(&folder);
        let size = fs::metadata(cache.path(&key)).expect("kept").len();
        let old = SystemTime::now() - Duration::from_secs(10);
        File::open(cache.path(&key))
            .expect("kept")
            .set_modified(old)
            .expect("set");
        let second = cache.key(&blake3::hash(b"(module)"));
        cache.keep(
            &second,
            &wasmtime::Module::new(&engine, "(module)").expect("compiles"),
        );
        cache.prune(size + size / 2);
        assert!(!cache.path(&key).exists());
        assert!(cache.path(&second).exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_may_write_is_not_used() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new("open");
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o777)).expect("set");
        assert!(make_private(&folder.0).is_none());
    }
}
