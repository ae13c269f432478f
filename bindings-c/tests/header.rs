//! Writes landbridge.h from the sources and compares it with the committed file. With
//! `UPDATE_HEADER=1` the file is written anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The sections, in the order a reader needs them.
const SECTIONS: [&str; 27] = [
    "lib",
    "error",
    "types",
    "handle",
    "value",
    "module",
    "instance",
    "imports",
    "func",
    "memory",
    "table",
    "global",
    "tag",
    "exception",
    "gc",
    "limits",
    "stdio",
    "store",
    "policy",
    "network",
    "sandbox",
    "program",
    "call",
    "loading",
    "pool",
    "engine",
    "inspect",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What cbindgen makes of one file: its types and functions.
fn declarations(name: &str, source: &str) -> String {
    // cbindgen would follow the modules that a file declares, and does not know `Out`, which is a pointer.
    let lines = source.lines().filter(|line| !line.starts_with("pub mod "));
    let lines = lines.map(|line| match line.split_once("Out<") {
        Some((name, rest)) => name.to_owned() + "*mut " + &rest.replacen('>', "", 1),
        None => line.to_owned(),
    });
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("section-{name}.rs"));
    std::fs::write(&path, lines.collect::<Vec<_>>().join("\n")).expect("the file can be written");
    let config = cbindgen::Config::from_file(root().join("cbindgen.toml")).expect("cbindgen.toml");
    let builder = cbindgen::Builder::new().with_config(config).with_src(path);
    let mut text = Vec::new();
    builder
        .generate()
        .expect("the sources parse")
        .write(&mut text);
    String::from_utf8(text).expect("headers are UTF-8")
}

/// The module's own comment, whose first line is the title.
fn preface(source: &str) -> String {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let mut text = format!("\n// {}\n//\n", "-".repeat(96));
    for line in lines {
        writeln!(text, "//{line}").expect("a String takes all");
    }
    text + "\n"
}

fn section(name: &str) -> String {
    let source = read(format!("src/{name}.rs"));
    let mut text = match name {
        "lib" => "\n".to_owned(),
        _ => preface(&source),
    };
    let numbers = format!("header/numbers_of_{name}.h");
    if root().join(&numbers).exists() {
        text += &by_hand(&numbers);
        text += "\n";
    }
    text += declarations(name, &source).trim_start();
    let extra = format!("header/{name}.h");
    if root().join(&extra).exists() {
        text += "\n";
        text += &by_hand(&extra);
    }
    text
}

/// A file of `header`, without the marks of what is generated there.
fn by_hand(path: &str) -> String {
    let text = read(path);
    let is_mark = |line: &&str| line.starts_with("// generated: ") || *line == "// end generated";
    text.lines()
        .filter(|line| !is_mark(line))
        .fold(String::new(), |text, line| text + line + "\n")
}

/// Who ignores an error neither hears of it nor frees it. What gives something up fails by misuse only.
fn must_use(sections: &str) -> String {
    let mut text = String::new();
    for line in sections.lines() {
        let name = line.strip_prefix("lb_error_t *lb_");
        let name = name.and_then(|rest| rest.split('(').next());
        let gives_up = |name: &str| name.ends_with("_release") || name.ends_with("_close");
        if name.is_some_and(|name| !gives_up(name)) {
            text += "LB_MUST_USE\n";
        }
        text += line;
        text += "\n";
    }
    text
}

/// With the version, which `Cargo.toml` has.
fn versioned(opening: &str) -> String {
    let part = |part: &str| part.parse::<u32>().expect("a number");
    let number = 1_000_000 * part(env!("CARGO_PKG_VERSION_MAJOR"))
        + 1000 * part(env!("CARGO_PKG_VERSION_MINOR"))
        + part(env!("CARGO_PKG_VERSION_PATCH"));
    opening
        .replace("@NUMBER@", &number.to_string())
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
}

/// Made once: the tests run at the same time and the sections pass through files.
fn header() -> &'static str {
    static HEADER: LazyLock<String> = LazyLock::new(|| {
        let sections: String = SECTIONS.iter().map(|name| section(name)).collect();
        versioned(&read("header/opening.h")) + &must_use(&sections) + &read("header/closing.h")
    });
    &HEADER
}

#[test]
fn the_header_is_up_to_date() {
    let (path, made) = (root().join("include/landbridge.h"), header());
    if std::env::var("UPDATE_HEADER").is_ok_and(|v| v == "1") {
        std::fs::write(&path, made).expect("the header can be written");
    }
    let committed = read("include/landbridge.h");
    let line = made
        .lines()
        .zip(committed.lines())
        .position(|(a, b)| a != b);
    assert!(
        made == committed,
        "include/landbridge.h differs from the sources at line {line:?}; run UPDATE_HEADER=1 cargo test -p landbridge-c"
    );
}

#[test]
fn every_number_of_the_core_is_in_the_header() {
    let header = header();
    let kinds = landbridge::ErrorKind::ALL
        .iter()
        .map(|k| ("KIND", k.name(), k.number()));
    let traps = landbridge::TrapCode::ALL
        .iter()
        .map(|c| ("TRAP", c.name(), c.number()));
    for (group, name, number) in kinds.chain(traps) {
        let line = format!("  LB_{group}_{} = {number},", name.to_uppercase());
        assert!(header.contains(&line), "{line}");
    }
}
