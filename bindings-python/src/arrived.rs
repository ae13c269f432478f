//! Arrived: what `sent.rs` sends, made anew.

use landbridge::{self as lb, Error, ErrorKind};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::guard::{Fault, guard};
use crate::limits::Limits;
use crate::policy::Policy;

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
        _ => {
            let text = format!("this version knows no {}", lb::text::quoted(sort));
            return Err(Error::new(ErrorKind::Type, text).into());
        }
    };
    Ok(made)
}
