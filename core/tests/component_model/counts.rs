//! What came of each folder, and what is known not to do as the suite says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) files: u32,
    pub(crate) passed: u32,
    /// Of `known.json`.
    pub(crate) known: u32,
    /// What needs async functions, streams, futures or threads.
    pub(crate) asynchronous: u32,
    /// What needs other types than those of WIT 0.2.
    pub(crate) types: u32,
}

type Folders = BTreeMap<String, Counts>;

pub(crate) fn show(folders: &Folders) {
    println!(
        "{:12}{:>6}{:>8}{:>8}{:>8}{:>8}",
        "folder", "files", "passed", "known", "async", "types"
    );
    for (name, it) in folders {
        println!(
            "{name:12}{:6}{:8}{:8}{:8}{:8}",
            it.files, it.passed, it.known, it.asynchronous, it.types
        );
    }
}

/// With the report in the tree, which is written anew if `UPDATE_REPORT` is there.
pub(crate) fn compare(folders: &Folders, path: &Path) {
    let line = |(name, it): (&String, &Counts)| {
        format!(
            "  \"{name}\": {{\"files\": {}, \"passed\": {}, \"known\": {}, \"async\": {}, \"types\": {}}}",
            it.files, it.passed, it.known, it.asynchronous, it.types
        )
    };
    let lines: Vec<_> = folders.iter().map(line).collect();
    let report = format!("{{\n{}\n}}\n", lines.join(",\n"));
    if std::env::var_os("UPDATE_REPORT").is_some() {
        std::fs::write(path, &report).expect("the report");
    }
    let before = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(report, before, "UPDATE_REPORT=1 writes the report anew");
}

/// The places of `known.json` that nobody came by yet.
pub(crate) struct Known(BTreeSet<String>);

impl Known {
    pub(crate) fn read(path: &Path) -> Known {
        let lists: BTreeMap<String, Vec<String>> =
            serde_json::from_value(crate::json(path)).expect("lists of places");
        Known(lists.into_values().flatten().collect())
    }

    pub(crate) fn take(&mut self, at: &str) -> bool {
        self.0.remove(at)
    }

    pub(crate) fn left(&self) -> impl Iterator<Item = &String> {
        self.0.iter()
    }
}
