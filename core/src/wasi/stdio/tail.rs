//! Tail: the last of what was written to a discarded stream, to tell why a guest failed.

use std::collections::VecDeque;

use crate::fork::Lock;
use crate::text;

/// Bytes that are kept of a stream.
const KEPT_BYTES: usize = 4 << 10;

/// The most bytes of the text that is made of them.
const TOLD_BYTES: usize = 8 << 10;

/// What stands before each line of a guest's, so that none looks like one of ours, or like a frame.
pub(crate) const BEFORE: &str = "\n    | ";

/// Empty, and without memory, until something is written.
#[derive(Default)]
pub(crate) struct Tail(Lock<LastBytes>);

#[derive(Default)]
struct LastBytes {
    bytes: VecDeque<u8>,
    written: u64,
    /// Of those written, how many an error told already.
    told: u64,
}

impl Tail {
    pub(crate) fn keep(&self, bytes: &[u8]) {
        let kept = &mut *self.0.lock();
        let last = &bytes[bytes.len().saturating_sub(KEPT_BYTES)..];
        let over = (kept.bytes.len() + last.len()).saturating_sub(KEPT_BYTES);
        drop(kept.bytes.drain(..over));
        kept.bytes.extend(last);
        kept.written += bytes.len() as u64;
    }

    /// What was kept, as a text for reading.
    pub(crate) fn all(&self) -> Told {
        let kept = self.0.lock();
        told(&kept.bytes, kept.bytes.len(), kept.written)
    }

    /// What was written since this was asked the last time.
    pub(crate) fn news(&self) -> Told {
        let kept = &mut *self.0.lock();
        let new = kept.written - std::mem::replace(&mut kept.told, kept.written);
        let there = kept.bytes.len();
        told(&kept.bytes, there.min(new as usize), new)
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.0.lock() = LastBytes::default();
    }
}

/// The lines of a text, each with [`BEFORE`] in front.
pub(crate) struct Told {
    pub(crate) lines: String,
    /// Whether there was more before.
    pub(crate) is_cut: bool,
}

/// A text of the last bytes of those that were kept.
fn told(kept: &VecDeque<u8>, last: usize, written: u64) -> Told {
    let bytes: Vec<u8> = kept.iter().skip(kept.len() - last).copied().collect();
    let mut is_cut = written > last as u64;
    let inside = |byte: &u8| byte & 0xc0 == 0x80;
    let start = match is_cut {
        true => bytes.iter().take(3).take_while(|it| inside(it)).count(),
        false => 0,
    };
    let text = String::from_utf8_lossy(&bytes[start..]);
    let mut lines = String::new();
    for line in text.trim_matches(['\n', '\r']).split('\n') {
        lines.push_str(BEFORE);
        for c in line.strip_suffix('\r').unwrap_or(line).chars() {
            match c == '\t' || !text::steers(c) {
                true => lines.push(c),
                false => lines.extend(c.escape_default()),
            }
        }
    }
    if text.trim().is_empty() {
        lines.clear();
    }
    if lines.len() > TOLD_BYTES {
        let at = lines.ceil_char_boundary(lines.len() - TOLD_BYTES);
        lines = format!("{BEFORE}{}", &lines[at..]);
        is_cut = true;
    }
    Told { lines, is_cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(parts: &[&[u8]]) -> Tail {
        let tail = Tail::default();
        parts.iter().for_each(|part| tail.keep(part));
        tail
    }

    #[test]
    fn the_last_bytes_are_kept() {
        let tail = kept(&[&[b'a'; 5000], b"bc"]);
        assert_eq!(
            tail.all().lines,
            BEFORE.to_owned() + &"a".repeat(4094) + "bc"
        );
        assert!(tail.all().is_cut);
        assert!(tail.0.lock().bytes.capacity() <= 2 * KEPT_BYTES);
        let none = kept(&[]);
        assert_eq!((none.all().lines.as_str(), none.all().is_cut), ("", false));
        assert_eq!(none.0.lock().bytes.capacity(), 0);
        assert_eq!(kept(&[b" \n\n"]).all().lines, "");
    }

    #[test]
    fn an_error_tells_what_is_new() {
        let tail = kept(&[b"one\n"]);
        assert_eq!(tail.news().lines, "\n    | one");
        assert_eq!(tail.news().lines, "");
        tail.keep(b"two\n");
        assert_eq!(tail.news().lines, "\n    | two");
        assert_eq!(tail.all().lines, "\n    | one\n    | two");
        tail.clear();
        assert_eq!(tail.all().lines, "");
    }

    #[test]
    fn nothing_in_it_steers_a_terminal_or_looks_like_ours() {
        let tail = kept(&[b"\x1b[2Jx\r\nrefused: \xff\xe2\x80\xaey\n"]);
        let expected = "\n    | \\u{1b}[2Jx\n    | refused: \u{fffd}\\u{202e}y";
        assert_eq!(tail.all().lines, expected);
        let wide = kept(&["語".repeat(2000).as_bytes()]);
        assert_eq!(wide.all().lines, BEFORE.to_owned() + &"語".repeat(1365));
    }

    #[test]
    fn the_text_has_a_bound() {
        for byte in [b'\x1b', b'\n', b'\xff'] {
            let told = kept(&[&[byte; 9000], b"end"]).all();
            assert!(told.lines.len() <= TOLD_BYTES + 8, "{byte}");
            assert!(told.lines.ends_with("end") && told.is_cut, "{byte}");
        }
    }
}
