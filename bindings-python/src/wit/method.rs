//! Method: a function of a resource's, with the object that it is called for.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

// A method of an object, as Python's own bound methods are. The class shares its documentation with its objects: see `share`.
#[pyclass(frozen, module = "landbridge._native", name = "_WitMethod")]
pub(crate) struct Method {
    func: Py<PyAny>,
    object: Py<PyAny>,
}

impl Method {
    pub(super) fn bound<'py>(
        func: &Bound<'py, PyAny>,
        object: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let method = Method {
            func: func.clone().unbind(),
            object: object.clone().unbind(),
        };
        Ok(Bound::new(func.py(), method)?.into_any())
    }

    /// The arguments with the object in front.
    fn with_self<'py>(&self, args: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyTuple>> {
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(self.object.bind(args.py()).clone());
        all.extend(args.iter());
        PyTuple::new(args.py(), all)
    }
}

#[pymethods]
impl Method {
    #[pyo3(signature = (*args, **keywords))]
    fn __call__<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let func = self.func.bind(args.py());
        func.call(self.with_self(args)?, keywords)
    }

    /// Calls it, and does not wait.
    #[pyo3(signature = (*args, **keywords))]
    fn call_async<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let start = self.func.bind(args.py()).getattr("call_async")?;
        start.call(self.with_self(args)?, keywords)
    }

    #[getter]
    fn __self__(&self, py: Python<'_>) -> Py<PyAny> {
        self.object.clone_ref(py)
    }

    #[getter]
    fn __func__(&self, py: Python<'_>) -> Py<PyAny> {
        self.func.clone_ref(py)
    }

    #[getter]
    fn _doc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.func.bind(py).getattr("__doc__")
    }

    #[getter]
    fn __signature__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let signature = self.func.bind(py).getattr("__signature__")?;
        let all = signature.getattr("parameters")?.call_method0("values")?;
        let rest: Vec<_> = all.try_iter()?.skip(1).collect::<PyResult<_>>()?;
        let keywords = PyDict::new(py);
        keywords.set_item("parameters", rest)?;
        signature.call_method("replace", (), Some(&keywords))
    }

    /// What the function has.
    fn __getattr__<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.func.bind(name.py()).getattr(name)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let py = other.py();
        let Ok(other) = other.cast::<Method>() else {
            return Ok(false);
        };
        let is_func = self.func.is(&other.get().func);
        Ok(is_func && self.object.bind(py).eq(&other.get().object)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.object.bind(py).hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (func, object) = (self.func.bind(py).repr()?, self.object.bind(py).repr()?);
        Ok(format!("<method {func} of {object}>"))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.func)?;
        visit.call(&self.object)
    }
}
