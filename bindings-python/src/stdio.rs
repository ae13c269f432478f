//! Stdio: where the standard streams of a store's guests come from and go to.

use std::path::PathBuf;
use std::sync::Arc;

use landbridge::{self as lb, HostContext, Input, Output, Stdio, messages};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::gil;
use crate::guard::Fault;
use crate::kept::{Lent, Roots};
use crate::lazy::Lazy;
use crate::loan;
use crate::passing::carry;
use crate::read::not_a;
use crate::store::Store;

/// A stream as Python gives it; `None` is nothing.
pub(crate) type Given<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// What a guest reads.
pub(crate) fn input(given: Given<'_, '_>) -> Result<Input, Fault> {
    let Some(given) = given else {
        return Ok(Input::None);
    };
    if is(given, "INHERIT")? {
        return Ok(Input::Inherit);
    }
    if let Ok(bytes) = given.cast::<PyBytes>() {
        return Ok(Input::Bytes(bytes.as_bytes().to_vec()));
    }
    match path(given)? {
        Some(path) => Ok(Input::File(path)),
        None => Err(not_a(
            given,
            "stdin",
            "INHERIT, bytes, a pathlib.Path or None",
        )),
    }
}

pub(crate) fn stdout(given: Given<'_, '_>, roots: &Arc<Roots>) -> Result<Output, Fault> {
    output(given, "stdout", roots)
}

pub(crate) fn stderr(given: Given<'_, '_>, roots: &Arc<Roots>) -> Result<Output, Fault> {
    output(given, "stderr", roots)
}

pub(crate) fn refusals(given: Given<'_, '_>, roots: &Arc<Roots>) -> Result<Output, Fault> {
    output(given, "refusals", roots)
}

/// Where what a guest writes goes. What of it is Python's is kept by the store's roots.
fn output(given: Given<'_, '_>, place: &str, roots: &Arc<Roots>) -> Result<Output, Fault> {
    let Some(given) = given else {
        return Ok(Output::None);
    };
    if is(given, "INHERIT")? {
        return Ok(Output::Inherit);
    }
    if is(given, "CAPTURE")? {
        return Ok(Output::Capture);
    }
    if let Some(path) = path(given)? {
        return Ok(Output::File(path));
    }
    if let Some(function) = lines(given)? {
        return Ok(Output::Lines(line_function(&function, roots)));
    }
    if given.is_callable() {
        return Ok(Output::Callback(function(given, roots)));
    }
    let expected = "INHERIT, CAPTURE, a pathlib.Path, a callable, Lines or None";
    Err(not_a(given, place, expected))
}

/// Whether it is this member of `Stream`.
fn is(given: &Bound<'_, PyAny>, member: &str) -> PyResult<bool> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let class = CLASS.import(given.py(), "landbridge._names", "Stream")?;
    Ok(given.is(&class.getattr(member)?))
}

/// The function of `Lines`.
fn lines<'py>(given: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let class = CLASS.import(given.py(), "landbridge._names", "Lines")?;
    match given.is_instance(class)? {
        true => Ok(Some(given.getattr("function")?)),
        false => Ok(None),
    }
}

/// A path, which is no text: a text could be meant for the stream itself.
fn path(given: &Bound<'_, PyAny>) -> PyResult<Option<PathBuf>> {
    match given.hasattr("__fspath__")? {
        true => Ok(Some(given.extract()?)),
        false => Ok(None),
    }
}

/// Whether there are files to be opened, which may block: a pipe waits for its other end.
pub(crate) fn has_files(stdio: &Stdio) -> bool {
    let outputs = [&stdio.stdout, &stdio.stderr, &stdio.refusals];
    matches!(stdio.stdin, Input::File(_)) || outputs.iter().any(|it| matches!(it, Output::File(_)))
}

/// A callable of Python's as the core calls it with what a guest writes.
fn function(callable: &Bound<'_, PyAny>, roots: &Arc<Roots>) -> Arc<lb::WriteFn> {
    let lent = Lent::new(roots, callable.clone().unbind());
    Arc::new(move |context, bytes| called(|py| write(context, &lent, &PyBytes::new(py, bytes))))
}

/// The same with lines of text.
fn line_function(callable: &Bound<'_, PyAny>, roots: &Arc<Roots>) -> Arc<lb::LineFn> {
    let lent = Lent::new(roots, callable.clone().unbind());
    Arc::new(move |context, line| called(|py| write(context, &lent, &PyString::new(py, line))))
}

/// Runs code of Python's for a guest.
fn called(what: impl FnOnce(Python<'_>) -> Result<(), Fault>) -> lb::Result<()> {
    let _attached = gil::Attached::for_host();
    gil::held(what).map_err(carry)
}

fn write(context: &HostContext<'_>, lent: &Lent, given: &Bound<'_, PyAny>) -> Result<(), Fault> {
    let py = given.py();
    let Some(callable) = lent.get(py) else {
        return Err(messages::closed("store").into());
    };
    let returned = callable.call1((given,))?;
    if loan::is_awaitable(&returned) {
        let store = Store::of_roots(py, &lent.roots, context.store())?;
        loan::answer(context, &returned, &store, drop)?;
    }
    Ok(())
}
