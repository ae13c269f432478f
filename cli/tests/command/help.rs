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
    for command in ["run", "call", "inspect", "compile", "completions"] {
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
        &["run", "calc.wat", "--dir", ":/data"],
        &["run", "calc.wat", "--env", "LANDBRIDGE_NOT_SET"],
        &["run", "calc.wat", "--env", "=1"],
        &["run", "calc.wat", "--timeout", "soon"],
        &["run", "calc.wat", "--memory", "lots"],
        &["run", "calc.wat", "--fuel", "-1"],
        &["run", "calc.wat", "--clock", "fixed=soon"],
        &["run", "calc.wat", "--random", "some"],
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
