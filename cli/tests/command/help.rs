//! What clap answers: help, wrong use, completions.

use crate::guests::CALC;
use crate::scratch::Scratch;

#[test]
fn help_has_exit_codes_and_examples() {
    let scratch = Scratch::new();
    let ran = scratch.run(&["--help"]);
    assert_eq!(ran.code, 0);
    for part in [
        "Exit codes:",
        "124 ",
        "Examples:",
        "landbridge compile calc.wasm",
    ] {
        assert!(
            ran.stdout.contains(part),
            "{part:?} is not in {}",
            ran.stdout
        );
    }
    for command in [
        "run",
        "call",
        "inspect",
        "compile",
        "embed",
        "types",
        "completions",
    ] {
        assert_eq!(scratch.run(&[command, "--help"]).code, 0, "{command}");
    }
    let version = scratch.run(&["--version"]);
    version.prints(concat!("landbridge ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn wrong_use_is_told() {
    let scratch = Scratch::with("calc.wat", CALC);
    for args in [
        &["fly"][..],
        &["run"],
        &["run", "--unknown", "calc.wat"],
        &["call", "calc.wat"],
        &["run", "--dir", ":/data", "calc.wat"],
        &["run", "--env", "LANDBRIDGE_NOT_SET", "calc.wat"],
        &["run", "--env", "=1", "calc.wat"],
        &["run", "--timeout", "soon", "calc.wat"],
        &["run", "--memory", "lots", "calc.wat"],
        &["run", "--fuel", "-1", "calc.wat"],
        &["run", "--clock", "fixed=soon", "calc.wat"],
        &["run", "--random", "some", "calc.wat"],
        &["completions", "tcsh"],
    ] {
        let ran = scratch.run(args);
        assert_eq!((ran.code, &*ran.stdout), (2, ""), "{args:?}");
        assert!(ran.stderr.starts_with("error: "), "{ran:?}");
    }
    assert_eq!(scratch.run(&[]).code, 2);
}

#[test]
fn completions_for_each_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = Scratch::new().run(&["completions", shell]);
        assert_eq!((ran.code, &*ran.stderr), (0, ""));
        assert!(ran.stdout.contains("precompiled"), "{shell}");
    }
}
