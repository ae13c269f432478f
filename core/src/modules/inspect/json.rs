//! An inspection as JSON.

use serde_json::{Value as Json, json};

use super::Inspection;
use crate::{ExternType, MemoryType};

impl Inspection {
    /// All of it as JSON, the same bytes in every host: an object of the fields, by their names and in the order of
    /// these. Types are texts in full, `sort` says what is imported or exported, and of a custom section there is how
    /// many bytes it has. `world` is null for a core module; what it imports and exports has a `sort` too: `interface` with
    /// its `functions` and `types`, `function`, a type's (`record`, `variant`, `enum`, `flags`, `resource`, `type`), or what
    /// else it is.
    pub fn to_json(&self) -> String {
        let json = json!({
            "asks": list(&self.asks, |it| json!({"functions": it.functions, "what": it.what})),
            "built_for": self.built_for,
            "compile_cost": self.compile_cost,
            "custom_sections": list(&self.custom_sections, |it| {
                json!({"bytes": it.bytes.len(), "name": it.name})
            }),
            "exports": list(&self.exports, |(name, ty)| with(ty, json!({"name": name}))),
            "features": self.features,
            "imports": list(&self.imports, |it| {
                with(&it.ty, json!({"module": it.module, "name": it.name}))
            }),
            "memories": list(&self.memories, memory),
            "name": self.name,
            "producers": list(&self.producers, |it| {
                json!({"field": it.field, "name": it.name, "version": it.version})
            }),
            "target_features": self.target_features,
            "world": self.world.as_ref().map(|it| it.json()),
        });
        json.to_string()
    }
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Json) -> Vec<Json> {
    items.iter().map(each).collect()
}

fn with(ty: &ExternType, mut named: Json) -> Json {
    named["sort"] = ty.sort().into();
    named["type"] = format!("{ty:#}").into();
    named
}

fn memory(ty: &MemoryType) -> Json {
    json!({"is_64": ty.is_64, "max": ty.max, "min": ty.min, "page_bytes": ty.page_bytes})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_json_has_every_field_and_can_be_read() {
        let wat = r#"(module $m (import "wasi_snapshot_preview1" "fd_write" (func))
            (memory (export "\"\00\n") i64 1 2) (@custom "c" "\ff\00")
            (@producers (language "Rust" "1")))"#;
        let found = Inspection::new(wat).unwrap();
        let json = found.to_json();
        let read: Json = serde_json::from_str(&json).unwrap();
        assert_eq!(read.to_string(), json, "its keys are in order");
        assert_eq!(read["name"], "m");
        assert_eq!(read["built_for"], Json::Null);
        assert_eq!(
            read["asks"],
            json!([{"what": "streams", "functions": ["fd_write"]}])
        );
        assert_eq!(read["exports"][0]["name"], "\"\0\n");
        assert_eq!(
            read["memories"][0],
            json!({"min": 1, "max": 2, "is_64": true, "page_bytes": 65536})
        );
        assert_eq!(read["custom_sections"][0], json!({"name": "c", "bytes": 2}));
        assert_eq!(read["producers"][0]["version"], "1");
        let Inspection {
            name: _,
            world: _,
            imports: _,
            asks: _,
            built_for: _,
            exports: _,
            memories: _,
            features: _,
            compile_cost: _,
            custom_sections: _,
            producers: _,
            target_features: _,
        } = found;
        assert_eq!(
            read.as_object().unwrap().len(),
            12,
            "as many as there are fields"
        );
    }
}
