//! Frames of values, made by what is written about them: a second opinion on the library's.

use landbridge::{NumberList, WitFrame};
use landbridge_worlds::{Type, Value, discriminant_size};

/// From so many bytes on, a string or a list of numbers lies beside the frame.
const BESIDE: usize = 1024;

/// The frame of these values.
pub(crate) fn frame<'a>(values: impl IntoIterator<Item = (&'a Type, &'a Value)>) -> WitFrame {
    let mut frame = WitFrame::default();
    for (ty, value) in values {
        put(&mut frame, ty, value);
    }
    frame
}

fn put(to: &mut WitFrame, ty: &Type, value: &Value) {
    match (ty, value) {
        (Type::String, Value::String(text)) => bulk(to, text.len(), 1, text.as_bytes().to_vec()),
        (Type::List(of), Value::List(items)) => list(to, of, items),
        (Type::Tuple(types), Value::Tuple(items)) => {
            types
                .iter()
                .zip(items)
                .for_each(|(ty, item)| put(to, ty, item));
        }
        (Type::Record(_, types), Value::Record(fields)) => {
            types
                .iter()
                .zip(fields)
                .for_each(|((_, ty), (_, field))| put(to, ty, field));
        }
        (Type::Option(of), Value::Option(held)) => {
            case(
                to,
                held.is_some().into(),
                2,
                held.as_ref().map(|held| (&**of, &**held)),
            );
        }
        (Type::Result(ok, err), Value::Result(result)) => {
            let (number, ty, held) = match result {
                Ok(held) => (0, ok, held),
                Err(held) => (1, err, held),
            };
            case(to, number, 2, ty.as_deref().zip(held.as_deref()));
        }
        (Type::Variant(_, cases), Value::Variant(name, held)) => {
            let number = cases.iter().position(|it| it.0 == *name).expect("a case");
            let ty = cases[number].1.as_ref();
            case(to, number, cases.len(), ty.zip(held.as_deref()));
        }
        (Type::Enum(_, names), Value::Enum(name)) => {
            let number = names.iter().position(|it| it == name).expect("a case");
            case(to, number, names.len(), None);
        }
        (Type::Flags(_, names), Value::Flags(set)) => {
            let bits = names
                .iter()
                .enumerate()
                .filter(|(_, name)| set.contains(name));
            let word = bits.fold(0_u32, |word, (bit, _)| word | 1 << bit);
            let bytes = match names.len() {
                0..=8 => 1,
                9..=16 => 2,
                _ => 4,
            };
            to.bytes.extend_from_slice(&word.to_le_bytes()[..bytes]);
        }
        _ => scalar(&mut to.bytes, value),
    }
}

fn case(to: &mut WitFrame, number: usize, of: usize, held: Option<(&Type, &Value)>) {
    let bytes = discriminant_size(of);
    to.bytes.extend_from_slice(&number.to_le_bytes()[..bytes]);
    if let Some((ty, value)) = held {
        put(to, ty, value);
    }
}

fn list(to: &mut WitFrame, of: &Type, items: &[Value]) {
    let each = match of {
        Type::S8 | Type::U8 => 1,
        Type::S16 | Type::U16 => 2,
        Type::S32 | Type::U32 | Type::F32 => 4,
        Type::S64 | Type::U64 | Type::F64 => 8,
        _ => {
            to.bytes
                .extend_from_slice(&(items.len() as u32).to_le_bytes());
            return items.iter().for_each(|item| put(to, of, item));
        }
    };
    let mut bytes = Vec::new();
    items.iter().for_each(|item| scalar(&mut bytes, item));
    bulk(to, items.len(), each, bytes);
}

fn bulk(to: &mut WitFrame, count: usize, each: usize, bytes: Vec<u8>) {
    if bytes.len() < BESIDE {
        to.bytes.extend_from_slice(&(count as u32).to_le_bytes());
        to.bytes.extend_from_slice(&bytes);
        return;
    }
    to.bytes.extend_from_slice(&u32::MAX.to_le_bytes());
    to.bytes
        .extend_from_slice(&(to.blobs.len() as u32).to_le_bytes());
    to.blobs.push(match each {
        1 => NumberList::U8(bytes),
        2 => NumberList::U16(chunks(&bytes, u16::from_le_bytes)),
        4 => NumberList::U32(chunks(&bytes, u32::from_le_bytes)),
        _ => NumberList::U64(chunks(&bytes, u64::from_le_bytes)),
    });
}

fn chunks<const N: usize, T>(bytes: &[u8], number: fn([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks::<N>();
    chunks.iter().map(|it| number(*it)).collect()
}

fn scalar(to: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Bool(v) => to.push((*v).into()),
        Value::S8(v) => to.extend(v.to_le_bytes()),
        Value::U8(v) => to.extend(v.to_le_bytes()),
        Value::S16(v) => to.extend(v.to_le_bytes()),
        Value::U16(v) => to.extend(v.to_le_bytes()),
        Value::S32(v) => to.extend(v.to_le_bytes()),
        Value::U32(v) => to.extend(v.to_le_bytes()),
        Value::S64(v) => to.extend(v.to_le_bytes()),
        Value::U64(v) => to.extend(v.to_le_bytes()),
        Value::F32(v) => to.extend(v.to_le_bytes()),
        Value::F64(v) => to.extend(v.to_le_bytes()),
        Value::Char(v) => to.extend(u32::from(*v).to_le_bytes()),
        other => panic!("no scalar: {other:?}"),
    }
}
