//! Damage: a module that was cut short, copied as text, or has something behind it.

use super::MAGIC;
use crate::compiled;

/// What seems to have happened to a module that is not valid, and what to do.
pub(crate) fn damage(wasm: &[u8]) -> Option<String> {
    if !wasm.starts_with(MAGIC) {
        return None;
    }
    if has_line_ends(wasm) {
        let text = "line ends were added to it, as to a text; copy it as a binary file";
        return Some(text.to_owned());
    }
    if is_recoded(wasm) {
        let text = "it was read as text and written again, which changes a module; copy it as a \
                    binary file";
        return Some(text.to_owned());
    }
    cut(wasm)
}

/// Whether there is a return before each new line, of which there are many, or it is whole without them.
fn has_line_ends(wasm: &[u8]) -> bool {
    let (mut lines, mut returned, mut before) = (0, 0, 0);
    for byte in wasm {
        lines += usize::from(*byte == b'\n');
        returned += usize::from(*byte == b'\n' && before == b'\r');
        before = *byte;
    }
    returned > 0 && (returned == lines && lines > 8 || ends_well(&without_returns(wasm)))
}

fn without_returns(wasm: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(wasm.len());
    for (i, byte) in wasm.iter().enumerate() {
        if *byte != b'\r' || wasm.get(i + 1) != Some(&b'\n') {
            bytes.push(*byte);
        }
    }
    bytes
}

/// Whether all of it is UTF-8 with letters beyond ASCII, as no module of more than a few bytes is, and
/// it is whole once that is undone, or was made of bytes that were no text.
fn is_recoded(wasm: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(wasm) else {
        return false;
    };
    let narrow = || {
        text.chars()
            .map(u8::try_from)
            .collect::<Result<Vec<_>, _>>()
    };
    text.contains('\u{fffd}') || !text.is_ascii() && narrow().is_ok_and(|it| ends_well(&it))
}

/// The sections of a module by their numbers.
const SECTIONS: [&str; 14] = [
    "custom",
    "type",
    "import",
    "function",
    "table",
    "memory",
    "global",
    "export",
    "start",
    "element",
    "code",
    "data",
    "data count",
    "tag",
];

/// Their places in a module; custom ones may be anywhere.
const ORDER: [u8; 14] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

/// The sections of a component by their numbers. They may come in any order, and any number of times.
const COMPONENT_SECTIONS: [&str; 13] = [
    "custom",
    "core module",
    "core instance",
    "core type",
    "component",
    "instance",
    "alias",
    "type",
    "canonical function",
    "start",
    "import",
    "export",
    "value",
];

/// How the sections of a module lie in its bytes.
enum Sections {
    /// Whole; whether functions are declared and have no code.
    Whole { no_code: bool },
    /// The last one ends too early.
    Cut { name: &'static str, end: u64 },
    /// All that a module may have is there, and then comes something else.
    Junk { at: usize },
    /// They cannot be read.
    Unknown,
}

impl Sections {
    fn of(wasm: &[u8]) -> Sections {
        if compiled::is_component(wasm) {
            return Sections::of_component(wasm);
        }
        let (mut at, mut functions, mut code) = (8, false, false);
        let (mut place, mut disorder) = (0, None);
        let junk = |at: Option<usize>| at.map_or(Sections::Unknown, |at| Sections::Junk { at });
        while at < wasm.len() {
            let may_end = at > 8 && functions == code;
            if may_end && (wasm[at..].starts_with(MAGIC) || wasm[at..].starts_with(&[0, 0])) {
                return Sections::Junk { at };
            }
            let id = usize::from(wasm[at]);
            let Some(name) = SECTIONS.get(id) else {
                return junk(disorder.or(may_end.then_some(at)));
            };
            if id > 0 && ORDER[id] <= place && may_end {
                disorder = disorder.or(Some(at));
            }
            place = place.max(ORDER[id]);
            functions |= *name == "function";
            code |= *name == "code";
            let (size, length) = match number(&wasm[at + 1..]) {
                Some(read) => read,
                None if wasm.len() - at <= 5 => (0, 6),
                None => return junk(disorder),
            };
            let end = (at + 1 + length) as u64 + u64::from(size);
            if end > wasm.len() as u64 && disorder.is_some() {
                return junk(disorder);
            }
            if end > wasm.len() as u64 {
                return Sections::Cut { name, end };
            }
            at = end as usize;
        }
        let no_code = functions && !code;
        Sections::Whole { no_code }
    }
}

impl Sections {
    fn of_component(wasm: &[u8]) -> Sections {
        let mut at = 8;
        while at < wasm.len() {
            let name = COMPONENT_SECTIONS.get(usize::from(wasm[at]));
            let (Some(name), false) = (name, wasm[at..].starts_with(MAGIC)) else {
                return Sections::Junk { at };
            };
            let cut = || (0, wasm.len().saturating_sub(at));
            let (size, length) = number(&wasm[at + 1..]).unwrap_or_else(cut);
            let end = (at + 1 + length) as u64 + u64::from(size);
            if end > wasm.len() as u64 {
                return Sections::Cut { name, end };
            }
            at = end as usize;
        }
        Sections::Whole { no_code: false }
    }
}

/// An unsigned number in LEB128 and its length.
fn number(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut value = 0;
    for (i, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((u32::try_from(value).ok()?, i + 1));
        }
    }
    None
}

pub(super) fn ends_well(wasm: &[u8]) -> bool {
    matches!(Sections::of(wasm), Sections::Whole { no_code: false })
}

fn cut(wasm: &[u8]) -> Option<String> {
    let (length, again) = (wasm.len(), "copy or download it again");
    match Sections::of(wasm) {
        Sections::Cut { name, end } => Some(format!(
            "it seems to be cut short: it ends at byte {length}, in the {name} section, which goes on to \
             byte {end}; {again}"
        )),
        Sections::Whole { no_code: true } => Some(format!(
            "it seems to be cut short: it ends at byte {length}, before the code section; {again}"
        )),
        Sections::Junk { at } => Some(format!(
            "it seems to be whole up to byte {at}, and what follows ({} bytes) is no part of it; cut that off, or \
             write, copy or download it again",
            length - at
        )),
        _ => None,
    }
}
