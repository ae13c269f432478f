//! `landbridge call --string`.

use crate::guests::CALC;
use crate::scratch::Scratch;

/// Makes room from 1000 on, and has functions that take texts.
const GREET: &str = r#"(module
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1000))
    (data (i32.const 100) "Hello, ")
    (func $malloc (export "malloc") (param $length i32) (result i32)
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (local.get $length))))
    (func (export "length") (param i32 i32) (result i32) (local.get 1))
    (func (export "hello") (param $at i32) (param $length i32) (result i32 i32)
        (memory.copy (i32.const 107) (local.get $at) (local.get $length))
        (i32.const 100) (i32.add (local.get $length) (i32.const 7)))
    (func (export "both") (param i32 i32 i32 i32) (result i32)
        (i32.sub (local.get 2) (local.get 0)))
    (func (export "outside") (result i32 i32) (i32.const 65536) (i32.const 1)))"#;

#[test]
fn texts_go_through_memory() {
    let greet = Scratch::with("greet.wat", GREET);
    let call = |args: &[&str]| greet.run(&[&["call", "greet.wat", "--string"], args].concat());
    call(&["hello", "Ada"]).prints("Hello, Ada\n");
    call(&["hello", "größer 日本"]).prints("Hello, größer 日本\n");
    call(&["hello", ""]).prints("Hello, \n");
    call(&["length", "größer"]).prints("8\n");
    call(&["both", "abc", "5"]).prints("3\n");
    call(&["outside"]).fails(1, "out_of_bounds: ");
}

#[test]
fn what_takes_no_texts_is_told() {
    let scratch = Scratch::with("calc.wat", CALC);
    scratch.write("greet.wat", GREET);
    scratch.write(
        "full.wat",
        r#"(module (memory (export "memory") 1) (func (export "f") (param i32 i32))
            (func (export "alloc") (param i32) (result i32) (i32.const 0)))"#,
    );
    let call = |args: &[&str]| scratch.run(&[&["call", "--string"], args].concat());
    call(&["calc.wat", "half", "x"])
        .fails(2, "type: half: --string needs two i32 for each text, its address and its length; it is of type (f64) -> (f64)");
    call(&["greet.wat", "hello"]).fails(2, "type: hello: --string needs two i32");
    call(&["calc.wat", "add", "x"])
        .fails(1, "not_found: --string passes texts through the module's memory, but it exports no function that makes room");
    call(&["full.wat", "f", "x"]).says("memory_limit: alloc made no room for 1 bytes");
}
