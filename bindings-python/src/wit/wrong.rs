//! What is wrong with a value of Python's, and where. The words are core's.

use landbridge::{Error, ErrorKind, WitType, text};
use pyo3::prelude::*;

use crate::guard::Fault;

/// What is wrong, and the way to it.
pub(crate) enum Wrong {
    Value { path: String, what: What },
    /// Something else failed: code of Python's raised.
    Fault(Fault),
}

pub(crate) enum What {
    Other { expected: String, given: String },
    Unfit { given: String, ty: String },
    Missing { name: String, ty: WitType },
    Unknown { what: &'static str, name: String, ty: WitType, known: Vec<String> },
    Twice { what: &'static str, name: String },
    NotText,
    Core(Error),
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
    fn from(what: What) -> Wrong {
        let path = String::new();
        Wrong::Value { path, what }
    }
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
    pub(crate) fn in_field(self, name: impl std::fmt::Display) -> Wrong {
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
            Wrong::Value { path, what } => error(&format!("{root}{path}"), what).into(),
        }
    }
}
