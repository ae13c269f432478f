//! An inspection as JSON.

use landbridge::{ExternType, MemoryType};
use serde_json::{Value, json};

use super::About;
use crate::wasi;

pub(super) fn tell(about: &About) -> String {
    let it = &about.inspection;
    let json = json!({
        "file": about.file,
        "bytes": about.bytes,
        "name": it.name,
        "role": wasi::role(&it.exports),
        "imports": list(&it.imports, |import| {
            with(&import.ty, json!({"module": import.module, "name": import.name}))
        }),
        "exports": list(&it.exports, |(name, ty)| with(ty, json!({"name": name}))),
        "memories": list(&it.memories, memory),
        "features": it.features,
        "compile_cost": it.compile_cost,
        "custom_sections": list(&it.custom_sections, |it| {
            json!({"name": it.name, "bytes": it.bytes.len()})
        }),
        "producers": list(&it.producers, |it| {
            json!({"field": it.field, "name": it.name, "version": it.version})
        }),
        "target_features": it.target_features,
        "wasi": list(&it.asks, |ask| {
            let (words, grant) = wasi::words(ask);
            json!({"asks_for": words, "grant": grant, "functions": ask.functions})
        }),
    });
    format!("{json:#}\n")
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Value) -> Vec<Value> {
    items.iter().map(each).collect()
}

fn with(ty: &ExternType, mut named: Value) -> Value {
    named["sort"] = ty.sort().into();
    named["type"] = ty.to_string().into();
    named
}

fn memory(ty: &MemoryType) -> Value {
    json!({"min": ty.min, "max": ty.max, "is_64": ty.is_64, "page_bytes": ty.page_bytes})
}
