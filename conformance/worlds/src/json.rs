//! Worlds, types and values as JSON, for hosts other than Rust. Numbers of 64 bits are texts, floats are their bits.

use serde_json::{Map, Value as Json, json};

use crate::{Encoding, Type, Value, World};

/// A world and some calls of it: see `README.md`.
pub fn world_json(world: &World, calls: &[Vec<Value>]) -> Json {
    let params = world
        .params
        .iter()
        .map(|(name, ty)| json!([name, type_json(ty)]));
    let calls = calls
        .iter()
        .map(|args| args.iter().map(value_json).collect::<Json>());
    json!({
        "seed": world.seed.to_string(),
        "number": world.number.to_string(),
        "export": world.api(),
        "import": world.through_host.then(|| json!([world.host(), world.host_echo()])),
        "encoding": match world.encoding {
            Encoding::Utf8 => "utf8",
            Encoding::Utf16 => "utf16",
            Encoding::Latin1OrUtf16 => "latin1+utf16",
        },
        "params": params.collect::<Json>(),
        "result": world.result().as_ref().map(type_json),
        "calls": calls.collect::<Json>(),
    })
}

/// A scalar is its name, another one an object of one key.
pub fn type_json(ty: &Type) -> Json {
    match ty {
        Type::List(of) => json!({ "list": type_json(of) }),
        Type::Option(of) => json!({ "option": type_json(of) }),
        Type::Tuple(of) => json!({ "tuple": of.iter().map(type_json).collect::<Json>() }),
        Type::Result(ok, err) => {
            json!({ "result": [maybe_type(ok.as_deref()), maybe_type(err.as_deref())] })
        }
        Type::Record(name, fields) => {
            let fields = fields.iter().map(|(name, ty)| json!([name, type_json(ty)]));
            json!({ "record": [name, fields.collect::<Json>()] })
        }
        Type::Variant(name, cases) => {
            let cases = cases
                .iter()
                .map(|(name, ty)| json!([name, maybe_type(ty.as_ref())]));
            json!({ "variant": [name, cases.collect::<Json>()] })
        }
        Type::Enum(name, names) => json!({ "enum": [name, names] }),
        Type::Flags(name, names) => json!({ "flags": [name, names] }),
        scalar => json!(format!("{scalar:?}").to_lowercase()),
    }
}

fn maybe_type(ty: Option<&Type>) -> Json {
    ty.map_or(Json::Null, type_json)
}

/// An object of one key, the sort of the value.
pub fn value_json(value: &Value) -> Json {
    match value {
        Value::Bool(v) => json!({ "bool": v }),
        Value::S8(v) => json!({ "s8": v }),
        Value::U8(v) => json!({ "u8": v }),
        Value::S16(v) => json!({ "s16": v }),
        Value::U16(v) => json!({ "u16": v }),
        Value::S32(v) => json!({ "s32": v }),
        Value::U32(v) => json!({ "u32": v }),
        Value::S64(v) => json!({ "s64": v.to_string() }),
        Value::U64(v) => json!({ "u64": v.to_string() }),
        Value::F32(v) => json!({ "f32": format!("0x{v:08x}") }),
        Value::F64(v) => json!({ "f64": format!("0x{v:016x}") }),
        Value::Char(v) => json!({ "char": u32::from(*v) }),
        Value::String(v) => json!({ "string": v }),
        Value::List(v) => json!({ "list": v.iter().map(value_json).collect::<Json>() }),
        Value::Tuple(v) => json!({ "tuple": v.iter().map(value_json).collect::<Json>() }),
        Value::Option(v) => json!({ "option": maybe(v.as_deref()) }),
        Value::Result(Ok(v)) => json!({ "ok": maybe(v.as_deref()) }),
        Value::Result(Err(v)) => json!({ "err": maybe(v.as_deref()) }),
        Value::Record(v) => {
            let fields = v.iter().map(|(name, v)| (name.clone(), value_json(v)));
            json!({ "record": fields.collect::<Map<_, _>>() })
        }
        Value::Variant(name, v) => json!({ "variant": [name, maybe(v.as_deref())] }),
        Value::Enum(name) => json!({ "enum": name }),
        Value::Flags(names) => json!({ "flags": names }),
    }
}

/// An array, so that nothing is apart from an option that holds nothing.
fn maybe(value: Option<&Value>) -> Json {
    value.map(value_json).into_iter().collect()
}
