//! How an instance is made, and what Python calls of it.

use landbridge::{self as lb, Error, ExternType, messages};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::Instance;
use crate::call::{self, Scope};
use crate::exception;
use crate::exports::other_sort;
use crate::func;
use crate::gil;
use crate::global::Global;
use crate::guard::{Fault, guard};
use crate::imports;
use crate::lazy;
use crate::memory::Memory;
use crate::module::Module;
use crate::pool::Pool;
use crate::stdio;
use crate::store::Store;
use crate::table::Table;
use crate::tag::Tag;
use crate::wit;

impl Instance {
    pub(crate) fn make(
        store: &Bound<'_, Store>,
        module: &Bound<'_, Module>,
        imports: Option<&Bound<'_, PyAny>>,
        initialize: bool,
        owns_store: bool,
    ) -> Result<Py<Instance>, Fault> {
        let py = store.py();
        let mut lent = imports::lend(module.get().native(), imports, store.get().roots())?;
        lent.initialize(initialize);
        let native = gil::enter(|| {
            let store = store.get().native();
            if stdio::has_files(&store.sandbox().stdio) {
                gil::let_go();
            }
            store.instantiate(module.get().native(), &lent)
        });
        let native = native.map_err(|error| exception::thrown(error, store.as_unbound()))?;
        Instance::of(
            py,
            native,
            store.as_unbound(),
            module.clone().into_any().unbind(),
            owns_store,
        )
    }

    /// Whether a function may be called so, told without the store, which may be busy.
    fn check_call(&self, name: &Bound<'_, PyString>, given: usize) -> Result<(), Fault> {
        if let Some(func) = self.exports.get().wit_func(name)? {
            return wit::func::check_count(&func, given);
        }
        let name = name.to_str()?;
        let exports = self.native.module().exports().iter();
        let mut named = exports.filter(|(export, _)| export == name);
        match named.next() {
            Some((_, export)) if !self.native.is_closed() => match export {
                ExternType::Func(ty) if ty.params().len() == given => Ok(()),
                ExternType::Func(ty) => {
                    let what = messages::arguments(lb::text::name(name));
                    Err(Error::count(&what, ty.params(), given).into())
                }
                other => Err(other_sort(name, "func", other.sort())),
            },
            // It is closed, or there is none.
            _ => Ok(self.native.func_ref(name).map(drop)?),
        }
    }

    /// Starts one of its methods.
    fn start<'py>(
        &self,
        slf: &Bound<'py, Self>,
        method: &Bound<'py, PyString>,
        args: Bound<'py, PyTuple>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let store = self.store.get();
        let scope = Scope::in_store(store.native());
        Ok(call::start(
            store.line(slf.py())?,
            scope,
            &slf.getattr(method)?,
            args,
        )?)
    }

    /// An export of one sort.
    fn of_sort<'py>(
        &self,
        name: &Bound<'py, PyString>,
        wanted: &str,
        is: impl FnOnce(&Bound<'py, PyAny>) -> bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            let found = self.exports.get().find(name)?;
            if is(&found) {
                return Ok(found);
            }
            let text = name.to_str()?;
            let sort = self.native.export(text)?;
            Err(other_sort(text, wanted, sort.sort()))
        })
    }
}

#[pymethods]
impl Instance {
    /// An exported function.
    fn func<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        if self.native.module().is_component() {
            // Core says what it is.
            return guard(|| {
                Err(self
                    .native
                    .func(name.to_str()?)
                    .err()
                    .map_or(Fault::Set, Fault::Core))
            });
        }
        self.of_sort(name, "func", |found| func::native(found).is_some())
    }

    /// A function of a component, by its name in WIT.
    fn wit_func<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| match self.exports.get().wit_func(name)? {
            Some(func) => Ok(func),
            None => Err(self
                .native
                .wit_func(name.to_str()?)
                .err()
                .map_or(Fault::Set, Fault::Core)),
        })
    }

    /// An exported memory.
    fn memory<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.of_sort(name, "memory", |found| found.is_instance_of::<Memory>())
    }

    /// An exported table.
    fn table<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.of_sort(name, "table", |found| found.is_instance_of::<Table>())
    }

    /// An exported global.
    #[pyo3(name = "global_")]
    fn global<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.of_sort(name, "global", |found| found.is_instance_of::<Global>())
    }

    /// An exported tag of exceptions.
    fn tag<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.of_sort(name, "tag", |found| found.is_instance_of::<Tag>())
    }

    /// Of a component: an object of a class of yours, each of whose methods is the function of its name. Values
    /// are of the classes in its annotations. All of it is checked now.
    #[pyo3(signature = (cls, interface=None, /))]
    fn bind<'py>(
        slf: &Bound<'py, Self>,
        cls: &Bound<'py, PyAny>,
        interface: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bind = lazy::module(slf.py(), "landbridge._bind")?.getattr("bind")?;
        bind.call1((slf, cls, interface))
    }

    /// Calls an exported function by name.
    #[pyo3(signature = (name, /, *args))]
    pub(crate) fn call<'py>(
        &self,
        name: &Bound<'py, PyString>,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self.native.module().is_component() {
            true => self.wit_func(name)?.call1(args),
            false => self.func(name)?.call1(args),
        }
    }

    /// Calls an exported function by name, and does not wait.
    #[pyo3(signature = (name, /, *args))]
    fn call_async<'py>(
        slf: &Bound<'py, Self>,
        name: &Bound<'py, PyString>,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            slf.get().check_call(name, args.len())?;
            if let Some(func) = slf.get().exports.get().wit_func(name)? {
                return Ok(func.call_method1("call_async", args)?);
            }
            let args = call::named(name, args)?;
            slf.get()
                .start(slf, &PyString::intern(name.py(), "call"), args)
        })
    }

    /// Runs a program of WASI, and does not wait.
    fn run_async<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        guard(|| {
            slf.get()
                .start(slf, &PyString::intern(py, "run"), PyTuple::empty(py))
        })
    }

    /// Runs a program of WASI, and gives its exit code.
    fn run(&self) -> PyResult<i32> {
        guard(|| {
            let code = gil::enter(|| self.native.run());
            code.map_err(|error| exception::thrown(error, &self.store))
        })
    }

    /// Closes it, and its store if it has one of its own; one of a pool goes back there. Never
    /// waits; twice is no error.
    pub(crate) fn close(&self) -> PyResult<()> {
        guard(|| {
            gil::enter(|| self.native.close());
            match self.store.get().pool() {
                Some(pool) => gil::held(|py| {
                    let pool = pool.bind(py).cast::<Pool>();
                    pool.iter().for_each(|pool| pool.get().sweep());
                }),
                None if self.owns_store => self.store.get().shut(),
                None => {}
            }
            Ok(())
        })
    }

    /// Whether it was closed, or its store was.
    #[getter]
    fn closed(&self) -> bool {
        self.native.is_closed()
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_args))]
    fn __exit__(&self, _args: &Bound<'_, PyAny>) -> PyResult<()> {
        self.close()
    }

    fn __repr__(&self) -> String {
        format!("<{}>", self.native.shown())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.exports)?;
        visit.call(&self.store)?;
        visit.call(&self.module)
    }
}

impl Drop for Instance {
    /// One of a pool goes back when nobody has it any more. That may run code of Python's, in the
    /// middle of what raised an exception.
    fn drop(&mut self) {
        if self.store.get().pool().is_none() || self.native.is_closed() {
            return;
        }
        gil::held(|py| {
            let raised = PyErr::take(py);
            drop(self.close());
            if let Some(raised) = raised {
                raised.restore(py);
            }
        });
    }
}
