//! What is wrong with a value of Python's, and where. The words are core's.

use std::fmt::Display;

use landbridge::host::wit::{WrongValue, wrong_value};
use landbridge::{Error, WitType, text};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyType};

use crate::guard::Fault;

/// What is wrong, and the way to it.
pub(crate) enum Wrong {
    Value {
        path: String,
        what: What,
    },
    /// Something else failed: code of Python's raised.
    Fault(Fault),
}

pub(crate) enum What {
    Other {
        expected: String,
        given: String,
    },
    Unfit {
        given: String,
        ty: String,
    },
    Missing {
        name: String,
        ty: WitType,
    },
    Unknown {
        what: &'static str,
        name: String,
        ty: WitType,
        known: Vec<String>,
    },
    Twice {
        what: &'static str,
        name: String,
    },
    Surrogate,
    /// Of the store of another.
    Foreign,
    Closed,
}

pub(crate) type Put = Result<(), Wrong>;

impl From<PyErr> for Wrong {
    fn from(raised: PyErr) -> Wrong {
        Wrong::Fault(raised.into())
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Wrong {
        Wrong::Fault(fault)
    }
}

impl From<What> for Wrong {
    #[cold]
    fn from(what: What) -> Wrong {
        let path = String::new();
        Wrong::Value { path, what }
    }
}

/// An object that is not of the type, by the name of its class.
#[cold]
pub(crate) fn other(expected: impl Display, given: &Bound<'_, PyAny>) -> Wrong {
    let expected = text::of(expected);
    let given = class_name(given);
    What::Other { expected, given }.into()
}

/// The name of an object's class, with its module where it is called like one of Python's own.
pub(crate) fn class_name(object: &Bound<'_, PyAny>) -> String {
    // An object of a class was meant, and the class was given.
    if let Ok(class) = object.cast::<PyType>() {
        return format!("the class {}", name_of(class));
    }
    let (class, name) = (object.get_type(), name_of(&object.get_type()));
    let is_bool = name == "bool" && !object.is_instance_of::<PyBool>();
    match class.module() {
        Ok(module) if is_bool => format!("{module}.{name}"),
        _ => name,
    }
}

fn name_of(class: &Bound<'_, PyType>) -> String {
    let name = class.name();
    name.map_or_else(|_| "an object".to_owned(), |name| name.to_string())
}

impl Wrong {
    #[cold]
    fn within(self, part: &str) -> Wrong {
        match self {
            Wrong::Value { mut path, what } => {
                path.insert_str(0, part);
                Wrong::Value { path, what }
            }
            fault => fault,
        }
    }

    /// In a field, a part of a tuple, or what a case holds.
    #[cold]
    pub(crate) fn in_field(self, name: impl Display) -> Wrong {
        self.within(&format!(".{name}"))
    }

    #[cold]
    pub(crate) fn in_element(self, index: usize) -> Wrong {
        self.within(&format!("[{index}]"))
    }

    /// The error, of a value at this place.
    #[cold]
    pub(crate) fn at(self, root: &str) -> Fault {
        match self {
            Wrong::Fault(fault) => fault,
            Wrong::Value { path, what } => what.error(&format!("{root}{path}")).into(),
        }
    }
}

impl What {
    fn error(&self, place: &str) -> Error {
        let short = |ty: &WitType| text::short(ty);
        match self {
            What::Other { expected, given } => {
                wrong_value(place, WrongValue::Other { expected, given })
            }
            What::Unfit { given, ty } => wrong_value(place, WrongValue::Unfit { given, ty }),
            What::Missing { name, ty } => {
                let (what, ty) = ("field", &*short(ty));
                wrong_value(place, WrongValue::Missing { what, name, ty })
            }
            What::Unknown {
                what,
                name,
                ty,
                known,
            } => {
                let known: Vec<_> = known.iter().map(String::as_str).collect();
                let (ty, known) = (&*short(ty), &*known);
                wrong_value(
                    place,
                    WrongValue::Unknown {
                        what,
                        name,
                        ty,
                        known,
                    },
                )
            }
            What::Twice { what, name } => wrong_value(place, WrongValue::Twice { what, name }),
            What::Surrogate => wrong_value(place, WrongValue::Surrogate),
            What::Foreign => Error::new(
                landbridge::ErrorKind::WrongStore,
                format!("{place}: the resource belongs to another store"),
            ),
            What::Closed => Error::new(
                landbridge::ErrorKind::Closed,
                format!(
                    "{place}: the resource was closed or given away, or it is of another store"
                ),
            ),
        }
    }
}
