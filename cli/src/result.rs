//! A result of a function, as text.

use landbridge::{AnyRef, ExternRef, Value};

use crate::float;

pub(crate) fn text(value: &Value) -> String {
    match value {
        _ if value.is_null() => "null".to_owned(),
        Value::I32(number) => number.to_string(),
        Value::I64(number) => number.to_string(),
        Value::F32(number) => float::text_f32(*number),
        Value::F64(number) => float::text_f64(*number),
        Value::V128(bits) => format!("{bits:#034x}"),
        Value::FuncRef(Some(func)) => format!("(func {})", func.ty()),
        Value::AnyRef(Some(any)) => any_text(any),
        Value::ExternRef(object) => {
            let any = object.as_ref().and_then(ExternRef::any);
            any.map_or("externref".to_owned(), any_text)
        }
        other => other.ty().to_string(),
    }
}

fn any_text(any: &AnyRef) -> String {
    match any {
        AnyRef::I31(number) => number.to_string(),
        AnyRef::Object(object) => object.ty().to_string(),
        AnyRef::Host(_) => "externref".to_owned(),
    }
}
