//! Programs, and what is Rust's of what guests write.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use landbridge::{
    Error, ErrorKind, Module, Output, Policy, Program, Result, Sandbox, Stdio, Value,
};

fn guest(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../conformance/modules")
        .join(name)
}

#[test]
fn the_guide_takes_lines() -> Result<()> {
    let (app, data) = (guest("args.wat"), guest(""));
    // [lines]
    let lines = Arc::new(Mutex::new(Vec::new()));
    let into = lines.clone();
    let stdout = Output::Lines(Arc::new(move |_, line| {
        into.lock().unwrap().push(line.to_owned());
        Ok(())
    }));
    let sandbox = Sandbox {
        policy: Policy::program().with_read_only_dir("/data", data)?,
        stdio: Stdio {
            stdout,
            ..Stdio::inherit()
        },
        ..Sandbox::default()
    };
    let code = Program::load(app)?.run_with(["--verbose", "in.txt"], &sandbox)?;
    // [end lines]
    assert_eq!(code, 0);
    assert_eq!(*lines.lock().unwrap(), ["args.wat\0--verbose\0in.txt\0"]);
    Ok(())
}

#[test]
fn a_program_runs_any_number_of_times() -> Result<()> {
    let program = Program::new(&Module::from_file(guest("args.wat"))?, "named")?;
    let quiet = Sandbox {
        stdio: Stdio::default(),
        ..Sandbox::program()
    };
    for _ in 0..2 {
        assert_eq!(program.run_with(["x"], &quiet)?, 0);
    }
    let instance = program.instantiate(["x"], &quiet)?;
    assert_eq!(instance.run()?, 0);
    let told = "the guest wrote to stdout:\n    | named\\u{0}x\\u{0}";
    assert_eq!(instance.store().output(), told);
    assert_eq!(program.name(), "named");
    Ok(())
}

#[test]
fn the_report_of_an_error_has_what_the_guest_wrote() {
    let quiet = Sandbox::default();
    let program = Program::load(guest("args.wat")).unwrap();
    let error = program.run_with(["trap"], &quiet).unwrap_err();
    let report = error.report();
    assert!(report.contains("\n    at args!"), "{report}");
    assert!(report.ends_with("\nthe guest wrote to stdout:\n    | args.wat\\u{0}trap\\u{0}"));
    assert!(!error.message().contains("wrote"));
}

/// The host's own exception comes out as it is; what was written waits for the next error.
#[test]
fn an_error_of_the_host_tells_nothing() {
    let sandbox = Sandbox {
        stdio: Stdio {
            stderr: Output::Lines(Arc::new(|_, _| Err(Error::host("boom", Arc::new(7))))),
            ..Stdio::default()
        },
        ..Sandbox::default()
    };
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1) (data (i32.const 0) "\08\00\00\00\03\00\00\00one")
        (func (export "write") (param i32)
            (drop (call $write (local.get 0) (i32.const 0) (i32.const 1) (i32.const 100))))
        (func (export "trap") unreachable))"#;
    let module = Module::new(wat).unwrap();
    let guest = module
        .instantiate_with(&Default::default(), &sandbox)
        .unwrap();
    guest.call("write", &[Value::I32(1)]).unwrap();
    // A line without an end comes with the end of the call, which fails then.
    let error = guest.call("write", &[Value::I32(2)]).unwrap_err();
    assert_eq!((error.kind(), error.output()), (ErrorKind::Host, ""));
    let error = guest.call("trap", &[]).unwrap_err();
    assert_eq!(error.output(), "the guest wrote to stdout:\n    | one");
}

const WASI_2: &str = r#"(component
    (core module $m (func (export "run") (result i32) (i32.const 0)))
    (core instance $m (instantiate $m))
    (func $run (result (result)) (canon lift (core func $m "run")))
    (instance $i (export "run" (func $run)))
    (export "wasi:cli/run@0.2.3" (instance $i)))"#;

#[test]
fn a_component_is_told_what_to_do_instead() {
    let refused = |text: &str| {
        let module = Module::new(text).unwrap();
        let error = module
            .instantiate(&landbridge::Imports::new())
            .unwrap()
            .run();
        let error = error.unwrap_err();
        (error.kind(), error.message().to_owned())
    };
    let (kind, text) = refused(WASI_2);
    assert_eq!(kind, ErrorKind::Unsupported);
    assert!(
        text.contains("WASI 0.2, which Landbridge does not run yet"),
        "{text}"
    );
    let (kind, text) = refused(include_str!("guide/greet.wat"));
    assert_eq!(kind, ErrorKind::NotFound);
    assert!(
        text.contains("a component and no program") && text.ends_with("there is hello"),
        "{text}"
    );
}
