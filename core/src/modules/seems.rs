//! What bytes seem to be, judged by how they begin. Messages never show their contents.

mod damage;
mod formats;

use std::fmt;

use crate::engine_facts;

pub(crate) use damage::damage;
use formats::*;

/// How a module and a component begin.
const MAGIC: &[u8] = b"\0asm";

/// Bytes of a text that are looked at for what it seems to be.
const HEAD_BYTES: usize = 4096;

/// What bytes seem to be.
#[derive(Debug, PartialEq)]
pub(crate) enum Seems<'a> {
    /// A module in the binary format.
    Module,
    /// A component in the binary format.
    Component,
    /// WebAssembly text.
    Text(&'a str),
    /// Something else: what it is and what to do.
    Other(Other),
}

/// What cannot be loaded: what it is and what to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Other(&'static str, &'static str);

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Other(what, todo) = self;
        write!(f, "this seems to be {what}; {todo}")
    }
}

/// What these bytes seem to be.
pub(crate) fn of(bytes: &[u8]) -> Seems<'_> {
    if bytes.starts_with(MAGIC) {
        return match bytes.get(4..8) {
            // The layer that is not of modules.
            Some([_, _, 1, 0]) => Seems::Component,
            Some([1, 0, 0, 0]) => Seems::Module,
            Some(_) => Seems::Other(VERSION),
            None => Seems::Other(CUT),
        };
    }
    // Before texts: some formats begin with a parenthesis.
    if let Some(other) = format_of(bytes) {
        return Seems::Other(other);
    }
    let text = text_of(bytes);
    if !is_wasm_text(text) || is_javascript(text) {
        return Seems::Other(other(text));
    }
    if let Some(other) = no_module_in(text) {
        return Seems::Other(other);
    }
    match std::str::from_utf8(text) {
        Ok(text) => Seems::Text(text),
        Err(_) => Seems::Other(NO_UTF8),
    }
}

/// What it surely is if it begins so, and is no module.
pub(crate) fn known_by_its_head(head: &[u8]) -> Option<Other> {
    match of(head) {
        // Only the end tells.
        Seems::Other(EMPTY) => None,
        Seems::Other(COMMENTS | NO_UTF8) => is_no_utf8(text_of(head)).then_some(NO_UTF8),
        Seems::Other(LISTS) if may_be_cut(text_of(head)) => None,
        Seems::Other(other) => Some(other),
        Seems::Module | Seems::Component | Seems::Text(_) => None,
    }
}

/// The words that lists of a module begin with.
const WORDS: [&[u8]; 14] = [
    b"module",
    b"component",
    b"type",
    b"rec",
    b"import",
    b"func",
    b"table",
    b"memory",
    b"global",
    b"export",
    b"start",
    b"elem",
    b"data",
    b"tag",
];

/// What a text is that begins with a list or a comment, and has no module behind them.
fn no_module_in(text: &[u8]) -> Option<Other> {
    // A comment without an end: the parser says where it begins.
    let rest = after_space(text)?;
    let Some(list) = rest.strip_prefix(b"(") else {
        return Some(if rest.is_empty() { COMMENTS } else { LISTS });
    };
    let word = word_of(after_space(list)?);
    match WORDS.contains(&word) || word.starts_with(b"@") {
        true => None,
        false => Some(LISTS),
    }
}

/// Whether a text is not UTF-8, whatever follows: its last character may be cut.
fn is_no_utf8(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_err_and(|error| error.error_len().is_some())
}

/// Whether a text that has no module may have one if it goes on: a word, or a mark of two characters, is cut at its end.
fn may_be_cut(text: &[u8]) -> bool {
    let Some(rest) = after_space(text) else {
        return true;
    };
    match rest.strip_prefix(b"(") {
        None => rest.len() < 2,
        Some(list) => after_space(list).is_none_or(|list| list.len() < word_of(list).len() + 2),
    }
}

/// The word that a text begins with.
fn word_of(text: &[u8]) -> &[u8] {
    let is_of_word = |byte: &u8| byte.is_ascii_graphic() && !b"\"(),;[]{}".contains(byte);
    let length = text.iter().position(|byte| !is_of_word(byte));
    &text[..length.unwrap_or(text.len())]
}

/// What follows on space and comments; nothing if a comment has no end.
fn after_space(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = text.trim_ascii_start();
        if text.starts_with(b";;") {
            let line = text.iter().position(|byte| *byte == b'\n');
            text = &text[line.unwrap_or(text.len())..];
        } else if text.starts_with(b"(;") {
            text = &text[comment_bytes(text)?..];
        } else {
            return Some(text);
        }
    }
}

/// How long a comment in `(;` and `;)` is, in which others may be.
fn comment_bytes(text: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        let step = match text.get(at..at + 2)? {
            b"(;" => (2, depth + 1),
            b";)" => (2, depth - 1),
            _ => (1, depth),
        };
        (at, depth) = (at + step.0, step.1);
        if depth == 0 {
            return Some(at);
        }
    }
}

fn format_of(bytes: &[u8]) -> Option<Other> {
    if engine_facts::is_code(bytes) {
        return Some(PRECOMPILED);
    }
    if bytes.len() > 1 && MAGIC.starts_with(bytes) {
        return Some(CUT);
    }
    if bytes
        .get(TAR_AT..)
        .is_some_and(|it| it.starts_with(b"ustar"))
    {
        return Some(TAR);
    }
    let known = BYTES.iter().find(|(start, _)| bytes.starts_with(start));
    // A text may begin with the same letters.
    let known = known.filter(|(start, _)| match *start {
        b"MZ" => bytes.contains(&0),
        b"BZh" => bytes.get(3).is_some_and(u8::is_ascii_digit),
        _ => true,
    });
    known.map(|(_, other)| *other)
}

fn other(text: &[u8]) -> Other {
    if text.is_empty() {
        return EMPTY;
    }
    let head = &text[..text.len().min(HEAD_BYTES)];
    let small = head.to_ascii_lowercase();
    let starts = |(start, _): &&(&str, Other)| small.starts_with(start.as_bytes());
    match TEXTS.iter().find(starts) {
        Some((_, other)) => *other,
        None if is_json(&small) => JSON,
        None if is_plain(head) => PLAIN,
        None => UNKNOWN,
    }
}

/// Whether a string that a program gives as what to load is WebAssembly text; all else is a path.
pub(crate) fn is_text(source: &[u8]) -> bool {
    is_wasm_text(text_of(source))
}

/// A text without the mark of its encoding and the space before it.
fn text_of(bytes: &[u8]) -> &[u8] {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.trim_ascii_start()
}

/// It begins with a list or a comment; a comment may be all that a small file has.
fn is_wasm_text(text: &[u8]) -> bool {
    text.starts_with(b"(") || text.starts_with(b";;")
}

/// What begins with a parenthesis and no word of WebAssembly text.
fn is_javascript(text: &[u8]) -> bool {
    let starts = [&b"(function"[..], b"(async", b"(()", b"(("];
    starts.iter().any(|start| text.starts_with(start))
}

/// An object or a list, and how one goes on.
fn is_json(text: &[u8]) -> bool {
    let (start, rest) = text.split_at(text.len().min(1));
    let next = rest.trim_ascii_start().first().copied().unwrap_or(b' ');
    match start {
        b"{" => b"\"}".contains(&next),
        b"[" => b"[{\"]-0123456789".contains(&next),
        _ => false,
    }
}

/// A text that people write has no zero bytes and few other ones that mean nothing.
fn is_plain(head: &[u8]) -> bool {
    let steers = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    let end = head.utf8_chunks().next().map_or(0, |it| it.valid().len());
    // A character may be cut at the end of what is looked at.
    !head.iter().any(steers) && end + 4 > head.len()
}

/// Whether it begins with the scheme of a URL. One letter is a drive of Windows.
fn is_url(source: &str) -> bool {
    source.split_once(':').is_some_and(|(scheme, rest)| {
        let is_scheme = scheme.len() > 1 && scheme.chars().all(|it| it.is_ascii_alphanumeric());
        is_scheme && (rest.starts_with("//") || scheme.eq_ignore_ascii_case("file"))
    })
}

/// Why there may be no file of this name: content was given in place of a path.
pub(crate) fn not_a_path(source: &str) -> Option<String> {
    let is_content = source.chars().any(char::is_control)
        || source.len() > 255
        || source.starts_with(['<', '\u{feff}'])
        || source.starts_with("data:")
        || is_url(source)
        || source.trim().is_empty();
    let what = match of(source.as_bytes()) {
        _ if !is_content => return None,
        Seems::Text(_) => return None,
        Seems::Module | Seems::Component => {
            "this seems to be a module in a string; give it as bytes".to_owned()
        }
        _ if is_url(source) => {
            "this is the text of a URL; give the path of the file, or fetch the bytes first"
                .to_owned()
        }
        Seems::Other(EMPTY) => "the string is empty".to_owned(),
        Seems::Other(UNKNOWN) => "this seems to be no path".to_owned(),
        Seems::Other(other) => other.to_string(),
    };
    Some(format!(
        "{what}; a string is a path unless it begins with the \"(\" of WebAssembly text"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        match of(bytes) {
            Seems::Other(other) => other.to_string(),
            found => panic!("{found:?}"),
        }
    }

    #[test]
    fn each_format_is_told_by_how_it_begins() {
        for (start, other) in BYTES {
            let bytes = [start, &b"9\0 and so on"[..]].concat();
            assert_eq!(told(&bytes), other.to_string());
        }
        for (start, other) in TEXTS {
            for space in ["", "\u{feff}", " \r\n\t"] {
                let text = format!("{space}{start} and so on");
                assert_eq!(told(text.as_bytes()), other.to_string(), "{text:?}");
            }
        }
        assert!(told(b"").contains("empty"));
        assert!(told(b"\xef\xbb\xbf \n").contains("empty"));
        assert!(told(b"\0as").contains("cut short"));
        assert!(told(b"\0asm\x01\0\0").contains("cut short"));
        assert_eq!(of(b"\0asm\x0d\0\x01\0"), Seems::Component);
        assert!(told(b"root:x:0:0:root:/root:/bin/bash\n").contains("no WebAssembly text"));
        assert!(told(b"hello").contains("no WebAssembly text"));
        assert!(told(b"\x8b\x02\x80\0\0").contains("no module"));
        assert!(told(b"\0asm\x0d\0\0\0").contains("version"));
        assert!(told(&[&[b'a'; 257][..], b"ustar\0"].concat()).contains("tar"));
        for json in ["{}", "{\n \"a\": 1}", "[1]", " [ {", "[]"] {
            assert!(told(json.as_bytes()).contains("JSON"), "{json}");
        }
        for plain in [
            "[package]\nname",
            "{a}",
            "MZ is a text",
            "BZh is a text",
            "#",
        ] {
            assert!(
                told(plain.as_bytes()).contains("no WebAssembly text"),
                "{plain}"
            );
        }
        assert!(told(b"(module \xff)").contains("not UTF-8"));
    }

    #[test]
    fn what_only_begins_with_a_parenthesis_is_not_shown() {
        for text in [
            "(defun f () \"secret\")",
            "(c) secret",
            "( secret )",
            "(",
            ";; a\n[secret]\n",
            "(; a ;) secret",
        ] {
            assert!(
                told(text.as_bytes()).contains("no WebAssembly text"),
                "{text}"
            );
        }
        assert!(told(b";; a\n(; b (; c ;) ;)").contains("comments alone"));
        for text in [
            "(func)",
            "( (; a ;) module)",
            "(@custom \"a\")",
            "(; a (; b ;) ;;)\n;; c\n(rec)",
            "(; a",
        ] {
            assert!(matches!(of(text.as_bytes()), Seems::Text(_)), "{text}");
        }
    }

    #[test]
    fn what_follows_behind_a_module_is_told() {
        let whole = wat::parse_str(r#"(module (func (export "f")))"#).unwrap();
        for junk in [&b"\n"[..], b"hello", b"\0\0\0", &whole, b"\xff"] {
            let told = damage(&[&whole, junk].concat()).unwrap_or_default();
            let part = format!(
                "whole up to byte {}, and what follows ({} bytes)",
                whole.len(),
                junk.len()
            );
            assert!(told.contains(&part), "{junk:?}: {told}");
        }
    }

    #[test]
    fn an_elf_file_is_precompiled_only_if_the_engine_made_it() {
        assert!(told(b"\x7fELF\x02\x01\x01\0").contains("Linux"));
        assert!(told(b"\x7fELF\x02\x01\x01\xc8").contains("precompiled module"));
    }

    #[test]
    fn text_begins_with_a_list_or_a_comment() {
        for text in [
            "(module)",
            " \r\n\t(module)",
            "\u{feff}(module)",
            ";; a\n(module)",
            "(; a ;)(module)",
        ] {
            assert!(is_text(text.as_bytes()), "{text:?}");
            assert!(matches!(of(text.as_bytes()), Seems::Text(_)), "{text:?}");
        }
        for path in [
            "",
            "calc.wasm",
            "./(1).wasm",
            "/a/b",
            "a(b",
            "; a",
            "C:\\calc.wasm",
        ] {
            assert!(!is_text(path.as_bytes()), "{path:?}");
        }
    }

    #[test]
    fn a_string_that_is_no_path_is_told() {
        for path in [
            "calc.wasm",
            "//host/calc.wasm",
            "MZ.wasm",
            "let it be.wasm",
            "[1]",
            "package x.wasm",
            "C:/calc.wasm",
            "a:b.wasm",
        ] {
            assert_eq!(not_a_path(path), None, "{path}");
        }
        for (content, part) in [
            ("", "empty"),
            ("\0asm\u{1}\0\0\0", "as bytes"),
            ("<html>", "HTML"),
            ("module)\n", "no WebAssembly text"),
            ("data:application/wasm;base64,AGFzbQ", "base64"),
            ("import x from 'y'\n", "JavaScript"),
            ("https://example.com/calc.wasm", "the text of a URL"),
            ("file:///srv/calc.wasm", "the text of a URL"),
        ] {
            let told = not_a_path(content).unwrap_or_default();
            assert!(told.contains(part), "{content:?}: {told}");
        }
    }

    #[test]
    fn where_a_module_was_cut_is_told() {
        let whole = wat::parse_str(r#"(module (func (export "f")) (data "abc"))"#).unwrap();
        assert!(damage::ends_well(&whole));
        let cut = |length: usize| damage(&whole[..length]).unwrap_or_default();
        let inside = cut(whole.len() - 2);
        let length = whole.len();
        assert!(
            inside.contains(&format!("ends at byte {}", length - 2)),
            "{inside}"
        );
        assert!(
            inside.contains(&format!("the data section, which goes on to byte {length}")),
            "{inside}"
        );
        let before_code =
            (9..length).find(|length| cut(*length).contains("before the code section"));
        assert!(before_code.is_some());
        assert_eq!(damage(&whole), None);
    }

    #[test]
    fn where_a_component_was_cut_is_told() {
        let whole = r#"(component (component (core module (func (export "f")))) (type string))"#;
        let whole = wat::parse_str(whole).unwrap();
        assert_eq!(damage(&whole), None);
        let cut = damage(&whole[..20]).unwrap_or_default();
        assert!(cut.contains("in the component section"), "{cut}");
        for junk in [&whole[..], b"hello"] {
            let told = damage(&[&whole, junk].concat()).unwrap_or_default();
            let part = format!("whole up to byte {}", whole.len());
            assert!(told.contains(&part), "{told}");
        }
    }

    #[test]
    fn a_module_that_was_taken_for_text_is_told() {
        let mut whole = wat::parse_str(r#"(module (func (export "f")))"#).unwrap();
        let lines = whole.iter().flat_map(|byte| match byte {
            b'\n' => vec![b'\r', b'\n'],
            byte => vec![*byte],
        });
        let lines: Vec<u8> = lines.collect();
        assert!(damage(&lines).unwrap().contains("line ends"));
        let some = [b"\0asm\x01\0\0\0\x01".as_slice(), &b"\x01\r\n".repeat(9)].concat();
        assert!(damage(&some).unwrap().contains("line ends"));
        whole.extend([0, 3, 1, b'a', 0xff]);
        let lossy = String::from_utf8_lossy(&whole).into_owned();
        assert!(damage(lossy.as_bytes()).unwrap().contains("read as text"));
        let latin: String = whole.iter().map(|byte| char::from(*byte)).collect();
        assert!(damage(latin.as_bytes()).unwrap().contains("read as text"));
    }
}
