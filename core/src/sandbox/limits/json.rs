//! Limits as JSON.

use std::time::Duration;

use serde_json::{Map, Value as Json};

use super::Limits;
use crate::strict;
use crate::{Error, Result};

const NANOS_PER_MS: u64 = 1_000_000;

/// Up to here, which is 13 days, a fraction of a millisecond is read as it was written. What is
/// longer is written without it.
const MOST_EXACT_NANOS: u64 = 1 << 50;

impl Limits {
    /// The limits as JSON, the same bytes in every host. A limit that is not set is left
    /// out. A timeout is `timeout_ms`, with a fraction if it has one.
    pub fn to_json(&self) -> String {
        let whole = |it: Option<u64>| it.map(Json::from);
        let all = [
            // generated: rust.limits_to_json
            ("memory_bytes", whole(self.memory_bytes)),
            ("table_elements", whole(self.table_elements)),
            ("instances", whole(self.instances)),
            ("fuel", whole(self.fuel)),
            ("output_bytes", whole(self.output_bytes)),
            ("written_bytes", whole(self.written_bytes)),
            ("open_files", whole(self.open_files)),
            ("timeout_ms", self.timeout.map(millis)),
            ("transfer_bytes", whole(self.transfer_bytes)),
            ("handles", whole(self.handles)),
            // end generated
        ];
        let set = all.into_iter();
        let set = set.filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Json::Object(set.collect()).to_string()
    }

    /// Reads limits from JSON. A limit without a key is not set.
    ///
    /// # Errors
    /// `type`, with the key that is unknown, wrong or there twice, and its line and column.
    pub fn from_json(text: &str) -> Result<Limits> {
        let json = strict::parse(text).map_err(|e| wrong(&e.to_string()))?;
        let mut limits = Limits::default();
        for (key, value) in object(&json)? {
            let limit = match key.as_str() {
                // generated: rust.limits_from_json
                "memory_bytes" => &mut limits.memory_bytes,
                "table_elements" => &mut limits.table_elements,
                "instances" => &mut limits.instances,
                "fuel" => &mut limits.fuel,
                "output_bytes" => &mut limits.output_bytes,
                "written_bytes" => &mut limits.written_bytes,
                "open_files" => &mut limits.open_files,
                "transfer_bytes" => &mut limits.transfer_bytes,
                "handles" => &mut limits.handles,
                // end generated
                "timeout_ms" => {
                    limits.timeout = Some(duration(value)?);
                    continue;
                }
                other => return Err(wrong(&format!("there is no key {other:?}"))),
            };
            let number = value.as_u64();
            let not = || wrong(&format!("{key} must be a whole number from 0, not {value}"));
            *limit = Some(number.ok_or_else(not)?);
        }
        Ok(limits)
    }
}

fn millis(timeout: Duration) -> Json {
    let whole = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
    match u64::try_from(timeout.as_nanos()) {
        Ok(nanos) if nanos % NANOS_PER_MS != 0 && nanos < MOST_EXACT_NANOS => {
            (nanos as f64 / NANOS_PER_MS as f64).into()
        }
        _ => whole.into(),
    }
}

fn duration(json: &Json) -> Result<Duration> {
    if let Some(whole) = json.as_u64() {
        return Ok(Duration::from_millis(whole));
    }
    let millis = json
        .as_f64()
        .filter(|ms| (0.0..u64::MAX as f64).contains(ms));
    let not = || wrong(&format!("timeout_ms must be a number from 0, not {json}"));
    let millis = millis.ok_or_else(not)?;
    let nanos = (millis.fract() * NANOS_PER_MS as f64).round() as u64;
    Ok(Duration::from_millis(millis.trunc() as u64) + Duration::from_nanos(nanos))
}

fn wrong(why: &str) -> Error {
    strict::wrong("limits", why)
}

fn object(json: &Json) -> Result<&Map<String, Json>> {
    let found = json.as_object();
    found.ok_or_else(|| wrong(&format!("limits must be an object, not {json}")))
}
