//! WitType: a type of WIT, for whoever wants to know it or has a value as text.

use std::hash::{DefaultHasher, Hash, Hasher};

use landbridge::frame::Reader;
use landbridge::host::wit;
use landbridge::{WitFrame, WitFuncType, WitType};
use pyo3::IntoPyObjectExt;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::decode::Decoder;
use super::encode::Encoder;
use super::names::snake;
use super::types::Types;
use crate::guard::{Fault, guard};
use crate::kept::Roots;
use crate::lazy;

/// A type of WIT.
#[pyclass(frozen, module = "landbridge", name = "WitType")]
pub(crate) struct PyWitType {
    pub(crate) ty: WitType,
    types: Py<Types>,
}

impl PyWitType {
    pub(crate) fn new<'py>(
        py: Python<'py>,
        ty: &WitType,
        types: &Py<Types>,
    ) -> PyResult<Bound<'py, PyWitType>> {
        Bound::new(
            py,
            PyWitType {
                ty: ty.clone(),
                types: types.clone_ref(py),
            },
        )
    }

    fn of<'py>(&self, py: Python<'py>, ty: &WitType) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyWitType::new(py, ty, &self.types)?.into_any())
    }

    fn row<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        ty: Option<&WitType>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let ty = ty.map(|ty| self.of(py, ty)).transpose()?;
        (name, ty).into_bound_py_any(py)
    }
}

fn sort(ty: &WitType) -> &'static str {
    match ty {
        WitType::List(_) => "list",
        WitType::Record(_) => "record",
        WitType::Tuple(_) => "tuple",
        WitType::Variant(_) => "variant",
        WitType::Enum(_) => "enum",
        WitType::Flags(_) => "flags",
        WitType::Option(_) => "option",
        WitType::Result(_) => "result",
        WitType::Own(_) => "own",
        WitType::Borrow(_) => "borrow",
        WitType::Bool => "bool",
        WitType::S8 => "s8",
        WitType::U8 => "u8",
        WitType::S16 => "s16",
        WitType::U16 => "u16",
        WitType::S32 => "s32",
        WitType::U32 => "u32",
        WitType::S64 => "s64",
        WitType::U64 => "u64",
        WitType::F32 => "f32",
        WitType::F64 => "f64",
        WitType::Char => "char",
        _ => "string",
    }
}

#[pymethods]
impl PyWitType {
    /// What sort of type it is: `record`, `list`, `u8`...
    #[getter]
    fn sort(&self) -> &'static str {
        sort(&self.ty)
    }

    /// Its name in WIT, where it has one.
    #[getter]
    fn name(&self) -> Option<String> {
        let label = match &self.ty {
            WitType::Record(it) => &it.label,
            WitType::Variant(it) => &it.label,
            WitType::Enum(it) => &it.label,
            WitType::Flags(it) => &it.label,
            WitType::Own(it) | WitType::Borrow(it) => it.label(),
            _ => return None,
        };
        label.name.as_deref().map(str::to_owned)
    }

    /// What it is made of: pairs of a name in WIT and a type, or None where there is none.
    #[getter]
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let rows: Vec<_> = match &self.ty {
            WitType::List(it) | WitType::Option(it) => vec![self.row(py, "", Some(it))?],
            WitType::Record(it) => {
                let rows = it
                    .fields
                    .iter()
                    .map(|it| self.row(py, &it.name, Some(&it.ty)));
                rows.collect::<PyResult<_>>()?
            }
            WitType::Tuple(it) => {
                let rows = it.iter().enumerate();
                rows.map(|(i, ty)| self.row(py, &i.to_string(), Some(ty)))
                    .collect::<PyResult<_>>()?
            }
            WitType::Variant(it) => {
                let rows = it
                    .cases
                    .iter()
                    .map(|it| self.row(py, &it.name, it.ty.as_ref()));
                rows.collect::<PyResult<_>>()?
            }
            WitType::Enum(lb) => {
                let rows = lb.names.iter().map(|it| self.row(py, it, None));
                rows.collect::<PyResult<_>>()?
            }
            WitType::Flags(lb) => {
                let rows = lb.names.iter().map(|it| self.row(py, it, None));
                rows.collect::<PyResult<_>>()?
            }
            WitType::Result(it) => vec![
                self.row(py, "ok", it.ok.as_ref())?,
                self.row(py, "err", it.err.as_ref())?,
            ],
            _ => Vec::new(),
        };
        PyTuple::new(py, rows)
    }

    /// The class of its values, if one was made for it.
    #[getter]
    fn cls<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &self.ty {
            WitType::Record(_)
            | WitType::Variant(_)
            | WitType::Enum(_)
            | WitType::Flags(_)
            | WitType::Own(_)
            | WitType::Borrow(_) => guard(|| Ok(Some(self.types.get().class(py, &self.ty)?))),
            _ => Ok(None),
        }
    }

    /// The value that a text in WAVE says.
    fn parse<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            let mut frame = wit::parse(&self.ty, text)?;
            let plan = self.types.get().plan(py, &self.ty)?;
            let WitFrame { bytes, blobs } = &mut frame;
            let mut decoder = Decoder {
                py,
                frame: Reader::values(bytes),
                beside: blobs,
                objects: &[],
                store: None,
            };
            decoder.take(&plan)
        })
    }

    /// A value as text in WAVE.
    pub(crate) fn format(&self, value: &Bound<'_, PyAny>) -> PyResult<String> {
        let py = value.py();
        guard(|| {
            let plan = self.types.get().plan(py, &self.ty)?;
            let roots = Roots::new();
            let mut encoder = Encoder::new(py, Vec::new(), &roots, None);
            encoder.put(&plan, value).map_err(|it| it.at("value"))?;
            let mut frame = WitFrame {
                bytes: encoder.frame.finish()?,
                blobs: encoder.beside.into_own(),
            };
            wit::format(&self.ty, &mut frame).map_err(Fault::Core)
        })
    }

    fn __str__(&self) -> String {
        self.ty.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<WitType {}>", self.ty)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<PyWitType>();
        other.is_ok_and(|other| other.get().ty == self.ty)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.ty.hash(&mut hasher);
        hasher.finish()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.types)
    }
}

/// The type of a function of WIT.
pub(crate) fn func_type<'py>(
    py: Python<'py>,
    ty: &WitFuncType,
    types: &Py<Types>,
) -> PyResult<Bound<'py, PyAny>> {
    let of = |ty: &WitType| PyWitType::new(py, ty, types);
    let mut params = Vec::with_capacity(ty.params.len());
    for param in &ty.params {
        params.push((&*param.name, snake(&param.name), of(&param.ty)?));
    }
    let result = ty.result.as_ref().map(of).transpose()?;
    let class = lazy::module(py, "landbridge._types")?.getattr("WitFuncType")?;
    class.call1((PyTuple::new(py, params)?, result, ty.to_string()))
}

/// The same types with the user's own classes for some of them.
#[pyfunction]
#[pyo3(name = "_with_users", signature = (types, users, /))]
pub(crate) fn with_users(
    types: &Bound<'_, Types>,
    users: &Bound<'_, PyDict>,
) -> PyResult<Py<Types>> {
    let mut found = Vec::new();
    for (ty, class) in users.iter() {
        found.push((ty.cast::<PyWitType>()?.get().ty.clone(), class));
    }
    types.get().with_users(users.py(), found)
}
