//! Runs the official tests of the component model, and those of a parser of it as hostile input: see
//! `conformance/component-model/README.md`.

mod counts;
mod file;
mod parser;
#[path = "../worlds/plain.rs"]
mod plain;
mod value;
#[path = "../worlds/wit.rs"]
mod wit;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use landbridge::{CompileCache, Engine, EngineOptions};
use serde_json::Value as Json;

use counts::{Counts, Known};
use file::{Off, Outcome};

fn tree(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../conformance/component-model")
        .join(path)
}

/// What is run once is not kept.
fn engine() -> Engine {
    let options = EngineOptions {
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

/// The names of the files of a folder, such as `values/strings`, in their order.
fn names(folder: &str) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![tree(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("a file").path();
            match path.extension() {
                None if path.is_dir() => folders.push(path),
                Some(ext) if ext == "wast" => found.push(path),
                _ => {}
            }
        }
    }
    let top = tree(folder);
    let name = |path: &PathBuf| {
        let name = path
            .strip_prefix(&top)
            .expect("a file of the folder")
            .with_extension("");
        name.to_string_lossy().replace('\\', "/")
    };
    let only = std::env::var("SPEC").unwrap_or_default();
    let mut names: Vec<_> = found
        .iter()
        .map(name)
        .filter(|it| it.contains(&only))
        .collect();
    names.sort();
    names
}

/// The files are read with characters that could mislead a reader: they are about those.
fn read<T>(path: &Path, run: impl FnOnce(&str, wast::Wast<'_>) -> T) -> Result<T, String> {
    let text = std::fs::read_to_string(path).expect("a file");
    let mut lexer = wast::lexer::Lexer::new(&text);
    lexer.allow_confusing_unicode(true);
    let said = |e: wast::Error| format!("{}: {e}", path.display());
    let buffer = wast::parser::ParseBuffer::new_with_lexer(lexer).map_err(said)?;
    let wast = wast::parser::parse(&buffer).map_err(said)?;
    Ok(run(&text, wast))
}

#[test]
fn suite_holds() {
    let (engine, mut known) = (engine(), Known::read(&tree("known.json")));
    let (mut folders, mut wrong) = (BTreeMap::new(), Vec::new());
    for name in names("test") {
        let folder = name.split('/').next().expect("a folder").to_owned();
        let counts: &mut Counts = folders.entry(folder).or_default();
        counts.files += 1;
        for (line, what, outcome) in
            file::run(&engine, &tree("test").join(&name).with_extension("wast"))
        {
            let at = format!("{name}:{line}");
            let listed = known.take(&at);
            match outcome {
                Outcome::Passed if listed => {
                    wrong.push(format!("{at} {what}: passes, and is listed"))
                }
                Outcome::Passed => counts.passed += 1,
                Outcome::Failed(_) if listed => counts.known += 1,
                Outcome::Failed(why) => wrong.push(format!("{at} {what}: {why}")),
                Outcome::Off(_) if listed => {
                    wrong.push(format!("{at} {what}: needs what is off, and is listed"));
                }
                Outcome::Off(Off::Async) => counts.asynchronous += 1,
                Outcome::Off(Off::Types) => counts.types += 1,
            }
        }
    }
    let all = std::env::var_os("SPEC").is_none();
    if all {
        wrong.extend(
            known
                .left()
                .map(|at| format!("{at}: is listed, and there is no such directive")),
        );
    }
    counts::show(&folders);
    assert!(
        wrong.is_empty(),
        "{} directives are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    if all {
        counts::compare(&folders, &tree("report.json"));
    }
}

/// What somebody else made, to break a parser: it may be refused, and nothing else.
#[test]
fn parser_holds() {
    let engine = engine();
    let mut counts = [0; 3];
    for name in names("parser") {
        let path = tree("parser").join(&name).with_extension("wast");
        for (count, more) in counts.iter_mut().zip(parser::run(&engine, &name, &path)) {
            *count += more;
        }
    }
    let [loaded, refused, not_made] = counts;
    println!(
        "parser: {loaded} components loaded, {refused} refused, {not_made} were no bytes and no text"
    );
    assert!(loaded > 200 && refused > 800 || std::env::var_os("SPEC").is_some());
}

fn json(path: &Path) -> Json {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
