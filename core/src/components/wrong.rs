//! What is wrong with a value, and where: the same words in every host.

use std::fmt::Display;

use crate::near::did_you_mean;
use crate::{Error, ErrorKind, text};

/// How deep a value may be. Types of components are no deeper than 100.
pub(crate) const DEPTH: usize = 200;

/// How many names a message tells.
const TOLD_NAMES: usize = 8;

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

/// What is wrong with a value that a binding was given.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum WrongValue<'a> {
    /// It is of another type: `expected string, got int`.
    Other {
        /// What it should be.
        expected: &'a str,
        /// What it is, as its host calls that.
        given: &'a str,
    },
    /// A number is too large or too small: `300 does not fit in u8`.
    Unfit {
        /// The number.
        given: &'a str,
        /// What it should fit in.
        ty: &'a str,
    },
    /// A part is missing: `field "age" of person is missing`.
    Missing {
        /// What sort of part it is, such as `field`.
        what: &'a str,
        /// Its name.
        name: &'a str,
        /// Of which type.
        ty: &'a str,
    },
    /// There is no part of this name: `person has no field "agee"`.
    Unknown {
        /// What sort of part it is: `field`, `case` or `flag`.
        what: &'a str,
        /// The name that was given.
        name: &'a str,
        /// Of which type.
        ty: &'a str,
        /// Those that there are.
        known: &'a [&'a str],
    },
    /// A part is given twice.
    Twice {
        /// What sort of part it is.
        what: &'a str,
        /// Its name.
        name: &'a str,
    },
    /// A text has a surrogate alone, which is no character.
    Surrogate,
    /// It is deeper than any value can be.
    TooDeep,
    /// It is a resource of another store.
    OtherStore,
}

impl<'a> WrongValue<'a> {
    /// The sort of a number, for bindings whose encoders are in another language: 0 is [`WrongValue::Other`], 7 is
    /// [`WrongValue::OtherStore`]. The words are the texts of the sort, in their order; any other number is
    /// [`WrongValue::TooDeep`].
    #[must_use]
    pub fn numbered(sort: u32, [a, b, c]: [&'a str; 3], known: &'a [&'a str]) -> WrongValue<'a> {
        match sort {
            0 => WrongValue::Other {
                expected: a,
                given: b,
            },
            1 => WrongValue::Unfit { given: a, ty: b },
            2 => WrongValue::Missing {
                what: a,
                name: b,
                ty: c,
            },
            3 => WrongValue::Unknown {
                what: a,
                name: b,
                ty: c,
                known,
            },
            4 => WrongValue::Twice { what: a, name: b },
            5 => WrongValue::Surrogate,
            7 => WrongValue::OtherStore,
            _ => WrongValue::TooDeep,
        }
    }
}

/// The error for a wrong value, with the place of the value: `args[0].tags[1]: 300 does not fit in u8`.
#[cold]
pub fn wrong_value(place: &str, wrong: WrongValue<'_>) -> Error {
    let error = match wrong {
        WrongValue::Other { expected, given } => other(expected, given),
        WrongValue::Unfit { given, ty } => unfit(given, ty),
        WrongValue::Missing { what, name, ty } => missing(what, name, ty),
        WrongValue::Unknown {
            what,
            name,
            ty,
            known,
        } => unknown(what, name, ty, known.iter().copied()),
        WrongValue::Twice { what, name } => twice(what, name),
        WrongValue::Surrogate => surrogate(),
        WrongValue::TooDeep => too_deep(),
        WrongValue::OtherStore => Error::wrong_store("resource").into(),
    };
    error.at(place)
}

/// A text that cannot be UTF-8.
pub(crate) fn surrogate() -> Wrong {
    let text = "the text has a surrogate alone, which is no character";
    Error::new(ErrorKind::Type, text).into()
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

/// A field that is missing.
pub(crate) fn missing(what: &str, name: &str, ty: impl Display) -> Wrong {
    let name = text::quoted(name);
    let text = text::of(format_args!("{what} {name} of {ty} is missing"));
    Error::new(ErrorKind::Type, text).into()
}

/// A field, a case or a flag that a type does not have, and those that it has.
pub(crate) fn unknown<'t>(
    what: &str,
    name: &str,
    ty: impl Display,
    known: impl Iterator<Item = &'t str> + Clone,
) -> Wrong {
    let meant = did_you_mean(name, known.clone());
    let there_is = || {
        let names: Vec<_> = known.map(text::name).collect();
        format!(
            "; there is {}",
            text::listed(names.iter(), TOLD_NAMES, ", ")
        )
    };
    let hint = if meant.is_empty() { there_is() } else { meant };
    let (name, ty) = (text::quoted(name), text::short(ty));
    let text = format!("{ty} has no {what} {name}{hint}");
    Error::new(ErrorKind::Type, text).into()
}

/// A field or a flag that is given more than once.
pub(crate) fn twice(what: &str, name: &str) -> Wrong {
    let text = format!("{what} {} is given twice", text::quoted(name));
    Error::new(ErrorKind::Type, text).into()
}

/// A value that is deeper than any type of a component.
pub(crate) fn too_deep() -> Wrong {
    let text = format!("a value is more than {DEPTH} deep");
    Error::new(ErrorKind::Limit, text).into()
}
