//! What is said of imports that are missing: their types, with names, and what was probably meant.

use landbridge::{Engine, ErrorKind, Imports, Module, Store, WitValue};

const HOST: &str = r#"(component
    (import "demo:app/host@1.0.0" (instance
        (type $level' (enum "low" "high"))
        (export "level" (type $level (eq $level')))
        (type $note' (record (field "text" string) (field "level" $level)))
        (export "note" (type $note (eq $note')))
        (export "journal" (type $journal (sub resource)))
        (export "log" (func (param "note" $note) (result u32)))
        (export "[method]journal.write" (func (param "self" (borrow $journal)) (param "line" string)))))
    (import "now" (func (result u64))))"#;

const LOG: &str = r#"(component
    (import "demo:app/host@1.0.0" (instance
        (type $note' (record (field "text" string)))
        (export "note" (type $note (eq $note')))
        (export "log" (func (param "note" $note) (result u32))))))"#;

const OTHER_LOG: &str = r#"(component
    (core module $m (func (export "log") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func $log (param "note" u8) (result u32) (canon lift (core func $m "log")))
    (instance $host (export "log" (func $log)))
    (export "demo:app/host@1.0.0" (instance $host)))"#;

fn lent(names: &[(&str, &str)]) -> Imports {
    let mut imports = Imports::new();
    for (interface, name) in names {
        imports.wit_func(interface, name, |_, _| Ok(Some(WitValue::U32(0))));
    }
    imports
}

#[track_caller]
fn says(source: &str, imports: &Imports, message: &str) {
    let error = Module::new(source).unwrap().instantiate(imports);
    let error = error.unwrap_err();
    assert_eq!(error.message(), message);
    assert_eq!(error.kind(), ErrorKind::Link);
}

#[test]
fn types_are_told_by_their_names() {
    says(
        HOST,
        &Imports::new(),
        "4 imports are missing:\n    \
         demo:app/host@1.0.0#journal: resource\n    \
         demo:app/host@1.0.0#log: func(note: note) -> u32\n    \
         demo:app/host@1.0.0#[method]journal.write: func(self: borrow<journal>, line: string)\n    \
         now: func() -> u64",
    );
}

#[test]
fn names_that_are_near_are_told() {
    says(
        HOST,
        &lent(&[("host", "lgo"), ("host", "journal.wirte"), ("", "nwo")]),
        "3 imports are missing:\n    \
         demo:app/host@1.0.0#log: func(note: note) -> u32 (host#lgo was given; did you mean host#log?)\n    \
         demo:app/host@1.0.0#[method]journal.write: func(self: borrow<journal>, line: string) \
         (host#journal.wirte was given; did you mean host#journal.write?)\n    \
         now: func() -> u64 (nwo was given; did you mean now?)",
    );
}

#[test]
fn what_is_asked_for_elsewhere_was_not_meant() {
    says(
        HOST,
        &lent(&[
            ("host", "log"),
            ("host", "[method]journal.write"),
            ("", "log"),
        ]),
        "1 import is missing:\n    now: func() -> u64",
    );
}

#[test]
fn names_of_another_interface_are_told() {
    let names = [
        ("demo:app/hots", "log"),
        ("demo:app/host@2.0.0", "journal.write"),
        ("env", "now"),
    ];
    says(
        HOST,
        &lent(&names),
        "4 imports are missing:\n    \
         demo:app/host@1.0.0#journal: resource\n    \
         demo:app/host@1.0.0#log: func(note: note) -> u32 \
         (demo:app/hots#log was given; did you mean demo:app/host@1.0.0#log?)\n    \
         demo:app/host@1.0.0#[method]journal.write: func(self: borrow<journal>, line: string) \
         (demo:app/host@2.0.0#journal.write was given; did you mean demo:app/host@1.0.0#journal.write?)\n    \
         now: func() -> u64 (env#now was given; did you mean now, with \"\" for the interface?)",
    );
}

#[test]
fn a_name_without_an_interface_is_told() {
    let mut imports = lent(&[("host", "journal.write"), ("", "now")]);
    imports.offer(None, "log");
    says(
        HOST,
        &imports,
        "1 import is missing:\n    demo:app/host@1.0.0#log: func(note: note) -> u32 \
         (log was given without an interface; did you mean {\"demo:app/host@1.0.0\": {\"log\": ...}}?)",
    );
}

#[test]
fn a_component_by_a_name_that_is_near_is_told() {
    let other = Module::new(OTHER_LOG).unwrap();
    let other = other.instantiate(&Imports::new()).unwrap();
    let mut imports = Imports::new();
    imports.instance("demo:app/hots@1.0.0", &other).unwrap();
    says(
        LOG,
        &imports,
        "1 import is missing:\n    demo:app/host@1.0.0#log: func(note: note) -> u32 \
         (a component for demo:app/hots@1.0.0 was given; did you mean demo:app/host@1.0.0?)",
    );
}

#[test]
fn a_closure_of_other_types_is_told_the_names() {
    let mut imports = Imports::new();
    imports.wit_typed("host", "log", |_: u8| 0u32);
    says(
        LOG,
        &imports,
        "demo:app/host@1.0.0#log is func(note: note) -> u32, not func(u8) -> u32: args[0]: the guest passes note, not \
         u8",
    );
}

#[test]
fn a_component_with_other_types_is_told_the_names() {
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let other = Module::new(OTHER_LOG).unwrap();
    let other = store.instantiate(&other, &Imports::new()).unwrap();
    let mut imports = Imports::new();
    imports.instance("host", &other).unwrap();
    let user = Module::new(LOG).unwrap();
    let error = store.instantiate(&user, &imports).unwrap_err();
    assert_eq!(
        error.message(),
        "demo:app/host@1.0.0#log: the other component exports it as func(note: u8) -> u32, and this one imports it as \
         func(note: note) -> u32"
    );
}
