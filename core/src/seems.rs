//! What bytes seem to be, told by how they begin. Nothing of what is in them is ever told.

use std::fmt;

use crate::precompiled;

/// How a module and a component begin.
const MAGIC: &[u8] = b"\0asm";

/// Bytes of a text that are looked at for what it seems to be.
const HEAD_BYTES: usize = 4096;

/// What bytes seem to be.
#[derive(Debug, PartialEq)]
pub(crate) enum Seems<'a> {
    /// A module in the binary format.
    Module,
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

/// Components are not loaded yet: all that is said of them is said here.
const COMPONENT: Other = Other(
    "a component",
    "only modules are loaded; build it as one, such as for the target wasm32-wasip1 in place of wasm32-wasip2",
);

const EMPTY: Other = Other("empty", "look whether the file was written and downloaded");

const PRECOMPILED: Other = Other(
    "a precompiled module, which is machine code",
    "if you trust whoever made it, load it with load_precompiled",
);

const CUT: Other = Other(
    "a module that was cut short before its header ends",
    "write, copy or download it again",
);

const VERSION: Other = Other(
    "a module in a version of the binary format that is not in use, or a damaged one",
    "look whether it is the right file, or copy or download it again",
);

const JAVASCRIPT: Other = Other(
    "JavaScript",
    "load the .wasm file that belongs to it, built for WASI or for no system at all",
);

/// Other languages begin so, too.
const SCRIPT: Other = Other(
    "source code, such as JavaScript",
    "load the .wasm file that belongs to it, or compile it for WebAssembly",
);

const COMMENTS: Other = Other(
    "a text of comments alone",
    "look whether the file was written and downloaded",
);

const LISTS: Other = Other(
    "a text, but no WebAssembly text: that begins with \"(module\", or with a field of one, such as \"(func\"",
    "look whether it is the right file",
);

const UTF16: Other = Other(
    "text in UTF-16",
    "save it as UTF-8; a module in the binary format must not pass through a shell's text",
);

const NO_UTF8: Other = Other("WebAssembly text that is not UTF-8", "save it as UTF-8");

const BASE64: Other = Other("a module in base64", "decode it, and load the bytes");

const HEX: Other = Other("a module in hexadecimal", "decode it, and load the bytes");

const WRONG_FILE: &str = "look whether it is the right file";

const MACHINE_CODE: &str =
    "compile its source for WebAssembly, such as for the target wasm32-wasip1";

/// How formats begin.
const BYTES: &[(&[u8], Other)] = &[
    (
        b"\x1f\x8b",
        Other("a gzip file", "unpack it with gunzip, or tar -xzf"),
    ),
    (
        b"PK\x03\x04",
        Other(
            "a zip file, such as a jar or a wheel",
            "unpack it and load the .wasm in it",
        ),
    ),
    (b"PK\x05\x06", Other("an empty zip file", "make it again")),
    (b"%PDF-", Other("a PDF", WRONG_FILE)),
    (b"\x89PNG", Other("a picture (PNG)", WRONG_FILE)),
    (b"\xff\xd8\xff", Other("a picture (JPEG)", WRONG_FILE)),
    (b"GIF8", Other("a picture (GIF)", WRONG_FILE)),
    (
        b"SQLite format 3\0",
        Other("a database of SQLite", WRONG_FILE),
    ),
    (
        b"\x28\xb5\x2f\xfd",
        Other("a zstd file", "unpack it with unzstd"),
    ),
    (b"\xfd7zXZ\0", Other("an xz file", "unpack it with unxz")),
    (b"BZh", Other("a bzip2 file", "unpack it with bunzip2")),
    (
        b"\x7fELF",
        Other("an ELF file, a program or library of Linux", MACHINE_CODE),
    ),
    (
        b"\xfe\xed\xfa\xce",
        Other("a Mach-O file, a program or library of macOS", MACHINE_CODE),
    ),
    (
        b"\xfe\xed\xfa\xcf",
        Other("a Mach-O file, a program or library of macOS", MACHINE_CODE),
    ),
    (
        b"\xce\xfa\xed\xfe",
        Other("a Mach-O file, a program or library of macOS", MACHINE_CODE),
    ),
    (
        b"\xcf\xfa\xed\xfe",
        Other("a Mach-O file, a program or library of macOS", MACHINE_CODE),
    ),
    (
        b"\xca\xfe\xba\xbe\0\0\0\x01",
        Other("a Mach-O file, a program or library of macOS", MACHINE_CODE),
    ),
    (
        b"\xca\xfe\xba\xbe\0\0\0\x02",
        Other("a Mach-O file, a program or library of macOS", MACHINE_CODE),
    ),
    (
        b"\xca\xfe\xba\xbe\0\0\0\x03",
        Other("a Mach-O file, a program or library of macOS", MACHINE_CODE),
    ),
    (
        b"\xca\xfe\xba\xbe",
        Other("a class of Java", "load the .wasm file that belongs to it"),
    ),
    (
        b"MZ",
        Other("a program or library of Windows", MACHINE_CODE),
    ),
    (
        b"BC\xc0\xde",
        Other(
            "LLVM bitcode",
            "link it to a module, such as without -c and -emit-llvm",
        ),
    ),
    (
        b"!<arch>\n",
        Other(
            "a library of object files",
            "link it to a module with wasm-ld or the compiler",
        ),
    ),
    (b"\xff\xfe", UTF16),
    (b"\xfe\xff", UTF16),
    (b"(\0", UTF16),
    (b"\0(", UTF16),
];

/// Where an archive of tar says that it is one.
const TAR_AT: usize = 257;

const TAR: Other = Other(
    "an archive of tar",
    "unpack it with tar -xf and load the .wasm in it",
);

/// How texts begin, in small letters.
const TEXTS: &[(&str, Other)] = &[
    ("<!doctype html", HTML),
    ("<html", HTML),
    ("<head", HTML),
    ("<body", HTML),
    ("<!--", HTML),
    ("<script", HTML),
    (
        "http/1.",
        Other(
            "the answer of a web server with its headers",
            "save what follows them, and look whether it says 200",
        ),
    ),
    ("<?xml", XML),
    ("<!doctype", XML),
    (
        "version https://git-lfs",
        Other(
            "a pointer of Git LFS in place of the file",
            "fetch the file with git lfs pull",
        ),
    ),
    ("agfzb", BASE64),
    ("data:application/wasm;base64", BASE64),
    ("0061736d", HEX),
    ("0x0061736d", HEX),
    ("00 61 73 6d", HEX),
    (
        "[0,97,115,109",
        Other(
            "a module as a list of numbers",
            "write the bytes themselves to the file",
        ),
    ),
    (
        "[0, 97, 115, 109",
        Other(
            "a module as a list of numbers",
            "write the bytes themselves to the file",
        ),
    ),
    ("#![", SOURCE),
    ("#!", Other("a script", "load the .wasm file itself")),
    ("#include", SOURCE),
    ("package ", SOURCE),
    ("fn ", SOURCE),
    ("pub fn ", SOURCE),
    ("import ", SCRIPT),
    ("export ", SCRIPT),
    ("const ", SCRIPT),
    ("let ", SCRIPT),
    ("var ", SCRIPT),
    ("function", JAVASCRIPT),
    ("async ", SCRIPT),
    ("\"use strict\"", JAVASCRIPT),
    ("'use strict'", JAVASCRIPT),
    ("//", SCRIPT),
    ("/*", SCRIPT),
    ("(function", JAVASCRIPT),
    ("(async", JAVASCRIPT),
    ("(()", JAVASCRIPT),
    ("((", JAVASCRIPT),
];

const HTML: Other = Other(
    "a web page (HTML)",
    "a download that failed often gives one: look at what its address answers",
);

const XML: Other = Other(
    "XML",
    "a download that failed often gives it: look at what its address answers",
);

const JSON: Other = Other(
    "JSON",
    "look whether it is the right file; a download that failed often gives it, so look at what its address answers",
);

const SOURCE: Other = Other(
    "source code",
    "compile it for WebAssembly and load the .wasm file",
);

const PLAIN: Other = Other(
    "a text, but no WebAssembly text, which begins with \"(\"",
    "look whether it is the right file",
);

const UNKNOWN: Other = Other(
    "no module: it begins neither with the bytes 00 61 73 6d (\\0asm) nor with the \"(\" of WebAssembly text",
    "look whether it is the right file",
);

/// What these bytes seem to be.
pub(crate) fn of(bytes: &[u8]) -> Seems<'_> {
    if bytes.starts_with(MAGIC) {
        return match bytes.get(4..8) {
            // The layer that is not of modules.
            Some([_, _, 1, 0]) => Seems::Other(COMPONENT),
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
        Seems::Other(EMPTY | COMMENTS | LISTS | NO_UTF8) => None,
        Seems::Other(other) => Some(other),
        Seems::Module | Seems::Text(_) => None,
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
    let list = after_space(list)?;
    let is_of_word = |byte: &u8| byte.is_ascii_graphic() && !b"\"(),;[]{}".contains(byte);
    let length = list.iter().position(|byte| !is_of_word(byte));
    let word = &list[..length.unwrap_or(list.len())];
    match WORDS.contains(&word) || word.starts_with(b"@") {
        true => None,
        false => Some(LISTS),
    }
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
    if precompiled::looks_like(bytes) {
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

/// What seems to have happened to a module that is not valid, and what to do.
pub(crate) fn damage(wasm: &[u8]) -> Option<String> {
    if !wasm.starts_with(MAGIC) {
        return None;
    }
    if has_line_ends(wasm) {
        let text = "line ends were added to it, as to a text; copy it as a binary file";
        return Some(text.to_owned());
    }
    if is_recoded(wasm) {
        let text = "it was read as text and written again, which changes a module; copy it as a \
                    binary file";
        return Some(text.to_owned());
    }
    cut(wasm)
}

/// Whether there is a return before each new line, of which there are many, or it is whole without them.
fn has_line_ends(wasm: &[u8]) -> bool {
    let (mut lines, mut returned, mut before) = (0, 0, 0);
    for byte in wasm {
        lines += usize::from(*byte == b'\n');
        returned += usize::from(*byte == b'\n' && before == b'\r');
        before = *byte;
    }
    returned > 0 && (returned == lines && lines > 8 || ends_well(&without_returns(wasm)))
}

fn without_returns(wasm: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(wasm.len());
    for (i, byte) in wasm.iter().enumerate() {
        if *byte != b'\r' || wasm.get(i + 1) != Some(&b'\n') {
            bytes.push(*byte);
        }
    }
    bytes
}

/// Whether all of it is UTF-8 with letters beyond ASCII, as no module of more than a few bytes is, and
/// it is whole once that is undone, or was made of bytes that were no text.
fn is_recoded(wasm: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(wasm) else {
        return false;
    };
    let narrow = || {
        text.chars()
            .map(u8::try_from)
            .collect::<Result<Vec<_>, _>>()
    };
    text.contains('\u{fffd}') || !text.is_ascii() && narrow().is_ok_and(|it| ends_well(&it))
}

/// The sections of a module by their numbers.
const SECTIONS: [&str; 14] = [
    "custom",
    "type",
    "import",
    "function",
    "table",
    "memory",
    "global",
    "export",
    "start",
    "element",
    "code",
    "data",
    "data count",
    "tag",
];

/// Their places in a module; custom ones may be anywhere.
const ORDER: [u8; 14] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

/// How the sections of a module lie in its bytes.
enum Sections {
    /// Whole; whether functions are declared and have no code.
    Whole { no_code: bool },
    /// The last one ends too early.
    Cut { name: &'static str, end: u64 },
    /// All that a module may have is there, and then comes something else.
    Junk { at: usize },
    /// They cannot be read.
    Unknown,
}

impl Sections {
    fn of(wasm: &[u8]) -> Sections {
        let (mut at, mut functions, mut code) = (8, false, false);
        let (mut place, mut disorder) = (0, None);
        let junk = |at: Option<usize>| at.map_or(Sections::Unknown, |at| Sections::Junk { at });
        while at < wasm.len() {
            let may_end = at > 8 && functions == code;
            if may_end && (wasm[at..].starts_with(MAGIC) || wasm[at..].starts_with(&[0, 0])) {
                return Sections::Junk { at };
            }
            let id = usize::from(wasm[at]);
            let Some(name) = SECTIONS.get(id) else {
                return junk(disorder.or(may_end.then_some(at)));
            };
            if id > 0 && ORDER[id] <= place && may_end {
                disorder = disorder.or(Some(at));
            }
            place = place.max(ORDER[id]);
            functions |= *name == "function";
            code |= *name == "code";
            let (size, length) = match number(&wasm[at + 1..]) {
                Some(read) => read,
                None if wasm.len() - at <= 5 => (0, 6),
                None => return junk(disorder),
            };
            let end = (at + 1 + length) as u64 + u64::from(size);
            if end > wasm.len() as u64 && disorder.is_some() {
                return junk(disorder);
            }
            if end > wasm.len() as u64 {
                return Sections::Cut { name, end };
            }
            at = end as usize;
        }
        let no_code = functions && !code;
        Sections::Whole { no_code }
    }
}

/// An unsigned number in LEB128 and its length.
fn number(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut value = 0;
    for (i, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((u32::try_from(value).ok()?, i + 1));
        }
    }
    None
}

fn ends_well(wasm: &[u8]) -> bool {
    matches!(Sections::of(wasm), Sections::Whole { no_code: false })
}

fn cut(wasm: &[u8]) -> Option<String> {
    let (length, again) = (wasm.len(), "copy or download it again");
    match Sections::of(wasm) {
        Sections::Cut { name, end } => Some(format!(
            "it seems to be cut short: it ends at byte {length}, in the {name} section, which goes on to \
             byte {end}; {again}"
        )),
        Sections::Whole { no_code: true } => Some(format!(
            "it seems to be cut short: it ends at byte {length}, before the code section; {again}"
        )),
        Sections::Junk { at } => Some(format!(
            "it seems to be whole up to byte {at}, and what follows ({} bytes) is no part of it; cut that off, or \
             write, copy or download it again",
            length - at
        )),
        _ => None,
    }
}

/// Why there may be no file of this name: content was given in place of a path.
pub(crate) fn not_a_path(source: &str) -> Option<String> {
    let is_content = source.chars().any(char::is_control)
        || source.len() > 255
        || source.starts_with(['<', '\u{feff}'])
        || source.starts_with("data:")
        || source.trim().is_empty();
    let what = match of(source.as_bytes()) {
        _ if !is_content => return None,
        Seems::Text(_) => return None,
        Seems::Module => "this seems to be a module in a string; give it as bytes".to_owned(),
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
        assert!(told(b"\0asm\x0d\0\x01\0").contains("a component"));
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
        ] {
            let told = not_a_path(content).unwrap_or_default();
            assert!(told.contains(part), "{content:?}: {told}");
        }
    }

    #[test]
    fn where_a_module_was_cut_is_told() {
        let whole = wat::parse_str(r#"(module (func (export "f")) (data "abc"))"#).unwrap();
        assert!(ends_well(&whole));
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
