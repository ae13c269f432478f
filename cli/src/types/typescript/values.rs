//! The types of values.

use std::fmt::Write;

use landbridge::{Case, Field, WitType};

use super::places::Places;
use super::{docs, member};
use crate::wit::label;

/// More is taken than comes out.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Side {
    Given,
    Got,
}

/// A type, by the path of its name where it has one.
pub(super) fn text(places: &Places, ty: &WitType, side: Side) -> String {
    let known = label(ty).and_then(|it| places.value(it));
    known.map_or_else(|| structure(places, ty, side), str::to_owned)
}

/// A type with a name, where it is declared.
pub(super) fn declared(
    places: &Places,
    indent: &str,
    export: &str,
    name: &str,
    ty: &WitType,
) -> String {
    match ty {
        WitType::Record(of) => {
            let fields = fields(places, &format!("{indent}  "), &of.fields);
            format!("{indent}{export}interface {name} {{\n{fields}{indent}}}\n")
        }
        WitType::Variant(of) => {
            let mut to = format!("{indent}{export}type {name} =\n");
            for case in &of.cases {
                to.push_str(&docs(&format!("{indent}  "), case.docs.as_deref(), None));
                let _ = writeln!(to, "{indent}  | {}", self::case(places, case));
            }
            to
        }
        ty => format!(
            "{indent}{export}type {name} = {}\n",
            structure(places, ty, Side::Got)
        ),
    }
}

fn fields(places: &Places, indent: &str, fields: &[Field]) -> String {
    let mut to = String::new();
    for field in fields {
        let mark = if let WitType::Option(_) = field.ty {
            "?"
        } else {
            ""
        };
        to.push_str(&docs(indent, field.docs.as_deref(), None));
        let ty = text(places, &field.ty, Side::Got);
        let _ = writeln!(to, "{indent}{}{mark}: {ty}", member(&field.name));
    }
    to
}

fn case(places: &Places, case: &Case) -> String {
    match &case.ty {
        None => format!("{{ tag: '{}'; val?: undefined }}", case.name),
        Some(ty) => format!(
            "{{ tag: '{}'; val: {} }}",
            case.name,
            text(places, ty, Side::Got)
        ),
    }
}

/// A type by what it is made of.
fn structure(places: &Places, ty: &WitType, side: Side) -> String {
    let part = |ty: &WitType| text(places, ty, side);
    match ty {
        WitType::Bool => "boolean".to_owned(),
        WitType::Char | WitType::String => "string".to_owned(),
        WitType::S64 | WitType::U64 => "bigint".to_owned(),
        WitType::List(of) => match (array(of).map(|it| places.known(it)), side) {
            (Some(array), Side::Got) => array,
            (Some(array), Side::Given) => format!("{array} | readonly {}[]", part(of)),
            (None, Side::Got) => format!("{}<{}>", places.known("Array"), part(of)),
            (None, Side::Given) => format!("{}<{}>", places.known("ReadonlyArray"), part(of)),
        },
        WitType::Record(of) => {
            let fields = fields(places, "", &of.fields)
                .trim_end()
                .replace('\n', "; ");
            format!("{{ {fields} }}")
        }
        WitType::Tuple(of) => {
            let parts: Vec<String> = of.iter().map(part).collect();
            format!("[{}]", parts.join(", "))
        }
        WitType::Variant(of) => {
            let cases: Vec<String> = of.cases.iter().map(|it| case(places, it)).collect();
            cases.join(" | ")
        }
        WitType::Enum(of) => {
            let names: Vec<String> = of.names.iter().map(|it| format!("'{it}'")).collect();
            names.join(" | ")
        }
        WitType::Flags(of) => {
            let names = of
                .names
                .iter()
                .map(|it| format!("{}?: boolean", member(it)));
            format!("{{ {} }}", names.collect::<Vec<_>>().join("; "))
        }
        WitType::Option(of) => match **of {
            WitType::Option(_) => format!("{{ tag: 'some'; val: {} }} | undefined", part(of)),
            _ => format!("{} | undefined", part(of)),
        },
        WitType::Result(of) => {
            let held = |tag: &str, ty: &Option<WitType>| match ty {
                None => format!("{{ tag: '{tag}'; val?: undefined }}"),
                Some(ty) => format!("{{ tag: '{tag}'; val: {} }}", part(ty)),
            };
            format!("{} | {}", held("ok", &of.ok), held("err", &of.err))
        }
        WitType::Own(of) | WitType::Borrow(of) => {
            places.resource(of).unwrap_or("object").to_owned()
        }
        _ => "number".to_owned(),
    }
}

/// Of a list that crosses as a whole, the typed array.
fn array(ty: &WitType) -> Option<&'static str> {
    Some(match ty {
        WitType::S8 => "Int8Array",
        WitType::U8 => "Uint8Array",
        WitType::S16 => "Int16Array",
        WitType::U16 => "Uint16Array",
        WitType::S32 => "Int32Array",
        WitType::U32 => "Uint32Array",
        WitType::S64 => "BigInt64Array",
        WitType::U64 => "BigUint64Array",
        WitType::F32 => "Float32Array",
        WitType::F64 => "Float64Array",
        _ => return None,
    })
}
