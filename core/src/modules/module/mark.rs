//! Mark: tells a module from others, and does not keep it.

use std::sync::{Arc, Weak};

use super::{Inner, Module};

/// Tells a module from others for as long as this is kept.
#[derive(Clone)]
pub(crate) struct ModuleMark(Weak<Inner>);

impl ModuleMark {
    pub(crate) fn is(&self, other: &ModuleMark) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

impl Module {
    /// What tells it from others.
    pub(crate) fn mark(&self) -> ModuleMark {
        ModuleMark(Arc::downgrade(&self.0))
    }
}
