//! Texts for people to read: short, and with nothing in them that controls a terminal.
//!
//! A guest chooses its names, and how many there are. All that becomes text for people passes
//! through here on its way into a message, a frame or a printed form. What a program asks for as
//! data, such as the names of exports, is whole and does not.

mod mangled;
pub(crate) mod near;

use std::borrow::Cow;
use std::fmt::{self, Write};

/// The most bytes of a message. A report has these and the lines of its frames.
pub const MESSAGE_BYTES: usize = 8 << 10;

/// The most bytes of a name in a text. A mark says how many were left out.
pub const NAME_BYTES: usize = 256;

/// The most types of a signature, and fields of a struct, that a text shows.
pub const LISTED_TYPES: usize = 64;

/// The most bytes of one line of a source text that is shown.
const LINE_BYTES: usize = 256;

/// A name as a text shows it: cut, on one line, and with control characters written as escapes.
pub fn name(name: &str) -> Cow<'_, str> {
    shown(name, NAME_BYTES, |c| !steers(c))
}

/// A name in quotes, cut.
pub fn quoted(name: &str) -> String {
    let cut = &name[..name.floor_char_boundary(NAME_BYTES)];
    match name.len() - cut.len() {
        0 => format!("{cut:?}"),
        more => format!("{cut:?}{}", left_out(more)),
    }
}

/// The name of a function as it is told: demangled where that makes a short text.
pub(crate) fn function(symbol: &str) -> String {
    let readable = mangled::readable(symbol);
    readable.map_or_else(|| name(symbol).into_owned(), |it| name_of(&it).into_owned())
}

/// What a demangled name is shown as. It was bounded when it was made.
fn name_of(demangled: &str) -> Cow<'_, str> {
    shown(demangled, mangled::READABLE_BYTES, |c| !steers(c))
}

/// A message as it is told. It may have lines.
pub(crate) fn message(text: String) -> String {
    match shown(&text, MESSAGE_BYTES, |c| {
        c == '\n' || c == '\t' || !steers(c)
    }) {
        Cow::Borrowed(_) => text,
        Cow::Owned(shown) => shown,
    }
}

/// The text of a value that can be displayed. Only as much as is needed is made.
pub fn of(what: impl fmt::Display) -> String {
    at_most(MESSAGE_BYTES, what)
}

/// The text of a value for a part of a message.
pub fn short(what: impl fmt::Display) -> String {
    at_most(NAME_BYTES, what)
}

pub(crate) fn at_most(bytes: usize, what: impl fmt::Display) -> String {
    let mut text = Bounded::new(bytes);
    match write!(text, "{what}") {
        Ok(()) => text.text,
        Err(fmt::Error) => text.text + " ...",
    }
}

/// The text of what can be displayed, with long lines cut: parsers show the line that they do not understand.
pub(crate) fn with_source(what: impl fmt::Display) -> String {
    let text = of(what);
    let lines = text
        .split('\n')
        .map(|line| shown(line, LINE_BYTES, |_| true));
    lines.collect::<Vec<_>>().join("\n")
}

/// The first of some things, and how many more there are.
pub fn listed<T: fmt::Display>(
    things: impl ExactSizeIterator<Item = T>,
    most: usize,
    separator: &str,
) -> String {
    let more = things.len().saturating_sub(most);
    let mut told: Vec<String> = things.take(most).map(|it| it.to_string()).collect();
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told.join(separator)
}

/// A text of so many bytes at most, and the mark of what was left out. What may not be shown is
/// written out.
fn shown(text: &str, most: usize, plain: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.len() <= most && text.chars().all(&plain) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for (at, c) in text.char_indices() {
        let before = shown.len();
        match plain(c) {
            true => shown.push(c),
            false => shown.extend(c.escape_default()),
        }
        if shown.len() > most {
            shown.truncate(before);
            shown.push_str(&left_out(text.len() - at));
            break;
        }
    }
    Cow::Owned(shown)
}

fn left_out(bytes: usize) -> String {
    format!("... ({bytes} more bytes)")
}

/// Whether a character could steer a terminal, end a line, or show a text in another order than it
/// is in.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Takes texts until it is full, and then is an error.
pub(crate) struct Bounded {
    text: String,
    most: usize,
}

impl Bounded {
    pub(crate) fn new(most: usize) -> Bounded {
        let text = String::new();
        Bounded { text, most }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

impl Write for Bounded {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let room = self.most - self.text.len();
        self.text.push_str(&part[..part.floor_char_boundary(room)]);
        match part.len() <= room {
            true => Ok(()),
            false => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays_as_it_is() {
        for text in ["", "add", "größer", "日本語", "a \"b\" \\c"] {
            assert!(matches!(name(text), Cow::Borrowed(_)), "{text}");
        }
        assert_eq!(message("one:\n\ttwo".to_owned()), "one:\n\ttwo");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(name(&"a".repeat(256)).len(), 256);
        let cut = name(&"a".repeat(1 << 20)).into_owned();
        assert_eq!(cut, "a".repeat(256) + "... (1048320 more bytes)");
        let wide = "x".to_owned() + &"語".repeat(100);
        assert_eq!(
            name(&wide),
            "x".to_owned() + &"語".repeat(85) + "... (45 more bytes)"
        );
        assert_eq!(
            quoted(&wide),
            format!("\"x{}\"... (45 more bytes)", "語".repeat(85))
        );
        assert!(message("b".repeat(10 << 20)).len() < MESSAGE_BYTES + 40);
        assert!(message("\u{1b}".repeat(10 << 20)).len() < MESSAGE_BYTES + 40);
    }

    #[test]
    fn nothing_steers_a_terminal() {
        let evil = "\u{1b}]0;title\u{7}\u{9b}2J\u{202e}gnp\u{2066}\r\n\u{7f}\u{2028}";
        for told in [name(evil).into_owned(), quoted(evil), message(evil.into())] {
            assert!(!told.replace('\n', "").contains(steers), "{told:?}");
        }
        assert_eq!(name("a\u{1b}[31m\nb\r\tc"), "a\\u{1b}[31m\\nb\\r\\tc");
        assert_eq!(message("a\r\nb".into()), "a\\r\nb");
    }

    #[test]
    fn what_is_displayed_is_not_made_longer_than_it_is_needed() {
        struct Endless;
        impl fmt::Display for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("and so on ")?;
                }
            }
        }
        assert_eq!(of(Endless).len(), MESSAGE_BYTES + 4);
        let line = "x".repeat(1000);
        let text = with_source(format!("expected `(`\n  1 | {line}\n    | ^"));
        assert!(
            text.ends_with("more bytes)\n    | ^") && text.len() < 400,
            "{text}"
        );
    }

    #[test]
    fn a_list_tells_how_many_more_there_are() {
        assert_eq!(listed([1, 2].iter(), 2, ", "), "1, 2");
        assert_eq!(listed(0..10_000, 2, ", "), "0, 1, and 9998 more");
        assert_eq!(listed([0; 0].iter(), 2, ", "), "");
    }
}
