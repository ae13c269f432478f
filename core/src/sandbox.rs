//! Sandbox: everything that a store is made with.

pub(crate) mod limits;
pub(crate) mod policy;
pub(crate) mod strict;

use crate::{Limits, Policy, Stdio};

/// The sandbox of a store: what its guests may reach, how much they may use, and where their
/// streams go. The default grants nothing, sets no limit, and discards output.
#[derive(Clone, Debug, Default)]
pub struct Sandbox {
    /// What they may reach.
    pub policy: Policy,
    /// How much they may use.
    pub limits: Limits,
    /// Their standard streams.
    pub stdio: Stdio,
}

impl Sandbox {
    /// That of a program which is run as if by hand: the process's own streams, and
    /// [`Policy::program`].
    pub fn program() -> Sandbox {
        Sandbox {
            policy: Policy::program(),
            limits: Limits::default(),
            stdio: Stdio::inherit(),
        }
    }
}

impl From<Limits> for Sandbox {
    fn from(limits: Limits) -> Sandbox {
        Sandbox {
            limits,
            ..Sandbox::default()
        }
    }
}

impl From<Policy> for Sandbox {
    fn from(policy: Policy) -> Sandbox {
        Sandbox {
            policy,
            ..Sandbox::default()
        }
    }
}
