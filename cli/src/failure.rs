//! What went wrong, as it is told: one line, the guest's frames, a hint; and the exit code.

use landbridge::{Error, ErrorKind};

/// Exit codes, as `--help` has them.
const UNUSABLE: i32 = 1;
pub(crate) const USAGE: i32 = 2;
const GUEST: i32 = 70;
const TIMEOUT: i32 = 124;

/// An error of core with what the command has to say about it.
pub(crate) struct Failure {
    error: Error,
    hint: Option<String>,
    code: i32,
}

impl Failure {
    /// Says what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// What was typed is wrong.
    pub(crate) fn usage(error: Error) -> Failure {
        Failure {
            code: USAGE,
            ..error.into()
        }
    }

    /// Writes it to stderr, and gives the exit code.
    pub(crate) fn tell(&self) -> i32 {
        if self.error.exit_code().is_none() {
            eprintln!("landbridge: {}: {}", self.error.kind(), self.error.report());
            self.hint.iter().for_each(|hint| eprintln!("hint: {hint}"));
        }
        self.code
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure {
            code: code(&error),
            hint: hint(error.message()),
            error,
        }
    }
}

fn code(error: &Error) -> i32 {
    use ErrorKind as K;
    match error.kind() {
        K::Exit => error.exit_code().unwrap_or(GUEST),
        K::Timeout => TIMEOUT,
        K::Trap | K::Exception | K::Host | K::Internal => GUEST,
        K::Fuel | K::MemoryLimit | K::Limit | K::Cancelled | K::Poisoned => GUEST,
        _ => UNUSABLE,
    }
}

/// What core says to do, as this command has it.
const HINTS: &[(&str, &str)] = &[
    ("option wide_arithmetic", "give --wide-arithmetic"),
    ("option custom_page_sizes", "give --custom-page-sizes"),
    (
        "option compile_cost",
        "give --compile-cost UNITS if you trust whoever made the module",
    ),
    ("memory_reservation_bytes", "give --memory-reservation SIZE"),
    (
        "with load_precompiled",
        "give --precompiled if you trust whoever made the file",
    ),
    (
        "not a precompiled module",
        "leave out --precompiled: modules are compiled when they are loaded",
    ),
    (
        "configuration of the engine",
        "give the same options of the engine as to `landbridge compile`",
    ),
];

fn hint(message: &str) -> Option<String> {
    let found = HINTS.iter().find(|(part, _)| message.contains(part));
    found.map(|(_, hint)| (*hint).to_owned())
}
