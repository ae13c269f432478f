//! From Rust values to values of WIT.

use super::{NumberList, WitValue};
use crate::{GuestResource, HostResource, Resource};

macro_rules! scalars {
    ($($Case:ident $Rust:ty),* $(,)?) => {$(
        impl From<$Rust> for WitValue {
            fn from(value: $Rust) -> WitValue {
                WitValue::$Case(value)
            }
        }
    )*};
}

scalars! {
    Bool bool, S8 i8, U8 u8, S16 i16, U16 u16, S32 i32, U32 u32, S64 i64, U64 u64, F32 f32, F64 f64,
    Char char, String String, Resource Resource, Numbers NumberList,
}

macro_rules! lists {
    ($($Case:ident $Rust:ty),* $(,)?) => {$(
        impl From<Vec<$Rust>> for WitValue {
            fn from(numbers: Vec<$Rust>) -> WitValue {
                WitValue::Numbers(NumberList::$Case(numbers))
            }
        }
    )*};
}

lists! { S8 i8, U8 u8, S16 i16, U16 u16, S32 i32, U32 u32, S64 i64, U64 u64, F32 f32, F64 f64 }

impl From<&str> for WitValue {
    fn from(text: &str) -> WitValue {
        WitValue::String(text.to_owned())
    }
}

impl From<Vec<WitValue>> for WitValue {
    fn from(items: Vec<WitValue>) -> WitValue {
        WitValue::List(items)
    }
}

macro_rules! numbers_by_reference {
    ($($Rust:ty)*) => {$(
        impl From<&[$Rust]> for WitValue {
            fn from(numbers: &[$Rust]) -> WitValue {
                numbers.to_vec().into()
            }
        }

        impl<const N: usize> From<[$Rust; N]> for WitValue {
            fn from(numbers: [$Rust; N]) -> WitValue {
                numbers.to_vec().into()
            }
        }
    )*};
}

numbers_by_reference! { i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 }

macro_rules! lists_of {
    ($($Rust:ty)*) => {$(
        impl From<Vec<$Rust>> for WitValue {
            fn from(items: Vec<$Rust>) -> WitValue {
                WitValue::list(items)
            }
        }
    )*};
}

lists_of! { bool char String &str }

impl<T: Into<WitValue>> From<Option<T>> for WitValue {
    fn from(value: Option<T>) -> WitValue {
        WitValue::Option(value.map(|it| Box::new(it.into())))
    }
}

impl<T: Into<WitValue>, E: Into<WitValue>> From<Result<T, E>> for WitValue {
    fn from(value: Result<T, E>) -> WitValue {
        match value {
            Ok(it) => WitValue::ok(Some(it.into())),
            Err(it) => WitValue::err(Some(it.into())),
        }
    }
}

impl From<GuestResource> for WitValue {
    fn from(resource: GuestResource) -> WitValue {
        WitValue::Resource(Resource::Guest(resource))
    }
}

impl From<HostResource> for WitValue {
    fn from(resource: HostResource) -> WitValue {
        WitValue::Resource(Resource::Host(resource))
    }
}

macro_rules! tuples {
    ($(($($T:ident)*))*) => {$(
        impl<$($T: Into<WitValue>),*> From<($($T,)*)> for WitValue {
            fn from(parts: ($($T,)*)) -> WitValue {
                #[allow(non_snake_case, reason = "a part is named as its type")]
                let ($($T,)*) = parts;
                WitValue::Tuple(vec![$($T.into()),*])
            }
        }
    )*};
}

tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
    (A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}
