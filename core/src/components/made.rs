//! An instance of a component: the engine's part of it, and whether a call of it is running.

use std::sync::Arc;

use super::linked::Linked;
use super::maker::{AtWorkFlag, InstanceAtWork, Maker};

/// What the engine has of an instance of a component, and whether a call of it is at work.
pub(crate) struct MadeComponent {
    pub(crate) instance: wasmtime::component::Instance,
    pub(crate) linked: Arc<Linked>,
    at_work: AtWorkFlag,
}

impl MadeComponent {
    pub(super) fn new(
        instance: wasmtime::component::Instance,
        linked: Arc<Linked>,
    ) -> MadeComponent {
        MadeComponent {
            instance,
            linked,
            at_work: AtWorkFlag::default(),
        }
    }

    /// Begins a call, unless one is at work. The turn must be held.
    #[inline]
    pub(crate) fn begin_call(&self) -> Option<InstanceAtWork<'_>> {
        self.at_work.begin()
    }
}

impl Maker for MadeComponent {
    fn flag(&self) -> &AtWorkFlag {
        &self.at_work
    }
}
