//! Texts, and what they are read as.

use landbridge::{WitType, WitValue};

use crate::made::*;

/// Reads a text, and writes what it was.
#[track_caller]
fn reads(ty: &WitType, text: &str, written: &str) {
    let value = WitValue::parse(ty, text);
    let value = value.unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(value.to_text(), written, "{text}");
    assert_eq!(value.to_string(), written, "{text}");
}

#[test]
fn numbers() {
    for text in ["0", "-128", "127"] {
        reads(&WitType::S8, text, text);
    }
    reads(
        &WitType::U64,
        "18446744073709551615",
        "18446744073709551615",
    );
    reads(
        &WitType::S64,
        "-9223372036854775808",
        "-9223372036854775808",
    );
    reads(&WitType::U8, "0xff", "255");
    reads(&WitType::S16, "-0x8000", "-32768");
    reads(&WitType::U32, "1_000_000", "1000000");
}

#[test]
fn floats() {
    for (text, written) in [
        ("0", "0.0"),
        ("-0", "-0.0"),
        ("-0.0e-0", "-0.0"),
        ("3.25", "3.25"),
        ("1e30", "1e30"),
        ("1E+2", "100.0"),
        ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e308"),
        ("1e400", "inf"),
        ("0.1", "0.1"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("-inf", "-inf"),
    ] {
        reads(&WitType::F64, text, written);
    }
    reads(&WitType::F32, "3.4028234664e39", "inf");
    reads(&WitType::F32, "1.4012984643e-46", "0.0");
    reads(&WitType::F32, "16777217", "16777216.0");
    assert_eq!(WitValue::F32(f32::from_bits(0xffc0_0001)).to_text(), "nan");
}

#[test]
fn chars() {
    for (text, written) in [
        ("'W'", "'W'"),
        ("'☃'", "'☃'"),
        ("'\"'", "'\"'"),
        (r#"'\"'"#, "'\"'"),
        (r"'\''", r"'\''"),
        (r"'\\'", r"'\\'"),
        (r"'\n'", r"'\n'"),
        (r"'\u{0}'", r"'\u{0}'"),
        (r"'\u{000078}'", "'x'"),
        (r"'\u{10FFFF}'", "'\u{10ffff}'"),
        ("'\u{1b}'", r"'\u{1b}'"),
        ("'\u{202e}'", r"'\u{202e}'"),
    ] {
        reads(&WitType::Char, text, written);
    }
}

#[test]
fn strings() {
    for (text, written) in [
        (r#""""#, r#""""#),
        (r#""WAVE🌊""#, r#""WAVE🌊""#),
        (r#""\\\'\"\t\n\r""#, r#""\\'\"\t\n\r""#),
        (r#""☃\u{2603}""#, r#""☃☃""#),
        ("\"a\tb\"", r#""a\tb""#),
        (r#""// no comment""#, r#""// no comment""#),
        ("\"\u{0}\u{7f}\"", r#""\u{0}\u{7f}""#),
    ] {
        reads(&WitType::String, text, written);
    }
}

#[test]
fn strings_of_several_lines() {
    for (text, written) in [
        ("\"\"\"\n\"\"\"", r#""""#),
        ("\"\"\"\n\n\"\"\"", r#""""#),
        ("\"\"\"\nA single line\n\"\"\"", r#""A single line""#),
        ("\"\"\"\r\na\r\nb\r\n\"\"\"", r#""a\nb""#),
        ("\"\"\"\na\\r\nb\n\"\"\"", r#""a\r\nb""#),
        (
            "\"\"\"\n    Indented\n  dedented\n  \"\"\"",
            r#""  Indented\ndedented""#,
        ),
        ("\"\"\"\n\nA\n\n\"\"\"", r#""\nA\n""#),
        ("\"\"\"\n\"\"\\\"\"\\\\\n\"\"\"", r#""\"\"\"\"\\""#),
    ] {
        reads(&WitType::String, text, written);
    }
}

#[test]
fn lists_and_tuples() {
    reads(&list(WitType::S8), "[]", "[]");
    reads(&list(WitType::S8), " [ 1 , -2 , ] ", "[1, -2]");
    reads(&list(WitType::F64), "[1, nan, -inf]", "[1.0, nan, -inf]");
    reads(&list(list(WitType::Bool)), "[[], [true]]", "[[], [true]]");
    reads(
        &tuple([WitType::U8, WitType::String]),
        "(1, \"a\",)",
        "(1, \"a\")",
    );
    reads(&tuple([WitType::U8]), "(1)", "(1)");
}

#[test]
fn records() {
    reads(
        &person(),
        r#"{name: "Ada", age: 36}"#,
        r#"{name: "Ada", age: 36}"#,
    );
    reads(
        &person(),
        r#"{age:36,%name:"Ada",email:none,}"#,
        r#"{name: "Ada", age: 36}"#,
    );
    reads(
        &person(),
        r#"{email: "a@b", name: "Ada", age: 36}"#,
        r#"{name: "Ada", age: 36, email: some("a@b")}"#,
    );
    let optional = record("", [("a", option(WitType::U8)), ("b", option(WitType::U8))]);
    reads(&optional, "{ : }", "{:}");
    reads(&optional, "{a: none, b: none}", "{:}");
    reads(&optional, "{b: 2}", "{b: some(2)}");
    let keywords = record(
        "",
        [
            ("true", WitType::Bool),
            ("ok", result(None, None)),
            ("inf", WitType::F32),
        ],
    );
    reads(
        &keywords,
        "{true: false, %ok: err, inf: inf}",
        "{true: false, ok: err, inf: inf}",
    );
    let fields = WitValue::parse(&person(), r#"{age: 36, name: "Ada"}"#).expect("good");
    let WitValue::Record(fields) = fields else {
        panic!("{fields:?}")
    };
    assert_eq!(
        fields.iter().map(|it| &*it.0).collect::<Vec<_>>(),
        ["name", "age", "email"]
    );
}

#[test]
fn variants_and_enums() {
    reads(&shape(), "circle(2.5)", "circle(2.5)");
    reads(&shape(), "%circle ( 2 )", "circle(2.0)");
    reads(&shape(), "point", "point");
    reads(&shape(), "%none(1)", "%none(1)");
    reads(&option(shape()), "%none(1)", "some(%none(1))");
    reads(&option(shape()), "none", "none");
    let keywords = enumeration("", &["ok", "not-found", "HTTP3"]);
    reads(&keywords, "%ok", "%ok");
    reads(&keywords, "not-found", "not-found");
    reads(&keywords, "%HTTP3", "HTTP3");
}

#[test]
fn flags_are_a_set() {
    let permissions = flags("", &["read", "write", "true"]);
    reads(&permissions, "{}", "{}");
    reads(&permissions, "{write, read,}", "{read, write}");
    reads(&permissions, "{true}", "{true}");
}

#[test]
fn options_and_results() {
    reads(&option(WitType::U8), "none", "none");
    reads(&option(WitType::U8), "some(5)", "some(5)");
    reads(&option(WitType::U8), "5", "some(5)");
    reads(&option(option(WitType::U8)), "some(none)", "some(none)");
    reads(&option(option(WitType::U8)), "some(5)", "some(some(5))");
    let both = result(Some(WitType::String), Some(WitType::U8));
    reads(&both, r#""fine""#, r#"ok("fine")"#);
    reads(&both, r#"ok("fine")"#, r#"ok("fine")"#);
    reads(&both, "err(3)", "err(3)");
    reads(&result(None, None), "ok", "ok");
    reads(&result(None, Some(WitType::U8)), "ok", "ok");
    reads(&result(Some(WitType::U8), None), "err", "err");
}

#[test]
fn comments_and_blanks() {
    reads(
        &person(),
        "// who\r\n{ // begins\n\tname: \"Ada\", // of\n age: 36 }// ends",
        r#"{name: "Ada", age: 36}"#,
    );
}

#[test]
fn arguments_are_one_a_text() {
    let ty = func(
        [
            ("who", person()),
            ("times", WitType::U8),
            ("tag", option(WitType::String)),
        ],
        None,
    );
    let texts = |texts: &[&str]| {
        let args = ty.parse_args(texts).map_err(|error| error.to_string())?;
        Ok::<_, String>(args.iter().map(WitValue::to_text).collect::<Vec<_>>())
    };
    let ada = r#"{name: "Ada", age: 36}"#;
    assert_eq!(
        texts(&[ada, "2", "\"x\""]),
        Ok(vec![ada.into(), "2".into(), "some(\"x\")".into()])
    );
    assert_eq!(
        texts(&[ada, "2"]),
        Ok(vec![ada.into(), "2".into(), "none".into()])
    );
    let expected = "args: expected 3 (who: person, times: u8, tag: option<string>), got";
    assert_eq!(texts(&[ada]), Err(format!("{expected} 1")));
    assert_eq!(texts(&[ada; 4]), Err(format!("{expected} 4")));
    assert_eq!(
        texts(&[ada, "300"]),
        Err("args[1]: 300 does not fit in u8 (at character 1)".into())
    );
    assert!(func([], None).parse_args(&[]).is_ok_and(|it| it.is_empty()));
}
