//! Lines: what is written, as whole lines of text for a function of the host.

use std::sync::Arc;

use crate::fork::Lock;
use crate::{HostContext, Result};

/// Called with each line that a guest writes, without its end, on the guest's thread; the context's
/// name is that of the stream. It cannot enter the guest's store. An error ends the guest.
pub type LineFn = dyn Fn(&HostContext<'_>, &str) -> Result<()> + Send + Sync;

/// Bytes of a line at most; a longer one is given in parts.
const LINE_BYTES: usize = 64 << 10;

/// A function with what was written and not given to it yet.
pub(crate) struct Lines {
    call: Arc<LineFn>,
    kept: Lock<Buffer>,
}

#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    /// How many of them were given.
    given: usize,
}

impl Lines {
    pub(super) fn new(call: &Arc<LineFn>) -> Lines {
        let (call, kept) = (call.clone(), Lock::default());
        Lines { call, kept }
    }

    pub(crate) fn give(&self, context: &HostContext<'_>, line: &str) -> Result<()> {
        (self.call)(context, line)
    }

    pub(crate) fn keep(&self, bytes: &[u8]) {
        self.kept.lock().bytes.extend_from_slice(bytes);
    }

    /// The next line that has an end, or part of a long one.
    pub(crate) fn next(&self) -> Option<String> {
        let kept = &mut *self.kept.lock();
        let there = &kept.bytes[kept.given..];
        let Some((line, rest)) = piece(there) else {
            drop(kept.bytes.drain(..kept.given));
            kept.given = 0;
            return None;
        };
        kept.given = kept.bytes.len() - rest.len();
        Some(String::from_utf8_lossy(line).into_owned())
    }

    /// The last line, if it has no end.
    pub(crate) fn last(&self) -> Option<String> {
        let kept = std::mem::take(&mut *self.kept.lock());
        let line = &kept.bytes[kept.given..];
        (!line.is_empty()).then(|| String::from_utf8_lossy(line).into_owned())
    }

    /// Whether a line waits for its end.
    pub(crate) fn is_open(&self) -> bool {
        !self.kept.lock().bytes.is_empty()
    }
}

/// The first line, or the first part of a long one, and what follows; none if there is no whole one.
fn piece(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let near = &bytes[..bytes.len().min(LINE_BYTES + 2)];
    if let Some(end) = near.iter().position(|byte| *byte == b'\n') {
        let line = near[..end].strip_suffix(b"\r").unwrap_or(&near[..end]);
        if line.len() <= LINE_BYTES {
            return Some((line, &bytes[end + 1..]));
        }
    }
    // The end of the line may be the two bytes that follow on the part.
    (bytes.len() > LINE_BYTES + 1).then(|| bytes.split_at(part(bytes)))
}

/// How long the first part of a long line is: no character is cut in two.
fn part(bytes: &[u8]) -> usize {
    let inside = |at: &usize| bytes[*at] & 0xc0 == 0x80;
    let cut = (LINE_BYTES - 3..=LINE_BYTES).rev().find(|at| !inside(at));
    cut.unwrap_or(LINE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of what is written in these parts.
    fn lines(parts: &[&[u8]]) -> Vec<String> {
        let call: Arc<LineFn> = Arc::new(|_, _| Ok(()));
        let lines = Lines::new(&call);
        let mut found = Vec::new();
        for part in parts {
            lines.keep(part);
            found.extend(std::iter::from_fn(|| lines.next()));
        }
        found.extend(lines.last());
        assert!(!lines.is_open());
        found
    }

    #[test]
    fn lines_are_whole_however_they_are_written() {
        assert_eq!(lines(&[b"one\ntwo\r\n\nlast"]), ["one", "two", "", "last"]);
        assert_eq!(lines(&[b"o", b"ne\nt", b"wo\r", b"\n"]), ["one", "two"]);
        assert_eq!(lines(&["gr\u{f6}\u{df}e".as_bytes()]), ["gr\u{f6}\u{df}e"]);
        assert_eq!(lines(&[b"\xc3", b"\xb6\n"]), ["\u{f6}"]);
        assert_eq!(lines(&[b"a\xffb\n"]), ["a\u{fffd}b"]);
        assert_eq!(lines(&[b"", b"\n"]), [""]);
        assert!(lines(&[]).is_empty());
    }

    #[test]
    fn long_lines_come_in_parts() {
        let found = lines(&["x".repeat(LINE_BYTES).as_bytes(), b"\r\ny"]);
        assert_eq!(found, ["x".repeat(LINE_BYTES), "y".to_owned()]);
        let found = lines(&[&[b'x'; 3 * LINE_BYTES + 7]]);
        let lengths: Vec<_> = found.iter().map(String::len).collect();
        assert_eq!(lengths, [LINE_BYTES, LINE_BYTES, LINE_BYTES, 7]);
        assert_eq!(
            lines(&["x".repeat(LINE_BYTES + 1).as_bytes(), b"\n"])[1],
            "x"
        );
        let wide = "語".repeat(30_000);
        let found = lines(&[wide.as_bytes(), b"\n"]);
        assert_eq!(found.concat(), wide);
        assert!(found[0].len() <= LINE_BYTES && found[0].len() > LINE_BYTES - 3);
    }
}
