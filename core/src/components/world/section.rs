//! The custom section of a component that holds a WIT text: the text itself, in UTF-8.

use wasmparser::{BinaryReader, Parser, Payload};

use super::Docs;
use crate::binary::binary;
use crate::{Error, ErrorKind, Result, compiled};

/// Its name.
const SECTION: &str = "landbridge:wit";

/// What is in front of the sections.
const HEADER_BYTES: usize = 8;

/// Our section of a component.
pub(super) fn section(wasm: &[u8]) -> Option<&[u8]> {
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(wasm).map_while(|it| it.ok()) {
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::CustomSection(it) if depth == 1 && it.name() == SECTION => {
                return Some(it.data());
            }
            _ => {}
        }
    }
    None
}

/// Puts a WIT text into a component, which is given as bytes or as WebAssembly text. It replaces the text that may be there.
///
/// A component holds the names of its types and functions, but neither their documentation nor the name of its world. With
/// the text in it you see these wherever the component is loaded.
///
/// # Errors
/// `compile` if the bytes are not a component, if the text is not WIT, or if it describes nothing that the component has.
pub fn embed_wit(component: &[u8], wit: &str) -> Result<Vec<u8>> {
    let refuse = |why: &str| Error::new(ErrorKind::Compile, why);
    let component = &binary(component.into())?[..];
    if !compiled::is_component(component) {
        return Err(refuse(
            "this is a core module and no component: only components have a world of WIT",
        ));
    }
    let docs = Docs::parse(wit)?;
    let world = crate::Inspection::new(component)?.world;
    if !world.is_some_and(|world| docs.is_about(&world)) {
        return Err(refuse(
            "the WIT text has none of the interfaces and functions that the component has; is it the right one?",
        ));
    }
    let mut bytes = without(component);
    let section = [&name_bytes()[..], wit.as_bytes()].concat();
    bytes.push(0);
    number(section.len(), &mut bytes);
    bytes.extend(section);
    Ok(bytes)
}

/// The component without our sections.
fn without(component: &[u8]) -> Vec<u8> {
    let mut kept = component[..HEADER_BYTES].to_vec();
    let mut at = HEADER_BYTES;
    while let Some((part, length)) = sections(&component[at..]) {
        let whole = &component[at..at + length];
        let is_ours = whole[0] == 0 && part.strip_prefix(&name_bytes()[..]).is_some();
        if !is_ours {
            kept.extend(whole);
        }
        at += length;
    }
    kept
}

/// What the first section of some holds, and how many bytes it has in all.
fn sections(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let mut reader = BinaryReader::new(bytes.get(1..)?, 0);
    let size = reader.read_var_u32().ok()? as usize;
    let start = 1 + reader.original_position();
    let part = bytes.get(start..start.checked_add(size)?)?;
    Some((part, start + size))
}

/// The name as it stands at the beginning of the section.
fn name_bytes() -> Vec<u8> {
    let mut bytes = Vec::new();
    number(SECTION.len(), &mut bytes);
    bytes.extend(SECTION.as_bytes());
    bytes
}

/// A number in LEB128.
fn number(mut value: usize, bytes: &mut Vec<u8>) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        bytes.push(low | if value > 0 { 0x80 } else { 0 });
        if value == 0 {
            return;
        }
    }
}
