//! JSON in which no key may be there twice: it would not be clear which value counts, and a person who
//! reviews a policy, or limits, might read the other one.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use crate::ErrorKind;

/// Bytes that are told of what is wrong, which may quote what was read.
const MOST_TOLD: usize = 1000;

/// The error for what does not say `what` it should.
pub(crate) fn wrong(what: &str, why: &str) -> crate::Error {
    let cut = &why[..why.floor_char_boundary(MOST_TOLD)];
    let end = if cut.len() < why.len() { "..." } else { "" };
    crate::Error::new(ErrorKind::Type, format!("the {what}: {cut}{end}"))
}

/// Bytes of a file that are read: a device has no end. What is longer is no JSON when it is cut.
const MOST_IN_FILE: u64 = 16 << 20;

/// What a file of JSON says, by `read`; an error names the file.
///
/// # Errors
/// `io` if it cannot be read, otherwise as `read`.
pub(crate) fn from_file<T>(path: &Path, read: fn(&str) -> crate::Result<T>) -> crate::Result<T> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(MOST_IN_FILE).read_to_string(&mut text))
        .map_err(|e| crate::Error::io(path, &e))?;
    read(&text)
        .map_err(|e| crate::Error::new(e.kind(), format!("{}: {}", path.display(), e.message())))
}

/// Reads a text; an error tells its line and column.
pub(crate) fn parse(text: &str) -> serde_json::Result<Json> {
    serde_json::from_str::<Strict>(text).map(|it| it.0)
}

struct Strict(Json);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Strict, D::Error> {
        from.deserialize_any(Reader).map(Strict)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_u64<E>(self, it: u64) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_i64<E>(self, it: i64) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_f64<E>(self, it: f64) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_str<E>(self, it: &str) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_string<E>(self, it: String) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                let text = format!("the key {key:?} is there twice");
                return Err(A::Error::custom(text));
            }
            let Strict(value) = entries.next_value()?;
            map.insert(key, value);
        }
        Ok(map.into())
    }
}
