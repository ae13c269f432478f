//! Limits, to and from JSON.

use std::time::Duration;

use jni::sys::jlong;
use landbridge::{Limits, Result, frame, messages};

pub(crate) fn from_json(text: String) -> Result<Vec<u8>> {
    let mut limits = Limits::from_json(&text)?;
    let numbers = [
        // generated: rust.jvm_limits_checked
        ("memory_bytes", limits.memory_bytes),
        ("table_elements", limits.table_elements),
        ("instances", limits.instances),
        ("fuel", limits.fuel),
        ("output_bytes", limits.output_bytes),
        ("written_bytes", limits.written_bytes),
        ("open_files", limits.open_files),
        ("transfer_bytes", limits.transfer_bytes),
        ("handles", limits.handles),
        // end generated
    ];
    let mut numbers = numbers.into_iter();
    numbers.try_for_each(|(key, number)| check(key, number.unwrap_or(0)))?;
    // As Java has it, what is longer than 292 years is as long as that.
    let longest = Duration::from_nanos(jlong::MAX as u64);
    limits.timeout = limits.timeout.map(|it| it.min(longest));
    frame::write(&limits)
}

/// Whether a `long` can hold it.
fn check(key: &str, number: u64) -> Result<()> {
    let is_out = |_| messages::out_of_range(key, number, 0, jlong::MAX);
    jlong::try_from(number).map_err(is_out).map(drop)
}

pub(crate) fn to_json(limits: Vec<u8>) -> Result<String> {
    Ok(frame::read::<Limits>(&limits)?.to_json())
}
