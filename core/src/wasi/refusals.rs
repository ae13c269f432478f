//! What was refused, in words.

use super::{ACCES, NOTCAPABLE, PERM, ROFS};

/// Bytes that are told of a text of the guest's, and bytes that they may be in what is told.
const MOST_TOLD: usize = 256;
const MOST_QUOTED: usize = 512;

/// Why, if an error number says that something was refused.
pub(super) fn why(errno: i32) -> Option<&'static str> {
    match errno {
        ACCES => Some("the system denies access"),
        PERM => Some("not permitted"),
        ROFS => Some("the file system is read-only"),
        NOTCAPABLE => Some("not granted"),
        _ => None,
    }
}

/// A text of the guest's, without what could steer a terminal or make a line of its own.
pub(super) fn quoted(text: &[u8]) -> String {
    let end = if text.len() > MOST_TOLD { "..." } else { "" };
    let cut = &text[..text.len().min(MOST_TOLD)];
    let mut told = format!("{:?}", String::from_utf8_lossy(cut));
    if told.len() > MOST_QUOTED {
        told.truncate(told.floor_char_boundary(MOST_QUOTED));
        return told + "\"...";
    }
    told + end
}
