//! Registry: which modules of an engine exist, so that none is compiled twice.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Weak};

use super::{Inner, Module};
use crate::cache::Digest;
use crate::fork;

/// The modules of an engine that are there, by their digests.
#[derive(Default)]
pub(crate) struct Registry(fork::Lock<HashMap<Digest, Weak<Inner>>>);

impl Registry {
    fn lock(&self) -> fork::Locked<'_, HashMap<Digest, Weak<Inner>>> {
        self.0.lock()
    }

    pub(super) fn find(&self, digest: &Digest) -> Option<Module> {
        let found = self.lock().get(digest).and_then(Weak::upgrade);
        found.map(Module)
    }

    pub(super) fn keep(&self, module: &Module) {
        let found = Arc::downgrade(&module.0);
        self.lock().insert(module.0.digest, found);
    }

    /// Forgets a module that is gone, unless another one of its bytes was kept since.
    pub(super) fn forget(&self, digest: &Digest) {
        let mut modules = self.lock();
        if modules.get(digest).is_some_and(|it| it.strong_count() == 0) {
            modules.remove(digest);
        }
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} modules", self.lock().len())
    }
}
