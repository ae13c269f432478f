//! The resolved imports of a component: resolved once, and used for any number of instances.

use std::sync::Arc;

use wasmtime::component::InstancePre;

use super::resources::HostType;
use crate::Store;
use crate::engine::Build;
use crate::store::Data;

/// A component with its imports, ready to be instantiated.
///
/// The host's functions are in it. The engine keeps them with each instance, and may drop them in the middle of its
/// work; so each store keeps this until the engine's store is gone, and the host's functions are dropped with this.
pub(crate) struct Linked {
    pub(super) pre: InstancePre<Data>,
    /// What it was compiled for.
    pub(super) build: Build,
    /// The types by which resources of the host cross.
    pub(super) types: Vec<HostType>,
    /// Whether something that lives in one store was lent.
    pub(super) is_of_one_store: bool,
}

impl Linked {
    /// Whether it is good for another store; if so, that knows its types from now on. The turn must be held.
    pub(super) fn fits(&self, store: &Store) -> bool {
        let adopts = || {
            let resources = store.inner().resources();
            resources.borrow_mut().adopt(&self.types)
        };
        !self.is_of_one_store && self.build == store.build() && adopts()
    }
}

impl super::state::Components {
    /// Keeps it as long as the engine's store may.
    pub(crate) fn keep(&self, linked: Arc<Linked>) {
        self.made_of.borrow_mut().push(linked);
    }
}
