//! Values with something wrong in them.

use landbridge::WitValue;
use landbridge_worlds::{Random, Type, Value};
use serde_json::{Map, Value as Json, json};

use crate::wit::wit;

/// A value of a type with something wrong somewhere: as cases tell it, and as it is given.
pub(crate) fn spoilt(random: &mut Random, ty: &Type, value: &Value) -> (Json, WitValue) {
    if random.once_in(5) && !matches!(ty, Type::Option(_)) {
        return leaf(random, ty);
    }
    match (ty, value) {
        (Type::List(of), Value::List(items)) if !items.is_empty() => {
            let types = vec![&**of; items.len()];
            let (told, given) = one_of(random, &types, items);
            (json!({ "list": told }), WitValue::List(given))
        }
        (Type::Tuple(types), Value::Tuple(items)) => {
            let types: Vec<_> = types.iter().collect();
            let (told, given) = one_of(random, &types, items);
            (json!({ "tuple": told }), WitValue::Tuple(given))
        }
        (Type::Record(_, fields), Value::Record(values)) => {
            let types: Vec<_> = fields.iter().map(|(_, ty)| ty).collect();
            let items: Vec<_> = values.iter().map(|(_, it)| it.clone()).collect();
            let (told, given) = one_of(random, &types, &items);
            let names = || fields.iter().map(|(name, _)| name.clone());
            let told: Map<String, Json> = names().zip(told).collect();
            let given = names().map(|it| it.as_str().into()).zip(given);
            (json!({ "record": told }), WitValue::Record(given.collect()))
        }
        (Type::Variant(_, cases), Value::Variant(name, Some(held))) => {
            let mut found = cases.iter().filter(|(it, _)| it == name);
            let ty = found.find_map(|(_, ty)| ty.as_ref());
            let (told, given) = spoilt(random, ty.expect("a case that holds something"), held);
            (
                json!({ "case": [name, told] }),
                WitValue::variant(name, Some(given)),
            )
        }
        (Type::Option(of), Value::Option(Some(held))) => some(spoilt(random, of, held)),
        (Type::Option(of), _) => some(innermost(random, of)),
        (Type::Result(Some(ty), _), Value::Result(Ok(Some(held)))) => {
            let (told, given) = spoilt(random, ty, held);
            (json!({ "ok": told }), WitValue::ok(Some(given)))
        }
        (Type::Result(_, Some(ty)), Value::Result(Err(Some(held)))) => {
            let (told, given) = spoilt(random, ty, held);
            (json!({ "err": told }), WitValue::err(Some(given)))
        }
        _ => leaf(random, ty),
    }
}

/// What no host takes for a value of what options of options hold in the end: `true` may be an option of a bool.
fn innermost(random: &mut Random, ty: &Type) -> (Json, WitValue) {
    match ty {
        Type::Option(of) => some(innermost(random, of)),
        _ => leaf(random, ty),
    }
}

fn some((told, given): (Json, WitValue)) -> (Json, WitValue) {
    (json!({ "some": told }), WitValue::some(given))
}

/// Several values of which one is wrong.
fn one_of(random: &mut Random, types: &[&Type], items: &[Value]) -> (Vec<Json>, Vec<WitValue>) {
    let at = random.below(items.len());
    let items = items.iter().enumerate();
    let items = items.map(|(i, item)| match i == at {
        true => spoilt(random, types[i], item),
        false => {
            let given = wit(item);
            (json!({ "wit": given.to_text() }), given)
        }
    });
    items.unzip()
}

/// What no host takes for a value of the type.
fn leaf(random: &mut Random, ty: &Type) -> (Json, WitValue) {
    let beyond: &[i128] = match ty {
        Type::S8 => &[-129, 128],
        Type::U8 => &[-1, 256],
        Type::S16 => &[-32_769, 32_768],
        Type::U16 => &[-1, 65_536],
        Type::S32 => &[-2_147_483_649, 2_147_483_648],
        Type::U32 => &[-1, 4_294_967_296],
        Type::S64 => &[9_223_372_036_854_775_808],
        Type::U64 => &[-1, -9_223_372_036_854_775_808],
        Type::Bool | Type::Char | Type::String | Type::Enum(..) => {
            return (json!({ "list": [] }), WitValue::List(Vec::new()));
        }
        _ => return (json!({ "bool": true }), true.into()),
    };
    match random.below(3) {
        0 => (json!({ "text": "1" }), "1".into()),
        1 => (json!({ "bool": true }), true.into()),
        _ => integer(random.of(beyond)),
    }
}

fn integer(number: i128) -> (Json, WitValue) {
    let given = match i64::try_from(number) {
        Ok(it) => it.into(),
        Err(_) => WitValue::U64(number as u64),
    };
    (json!({ "int": number.to_string() }), given)
}
