//! Engine: compiles modules and keeps time.

use landbridge::{self as lb, EngineOptions};
use pyo3::prelude::*;

use crate::guard::{Fault, guard};

/// Compiles modules and keeps time. Most programs use the shared one and never name it.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Engine(pub(crate) lb::Engine);

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (*, interruptible=true, stack_bytes=None))]
    fn new(interruptible: bool, stack_bytes: Option<usize>) -> PyResult<Engine> {
        let default = EngineOptions::default();
        let options = EngineOptions {
            interruptible,
            stack_bytes: stack_bytes.unwrap_or(default.stack_bytes),
        };
        guard(|| Ok(Engine(lb::Engine::new(options)?)))
    }

    #[getter]
    fn interruptible(&self) -> bool {
        self.0.options().interruptible
    }

    #[getter]
    fn stack_bytes(&self) -> usize {
        self.0.options().stack_bytes
    }
}

/// The given engine, or the one that all share.
pub(crate) fn or_shared(engine: Option<&Bound<'_, Engine>>) -> Result<lb::Engine, Fault> {
    match engine {
        Some(engine) => Ok(engine.get().0.clone()),
        None => Ok(lb::Engine::shared()?),
    }
}
