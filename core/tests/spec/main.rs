//! Runs the official test suite through the Rust API: see `conformance/spec/README.md`.

mod counts;
mod file;
mod skips;
mod spectest;
mod value;

use std::path::{Path, PathBuf};
use std::time::Instant;

use landbridge::{Engine, EngineOptions};
use serde_json::Value as Json;

use counts::Counts;
use skips::Skips;

/// A folder or file of the tree.
fn tree(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(tree(path)).unwrap_or_else(|e| {
        panic!(
            "{path}: {e}; `cargo run --release -p landbridge-spec -- target/spec` makes the lists"
        )
    })
}

fn json(path: &str) -> Json {
    serde_json::from_slice(&bytes(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn names() -> Vec<String> {
    let only = std::env::var("SPEC").unwrap_or_default();
    let names: Vec<String> = serde_json::from_value(json("target/spec/index.json")).expect("names");
    names
        .into_iter()
        .filter(|name| name.contains(&only))
        .collect()
}

fn engine() -> Engine {
    let options = EngineOptions {
        wide_arithmetic: true,
        custom_page_sizes: true,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

#[test]
fn suite_holds() {
    let (start, engine, skips) = (Instant::now(), engine(), Skips::read());
    let names = names();
    let mut counts = Counts::default();
    for name in &names {
        counts += file::run(&engine, &skips, name);
    }
    let (files, seconds) = (names.len(), start.elapsed().as_secs_f64());
    println!("spec core: {files} files, {counts}, {seconds:.1} s");
    assert_eq!(counts.failed, 0);
}
