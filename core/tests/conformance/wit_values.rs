//! Values of WIT types: texts in WAVE, and what a case gives by hand.

use landbridge::{GuestResource, Resource, WitType, WitValue};
use serde_json::Value as Json;

use crate::world::{Done, Stop, Thing, World, wrong};

/// A value of a type, if that is known.
pub(crate) fn value(world: &World, ty: Option<&WitType>, json: &Json) -> Done<WitValue> {
    if let Json::String(text) = json {
        return read(ty, text);
    }
    let entry = json.as_object().filter(|entries| entries.len() == 1);
    let Some((tag, inner)) = entry.and_then(|entries| entries.iter().next()) else {
        return wrong(format!("no value: {json}"));
    };
    match inner {
        Json::String(text) => of_text(world, ty, tag, text),
        _ => of_parts(world, ty, tag, inner),
    }
}

/// What may be nothing.
pub(crate) fn value_or_none(
    world: &World,
    ty: Option<&WitType>,
    json: &Json,
) -> Done<Option<WitValue>> {
    match json {
        Json::Null => Ok(None),
        json => value(world, ty, json).map(Some),
    }
}

fn read(ty: Option<&WitType>, text: &str) -> Done<WitValue> {
    match ty {
        Some(ty) => Ok(WitValue::parse(ty, text)?),
        None => wrong(format!("nothing says what type {text:?} is of")),
    }
}

fn of_text(world: &World, ty: Option<&WitType>, tag: &str, text: &str) -> Done<WitValue> {
    let no_value = || Stop::Wrong(format!("no value: {tag} {text:?}"));
    Ok(match tag {
        "int" => match text.parse::<i64>() {
            Ok(it) => it.into(),
            Err(_) => text.parse::<u64>().map_err(|_| no_value())?.into(),
        },
        "float" => text.parse::<f64>().map_err(|_| no_value())?.into(),
        "text" => text.into(),
        "char" => text.chars().next().ok_or_else(no_value)?.into(),
        "bytes" => WitValue::from(hex(text).ok_or_else(no_value)?),
        "enum" => WitValue::Enum(text.into()),
        "wit" => read(ty, text)?,
        "resource" => world.resource(text)?.into(),
        "object" => Resource::Host(world.host_object(text)).into(),
        _ => return Err(no_value()),
    })
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let byte = |at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(byte).collect()
}

fn of_parts(world: &World, ty: Option<&WitType>, tag: &str, inner: &Json) -> Done<WitValue> {
    let list = || match inner {
        Json::Array(list) => Ok(list),
        _ => wrong(format!("no list: {inner}")),
    };
    Ok(match tag {
        "bool" => inner.as_bool().unwrap_or_default().into(),
        "nothing" => WitValue::NONE,
        "list" => {
            let items = list()?.iter();
            let items = items.map(|it| value(world, element(ty), it));
            WitValue::List(items.collect::<Done<_>>()?)
        }
        "tuple" => {
            let items = list()?.iter().enumerate();
            let items = items.map(|(i, it)| value(world, part(ty, i), it));
            WitValue::Tuple(items.collect::<Done<_>>()?)
        }
        "record" => {
            let Json::Object(fields) = inner else {
                return wrong(format!("no record: {inner}"));
            };
            let field = |(name, it): (&String, &Json)| {
                Ok((name.as_str().into(), value(world, field(ty, name), it)?))
            };
            WitValue::Record(fields.iter().map(field).collect::<Done<_>>()?)
        }
        "case" => match &list()?[..] {
            [Json::String(name), held] => {
                let held = value_or_none(world, case(ty, name), held)?;
                WitValue::variant(name, held)
            }
            _ => return wrong(format!("no case: {inner}")),
        },
        "flags" => WitValue::flags(list()?.iter().filter_map(Json::as_str)),
        "some" => WitValue::some(value(world, option(ty), inner)?),
        "ok" => WitValue::ok(value_or_none(world, ok(ty), inner)?),
        "err" => WitValue::err(value_or_none(world, err(ty), inner)?),
        _ => return wrong(format!("no value: {tag} {inner}")),
    })
}

fn element(ty: Option<&WitType>) -> Option<&WitType> {
    match ty? {
        WitType::List(of) => Some(of),
        _ => None,
    }
}

fn part(ty: Option<&WitType>, index: usize) -> Option<&WitType> {
    match ty? {
        WitType::Tuple(of) => of.get(index),
        _ => None,
    }
}

fn field<'t>(ty: Option<&'t WitType>, name: &str) -> Option<&'t WitType> {
    match ty? {
        WitType::Record(of) => {
            let mut fields = of.fields.iter();
            fields.find(|it| *it.name == *name).map(|it| &it.ty)
        }
        _ => None,
    }
}

fn case<'t>(ty: Option<&'t WitType>, name: &str) -> Option<&'t WitType> {
    match ty? {
        WitType::Variant(of) => {
            let found = of.cases.iter().find(|it| *it.name == *name);
            found.and_then(|it| it.ty.as_ref())
        }
        _ => None,
    }
}

fn option(ty: Option<&WitType>) -> Option<&WitType> {
    match ty? {
        WitType::Option(of) => Some(of),
        _ => None,
    }
}

fn ok(ty: Option<&WitType>) -> Option<&WitType> {
    match ty? {
        WitType::Result(of) => of.ok.as_ref(),
        _ => None,
    }
}

/// The type of the `err` of a type.
pub(crate) fn err(ty: Option<&WitType>) -> Option<&WitType> {
    match ty? {
        WitType::Result(of) => of.err.as_ref(),
        _ => None,
    }
}

/// What a case says of a value.
pub(crate) fn told(value: &WitValue) -> String {
    match value {
        WitValue::Resource(Resource::Guest(_)) => "resource".to_owned(),
        WitValue::Resource(Resource::Host(it)) => {
            format!("object {}", it.get::<String>().map_or("", String::as_str))
        }
        value => value.to_text(),
    }
}

/// Names the resources in values, in their order.
pub(crate) fn keep(world: &World, values: &[WitValue], names: &[Json]) -> Done {
    let mut found = Vec::new();
    values.iter().for_each(|it| resources(it, &mut found));
    if found.len() != names.len() {
        return wrong(format!("found {found:?} for {names:?}"));
    }
    for (name, resource) in names.iter().zip(found) {
        world.put(name.as_str().unwrap_or_default(), Thing::Resource(resource));
    }
    Ok(())
}

fn resources(value: &WitValue, found: &mut Vec<Resource>) {
    match value {
        WitValue::Resource(it) => found.push(it.clone()),
        WitValue::List(items) | WitValue::Tuple(items) => {
            items.iter().for_each(|it| resources(it, found));
        }
        WitValue::Record(fields) => fields.iter().for_each(|(_, it)| resources(it, found)),
        WitValue::Variant(_, Some(it))
        | WitValue::Option(Some(it))
        | WitValue::Result(Ok(Some(it)) | Err(Some(it))) => resources(it, found),
        _ => {}
    }
}

/// Closes a resource of a guest; one of the host is only let go of.
pub(crate) fn close(resource: &Resource) -> landbridge::Result<()> {
    match resource {
        Resource::Guest(it) => GuestResource::close(it),
        Resource::Host(_) => Ok(()),
    }
}
