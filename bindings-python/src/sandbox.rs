//! Sandbox: everything that a store is made with, as the keywords of a call give it.

use std::sync::Arc;

use landbridge::{self as lb, Error, ErrorKind, Stdio};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::guard::Fault;
use crate::kept::Roots;
use crate::limits::Limits;
use crate::policy::Policy;
use crate::read::object;
use crate::stdio;

/// The keywords that close a store in.
#[derive(Default)]
pub(crate) struct Sandbox<'py> {
    policy: Option<Bound<'py, Policy>>,
    limits: Option<Bound<'py, Limits>>,
    stdin: Option<Bound<'py, PyAny>>,
    stdout: Option<Bound<'py, PyAny>>,
    stderr: Option<Bound<'py, PyAny>>,
    refusals: Option<Bound<'py, PyAny>>,
}

impl<'py> Sandbox<'py> {
    /// Takes them as a call has them. `None` is as if it were not there.
    pub(crate) fn from_keywords(given: Option<&Bound<'py, PyDict>>) -> Result<Self, Fault> {
        let mut sandbox = Sandbox::default();
        for (name, value) in given.into_iter().flatten() {
            sandbox.take(&name.extract::<String>()?, value)?;
        }
        Ok(sandbox)
    }

    fn take(&mut self, name: &str, value: Bound<'py, PyAny>) -> Result<(), Fault> {
        let given = (!value.is_none()).then_some(value);
        match name {
            "policy" => self.policy = object(given, name, "a Policy or None")?,
            "limits" => self.limits = object(given, name, "a Limits or None")?,
            "stdin" => self.stdin = given,
            "stdout" => self.stdout = given,
            "stderr" => self.stderr = given,
            "refusals" => self.refusals = given,
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// What the core closes a store in with; `roots` are that store's.
    pub(crate) fn native(&self, roots: &Arc<Roots>) -> Result<lb::Sandbox, Fault> {
        Ok(lb::Sandbox {
            policy: self
                .policy
                .as_ref()
                .map_or_else(lb::Policy::none, |it| it.get().0.clone()),
            limits: self
                .limits
                .as_ref()
                .map_or_else(lb::Limits::default, |it| it.get().0.clone()),
            stdio: Stdio {
                stdin: stdio::input(self.stdin.as_ref())?,
                stdout: stdio::stdout(self.stdout.as_ref(), roots)?,
                stderr: stdio::stderr(self.stderr.as_ref(), roots)?,
                refusals: stdio::refusals(self.refusals.as_ref(), roots)?,
            },
        })
    }

    /// A store that is there already cannot be closed in.
    pub(crate) fn must_be_empty(&self) -> Result<(), Fault> {
        let streams = [&self.stdin, &self.stdout, &self.stderr, &self.refusals];
        if self.policy.is_none() && self.limits.is_none() && streams.iter().all(|it| it.is_none()) {
            return Ok(());
        }
        let text = "policy, limits and streams belong to a store: give them to Store, not with one";
        Err(Error::new(ErrorKind::Type, text).into())
    }
}

fn unknown(name: &str) -> Fault {
    let known = [
        "policy", "limits", "stdin", "stdout", "stderr", "refusals", "imports", "store",
    ];
    let meant = lb::given::did_you_mean(name, known);
    let text = format!(
        "there is no keyword {name:?}; those of a sandbox are policy, limits, stdin, stdout, stderr, \
         refusals{meant}"
    );
    Error::new(ErrorKind::Type, text).into()
}
