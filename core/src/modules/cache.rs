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
use crate::compiled::Compiled;
use crate::file_mark::{FileMark, Known};
use crate::held_dir::{FileEntry, HeldDir, is_draft};
use crate::private_dir;

/// The BLAKE3 hash of a module's bytes.
pub(crate) type Digest = blake3::Hash;

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
    /// Files whose checksum was right.
    whole: Known<()>,
    /// What is left to be kept until all files are looked at, each file as its share of these bytes
    /// at least.
    until_look: AtomicU64,
}

/// The name of a module's file, and whether it is a component.
pub(crate) struct Key(String, bool);

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
            whole: Known::new(),
            until_look: AtomicU64::new(0),
        })
    }

    /// The name for a module, or for a component, whose code is never taken for that of a module.
    pub(crate) fn key(&self, digest: &Digest, is_component: bool) -> Key {
        let mut hasher = self.engine.clone();
        hasher.update(digest.as_bytes());
        if is_component {
            hasher.update(b"component");
        }
        Key(hasher.finalize().to_hex().to_string(), is_component)
    }

    /// The folder, if it is still this user's alone. Nobody else can have reached it, but this user
    /// may have opened it to others, or closed the descriptor, as programs do that become daemons.
    fn folder(&self) -> Option<&HeldDir> {
        let about = self.folder.about().ok()?;
        let is_it = HeldDir::id(&about) == self.id;
        (is_it && private_dir::is_ours(&about)).then_some(&self.folder)
    }

    /// The code, mapped from its file.
    pub(crate) fn load(&self, engine: &wasmtime::Engine, key: &Key) -> Option<Compiled> {
        let folder = self.folder()?;
        let file = folder.file(&key.0).ok()?;
        let about = file.metadata().ok()?;
        if !about.is_file() || !private_dir::is_ours(&about) {
            return None;
        }
        if !self.is_known_whole(&file, FileMark::of(&about)) {
            drop(folder.remove_file(&key.0));
            return None;
        }
        note_use(&file);
        // SAFETY: this user alone may write the file and the folder, which was asked of the very ones
        // that are open; it has the name that `keep` gave to the code of this very module, engine
        // and machine; its checksum is right, or was right since it was changed last; files there are replaced and removed but never
        // written to, so the mapping stays as it is.
        unsafe { Compiled::of_file(engine, file, key.1) }.ok()
    }

    /// Whether a file's checksum is right; a file that has not changed since is not read again.
    fn is_known_whole(&self, file: &File, mark: Option<FileMark>) -> bool {
        if mark.is_some_and(|mark| self.whole.find(&mark).is_some()) {
            return true;
        }
        let is_whole = is_whole(file);
        if let (true, Some(mark)) = (is_whole, mark) {
            self.whole.keep(mark, ());
        }
        is_whole
    }

    /// Keeps a module's code, if it leaves room for that of others. Failing to is no error.
    pub(crate) fn keep(&self, key: &Key, code: &Compiled) {
        if let Ok(code) = code.serialize()
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
    let Ok(bytes) = (unsafe { memmap2::MmapOptions::new().populate().map(file) }) else {
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
mod tests;
