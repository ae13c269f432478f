//! `landbridge embed`, and what `inspect` tells of a component.

use serde_json::{Value, json};

use crate::scratch::{Scratch, shared};

const WIT: &str = include_str!("../../../conformance/modules/painter.wit");

#[test]
fn a_text_is_embedded_and_told() {
    let scratch = Scratch::new();
    scratch.write("other.wit", WIT);
    let shapes = shared("painter.wat");
    scratch
        .run(&["embed", &shapes, "other.wit", "-o", "painter.wasm"])
        .prints("");
    let ran = scratch.run(&["inspect", "painter.wasm"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in [
        "painter.wasm: a component, ",
        "\nworld demo:app/painter@1.2.0 {\n",
        "  /// Greets somebody.\n  export hello: func(name: string) -> string;\n",
        "\nmemories\n  memory 1 ",
        "\n  landbridge:wit  ",
        "\nasks of WASI\n  arguments  not lent to components yet\n  files      not lent to components yet\n",
        "\nasks of its host\n  demo:app/host@1.0.0  1 import, ",
    ] {
        assert!(
            ran.stdout.contains(line),
            "{line:?} is not in {}",
            ran.stdout
        );
    }
    let json = scratch.run(&["inspect", "--json", "painter.wasm"]).stdout;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["role"], "component");
    assert_eq!(json["world"]["name"], "demo:app/painter@1.2.0");
    assert_eq!(json["world"]["exports"][1]["docs"], "Greets somebody.");
    let shapes = &json["world"]["exports"][0];
    let draw = &shapes["functions"][4];
    assert_eq!(
        (&draw["own_name"], &draw["resource"], &draw["role"]),
        (&json!("draw"), &json!("canvas"), &json!("method"))
    );
    assert_eq!(
        shapes["types"][0]["fields"][1],
        json!({"docs": "Downwards.", "name": "y", "type": "f64"})
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let scratch = Scratch::with("calc.wat", "(module)");
    scratch.write("painter.wit", WIT);
    scratch.write("none.wit", "package a:b;\ninterface i {}");
    scratch.write("bad.wit", "package");
    let shapes = shared("painter.wat");
    for (file, wit, said) in [
        ("calc.wat", "painter.wit", "compile: this is a core module"),
        (&*shapes, "none.wit", "compile: the WIT text has none"),
        (&*shapes, "bad.wit", "compile: this is no WIT"),
        (&*shapes, "gone.wit", "io: gone.wit: "),
        ("gone.wasm", "painter.wit", "io: gone.wasm: "),
    ] {
        let ran = scratch.run(&["embed", file, wit, "-o", "out.wasm"]);
        ran.fails(1, said);
    }
    assert!(!scratch.path().join("out.wasm").exists());
}
