//! The types of functions, memories, tables, globals and tags. Their classes are in `_types.py`.

use landbridge::{self as lb, Error, ErrorKind, ExternType, GcType, ImportType, Storage, Type};
use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::guard::{Fault, guard};
use crate::lazy::{self, Lazy};
use crate::read::not_a;

/// `_types.py`. It is imported while importing still works, and kept.
pub(crate) fn classes(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static CLASSES: Lazy<Py<PyAny>> = Lazy::new();
    let import = || PyResult::Ok(lazy::module(py, "landbridge._types")?.unbind());
    Ok(CLASSES.get_or_try_init(py, import)?.bind(py))
}

/// An object of a class of `_types.py`.
fn make<'py>(
    py: Python<'py>,
    class: &str,
    parts: impl PyCallArgs<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    classes(py)?.getattr(class)?.call1(parts)
}

/// The type of an import or export.
pub(crate) fn wrap<'py>(py: Python<'py>, ty: &ExternType) -> PyResult<Bound<'py, PyAny>> {
    match ty {
        ExternType::Func(ty) => wrap_func(py, ty),
        ExternType::Memory(ty) => make(py, "MemoryType", (ty.min, ty.max, ty.is_64, ty.page_bytes)),
        ExternType::Table(ty) => {
            let element = ty.element.name();
            make(py, "TableType", (element, ty.min, ty.max, ty.is_64))
        }
        ExternType::Global(ty) => make(py, "GlobalType", (ty.content.name(), ty.mutable)),
        ExternType::Tag(ty) => make(py, "TagType", (names(py, ty.params())?,)),
    }
}

/// The signature of a function.
pub(crate) fn wrap_func<'py>(py: Python<'py>, ty: &lb::FuncType) -> PyResult<Bound<'py, PyAny>> {
    let (params, results) = (names(py, ty.params())?, names(py, ty.results())?);
    make(py, "FuncType", (params, results))
}

/// The type of an object of the guest's heap.
pub(crate) fn wrap_gc<'py>(py: Python<'py>, ty: &GcType) -> PyResult<Bound<'py, PyAny>> {
    let field = |ty: &lb::FieldType| make(py, "FieldType", (ty.storage.name(), ty.mutable));
    match ty {
        GcType::Struct(fields) => {
            let fields = fields.iter().map(field).collect::<PyResult<Vec<_>>>()?;
            make(py, "StructType", (PyTuple::new(py, fields)?,))
        }
        GcType::Array(element) => make(py, "ArrayType", (field(element)?,)),
    }
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

/// Types by their names.
pub(crate) fn list(names: &[String]) -> Result<Vec<Type>, Fault> {
    let types = names.iter().map(|name| Type::named(name));
    Ok(types.collect::<lb::Result<_>>()?)
}

/// Reads a signature.
pub(crate) fn signature(given: &Bound<'_, PyAny>) -> Result<lb::FuncType, Fault> {
    if !given.is_instance(&classes(given.py())?.getattr("FuncType")?)? {
        return Err(not_a(given, "type", "a FuncType"));
    }
    let names = |of| given.getattr(of)?.extract::<Vec<String>>();
    Ok(lb::FuncType::new(
        list(&names("params")?)?,
        list(&names("results")?)?,
    ))
}

/// The text of a type, by the name of its class and its parts.
#[pyfunction]
#[pyo3(name = "_type_text", signature = (class, parts, /))]
pub(crate) fn text(class: &str, parts: &Bound<'_, PyTuple>) -> PyResult<String> {
    guard(|| {
        Ok(match class {
            "FuncType" => {
                let (params, results) = parts.extract::<(Vec<String>, Vec<String>)>()?;
                lb::FuncType::new(list(&params)?, list(&results)?).to_string()
            }
            "MemoryType" => {
                let (min, max, is_64, page_bytes) = parts.extract()?;
                let ty = lb::MemoryType {
                    min,
                    max,
                    is_64,
                    page_bytes,
                };
                ty.to_string()
            }
            "TableType" => {
                let (element, min, max, is_64) = parts.extract::<(String, _, _, _)>()?;
                let ty = lb::TableType {
                    element: Type::named(&element)?,
                    min,
                    max,
                    is_64,
                };
                ty.to_string()
            }
            "GlobalType" => {
                let (content, mutable) = parts.extract::<(String, bool)>()?;
                let content = Type::named(&content)?;
                lb::GlobalType { content, mutable }.to_string()
            }
            "TagType" => {
                let (params,) = parts.extract::<(Vec<String>,)>()?;
                ExternType::Tag(lb::FuncType::new(list(&params)?, [])).to_string()
            }
            "FieldType" => {
                let (storage, mutable) = parts.extract::<(String, bool)>()?;
                field(&storage, mutable)?.to_string()
            }
            "StructType" => {
                let (fields,) = parts.extract::<(Vec<Bound<'_, PyAny>>,)>()?;
                let fields = fields.iter().map(field_of);
                GcType::Struct(fields.collect::<Result<_, Fault>>()?).to_string()
            }
            "ArrayType" => GcType::Array(field_of(&parts.get_item(0)?)?).to_string(),
            _ => {
                let text = format!("there is no type {}", lb::text::quoted(class));
                return Err(Error::new(ErrorKind::Type, text).into());
            }
        })
    })
}

fn field_of(given: &Bound<'_, PyAny>) -> Result<lb::FieldType, Fault> {
    let storage: String = given.getattr("storage")?.extract()?;
    field(&storage, given.getattr("mutable")?.extract()?)
}

fn field(storage: &str, mutable: bool) -> Result<lb::FieldType, Fault> {
    let storage = match storage {
        "i8" => Storage::I8,
        "i16" => Storage::I16,
        name => Storage::Value(Type::named(name)?),
    };
    Ok(lb::FieldType { storage, mutable })
}
