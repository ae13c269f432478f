//! Table: references to functions or host objects, by index.

use std::sync::Arc;

use landbridge::{self as lb, ErrorKind, Type, messages};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use crate::guard::{Fault, guard};
use crate::kept::Roots;
use crate::read;
use crate::store::Store;
use crate::types;
use crate::value;

/// References to functions or to objects of Python, by index.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct Table {
    native: lb::Table,
    element: Type,
    #[pyo3(get)]
    store: Py<Store>,
}

impl Table {
    pub(crate) fn of(py: Python<'_>, native: lb::Table, store: &Py<Store>) -> Table {
        Table {
            // A table that was closed meanwhile answers so when it is used.
            element: native.ty().map_or(Type::ExternRef, |ty| ty.element),
            native,
            store: store.clone_ref(py),
        }
    }

    pub(crate) fn native(&self) -> &lb::Table {
        &self.native
    }

    fn lower(&self, object: &Bound<'_, PyAny>) -> Result<lb::Value, Fault> {
        lower_element(object, self.element, self.store.get().roots())
    }
}

fn lower_element(
    object: &Bound<'_, PyAny>,
    element: Type,
    roots: &Arc<Roots>,
) -> Result<lb::Value, Fault> {
    value::lower(object, element, roots, &|| {
        messages::table_element().to_owned()
    })
}

/// Indices count from the front: a table has no slices and no negative indices.
fn index(key: &Bound<'_, PyAny>) -> Result<u64, Fault> {
    read::count(key, "index in a table", ErrorKind::OutOfBounds)
}

#[pymethods]
impl Table {
    #[new]
    #[pyo3(signature = (store, element, min, max=None, init=None, *, is_64=false))]
    fn new(
        store: &Bound<'_, Store>,
        element: &str,
        min: &Bound<'_, PyAny>,
        max: Option<&Bound<'_, PyAny>>,
        init: Option<&Bound<'_, PyAny>>,
        is_64: bool,
    ) -> PyResult<Table> {
        let py = store.py();
        let none = py.None().into_bound(py);
        guard(|| {
            let element = Type::named(element)?;
            let init = lower_element(init.unwrap_or(&none), element, store.get().roots())?;
            let size = |n| read::count(n, "elements of a table", ErrorKind::Limit);
            let (min, max) = (size(min)?, max.map(size).transpose()?);
            let ty = lb::TableType {
                element,
                min,
                max,
                is_64,
            };
            let native = lb::Table::new(store.get().native(), &ty, &init)?;
            Ok(Table::of(py, native, store.as_unbound()))
        })
    }

    /// Reads an element.
    #[pyo3(signature = (index, /))]
    fn get<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            let value = self.native.get(self::index(index)?)?;
            value::lift(index.py(), value, &self.store)
        })
    }

    /// Writes an element.
    #[pyo3(signature = (index, value, /))]
    fn set(&self, index: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        guard(|| Ok(self.native.set(self::index(index)?, &self.lower(value)?)?))
    }

    /// Grows it, filled with `init`, and returns the former size.
    #[pyo3(signature = (delta, init=None, /))]
    fn grow(&self, delta: &Bound<'_, PyAny>, init: Option<&Bound<'_, PyAny>>) -> PyResult<u64> {
        let none = delta.py().None().into_bound(delta.py());
        guard(|| {
            let delta = read::count(delta, "elements to grow by", ErrorKind::Limit)?;
            let init = self.lower(init.unwrap_or(&none))?;
            Ok(self.native.grow(delta, &init)?)
        })
    }

    /// How many elements it has now.
    #[getter]
    fn size(&self) -> PyResult<u64> {
        guard(|| Ok(self.native.size()?))
    }

    /// The type it was made with.
    #[getter]
    fn r#type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| Ok(types::wrap(py, &lb::ExternType::Table(self.native.ty()?))?))
    }

    fn __len__(&self) -> PyResult<usize> {
        Ok(self.size()? as usize)
    }

    fn __getitem__<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.get(index)
    }

    fn __setitem__(&self, index: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        self.set(index, value)
    }

    fn __repr__(&self) -> String {
        format!("<{}>", self.native.shown())
    }

    /// Whether both are one table of one store.
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<Table>();
        other.is_ok_and(|other| self.native.same(&other.get().native))
    }

    fn __hash__(&self) -> usize {
        self.store.as_ptr() as usize >> 4
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}
