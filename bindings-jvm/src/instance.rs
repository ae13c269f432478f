//! Instance: made, run, its exports, its store, its end.

use std::sync::Arc;

use jni::sys::jint;
use landbridge::{Instance, Module, Policy, Result, Store, frame};

use crate::imports::imports;
use crate::sandbox::sandbox;
use crate::types::{Here, Object, Objects};

/// In a store of its own, closed in as [`sandbox`] says.
#[allow(clippy::too_many_arguments, reason = "each crosses by itself")]
pub(crate) fn new(
    module: Arc<Module>,
    policy: Option<Arc<Policy>>,
    limits: Option<Vec<u8>>,
    lender: Here<Object>,
    lent: Option<Vec<u8>>,
    objects: Here<Objects>,
) -> Result<Instance> {
    let imports = imports(lender, lent, objects)?;
    module.instantiate_with(&imports, &sandbox(policy, limits, lender)?)
}

pub(crate) fn in_store(
    module: Arc<Module>,
    store: Arc<Store>,
    lender: Here<Object>,
    lent: Option<Vec<u8>>,
    objects: Here<Objects>,
) -> Result<Instance> {
    let imports = imports(lender, lent, objects)?;
    store.instantiate(&module, &imports)
}

/// Gives the exit code.
pub(crate) fn run(instance: Arc<Instance>) -> Result<jint> {
    instance.run()
}

pub(crate) fn store(instance: Arc<Instance>) -> Result<Store> {
    Ok(instance.store().clone())
}

pub(crate) fn exports(instance: Arc<Instance>) -> Result<Vec<u8>> {
    frame::write(instance.module().exports())
}

pub(crate) fn close(instance: Arc<Instance>) -> Result<()> {
    instance.close();
    Ok(())
}
