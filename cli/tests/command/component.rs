//! `landbridge call` of components.

use crate::guests::*;
use crate::ran::Ran;
use crate::scratch::Scratch;

fn call(args: &[&str]) -> Ran {
    let people = Scratch::with("people.wat", PEOPLE);
    people.run(&[&["call", "people.wat"], args].concat())
}

#[test]
fn arguments_and_results_are_texts() {
    call(&["hello", "\"Ada\""]).prints("\"Hello, Ada\"\n");
    call(&["hello", r#""\u{1f600}\n""#]).prints("\"Hello, \u{1f600}\\n\"\n");
    call(&["greet", r#"{name: "Ada", age: 36}"#]).prints("\"Hello, Ada\"\n");
    call(&["count", "[1, nan, -inf]"]).prints("3\n");
    call(&["count", "[]", "some(5)"]).prints("0\n");
    call(&["nothing"]).prints("");
}

#[test]
fn a_result_can_be_given_again() {
    let ada = r#"{name: "Ada", age: 36, email: some("ada@example.org")}"#;
    call(&["same", ada]).prints(&format!("{ada}\n"));
    call(&["same", "{age: 1, email: none, name: \"\"}"]).prints("{name: \"\", age: 1}\n");
}

#[test]
fn functions_of_interfaces() {
    call(&["demo:app/shapes@1.2.0#area", "circle(2.5)"]).prints("6.25\n");
    call(&["shapes#area", "circle(-3)"]).prints("9.0\n");
    call(&["shapes#area", "point"]).prints("0.0\n");
}

#[test]
fn an_err_is_printed_and_is_an_exit_code() {
    call(&["half", "8"]).prints("ok(4)\n");
    let ran = call(&["half", "7"]);
    assert_eq!((ran.code, &*ran.stdout, &*ran.stderr), (1, "err(3)\n", ""));
}

#[test]
fn strings_as_they_are_typed() {
    call(&["hello", "--string", "Ada"]).prints("Hello, Ada\n");
    call(&["hello", "--string", "\"a\nb\\"]).prints("Hello, \"a\nb\\\n");
    call(&["greet", "--string", r#"{name: "Ada", age: 36}"#]).prints("Hello, Ada\n");
    call(&["count", "--string", "[1]"]).prints("1\n");
}

#[test]
fn what_is_no_value_is_told_with_its_place() {
    let ran = call(&["hello", "Ada"]);
    ran.fails(
        2,
        "type: args[0]: expected string in double quotes, got `Ada` (at character 1)\n",
    );
    ran.says("hint: the shell takes quotes away: write '\"Ada\"', or give --string\n");
    let ran = call(&["greet", "{name: \"Ada\", age: 360}"]);
    ran.fails(
        2,
        "range: args[0].age: 360 does not fit in u8 (at character 20)\n",
    );
    ran.says("hint: greet: func(who: person) -> string\nrecord person { name: string, age: u8, email: option<string> }\n");
    let ran = call(&["shapes#area", "square"]);
    ran.fails(
        2,
        "type: args[0]: shape has no case \"square\"; there is circle, point (at character 1)\n",
    );
    ran.says("variant shape { circle(f64), point }\n");
    call(&["hello"]).fails(2, "type: args: expected 1 (name: string), got 0\n");
    call(&["nothing", "1"]).fails(2, "type: args: expected 0 (), got 1\n");
}

#[test]
fn what_ends_a_guest_is_told_as_of_modules() {
    call(&["trap"]).fails(70, "trap: ");
    call(&["hello", "\"Ada\"", "--memory", "1KiB"]).fails(70, "memory_limit: ");
    call(&["no-such"]).fails(1, "not_found: ");
    let ran = call(&["hello(\"Ada\")"]);
    ran.fails(1, "not_found: ");
    ran.says("hint: arguments are words of their own, behind the name: hello '\"Ada\"' 5\n");
}

#[test]
fn a_program_of_wasi_0_2_does_not_run() {
    let scratch = Scratch::with("app.wat", COMMAND_0_2);
    let ran = scratch.run(&["run", "app.wat"]);
    ran.fails(1, "unsupported: app.wat: this is a program of WASI 0.2");
    assert!(!ran.stderr.contains("hint"), "{ran:?}");
    let ran = scratch.run(&["call", "app.wat", "run"]);
    ran.fails(
        1,
        "link: 1 import is missing:\n    wasi:cli/environment@0.2.3#get-arguments: ",
    );
    ran.says("build the component without it\n");
    let ran = scratch.run(&["inspect", "app.wat"]);
    assert!(
        ran.stdout
            .contains("\nasks of WASI\n  arguments  not lent to components yet\n"),
        "{ran:?}"
    );
}

#[test]
fn what_the_validator_panics_on_is_one_error() {
    let scratch = Scratch::with("panics.wat", PANICS);
    for command in [
        &["run", "panics.wat"][..],
        &["call", "panics.wat", "f"],
        &["inspect", "panics.wat"],
        &["compile", "panics.wat", "-o", "panics.code"],
    ] {
        let ran = scratch.run(command);
        ran.fails(1, "compile: panics.wat: this component cannot be read");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    }
}
