//! What no host runs: `conformance/spec-skips.json`.

use std::collections::{BTreeMap, HashSet};

pub(crate) struct Skips(HashSet<String>);

impl Skips {
    pub(crate) fn read() -> Skips {
        let lists: BTreeMap<String, Vec<String>> =
            serde_json::from_value(crate::json("conformance/spec-skips.json"))
                .expect("lists of names");
        Skips(lists.into_values().flatten().collect())
    }

    pub(crate) fn file(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    pub(crate) fn line(&self, name: &str, line: u64) -> bool {
        self.0.contains(&format!("{name}:{line}"))
    }
}
