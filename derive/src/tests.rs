use syn::parse_str;

use crate::names::{is_name, kebab};

/// What is made of a type, as text without gaps.
fn expanded(item: &str) -> String {
    let item = parse_str(item).unwrap();
    crate::expand(&item).unwrap().to_string().replace(' ', "")
}

#[track_caller]
fn refused(item: &str, why: &str) {
    let item = parse_str(item).unwrap();
    assert_eq!(crate::expand(&item).unwrap_err().to_string(), why);
}

#[test]
fn names_are_spelled_as_in_wit() {
    let pairs = [
        ("name", "name"),
        ("max_size", "max-size"),
        ("MAX_SIZE", "max-size"),
        ("MaxSize", "max-size"),
        ("maxSize", "max-size"),
        ("HTTPError", "http-error"),
        ("HttpError", "http-error"),
        ("IO", "io"),
        ("Utf8Text", "utf8-text"),
        ("UTF8", "utf8"),
        ("utf_8", "utf-8"),
        ("_hidden_", "hidden"),
        ("a__b", "a-b"),
        ("A", "a"),
        ("AB", "ab"),
        ("aB", "a-b"),
        ("X2Y", "x2y"),
    ];
    for (rust, wit) in pairs {
        assert_eq!(kebab(rust), wit, "{rust}");
        assert!(is_name(wit), "{wit}");
    }
    for name in ["", "-", "a-", "-a", "a--b", "1a", "a_b", "é", "aB", "a b"] {
        assert!(!is_name(name), "{name}");
    }
    for name in ["a", "a-1", "HTTP-error", "a1-B2"] {
        assert!(is_name(name), "{name}");
    }
}

#[test]
fn names_can_be_said() {
    let made = expanded(r#"struct A { #[wit(name = "HTTP-code")] code: u16, r#type: u8 }"#);
    assert!(
        made.contains(r#"("HTTP-code",<u16as::landbridge::Wit>::check)"#),
        "{made}"
    );
    assert!(
        made.contains(r#"("type",<u8as::landbridge::Wit>::check)"#),
        "{made}"
    );
    assert!(made.contains("self.r#type"), "{made}");
    let made = expanded(r#"#[wit(name = "point-2d")] struct Point { x: f64 }"#);
    assert!(made.contains(r#"text.push_str("point-2d")"#), "{made}");
}

#[test]
fn what_borrows_is_only_given() {
    let (to, from) = ("::landbridge::ToWitfor", "::landbridge::FromWitfor");
    let has = |item: &str| {
        let made = expanded(item);
        (made.contains(to), made.contains(from))
    };
    assert_eq!(has("struct A { a: u8 }"), (true, true));
    assert_eq!(has("struct A<'a> { a: &'a str }"), (true, false));
    assert_eq!(
        has("#[wit(to)] struct A { a: &'static str }"),
        (true, false)
    );
    assert_eq!(has("#[wit(from)] struct A { a: u8 }"), (false, true));
    assert_eq!(
        has("#[wit(to, from)] struct A<'a> { a: Cow<'a, str> }"),
        (true, true)
    );
}

#[test]
fn type_parameters_are_bounded() {
    let made =
        expanded("struct A<'a, T: Copy, const N: usize> where T: Send { a: T, b: &'a [u8] }");
    let head = "impl<'a,T:Copy+::landbridge::ToWit,constN:usize>::landbridge::ToWitforA<'a,T,N>whereT:Send";
    assert!(made.contains(head), "{made}");
}

#[test]
fn many_cases_and_flags_take_more_bytes() {
    let cases = |n: usize| (0..n).map(|i| format!("A{i}, ")).collect::<String>();
    let made = expanded(&format!("enum E {{ {} }}", cases(256)));
    assert!(made.contains("frame.case(1usize,256u32)"));
    let made = expanded(&format!("enum E {{ {} }}", cases(257)));
    assert!(made.contains("frame.case(2usize,257u32)"));
    for (flags, bytes) in [(8, 1), (9, 2), (16, 2), (17, 4), (32, 4), (33, 8)] {
        let fields: String = (0..flags).map(|i| format!("a{i}: bool, ")).collect();
        let made = expanded(&format!("#[wit(flags)] struct F {{ {fields} }}"));
        assert!(made.contains(&format!("bits::<{bytes}usize>")), "{flags}");
    }
}

#[test]
fn what_wit_cannot_say_is_refused() {
    refused(
        "union A { a: u8 }",
        "WIT has no unions: an enum is a variant",
    );
    refused("struct A;", "WIT has no records without fields");
    refused("struct A {}", "WIT has no records without fields");
    refused("struct A();", "WIT has no records without fields");
    refused("enum A {}", "WIT has no variants without cases");
    refused(
        "enum A { Line(u8, Vec<u8>) }",
        "a case of WIT holds one value: `Line((u8, Vec < u8 >))` is a tuple",
    );
    refused(
        "enum A { Line { x: u8 } }",
        "a case of WIT holds one value: derive `Wit` for a struct of these fields, and let the case hold that",
    );
    refused(
        "enum A { B() }",
        "a case that holds nothing is written without parentheses: `B`",
    );
    refused("enum A { Ab, AB }", "two are called `ab` in WIT");
    refused(
        "struct A { max_size: u8, maxSize: u8 }",
        "two are called `max-size` in WIT",
    );
    refused("#[wit(flags)] struct A { a: u8 }", "a flag is a `bool`");
    let flags = "flags are a struct of `bool`s: `struct Access { read: bool }`";
    refused("#[wit(flags)] struct A(bool);", flags);
    refused("#[wit(flags)] enum A { B }", flags);
    let parts = ["u8"; 13].join(", ");
    refused(
        &format!("struct A({parts});"),
        "a tuple has at most 12 parts here: give them names, as a record",
    );
}

#[test]
fn names_that_wit_cannot_have_are_refused() {
    let name = |name: &str| {
        format!(
            "`{name}` is no name of WIT, which are letters and digits with `-` between words, as in `max-size`: say \
             one with #[wit(name = \"...\")]"
        )
    };
    refused("struct A { größe: u8 }", &name("größe"));
    refused("struct A { _1: u8 }", &name("1"));
    refused(r#"struct A { #[wit(name = "a_b")] a: u8 }"#, &name("a_b"));
    refused(
        r#"struct A { #[wit(name = "a", name = "b")] a: u8 }"#,
        "there are two names",
    );
    refused(
        "struct A { #[wit(rename = \"a\")] a: u8 }",
        "`wit` knows no such word here: say `name = \"...\"`",
    );
    refused(
        "#[wit(kebab)] struct A { a: u8 }",
        "`wit` knows no such word here: say `name = \"...\"`, `flags`, `to` or `from`",
    );
    refused(
        r#"struct A(#[wit(name = "a")] u8);"#,
        "the parts of a tuple have no names",
    );
    refused(
        r#"enum A { B(#[wit(name = "a")] u8) }"#,
        "what a case holds has no name",
    );
}
