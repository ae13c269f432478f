//! Engine: compiles modules and keeps time.

use std::path::PathBuf;

use landbridge::{self as lb, CompileCache, EngineOptions};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::guard::{Fault, guard};

/// Compiles modules and keeps time. Most programs use the shared one and never name it.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Engine(pub(crate) lb::Engine);

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (
        *,
        interruptible=true,
        stack_bytes=None,
        wide_arithmetic=false,
        custom_page_sizes=false,
        cache=Place(CompileCache::User),
    ))]
    fn new(
        interruptible: bool,
        stack_bytes: Option<usize>,
        wide_arithmetic: bool,
        custom_page_sizes: bool,
        cache: Place,
    ) -> PyResult<Engine> {
        let default = EngineOptions::default();
        let options = EngineOptions {
            interruptible,
            stack_bytes: stack_bytes.unwrap_or(default.stack_bytes),
            wide_arithmetic,
            custom_page_sizes,
            cache: cache.0,
            ..default
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

    #[getter]
    fn wide_arithmetic(&self) -> bool {
        self.0.options().wide_arithmetic
    }

    #[getter]
    fn custom_page_sizes(&self) -> bool {
        self.0.options().custom_page_sizes
    }

    #[getter]
    fn cache(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match &self.0.options().cache {
            CompileCache::User => true.into_py_any(py),
            CompileCache::Off => false.into_py_any(py),
            CompileCache::Folder(folder) => folder.into_py_any(py),
        }
    }
}

/// Where compiled code is kept: true, false or a path.
struct Place(CompileCache);

impl FromPyObject<'_, '_> for Place {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Place> {
        Ok(Place(match given.cast::<PyBool>() {
            Ok(flag) if flag.is_true() => CompileCache::User,
            Ok(_) => CompileCache::Off,
            Err(_) => CompileCache::Folder(given.extract::<PathBuf>()?),
        }))
    }
}

/// The given engine, or the one that all share.
pub(crate) fn or_shared(engine: Option<&Bound<'_, Engine>>) -> Result<lb::Engine, Fault> {
    match engine {
        Some(engine) => Ok(engine.get().0.clone()),
        None => Ok(lb::Engine::shared()?),
    }
}
