//! Characters, strings and what is escaped in them.

use landbridge::WitType;

use super::says;

#[test]
fn chars() {
    let one = "between single quotes there must be one character";
    for (text, message) in [
        ("''", format!("value: {one} (at character 1)")),
        ("'ab'", format!("value: {one} (at character 1)")),
        ("'", format!("value: {one} (at character 1)")),
        ("'x", format!("value: {one} (at character 1)")),
        ("'\n'", format!("value: {one} (at line 1, character 1)")),
        (
            "x",
            "value: expected char in single quotes, got `x` (at character 1)".to_owned(),
        ),
        (
            "\"x\"",
            "value: expected char in single quotes, got `\"x\"` (at character 1)".to_owned(),
        ),
    ] {
        says(&WitType::Char, text, &message);
    }
}

#[test]
fn escapes() {
    let there_is = r#"there is \\, \", \', \n, \r, \t and \u{1f600}"#;
    let digits = r"`\u` needs one to six hexadecimal digits in braces: \u{1f600}";
    for (escape, message) in [
        (r"\z", format!(r"`\z` is no escape; {there_is}")),
        (r"\x1f", format!(r"`\x` is no escape; {there_is}")),
        (r"\u1f", digits.to_owned()),
        (r"\u{1f", digits.to_owned()),
        (r"\u{}", digits.to_owned()),
        (r"\u{x}", digits.to_owned()),
        (r"\u{+1}", digits.to_owned()),
        (r"\u{1234567}", digits.to_owned()),
        (
            r"\u{110000}",
            r"`\u{110000}` is no Unicode character".to_owned(),
        ),
        (
            r"\u{D800}",
            r"`\u{D800}` is no Unicode character".to_owned(),
        ),
        (
            r"\u{dfff}",
            r"`\u{dfff}` is no Unicode character".to_owned(),
        ),
    ] {
        let text = format!("\"☃{escape}\"");
        says(
            &WitType::String,
            &text,
            &format!("value: {message} (at character 3)"),
        );
        let text = format!("\"\"\"\n  ☃{escape}\n\"\"\"");
        says(
            &WitType::String,
            &text,
            &format!("value: {message} (at line 2, character 4)"),
        );
    }
}

#[test]
fn strings() {
    let string = &WitType::String;
    says(
        string,
        "Ada",
        "value: expected string in double quotes, got `Ada` (at character 1)",
    );
    says(
        string,
        "'a'",
        "value: expected string in double quotes, got `'a'` (at character 1)",
    );
    says(
        string,
        "\"Ada",
        "value: this string has no closing quote (at character 1)",
    );
    says(
        string,
        r#""\"#,
        "value: this string has no closing quote (at character 1)",
    );
    says(
        string,
        "\"a\nb\"",
        "value: a string between \" ends in its line; write \\n, or put \"\"\" around lines (at line 1, character 3)",
    );
    says(
        string,
        "\"\"\"\na",
        "value: this string has no closing \"\"\" (at line 1, character 1)",
    );
    for text in ["\"\"\"\"\"\"", "\"\"\" \"\"\""] {
        says(
            string,
            text,
            "value: behind the opening \"\"\" the line must end (at character 4)",
        );
    }
    says(
        string,
        "\"\"\"extra\n\"\"\"",
        "value: behind the opening \"\"\" the line must end (at line 1, character 4)",
    );
    says(
        string,
        "\"\"\"\nextra\"\"\"",
        "value: in front of the closing \"\"\" there may only be spaces (at line 2, character 6)",
    );
    says(
        string,
        "\"\"\"\n a\n  \"\"\"",
        "value: this line begins left of the closing \"\"\" (at line 2, character 1)",
    );
    says(
        string,
        "\"\"\"\n\"\"\"\n\"\"\"",
        "value: expected the end, got `\"\"` (at line 3, character 1)",
    );
}
