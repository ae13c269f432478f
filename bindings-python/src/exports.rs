//! Exports: what an instance exports, by attribute and by key.

use std::sync::OnceLock;

use landbridge::{self as lb, Error, ErrorKind, Extern, messages};
use pyo3::ffi;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList, PyString};

use crate::func;
use crate::global::Global;
use crate::guard::{Fault, guard, guard_call};
use crate::lazy;
use crate::memory::Memory;
use crate::store::Store;
use crate::table::Table;
use crate::tag::Tag;
use crate::wit::func::WitFunc;
use crate::wit::types::Types;

/// The most names that are told of what there is.
const LISTED_NAMES: usize = 20;

/// What an instance exports, by attribute and by key.
// Each export is resolved once: the next access finds it in a dict.
#[pyclass(frozen, mapping, module = "landbridge", weakref)]
pub(crate) struct Exports {
    native: lb::Instance,
    store: Py<Store>,
    found: Py<PyDict>,
    /// Of a component: what it exports, as `_namespace.py` has it.
    world: Option<Py<PyAny>>,
    types: Option<Py<Types>>,
}

impl Exports {
    pub(crate) fn new(
        py: Python<'_>,
        native: lb::Instance,
        store: Py<Store>,
    ) -> Result<Exports, Fault> {
        let found = PyDict::new(py).unbind();
        let (mut world, mut types) = (None, None);
        if native.module().is_component() {
            let made = Types::new(py, native.module(), Some((&native, &store)))?;
            let space = lazy::module(py, "landbridge._namespace")?.getattr("world")?;
            world = Some(space.call1((&made,))?.unbind());
            types = Some(made);
        }
        let exports = Exports {
            native,
            store,
            found,
            world,
            types,
        };
        // An export goes before a method of the same name.
        for name in METHODS {
            let name = PyString::intern(py, name);
            if exports.has(&name)? {
                exports.resolve(&name)?;
            }
        }
        Ok(exports)
    }

    /// An export by name.
    pub(crate) fn find<'py>(
        &self,
        name: &Bound<'py, PyString>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        match self.known(name)? {
            Some(found) => Ok(found),
            None => self.resolve(name),
        }
    }

    /// A function of a component, by its name in WIT.
    pub(crate) fn wit_func<'py>(
        &self,
        name: &Bound<'py, PyString>,
    ) -> Result<Option<Bound<'py, PyAny>>, Fault> {
        let Some(types) = &self.types else {
            return Ok(None);
        };
        if let Some(known) = self
            .known(name)?
            .filter(|it| it.is_instance_of::<WitFunc>())
        {
            return Ok(Some(known));
        }
        let func = WitFunc::find(types.bind(name.py()), name.to_str()?)?;
        Ok(Some(func.into_bound(name.py()).into_any()))
    }

    /// An export that was resolved before.
    #[inline]
    fn known<'py>(&self, name: &Bound<'py, PyString>) -> Result<Option<Bound<'py, PyAny>>, Fault> {
        if self.native.is_closed() {
            return Ok(None);
        }
        let py = name.py();
        // SAFETY: both are alive; the answer is a borrowed reference or null.
        let found = unsafe {
            let found = ffi::PyDict_GetItemWithError(self.found.as_ptr(), name.as_ptr());
            Bound::from_borrowed_ptr_or_opt(py, found)
        };
        match found {
            None if PyErr::occurred(py) => Err(Fault::Set),
            found => Ok(found),
        }
    }

    #[cold]
    fn resolve<'py>(&self, name: &Bound<'py, PyString>) -> Result<Bound<'py, PyAny>, Fault> {
        let object = match &self.world {
            None => wrap(name.py(), self.native.export(name.to_str()?)?, &self.store)?,
            Some(_) if self.native.is_closed() => return Err(messages::closed("instance").into()),
            Some(world) => world.bind(name.py()).get_item(name)?,
        };
        if !is_special(name.to_str()?) {
            self.found.bind(name.py()).set_item(name, &object)?;
        }
        Ok(object)
    }

    fn has(&self, name: &Bound<'_, PyString>) -> Result<bool, Fault> {
        match &self.world {
            Some(world) => Ok(world.bind(name.py()).contains(name)?),
            None => {
                let name = name.to_str()?;
                Ok(self.names().any(|export| export == name))
            }
        }
    }

    fn missing(&self, name: &str) -> Fault {
        let text = format!(
            "no export is named {} that is an attribute",
            lb::text::quoted(name)
        );
        Error::new(ErrorKind::NotFound, text).into()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let exports = self.native.module().exports().iter();
        exports.map(|(name, _)| name.as_str())
    }
}

/// An item of a store as an object of its class.
pub(crate) fn wrap<'py>(
    py: Python<'py>,
    item: Extern,
    store: &Py<Store>,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(match item {
        Extern::Func(func) => func::wrap(py, func, store)?.into_bound(py),
        Extern::Memory(memory) => Bound::new(py, Memory::of(py, memory, store))?.into_any(),
        Extern::Table(table) => Bound::new(py, Table::of(py, table, store))?.into_any(),
        Extern::Global(global) => Bound::new(py, Global::of(py, global, store))?.into_any(),
        Extern::Tag(tag) => Bound::new(py, Tag::of(py, tag, store))?.into_any(),
    })
}

/// Methods of the class.
const METHODS: [&str; 4] = ["get", "keys", "values", "items"];

/// What looks attributes up in a class of PyO3's, for what is not resolved yet.
static SLOW_LANE: OnceLock<ffi::getattrofunc> = OnceLock::new();

/// Puts a fast lane before the class's own look-up of attributes: an export that was resolved
/// before is found by one look into a dict. Done once, before there are objects of the class.
pub(crate) fn open_fast_lane(py: Python<'_>) {
    let class = py.get_type::<Exports>().as_type_ptr();
    // SAFETY: the class is a heap type, alive for ever, that nobody else changes.
    unsafe {
        if let Some(own) = (*class).tp_getattro
            && SLOW_LANE.set(own).is_ok()
        {
            (*class).tp_getattro = Some(fast_lane);
            ffi::PyType_Modified(class);
        }
    }
}

unsafe extern "C" fn fast_lane(
    object: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    guard_call(|| {
        // SAFETY: the interpreter calls with the lock held and both objects alive, and an object of
        // this class, which has no subclasses.
        let found = unsafe {
            let py = Python::assume_attached();
            let object = Bound::from_borrowed_ptr(py, object).cast_into_unchecked::<Exports>();
            let name = Bound::from_borrowed_ptr(py, name).cast_into_unchecked::<PyString>();
            object.get().known(&name)?.map(Bound::into_ptr)
        };
        match (found, SLOW_LANE.get()) {
            (Some(found), _) => Ok(found),
            // SAFETY: as above.
            (None, Some(slow)) => match unsafe { slow(object, name) } {
                missing if missing.is_null() => Err(Fault::Set),
                found => Ok(found),
            },
            (None, None) => Err(Fault::Set),
        }
    })
}

/// Names that belong to Python's protocols; exports of such names are reached by key.
fn is_special(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}

#[pymethods]
impl Exports {
    /// What is neither resolved nor an attribute of the class.
    fn __getattr__<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| match is_special(name.to_str()?) {
            true => Err(self.missing(name.to_str()?)),
            false => self.find(name),
        })
    }

    fn __getitem__<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| self.find(name))
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> PyResult<bool> {
        guard(|| match name.cast::<PyString>() {
            Ok(name) => self.has(name),
            Err(_) => Ok(false),
        })
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.keys(py)?.len())
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.keys(py)?.try_iter()
    }

    fn __dir__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        match &self.world {
            Some(world) => world.bind(py).dir(),
            None => self.keys(py),
        }
    }

    /// The export of this name, or a default.
    #[pyo3(signature = (name, default=None, /))]
    fn get<'py>(
        &self,
        name: &Bound<'py, PyAny>,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self.__contains__(name)? {
            true => Ok(Some(self.__getitem__(name.cast()?)?)),
            false => Ok(default),
        }
    }

    /// The names, in the module's order.
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        match &self.world {
            Some(world) => world
                .bind(py)
                .try_iter()?
                .collect::<PyResult<Vec<_>>>()
                .and_then(|it| PyList::new(py, it)),
            None => PyList::new(py, self.names()),
        }
    }

    /// The exports, in the module's order.
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let names = self.keys(py)?;
        let values = guard(|| {
            names
                .iter()
                .map(|name| self.find(name.cast().map_err(PyErr::from)?))
                .collect::<Result<Vec<_>, _>>()
        });
        PyList::new(py, values?)
    }

    /// Pairs of names and exports, in the module's order.
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let pairs = self.keys(py)?.into_iter().zip(self.values(py)?);
        PyList::new(py, pairs.collect::<Vec<_>>())
    }

    /// Of a component, what holds its types.
    #[getter]
    fn _types(&self, py: Python<'_>) -> Option<Py<Types>> {
        self.types.as_ref().map(|it| it.clone_ref(py))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        if let Some(world) = &self.world {
            return world.bind(py).repr()?.extract();
        }
        let names: Vec<_> = self.names().collect();
        let names = names.into_iter().map(lb::text::name);
        let names = lb::text::listed(names, LISTED_NAMES, ", ");
        Ok(format!("<Exports {names}>"))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)?;
        if let Some(world) = &self.world {
            visit.call(world)?;
        }
        if let Some(types) = &self.types {
            visit.call(types)?;
        }
        visit.call(&self.found)
    }
}

/// The error for an export of another sort than asked for.
pub(crate) fn other_sort(name: &str, wanted: &str, found: &str) -> Fault {
    messages::other_sort(lb::text::quoted(name), found, wanted).into()
}
