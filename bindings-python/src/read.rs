//! Read: plain arguments of Python's (numbers, texts, mappings, bytes, objects of a class), and what is said of others.

use std::fmt::Display;

use landbridge::{Error, ErrorKind, given, messages};
use pyo3::PyClass;
use pyo3::buffer::PyUntypedBuffer;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyMapping, PyString, PyTuple};

use crate::guard::Fault;
use crate::lazy;

/// A number of Python's that must not be negative; `place` names it in messages. A bool is none.
pub(crate) fn number(given: &Bound<'_, PyAny>, place: &str) -> Result<u64, Fault> {
    number_to(given, u64::MAX, place, "an integer")
}

/// The same with another number as the last one, and other words for what is expected.
pub(crate) fn number_to<'a, 'py, T>(
    given: &'a Bound<'py, PyAny>,
    last: T,
    place: &str,
    expected: &str,
) -> Result<T, Fault>
where
    T: FromPyObject<'a, 'py, Error = PyErr> + Display,
{
    if given.is_instance_of::<PyBool>() {
        return Err(not_a(given, place, expected));
    }
    match given.extract() {
        Ok(number) => Ok(number),
        Err(e) if e.is_instance_of::<PyOverflowError>(given.py()) => {
            Err(messages::out_of_range(place, given, 0, last).into())
        }
        Err(_) => Err(not_a(given, place, expected)),
    }
}

/// The error for an object that is not what `place` takes.
pub(crate) fn not_a(given: &Bound<'_, PyAny>, place: &str, expected: &str) -> Fault {
    let name = given.get_type().name();
    let name = name.map_or_else(|_| "an object".to_owned(), |name| name.to_string());
    messages::not_a(place, expected, name).into()
}

/// An offset, index or size: not negative. `kind` is what a number that no such thing has is.
pub(crate) fn count(object: &Bound<'_, PyAny>, what: &str, kind: ErrorKind) -> Result<u64, Fault> {
    object.extract::<u64>().map_err(|failed| {
        let kind = match failed.is_instance_of::<PyTypeError>(object.py()) {
            true => ErrorKind::Type,
            false => kind,
        };
        Error::new(kind, format!("{what}: {object} is not an int that fits")).into()
    })
}

/// Something of a mapping of Python's, by its key.
pub(crate) type Item<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// The items of a mapping; none if it is missing.
pub(crate) fn items<'py>(
    given: Option<&Bound<'py, PyAny>>,
    place: &str,
) -> Result<Vec<Item<'py>>, Fault> {
    let Some(given) = given else {
        return Ok(Vec::new());
    };
    let mapping = given.cast::<PyMapping>();
    let mapping = mapping.map_err(|_| not_a(given, place, "a mapping"))?;
    let items = mapping.items()?;
    Ok(items
        .iter()
        .map(|item| item.extract())
        .collect::<PyResult<_>>()?)
}

/// A text.
pub(crate) fn text(given: &Bound<'_, PyAny>, place: &str) -> Result<String, Fault> {
    text_named(given, place, || place.to_owned())
}

/// A text; `name` names it in a message if it is not Unicode.
pub(crate) fn text_named(
    given: &Bound<'_, PyAny>,
    place: &str,
    name: impl FnOnce() -> String,
) -> Result<String, Fault> {
    let text = given.cast::<PyString>();
    let text = text.map_err(|_| not_a(given, place, "a str"))?;
    match text.to_str() {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(given::not_unicode(&name()).into()),
    }
}

/// Some texts, but not the letters of one.
pub(crate) fn arguments(given: &Bound<'_, PyAny>) -> Result<Vec<String>, Fault> {
    let none = || not_a(given, "args", "a list of str");
    if given.is_instance_of::<PyString>() {
        return Err(none());
    }
    let each = given.try_iter().map_err(|_| none())?.enumerate();
    let each = each.map(|(i, one)| text_named(&one?, "args", || given::argument(i)));
    each.collect()
}

/// The parts of a tuple that must have so many.
pub(crate) fn parts<'py, const N: usize>(
    given: &Bound<'py, PyAny>,
    place: &str,
    expected: &str,
) -> Result<[Bound<'py, PyAny>; N], Fault> {
    let tuple = given.cast::<PyTuple>();
    let tuple = tuple.map_err(|_| not_a(given, place, expected))?;
    let parts: Result<[_; N], _> = tuple.iter().collect::<Vec<_>>().try_into();
    parts.map_err(|parts| {
        let given = format!("{} of them", parts.len());
        messages::not_a(place, expected, given).into()
    })
}

/// Bytes cannot change while they are read with the lock let go; another buffer can, and is copied.
pub(crate) fn bytes_of<'py>(data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    if let Ok(bytes) = data.cast::<PyBytes>() {
        return Ok(bytes.clone());
    }
    PyUntypedBuffer::get(data)?;
    Ok(data
        .py()
        .get_type::<PyBytes>()
        .call1((data,))?
        .cast_into()?)
}

/// Whether it is of a class of `_names.py`.
pub(crate) fn is_a(given: &Bound<'_, PyAny>, name: &str) -> PyResult<bool> {
    let class = lazy::module(given.py(), "landbridge._names")?.getattr(name)?;
    given.is_instance(&class)
}

/// An object of one of the native classes, or nothing.
pub(crate) fn object<'py, T: PyClass>(
    given: Option<Bound<'py, PyAny>>,
    name: &str,
    expected: &str,
) -> Result<Option<Bound<'py, T>>, Fault> {
    let Some(given) = given else {
        return Ok(None);
    };
    match given.cast::<T>() {
        Ok(object) => Ok(Some(object.clone())),
        Err(_) => Err(not_a(&given, name, expected)),
    }
}
