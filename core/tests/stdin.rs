//! Guests that read the process's own standard input, several at once.

use std::io::Write;
use std::process::{Command, Stdio as Pipe};
use std::time::Duration;

use landbridge::*;

const READER: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 4)
    (data (i32.const 16) "\00\00\01\00\00\00\02\00")
    (func (export "read") (result i32)
        (drop (call $read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 8)))
        (i32.load (i32.const 8))))"#;

/// The variable that tells this program that it is the child, with the input.
const CHILD: &str = "LANDBRIDGE_READS_STDIN";

/// In the child: what each of some guests got.
fn read_all() -> Vec<Result<Vec<Value>>> {
    let module = Module::new(READER).unwrap();
    let sandbox = Sandbox {
        limits: Limits {
            timeout: Some(Duration::from_millis(500)),
            ..Limits::default()
        },
        stdio: Stdio {
            stdin: Input::Inherit,
            ..Stdio::default()
        },
        ..Sandbox::default()
    };
    let guests: Vec<_> = (0..32)
        .map(|_| module.instantiate_with(&Imports::new(), &sandbox).unwrap())
        .collect();
    let guests = guests.into_iter();
    let threads = guests.map(|it| std::thread::spawn(move || it.call("read", &[])));
    let threads: Vec<_> = threads.collect();
    let joined = threads.into_iter().map(|it| it.join().unwrap());
    joined.collect()
}

/// Runs one test of this program with an input that stays open, until it has ended.
fn run_with_input(test: &str, input: &[u8]) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1")
        .stdin(Pipe::piped())
        .spawn()
        .unwrap();
    // Kept open: a guest for which there is nothing waits for more.
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(input).unwrap();
    // A guest that misses its deadline here waits for ever.
    for _ in 0..600 {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        // sleeps: a poll
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    false
}

#[test]
fn of_many_readers_one_gets_what_is_there_and_all_others_are_ended() {
    if std::env::var_os(CHILD).is_none() {
        let name = "of_many_readers_one_gets_what_is_there_and_all_others_are_ended";
        assert!((0..5).all(|_| run_with_input(name, b"one line\n")));
        return;
    }
    let (got, ended): (Vec<_>, Vec<_>) = read_all().into_iter().partition(Result::is_ok);
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].as_ref().unwrap(), &[Value::I32(9)]);
    let is_timeout =
        |it: &Result<Vec<Value>>| it.as_ref().unwrap_err().kind() == ErrorKind::Timeout;
    assert!(ended.iter().all(is_timeout), "{ended:?}");
}

/// A pipe holds as much as one look at it takes; a guest that asks for more gets that.
#[test]
fn a_reader_is_given_what_is_there_and_does_not_wait_for_the_rest() {
    if std::env::var_os(CHILD).is_none() {
        let name = "a_reader_is_given_what_is_there_and_does_not_wait_for_the_rest";
        assert!(run_with_input(name, &[7; 64 << 10]));
        return;
    }
    let got: Vec<_> = read_all().into_iter().filter_map(Result::ok).collect();
    assert_eq!(got, [[Value::I32(64 << 10)]]);
}
