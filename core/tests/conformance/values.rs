//! Tagged values.

use landbridge::{AnyRef, ExternRef, Type, Value};
use serde_json::Value as Json;

use crate::world::{Done, Stop, World, wrong};

fn bits(text: &str) -> Option<u128> {
    u128::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

/// The value of a number's tag.
fn number(tag: &str, text: &str) -> Option<Value> {
    Some(match tag {
        "i32" => Value::I32(text.parse().ok()?),
        "i64" => Value::I64(text.parse().ok()?),
        "f32" => Value::F32(f32::from_bits(bits(text)?.try_into().ok()?)),
        "f64" => Value::F64(f64::from_bits(bits(text)?.try_into().ok()?)),
        "v128" if text.len() == 34 => Value::V128(bits(text)?),
        _ => return None,
    })
}

pub(crate) fn value(world: &World, json: &Json) -> Done<Value> {
    let entry = json.as_object().filter(|entries| entries.len() == 1);
    let Some((tag, inner)) = entry.and_then(|entries| entries.iter().next()) else {
        return wrong(format!("no value: {json}"));
    };
    Ok(match (tag.as_str(), inner.as_str()) {
        ("funcref", None) => Value::FuncRef(None),
        ("funcref", Some(name)) => Value::FuncRef(Some(world.func(name)?)),
        ("externref", None) => Value::ExternRef(None),
        ("externref", Some(name)) => Value::ExternRef(Some(world.object(name))),
        ("anyref", None) => Value::AnyRef(None),
        ("anyref", Some(name)) => Value::AnyRef(Some(AnyRef::Host(world.object(name)))),
        ("gcref", Some(name)) => Value::AnyRef(Some(AnyRef::Object(world.gc(name)?))),
        ("outward", Some(name)) => {
            let object = ExternRef::from_any(AnyRef::Object(world.gc(name)?));
            Value::ExternRef(Some(object))
        }
        ("exnref", None) => Value::ExnRef(None),
        ("exnref", Some(name)) => Value::ExnRef(Some(world.exn(name)?)),
        ("i31", Some(text)) => match text.parse() {
            Ok(number) => Value::AnyRef(Some(AnyRef::I31(number))),
            Err(_) => return wrong(format!("no value: {json}")),
        },
        (tag, Some(text)) => {
            number(tag, text).ok_or_else(|| Stop::Wrong(format!("no value: {json}")))?
        }
        _ => return wrong(format!("no value: {json}")),
    })
}

pub(crate) fn values(world: &World, list: &[Json]) -> Done<Vec<Value>> {
    list.iter().map(|json| value(world, json)).collect()
}

pub(crate) fn ty(name: &str) -> Done<Type> {
    Type::named(name).map_err(|_| Stop::Wrong(format!("no type: {name}")))
}

pub(crate) fn types(list: &[Json]) -> Done<Vec<Type>> {
    list.iter()
        .map(|name| ty(name.as_str().unwrap_or("not a text")))
        .collect()
}

/// Equal bit by bit.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        // What `extern.convert_any` made.
        (Value::ExternRef(Some(a)), Value::AnyRef(Some(b))) => a.any() == Some(b),
        (Value::F32(a), Value::F32(b)) => a.to_bits() == b.to_bits(),
        (Value::F64(a), Value::F64(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}

pub(crate) fn check(found: &[Value], expected: &[Value]) -> Done {
    let pairs = found.iter().zip(expected);
    if found.len() == expected.len() && pairs.into_iter().all(|(a, b)| is_same(a, b)) {
        return Ok(());
    }
    wrong(format!("found {found:?}, expected {expected:?}"))
}
