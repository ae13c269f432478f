//! Folders that each store makes for itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Access;
use super::json::wrong;
use crate::Result;

/// A folder that each store makes for itself and that is gone with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryDir {
    files: Arc<BTreeMap<String, Vec<u8>>>,
    access: Access,
}

impl MemoryDir {
    pub(super) fn new(files: BTreeMap<String, Vec<u8>>, access: Access) -> Result<MemoryDir> {
        for path in files.keys() {
            check(path)?;
            let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
            if let Some(file) = folders.find(|folder| files.contains_key(*folder)) {
                return Err(wrong(&format!(
                    "{file:?} is a file and cannot hold {path:?}"
                )));
            }
        }
        let files = Arc::new(files);
        Ok(MemoryDir { files, access })
    }

    /// What is in it at the start, by paths.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// What guests may do with it.
    pub fn access(&self) -> Access {
        self.access
    }

    pub(super) fn covers(&self, other: &MemoryDir) -> bool {
        self.files == other.files && self.access >= other.access
    }

    pub(super) fn meet(&self, other: &MemoryDir) -> Option<MemoryDir> {
        let access = self.access.min(other.access);
        let files = self.files.clone();
        (self.files == other.files).then_some(MemoryDir { files, access })
    }
}

/// A path must be relative and stay inside.
fn check(path: &str) -> Result<()> {
    let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
    // Windows has more ways to say where a path starts.
    let mut parts = std::path::Path::new(path).components();
    let is_plain = parts.all(|part| matches!(part, std::path::Component::Normal(_)));
    match is_plain && path.split('/').all(is_name) {
        true => Ok(()),
        false => Err(wrong(&format!(
            "{path:?} is no path of a file inside a folder; write a/b.txt, without .."
        ))),
    }
}
