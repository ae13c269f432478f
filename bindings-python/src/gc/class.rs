//! What Python calls of a struct or an array.

use std::fmt::Display;

use landbridge::{Error, ErrorKind, GcType};
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use super::{GcRef, native};
use crate::guard::{Fault, guard};
use crate::store::hash_in;
use crate::types;
use crate::value;

impl GcRef {
    /// What it is, in a word.
    fn noun(&self) -> &'static str {
        match self.native.ty() {
            GcType::Struct(_) => "struct",
            GcType::Array(_) => "array",
        }
    }

    /// An index; a negative one counts from the end.
    fn index(&self, key: &Bound<'_, PyAny>) -> Result<u32, Fault> {
        let index = match key.extract::<i64>() {
            Ok(index) => index,
            Err(e) if e.is_instance_of::<PyTypeError>(key.py()) => return Err(wrong_key(key)),
            Err(_) => return Err(self.outside("beyond 64 bits")),
        };
        let counted = match index {
            0.. => index,
            _ => index + i64::from(self.native.len()?),
        };
        u32::try_from(counted).map_err(|_| self.outside(index))
    }

    #[cold]
    fn outside(&self, index: impl Display) -> Fault {
        match self.native.len() {
            Ok(length) => self.native.outside(index, length).into(),
            Err(closed) => closed.into(),
        }
    }
}

#[cold]
fn wrong_key(key: &Bound<'_, PyAny>) -> Fault {
    let given = key.get_type().name();
    let given = given.map_or_else(|_| "an object".to_owned(), |name| name.to_string());
    let text = format!("index of an object: expected an int, got {given}");
    Error::new(ErrorKind::Type, text).into()
}

#[pymethods]
impl GcRef {
    /// `struct` or `array`.
    #[getter]
    fn sort(&self) -> &'static str {
        self.noun()
    }

    /// Its type, with its fields or elements.
    #[getter]
    fn r#type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| Ok(types::wrap_gc(py, self.native.ty())?))
    }

    fn __len__(&self) -> PyResult<usize> {
        guard(|| Ok(self.native.len()? as usize))
    }

    /// It is not null, however few fields it has.
    fn __bool__(&self) -> bool {
        true
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            let value = self.native.get(self.index(key)?)?;
            value::lift(key.py(), value, &self.store)
        })
    }

    fn __setitem__(&self, key: &Bound<'_, PyAny>, object: &Bound<'_, PyAny>) -> PyResult<()> {
        guard(|| {
            let index = self.index(key)?;
            let field = self.native.ty().field(index);
            let ty = field.ok_or_else(|| self.outside(index))?.storage.ty();
            let place = || self.native.place(index);
            let value = value::lower(object, ty, self.store.get().roots(), &place)?;
            Ok(self.native.set(index, &value)?)
        })
    }

    fn __delitem__(&self, _key: &Bound<'_, PyAny>) -> PyResult<()> {
        guard(|| Err(Error::new(ErrorKind::Type, "an object keeps its length").into()))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        guard(|| Ok(native(other).is_some_and(|other| self.native.same(other))))
    }

    /// Objects that are equal live in one store and have one type.
    fn __hash__(&self) -> u64 {
        hash_in(&self.store, self.native.ty())
    }

    fn __repr__(&self) -> String {
        format!("<GcRef {}>", self.native.ty())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}
