//! An inspection as JSON.

use landbridge::{ExternType, MemoryType, text};
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
        "built_for": it.built_for,
        "producers": list(&it.producers, |it| {
            json!({"field": it.field, "name": it.name, "version": it.version})
        }),
        "target_features": it.target_features,
        "wasi": list(&it.asks, |ask| {
            let (words, grant) = wasi::words(ask);
            json!({"asks_for": words, "grant": grant, "functions": ask.functions})
        }),
    });
    plain(&format!("{json:#}\n"))
}

/// JSON that a terminal can show: what could steer it is only inside of texts, where it can be escaped.
fn plain(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        match c != '\n' && text::steers(c) {
            true => {
                let units = &mut [0; 2];
                let escaped = c.encode_utf16(units).iter();
                shown.extend(escaped.map(|unit| format!("\\u{unit:04x}")));
            }
            false => shown.push(c),
        }
    }
    shown
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Value) -> Vec<Value> {
    items.iter().map(each).collect()
}

fn with(ty: &ExternType, mut named: Value) -> Value {
    named["sort"] = ty.sort().into();
    named["type"] = format!("{ty:#}").into();
    named
}

fn memory(ty: &MemoryType) -> Value {
    json!({"min": ty.min, "max": ty.max, "is_64": ty.is_64, "page_bytes": ty.page_bytes})
}
