//! Steps about what a store may use and used.

use std::time::Duration;

use landbridge::{Limits, Store};
use serde_json::{Value as Json, json};

use crate::step::Step;
use crate::world::{Done, Thing, World, same, wrong};

/// The limits that a step gives a store.
pub(crate) fn read(step: &Step<'_>) -> Done<Limits> {
    let Some(given) = step.get("limits") else {
        return Ok(Limits::default());
    };
    let given = Step::new(given)?;
    let limits = Limits {
        memory_bytes: given.number_or_none("memory_bytes")?,
        table_elements: given.number_or_none("table_elements")?,
        instances: given.number_or_none("instances")?,
        fuel: given.number_or_none("fuel")?,
        timeout: given
            .number_or_none("timeout_ms")?
            .map(Duration::from_millis),
    };
    given.end()?;
    Ok(limits)
}

/// The store of an instance, or a store.
pub(crate) fn store(world: &World, target: &str) -> Done<Store> {
    match world.get(target)? {
        Thing::Instance(instance) => Ok(instance.store().clone()),
        Thing::Store(store) => Ok(store),
        _ => wrong(format!("{target:?} has no store")),
    }
}

pub(crate) fn act(world: &World, step: &Step<'_>) -> Done {
    let store = store(world, step.text("target")?)?;
    match step.text("do")? {
        "cancel" => store.cancel(),
        "set_fuel" => store.set_fuel(step.number("fuel")?)?,
        _ => usage(&store, step.need("equals")?)?,
    }
    Ok(())
}

fn usage(store: &Store, expected: &Json) -> Done {
    let found = store.usage()?;
    let found = json!({
        "memory_bytes": found.memory_bytes,
        "peak_memory_bytes": found.peak_memory_bytes,
        "table_elements": found.table_elements,
        "instances": found.instances,
        "fuel_used": found.fuel_used,
    });
    for (key, value) in expected.as_object().expect("an object") {
        same(&found[key], value)?;
    }
    Ok(())
}
