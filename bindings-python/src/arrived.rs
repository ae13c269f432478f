//! Arrived: what `sent.rs` sends, made anew.

use landbridge::{self as lb, Error, ErrorKind, Storage, Type};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::guard::{Fault, guard};
use crate::limits::Limits;
use crate::policy::Policy;
use crate::types::{
    ArrayType, FieldType, FuncType, GlobalType, MemoryType, StructType, TableType, TagType, list,
};

/// Makes a value of its parts.
#[pyfunction]
#[pyo3(name = "_arrived", signature = (sort, parts, /))]
pub(crate) fn arrived<'py>(sort: &str, parts: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
    guard(|| Ok(made(sort, parts)?.into_bound(parts.py())))
}

fn made(sort: &str, parts: &Bound<'_, PyTuple>) -> Result<Py<PyAny>, Fault> {
    let py = parts.py();
    let made = match sort {
        "limits" => {
            let (rows,) = parts.extract::<(Bound<'_, PyDict>,)>()?;
            let class = py.get_type::<Limits>();
            class.call((), Some(&rows))?.unbind()
        }
        "policy" => {
            let (json,) = parts.extract::<(Bound<'_, PyString>,)>()?;
            Policy(lb::Policy::from_json(json.to_str()?)?).into_py_any(py)?
        }
        "func" => {
            let (params, results) = parts.extract::<(Vec<String>, Vec<String>)>()?;
            FuncType(lb::FuncType::new(list(&params)?, list(&results)?)).into_py_any(py)?
        }
        "tag" => {
            let (params,) = parts.extract::<(Vec<String>,)>()?;
            TagType(lb::FuncType::new(list(&params)?, [])).into_py_any(py)?
        }
        "memory" => {
            let (min, max, is_64, page_bytes) = parts.extract()?;
            MemoryType(lb::MemoryType {
                min,
                max,
                is_64,
                page_bytes,
            })
            .into_py_any(py)?
        }
        "table" => {
            let (element, min, max, is_64) = parts.extract::<(String, _, _, _)>()?;
            TableType(lb::TableType {
                element: Type::named(&element)?,
                min,
                max,
                is_64,
            })
            .into_py_any(py)?
        }
        "global" => {
            let (content, mutable) = parts.extract::<(String, bool)>()?;
            let content = Type::named(&content)?;
            GlobalType(lb::GlobalType { content, mutable }).into_py_any(py)?
        }
        "struct" => {
            let (fields,) = parts.extract::<(Vec<Bound<'_, FieldType>>,)>()?;
            StructType(fields.iter().map(|it| it.get().0).collect()).into_py_any(py)?
        }
        "array" => {
            let (element,) = parts.extract::<(Bound<'_, FieldType>,)>()?;
            ArrayType(element.get().0).into_py_any(py)?
        }
        "field" => {
            let (storage, mutable) = parts.extract::<(String, bool)>()?;
            let storage = stored(&storage)?;
            FieldType(lb::FieldType { storage, mutable }).into_py_any(py)?
        }
        _ => {
            let text = format!("this version knows no {}", lb::text::quoted(sort));
            return Err(Error::new(ErrorKind::Type, text).into());
        }
    };
    Ok(made)
}

fn stored(name: &str) -> lb::Result<Storage> {
    Ok(match name {
        "i8" => Storage::I8,
        "i16" => Storage::I16,
        name => Storage::Value(Type::named(name)?),
    })
}
