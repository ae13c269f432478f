//! `landbridge compile`, and the use of what it made.

use crate::guests::*;
use crate::scratch::Scratch;

#[test]
fn what_is_compiled_is_called_and_run() {
    let scratch = Scratch::with("calc.wat", CALC);
    scratch.write("cat.wat", CAT);
    scratch.run(&["compile", "calc.wat"]).prints("");
    scratch
        .run(&["call", "--precompiled", "calc.code", "add", "2", "3"])
        .prints("5\n");
    scratch
        .run(&["call", "--precompiled", "calc.code", "loop", "--fuel", "99"])
        .fails(70, "fuel: ");
    scratch
        .run(&["compile", "cat.wat", "-o", "other", "--no-cache"])
        .prints("");
    let ran = scratch.feed(&["run", "--precompiled", "other"], b"text");
    assert_eq!((ran.code, &*ran.stdout), (7, "text"));
}

#[test]
fn code_is_not_taken_without_the_word() {
    let scratch = Scratch::with("calc.wat", CALC);
    scratch.run(&["compile", "calc.wat"]).prints("");
    let ran = scratch.run(&["call", "calc.code", "add", "2", "3"]);
    ran.fails(1, "compile: calc.code: ");
    ran.says("hint: give --precompiled if you trust");
    let ran = scratch.run(&["call", "--precompiled", "calc.wat", "add", "2", "3"]);
    ran.fails(1, "compile: calc.wat: ");
    ran.says("hint: leave out --precompiled");
}

#[test]
fn other_options_of_the_engine_are_told() {
    let scratch = Scratch::with("calc.wat", CALC);
    scratch
        .run(&["compile", "calc.wat", "--wide-arithmetic"])
        .prints("");
    let ran = scratch.run(&["call", "--precompiled", "calc.code", "add", "2", "3"]);
    ran.fails(1, "compile: ");
    ran.says("hint: give the same options");
}

#[test]
fn what_cannot_be_written() {
    let scratch = Scratch::with("calc.wat", CALC);
    scratch
        .run(&["compile", "calc.wat", "-o", "none/calc.code"])
        .fails(1, "io: none/calc.code: ");
    assert_eq!(scratch.read("calc.wat"), CALC);
}
