//! Runs the corpus of `conformance/` through the Rust API.

mod batches;
mod calls;
mod fails;
mod files;
mod hosts;
mod inspect;
mod limits;
mod refs;
mod run;
mod step;
mod values;
mod wit;
mod wit_hosts;
mod wit_values;
mod world;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

/// The folder with the corpus.
fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance")
}

fn read(path: &Path) -> Json {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The file that LANDBRIDGE_CASES names, or all files of the corpus in the order of their names.
fn files() -> Vec<PathBuf> {
    if let Some(file) = std::env::var_os("LANDBRIDGE_CASES") {
        return vec![file.into()];
    }
    let files = std::fs::read_dir(corpus().join("cases")).expect("the folder of cases");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "json"));
    files.sort();
    files
}

fn cases() -> Vec<Json> {
    let files = files();
    let lists = files.iter().map(|file| match &read(file)["cases"] {
        Json::Array(cases) => cases.clone(),
        _ => panic!("{}: no list of cases", file.display()),
    });
    lists.flatten().collect()
}

fn check_skips(skips: &Json, names: &HashSet<String>) {
    for (host, skipped) in skips.as_object().expect("hosts") {
        for name in skipped.as_object().expect("names").keys() {
            let is_case = names.contains(name);
            assert!(is_case, "{host} skips {name:?}, which is no case");
        }
    }
}

#[test]
fn corpus_holds() {
    let signals = std::env::var("LANDBRIDGE_TEST_SIGNALS").ok();
    corpus_holds_with(signals.as_deref() != Some("off"));
}

#[test]
fn corpus_holds_without_signal_handlers() {
    corpus_holds_with(false);
}

fn corpus_holds_with(signal_handlers: bool) {
    let skips = read(&corpus().join("skips.json"));
    let only = std::env::var("LANDBRIDGE_CASE").ok();
    let (mut passed, mut skipped, mut failures) = (0, 0, Vec::new());
    let mut names = HashSet::new();
    for case in cases() {
        let name = case["name"].as_str().expect("a case has a name").to_owned();
        assert!(names.insert(name.clone()), "two cases are named {name:?}");
        if only.as_ref().is_some_and(|only| name != *only) {
            continue;
        }
        if skips["core"].get(&name).is_some() {
            skipped += 1;
            continue;
        }
        match run::case(&case, signal_handlers) {
            Ok(()) => passed += 1,
            Err(why) => failures.push(format!("{name}: {why}")),
        }
    }
    if std::env::var_os("LANDBRIDGE_CASES").is_none() {
        check_skips(&skips, &names);
    }
    for failure in &failures {
        println!("FAILED {failure}");
    }
    println!(
        "conformance core: {passed} passed, {} failed, {skipped} skipped",
        failures.len()
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(passed > 0, "no case ran");
}
