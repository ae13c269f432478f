//! Pool: made, asked for instances, counted and closed. What it lends is an instance like others.

use std::sync::Arc;
use std::time::Duration;

use jni::sys::{jint, jlong};
use landbridge::frame::{ToFrame, Writer};
use landbridge::{Instance, Module, Policy, Pool, PoolOptions, Reset, Result};

use crate::imports::imports;
use crate::sandbox::sandbox;
use crate::types::{Here, Object, Objects};

/// What is lent is as in [`crate::instance::new`]; all instances have one lender.
#[allow(clippy::too_many_arguments, reason = "each crosses by itself")]
pub(crate) fn new(
    module: Arc<Module>,
    policy: Option<Arc<Policy>>,
    limits: Option<Vec<u8>>,
    lender: Here<Object>,
    lent: Option<Vec<u8>>,
    objects: Here<Objects>,
    max: jint,
    wait: jlong,
    reset: jint,
) -> Result<Pool> {
    let imports = imports(lender, lent, objects)?;
    let options = PoolOptions {
        max: max as usize,
        wait: Duration::from_nanos(wait as u64),
        reset: match reset {
            0 => Reset::Fresh,
            _ => Reset::Reuse,
        },
    };
    Pool::new(
        &module,
        &imports,
        &sandbox(policy, limits, lender)?,
        options,
    )
}

pub(crate) fn get(pool: Arc<Pool>) -> Result<Instance> {
    pool.get()
}

/// One number for each component of the record, in its order.
pub(crate) fn counts(pool: Arc<Pool>) -> Result<Vec<u8>> {
    let (counts, mut frame) = (pool.counts(), Writer::new());
    for now in [counts.ready, counts.taken, counts.waiting] {
        (now as u64).put(&mut frame);
    }
    counts.made.put(&mut frame);
    counts.served.put(&mut frame);
    counts.in_slots.put(&mut frame);
    frame.finish()
}

pub(crate) fn close(pool: Arc<Pool>) -> Result<()> {
    pool.close();
    Ok(())
}
