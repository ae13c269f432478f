//! Formats that are taken for modules: what each begins with, what it is, and what to do.

use super::Other;

pub(super) const EMPTY: Other = Other("empty", "look whether the file was written and downloaded");

pub(super) const PRECOMPILED: Other = Other(
    "a precompiled module, which is machine code",
    "if you trust whoever made it, load it with load_precompiled",
);

pub(super) const CUT: Other = Other(
    "a module that was cut short before its header ends",
    "write, copy or download it again",
);

pub(super) const VERSION: Other = Other(
    "a module in a version of the binary format that is not in use, or a damaged one",
    "look whether it is the right file, or copy or download it again",
);

pub(super) const JAVASCRIPT: Other = Other(
    "JavaScript",
    "load the .wasm file that belongs to it, built for WASI or for no system at all",
);

/// Other languages begin so, too.
pub(super) const SCRIPT: Other = Other(
    "source code, such as JavaScript",
    "load the .wasm file that belongs to it, or compile it for WebAssembly",
);

pub(super) const COMMENTS: Other = Other(
    "a text of comments alone",
    "look whether the file was written and downloaded",
);

pub(super) const LISTS: Other = Other(
    "a text, but no WebAssembly text: that begins with \"(module\", or with a field of one, such as \"(func\"",
    "look whether it is the right file",
);

pub(super) const UTF16: Other = Other(
    "text in UTF-16",
    "save it as UTF-8; a module in the binary format must not pass through a shell's text",
);

pub(super) const NO_UTF8: Other = Other("WebAssembly text that is not UTF-8", "save it as UTF-8");

pub(super) const BASE64: Other = Other("a module in base64", "decode it, and load the bytes");

pub(super) const HEX: Other = Other("a module in hexadecimal", "decode it, and load the bytes");

pub(super) const WRONG_FILE: &str = "look whether it is the right file";

pub(super) const MACHINE_CODE: &str =
    "compile its source for WebAssembly, such as for the target wasm32-wasip1";

/// How formats begin.
pub(super) const BYTES: &[(&[u8], Other)] = &[
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
pub(super) const TAR_AT: usize = 257;

pub(super) const TAR: Other = Other(
    "an archive of tar",
    "unpack it with tar -xf and load the .wasm in it",
);

/// How texts begin, in small letters.
pub(super) const TEXTS: &[(&str, Other)] = &[
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

pub(super) const HTML: Other = Other(
    "a web page (HTML)",
    "a download that failed often gives one: look at what its address answers",
);

pub(super) const XML: Other = Other(
    "XML",
    "a download that failed often gives it: look at what its address answers",
);

pub(super) const JSON: Other = Other(
    "JSON",
    "look whether it is the right file; a download that failed often gives it, so look at what its address answers",
);

pub(super) const SOURCE: Other = Other(
    "source code",
    "compile it for WebAssembly and load the .wasm file",
);

pub(super) const PLAIN: Other = Other(
    "a text, but no WebAssembly text, which begins with \"(\"",
    "look whether it is the right file",
);

pub(super) const UNKNOWN: Other = Other(
    "no module: it begins neither with the bytes 00 61 73 6d (\\0asm) nor with the \"(\" of WebAssembly text",
    "look whether it is the right file",
);
