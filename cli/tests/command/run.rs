//! `landbridge run`.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::guests::*;
use crate::ran::command;
use crate::scratch::{Scratch, shared};

#[test]
fn streams_and_exit_code_pass_through() {
    let input = "all of it, in more than one read\n".repeat(10_000);
    let ran = Scratch::with("cat.wat", CAT).feed(&["run", "cat.wat"], input.as_bytes());
    assert_eq!((ran.code, &*ran.stderr), (7, ""));
    assert!(ran.stdout == input, "{} bytes", ran.stdout.len());
}

#[test]
fn arguments_and_environment() {
    let echo = Scratch::with("echo.wat", ECHO);
    echo.run(&["run", "echo.wat"]).prints("echo.wat\0");
    echo.run(&["run", "--env", "A=1=2", "echo.wat", "--", "--x", "y"])
        .prints("echo.wat\0--x\0y\0A=1=2\0");
    echo.run(&["run", "--env", "B=", "echo.wat", "x"])
        .prints("echo.wat\0x\0B=\0");
}

#[test]
fn all_words_behind_the_file_are_the_programs() {
    let echo = Scratch::with("echo.wat", ECHO);
    for word in [
        "--help",
        "-h",
        "--version",
        "--fuel",
        "--timeout=x",
        "-",
        "",
        "--dir",
    ] {
        let said = format!("echo.wat\0{word}\0--\0");
        echo.run(&["run", "echo.wat", word, "--"]).prints(&said);
    }
    echo.run(&["run", "--", "echo.wat", "--", "--", "--help"])
        .prints("echo.wat\0--\0--help\0");
    let ran = echo.run(&["run", "--unknown", "echo.wat"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let scratch = Scratch::with("echo.wat", ECHO);
    let mut command = command(scratch.path(), &["run", "echo.wat", "a"]);
    let ran = command.arg(std::ffi::OsStr::from_bytes(b"\xff")).output();
    let output = ran.expect("starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("args[2] is not Unicode text"), "{told}");
}

#[test]
fn clock_and_random_numbers_are_there_unless_taken() {
    let needs = Scratch::with("needs.wat", NEEDS);
    let code = |args: &[&str]| needs.run(&[&["run"], args, &["needs.wat"]].concat()).code;
    assert_eq!(code(&[]), 0);
    assert_eq!(code(&["--clock", "none"]), 10);
    assert_eq!(code(&["--random", "none"]), 1);
    assert_eq!(code(&["--clock=none", "--random=none"]), 11);
}

#[test]
fn a_folder_is_read_only_unless_said() {
    let scratch = Scratch::with("make.wat", MAKE);
    scratch.write("open.wat", OPEN);
    scratch.write("data/old", "");
    let code = |args: &[&str]| scratch.run(&[&["run"], args].concat()).code;
    assert_eq!(code(&["--dir", "data:/data", "open.wat"]), 0);
    assert_eq!(code(&["open.wat"]), 8, "no such descriptor");
    assert_ne!(code(&["--dir", "data:/data", "make.wat"]), 0);
    assert_ne!(code(&["--dir", "data:/data:ro", "make.wat"]), 0);
    assert!(!scratch.path().join("data/new").exists());
    assert_eq!(code(&["--dir", "data:/data:rw", "make.wat"]), 0);
    assert!(scratch.path().join("data/new").exists());
    scratch
        .run(&["run", "--dir", "none:/data", "open.wat"])
        .fails(1, "io: none: ");
}

#[test]
fn options_add_to_a_policy() {
    let scratch = Scratch::with("echo.wat", ECHO);
    scratch.write("needs.wat", NEEDS);
    scratch.write(
        "policy.json",
        r#"{"args": ["given"], "env": {"A": "1"}, "clock": "real"}"#,
    );
    scratch
        .run(&["run", "--policy", "policy.json", "echo.wat"])
        .prints("given\0A=1\0");
    scratch
        .run(&[
            "run",
            "--policy",
            "policy.json",
            "--env",
            "B=2",
            "echo.wat",
            "x",
        ])
        .prints("echo.wat\0x\0A=1\0B=2\0");
    assert_eq!(
        scratch
            .run(&["run", "--policy", "policy.json", "needs.wat"])
            .code,
        1
    );
    let ran = scratch.run(&[
        "run",
        "--policy",
        "policy.json",
        "--random",
        "secure",
        "needs.wat",
    ]);
    assert_eq!(ran.code, 0);
    scratch.write("wrong.json", r#"{"files": []}"#);
    scratch
        .run(&["run", "--policy", "wrong.json", "echo.wat"])
        .fails(1, "type: wrong.json: the policy: there is no key");
    scratch
        .run(&["run", "--policy", "none.json", "echo.wat"])
        .fails(1, "io: none.json: ");
}

#[test]
fn a_deadline_ends_work_and_waiting() {
    let scratch = Scratch::with("forever.wat", FOREVER);
    scratch.write("sleep.wat", SLEEP);
    let start = Instant::now();
    let ran = scratch.run(&["run", "--timeout", "100ms", "forever.wat"]);
    ran.fails(124, "timeout: ");
    ran.says("\n    at forever!work");
    scratch
        .run(&["run", "--timeout", "100ms", "sleep.wat"])
        .fails(124, "timeout: ");
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn waiting_for_input_ends_too() {
    let scratch = Scratch::with("cat.wat", CAT);
    let mut command = command(scratch.path(), &["run", "--timeout", "100ms", "cat.wat"]);
    let pipes = command.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("starts");
    let held = child.stdin.take();
    assert_eq!(child.wait().expect("ends").code(), Some(124));
    drop(held);
}

#[test]
fn options_come_before_limits_in_a_file() {
    let scratch = Scratch::with("forever.wat", FOREVER);
    scratch.write("limits.json", r#"{"fuel": 1000, "open_files": 3}"#);
    let run = ["run", "--limits", "limits.json", "forever.wat"];
    scratch.run(&run).fails(70, "fuel: ");
    let limits = ["--fuel", "100000000000", "--timeout", "100ms"];
    let timed = [&run[..1], &limits, &run[1..]].concat();
    scratch.run(&timed).fails(124, "timeout: ");
    scratch.write("wrong.json", r#"{"fuels": 1}"#);
    scratch
        .run(&["run", "--limits", "wrong.json", "forever.wat"])
        .fails(1, "type: wrong.json: the limits: there is no key");
    scratch
        .run(&["run", "--limits", "none.json", "forever.wat"])
        .fails(1, "io: none.json: ");
}

#[test]
fn limits_of_fuel_and_output() {
    let scratch = Scratch::with("forever.wat", FOREVER);
    scratch.write("flood.wat", FLOOD);
    scratch
        .run(&["run", "--fuel", "1000", "forever.wat"])
        .fails(70, "fuel: ");
    let ran = scratch.run(&["run", "--output-limit", "4KiB", "flood.wat"]);
    ran.fails(70, "limit: ");
    assert_eq!(ran.stdout.len(), 4096);
}

#[test]
fn a_library_is_called() {
    let ran = Scratch::with("calc.wat", CALC).run(&["run", "calc.wat"]);
    ran.fails(1, "not_found: calc.wat: this is no program");
    ran.says("hint: call a function of it: landbridge call calc.wat NAME\n");
    Scratch::new()
        .run(&["run", &shared("wasi.wat")])
        .fails(1, "not_found: ");
}

#[test]
fn a_module_for_another_host_is_told_from_a_library() {
    let go =
        r#"(module (import "gojs" "runtime.wasmExit" (func (param i32))) (func (export "run")))"#;
    let ran = Scratch::with("go.wat", go).run(&["run", "go.wat"]);
    ran.fails(1, "not_found: go.wat: this is no program, there is no _start; it exports run; the module was built by Go");
    assert!(!ran.stderr.contains("hint"), "{ran:?}");
}

#[test]
fn what_has_no_end_is_no_module() {
    for device in ["/dev/zero", "/dev/urandom"] {
        for command in ["run", "inspect", "compile"] {
            let ran = Scratch::new().run(&[command, device]);
            // Random bytes may begin as anything does.
            ran.fails(1, &format!("compile: {device}: this seems to be "));
        }
    }
}

#[test]
fn what_cannot_be_loaded() {
    let scratch = Scratch::with("broken.wasm", "\0asm\u{1}\0\0\0junk");
    scratch
        .run(&["run", "none.wasm"])
        .fails(1, "io: none.wasm: ");
    scratch
        .run(&["run", "broken.wasm"])
        .fails(1, "compile: broken.wasm: ");
    scratch.write("text.wat", "(module (func (i32.bogus)))");
    scratch
        .run(&["run", "text.wat"])
        .fails(1, "compile: text.wat: ");
}

#[test]
fn output_comes_while_the_input_is_open() {
    let scratch = Scratch::with("cat.wat", CAT);
    let mut command = command(scratch.path(), &["run", "cat.wat"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    for line in [
        "one\n",
        "a line that is longer than one read of the guest\n",
    ] {
        input.write_all(line.as_bytes()).expect("written");
        let mut read = String::new();
        output.read_line(&mut read).expect("read");
        assert_eq!(read, line);
    }
    drop(input);
    assert_eq!(child.wait().expect("ends").code(), Some(7));
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_ends_it_silently() {
    use std::os::unix::process::ExitStatusExt;
    let scratch = Scratch::with("flood.wat", FLOOD);
    let mut command = command(scratch.path(), &["run", "flood.wat"]);
    let pipes = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.signal(), Some(13), "SIGPIPE");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// Writes 100 bytes into a new file of the first folder; ends with the error number, of opening
/// times one hundred.
const SAVE: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1) (data (i32.const 50) "new")
    (func (export "_start") (local $error i32)
        (local.set $error (call $open (i32.const 3) (i32.const 0) (i32.const 50) (i32.const 3)
            (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 0)))
        (if (local.get $error)
            (then (call $exit (i32.mul (local.get $error) (i32.const 100)))))
        (i32.store (i32.const 4) (i32.const 200)) (i32.store (i32.const 8) (i32.const 100))
        (call $exit (call $write
            (i32.load (i32.const 0)) (i32.const 4) (i32.const 1) (i32.const 12)))))"#;

#[test]
fn a_folder_in_memory_and_a_limit_for_what_is_written() {
    let scratch = Scratch::with("save.wat", SAVE);
    let run = |args: &[&str]| scratch.run(&[&["run"], args, &["save.wat"]].concat());
    assert_eq!(run(&["--memory-dir", "/tmp"]).code, 0);
    let limited = [
        "--memory-dir",
        "/tmp",
        "--write-limit",
        "4100",
        "--refusals",
    ];
    let ran = run(&limited);
    assert_eq!(ran.code, 51);
    ran.says("refused: fd_write \"/tmp/new\": guests may not write more than 4100 bytes");
    assert_eq!(
        run(&["--no-signal-handlers", "--memory-dir", "/tmp"]).code,
        0
    );
}

#[test]
fn what_is_refused_is_said() {
    let scratch = Scratch::with("save.wat", SAVE);
    let ran = scratch.run(&["run", "--dir", ".:/d", "--refusals", "save.wat"]);
    ran.says("refused: path_open \"new\" below \"/d\": not permitted");
    let ran = scratch.run(&["run", "--dir", ".:/d", "save.wat"]);
    assert!(!ran.stderr.contains("refused"), "{}", ran.stderr);
}
