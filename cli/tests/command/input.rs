//! Modules that come from standard input.

use crate::guests::*;
use crate::scratch::Scratch;

#[test]
fn each_command_takes_a_module_from_its_input() {
    let scratch = Scratch::new();
    let feed = |args: &[&str], text: &str| scratch.feed(args, text.as_bytes());
    feed(&["run", "-", "--x"], ECHO).prints("-\0--x\0");
    feed(&["call", "-", "add", "2", "3"], CALC).prints("5\n");
    let told = feed(&["inspect", "-"], CALC);
    assert_eq!(told.code, 0);
    assert!(told.stdout.contains("add"), "{told:?}");
    feed(&["compile", "-", "-o", "calc.code"], CALC).prints("");
    scratch
        .run(&["call", "--precompiled", "calc.code", "add", "2", "3"])
        .prints("5\n");
}

#[test]
fn what_cannot_come_from_the_input_is_told() {
    let scratch = Scratch::new();
    let ran = scratch.feed(&["compile", "-"], CALC.as_bytes());
    ran.fails(
        2,
        "type: a module from standard input has no name: give --output FILE",
    );
    let ran = scratch.run(&["call", "--precompiled", "-", "add"]);
    ran.fails(
        1,
        "io: a precompiled module is used where it lies: give its file",
    );
    scratch.run(&["run", "-"]).fails(1, "compile: ");
}
