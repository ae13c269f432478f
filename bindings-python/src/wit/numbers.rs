//! Numbers that cross in lists as a whole, as `array` and buffers have them.

use landbridge::WitType;

/// A type of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
}

impl Number {
    pub(crate) fn of(ty: &WitType) -> Option<Number> {
        Some(match ty {
            WitType::S8 => Number::S8,
            WitType::U8 => Number::U8,
            WitType::S16 => Number::S16,
            WitType::U16 => Number::U16,
            WitType::S32 => Number::S32,
            WitType::U32 => Number::U32,
            WitType::S64 => Number::S64,
            WitType::U64 => Number::U64,
            WitType::F32 => Number::F32,
            WitType::F64 => Number::F64,
            _ => return None,
        })
    }

    /// How many bytes one has.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Number::S8 | Number::U8 => 1,
            Number::S16 | Number::U16 => 2,
            Number::S32 | Number::U32 | Number::F32 => 4,
            Number::S64 | Number::U64 | Number::F64 => 8,
        }
    }

    /// The code that `array.array` has for it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Number::S8 => "b",
            Number::U8 => "B",
            Number::S16 => "h",
            Number::U16 => "H",
            Number::S32 => "i",
            Number::U32 => "I",
            Number::S64 => "q",
            Number::U64 => "Q",
            Number::F32 => "f",
            Number::F64 => "d",
        }
    }

    /// Whether a buffer's items of this format and size are such numbers.
    pub(crate) fn is(self, format: &[u8], bytes: usize) -> bool {
        let code = match format {
            [code] | [b'@' | b'=' | b'<', code] => *code,
            // No format means bytes.
            [] => b'B',
            _ => return false,
        };
        let codes: &[u8] = match self {
            Number::S8 | Number::S16 | Number::S32 | Number::S64 => b"bhilqn",
            Number::U8 => b"BHILQNc",
            Number::U16 | Number::U32 | Number::U64 => b"BHILQN",
            Number::F32 | Number::F64 => b"fd",
        };
        cfg!(target_endian = "little") && bytes == self.bytes() && codes.contains(&code)
    }
}
