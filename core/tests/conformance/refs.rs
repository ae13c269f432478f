//! Steps about the guest's heap, tags and exceptions.

use landbridge::{AnyRef, Value};
use serde_json::Value as Json;

use crate::step::Step;
use crate::values::{check, value, values};
use crate::world::{Done, Thing, World, same, wrong};

pub(crate) fn act(world: &World, step: &Step<'_>) -> Done {
    let object = || step.text("object");
    match step.text("do")? {
        "gc_type" => {
            let found = world.gc(object()?)?.ty().to_string();
            same(found.as_str(), step.text("equals")?)
        }
        "gc_len" => same(world.gc(object()?)?.len()?, step.number("equals")?),
        "gc_get" => {
            let found = world.gc(object()?)?.get(step.number("index")?)?;
            if let Some(name) = step.text_or_none("as")? {
                put(world, name, &found)?;
            }
            match step.get("value") {
                Some(expected) => check(&[found], &[value(world, expected)?]),
                None => Ok(()),
            }
        }
        "gc_set" => {
            let given = value(world, step.need("value")?)?;
            Ok(world.gc(object()?)?.set(step.number("index")?, &given)?)
        }
        "same_tag" => {
            let other = world.tag(step.text("other")?)?;
            same(world.tag(object()?)?.same(&other), step.flag("equals")?)
        }
        _ => {
            let exception = world.exn(object()?)?;
            same(exception.tag(), &world.tag(step.text("tag")?)?)?;
            check(
                &exception.payload()?,
                &values(world, step.list("payload")?)?,
            )
        }
    }
}

/// Names results.
pub(crate) fn keep(world: &World, found: &[Value], names: &[Json]) -> Done {
    if names.len() > found.len() {
        return wrong(format!("{} results cannot be kept: {found:?}", names.len()));
    }
    let named = names.iter().zip(found);
    let mut named = named.filter_map(|(name, value)| Some((name.as_str()?, value)));
    named.try_for_each(|(name, value)| put(world, name, value))
}

fn put(world: &World, name: &str, value: &Value) -> Done {
    let any = |any: &AnyRef| match any {
        AnyRef::Object(object) => Some(Thing::Gc(object.clone())),
        _ => None,
    };
    let thing = match value {
        Value::FuncRef(Some(func)) => Some(Thing::Item(func.clone().into())),
        Value::ExnRef(Some(exception)) => Some(Thing::Exception(exception.clone())),
        Value::AnyRef(Some(found)) => any(found),
        Value::ExternRef(Some(object)) => object.any().and_then(any),
        _ => None,
    };
    match thing {
        Some(thing) => {
            world.put(name, thing);
            Ok(())
        }
        None => wrong(format!("{name:?} cannot be {value:?}")),
    }
}
