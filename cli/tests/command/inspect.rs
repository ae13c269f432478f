//! `landbridge inspect`.

use serde_json::{Value, json};

use crate::guests::*;
use crate::scratch::{Scratch, shared};

#[test]
fn text_has_everything() {
    let ran = Scratch::with("calc.wat", CALC).run(&["inspect", "calc.wat"]);
    assert_eq!(ran.code, 0);
    for line in [
        "calc.wat: a library named calc, ",
        "\nexports\n",
        "  add      func (i32, i32) -> (i32)\n",
        "  tag      tag (i32)\n",
        "\nmemories\n  memory 1 2  65536 bytes, may grow to 131072 bytes\n",
        "simd",
        "\ncustom sections\n  name  ",
    ] {
        assert!(
            ran.stdout.contains(line),
            "{line:?} is not in {}",
            ran.stdout
        );
    }
    assert!(!ran.stdout.contains("WASI"), "{}", ran.stdout);
}

#[test]
fn what_it_asks_for_is_in_words() {
    let scratch = Scratch::with("needs.wat", NEEDS);
    let ran = scratch.run(&["inspect", "needs.wat"]);
    for line in ["clock ", "--clock\n", "random numbers ", "--random\n"] {
        assert!(
            ran.stdout.contains(line),
            "{line:?} is not in {}",
            ran.stdout
        );
    }
    assert!(!ran.stdout.contains("files"), "{}", ran.stdout);
    let ran = scratch.run(&["inspect", &shared("wasi.wat")]);
    for line in ["files ", "--dir\n", "environment ", "arguments "] {
        assert!(
            ran.stdout.contains(line),
            "{line:?} is not in {}",
            ran.stdout
        );
    }
    scratch.write(
        "wants.wat",
        r#"(module (import "env" "log" (func)) (import "env" "m" (memory 1)))"#,
    );
    let ran = scratch.run(&["inspect", "wants.wat"]);
    assert!(ran.stdout.contains("env  2 imports"), "{}", ran.stdout);
}

#[test]
fn json_has_the_same() {
    let scratch = Scratch::with("needs.wat", NEEDS);
    let ran = scratch.run(&["inspect", "--json", "needs.wat"]);
    let told: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(told["role"], "program");
    assert_eq!(
        told["imports"][2],
        json!({"module": "wasi_snapshot_preview1", "name": "proc_exit", "sort": "func", "type": "func (i32) -> ()"})
    );
    assert_eq!(
        told["memories"],
        json!([{"min": 1, "max": null, "is_64": false, "page_bytes": 65536}])
    );
    assert_eq!(
        told["wasi"][0],
        json!({"asks_for": "clock", "grant": "--clock", "functions": ["clock_time_get"]})
    );
}

#[test]
fn every_module_of_the_suite_can_be_told() {
    let folder = shared("");
    for entry in std::fs::read_dir(&folder).expect("the suite") {
        let path = entry.expect("a file").path();
        let is_module = |end: &std::ffi::OsStr| end == "wasm" || end == "wat";
        if !path.extension().is_some_and(is_module) {
            continue;
        }
        let ran = Scratch::new().run(&["inspect", path.to_str().expect("text")]);
        assert_eq!((ran.code, &*ran.stderr), (0, ""), "{}", path.display());
    }
}

#[test]
fn names_cannot_steer_the_terminal() {
    let scratch = Scratch::with("evil.wat", r#"(module (func (export "a\1b[2Jb")))"#);
    let ran = scratch.run(&["inspect", "evil.wat"]);
    assert!(!ran.stdout.contains('\u{1b}'), "{ran:?}");
}

#[test]
fn what_is_no_module() {
    let scratch = Scratch::with("text.wat", "(module");
    scratch
        .run(&["inspect", "text.wat"])
        .fails(1, "compile: text.wat: ");
    scratch
        .run(&["inspect", "none.wat"])
        .fails(1, "io: none.wat: ");
}
