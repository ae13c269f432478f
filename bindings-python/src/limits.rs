//! Limits: how much a store may use, and what it used.

use std::time::Duration;

use landbridge as lb;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::guard::{Fault, guard};
use crate::lazy::Lazy;
use crate::read::number;
use crate::sent::{Sent, sent};

/// How much the guests of one store may use.
#[pyclass(frozen, eq, module = "landbridge")]
#[derive(PartialEq, Eq)]
pub(crate) struct Limits(pub(crate) lb::Limits);

/// A number that may be missing.
type Given<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

#[pymethods]
impl Limits {
    #[new]
    #[pyo3(signature = (
        *,
        // generated: rust.py_limit_defaults
        memory_bytes=None,
        table_elements=None,
        instances=None,
        fuel=None,
        output_bytes=None,
        written_bytes=None,
        open_files=None,
        timeout_ms=None,
        transfer_bytes=None,
        handles=None,
        // end generated
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each keyword")]
    fn new(
        // generated: rust.py_limit_arguments
        memory_bytes: Given<'_, '_>,
        table_elements: Given<'_, '_>,
        instances: Given<'_, '_>,
        fuel: Given<'_, '_>,
        output_bytes: Given<'_, '_>,
        written_bytes: Given<'_, '_>,
        open_files: Given<'_, '_>,
        timeout_ms: Given<'_, '_>,
        transfer_bytes: Given<'_, '_>,
        handles: Given<'_, '_>,
        // end generated
    ) -> PyResult<Limits> {
        guard(|| {
            Ok(Limits(lb::Limits {
                // generated: rust.py_limits
                memory_bytes: limit(memory_bytes, "memory_bytes")?,
                table_elements: limit(table_elements, "table_elements")?,
                instances: limit(instances, "instances")?,
                fuel: limit(fuel, "fuel")?,
                output_bytes: limit(output_bytes, "output_bytes")?,
                written_bytes: limit(written_bytes, "written_bytes")?,
                open_files: limit(open_files, "open_files")?,
                timeout: limit(timeout_ms, "timeout_ms")?.map(Duration::from_millis),
                transfer_bytes: limit(transfer_bytes, "transfer_bytes")?,
                handles: limit(handles, "handles")?,
                // end generated
            }))
        })
    }

    /// Reads limits from JSON.
    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn from_json(text: &str) -> PyResult<Limits> {
        guard(|| Ok(Limits(lb::Limits::from_json(text)?)))
    }

    /// The limits as JSON, the same bytes in every host.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    // generated: rust.py_limit_getters
    #[getter]
    fn memory_bytes(&self) -> Option<u64> {
        self.0.memory_bytes
    }

    #[getter]
    fn table_elements(&self) -> Option<u64> {
        self.0.table_elements
    }

    #[getter]
    fn instances(&self) -> Option<u64> {
        self.0.instances
    }

    #[getter]
    fn fuel(&self) -> Option<u64> {
        self.0.fuel
    }

    #[getter]
    fn output_bytes(&self) -> Option<u64> {
        self.0.output_bytes
    }

    #[getter]
    fn written_bytes(&self) -> Option<u64> {
        self.0.written_bytes
    }

    #[getter]
    fn open_files(&self) -> Option<u64> {
        self.0.open_files
    }

    #[getter]
    fn timeout_ms(&self) -> Option<u64> {
        self.0.timeout.map(|it| it.as_millis() as u64)
    }

    #[getter]
    fn transfer_bytes(&self) -> Option<u64> {
        self.0.transfer_bytes
    }

    #[getter]
    fn handles(&self) -> Option<u64> {
        self.0.handles
    }
    // end generated

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        PyTuple::new(py, self.rows().map(|(_, value)| value))?.hash()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        let rows = PyDict::new(py);
        for (name, value) in self.rows() {
            if let Some(value) = value {
                rows.set_item(name, value)?;
            }
        }
        sent(py, "limits", (rows,))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        let set = self
            .rows()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        format!("Limits({})", set.collect::<Vec<_>>().join(", "))
    }
}

impl Limits {
    fn rows(&self) -> impl ExactSizeIterator<Item = (&'static str, Option<u64>)> {
        [
            // generated: rust.py_limit_rows
            ("memory_bytes", self.memory_bytes()),
            ("table_elements", self.table_elements()),
            ("instances", self.instances()),
            ("fuel", self.fuel()),
            ("output_bytes", self.output_bytes()),
            ("written_bytes", self.written_bytes()),
            ("open_files", self.open_files()),
            ("timeout_ms", self.timeout_ms()),
            ("transfer_bytes", self.transfer_bytes()),
            ("handles", self.handles()),
            // end generated
        ]
        .into_iter()
    }
}

fn limit(given: Given<'_, '_>, place: &str) -> Result<Option<u64>, Fault> {
    given.map(|given| number(given, place)).transpose()
}

/// What the guests of a store used, as an object of Python's.
pub(crate) fn usage<'py>(py: Python<'py>, found: &lb::Usage) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    CLASS.import(py, "landbridge._names", "Usage")?.call1((
        // generated: rust.py_usage
        found.memory_bytes,
        found.peak_memory_bytes,
        found.table_elements,
        found.instances,
        found.output_bytes,
        found.written_bytes,
        found.open_files,
        found.fuel_used,
        found.last_call.as_secs_f64(),
        found.handles,
        // end generated
    ))
}
