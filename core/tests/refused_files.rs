//! What the operating system said of a file stands in the error, with the file's path.
#![cfg(unix)]

use std::path::Path;

use landbridge::{
    Engine, Error, ErrorKind, Imports, Input, Inspection, Module, Output, Policy, Sandbox, Stdio,
    Store,
};

const GUEST: &str = r#"(module (import "wasi_snapshot_preview1" "fd_write"
    (func (param i32 i32 i32 i32) (result i32))) (memory (export "memory") 1))"#;

/// How a guest that asks for WASI fails in this sandbox.
fn in_sandbox(sandbox: Sandbox) -> Error {
    let module = Module::new(GUEST).unwrap();
    let store = Store::with(module.engine(), &sandbox);
    let started = store.and_then(|store| store.instantiate(&module, &Imports::new()));
    started.map(drop).unwrap_err()
}

fn with_streams(stdio: Stdio) -> Error {
    in_sandbox(Sandbox {
        stdio,
        ..Sandbox::default()
    })
}

#[track_caller]
fn check(error: &Error, code: i32, path: &Path) {
    assert_eq!(error.kind(), ErrorKind::Io, "{error:?}");
    assert_eq!(error.os_code(), Some(code), "{error:?}");
    assert_eq!(error.path(), Some(path), "{error:?}");
}

#[test]
fn of_every_file_that_a_host_names() {
    let engine = Engine::shared().unwrap();
    let none = Path::new("no-such-folder/no-such-file");
    let module = Module::new(GUEST).unwrap();
    check(&Module::from_file(none).unwrap_err(), libc::ENOENT, none);
    // SAFETY: there is no file whose code would run.
    let precompiled = unsafe { Module::load_precompiled(&engine, none) };
    check(&precompiled.unwrap_err(), libc::ENOENT, none);
    check(&module.compile(none).unwrap_err(), libc::ENOENT, none);
    check(&Inspection::of_file(none).unwrap_err(), libc::ENOENT, none);
    check(&Policy::from_file(none).unwrap_err(), libc::ENOENT, none);
    let granted = Policy::none().with_read_only_dir("/", none);
    check(&in_sandbox(granted.unwrap().into()), libc::ENOENT, none);
    let stdin = Input::File(none.into());
    let error = with_streams(Stdio {
        stdin,
        ..Stdio::default()
    });
    check(&error, libc::ENOENT, none);
    let stdout = Output::File(none.into());
    let error = with_streams(Stdio {
        stdout,
        ..Stdio::default()
    });
    check(&error, libc::ENOENT, none);
}

#[test]
fn as_the_operating_system_says_it() {
    let folder = Path::new("/");
    check(
        &Module::from_file(folder).unwrap_err(),
        libc::EISDIR,
        folder,
    );
    let inside = Path::new("/dev/null/inside");
    check(
        &Module::from_file(inside).unwrap_err(),
        libc::ENOTDIR,
        inside,
    );
}

#[test]
fn others_have_none() {
    let error = Module::new("(module").unwrap_err();
    assert_eq!((error.os_code(), error.path()), (None, None));
}
