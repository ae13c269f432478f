//! Types as text.

use std::sync::Arc;

use landbridge::{Label, Record, Variant, WitType};

use crate::made::*;

#[test]
fn types() {
    for (ty, text) in [
        (list(WitType::U8), "list<u8>"),
        (option(list(WitType::String)), "option<list<string>>"),
        (tuple([WitType::S8, WitType::Char]), "tuple<s8, char>"),
        (result(None, None), "result"),
        (result(Some(WitType::F32), None), "result<f32>"),
        (result(None, Some(WitType::F64)), "result<_, f64>"),
        (
            result(Some(WitType::Bool), Some(person())),
            "result<bool, person>",
        ),
        (list(person()), "list<person>"),
        (record("", [("a", WitType::U16)]), "record { a: u16 }"),
        (record("type", []), "%type"),
        (
            variant("", [("a", Some(shape())), ("b", None)]),
            "variant { a(shape), b }",
        ),
        (enumeration("", &["red", "enum"]), "enum { red, %enum }"),
        (flags("", &["read"]), "flags { read }"),
    ] {
        assert_eq!(ty.to_string(), text);
    }
}

#[test]
fn definitions() {
    for (ty, text) in [
        (
            person(),
            "record person { name: string, age: u8, email: option<string> }",
        ),
        (shape(), "variant shape { circle(f64), point, none(u8) }"),
        (
            enumeration("color", &["red", "static"]),
            "enum color { red, %static }",
        ),
        (
            flags("list", &["read", "write"]),
            "flags %list { read, write }",
        ),
        (
            record("", [("type", WitType::U16)]),
            "record { %type: u16 }",
        ),
        (list(person()), "list<person>"),
    ] {
        assert_eq!(ty.definition(), text);
    }
}

#[test]
fn definitions_with_what_is_written_about_them() {
    let docs = |text: &str| Some(Arc::from(text));
    let mut circle = case("circle", Some(WitType::F64));
    circle.docs = docs("By its radius.\n\nIn metres.");
    let shape = Variant {
        label: Label {
            docs: docs("What can be \u{1b}[1mdrawn."),
            ..label("shape")
        },
        cases: vec![circle, case("point", None)],
    };
    let text = "\
/// What can be \\u{1b}[1mdrawn.
variant shape {
  /// By its radius.
  ///
  /// In metres.
  circle(f64),
  point,
}";
    assert_eq!(WitType::Variant(Arc::new(shape)).definition(), text);
    let fields = (0..6)
        .map(|i| field(&format!("a-long-name-{i}"), list(person())))
        .collect();
    let wide = Record {
        label: label("wide"),
        fields,
    };
    let text = WitType::Record(Arc::new(wide)).definition();
    assert!(
        text.starts_with("record wide {\n  a-long-name-0: list<person>,\n"),
        "{text}"
    );
    assert!(
        text.ends_with("  a-long-name-5: list<person>,\n}"),
        "{text}"
    );
}

#[test]
fn functions() {
    let greet = func(
        [("who", person()), ("from", WitType::U32)],
        Some(result(None, Some(WitType::String))),
    );
    assert_eq!(
        greet.to_string(),
        "func(who: person, %from: u32) -> result<_, string>"
    );
    assert_eq!(
        greet.signature("greet"),
        "greet: func(who: person, %from: u32) -> result<_, string>"
    );
    assert_eq!(
        func([], None).signature("shapes#clear"),
        "shapes#clear: func()"
    );
}
