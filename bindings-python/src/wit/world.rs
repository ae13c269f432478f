//! World: what a component exports, as Python is told it once, and how names are found in it.

use landbridge::host::wit::interface_fits;
use landbridge::{self as lb, FuncDef, FuncRole, TypeDef, TypeKind, WitType, WorldItem};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::names::{camel, snake};
use super::types::Types;
use super::wit_type::func_type;
use crate::guard::guard;

/// What it exports: of a function `("func", spelt, name, full name)`, of a type `("type", spelt, name, maker)`, of an
/// interface `("interface", spelt, name, docs, members)`.
#[pyfunction]
#[pyo3(name = "_wit_exports", signature = (types, /))]
pub(crate) fn exports<'py>(types: &Bound<'py, Types>) -> PyResult<Bound<'py, PyList>> {
    let py = types.py();
    let rows = PyList::empty(py);
    let module = &types.get().module;
    let Some(world) = module.world() else {
        return Ok(rows);
    };
    for item in &world.exports {
        match item {
            WorldItem::Func(it) => put_func(&rows, "", it)?,
            WorldItem::Type(it) => put_type(&rows, types, it)?,
            WorldItem::Interface(it) => {
                let members = PyList::empty(py);
                for func in &it.funcs {
                    put_func(&members, &it.name, func)?;
                }
                for ty in &it.types {
                    put_type(&members, types, ty)?;
                }
                let spelt = snake(super::names::short(&it.name));
                let (name, docs) = (&*it.name, it.docs.as_deref());
                rows.append(("interface", spelt, name, docs, members))?;
            }
            _ => {}
        }
    }
    Ok(rows)
}

fn put_func(rows: &Bound<'_, PyList>, interface: &str, it: &FuncDef) -> PyResult<()> {
    let FuncRole::Free = it.role else {
        return Ok(());
    };
    let full = match interface {
        "" => it.name.to_string(),
        _ => format!("{interface}#{}", it.name),
    };
    rows.append(("func", snake(&it.name), &*it.name, full))
}

fn put_type(rows: &Bound<'_, PyList>, types: &Bound<'_, Types>, it: &TypeDef) -> PyResult<()> {
    let ty = match &it.kind {
        TypeKind::Value(ty) => ty.clone(),
        TypeKind::Resource(of) => WitType::Own(of.clone()),
    };
    let sort = match &it.kind {
        TypeKind::Value(_) => "type",
        TypeKind::Resource(_) => "resource",
    };
    let types = types.clone().unbind();
    let ty = Named { types, ty };
    rows.append((sort, camel(&it.name), &*it.name, ty))
}

/// A type whose class is made when it is asked for.
#[pyclass(frozen, module = "landbridge._native", name = "_Named")]
struct Named {
    types: Py<Types>,
    ty: WitType,
}

#[pymethods]
impl Named {
    /// Its class; of a type that has none, an alias of Python's.
    fn class_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        super::func::class(self.types.bind(py), &self.ty)
    }

    fn __traverse__(&self, visit: pyo3::gc::PyVisit<'_>) -> Result<(), pyo3::gc::PyTraverseError> {
        visit.call(&self.types)
    }
}

/// The functions that a component imports: of each the name of its interface, its own, and its type.
pub(crate) fn imports<'py>(py: Python<'py>, module: &lb::Module) -> PyResult<Bound<'py, PyTuple>> {
    let types = Types::new(py, module, None)?;
    let mut rows = Vec::new();
    let mut put = |interface: &str, it: &FuncDef| {
        let ty = func_type(py, &it.ty, &types)?;
        rows.push((interface.to_owned(), it.name.to_string(), ty));
        PyResult::Ok(())
    };
    for item in module.world().iter().flat_map(|world| &world.imports) {
        match item {
            WorldItem::Func(it) => put("", it)?,
            WorldItem::Interface(it) => it.funcs.iter().try_for_each(|func| put(&it.name, func))?,
            _ => {}
        }
    }
    PyTuple::new(py, rows)
}

/// Raises what core says of a name that is not there.
#[pyfunction]
#[pyo3(name = "_wit_missing", signature = (types, name, /))]
pub(crate) fn missing(types: &Bound<'_, Types>, name: &str) -> PyResult<()> {
    guard(|| {
        if let Some(world) = types.get().module.world() {
            world.find(name)?;
        }
        Ok(())
    })
}

/// How well a name names an interface; None if it does not.
#[pyfunction]
#[pyo3(name = "_wit_rank", signature = (given, full, /))]
pub(crate) fn rank(given: &str, full: &str) -> Option<u32> {
    interface_fits(given, full)
}
