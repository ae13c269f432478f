//! Sandbox: everything that a store is made with, as the keywords of a call give it.

use std::sync::Arc;

use landbridge::{self as lb, Error, ErrorKind, Stdio};
use pyo3::prelude::*;

use crate::guard::Fault;
use crate::kept::Roots;
use crate::limits::Limits;
use crate::policy::Policy;
use crate::stdio::{self, Given};

/// The keywords that close a store in.
#[derive(Clone, Copy)]
pub(crate) struct Sandbox<'a, 'py> {
    pub(crate) policy: Option<&'a Bound<'py, Policy>>,
    pub(crate) limits: Option<&'a Bound<'py, Limits>>,
    pub(crate) stdin: Given<'a, 'py>,
    pub(crate) stdout: Given<'a, 'py>,
    pub(crate) stderr: Given<'a, 'py>,
}

impl Sandbox<'_, '_> {
    /// What the core closes a store in with; `roots` are that store's.
    pub(crate) fn native(&self, roots: &Arc<Roots>) -> Result<lb::Sandbox, Fault> {
        Ok(lb::Sandbox {
            policy: self
                .policy
                .map_or_else(lb::Policy::none, |it| it.get().0.clone()),
            limits: self
                .limits
                .map_or_else(lb::Limits::default, |it| it.get().0.clone()),
            stdio: Stdio {
                stdin: stdio::input(self.stdin)?,
                stdout: stdio::stdout(self.stdout, roots)?,
                stderr: stdio::stderr(self.stderr, roots)?,
                ..Stdio::default()
            },
        })
    }

    /// A store that is there already cannot be closed in.
    pub(crate) fn must_be_empty(&self) -> Result<(), Fault> {
        let streams = [self.stdin, self.stdout, self.stderr];
        if self.policy.is_none() && self.limits.is_none() && streams.iter().all(Option::is_none) {
            return Ok(());
        }
        let text = "policy, limits and streams belong to a store: give them to Store, not with one";
        Err(Error::new(ErrorKind::Type, text).into())
    }
}
