//! Limits and usage, as the numbers that `Limits.java` and `Usage.java` write and read.

use std::time::Duration;

use jni::sys::{jlong, jlongArray};
use landbridge::{Limits, Result, Usage};

use crate::env::Env;

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
