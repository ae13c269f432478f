//! Module: compiled code, ready to be instantiated any number of times.

use std::path::PathBuf;

use landbridge as lb;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};

use crate::engine::{Engine, or_shared};
use crate::gil;
use crate::guard::{Fault, guard};
use crate::instance::Instance;
use crate::lazy::Lazy;
use crate::policy::Policy;
use crate::read::{arguments, bytes_of};
use crate::sandbox::Sandbox;
use crate::store::Store;
use crate::types;
use crate::wit;

/// Compiled code, ready to be instantiated any number of times, on any thread.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Module {
    native: lb::Module,
    engine: Py<Engine>,
}

impl Module {
    pub(crate) fn native(&self) -> &lb::Module {
        &self.native
    }

    pub(crate) fn engine(&self) -> &Py<Engine> {
        &self.engine
    }
}

/// A function of Python's that takes a module in, and what it takes.
type Arrival<'py> = (Bound<'py, PyAny>, (Bound<'py, PyBytes>, String));

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

    /// Compiles what a string names or is: WebAssembly text if it begins like one, else a path.
    #[staticmethod]
    #[pyo3(signature = (source, *, engine=None))]
    fn from_string(
        source: &Bound<'_, PyString>,
        engine: Option<&Bound<'_, Engine>>,
    ) -> PyResult<Module> {
        let found = string_of(source)?;
        compile(source.py(), engine, |engine| match found {
            Source::Text(text) => lb::Module::load_with_engine(engine, text),
            Source::Path(path) => lb::Module::from_file_with_engine(engine, path),
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
        let bytes = bytes_of(data)?;
        let bytes = bytes.as_bytes();
        compile(py, engine, |engine| lb::Module::with_engine(engine, bytes))
    }

    /// The name in its name section, if there is one.
    #[getter]
    fn name(&self) -> Option<&str> {
        self.native.name()
    }

    /// What it asks its host for, in its own order.
    #[getter]
    fn imports<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, types::imports(py, self.native.imports())?)
    }

    /// Of a component, the functions that it asks its host for: of each the name of its interface, its own, and its type.
    #[getter]
    fn wit_imports<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        guard(|| Ok(wit::world::imports(py, &self.native)?))
    }

    /// What it exports, in its own order.
    #[getter]
    fn exports<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, types::exports(py, self.native.exports())?)
    }

    /// Its bytes, in the binary format.
    #[getter]
    fn bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.native.bytes())
    }

    /// The BLAKE3 hash of its bytes, in hexadecimal.
    #[getter]
    fn digest(&self) -> String {
        self.native.digest()
    }

    /// Writes the compiled code to a file, for `load_precompiled`.
    fn compile(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        guard(|| gil::detach(py, || self.native.compile(&path)).map_err(Fault::Core))
    }

    /// Loads what `compile` wrote. The file is machine code, which is run as it is.
    #[staticmethod]
    #[pyo3(signature = (path, *, engine=None))]
    fn load_precompiled(
        py: Python<'_>,
        path: PathBuf,
        engine: Option<&Bound<'_, Engine>>,
    ) -> PyResult<Module> {
        compile(py, engine, |engine| {
            // SAFETY: whoever calls this trusts the file, as the documentation asks.
            unsafe { lb::Module::load_precompiled(engine, &path) }
        })
    }

    /// Makes an instance, in a store of its own unless one is given, and runs its start function.
    #[pyo3(signature = (
        imports=None,
        *,
        store=None,
        initialize=true,
        **sandbox,
    ))]
    fn instantiate(
        slf: &Bound<'_, Self>,
        imports: Option<&Bound<'_, PyAny>>,
        store: Option<&Bound<'_, Store>>,
        initialize: bool,
        sandbox: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Instance>> {
        guard(|| {
            let sandbox = Sandbox::from_keywords(sandbox)?;
            match store {
                Some(store) => {
                    sandbox.must_be_empty()?;
                    Instance::make(store, slf, imports, initialize, false)
                }
                None => {
                    let store = Store::make(slf.get().engine.bind(slf.py()), &sandbox)?;
                    Instance::make(&store, slf, imports, initialize, true)
                }
            }
        })
    }

    /// A policy with the name and the arguments of the program that it is.
    #[pyo3(name = "_program")]
    fn program(
        &self,
        name: &str,
        args: &Bound<'_, PyAny>,
        policy: &Bound<'_, Policy>,
    ) -> PyResult<Policy> {
        guard(|| {
            let program = lb::Program::new(&self.native, name)?;
            let args = arguments(args)?;
            Ok(Policy(program.policy(&policy.get().0, args)?))
        })
    }

    /// It travels as its bytes, and is compiled, or found compiled, where it arrives.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Arrival<'py>> {
        static ARRIVED: Lazy<Py<PyAny>> = Lazy::new();
        let arrived = ARRIVED.import(py, "landbridge._names", "arrived")?;
        Ok((arrived.clone(), (self.bytes(py), self.digest())))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        format!("<{}>", self.native.shown())
    }
}

/// What a string is.
pub(crate) enum Source<'a> {
    /// What the core takes as it is.
    Text(&'a str),
    /// A path that no text has: its bytes are not UTF-8.
    Path(PathBuf),
}

/// A string that is no Unicode is a path, as Python has it, unless it begins like WebAssembly text.
pub(crate) fn string_of<'a>(source: &'a Bound<'_, PyString>) -> PyResult<Source<'a>> {
    guard(|| {
        if let Ok(text) = source.to_str() {
            return Ok(Source::Text(text));
        }
        let bytes = source.call_method1("encode", ("utf-8", "surrogatepass"))?;
        let bytes = bytes.cast_into::<PyBytes>().map_err(PyErr::from)?;
        match lb::Module::is_text(bytes.as_bytes()) {
            true => Err(lb::given::not_unicode("the text").into()),
            false => Ok(Source::Path(source.extract()?)),
        }
    })
}

/// The digest that a module of these bytes has.
#[pyfunction]
#[pyo3(signature = (data, /))]
pub(crate) fn digest_of(data: &Bound<'_, PyBytes>) -> String {
    lb::Module::digest_of(data.as_bytes())
}

/// Compiles with the lock let go.
fn compile(
    py: Python<'_>,
    engine: Option<&Bound<'_, Engine>>,
    what: impl FnOnce(&lb::Engine) -> lb::Result<lb::Module> + Send,
) -> PyResult<Module> {
    guard(|| {
        let engine = or_shared(py, engine)?;
        let compiler = engine.get().native();
        let native = gil::detach(py, || what(compiler)).map_err(Fault::Core)?;
        let engine = engine.clone().unbind();
        Ok(Module { native, engine })
    })
}
