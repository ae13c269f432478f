//! A folder that is held open: operations act on this very folder, whatever happens to its path, and no
//! link in it is followed.

#[cfg(unix)]
mod by_descriptor;
#[cfg(not(unix))]
mod by_path;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::time::SystemTime;

#[cfg(unix)]
pub(crate) use by_descriptor::HeldDir;
#[cfg(not(unix))]
pub(crate) use by_path::HeldDir;

/// What a folder says of one of its entries, which may be another one by now.
pub(crate) struct Entry {
    pub(crate) name: OsString,
    pub(crate) is_dir: bool,
}

/// A regular file of a folder.
pub(crate) struct FileEntry {
    pub(crate) modified: SystemTime,
    pub(crate) bytes: u64,
}

impl HeldDir {
    /// Writes a file, whole or not at all. What has its name is replaced, be it a link.
    pub(crate) fn replace(&self, name: &OsStr, parts: &[&[u8]]) -> io::Result<()> {
        let draft = format!("{DRAFT}{}", unique());
        let file = self.new_file(&draft)?;
        let written = write_all(file, parts).and_then(|()| self.rename(&draft, self, name));
        if written.is_err() {
            drop(self.remove_file(&draft));
        }
        written
    }

    pub(crate) fn is_empty(&self) -> io::Result<bool> {
        Ok(self.entries()?.next().is_none())
    }
}

/// How the names of files begin that are being written.
const DRAFT: &str = "landbridge-draft-";

/// Whether a name is one of a file that is being written, or was when its process was killed.
pub(crate) fn is_draft(name: &str) -> bool {
    let Some((process, random)) = name.strip_prefix(DRAFT).and_then(|it| it.split_once('-')) else {
        return false;
    };
    let is_hex = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    process.parse::<u32>().is_ok() && random.len() == 16 && random.bytes().all(is_hex)
}

/// A part of a name that no other process has and nobody can know before: process numbers alone
/// repeat in containers, random numbers alone after a fork.
pub(crate) fn unique() -> String {
    let random = std::hash::RandomState::new().build_hasher().finish();
    format!("{}-{random:016x}", std::process::id())
}

fn write_all(mut file: File, parts: &[&[u8]]) -> io::Result<()> {
    parts.iter().try_for_each(|part| file.write_all(part))
}
