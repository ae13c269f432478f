//! Names of fields, cases and flags: among them those that mean something in WIT, in WAVE or in a host's language.

use std::collections::HashSet;

use crate::Random;

const WORDS: [&str; 36] = [
    "record",
    "variant",
    "enum",
    "flags",
    "type",
    "list",
    "option",
    "result",
    "string",
    "own",
    "u8",
    "some",
    "none",
    "ok",
    "err",
    "true",
    "false",
    "nan",
    "inf",
    "self",
    "class",
    "constructor",
    "proto",
    "length",
    "and",
    "import",
    "func",
    "static",
    "as",
    "async",
    "void",
    "int",
    "x",
    "a",
    "name",
    "value",
];

/// So many names, no two of which differ in nothing but case.
pub(crate) fn names(random: &mut Random, count: usize) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut names = Vec::with_capacity(count);
    while names.len() < count {
        let name = name(random);
        if seen.insert(name.to_lowercase()) {
            names.push(name);
        }
    }
    names
}

fn name(random: &mut Random) -> String {
    let number = random.below(1000);
    match random.below(6) {
        0 => random.of(&WORDS).to_owned(),
        1 => format!("{}-{}", random.of(&WORDS), random.of(&WORDS)),
        2 => format!("{}{number}", random.of(&["HTTP", "X", "U"])),
        3 => format!(
            "{}-{}{number}",
            random.of(&["to", "URL"]),
            random.of(&["ID", "id"])
        ),
        _ => format!("n{number}"),
    }
}
