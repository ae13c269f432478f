//! Whose an option is, and its short forms.

use crate::guests::*;
use crate::ran::command;
use crate::scratch::Scratch;

#[test]
fn words_behind_the_file_are_the_programs() {
    let echo = Scratch::with("echo.wat", ECHO);
    let prints = |args: &[&str], told: &str| echo.run(&[&["run"], args].concat()).prints(told);
    prints(&["echo.wat", "--verbose"], "echo.wat\0--verbose\0");
    prints(
        &["echo.wat", "-v", "--timeout", "x", "--", "y"],
        "echo.wat\0-v\0--timeout\0x\0--\0y\0",
    );
    prints(
        &["echo.wat", "in.txt", "--env", "B=2"],
        "echo.wat\0in.txt\0--env\0B=2\0",
    );
    prints(&["echo.wat", "--", "--env"], "echo.wat\0--env\0");
    prints(
        &["echo.wat", "--env", "A=1", "--verbose", "--env"],
        "echo.wat\0--env\0A=1\0--verbose\0--env\0",
    );
    prints(
        &["--env", "A=1", "--timeout", "5", "echo.wat", "--", "--help"],
        "echo.wat\0--help\0A=1\0",
    );
    prints(&["echo.wat", "-", "--x"], "echo.wat\0-\0--x\0");
}

#[test]
fn a_variable_without_a_value_is_passed_on() {
    let echo = Scratch::with("echo.wat", ECHO);
    let run = |value: Option<&str>| {
        let mut command = command(echo.path(), &["run", "--env", "LANDBRIDGE_FOO", "echo.wat"]);
        command.env_remove("LANDBRIDGE_FOO");
        if let Some(value) = value {
            command.env("LANDBRIDGE_FOO", value);
        }
        let output = command.output().expect("the command runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let told = "echo.wat\0LANDBRIDGE_FOO=a=b\0".to_owned();
    assert_eq!(run(Some("a=b")), (Some(0), told, String::new()));
    let (code, _, said) = run(None);
    assert_eq!(code, Some(2));
    assert!(said.contains("LANDBRIDGE_FOO is not set here"), "{said}");
}

#[test]
fn folders_have_short_forms() {
    let scratch = Scratch::with("make.wat", MAKE);
    scratch.write("open.wat", OPEN);
    scratch.write("old", "");
    scratch.write("data/old", "");
    let code = |args: &[&str]| scratch.run(&[&["run"], args].concat()).code;
    assert_eq!(code(&["--dir", ".", "open.wat"]), 0);
    assert_eq!(code(&["--dir", "data", "open.wat"]), 0);
    assert_eq!(code(&["--dir", "data::/data", "open.wat"]), 0);
    assert_ne!(code(&["--dir", ".", "make.wat"]), 0);
    assert_eq!(code(&["--dir", ".:rw", "make.wat"]), 0);
    assert!(scratch.path().join("new").exists());
    assert_eq!(code(&["--dir", "data::/d:rw", "make.wat"]), 0);
    assert!(scratch.path().join("data/new").exists());
}

#[test]
fn a_timeout_without_a_unit_is_seconds() {
    let scratch = Scratch::with("forever.wat", FOREVER);
    let ran = scratch.run(&["run", "--timeout", "1", "forever.wat"]);
    ran.fails(124, "timeout: the call took longer than 1000 ms");
}

#[test]
fn a_trap_tells_what_was_refused() {
    let trap = r#"(module (import "wasi_snapshot_preview1" "random_get" (func $r (param i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_start") (if (call $r (i32.const 0) (i32.const 8)) (then unreachable))))"#;
    let ran = Scratch::with("trap.wat", trap).run(&["run", "--random", "none", "trap.wat"]);
    ran.fails(70, "trap: ");
    ran.says("\nWASI refused the guest:\n    | random_get: the policy grants no random numbers\n");
}
