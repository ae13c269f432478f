//! The types of functions, memories, tables, globals and tags, as Python sees them.

use landbridge::{self as lb, ExternType, Type};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::guard::{Fault, guard};
use crate::value::type_named;

/// The type of an import or export, as an object of its class.
pub(crate) fn wrap<'py>(py: Python<'py>, ty: &ExternType) -> PyResult<Bound<'py, PyAny>> {
    Ok(match ty.clone() {
        ExternType::Func(ty) => Bound::new(py, FuncType(ty))?.into_any(),
        ExternType::Memory(ty) => Bound::new(py, MemoryType(ty))?.into_any(),
        ExternType::Table(ty) => Bound::new(py, TableType(ty))?.into_any(),
        ExternType::Global(ty) => Bound::new(py, GlobalType(ty))?.into_any(),
        ExternType::Tag(ty) => Bound::new(py, TagType(ty))?.into_any(),
    })
}

fn names<'py>(py: Python<'py>, types: &[Type]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, types.iter().map(|ty| ty.name()))
}

fn list(names: &[String]) -> Result<Vec<Type>, Fault> {
    let types = names.iter().map(|name| type_named(name));
    Ok(types.collect::<lb::Result<_>>()?)
}

/// The signature of a function: `FuncType(["i32", "i32"], ["i32"])`.
#[pyclass(frozen, eq, hash, module = "landbridge")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct FuncType(pub(crate) lb::FuncType);

#[pymethods]
impl FuncType {
    #[new]
    #[pyo3(signature = (params=Vec::new(), results=Vec::new()))]
    fn new(params: Vec<String>, results: Vec<String>) -> PyResult<FuncType> {
        guard(|| Ok(FuncType(lb::FuncType::new(list(&params)?, list(&results)?))))
    }

    #[getter]
    fn params<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        names(py, self.0.params())
    }

    #[getter]
    fn results<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        names(py, self.0.results())
    }

    #[classattr]
    fn sort() -> &'static str {
        "func"
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<FuncType {}>", self.0)
    }
}

/// The type of a linear memory, in pages.
#[pyclass(frozen, eq, hash, module = "landbridge")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct MemoryType(pub(crate) lb::MemoryType);

#[pymethods]
impl MemoryType {
    #[getter]
    fn min(&self) -> u64 {
        self.0.min
    }

    #[getter]
    fn max(&self) -> Option<u64> {
        self.0.max
    }

    #[getter]
    fn is_64(&self) -> bool {
        self.0.is_64
    }

    #[getter]
    fn page_bytes(&self) -> u64 {
        self.0.page_bytes
    }

    #[classattr]
    fn sort() -> &'static str {
        "memory"
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<MemoryType {}>", self.0)
    }
}

/// The type of a table.
#[pyclass(frozen, eq, hash, module = "landbridge")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct TableType(pub(crate) lb::TableType);

#[pymethods]
impl TableType {
    #[getter]
    fn element(&self) -> &'static str {
        self.0.element.name()
    }

    #[getter]
    fn min(&self) -> u64 {
        self.0.min
    }

    #[getter]
    fn max(&self) -> Option<u64> {
        self.0.max
    }

    #[classattr]
    fn sort() -> &'static str {
        "table"
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<TableType {}>", self.0)
    }
}

/// The type of a global.
#[pyclass(frozen, eq, hash, module = "landbridge")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct GlobalType(pub(crate) lb::GlobalType);

#[pymethods]
impl GlobalType {
    #[getter]
    fn content(&self) -> &'static str {
        self.0.content.name()
    }

    #[getter]
    fn mutable(&self) -> bool {
        self.0.mutable
    }

    #[classattr]
    fn sort() -> &'static str {
        "global"
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<GlobalType {}>", self.0)
    }
}

/// The type of an exception tag.
#[pyclass(frozen, eq, hash, module = "landbridge")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct TagType(pub(crate) lb::FuncType);

#[pymethods]
impl TagType {
    #[getter]
    fn params<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        names(py, self.0.params())
    }

    #[classattr]
    fn sort() -> &'static str {
        "tag"
    }

    fn __str__(&self) -> String {
        ExternType::Tag(self.0.clone()).to_string()
    }

    fn __repr__(&self) -> String {
        format!("<TagType {}>", ExternType::Tag(self.0.clone()))
    }
}
