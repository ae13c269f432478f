//! Arguments, and what is expected of results.

use std::collections::HashMap;

use landbridge::{AnyRef, ExternRef, Type, Value};
use serde_json::Value as Json;

/// The host objects of a file, by name.
#[derive(Default)]
pub(crate) struct Objects(HashMap<String, ExternRef>);

impl Objects {
    fn get(&mut self, name: &str) -> ExternRef {
        let object = self.0.entry(name.to_owned());
        object
            .or_insert_with(|| ExternRef::new(name.to_owned()))
            .clone()
    }

    pub(crate) fn values(&mut self, list: &Json) -> Result<Vec<Value>, String> {
        let list = list.as_array().map_or(&[][..], Vec::as_slice);
        let value = |json| self.value(json).ok_or_else(|| format!("no value: {json}"));
        list.iter().map(value).collect()
    }

    fn value(&mut self, json: &Json) -> Option<Value> {
        let (tag, inner) = tagged(json)?;
        let Some(text) = inner.as_str() else {
            return null(tag);
        };
        Some(match tag {
            "i32" => Value::I32(text.parse().ok()?),
            "i64" => Value::I64(text.parse().ok()?),
            "f32" => Value::F32(f32::from_bits(bits(text)?.try_into().ok()?)),
            "f64" => Value::F64(f64::from_bits(bits(text)?.try_into().ok()?)),
            "v128" => Value::V128(bits(text)?),
            "externref" => Value::ExternRef(Some(self.get(text))),
            "anyref" => Value::AnyRef(Some(AnyRef::Host(self.get(text)))),
            _ => return None,
        })
    }

    /// Checks results, one by one.
    pub(crate) fn check(&mut self, found: &[Value], expected: &Json) -> Result<(), String> {
        let list = expected.as_array().map_or(&[][..], Vec::as_slice);
        let mut pairs = found.iter().zip(list);
        match found.len() == list.len() && pairs.all(|(found, json)| self.fits(found, json)) {
            true => Ok(()),
            false => Err(format!("found {found:x?}, expected {expected}")),
        }
    }

    fn fits(&mut self, found: &Value, json: &Json) -> bool {
        let Some((tag, inner)) = tagged(json) else {
            return false;
        };
        match (tag, inner, found) {
            ("either", Json::Array(list), _) => list.iter().any(|json| self.fits(found, json)),
            ("ref", Json::String(sort), _) => is_sort(found, sort),
            ("f32", Json::String(text), Value::F32(v)) => is_f32(v.to_bits(), text),
            ("f64", Json::String(text), Value::F64(v)) => is_f64(v.to_bits(), text),
            ("f32x4", Json::Array(list), Value::V128(v)) => {
                let lanes = (0..4).map(|i| (v >> (32 * i)) as u32);
                lanes
                    .zip(list)
                    .all(|(lane, json)| is_f32(lane, json.as_str().unwrap_or("")))
            }
            ("f64x2", Json::Array(list), Value::V128(v)) => {
                let lanes = (0..2).map(|i| (v >> (64 * i)) as u64);
                lanes
                    .zip(list)
                    .all(|(lane, json)| is_f64(lane, json.as_str().unwrap_or("")))
            }
            _ => self.value(json).is_some_and(|value| value == *found),
        }
    }
}

/// A value's tag and what is under it.
fn tagged(json: &Json) -> Option<(&str, &Json)> {
    let (tag, inner) = json.as_object()?.iter().next()?;
    Some((tag, inner))
}

fn null(tag: &str) -> Option<Value> {
    match tag {
        "funcref" | "externref" | "anyref" | "exnref" => Some(Value::zero(Type::named(tag).ok()?)),
        _ => None,
    }
}

fn bits(text: &str) -> Option<u128> {
    u128::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

fn is_f32(found: u32, expected: &str) -> bool {
    is_float(found.into(), expected, 0x7fc0_0000, 0x8000_0000)
}

fn is_f64(found: u64, expected: &str) -> bool {
    is_float(
        found,
        expected,
        0x7ff8_0000_0000_0000,
        0x8000_0000_0000_0000,
    )
}

/// `nan` is the canonical NaN, `sign` the bit that any NaN may have.
fn is_float(found: u64, expected: &str, nan: u64, sign: u64) -> bool {
    match expected {
        "nan:canonical" => found & !sign == nan,
        "nan:arithmetic" => found & nan == nan,
        text => bits(text) == Some(found.into()),
    }
}

fn is_sort(found: &Value, sort: &str) -> bool {
    if found.is_null() {
        return sort == "null";
    }
    match sort {
        "func" => matches!(found, Value::FuncRef(_)),
        "extern" => matches!(found, Value::ExternRef(_)),
        "exn" => matches!(found, Value::ExnRef(_)),
        "any" => matches!(found, Value::AnyRef(_)),
        "eq" => matches!(found.ty(), Type::I31Ref | Type::StructRef | Type::ArrayRef),
        "i31" => found.ty() == Type::I31Ref,
        "struct" => found.ty() == Type::StructRef,
        "array" => found.ty() == Type::ArrayRef,
        _ => false,
    }
}
