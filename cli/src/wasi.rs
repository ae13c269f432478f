//! What a module asks of WASI, in words.

use landbridge::{Ask, ExternType};

/// The name that modules import WASI preview 1 by.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";

/// What is asked for: its name, in words, and the option that grants it, or how it is.
const WORDS: &[(&str, &str, &str)] = &[
    ("args", "arguments", "given"),
    ("env", "environment", "--env"),
    ("clock", "clock", "--clock"),
    ("random", "random numbers", "--random"),
    ("files", "files", "--dir"),
    ("stdin", "standard input or open files", "given"),
    ("streams", "standard streams or open files", "given"),
    ("poll", "waiting", "given"),
    ("exit", "ending itself with an exit code", "given"),
    ("sockets", "sockets", "never granted"),
    ("signals", "signals", "never granted"),
    ("yield", "giving up its turn", "given"),
    ("http", "HTTP", "--net"),
];

/// In words, and what grants it. Components ask of WASI 0.2, of which nothing is lent.
pub(crate) fn words(ask: &Ask, is_component: bool) -> (&'static str, &'static str) {
    let found = WORDS.iter().find(|(name, ..)| *name == ask.what);
    let (words, grant) = found.map_or((ask.what, "unknown"), |(_, words, grant)| (words, grant));
    match is_component {
        true => (words, "not lent to components yet"),
        false => (words, grant),
    }
}

/// What sort of module it is: a program is run, a reactor and a library are called.
pub(crate) fn role(exports: &[(String, ExternType)]) -> &'static str {
    let has = |wanted: &str| exports.iter().any(|(name, _)| name == wanted);
    match (has("_start"), has("_initialize")) {
        (true, _) => "program",
        (_, true) => "reactor",
        _ => "library",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_words_for_all_that_can_be_asked_for() {
        let names: Vec<_> = WORDS.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, Ask::ALL);
    }
}
