//! Texts that mean harm end soon, and their errors are short.

use landbridge::{WitType, WitValue};

use crate::made::*;

const MANY: usize = 100_000;

#[track_caller]
fn refused(ty: &WitType, text: &str) -> String {
    let error = WitValue::parse(ty, text).expect_err("it is no value");
    let message = error.message();
    assert!(message.len() < 1200, "{message}");
    message.to_owned()
}

#[test]
fn depth_is_that_of_the_type() {
    for bracket in ["[", "(", "{", "some(", "ok(", "a(", "{a:"] {
        let text = bracket.repeat(MANY);
        for ty in [
            list(WitType::U8),
            person(),
            shape(),
            option(WitType::U8),
            tuple([WitType::U8]),
        ] {
            refused(&ty, &text);
        }
    }
    let deep = (0..150).fold(WitType::U8, |of, _| list(of));
    let text = "[".repeat(150) + &"]".repeat(150);
    assert_eq!(WitValue::parse(&deep, &text).expect("good").to_text(), text);
    let deeper = (0..300).fold(WitType::U8, |of, _| list(of));
    assert!(refused(&deeper, &"[".repeat(MANY)).contains("a value is more than 200 deep"));
    let options = (0..300).fold(WitType::U8, |of, _| option(list(of)));
    assert!(refused(&options, &"[".repeat(MANY)).contains("a value is more than 200 deep"));
}

#[test]
fn long_texts() {
    let digits = "9".repeat(10 * MANY);
    assert!(refused(&WitType::U64, &digits).contains("9... does not fit in u64"));
    assert!(refused(&WitType::Bool, &digits).contains("expected bool, got `9999"));
    refused(&WitType::F64, &format!("{digits}x"));
    let float = WitValue::parse(&WitType::F64, &digits).expect("it is rounded");
    assert_eq!(float.to_text(), "inf");
    let tiny = format!("0.{}1", "0".repeat(10 * MANY));
    assert_eq!(
        WitValue::parse(&WitType::F64, &tiny)
            .expect("rounded")
            .to_text(),
        "0.0"
    );
    refused(&WitType::F64, &format!("1e{digits}e"));
    refused(&WitType::String, &"\"".repeat(MANY));
    refused(&WitType::String, &format!("\"{}", "a".repeat(10 * MANY)));
    refused(
        &WitType::String,
        &format!("\"\"\"\n{}", "\n".repeat(10 * MANY)),
    );
    refused(&person(), &format!("{{{}: 1}}", "a".repeat(10 * MANY)));
    refused(&person(), &format!("//{}", "/".repeat(10 * MANY)));
    refused(&list(WitType::U8), &format!("[{}", "1,".repeat(10 * MANY)));
    refused(&person(), &format!("{{{}", "name: \"a\", ".repeat(MANY)));
    refused(&shape(), &format!("circle{}", "(".repeat(MANY)));
    refused(&WitType::Char, &format!("'{}'", "☃".repeat(MANY)));
    let message = refused(&WitType::U8, "\u{1b}[31m");
    assert_eq!(
        message,
        r"value: expected u8, got `\u{1b}` (at character 1)"
    );
}

#[test]
fn types_with_many_names() {
    let names: Vec<String> = (0..10_000).map(|i| format!("field{i}")).collect();
    let ty = record("", names.iter().map(|it| (it.as_str(), WitType::U8)));
    let reversed: String = names.iter().rev().map(|it| format!("{it}: 1,")).collect();
    let text = format!("{{{reversed}}}");
    assert!(WitValue::parse(&ty, &text).is_ok());
    assert!(refused(&ty, "{none-of-these: 1}").ends_with("and 9992 more (at character 2)"));
    assert!(refused(&ty, "5").contains("field8: u8, "));
}

#[test]
fn types_that_are_large_as_text() {
    let ty = (0..40).fold(WitType::U8, |of, _| tuple([of.clone(), of]));
    assert!(refused(&ty, "5").ends_with(" ..., got `5` (at character 1)"));
    let error = func([("it", ty.clone())], None)
        .parse_args(&[])
        .expect_err("one is missing");
    assert!(error.message().len() < 400, "{error}");
    assert!(ty.definition().len() <= (64 << 10) + 4);
}
