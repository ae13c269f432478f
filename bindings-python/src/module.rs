//! Module: compiled code, ready to be instantiated any number of times.

use std::path::PathBuf;

use landbridge as lb;
use pyo3::buffer::PyUntypedBuffer;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyList};

use crate::engine::{Engine, or_shared};
use crate::guard::{Fault, guard};
use crate::instance::Instance;
use crate::store::Store;
use crate::types;

/// Compiled code, ready to be instantiated any number of times, on any thread.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Module(pub(crate) lb::Module);

#[pymethods]
impl Module {
    /// Compiles a file of bytes or of WebAssembly text.
    #[staticmethod]
    #[pyo3(signature = (path, *, engine=None))]
    fn from_file(
        py: Python<'_>,
        path: PathBuf,
        engine: Option<&Bound<'_, Engine>>,
    ) -> PyResult<Module> {
        compile(py, engine, |engine| {
            lb::Module::from_file_with_engine(engine, &path)
        })
    }

    /// Compiles WebAssembly text.
    #[staticmethod]
    #[pyo3(signature = (text, *, engine=None))]
    fn from_text(
        py: Python<'_>,
        text: &str,
        engine: Option<&Bound<'_, Engine>>,
    ) -> PyResult<Module> {
        compile(py, engine, |engine| lb::Module::with_engine(engine, text))
    }

    /// Compiles bytes, from any buffer.
    #[staticmethod]
    #[pyo3(signature = (data, *, engine=None))]
    fn from_bytes(
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        engine: Option<&Bound<'_, Engine>>,
    ) -> PyResult<Module> {
        let copy;
        // Bytes cannot change while they are compiled with the lock let go; another buffer can.
        let bytes = match data.cast::<PyBytes>() {
            Ok(bytes) => bytes.as_bytes(),
            Err(_) => {
                copy = copied(data)?;
                copy.as_bytes()
            }
        };
        compile(py, engine, |engine| lb::Module::with_engine(engine, bytes))
    }

    /// The name in its name section, if there is one.
    #[getter]
    fn name(&self) -> Option<&str> {
        self.0.name()
    }

    /// What it asks its host for, in its own order.
    #[getter]
    fn imports<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = CLASS.import(py, "landbridge._names", "ImportType")?;
        let imports = self.0.imports().iter();
        let rows = imports.map(|i| class.call1((&i.module, &i.name, types::wrap(py, &i.ty)?)));
        PyList::new(py, rows.collect::<PyResult<Vec<_>>>()?)
    }

    /// What it exports, in its own order.
    #[getter]
    fn exports<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = CLASS.import(py, "landbridge._names", "ExportType")?;
        let exports = self.0.exports().iter();
        let rows = exports.map(|(name, ty)| class.call1((name, types::wrap(py, ty)?)));
        PyList::new(py, rows.collect::<PyResult<Vec<_>>>()?)
    }

    /// Makes an instance, in a store of its own unless one is given, and runs its start function.
    #[pyo3(signature = (imports=None, *, store=None))]
    fn instantiate(
        slf: &Bound<'_, Self>,
        imports: Option<&Bound<'_, PyAny>>,
        store: Option<&Bound<'_, Store>>,
    ) -> PyResult<Py<Instance>> {
        guard(|| match store {
            Some(store) => Instance::make(store, slf, imports, false),
            None => {
                let store = Store::make(slf.py(), slf.get().0.engine())?;
                Instance::make(&store, slf, imports, true)
            }
        })
    }

    fn __repr__(&self) -> String {
        match self.0.name() {
            Some(name) => format!("<Module {name}>"),
            None => "<Module>".to_owned(),
        }
    }
}

fn copied<'py>(data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    PyUntypedBuffer::get(data)?;
    Ok(data
        .py()
        .get_type::<PyBytes>()
        .call1((data,))?
        .cast_into()?)
}

/// Compiles with the lock let go.
fn compile(
    py: Python<'_>,
    engine: Option<&Bound<'_, Engine>>,
    what: impl FnOnce(&lb::Engine) -> lb::Result<lb::Module> + Send,
) -> PyResult<Module> {
    guard(|| {
        let engine = or_shared(engine)?;
        let module = py.detach(|| what(&engine)).map_err(Fault::Core)?;
        Ok(Module(module))
    })
}
