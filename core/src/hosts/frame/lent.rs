//! The layout of the imports that a host provides to a module.

use super::layouts::unknown;
use super::{FromFrame, Reader};
use crate::{Result, Type};

/// All imports that a host provides to a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Lending<'a> {
    /// Whether `_initialize` is called.
    pub initialize: bool,
    /// The items, in the host's order.
    pub items: Vec<Lent<'a>>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Lent<'a> {
    /// The first part of the import's name. `None` if it was given outside of a module.
    pub module: Option<&'a str>,
    /// The second part.
    pub name: &'a str,
    /// What it is.
    pub item: Item,
}

/// One thing that is provided. A number is one by which the host knows it: a handle, or its index beside the frame.
///
/// A byte and what belongs to it: 0 for a name alone, 1 to 5 for what is in a store, in the order of [`ExternType`](crate::ExternType),
/// 6 for an instance, 7 for a function of the host's, 8 for a value, 9 for a function of the host's that takes values of WIT,
/// 10 for a resource of the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Nothing: the name was given, and the module does not ask for it.
    Nothing,
    /// What is in a store: its sort, 1 to 5, and its number.
    Extern(u8, u64),
    /// A whole instance.
    Instance(u64),
    /// A function of the host's.
    Func(i32),
    /// A plain value for a global.
    Value {
        /// Its type.
        ty: Type,
        /// Its bits, low half first, as far as it has any.
        bits: [u64; 2],
        /// Where its object lies beside the frame, if it has one.
        object: u32,
    },
    /// A function of the host's that takes and gives values of WIT.
    Wit(i32),
    /// A type of resources of the host's.
    WitResource,
}

impl<'a> FromFrame<'a> for Lending<'a> {
    fn get(frame: &mut Reader<'a>) -> Result<Lending<'a>> {
        Ok(Lending {
            initialize: bool::get(frame)?,
            items: Vec::get(frame)?,
        })
    }
}

impl<'a> FromFrame<'a> for Lent<'a> {
    fn get(frame: &mut Reader<'a>) -> Result<Lent<'a>> {
        Ok(Lent {
            module: Option::get(frame)?,
            name: <&str>::get(frame)?,
            item: Item::get(frame)?,
        })
    }
}

impl FromFrame<'_> for Item {
    fn get(frame: &mut Reader<'_>) -> Result<Item> {
        Ok(match frame.byte()? {
            0 => Item::Nothing,
            sort @ 1..=5 => Item::Extern(sort, u64::get(frame)?),
            6 => Item::Instance(u64::get(frame)?),
            7 => Item::Func(i32::get(frame)?),
            8 => Item::Value {
                ty: Type::get(frame)?,
                bits: [u64::get(frame)?, u64::get(frame)?],
                object: u32::get(frame)?,
            },
            9 => Item::Wit(i32::get(frame)?),
            10 => Item::WitResource,
            other => return Err(unknown(frame, other)),
        })
    }
}
