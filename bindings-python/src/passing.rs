//! Exceptions of Python's on their way through guests. Which frames they have, core knows: see [`landbridge::Trail`].

use std::sync::Arc;

use landbridge::{Error, ErrorKind, Trail};
use pyo3::exceptions::PyBaseException;
use pyo3::intern;
use pyo3::prelude::*;

use crate::error::PyTrail;
use crate::exception;
use crate::gil;
use crate::guard::Fault;
use crate::kept::Kept;
use crate::lazy::Lazy;

static EXIT: Lazy<Py<PyAny>> = Lazy::new();

/// Imports what is needed, while importing still works.
pub(crate) fn prepare(py: Python<'_>) -> PyResult<()> {
    EXIT.import(py, "landbridge.errors", "Exit")?;
    exception::prepare(py)
}

/// The twin of the gate of `guard.rs`, for what the guest calls: a fault becomes an error of the core that carries Python's
/// exception along.
#[cold]
pub(crate) fn carry(fault: Fault) -> Error {
    match fault {
        Fault::Core(error) => error,
        Fault::Set => gil::held(|py| {
            let raised = PyErr::fetch(py).into_value(py);
            thrown(raised)
        }),
    }
}

/// The same, with what the exception says as the message, for those who only hear of it.
#[cold]
pub(crate) fn carry_told(fault: Fault) -> Error {
    let error = carry(fault);
    let Some(host) = error.host_exception().cloned() else {
        return error;
    };
    let told = gil::held(|py| {
        let exception = host.downcast_ref::<Kept>()?.get(py)?;
        // Whatever it does instead of saying so is not asked for.
        let told = exception.str();
        let told = told.map(|text| text.to_string_lossy().into_owned());
        told.map_err(drop).ok()
    });
    match told.filter(|text| !text.is_empty() && error.exception().is_none()) {
        Some(told) if error.kind() == ErrorKind::Host => {
            Error::host(told, host).with_trail(error.trail())
        }
        _ => error,
    }
}

/// Puts an exception into an error of the core, to come out of the outermost call.
fn thrown(exception: Py<PyBaseException>) -> Error {
    let (known, trail) = gil::held(|py| {
        let exception = exception.bind(py);
        (native(exception), trail(exception).unwrap_or_default())
    });
    let kept = Arc::new(Kept::new(exception.into_any()));
    let error = match known {
        Some(error) => error.with_host(kept),
        None => Error::thrown(kept),
    };
    error.with_trail(trail)
}

/// What the core knows of an exception: it is one of WebAssembly, or an exit.
fn native(exception: &Bound<'_, PyAny>) -> Option<Error> {
    exit_code(exception)
        .map(Error::exit)
        .or_else(|| exception::native(exception).map(Error::from))
}

fn exit_code(exception: &Bound<'_, PyAny>) -> Option<i32> {
    let class = EXIT.import(exception.py(), "landbridge.errors", "Exit");
    match exception.is_instance(class.ok()?).ok()? {
        true => exception.getattr("exit_code").ok()?.extract().ok(),
        false => None,
    }
}

fn trail(exception: &Bound<'_, PyAny>) -> PyResult<Trail> {
    let way = exception.getattr(intern!(exception.py(), "__wasm_trail__"))?;
    Ok(way.cast::<PyTrail>()?.get().0.clone())
}
