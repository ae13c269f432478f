//! The lane: how values cross between a frame and a component's memory.
//!
//! `Args` and `Rets` stand where the engine expects Rust types of arguments and results. They walk a flat frame in
//! lockstep with the component's own types, which the engine hands to each step: no plan is made, and no tree of
//! values is in between. The frame holds a call's values in the order of their types:
//!
//! | type | bytes, little-endian, without gaps |
//! | --- | --- |
//! | `bool` | 1: 0 or 1 |
//! | a number | as many as it has; floats as their bits |
//! | `char` | 4: the scalar value |
//! | `string` | a length of 4, then UTF-8 |
//! | list | a count of 4, then its elements |
//! | record, tuple | its fields, in order |
//! | variant, enum, option, result | the number of the case in 1, 2 or 4, then what the case holds |
//! | flags | 1, 2 or 4 each 32, the first in the lowest bit |
//! | a resource | a handle of 8 |
//!
//! A length or count of `u32::MAX` says that a string's bytes, or the raw elements of a list of numbers, lie beside
//! the frame: then comes their number there, in 4. They are copied once.
//!
//! Why this is sound: nothing depends on what the engine was told of `Args` and `Rets`, since each step looks at the
//! component's own type. Every slot that is read was written, every access of memory is of a slice with bounds, and
//! what could be invalid (text, `bool`, `char`, cases, flags) is checked in both directions.

mod at_work;
mod handles;
mod host;
mod lift;
mod lower;
mod plain;

pub(crate) use at_work::{AtWork, Results};
pub(crate) use host::{Frames, HostArgs, HostFrames, HostRets};
pub(crate) use lift::Rets;
pub(crate) use lower::Args;

use wasmtime::component::__internal::{CanonicalAbiInfo, ComponentTypes, InterfaceType};
use wasmtime_environ::component::VariantInfo;

use crate::{Error, TrapCode};

/// What a case holds, if there is one of this number: else nothing.
fn case_of(types: &ComponentTypes, ty: InterfaceType, case: u32) -> Option<Option<InterfaceType>> {
    use InterfaceType as T;
    let at = case as usize;
    match ty {
        T::Variant(i) => types[i].cases.get_index(at).map(|(_, it)| *it),
        T::Enum(i) => (at < types[i].names.len()).then_some(None),
        T::Option(i) => [None, Some(types[i].ty)].get(at).copied(),
        T::Result(i) => [types[i].ok, types[i].err].get(at).copied(),
        _ => None,
    }
}

/// How the cases of a type lie in memory.
fn cases_of(types: &ComponentTypes, ty: InterfaceType) -> &VariantInfo {
    use InterfaceType as T;
    match ty {
        T::Variant(i) => &types[i].info,
        T::Enum(i) => &types[i].info,
        T::Option(i) => &types[i].info,
        T::Result(i) => &types[i].info,
        _ => unreachable!("the type has cases"),
    }
}

/// The types of a function's parameters or results, and how they lie in memory.
fn tuple(types: &ComponentTypes, ty: InterfaceType) -> (&[InterfaceType], &CanonicalAbiInfo) {
    match ty {
        InterfaceType::Tuple(i) => (&types[i].types, &types[i].abi),
        _ => unreachable!("parameters and results are tuples"),
    }
}

/// The size and alignment of a value in memory.
#[inline(always)]
fn layout(types: &ComponentTypes, ty: &InterfaceType) -> (usize, u32) {
    use InterfaceType as T;
    match ty {
        T::Bool | T::U8 | T::S8 => (1, 1),
        T::U16 | T::S16 => (2, 2),
        T::U32 | T::S32 | T::Float32 | T::Char => (4, 4),
        T::U64 | T::S64 | T::Float64 => (8, 8),
        T::String | T::List(_) => (8, 4),
        _ => layout_of_parts(types, ty),
    }
}

fn layout_of_parts(types: &ComponentTypes, ty: &InterfaceType) -> (usize, u32) {
    let abi = types.canonical_abi(ty);
    (abi.size32 as usize, abi.align32)
}

/// Where a field lies that comes after what ends at `next`.
#[inline(always)]
fn place(types: &ComponentTypes, ty: &InterfaceType, next: &mut usize) -> usize {
    let (size, align) = layout(types, ty);
    let last = align as usize - 1;
    let at = (*next + last) & !last;
    *next = at + size;
    at
}

/// Sorts of types that the engine has and Landbridge turns off: they are refused when a component is loaded.
#[cold]
fn is_off() -> wasmtime::Error {
    wasmtime::Error::msg("asynchronous types, maps and lists of fixed length are off")
}

/// The error for a guest that gave what is not of its own type.
#[cold]
fn bad(why: impl Into<String>) -> wasmtime::Error {
    Error::trap(TrapCode::Other, why).into()
}
