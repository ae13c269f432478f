//! Store: made, measured, cancelled, collected and closed.

use std::sync::Arc;

use jni::sys::jlong;
use landbridge::{Engine, Policy, Result, Store, frame};

use crate::sandbox::sandbox;
use crate::types::{Here, Object};

/// The rest says what it is closed in by, see [`sandbox`].
pub(crate) fn new(
    engine: Arc<Engine>,
    policy: Option<Arc<Policy>>,
    limits: Option<Vec<u8>>,
    lender: Here<Object>,
) -> Result<Store> {
    Store::with(&engine, &sandbox(policy, limits, lender)?)
}

pub(crate) fn usage(store: Arc<Store>) -> Result<Vec<u8>> {
    frame::write(&store.usage()?)
}

pub(crate) fn set_fuel(store: Arc<Store>, fuel: jlong) -> Result<()> {
    store.set_fuel(fuel as u64)
}

pub(crate) fn cancel(store: Arc<Store>) -> Result<()> {
    store.cancel();
    Ok(())
}

pub(crate) fn stdout(store: Arc<Store>) -> Result<Vec<u8>> {
    Ok(store.stdout())
}

pub(crate) fn stderr(store: Arc<Store>) -> Result<Vec<u8>> {
    Ok(store.stderr())
}

pub(crate) fn stdout_text(store: Arc<Store>) -> Result<String> {
    Ok(store.stdout_text())
}

pub(crate) fn stderr_text(store: Arc<Store>) -> Result<String> {
    Ok(store.stderr_text())
}

pub(crate) fn refusals(store: Arc<Store>) -> Result<Vec<u8>> {
    Ok(store.refusals())
}

pub(crate) fn output(store: Arc<Store>) -> Result<String> {
    Ok(store.output())
}

pub(crate) fn gc(store: Arc<Store>) -> Result<()> {
    store.gc()
}

pub(crate) fn close(store: Arc<Store>) -> Result<()> {
    store.close();
    Ok(())
}
