//! What is wrong with a text, and where.

use crate::{Error, ErrorKind};

/// Made where it is found; the way there is added on the way out.
pub(super) struct Fault {
    what: String,
    /// A byte of the text.
    at: usize,
    /// The innermost step first.
    path: Vec<String>,
}

impl Fault {
    pub(super) fn new(at: usize, what: impl Into<String>) -> Fault {
        let (what, path) = (what.into(), Vec::new());
        Fault { what, at, path }
    }

    pub(super) fn inside(mut self, step: String) -> Fault {
        self.path.push(step);
        self
    }

    /// The error, for a text that stands at `root`.
    pub(super) fn error(self, root: &str, text: &str) -> Error {
        let path: String = self.path.iter().rev().map(String::as_str).collect();
        let place = place(text, self.at);
        let what = format!("{root}{path}: {} (at {place})", self.what);
        Error::new(ErrorKind::Type, what)
    }
}

/// Lines and characters, counted from 1.
fn place(text: &str, at: usize) -> String {
    let before = &text[..at];
    let line = before.rsplit('\n').next().unwrap_or(before);
    let character = line.chars().count() + 1;
    match text.contains('\n') {
        true => {
            let lines = before.matches('\n').count() + 1;
            format!("line {lines}, character {character}")
        }
        false => format!("character {character}"),
    }
}
