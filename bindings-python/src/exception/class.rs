//! What Python calls of an exception.

use landbridge::{Error, Exception, Value, messages};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::Exn;
use crate::guard::{Fault, guard};
use crate::tag::Tag;
use crate::value;

fn lower(tag: &Tag, payload: &Bound<'_, PyTuple>) -> Result<Vec<Value>, Fault> {
    let types = tag.native().ty().params();
    if types.len() != payload.len() {
        return Err(Error::count(messages::payload(), types, payload.len()).into());
    }
    let place = |i| move || messages::payload_value(i + 1);
    let each = payload.iter().zip(types).enumerate();
    each.map(|(i, (object, ty))| value::lower(&object, *ty, tag.store().get().roots(), &place(i)))
        .collect()
}

#[pymethods]
impl Exn {
    #[new]
    #[pyo3(signature = (tag, payload, /))]
    fn new(tag: &Bound<'_, Tag>, payload: &Bound<'_, PyTuple>) -> PyResult<Exn> {
        guard(|| {
            let values = lower(tag.get(), payload)?;
            Ok(Exn {
                native: Exception::new(tag.get().native(), &values)?,
                store: tag.get().store().clone_ref(tag.py()),
            })
        })
    }

    #[getter]
    fn tag(&self, py: Python<'_>) -> Tag {
        Tag::of(py, self.native.tag().clone(), &self.store)
    }

    /// What it carries.
    fn payload<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        guard(|| {
            let values = self.native.payload()?.into_iter();
            let objects = values.map(|value| value::lift(py, value, &self.store));
            Ok(PyTuple::new(py, objects.collect::<Result<Vec<_>, _>>()?)?)
        })
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        guard(|| {
            let other = other.cast::<Exn>();
            Ok(other.is_ok_and(|other| self.native.same(&other.get().native)))
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}
