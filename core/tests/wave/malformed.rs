//! Texts that are no values, and what is said about them. Those in quotes have a file of their own.

mod quoted;

use landbridge::{ErrorKind, WitType, WitValue};

use crate::made::*;

#[track_caller]
fn says(ty: &WitType, text: &str, message: &str) {
    let error = WitValue::parse(ty, text).expect_err(text);
    assert_eq!(error.message(), message, "{text}");
    let kind = match message.contains("does not fit") {
        true => ErrorKind::Range,
        false => ErrorKind::Type,
    };
    assert_eq!(error.kind(), kind, "{text}");
}

#[test]
fn bytes() {
    for (text, message) in [
        ("300", "value: 300 does not fit in u8 (at character 1)"),
        ("-1", "value: -1 does not fit in u8 (at character 1)"),
        ("0x100", "value: 0x100 does not fit in u8 (at character 1)"),
        ("", "value: expected u8, got the end (at character 1)"),
        (
            "  // nothing",
            "value: expected u8, got the end (at character 13)",
        ),
        ("1.5", "value: expected u8, got `1.5` (at character 1)"),
        ("1e2", "value: expected u8, got `1e2` (at character 1)"),
        ("007", "value: expected u8, got `007` (at character 1)"),
        ("+5", "value: expected u8, got `+5` (at character 1)"),
        ("0x", "value: expected u8, got `0x` (at character 1)"),
        ("- 5", "value: expected u8, got `-` (at character 1)"),
        ("five", "value: expected u8, got `five` (at character 1)"),
        ("\"5\"", "value: expected u8, got `\"5\"` (at character 1)"),
        ("[5]", "value: expected u8, got `[` (at character 1)"),
        ("5 6", "value: expected the end, got `6` (at character 3)"),
        ("5,", "value: expected the end, got `,` (at character 2)"),
    ] {
        says(&WitType::U8, text, message);
    }
}

#[test]
fn larger_numbers_and_bools() {
    says(
        &WitType::S64,
        "9223372036854775808",
        "value: 9223372036854775808 does not fit in s64 (at character 1)",
    );
    for text in [
        "-nan",
        "NaN",
        "infinity",
        "-Infinity",
        "Inf",
        ".5",
        "5.",
        "1e",
        "0x1p3",
        "nan:0x1",
        "1_0",
    ] {
        let got = text.split(':').next().unwrap_or(text);
        says(
            &WitType::F64,
            text,
            &match text {
                "nan:0x1" => "value: expected the end, got `:` (at character 4)".to_owned(),
                _ => format!("value: expected f64, got `{got}` (at character 1)"),
            },
        );
    }
    says(
        &WitType::Bool,
        "True",
        "value: expected bool, got `True` (at character 1)",
    );
    says(
        &WitType::Bool,
        "%true",
        "value: expected bool, got `%true` (at character 1)",
    );
}

#[test]
fn lists() {
    let numbers = list(WitType::U8);
    says(
        &numbers,
        "[1, 300]",
        "value[1]: 300 does not fit in u8 (at character 5)",
    );
    says(
        &numbers,
        "[1 2]",
        "value: expected `,` or `]`, got `2` (at character 4)",
    );
    says(
        &numbers,
        "[1,,2]",
        "value[1]: expected u8, got `,` (at character 4)",
    );
    says(
        &numbers,
        "[,]",
        "value[0]: expected u8, got `,` (at character 2)",
    );
    says(
        &numbers,
        "[1",
        "value: expected `,` or `]`, got the end (at character 3)",
    );
    says(
        &numbers,
        "[1)",
        "value: expected `,` or `]`, got `)` (at character 3)",
    );
    says(
        &numbers,
        "1",
        "value: expected list<u8>, got `1` (at character 1)",
    );
    says(
        &list(list(WitType::S8)),
        "[[], [0, 128]]",
        "value[1][1]: 128 does not fit in s8 (at character 10)",
    );
}

#[test]
fn tuples() {
    let pair = tuple([WitType::U8, WitType::String]);
    says(
        &pair,
        "(1)",
        "value: expected 2 values, got 1 (at character 3)",
    );
    says(
        &pair,
        "()",
        "value: expected 2 values, got 0 (at character 2)",
    );
    says(
        &pair,
        "(1, \"\", 2)",
        "value: expected 2 values, got more (at character 9)",
    );
    says(
        &pair,
        "(1, 2)",
        "value.1: expected string in double quotes, got `2` (at character 5)",
    );
    says(
        &pair,
        "[1]",
        "value: expected tuple<u8, string>, got `[` (at character 1)",
    );
}

#[test]
fn records() {
    for (text, message) in [
        (
            "{age: 1}",
            "value: field \"name\" of person is missing (at character 1)",
        ),
        (
            "{:}",
            "value: field \"name\" of person is missing (at character 1)",
        ),
        (
            "{}",
            "value: expected the name of a field, got `}` (at character 2)",
        ),
        (
            "{nmae: 1}",
            "value: person has no field \"nmae\"; did you mean \"name\"? (at character 2)",
        ),
        (
            "{first: 1}",
            "value: person has no field \"first\"; there is name, age, email (at character 2)",
        ),
        (
            "{name: \"\", %name: 1}",
            "value: field \"name\" is given twice (at character 12)",
        ),
    ] {
        says(&person(), text, message);
    }
    let unnamed = record("", [("first-name", WitType::U8)]);
    says(
        &unnamed,
        "{first_name: 1}",
        "value: record { first-name: u8 } has no field \"first_name\"; did you mean \"first-name\"? (at character 2)",
    );
    says(
        &unnamed,
        "1",
        "value: expected record { first-name: u8 }, got `1` (at character 1)",
    );
}

#[test]
fn values_of_fields() {
    for (text, message) in [
        (
            "{name: \"\" age: 1}",
            "value: expected `,` or `}`, got `age` (at character 11)",
        ),
        (
            "{name: \"\",, age: 1}",
            "value: expected the name of a field, got `,` (at character 11)",
        ),
        ("{name}", "value: expected `:`, got `}` (at character 6)"),
        (
            "{name = 1}",
            "value: expected `:`, got `=` (at character 7)",
        ),
        (
            "{name: 5}",
            "value.name: expected string in double quotes, got `5` (at character 8)",
        ),
        (
            "{name: \"\", age: 256}",
            "value.age: 256 does not fit in u8 (at character 17)",
        ),
        (
            "{\"name\": 1}",
            "value: expected the name of a field, got `\"name\"` (at character 2)",
        ),
        (
            "person",
            "value: expected person, got `person` (at character 1)",
        ),
        ("(1)", "value: expected person, got `(` (at character 1)"),
        (
            "{\n  name: \"☃\",\n  age: x\n}",
            "value.age: expected u8, got `x` (at line 3, character 8)",
        ),
    ] {
        says(&person(), text, message);
    }
}

#[test]
fn cases() {
    for (text, message) in [
        (
            "circle",
            "value: expected `(`, since `circle` holds a value (at character 7)",
        ),
        (
            "circle()",
            "value.circle: expected f64, got `)` (at character 8)",
        ),
        (
            "circle(1",
            "value: expected `)`, got the end (at character 9)",
        ),
        (
            "circle(1, 2)",
            "value: expected `)`, got `,` (at character 9)",
        ),
        (
            "circle(x)",
            "value.circle: expected f64, got `x` (at character 8)",
        ),
        ("point(1)", "value: `point` holds no value (at character 6)"),
        (
            "none(1)",
            "value: `none` means something else in WAVE: write `%none` (at character 1)",
        ),
        (
            "circel(1)",
            "value: shape has no case \"circel\"; did you mean \"circle\"? (at character 1)",
        ),
        (
            "square",
            "value: shape has no case \"square\"; there is circle, point, none (at character 1)",
        ),
        (
            "\"circle\"",
            "value: expected shape, got `\"circle\"` (at character 1)",
        ),
    ] {
        says(&shape(), text, message);
    }
    let color = enumeration("color", &["red", "green"]);
    says(
        &color,
        "blue",
        "value: color has no case \"blue\"; there is red, green (at character 1)",
    );
    says(
        &color,
        "red(1)",
        "value: expected the end, got `(` (at character 4)",
    );
    says(
        &color,
        "1",
        "value: expected color, got `1` (at character 1)",
    );
}

#[test]
fn sets() {
    let permissions = flags("permissions", &["read", "write"]);
    says(
        &permissions,
        "{read, read}",
        "value: flag \"read\" is given twice (at character 8)",
    );
    says(
        &permissions,
        "{execute}",
        "value: permissions has no flag \"execute\"; there is read, write (at character 2)",
    );
    says(
        &permissions,
        "{read write}",
        "value: expected `,` or `}`, got `write` (at character 7)",
    );
    says(
        &permissions,
        "{read: true}",
        "value: expected `,` or `}`, got `:` (at character 6)",
    );
    says(
        &permissions,
        "{,}",
        "value: expected the name of a flag, got `,` (at character 2)",
    );
    says(
        &permissions,
        "read",
        "value: expected permissions, got `read` (at character 1)",
    );
}

#[test]
fn options_and_results() {
    let maybe = option(WitType::U8);
    for (text, message) in [
        (
            "some",
            "value: expected `(`, since `some` holds a value (at character 5)",
        ),
        ("some()", "value: expected u8, got `)` (at character 6)"),
        (
            "some(some(0))",
            "value: expected u8, got `some` (at character 6)",
        ),
        (
            "some(none)",
            "value: expected u8, got `none` (at character 6)",
        ),
        ("none()", "value: `none` holds no value (at character 5)"),
        ("%none", "value: expected u8, got `%none` (at character 1)"),
        ("300", "value: 300 does not fit in u8 (at character 1)"),
    ] {
        says(&maybe, text, message);
    }
    says(
        &option(maybe),
        "5",
        "value: expected `some(...)` or `none`, got `5` (at character 1)",
    );
    let both = result(Some(WitType::U8), Some(WitType::String));
    for (text, message) in [
        (
            "ok",
            "value: expected `(`, since `ok` holds a value (at character 3)",
        ),
        (
            "ok(300)",
            "value.ok: 300 does not fit in u8 (at character 4)",
        ),
        ("300", "value.ok: 300 does not fit in u8 (at character 1)"),
        (
            "err(3)",
            "value.err: expected string in double quotes, got `3` (at character 5)",
        ),
        ("o(0)", "value.ok: expected u8, got `o` (at character 1)"),
    ] {
        says(&both, text, message);
    }
    let none = result(None, None);
    says(&none, "ok()", "value: `ok` holds no value (at character 3)");
    says(
        &none,
        "err(0)",
        "value: `err` holds no value (at character 4)",
    );
    says(
        &none,
        "5",
        "value: expected `ok` or `err`, got `5` (at character 1)",
    );
}
