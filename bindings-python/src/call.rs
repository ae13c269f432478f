//! Call: asynchronous calls: where one is made, and what ends it. Threads and order are in `_call.py`.

use std::iter;
use std::sync::{Arc, Mutex, PoisonError};

use landbridge as lb;
use landbridge::host::Place;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use crate::guard::guard;
use crate::lazy::Lazy;

/// The threads of an engine.
pub(crate) fn threads(py: Python<'_>, most: usize) -> PyResult<Py<PyAny>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    Ok(CLASS
        .import(py, "landbridge._call", "Threads")?
        .call1((most,))?
        .unbind())
}

/// A line of calls of which at most so many run at a time.
pub(crate) fn line(threads: &Bound<'_, PyAny>, most: usize) -> PyResult<Py<PyAny>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let class = CLASS.import(threads.py(), "landbridge._call", "Line")?;
    Ok(class.call1((threads, most))?.unbind())
}

/// The arguments of a call by name.
pub(crate) fn named<'py>(
    name: &Bound<'py, PyString>,
    args: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyTuple>> {
    let all = iter::once(name.as_any().clone()).chain(args.iter());
    PyTuple::new(name.py(), all.collect::<Vec<_>>())
}

/// Starts a call in a line, and gives what is to be awaited.
pub(crate) fn start<'py>(
    line: &Bound<'py, PyAny>,
    scope: Scope,
    what: &Bound<'py, PyAny>,
    args: Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    static START: Lazy<Py<PyAny>> = Lazy::new();
    START
        .import(line.py(), "landbridge._call", "start")?
        .call1((line, scope, what, args))
}

/// Where a call is made.
enum Where {
    Store(lb::Store),
    /// In a store that nobody else has.
    Engine(lb::Engine),
    /// Nowhere: a module is loaded.
    Loader,
}

/// What a call runs under: its end, and its place among the calls of its store.
#[pyclass(frozen, module = "landbridge._native")]
pub(crate) struct Scope {
    cancel: lb::Cancel,
    at: Where,
    place: Mutex<Option<Arc<Place>>>,
}

impl Scope {
    pub(crate) fn in_store(store: &lb::Store) -> Scope {
        Scope::of(Where::Store(store.clone()))
    }

    pub(crate) fn in_engine(engine: &lb::Engine) -> Scope {
        Scope::of(Where::Engine(engine.clone()))
    }

    pub(crate) fn of_loader() -> Scope {
        Scope::of(Where::Loader)
    }

    fn of(at: Where) -> Scope {
        Scope {
            cancel: lb::Cancel::new(),
            at,
            place: Mutex::default(),
        }
    }

    fn place(&self) -> Option<Arc<Place>> {
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        place.clone()
    }
}

#[pymethods]
impl Scope {
    /// Takes its place: calls of the store that are made from now on wait for it.
    fn book(&self) {
        let place = match &self.at {
            Where::Store(store) => store.book(store.engine().options().call_threads),
            Where::Engine(engine) => engine.book(engine.options().call_threads),
            Where::Loader => return,
        };
        let mut kept = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(Arc::new(place));
    }

    /// Ends what runs under it, or gives its place up.
    fn cancel(&self) {
        self.cancel.cancel();
        if let Some(place) = self.place() {
            place.give_up();
        }
    }

    #[getter]
    fn cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Calls a function of ours under it, when it is its turn. Takes both out of the list: what they let
    /// go of goes before others are let in.
    #[pyo3(signature = (todo, /))]
    fn run<'py>(&self, todo: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyAny>> {
        self.cancel.scope(|| {
            let place = self.place();
            let begun = guard(|| Ok(place.as_deref().map(Place::begin).transpose()?))?;
            let (what, args): (Bound<'py, PyAny>, Bound<'py, PyTuple>) =
                todo.to_tuple().extract()?;
            todo.del_slice(0, 2)?;
            let given = what.call1(&args);
            drop((what, args));
            drop(begun);
            given
        })
    }
}
