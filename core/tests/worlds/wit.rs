//! Values of tests, whose floats are bits, as those of the library.

use landbridge::{NumberList, WitValue};
use landbridge_worlds::Value;

pub(crate) fn wit(value: &Value) -> WitValue {
    let boxed = |v: &Option<Box<Value>>| v.as_ref().map(|v| Box::new(wit(v)));
    match value {
        Value::Bool(v) => WitValue::Bool(*v),
        Value::S8(v) => WitValue::S8(*v),
        Value::U8(v) => WitValue::U8(*v),
        Value::S16(v) => WitValue::S16(*v),
        Value::U16(v) => WitValue::U16(*v),
        Value::S32(v) => WitValue::S32(*v),
        Value::U32(v) => WitValue::U32(*v),
        Value::S64(v) => WitValue::S64(*v),
        Value::U64(v) => WitValue::U64(*v),
        Value::F32(v) => WitValue::F32(f32::from_bits(*v)),
        Value::F64(v) => WitValue::F64(f64::from_bits(*v)),
        Value::Char(v) => WitValue::Char(*v),
        Value::String(v) => WitValue::String(v.clone()),
        Value::List(v) => list(v),
        Value::Tuple(v) => WitValue::Tuple(v.iter().map(wit).collect()),
        Value::Option(v) => WitValue::Option(boxed(v)),
        Value::Result(v) => WitValue::Result(match v {
            Ok(v) => Ok(boxed(v)),
            Err(v) => Err(boxed(v)),
        }),
        Value::Record(v) => {
            let fields = v.iter().map(|(name, v)| (name.as_str().into(), wit(v)));
            WitValue::Record(fields.collect())
        }
        Value::Variant(name, v) => WitValue::Variant(name.as_str().into(), boxed(v)),
        Value::Enum(name) => WitValue::Enum(name.as_str().into()),
        Value::Flags(names) => WitValue::Flags(names.iter().map(|it| it.as_str().into()).collect()),
    }
}

/// A list of numbers as one, if it has an odd count of them: both forms may be given.
fn list(values: &[Value]) -> WitValue {
    macro_rules! numbers {
        ($($Case:ident),*) => {
            match values.first() {
                $(Some(Value::$Case(_)) if values.len() % 2 == 1 => {
                    let numbers = values.iter().map(|it| match it {
                        Value::$Case(v) => *v,
                        other => panic!("a list of several types: {other:?}"),
                    });
                    return WitValue::Numbers(NumberList::$Case(numbers.collect()));
                })*
                _ => {}
            }
        };
    }
    numbers!(S8, U8, S16, U16, S32, U32, S64, U64);
    let bits = values.iter().map(wit);
    match values.first() {
        Some(Value::F32(_)) if values.len() % 2 == 1 => {
            let numbers = bits.map(|it| match it {
                WitValue::F32(v) => v,
                other => panic!("a list of several types: {other:?}"),
            });
            WitValue::Numbers(NumberList::F32(numbers.collect()))
        }
        Some(Value::F64(_)) if values.len() % 2 == 1 => {
            let numbers = bits.map(|it| match it {
                WitValue::F64(v) => v,
                other => panic!("a list of several types: {other:?}"),
            });
            WitValue::Numbers(NumberList::F64(numbers.collect()))
        }
        _ => WitValue::List(bits.collect()),
    }
}
