//! Calls of components: values of every sort, host functions, resources, rules.

use landbridge::{ErrorKind, Imports, Module, NumberList, WitValue};

const STRINGS: &str = r#"(component
  (import "demo:app/host" (instance $host
    (export "shout" (func (param "text" string) (result string)))))
  (alias export $host "shout" (func $shout))
  (core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 64))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1))) (i32.sub (i32.const 0) (local.get 2))))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
        (then (drop (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536)))))))
      (local.get $at)))
  (core instance $libc (instantiate $libc))
  (core func $shout (canon lower (func $shout) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core module $m
    (import "libc" "memory" (memory 1))
    (import "host" "shout" (func $shout (param i32 i32 i32)))
    (func (export "echo") (param i32 i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.const 0))
    (func (export "through") (param i32 i32) (result i32)
      (call $shout (local.get 0) (local.get 1) (i32.const 8))
      (i32.const 8))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "trap") unreachable))
  (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "host" (instance (export "shout" (func $shout))))))
  (func (export "echo") (param "text" string) (result string)
    (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (func (export "through") (param "text" string) (result string)
    (canon lift (core func $m "through") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (func (export "bytes") (param "it" (list u8)) (result (list u8))
    (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (func (export "names") (param "it" (list string)) (result (list string))
    (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (func (export "add") (param "a" u8) (param "b" u8) (result u32) (canon lift (core func $m "add")))
  (func (export "trap") (canon lift (core func $m "trap"))))"#;

fn imports() -> Imports {
    let mut imports = Imports::new();
    imports.wit_func("demo:app/host", "shout", |_, args| match &args[0] {
        WitValue::String(text) => Ok(Some(text.to_uppercase().as_str().into())),
        other => panic!("{other:?}"),
    });
    imports
}

#[test]
fn text_crosses_both_ways() {
    let module = Module::new(STRINGS).unwrap();
    let it = module.instantiate(&imports()).unwrap();
    let echo = it.wit_func("echo").unwrap();
    for text in ["", "Ada", "zażółć 🦀", &"x".repeat(100_000)] {
        let given = echo.call(&[text.into()]).unwrap();
        assert_eq!(given, Some(text.into()));
    }
    let through = it.wit_func("through").unwrap();
    let given = through.call(&["ada".into()]).unwrap();
    assert_eq!(given, Some("ADA".into()));
    let long = "ab".repeat(5000);
    let given = through.call(&[long.as_str().into()]).unwrap();
    assert_eq!(given, Some(long.to_uppercase().as_str().into()));
    let bytes = it.wit_func("bytes").unwrap();
    for count in [0, 1, 1023, 1024, 1 << 20] {
        let all: Vec<u8> = (0..count).map(|i| i as u8).collect();
        let given = bytes.call(&[all.clone().into()]).unwrap();
        assert_eq!(given, Some(WitValue::Numbers(NumberList::U8(all))));
    }
    let names = it.wit_func("names").unwrap();
    let all = WitValue::List(vec!["a".into(), "".into(), "ccc".into()]);
    assert_eq!(names.call(std::slice::from_ref(&all)).unwrap(), Some(all));
}

#[test]
fn arguments_are_checked_before_the_call() {
    let it = Module::new(STRINGS)
        .unwrap()
        .instantiate(&imports())
        .unwrap();
    let add = it.wit_func("add").unwrap();
    assert_eq!(add.ty().to_string(), "func(a: u8, b: u8) -> u32");
    let error = add.call(&[1u8.into(), 300u32.into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Range);
    assert_eq!(error.message(), "args[1]: 300 does not fit in u8");
    let error = add.call(&["a".into(), 1u8.into()]).unwrap_err();
    assert_eq!(error.message(), "args[0]: expected u8, got string");
    let error = add.call(&[]).unwrap_err();
    assert_eq!(
        error.message(),
        "add takes 2 arguments, got 0: it is func(a: u8, b: u8) -> u32"
    );
    let names = it.wit_func("names").unwrap();
    let error = names.call(&[WitValue::List(vec!["a".into(), 3u8.into()])]);
    assert_eq!(
        error.unwrap_err().message(),
        "args[0][1]: expected string, got u8"
    );
    assert_eq!(
        add.call(&[1u8.into(), 2u8.into()]).unwrap(),
        Some(3u32.into())
    );
}

#[test]
fn an_error_ends_the_component() {
    let it = Module::new(STRINGS)
        .unwrap()
        .instantiate(&imports())
        .unwrap();
    let error = it.wit_func("trap").unwrap().call(&[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trap);
    let error = it
        .wit_func("add")
        .unwrap()
        .call(&[1u8.into(), 2u8.into()])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Poisoned);
    assert_eq!(
        error.message(),
        "the components of this store were ended by an earlier error (trap: wasm `unreachable` instruction executed); \
         instantiate the component again"
    );
}

#[test]
fn missing_imports_are_told_with_their_types() {
    let error = Module::new(STRINGS)
        .unwrap()
        .instantiate(&Imports::new())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Link);
    assert_eq!(
        error.message(),
        "1 import is missing:\n    demo:app/host#shout: func(text: string) -> string"
    );
}
