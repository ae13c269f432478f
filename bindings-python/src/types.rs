//! The types of functions, memories, tables, globals and tags, as Python sees them.

use landbridge::{self as lb, ExternType, GcType, ImportType, Type};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::guard::{Fault, guard};
use crate::lazy::Lazy;
use crate::sent::{Sent, sent};

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

/// What a module asks its host for, each as a named tuple.
pub(crate) fn imports<'py>(
    py: Python<'py>,
    imports: &[ImportType],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let class = CLASS.import(py, "landbridge._names", "ImportType")?;
    let rows = imports.iter();
    rows.map(|it| class.call1((&it.module, &it.name, wrap(py, &it.ty)?)))
        .collect()
}

/// What a module exports, each as a named tuple.
pub(crate) fn exports<'py>(
    py: Python<'py>,
    exports: &[(String, ExternType)],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let class = CLASS.import(py, "landbridge._names", "ExportType")?;
    let rows = exports.iter();
    rows.map(|(name, ty)| class.call1((name, wrap(py, ty)?)))
        .collect()
}

fn names<'py>(py: Python<'py>, types: &[Type]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, types.iter().map(|ty| ty.name()))
}

pub(crate) fn list(names: &[String]) -> Result<Vec<Type>, Fault> {
    let types = names.iter().map(|name| Type::named(name));
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

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        sent(py, "func", (self.params(py)?, self.results(py)?))
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

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        sent(
            py,
            "memory",
            (self.0.min, self.0.max, self.0.is_64, self.0.page_bytes),
        )
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

    #[getter]
    fn is_64(&self) -> bool {
        self.0.is_64
    }

    #[classattr]
    fn sort() -> &'static str {
        "table"
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        sent(
            py,
            "table",
            (self.element(), self.0.min, self.0.max, self.0.is_64),
        )
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

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        sent(py, "global", (self.content(), self.0.mutable))
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

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        sent(py, "tag", (self.params(py)?,))
    }

    fn __repr__(&self) -> String {
        format!("<TagType {}>", ExternType::Tag(self.0.clone()))
    }
}

/// The type of an object of the guest's heap, as an object of its class.
pub(crate) fn wrap_gc<'py>(py: Python<'py>, ty: &GcType) -> PyResult<Bound<'py, PyAny>> {
    Ok(match ty {
        GcType::Struct(fields) => Bound::new(py, StructType(fields.clone()))?.into_any(),
        GcType::Array(element) => Bound::new(py, ArrayType(*element))?.into_any(),
    })
}

/// The type of a struct of the guest's heap.
#[pyclass(frozen, eq, hash, module = "landbridge")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct StructType(pub(crate) Vec<lb::FieldType>);

#[pymethods]
impl StructType {
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.iter().copied().map(FieldType))
    }

    #[classattr]
    fn sort() -> &'static str {
        "struct"
    }

    fn __str__(&self) -> String {
        GcType::Struct(self.0.clone()).to_string()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        sent(py, "struct", (self.fields(py)?,))
    }

    fn __repr__(&self) -> String {
        format!("<StructType {}>", self.__str__())
    }
}

/// The type of an array of the guest's heap.
#[pyclass(frozen, eq, hash, module = "landbridge")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct ArrayType(pub(crate) lb::FieldType);

#[pymethods]
impl ArrayType {
    #[getter]
    fn element(&self) -> FieldType {
        FieldType(self.0)
    }

    #[classattr]
    fn sort() -> &'static str {
        "array"
    }

    fn __str__(&self) -> String {
        GcType::Array(self.0).to_string()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        sent(py, "array", (self.element(),))
    }

    fn __repr__(&self) -> String {
        format!("<ArrayType {}>", self.__str__())
    }
}

/// A field of a struct, or the elements of an array.
#[pyclass(frozen, eq, hash, module = "landbridge")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct FieldType(pub(crate) lb::FieldType);

#[pymethods]
impl FieldType {
    #[getter]
    fn storage(&self) -> &'static str {
        self.0.storage.name()
    }

    #[getter]
    fn mutable(&self) -> bool {
        self.0.mutable
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        sent(py, "field", (self.storage(), self.0.mutable))
    }

    fn __repr__(&self) -> String {
        format!("<FieldType {}>", self.0)
    }
}
