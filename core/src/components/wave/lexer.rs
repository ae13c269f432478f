//! The tokens of a text in WAVE.

use super::fault::Fault;

/// How many characters of what was found are shown in a message.
const SHOWN: usize = 40;

/// A place in a text. A clone looks ahead.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// A name or a keyword.
pub(super) struct Word<'a> {
    pub(super) name: &'a str,
    /// Whether it has `%` in front, and so is a name whatever it says.
    pub(super) is_name: bool,
    pub(super) at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Lexer<'a> {
        Lexer { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The first character of what comes next, behind blanks and comments.
    pub(super) fn peek(&mut self) -> Option<char> {
        loop {
            let rest = self.rest();
            let rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            self.at = self.text.len() - rest.len();
            match rest.starts_with("//") {
                true => self.at += rest.find('\n').unwrap_or(rest.len()),
                false => return rest.chars().next(),
            }
        }
    }

    /// Whether this comes next; then it is behind us.
    pub(super) fn take(&mut self, mark: char) -> bool {
        let is_next = self.peek() == Some(mark);
        if is_next {
            self.at += mark.len_utf8();
        }
        is_next
    }

    pub(super) fn need(&mut self, mark: char) -> Result<(), Fault> {
        match self.take(mark) {
            true => Ok(()),
            false => Err(self.expected(format!("`{mark}`"))),
        }
    }

    /// The end of one of several things: whether another one follows.
    pub(super) fn more(&mut self, close: char) -> Result<bool, Fault> {
        if self.take(close) {
            return Ok(false);
        }
        match self.take(',') {
            true => Ok(!self.take(close)),
            false => Err(self.expected(format!("`,` or `{close}`"))),
        }
    }

    pub(super) fn word(&mut self) -> Option<Word<'a>> {
        let first = self.peek()?;
        let (at, is_name) = (self.at, first == '%');
        let text = &self.rest()[usize::from(is_name)..];
        let name = &text[..word_bytes(text)];
        if name.is_empty() {
            return None;
        }
        self.at += usize::from(is_name) + name.len();
        Some(Word { name, is_name, at })
    }

    /// What could be a number, up to where it certainly is over.
    pub(super) fn number(&mut self) -> Option<(&'a str, usize)> {
        self.peek()?;
        let at = self.at;
        let number = &self.rest()[..number_bytes(self.rest())];
        self.at += number.len();
        (!number.is_empty()).then_some((number, at))
    }

    /// Nothing but blanks and comments may follow.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.expected("the end")),
        }
    }

    /// The fault that something else comes next.
    pub(super) fn expected(&mut self, what: impl std::fmt::Display) -> Fault {
        let got = self.got();
        Fault::new(self.at, format!("expected {what}, got {got}"))
    }

    fn got(&mut self) -> String {
        let Some(first) = self.peek() else {
            return "the end".to_owned();
        };
        let rest = self.rest();
        let bytes = match first {
            '"' | '\'' => {
                1 + rest[1..]
                    .find([first, '\n'])
                    .map_or(rest.len() - 1, |i| i + 1)
            }
            '%' => 1 + word_bytes(&rest[1..]),
            _ => number_bytes(rest)
                .max(word_bytes(rest))
                .max(first.len_utf8()),
        };
        format!("`{}`", cut(rest[..bytes].trim_end_matches(['\n', '\r'])))
    }
}

/// As much of a text as a message shows.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// Underscores are in no name of WIT; those who type one meant it to be part of the name.
fn word_bytes(text: &str) -> usize {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return 0;
    }
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.find(|c| !is_inside(c)).unwrap_or(text.len())
}

fn number_bytes(text: &str) -> usize {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return 0;
    }
    let mut before = ' ';
    let is_inside = |c: char| {
        let is_sign = matches!(c, '-' | '+') && matches!(before, 'e' | 'E' | ' ');
        before = c;
        is_sign || c.is_ascii_alphanumeric() || matches!(c, '.' | '_')
    };
    let mut is_inside = is_inside;
    text.find(|c| !is_inside(c)).unwrap_or(text.len())
}
