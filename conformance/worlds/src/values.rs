//! Values of a type, at random, with many at the edges.

use crate::{Random, Type};

/// A value. Floats are bits.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "they are as WIT has them")]
pub enum Value {
    Bool(bool),
    S8(i8),
    U8(u8),
    S16(i16),
    U16(u16),
    S32(i32),
    U32(u32),
    S64(i64),
    U64(u64),
    F32(u32),
    F64(u64),
    Char(char),
    String(String),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Option(Option<Box<Value>>),
    Result(Result<Option<Box<Value>>, Option<Box<Value>>>),
    Record(Vec<(String, Value)>),
    Variant(String, Option<Box<Value>>),
    Enum(String),
    Flags(Vec<String>),
}

/// From here on strings and lists of numbers cross beside the frame.
const BLOB_BYTES: usize = 1024;

/// A value with no more than about so many elements in a list of it.
pub fn any_value(random: &mut Random, ty: &Type, size: usize) -> Value {
    match ty {
        Type::Bool => Value::Bool(random.once_in(2)),
        Type::S8 => Value::S8(integer(random, 8) as i8),
        Type::U8 => Value::U8(integer(random, 8) as u8),
        Type::S16 => Value::S16(integer(random, 16) as i16),
        Type::U16 => Value::U16(integer(random, 16) as u16),
        Type::S32 => Value::S32(integer(random, 32) as i32),
        Type::U32 => Value::U32(integer(random, 32) as u32),
        Type::S64 => Value::S64(integer(random, 64) as i64),
        Type::U64 => Value::U64(integer(random, 64)),
        Type::F32 => Value::F32(f32_bits(random)),
        Type::F64 => Value::F64(f64_bits(random)),
        Type::Char => Value::Char(any_char(random)),
        Type::String => Value::String(string(random, size)),
        Type::List(of) => list(random, of, size),
        Type::Tuple(of) => Value::Tuple(
            of.iter()
                .map(|it| any_value(random, it, size / 2))
                .collect(),
        ),
        Type::Option(of) => Value::Option((!random.once_in(3)).then(|| boxed(random, of, size))),
        Type::Result(ok, err) => Value::Result(match random.once_in(2) {
            true => Ok(ok.as_ref().map(|it| boxed(random, it, size))),
            false => Err(err.as_ref().map(|it| boxed(random, it, size))),
        }),
        Type::Record(_, of) => {
            let fields = of
                .iter()
                .map(|(name, it)| (name.clone(), any_value(random, it, size / 2)));
            Value::Record(fields.collect())
        }
        Type::Variant(_, of) => {
            let (name, it) = &of[random.below(of.len())];
            Value::Variant(name.clone(), it.as_ref().map(|it| boxed(random, it, size)))
        }
        Type::Enum(_, of) => Value::Enum(match random.once_in(3) {
            true => of[of.len() - 1].clone(),
            false => of[random.below(of.len())].clone(),
        }),
        Type::Flags(_, of) => {
            let most = random.of(&[1, 2, 2, 1000]);
            Value::Flags(
                of.iter()
                    .filter(|_| random.once_in(most))
                    .cloned()
                    .collect(),
            )
        }
    }
}

fn boxed(random: &mut Random, ty: &Type, size: usize) -> Box<Value> {
    Box::new(any_value(random, ty, size / 2))
}

/// Zero, one, minus one, least, most, a bit alone, or any.
fn integer(random: &mut Random, bits: u32) -> u64 {
    let least = 1_u64 << (bits - 1);
    match random.below(8) {
        0 => 0,
        1 => 1,
        2 => u64::MAX,
        3 => least,
        4 => least - 1,
        5 => 1 << random.below(bits as usize),
        6 => random.below(100) as u64,
        _ => random.bits(),
    }
}

fn f32_bits(random: &mut Random) -> u32 {
    match random.once_in(3) {
        true => random.of(&[
            0,
            0x8000_0000,
            0x3f80_0000,
            1,
            0x007f_ffff,
            0x7f7f_ffff,
            0x7f80_0000,
            0xff80_0000,
            0x7fc0_0000,
            0xffc0_0000,
            0x7f80_0001,
            0x7fa0_0000,
            0xffff_ffff,
            0x7fc0_dead,
        ]),
        false => random.bits() as u32,
    }
}

fn f64_bits(random: &mut Random) -> u64 {
    match random.once_in(3) {
        true => random.of(&[
            0,
            1 << 63,
            0x3ff0_0000_0000_0000,
            1,
            0x000f_ffff_ffff_ffff,
            0x7fef_ffff_ffff_ffff,
            0x7ff0_0000_0000_0000,
            0xfff0_0000_0000_0000,
            0x7ff8_0000_0000_0000,
            0xfff8_0000_0000_0000,
            0x7ff0_0000_0000_0001,
            0x7ff4_0000_0000_0000,
            0xffff_ffff_ffff_ffff,
            0x7ff8_0000_dead_beef,
        ]),
        false => random.bits(),
    }
}

fn any_char(random: &mut Random) -> char {
    const EDGES: [char; 14] = [
        '\0',
        '\n',
        '"',
        '\\',
        '\u{7f}',
        '\u{80}',
        '\u{ff}',
        '\u{7ff}',
        '\u{800}',
        '\u{d7ff}',
        '\u{e000}',
        '\u{ffff}',
        '\u{10000}',
        '\u{10ffff}',
    ];
    match random.below(3) {
        0 => random.of(&EDGES),
        1 => char_below(random, 0x80),
        _ => {
            let most = random.of(&[0x100, 0x800, 0x1_0000, 0x11_0000]);
            char_below(random, most)
        }
    }
}

fn char_below(random: &mut Random, bound: u32) -> char {
    loop {
        if let Some(it) = char::from_u32(random.below(bound as usize) as u32) {
            return it;
        }
    }
}

/// Of one script or of many, empty, short, or about as long as what lies beside a frame.
fn string(random: &mut Random, size: usize) -> String {
    let length = match random.below(12) {
        0 => 0,
        1 => random.within(BLOB_BYTES - 2, BLOB_BYTES + 2),
        2 if size > 2 => random.within(BLOB_BYTES, 5 * BLOB_BYTES),
        _ => random.below(4 * size + 2),
    };
    match random.below(4) {
        // ASCII: the length in bytes is just this.
        0 => (0..length).map(|_| char_below(random, 0x80)).collect(),
        // Latin-1, and then perhaps a character that is not.
        1 => {
            let text = (0..length).map(|_| char_below(random, 0x100));
            let mut text: String = text.collect();
            if random.once_in(2) {
                text.push(any_char(random));
            }
            text
        }
        _ => (0..length / 2).map(|_| any_char(random)).collect(),
    }
}

fn list(random: &mut Random, of: &Type, size: usize) -> Value {
    let bytes = match of {
        Type::S8 | Type::U8 => 1,
        Type::S16 | Type::U16 => 2,
        Type::S32 | Type::U32 | Type::F32 => 4,
        Type::S64 | Type::U64 | Type::F64 => 8,
        Type::Bool | Type::Char | Type::Enum(..) | Type::Flags(..) => 16,
        _ => 0,
    };
    let count = match random.below(10) {
        0 => 0,
        1 if bytes > 0 => random.within(BLOB_BYTES / bytes - 1, BLOB_BYTES / bytes + 1),
        2 if bytes > 0 && size > 2 => random.within(BLOB_BYTES / bytes, 4 * BLOB_BYTES / bytes),
        _ => random.below(size + 2),
    };
    Value::List(
        (0..count)
            .map(|_| any_value(random, of, size / 2))
            .collect(),
    )
}
