//! Values without pointers and handles: they only need bytes to be moved and checked.

use wasmtime::Result;
use wasmtime::component::__internal::{ComponentTypes, InterfaceType};

use super::{bad, case_of, cases_of, layout, place};
use crate::components::types::flags_bytes;
use crate::frame::Reader;

/// How many bytes a number has.
#[inline(always)]
pub(super) fn number_bytes(ty: &InterfaceType) -> Option<usize> {
    use InterfaceType as T;
    Some(match ty {
        T::U8 | T::S8 => 1,
        T::U16 | T::S16 => 2,
        T::U32 | T::S32 | T::Float32 => 4,
        T::U64 | T::S64 | T::Float64 => 8,
        _ => return None,
    })
}

/// Whether a value is one number, `bool` or `char`.
#[inline(always)]
pub(super) fn is_scalar(ty: &InterfaceType) -> bool {
    matches!(ty, InterfaceType::Bool | InterfaceType::Char) || number_bytes(ty).is_some()
}

/// Whether values have neither pointers nor handles.
pub(super) fn is_plain(types: &ComponentTypes, ty: &InterfaceType) -> bool {
    use InterfaceType as T;
    let is = |it: &InterfaceType| is_plain(types, it);
    match *ty {
        T::Bool | T::Char | T::Enum(_) | T::Flags(_) => true,
        T::Record(i) => types[i].fields.iter().all(|it| is(&it.ty)),
        T::Tuple(i) => types[i].types.iter().all(is),
        T::Variant(i) => types[i].cases.values().flatten().all(is),
        T::Option(i) => is(&types[i].ty),
        T::Result(i) => types[i].ok.iter().chain(&types[i].err).all(is),
        _ => number_bytes(ty).is_some(),
    }
}

/// How many bytes a value has, if it is numbers without gaps: it lies in the frame as it does in memory.
pub(super) fn packed_bytes(types: &ComponentTypes, ty: &InterfaceType) -> Option<usize> {
    use InterfaceType as T;
    let sum = |them: &mut dyn Iterator<Item = &InterfaceType>| {
        let bytes: Option<usize> = them.map(|it| packed_bytes(types, it)).sum();
        bytes.filter(|it| *it == types.canonical_abi(ty).size32 as usize)
    };
    match *ty {
        T::Record(i) => sum(&mut types[i].fields.iter().map(|it| &it.ty)),
        T::Tuple(i) => sum(&mut types[i].types.iter()),
        _ => number_bytes(ty),
    }
}

/// A part of memory.
#[inline(always)]
pub(super) fn get<const N: usize>(memory: &[u8], at: usize) -> [u8; N] {
    match memory[at..].first_chunk() {
        Some(bytes) => *bytes,
        None => unreachable!("what a type takes was checked to be in memory"),
    }
}

/// Writes a part of memory.
#[inline(always)]
pub(super) fn put<const N: usize>(memory: &mut [u8], at: usize, bytes: [u8; N]) {
    memory[at..at + N].copy_from_slice(&bytes);
}

/// A `bool` of a frame.
#[inline(always)]
pub(super) fn bool_of(frame: &mut Reader<'_>) -> Result<u8> {
    match frame.byte()? {
        it @ 0..2 => Ok(it),
        other => Err(frame.wrong(&format!("{other} is no bool")).into()),
    }
}

/// A `char` of a frame.
#[inline(always)]
pub(super) fn char_of(frame: &mut Reader<'_>) -> Result<u32> {
    let bits = u32::from_le_bytes(frame.array()?);
    match char::from_u32(bits) {
        Some(_) => Ok(bits),
        None => Err(frame.wrong(&format!("{bits:#x} is no char")).into()),
    }
}

/// The number of a case in a frame, and what the case holds.
#[inline(always)]
pub(super) fn case_in(
    types: &ComponentTypes,
    ty: InterfaceType,
    frame: &mut Reader<'_>,
) -> Result<(u32, Option<InterfaceType>)> {
    let case = match u32::from(cases_of(types, ty).size) {
        1 => frame.byte()?.into(),
        2 => u16::from_le_bytes(frame.array()?).into(),
        _ => u32::from_le_bytes(frame.array()?),
    };
    match case_of(types, ty, case) {
        Some(holds) => Ok((case, holds)),
        None => Err(frame.wrong(&format!("there is no case {case}")).into()),
    }
}

/// Flags of a frame: bits that are no flags are an error of who made it.
pub(super) fn flags_in<'f>(flags: usize, frame: &mut Reader<'f>) -> Result<&'f [u8]> {
    let bytes = frame.raw(flags_bytes(flags))?;
    let is_set = |bit: usize| bytes[bit / 8] & (1 << (bit % 8)) != 0;
    match (flags..bytes.len() * 8).any(is_set) {
        true => Err(frame.wrong("a bit is set that is no flag").into()),
        false => Ok(bytes),
    }
}

/// Writes the number of a case.
#[inline(always)]
pub(super) fn put_case(memory: &mut [u8], at: usize, bytes: u32, case: u32) {
    match bytes {
        1 => memory[at] = case as u8,
        2 => put(memory, at, (case as u16).to_le_bytes()),
        _ => put(memory, at, case.to_le_bytes()),
    }
}

/// The number of a case in memory.
#[inline(always)]
pub(super) fn case_at(memory: &[u8], at: usize, bytes: u32) -> u32 {
    match bytes {
        1 => memory[at].into(),
        2 => u16::from_le_bytes(get(memory, at)).into(),
        _ => u32::from_le_bytes(get(memory, at)),
    }
}

/// Stores a scalar; false if the value is none.
#[inline(always)]
pub(super) fn store_scalar(
    memory: &mut [u8],
    ty: InterfaceType,
    frame: &mut Reader<'_>,
    at: usize,
) -> Result<bool> {
    use InterfaceType as T;
    match ty {
        T::Bool => memory[at] = bool_of(frame)?,
        T::U8 | T::S8 => memory[at] = frame.byte()?,
        T::U16 | T::S16 => put(memory, at, frame.array::<2>()?),
        T::U32 | T::S32 | T::Float32 => put(memory, at, frame.array::<4>()?),
        T::U64 | T::S64 | T::Float64 => put(memory, at, frame.array::<8>()?),
        T::Char => put(memory, at, char_of(frame)?.to_le_bytes()),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Stores a plain value.
#[inline(always)]
pub(super) fn store(
    memory: &mut [u8],
    types: &ComponentTypes,
    ty: InterfaceType,
    frame: &mut Reader<'_>,
    at: usize,
) -> Result<()> {
    match store_scalar(memory, ty, frame, at)? {
        true => Ok(()),
        false => store_parts(memory, types, ty, frame, at),
    }
}

/// Stores a plain value that is no scalar.
pub(super) fn store_parts(
    memory: &mut [u8],
    types: &ComponentTypes,
    ty: InterfaceType,
    frame: &mut Reader<'_>,
    at: usize,
) -> Result<()> {
    use InterfaceType as T;
    match ty {
        T::Record(i) => {
            let mut next = at;
            for field in &types[i].fields {
                let at = place(types, &field.ty, &mut next);
                store(memory, types, field.ty, frame, at)?;
            }
        }
        T::Tuple(i) => {
            let mut next = at;
            for ty in &types[i].types {
                let at = place(types, ty, &mut next);
                store(memory, types, *ty, frame, at)?;
            }
        }
        T::Variant(_) | T::Enum(_) | T::Option(_) | T::Result(_) => {
            let info = cases_of(types, ty);
            let (case, holds) = case_in(types, ty, frame)?;
            put_case(memory, at, info.size.into(), case);
            if let Some(holds) = holds {
                let at = at + info.payload_offset32 as usize;
                store(memory, types, holds, frame, at)?;
            }
        }
        T::Flags(i) => {
            let bytes = flags_in(types[i].names.len(), frame)?;
            memory[at..at + bytes.len()].copy_from_slice(bytes);
        }
        _ => unreachable!("the type is plain"),
    }
    Ok(())
}

/// A `char` of a guest.
#[inline(always)]
pub(super) fn char_given(bits: u32) -> Result<u32> {
    match char::from_u32(bits) {
        Some(_) => Ok(bits),
        None => Err(bad(format!(
            "the guest gave {bits:#x} for a char, which is none"
        ))),
    }
}

/// What a case that a guest gave holds.
#[inline(always)]
pub(super) fn case_given(
    types: &ComponentTypes,
    ty: InterfaceType,
    case: u32,
) -> Result<Option<InterfaceType>> {
    let none = || {
        bad(format!(
            "the guest gave the number {case} for a case, and there is none"
        ))
    };
    case_of(types, ty, case).ok_or_else(none)
}

/// Adds the number of a case to a frame.
#[inline(always)]
pub(super) fn push_case(to: &mut Vec<u8>, bytes: u32, case: u32) {
    to.extend_from_slice(&case.to_le_bytes()[..bytes.min(4) as usize]);
}

/// Adds flags to a frame: bits that are no flags are dropped, as the canonical ABI has it.
pub(super) fn push_flags(to: &mut Vec<u8>, flags: usize, bytes: &[u8]) {
    let from = to.len();
    to.extend_from_slice(bytes);
    let given = &mut to[from..];
    for bit in flags..given.len() * 8 {
        given[bit / 8] &= !(1 << (bit % 8));
    }
}

/// Adds a scalar to a frame; false if the value is none.
#[inline(always)]
pub(super) fn load_scalar(
    memory: &[u8],
    ty: InterfaceType,
    at: usize,
    to: &mut Vec<u8>,
) -> Result<bool> {
    use InterfaceType as T;
    match ty {
        T::Bool => to.push(u8::from(memory[at] != 0)),
        T::U8 | T::S8 => to.push(memory[at]),
        T::U16 | T::S16 => to.extend_from_slice(&get::<2>(memory, at)),
        T::U32 | T::S32 | T::Float32 => to.extend_from_slice(&get::<4>(memory, at)),
        T::U64 | T::S64 | T::Float64 => to.extend_from_slice(&get::<8>(memory, at)),
        T::Char => {
            let bits = char_given(u32::from_le_bytes(get(memory, at)))?;
            to.extend_from_slice(&bits.to_le_bytes());
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Adds a plain value to a frame.
#[inline(always)]
pub(super) fn load(
    memory: &[u8],
    types: &ComponentTypes,
    ty: InterfaceType,
    at: usize,
    to: &mut Vec<u8>,
) -> Result<()> {
    match load_scalar(memory, ty, at, to)? {
        true => Ok(()),
        false => load_parts(memory, types, ty, at, to),
    }
}

/// Adds a plain value that is no scalar.
pub(super) fn load_parts(
    memory: &[u8],
    types: &ComponentTypes,
    ty: InterfaceType,
    at: usize,
    to: &mut Vec<u8>,
) -> Result<()> {
    use InterfaceType as T;
    match ty {
        T::Record(i) => {
            let mut next = at;
            for field in &types[i].fields {
                let at = place(types, &field.ty, &mut next);
                load(memory, types, field.ty, at, to)?;
            }
        }
        T::Tuple(i) => {
            let mut next = at;
            for ty in &types[i].types {
                let at = place(types, ty, &mut next);
                load(memory, types, *ty, at, to)?;
            }
        }
        T::Variant(_) | T::Enum(_) | T::Option(_) | T::Result(_) => {
            let info = cases_of(types, ty);
            let case = case_at(memory, at, info.size.into());
            let holds = case_given(types, ty, case)?;
            push_case(to, info.size.into(), case);
            if let Some(holds) = holds {
                load(
                    memory,
                    types,
                    holds,
                    at + info.payload_offset32 as usize,
                    to,
                )?;
            }
        }
        T::Flags(i) => {
            let flags = types[i].names.len();
            push_flags(to, flags, &memory[at..at + flags_bytes(flags)]);
        }
        _ => unreachable!("the type is plain"),
    }
    Ok(())
}

/// Stores plain values one behind the other.
pub(super) fn store_all(
    memory: &mut [u8],
    types: &ComponentTypes,
    ty: InterfaceType,
    frame: &mut Reader<'_>,
) -> Result<()> {
    if packed_bytes(types, &ty).is_some() {
        memory.copy_from_slice(frame.raw(memory.len())?);
        return Ok(());
    }
    let (size, _) = layout(types, &ty);
    for at in (0..memory.len()).step_by(size.max(1)) {
        store(memory, types, ty, frame, at)?;
    }
    Ok(())
}

/// Adds plain values that lie one behind the other.
pub(super) fn load_all(
    memory: &[u8],
    types: &ComponentTypes,
    ty: InterfaceType,
    to: &mut Vec<u8>,
) -> Result<()> {
    if packed_bytes(types, &ty).is_some() {
        to.extend_from_slice(memory);
        return Ok(());
    }
    to.reserve(memory.len());
    let (size, _) = layout(types, &ty);
    for at in (0..memory.len()).step_by(size.max(1)) {
        load(memory, types, ty, at, to)?;
    }
    Ok(())
}
