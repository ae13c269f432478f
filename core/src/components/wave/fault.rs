//! What is wrong with a text, and where.

use std::fmt::Display;

use crate::components::wrong::Wrong;
use crate::{Error, ErrorKind};

pub(super) struct Fault {
    wrong: Wrong,
    /// A byte of the text.
    at: usize,
}

impl Fault {
    pub(super) fn new(at: usize, what: impl Into<String>) -> Fault {
        Fault::of(at, Error::new(ErrorKind::Type, what).into())
    }

    pub(super) fn of(at: usize, wrong: Wrong) -> Fault {
        Fault { wrong, at }
    }

    pub(super) fn in_field(self, name: impl Display) -> Fault {
        Fault::of(self.at, self.wrong.in_field(name))
    }

    pub(super) fn in_element(self, index: usize) -> Fault {
        Fault::of(self.at, self.wrong.in_element(index))
    }

    /// The error, for a text that stands at `root`.
    pub(super) fn error(self, root: impl Display, text: &str) -> Error {
        self.wrong.at(root).in_text(&place(text, self.at))
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
