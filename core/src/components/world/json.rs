//! A world as JSON, for inspections.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{FuncDef, FuncRole, Interface, TypeDef, TypeKind, World, WorldItem};
use crate::components::types::WitType;
use crate::text;

impl World {
    pub(crate) fn json(&self) -> Json {
        json!({
            "docs": self.docs.as_deref(),
            "exports": list(&self.exports, item),
            "imports": list(&self.imports, item),
            "name": self.name.as_deref(),
        })
    }
}

fn item(item: &WorldItem) -> Json {
    match item {
        WorldItem::Interface(it) => interface(it),
        WorldItem::Func(it) => with(func(it), "function"),
        WorldItem::Type(it) => ty(it),
        WorldItem::Other { name, sort } => json!({"name": &**name, "sort": sort}),
    }
}

fn interface(it: &Interface) -> Json {
    json!({
        "docs": it.docs.as_deref(),
        "functions": list(&it.funcs, func),
        "name": &*it.name,
        "others": list(&it.others, |(name, sort)| json!({"name": &**name, "sort": sort})),
        "sort": "interface",
        "types": list(&it.types, ty),
    })
}

fn func(it: &FuncDef) -> Json {
    let role = match it.role {
        FuncRole::Free => "free",
        FuncRole::Constructor(_) => "constructor",
        FuncRole::Method(_) => "method",
        FuncRole::Static(_) => "static",
    };
    json!({
        "docs": it.docs.as_deref(),
        "name": &*it.name,
        "own_name": it.own_name(),
        "params": list(&it.ty.params, |it| json!({"name": &*it.name, "type": text::of(&it.ty)})),
        "resource": it.resource(),
        "result": it.ty.result.as_ref().map(text::of),
        "role": role,
        "type": text::of(&it.ty),
    })
}

/// A type of values is told by its parts, or by what it stands for.
fn ty(it: &TypeDef) -> Json {
    let json = json!({"docs": it.docs.as_deref(), "name": &*it.name});
    let TypeKind::Value(ty) = &it.kind else {
        return with(json, "resource");
    };
    let part = |name: &str, docs: &Option<Arc<str>>, ty: Option<&WitType>| json!({"docs": docs.as_deref(), "name": name, "type": ty.map(text::of)});
    let (sort, key, parts) = match ty {
        WitType::Record(of) => {
            let parts = list(&of.fields, |it| part(&it.name, &it.docs, Some(&it.ty)));
            ("record", "fields", parts)
        }
        WitType::Variant(of) => {
            let parts = list(&of.cases, |it| part(&it.name, &it.docs, it.ty.as_ref()));
            ("variant", "cases", parts)
        }
        WitType::Enum(of) => ("enum", "names", list(&of.names, |it| json!(&**it))),
        WitType::Flags(of) => ("flags", "names", list(&of.names, |it| json!(&**it))),
        other => {
            let mut json = with(json, "type");
            json["type"] = text::of(other).into();
            return json;
        }
    };
    let mut json = with(json, sort);
    json[key] = parts.into();
    json["type"] = text::of(ty).into();
    json
}

fn with(mut json: Json, sort: &str) -> Json {
    json["sort"] = sort.into();
    json
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Json) -> Vec<Json> {
    items.iter().map(each).collect()
}
