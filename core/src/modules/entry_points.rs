//! Entry points: what a module exports to be run once in each instance.

use crate::ExternType;

/// What a reactor of WASI exports to be called before all else.
pub(crate) const INITIALIZE: &str = "_initialize";

/// What a module has that runs once in each instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EntryPoints {
    /// `_initialize`, of a reactor.
    pub(crate) initialize: bool,
    /// `_start`, of a program.
    pub(crate) start: bool,
}

impl EntryPoints {
    /// Both count whatever else is exported. By the application ABI of WASI no module should have both; what
    /// has is initialized like others, and can then be run.
    pub(crate) fn of(exports: &[(String, ExternType)]) -> EntryPoints {
        let has = |wanted: &str| {
            let is_it = |ty: &ExternType| matches!(ty, ExternType::Func(ty) if ty.slots() == 0);
            exports.iter().any(|(name, ty)| name == wanted && is_it(ty))
        };
        EntryPoints {
            initialize: has(INITIALIZE),
            start: has("_start"),
        }
    }
}
