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
fn what_it_was_built_for_and_what_it_seems_to_be() {
    let go = r#"(module (import "gojs" "runtime.wasmExit" (func (param i32))))"#;
    let scratch = Scratch::with("go.wat", go);
    let ran = scratch.run(&["inspect", "go.wat"]);
    let said = "\nbuilt for another host\n  the module was built by Go for JavaScript";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
    let ran = scratch.run(&["inspect", "--json", "go.wat"]);
    let told: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert!(
        told["built_for"]
            .as_str()
            .is_some_and(|it| it.contains("GOOS=wasip1"))
    );
    scratch.write("passwd", "root:secret:0:0\n");
    for command in ["inspect", "run"] {
        let ran = scratch.run(&[command, "passwd"]);
        ran.fails(
            1,
            "compile: passwd: this seems to be a text, but no WebAssembly text",
        );
        assert!(!ran.stderr.contains("secret"), "{}", ran.stderr);
    }
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
    let name = r"a\1b[2J\c2\9b2J\0ab\e2\80\ae";
    let module = format!(
        r#"(module (@name "{name}") (import "{name}" "{name}" (func)) (func (export "{name}")) (@custom "{name}" ""))"#
    );
    let scratch = Scratch::with("evil.wat", &module);
    for args in [
        &["inspect", "evil.wat"][..],
        &["inspect", "--json", "evil.wat"],
        &["call", "evil.wat", "f"],
    ] {
        let ran = scratch.run(args);
        let told = ran.stdout.clone() + &ran.stderr;
        assert!(
            !told.contains(|c: char| c.is_control() && c != '\n'),
            "{ran:?}"
        );
        assert!(
            !told.contains('\u{202e}') && !told.contains("\nb"),
            "{ran:?}"
        );
    }
}

#[test]
fn long_names_are_cut_in_text_and_whole_in_json() {
    let (name, params) = ("x".repeat(90_000), "i32 ".repeat(1000));
    let module = format!(
        r#"(module (import "{name}" "{name}" (func)) (func (export "{name}") (param {params})))"#
    );
    let scratch = Scratch::with("long.wat", &module);
    let ran = scratch.run(&["inspect", "long.wat"]);
    assert!(ran.stdout.len() < 4_000, "{} bytes", ran.stdout.len());
    let told = scratch.run(&["inspect", "--json", "long.wat"]).stdout;
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["exports"][0]["name"], name);
    let ty = told["exports"][0]["type"].as_str().expect("a text");
    assert_eq!(ty.matches("i32").count(), 1000);
}

#[test]
fn many_modules_that_are_asked_for_are_counted_at_once() {
    let imports = |i| format!(r#"(import "m{}" "f" (func))"#, i % 60_000);
    let module: String = (0..120_000).map(imports).collect();
    let scratch = Scratch::with("many.wat", &format!("(module {module})"));
    let ran = scratch.run(&["inspect", "many.wat"]);
    assert!(
        ran.stdout
            .ends_with("m59999  2 imports, which a program that embeds it lends\n")
    );
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
