//! Values of the library as those of tests, whose floats are bits.

use landbridge::{NumberList, WitValue};
use landbridge_worlds::Value;

pub(crate) fn value(wit: &WitValue) -> Value {
    let boxed = |v: &Option<Box<WitValue>>| v.as_ref().map(|v| Box::new(value(v)));
    match wit {
        WitValue::Bool(v) => Value::Bool(*v),
        WitValue::S8(v) => Value::S8(*v),
        WitValue::U8(v) => Value::U8(*v),
        WitValue::S16(v) => Value::S16(*v),
        WitValue::U16(v) => Value::U16(*v),
        WitValue::S32(v) => Value::S32(*v),
        WitValue::U32(v) => Value::U32(*v),
        WitValue::S64(v) => Value::S64(*v),
        WitValue::U64(v) => Value::U64(*v),
        WitValue::F32(v) => Value::F32(v.to_bits()),
        WitValue::F64(v) => Value::F64(v.to_bits()),
        WitValue::Char(v) => Value::Char(*v),
        WitValue::String(v) => Value::String(v.clone()),
        WitValue::List(v) => Value::List(v.iter().map(value).collect()),
        WitValue::Numbers(v) => Value::List(numbers(v)),
        WitValue::Tuple(v) => Value::Tuple(v.iter().map(value).collect()),
        WitValue::Option(v) => Value::Option(boxed(v)),
        WitValue::Result(v) => Value::Result(match v {
            Ok(v) => Ok(boxed(v)),
            Err(v) => Err(boxed(v)),
        }),
        WitValue::Record(v) => Value::Record(
            v.iter()
                .map(|(name, v)| (name.to_string(), value(v)))
                .collect(),
        ),
        WitValue::Variant(name, v) => Value::Variant(name.to_string(), boxed(v)),
        WitValue::Enum(name) => Value::Enum(name.to_string()),
        WitValue::Flags(names) => Value::Flags(names.iter().map(ToString::to_string).collect()),
        WitValue::Resource(it) => panic!("no resource was made: {it:?}"),
    }
}

fn numbers(list: &NumberList) -> Vec<Value> {
    match list {
        NumberList::S8(v) => v.iter().map(|v| Value::S8(*v)).collect(),
        NumberList::U8(v) => v.iter().map(|v| Value::U8(*v)).collect(),
        NumberList::S16(v) => v.iter().map(|v| Value::S16(*v)).collect(),
        NumberList::U16(v) => v.iter().map(|v| Value::U16(*v)).collect(),
        NumberList::S32(v) => v.iter().map(|v| Value::S32(*v)).collect(),
        NumberList::U32(v) => v.iter().map(|v| Value::U32(*v)).collect(),
        NumberList::S64(v) => v.iter().map(|v| Value::S64(*v)).collect(),
        NumberList::U64(v) => v.iter().map(|v| Value::U64(*v)).collect(),
        NumberList::F32(v) => v.iter().map(|v| Value::F32(v.to_bits())).collect(),
        NumberList::F64(v) => v.iter().map(|v| Value::F64(v.to_bits())).collect(),
    }
}

/// The same value with one NaN for all.
#[allow(dead_code, reason = "it is a module of several tests")]
pub(crate) fn one_nan(value: &Value) -> Value {
    let boxed = |v: &Option<Box<Value>>| v.as_ref().map(|v| Box::new(one_nan(v)));
    match value {
        Value::F32(v) if f32::from_bits(*v).is_nan() => Value::F32(f32::NAN.to_bits()),
        Value::F64(v) if f64::from_bits(*v).is_nan() => Value::F64(f64::NAN.to_bits()),
        Value::List(v) => Value::List(v.iter().map(one_nan).collect()),
        Value::Tuple(v) => Value::Tuple(v.iter().map(one_nan).collect()),
        Value::Option(v) => Value::Option(boxed(v)),
        Value::Result(Ok(v)) => Value::Result(Ok(boxed(v))),
        Value::Result(Err(v)) => Value::Result(Err(boxed(v))),
        Value::Record(v) => Value::Record(
            v.iter()
                .map(|(name, v)| (name.clone(), one_nan(v)))
                .collect(),
        ),
        Value::Variant(name, v) => Value::Variant(name.clone(), boxed(v)),
        other => other.clone(),
    }
}
