//! What is wrong with a value, and where: the same words in every host.

use std::fmt::Display;

use crate::{Error, ErrorKind, text};

/// What is wrong with a value, and the way to it from the outside in.
#[derive(Debug)]
pub(crate) struct Wrong {
    path: String,
    error: Error,
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Wrong {
        Wrong {
            path: String::new(),
            error,
        }
    }
}

impl Wrong {
    /// It is in a field of a record, in a case of a variant, or in `ok` or `err`.
    pub(crate) fn in_field(mut self, name: impl Display) -> Wrong {
        self.path.insert_str(0, &format!(".{name}"));
        self
    }

    /// It is in an element of a list.
    pub(crate) fn in_element(mut self, index: usize) -> Wrong {
        self.path.insert_str(0, &format!("[{index}]"));
        self
    }

    /// The error: `args[0].tags[1]: 300 does not fit in u8`.
    pub(crate) fn at(self, root: impl Display) -> Error {
        let path = text::of(format_args!("{root}{}", self.path));
        self.error.at_place(&path)
    }
}

/// Of another type: `expected string, got u32`.
pub(crate) fn other(expected: impl Display, given: impl Display) -> Wrong {
    let text = text::of(format_args!("expected {expected}, got {given}"));
    Error::new(ErrorKind::Type, text).into()
}

/// A number that is too large or too small: `300 does not fit in u8`.
pub(crate) fn unfit(given: impl Display, ty: impl Display) -> Wrong {
    let text = text::of(format_args!("{given} does not fit in {ty}"));
    Error::new(ErrorKind::Range, text).into()
}

/// A field that is missing, or one that there is not; a case or a flag that there is not.
pub(crate) fn missing(what: &str, name: &str, ty: impl Display) -> Wrong {
    let name = text::quoted(name);
    let text = text::of(format_args!("{what} {name} of {ty} is missing"));
    Error::new(ErrorKind::Type, text).into()
}

/// A name that a type does not have.
pub(crate) fn unknown(what: &str, name: &str, ty: impl Display) -> Wrong {
    let name = text::quoted(name);
    let text = text::of(format_args!("{ty} has no {what} {name}"));
    Error::new(ErrorKind::Type, text).into()
}
