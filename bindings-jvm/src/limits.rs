//! Limits and usage, as the numbers that `Limits.java` and `Usage.java` write and read.

use std::time::Duration;

use jni::sys::{jclass, jlong, jlongArray, jstring};
use landbridge::{Error, ErrorKind, Limits, Result, Usage};

use crate::env::Env;
use crate::guard::guard;

/// One number for each limit, in the order of the record; negative for none.
pub(crate) fn read(env: Env, numbers: jlongArray) -> Result<Limits> {
    let mut given = [-1; 8];
    env.read_longs(numbers, &mut given)?;
    let [
        memory_bytes,
        table_elements,
        instances,
        fuel,
        output_bytes,
        written_bytes,
        open_files,
        timeout,
    ] = given.map(|it| u64::try_from(it).ok());
    Ok(Limits {
        memory_bytes,
        table_elements,
        instances,
        fuel,
        output_bytes,
        written_bytes,
        open_files,
        timeout: timeout.map(Duration::from_nanos),
    })
}

/// The numbers of [`read`].
pub(crate) extern "system" fn from_json(env: Env, _: jclass, text: jstring) -> jlongArray {
    guard(env, || {
        let limits = Limits::from_json(&env.text(text)?)?;
        // As Java has it, what is longer than 292 years is as long as that.
        let nanos = |it: Duration| i64::try_from(it.as_nanos()).unwrap_or(i64::MAX) as u64;
        let numbers = [
            ("memory_bytes", limits.memory_bytes),
            ("table_elements", limits.table_elements),
            ("instances", limits.instances),
            ("fuel", limits.fuel),
            ("output_bytes", limits.output_bytes),
            ("written_bytes", limits.written_bytes),
            ("open_files", limits.open_files),
            ("timeout_ms", limits.timeout.map(nanos)),
        ];
        let numbers = numbers.map(|(key, number)| signed(key, number));
        env.longs(&numbers.into_iter().collect::<Result<Vec<_>>>()?)
    })
}

/// As a `long` that is negative for none.
fn signed(key: &str, number: Option<u64>) -> Result<jlong> {
    let Some(number) = number else {
        return Ok(-1);
    };
    jlong::try_from(number).map_err(|_| {
        let text = format!("{key}: {number} is out of range (0 to {})", jlong::MAX);
        Error::new(ErrorKind::Range, text)
    })
}

pub(crate) extern "system" fn to_json(env: Env, _: jclass, numbers: jlongArray) -> jstring {
    guard(env, || env.string(&read(env, numbers)?.to_json()))
}

/// One number for each component of the record, in its order; negative for none.
pub(crate) fn usage(env: Env, usage: &Usage) -> Result<jlongArray> {
    let numbers = [
        usage.memory_bytes,
        usage.peak_memory_bytes,
        usage.table_elements,
        usage.instances,
        usage.output_bytes,
        usage.written_bytes,
        usage.open_files,
        usage.fuel_used.unwrap_or(u64::MAX),
        u64::try_from(usage.last_call.as_nanos()).unwrap_or(u64::MAX >> 1),
    ];
    env.longs(&numbers.map(|it| it as jlong))
}
