//! An inspection as JSON: the library's, with what the command knows besides.

use landbridge::{Error, ErrorKind, Result, text};
use serde_json::{Map, Value, json};

use super::About;
use crate::wasi;

pub(super) fn tell(about: &About) -> Result<String> {
    let it = &about.inspection;
    let read = serde_json::from_str(&it.to_json());
    let mut json: Map<String, Value> =
        read.map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))?;
    json.remove("asks");
    let asks = it.asks.iter().map(|ask| {
        let (words, grant) = wasi::words(ask, it.world.is_some());
        json!({"asks_for": words, "grant": grant, "functions": ask.functions})
    });
    json.insert("wasi".to_owned(), asks.collect());
    json.insert("file".to_owned(), about.file.as_str().into());
    json.insert("bytes".to_owned(), about.bytes.into());
    let role = match it.world {
        Some(_) => "component",
        None => wasi::role(&it.exports),
    };
    json.insert("role".to_owned(), role.into());
    Ok(plain(&format!("{:#}\n", Value::Object(json))))
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
