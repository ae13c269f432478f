//! From values of WIT to Rust values: `String::try_from(value)?`.
//!
//! What is of another sort is an error of kind `type`, and an integer that does not fit one of kind `range`, in the
//! words of arguments: `value: expected string, got u32`.

use super::{NumberList, WitValue};
use crate::components::wrong::{self, Wrong};
use crate::{Error, GuestResource, HostResource, Resource, WitType};

fn other(expected: &str, given: &WitValue) -> Error {
    told(wrong::other(expected, given.sort()))
}

fn told(wrong: Wrong) -> Error {
    wrong.at("value")
}

macro_rules! integers {
    ($($Rust:ty, $Case:ident;)*) => {$(
        /// An integer of any type, if it fits.
        impl TryFrom<WitValue> for $Rust {
            type Error = Error;

            fn try_from(value: WitValue) -> Result<$Rust, Error> {
                let ty = WitType::$Case;
                let number = value.integer().ok_or_else(|| told(wrong::other(&ty, value.sort())))?;
                number.try_into().map_err(|_| told(wrong::unfit(number, ty)))
            }
        }
    )*};
}

integers! {
    i8, S8; u8, U8; i16, S16; u16, U16; i32, S32; u32, U32; i64, S64; u64, U64;
}

macro_rules! plain {
    ($($Rust:ty, $name:literal, $($of:pat => $it:expr),*;)*) => {$(
        impl TryFrom<WitValue> for $Rust {
            type Error = Error;

            fn try_from(value: WitValue) -> Result<$Rust, Error> {
                match value {
                    $($of => Ok($it),)*
                    value => Err(other($name, &value)),
                }
            }
        }
    )*};
}

plain! {
    bool, "bool", WitValue::Bool(it) => it;
    f32, "f32", WitValue::F32(it) => it;
    f64, "f64", WitValue::F64(it) => it, WitValue::F32(it) => it.into();
    char, "char", WitValue::Char(it) => it;
    String, "string", WitValue::String(it) => it;
    Vec<WitValue>, "list", WitValue::List(it) => it, WitValue::Tuple(it) => it;
    NumberList, "list of numbers", WitValue::Numbers(it) => it;
    Vec<i8>, "list<s8>", WitValue::Numbers(NumberList::S8(it)) => it;
    Vec<u8>, "list<u8>", WitValue::Numbers(NumberList::U8(it)) => it;
    Vec<i16>, "list<s16>", WitValue::Numbers(NumberList::S16(it)) => it;
    Vec<u16>, "list<u16>", WitValue::Numbers(NumberList::U16(it)) => it;
    Vec<i32>, "list<s32>", WitValue::Numbers(NumberList::S32(it)) => it;
    Vec<u32>, "list<u32>", WitValue::Numbers(NumberList::U32(it)) => it;
    Vec<i64>, "list<s64>", WitValue::Numbers(NumberList::S64(it)) => it;
    Vec<u64>, "list<u64>", WitValue::Numbers(NumberList::U64(it)) => it;
    Vec<f32>, "list<f32>", WitValue::Numbers(NumberList::F32(it)) => it;
    Vec<f64>, "list<f64>", WitValue::Numbers(NumberList::F64(it)) => it;
    Resource, "resource", WitValue::Resource(it) => it;
    GuestResource, "resource of a guest", WitValue::Resource(Resource::Guest(it)) => it;
    HostResource, "resource of the host", WitValue::Resource(Resource::Host(it)) => it;
}
