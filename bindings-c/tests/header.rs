//! Writes landbridge.h and landbridge.json from the sources and compares them with the committed files. With
//! `UPDATE_HEADER=1` the files are written anew.

#[path = "header/declared.rs"]
mod declared;
#[path = "header/description.rs"]
mod description;
#[path = "header/json.rs"]
mod json;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::description::Section;
use crate::json::Json;

/// The sections, in the order a reader needs them.
const SECTIONS: [&str; 44] = [
    "lib",
    "error",
    "types",
    "handle",
    "value",
    "module",
    "instance",
    "imports",
    "func",
    "batch",
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
    "loan",
    "pool",
    "engine",
    "inspect",
    "wit_type",
    "wit_world",
    "wit_frame",
    "wit_value",
    "wit_result",
    "wit_reader",
    "wit_func",
    "wit_imports",
    "wit_call",
    "wit_async",
    "wit_payload",
    "wit_resource",
    "wit_wrong",
    "wit_signature",
    "host",
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
fn sections() -> &'static [String] {
    static MADE: LazyLock<Vec<String>> =
        LazyLock::new(|| SECTIONS.iter().map(|name| section(name)).collect());
    &MADE
}

fn header() -> String {
    let sections = must_use(&sections().concat());
    versioned(&read("header/opening.h")) + &sections + &read("header/closing.h")
}

/// The first line of a section, which the first one has in `opening.h`.
fn title(name: &str) -> String {
    let source = read(format!("src/{name}.rs"));
    let first = source.lines().next().and_then(|it| it.strip_prefix("//! "));
    match name {
        "lib" => "Versions".to_owned(),
        _ => first.expect("a title").to_owned(),
    }
}

fn description() -> Json {
    let described = SECTIONS.iter().zip(sections()).map(|(name, text)| Section {
        name,
        title: title(name),
        all: declared::declared(text),
    });
    description::describe(&described.collect::<Vec<_>>(), env!("CARGO_PKG_VERSION"))
}

fn is_up_to_date(name: &str, made: &str) {
    let path = root().join("include").join(name);
    if std::env::var("UPDATE_HEADER").is_ok_and(|v| v == "1") {
        std::fs::write(&path, made).expect("the file can be written");
    }
    let committed = read(&path);
    let line = made
        .lines()
        .zip(committed.lines())
        .position(|(a, b)| a != b);
    assert!(
        made == committed,
        "include/{name} differs from the sources at line {line:?}; run UPDATE_HEADER=1 cargo test -p landbridge-c"
    );
}

#[test]
fn the_header_is_up_to_date() {
    is_up_to_date("landbridge.h", &header());
}

#[test]
fn the_description_is_up_to_date() {
    is_up_to_date("landbridge.json", &description().pretty());
}

/// A function of the description.
fn function<'a>(all: &'a Json, name: &str) -> &'a Json {
    let found = all.get("functions").items();
    let found = found.iter().find(|it| it.get("name").as_text() == name);
    found.unwrap_or_else(|| panic!("{name} is not described"))
}

#[test]
fn every_function_of_the_library_is_described() {
    let all = description();
    let mut exported = 0;
    for file in std::fs::read_dir(root().join("src")).expect("src is there") {
        let source = read(file.expect("a file").path());
        for (at, _) in source.match_indices("extern \"C\" fn lb_") {
            let head = source[at + "extern \"C\" fn ".len()..].split('{').next();
            let (name, params) = head.and_then(|it| it.split_once('(')).expect("a function");
            let described = function(&all, name).get("params").items();
            for param in params.split(',').filter(|param| param.contains(": Out<")) {
                let param = param.split(':').next().expect("a name").trim();
                let param = param.trim_start_matches("r#");
                let it = described
                    .iter()
                    .find(|it| it.get("name").as_text() == param);
                let direction = it.expect("it is described").get("direction").as_text();
                assert_eq!(direction, "out", "{param} of {name}");
            }
            exported += 1;
        }
    }
    assert_eq!(all.get("functions").items().len(), exported);
}

/// A function, a parameter of it, what is described of that, and how.
const FACTS: [(&str, &str, &str, &str); 29] = [
    ("lb_func_call", "results", "direction", "out"),
    ("lb_func_call", "args", "count", "nargs"),
    ("lb_func_call", "args", "nullable", "empty"),
    ("lb_func_name", "name", "count", "size"),
    ("lb_func_name", "length", "nullable", "yes"),
    ("lb_func_name", "length", "direction", "out"),
    ("lb_module_name", "name", "owner", "library"),
    ("lb_module_load_text", "engine", "nullable", "yes"),
    ("lb_module_load_text", "source", "nullable", ""),
    ("lb_module_load_text", "module", "owner", "caller"),
    ("lb_module_load_text_async", "load", "nullable", "yes"),
    ("lb_instance_call_async", "done", "nullable", "yes"),
    ("lb_call_on_done", "done", "nullable", ""),
    ("lb_imports_func", "callback", "nullable", ""),
    ("lb_imports_func", "data", "owner", "library"),
    ("lb_imports_func", "drop", "nullable", "yes"),
    ("lb_memory_read", "bytes", "direction", "out"),
    ("lb_memory_write", "bytes", "direction", "in"),
    ("lb_pool_counts", "counts", "direction", "inout"),
    ("lb_pool_close", "pool", "owner", ""),
    ("lb_pool_release", "pool", "owner", "library"),
    ("lb_error_free", "error", "nullable", "yes"),
    ("lb_error_free", "error", "owner", "library"),
    ("lb_error_host", "message", "nullable", "yes"),
    ("lb_loan_fail", "error", "owner", "library"),
    ("lb_wit_context_give", "context", "direction", "in"),
    ("lb_wit_reader_begin", "reader", "direction", "out"),
    ("lb_wit_read", "reader", "direction", "inout"),
    ("lb_wit_reader_enter", "inner", "direction", "out"),
];

#[test]
fn what_c_does_not_say_is_described() {
    let all = description();
    let param = |func: &str, name: &str, key: &str| {
        let params = function(&all, func).get("params").items();
        let found = params.iter().find(|it| it.get("name").as_text() == name);
        let found = found.unwrap_or_else(|| panic!("{func} has no {name}"));
        found.get(key).as_text().to_owned()
    };
    for (func, name, key, expected) in FACTS {
        assert_eq!(param(func, name, key), expected, "{func}: {key} of {name}");
    }
    let outcome = |func: &str| function(&all, func).get("result").get("outcome").as_text();
    for (func, expected) in [
        ("lb_func_call", "yes"),
        ("lb_error_exception", "yes"),
        ("lb_error_new", ""),
        ("lb_error_clone", ""),
        ("lb_error_throw", ""),
        ("lb_kind_name", ""),
    ] {
        assert_eq!(outcome(func), expected, "{func}");
    }
    let list = |func: &str, key: &str| {
        let all = function(&all, func).get(key).items().iter();
        all.map(Json::as_text).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(list("lb_memory_release", "errors"), "LB_KIND_CLOSED");
    assert_eq!(
        list("lb_pool_call", "errors_as"),
        "lb_instance_call lb_pool_get"
    );
    assert_eq!(list("lb_pool_call_async", "outcome_as"), "lb_pool_call");
}

/// Each name that the description gives as a type, a function or a kind is one of its own.
#[test]
fn the_description_names_what_it_describes() {
    let all = description();
    let names = |list: &str| {
        let items = all.get(list).items().iter();
        items.map(|it| it.get("name").as_text()).collect::<Vec<_>>()
    };
    let (functions, types) = (names("functions"), names("types"));
    let kinds = &all.get("enums").items()[0].get("values").items().iter();
    let kinds: Vec<_> = kinds.clone().map(|it| it.get("name").as_text()).collect();
    let check_type = |it: &Json, of: &str| {
        let words = it.get("type").as_text().split([' ', '*', '[']);
        for word in words.filter(|word| word.starts_with("lb_")) {
            assert!(types.contains(&word), "{word}, a type of {of}");
        }
    };
    for it in all.get("functions").items() {
        let name = it.get("name").as_text();
        check_type(it.get("result"), name);
        it.get("params")
            .items()
            .iter()
            .for_each(|it| check_type(it, name));
        let others = ["errors_as", "outcome_as"].map(|key| it.get(key).items().iter());
        for other in others.into_iter().flatten().map(Json::as_text) {
            assert!(functions.contains(&other), "{other}, named by {name}");
        }
        for kind in it.get("errors").items().iter().map(Json::as_text) {
            assert!(kinds.contains(&kind), "{kind}, named by {name}");
        }
    }
    for it in all.get("types").items() {
        let name = it.get("name").as_text();
        it.get("members")
            .items()
            .iter()
            .for_each(|it| check_type(it, name));
        it.get("params")
            .items()
            .iter()
            .for_each(|it| check_type(it, name));
        let release = it.get("release").as_text();
        assert!(
            release.is_empty() || functions.contains(&release),
            "{release}"
        );
        let is_handle = it.get("sort").as_text() == "handle";
        assert!(!is_handle || !release.is_empty(), "nothing releases {name}");
    }
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
