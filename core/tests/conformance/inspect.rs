//! The step that inspects a module.

use landbridge::{Inspection, Producer};
use serde_json::{Value as Json, json};

use crate::corpus;
use crate::step::Step;
use crate::world::{Done, same};

pub(crate) fn check(step: &Step<'_>) -> Done {
    let found = match step.text_or_none("text")? {
        Some(text) => Inspection::new(text)?,
        None => Inspection::of_file(corpus().join("modules").join(step.text("module")?))?,
    };
    let Some(expected) = step.get("equals") else {
        return Ok(());
    };
    let expected = expected.as_object().expect("an object");
    let found = data(&found);
    for (key, value) in expected {
        if let ("built_for", Some(part)) = (key.as_str(), value.as_str()) {
            let said = found[key].as_str().unwrap_or_default();
            same(&json!(said.contains(part)), &json!(true))?;
            continue;
        }
        same(&found[key], value)?;
    }
    Ok(())
}

/// An inspection as the case writes it.
fn data(found: &Inspection) -> Json {
    let imports = found.imports.iter();
    let imports = imports.map(|it| json!([it.module, it.name, it.ty.to_string()]));
    let exports = found.exports.iter();
    let exports = exports.map(|(name, ty)| json!([name, ty.to_string()]));
    let producer = |it: &Producer| json!([it.field, it.name, it.version]);
    json!({
        "name": found.name,
        "json": found.to_json(),
        "imports": imports.collect::<Vec<_>>(),
        "asks": found.asks.iter().map(|it| json!([it.what, it.functions])).collect::<Vec<_>>(),
        "exports": exports.collect::<Vec<_>>(),
        "built_for": found.built_for,
        "memories": found.memories.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "features": found.features,
        "compile_cost": found.compile_cost,
        "custom_sections": found.custom_sections.iter().map(|it| &it.name).collect::<Vec<_>>(),
        "producers": found.producers.iter().map(producer).collect::<Vec<_>>(),
        "target_features": found.target_features,
        "wit": found.world.as_ref().map(ToString::to_string),
    })
}
