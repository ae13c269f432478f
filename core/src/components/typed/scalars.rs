//! Numbers, `bool`, `char` and text.

use std::sync::Arc;

use super::{FromWit, ToWit, Wit, WitPlace};
use crate::{Result, WitReader, WitType, WitWriter};

macro_rules! wit {
    ($Rust:ty, $Case:ident, $name:literal) => {
        impl Wit for $Rust {
            fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()> {
                match ty {
                    WitType::$Case => Ok(()),
                    other => Err(place.other::<$Rust>(other)),
                }
            }

            fn spell(text: &mut String) {
                text.push_str($name);
            }
        }
    };
}

macro_rules! numbers {
    ($($Rust:ty, $Case:ident, $name:literal;)*) => {$(
        wit!($Rust, $Case, $name);

        impl ToWit for $Rust {
            #[inline]
            fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
                frame.raw(&self.to_le_bytes());
            }

            #[inline]
            fn lower_own(self, frame: &mut WitWriter<'_>) {
                frame.raw(&self.to_le_bytes());
            }

            #[inline]
            fn lower_list<'a>(items: &'a [$Rust], frame: &mut WitWriter<'a>) {
                frame.numbers(items);
            }

            #[inline]
            fn lower_own_list(items: Vec<$Rust>, frame: &mut WitWriter<'_>) {
                frame.own_numbers(items);
            }
        }

        impl FromWit for $Rust {
            #[inline]
            fn lift(frame: &mut WitReader<'_>) -> Result<$Rust> {
                frame.array().map(<$Rust>::from_le_bytes)
            }

            #[inline]
            fn lift_list(frame: &mut WitReader<'_>) -> Result<Vec<$Rust>> {
                frame.numbers()
            }
        }
    )*};
}

numbers! {
    i8, S8, "s8";
    u8, U8, "u8";
    i16, S16, "s16";
    u16, U16, "u16";
    i32, S32, "s32";
    u32, U32, "u32";
    i64, S64, "s64";
    u64, U64, "u64";
    f32, F32, "f32";
    f64, F64, "f64";
}

wit!(bool, Bool, "bool");

impl ToWit for bool {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        (*self).lower_own(frame);
    }

    #[inline]
    fn lower_own(self, frame: &mut WitWriter<'_>) {
        frame.raw(&[u8::from(self)]);
    }
}

impl FromWit for bool {
    #[inline]
    fn lift(frame: &mut WitReader<'_>) -> Result<bool> {
        Ok(frame.case(1, 2)? == 1)
    }
}

wit!(char, Char, "char");

impl ToWit for char {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        (*self).lower_own(frame);
    }

    #[inline]
    fn lower_own(self, frame: &mut WitWriter<'_>) {
        frame.raw(&u32::from(self).to_le_bytes());
    }
}

impl FromWit for char {
    #[inline]
    fn lift(frame: &mut WitReader<'_>) -> Result<char> {
        let bits = u32::from_le_bytes(frame.array()?);
        char::from_u32(bits).ok_or_else(|| frame.wrong(&format!("{bits:#x} is no char")))
    }
}

wit!(str, String, "string");
wit!(String, String, "string");

impl ToWit for str {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        frame.text(self);
    }
}

impl ToWit for String {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        frame.text(self);
    }

    #[inline]
    fn lower_own(self, frame: &mut WitWriter<'_>) {
        frame.own_numbers(self.into_bytes());
    }
}

impl FromWit for String {
    #[inline]
    fn lift(frame: &mut WitReader<'_>) -> Result<String> {
        frame.text()
    }
}

impl FromWit for Box<str> {
    fn lift(frame: &mut WitReader<'_>) -> Result<Box<str>> {
        frame.text().map(String::into_boxed_str)
    }
}

impl FromWit for Arc<str> {
    fn lift(frame: &mut WitReader<'_>) -> Result<Arc<str>> {
        frame.text().map(Arc::from)
    }
}
