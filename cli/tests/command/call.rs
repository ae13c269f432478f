//! `landbridge call`.

use crate::guests::*;
use crate::scratch::{Scratch, shared};

fn calc() -> Scratch {
    Scratch::with("calc.wat", CALC)
}

#[track_caller]
fn gives(args: &[&str], lines: &str) {
    let args = [&["call", "calc.wat"], args].concat();
    calc().run(&args).prints(lines);
}

#[test]
fn integers() {
    gives(&["add", "2", "3"], "5\n");
    gives(&["add", "-2", "0xff"], "253\n");
    gives(&["add", "--", "-0x1", "4294967295"], "-2\n");
    gives(&["add64", "18446744073709551615", "0"], "-1\n");
}

#[test]
fn floats_with_all_their_bits() {
    gives(&["half", "3"], "1.5\n");
    gives(&["half", "-1e30"], "-5e29\n");
    gives(&["half", "--", "-inf"], "-inf\n");
    gives(&["same", "nan:0x1"], "nan:0x1\n");
    gives(&["same", "--", "-nan"], "-nan\n");
    gives(&["same", "-0.0"], "-0.0\n");
}

#[test]
fn vectors_and_references() {
    gives(&["turn", "0xff"], "0xffffffffffffffffffffffffffffff00\n");
    gives(&["keep", "null"], "null\n");
    gives(&["small", "-7"], "-7\n");
}

#[test]
fn results_are_one_a_line() {
    gives(&["swap", "1", "2"], "2.0\n1\n");
    gives(&["nothing"], "");
}

#[test]
fn options_may_stand_anywhere() {
    gives(&["add", "2", "3", "--timeout", "1m", "--no-cache"], "5\n");
    gives(&["--fuel", "1000", "add", "2", "3"], "5\n");
}

#[test]
fn what_does_not_fit_the_type_is_wrong_use() {
    let calc = calc();
    let run = |args: &[&str]| calc.run(&[&["call", "calc.wat"], args].concat());
    run(&["add", "2"]).fails(2, "type: add: expected 2 (i32, i32), got 1\n");
    run(&["add", "2", "x"]).fails(2, "type: argument 2 of add: \"x\" is no i32\n");
    run(&["add", "2", "4294967296"])
        .fails(2, "range: argument 2 of add: 4294967296 is out of range");
    run(&["turn", "7"]).fails(2, "type: argument 1 of turn");
    run(&["keep", "7"]).fails(2, "type: argument 1 of keep");
}

#[test]
fn an_unknown_export_is_told_with_those_there_are() {
    let ran = calc().run(&["call", "calc.wat", "sub"]);
    ran.fails(
        1,
        "not_found: no export is named \"sub\"; there is add, add64",
    );
    calc()
        .run(&["call", "calc.wat", "memory"])
        .fails(1, "not_found: the export \"memory\" is a memory");
}

#[test]
fn a_program_is_run() {
    let ran = Scratch::with("cat.wat", CAT).run(&["call", "cat.wat", "main"]);
    ran.fails(1, "not_found");
    ran.says("hint: this is a program: landbridge run cat.wat\n");
}

#[test]
fn a_trap_has_its_frames() {
    let ran = calc().run(&["call", "calc.wat", "divide", "1", "0"]);
    ran.fails(70, "trap: integer divide by zero\n    at calc!divide @ 0x");
    calc()
        .run(&["call", "calc.wat", "throw"])
        .fails(70, "exception: ");
}

#[test]
fn each_limit_has_its_kind() {
    let calc = calc();
    calc.run(&["call", "calc.wat", "loop", "--timeout", "50ms"])
        .fails(124, "timeout: ");
    calc.run(&["call", "calc.wat", "loop", "--fuel", "10000"])
        .fails(70, "fuel: ");
    calc.run(&["call", "calc.wat", "grow", "--memory", "64KiB"])
        .fails(70, "memory_limit: ");
    calc.run(&["call", "calc.wat", "grow", "--memory", "128KiB"])
        .prints("");
    calc.run(&["call", "calc.wat", "nothing", "--memory", "1KiB"])
        .fails(70, "memory_limit: ");
}

#[test]
fn nothing_is_granted_unless_asked() {
    let needs = Scratch::with("needs.wat", NEEDS);
    needs.run(&["call", "needs.wat", "clock"]).prints("0\n");
    needs
        .run(&["call", "needs.wat", "clock", "--clock", "fixed=12345"])
        .prints("12345\n");
    let seeded = ["call", "needs.wat", "random", "--random", "seed=1"];
    let (one, other) = (needs.run(&seeded), needs.run(&seeded));
    one.prints(&other.stdout);
    assert_ne!(one.stdout, "0\n");
}

#[test]
fn a_reactor_is_initialised_and_its_exit_code_kept() {
    let scratch = Scratch::new();
    let wasi = shared("wasi.wat");
    scratch.run(&["call", &wasi, "initialised"]).prints("1\n");
    let ran = scratch.run(&["call", &wasi, "exit", "3"]);
    assert_eq!((ran.code, &*ran.stderr), (3, ""));
}

#[test]
fn imports_of_a_host_are_named() {
    let text = r#"(module (import "env" "log" (func (param i32))) (func (export "f")))"#;
    let ran = Scratch::with("wants.wat", text).run(&["call", "wants.wat", "f"]);
    ran.fails(1, "link: ");
    ran.says("log");
}

#[test]
fn options_of_the_engine() {
    let wide = r#"(module (func (export "f") (result i64 i64)
        (i64.mul_wide_u (i64.const -1) (i64.const -1))))"#;
    let scratch = Scratch::with("wide.wat", wide);
    let ran = scratch.run(&["call", "wide.wat", "f"]);
    ran.fails(1, "compile: wide.wat: ");
    ran.says("hint: give --wide-arithmetic\n");
    scratch
        .run(&["call", "wide.wat", "f", "--wide-arithmetic"])
        .prints("1\n-2\n");
    scratch.write(
        "small.wat",
        r#"(module (memory 10 (pagesize 1)) (func (export "f") (result i32) memory.size))"#,
    );
    scratch
        .run(&["call", "small.wat", "f"])
        .says("hint: give --custom-page-sizes\n");
    scratch
        .run(&["call", "small.wat", "f", "--custom-page-sizes"])
        .prints("10\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_of_little_address_space() {
    let scratch = Scratch::with(
        "small.wat",
        r#"(module (memory 1) (func (export "f") (result i32) (memory.grow (i32.const 1))))"#,
    );
    let limited = |options: &[&str]| {
        let script = r#"ulimit -v 3145728 && exec "$0" call small.wat f "$@""#;
        let mut command = std::process::Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_landbridge")]);
        let ran = command.args(options).current_dir(scratch.path()).output();
        let ran = ran.expect("a shell");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&ran.stdout), text(&ran.stderr))
    };
    assert_eq!(limited(&[]), ("1\n".to_owned(), String::new()));
    let small = limited(&["--memory-reservation", "64MiB", "--deterministic"]);
    assert_eq!(small, ("1\n".to_owned(), String::new()));
    let (stdout, stderr) = limited(&["--memory-reservation", "4GiB"]);
    assert_eq!(stdout, "");
    assert!(stderr.contains("too little address space"), "{stderr}");
    assert!(
        stderr.contains("hint: give --memory-reservation SIZE"),
        "{stderr}"
    );
}

#[test]
fn what_compiling_may_cost() {
    let with = |cost| {
        calc().run(&[
            "call",
            "--no-cache",
            "--compile-cost",
            cost,
            "calc.wat",
            "add",
            "2",
            "3",
        ])
    };
    with("none").prints("5\n");
    with("0").fails(70, "limit: compiling this module costs ");
    let ran = with("all");
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("expected a whole number, or `none`"),
        "{}",
        ran.stderr
    );
}
