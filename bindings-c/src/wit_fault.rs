//! What is wrong with a value of C, and the way to it.

use landbridge::Error;
use landbridge::host::wit::{WrongValue, wrong_value};

use crate::wit_type::lb_wit_type_t;

/// What writing a value gives.
pub(crate) type Put = std::result::Result<(), Box<Wrong>>;

/// What is wrong, and where, from the outside in.
pub(crate) struct Wrong {
    path: String,
    fault: Fault,
}

/// What is wrong with a value; see [`WrongValue`].
pub(crate) enum Fault {
    /// What was expected, and what was given.
    Other(String, String),
    /// The number, and what it should fit in.
    Unfit(String, String),
    /// The field, and of which type.
    Missing(String, String),
    /// What there is none of, by which name, of which type, and the names that there are.
    Unknown(&'static str, String, String, Vec<String>),
    /// The field.
    Twice(String),
    TooDeep,
    /// What is told otherwise.
    Of(Error),
}

impl From<Fault> for Box<Wrong> {
    #[cold]
    fn from(fault: Fault) -> Box<Wrong> {
        let path = String::new();
        Box::new(Wrong { path, fault })
    }
}

impl Fault {
    #[cold]
    pub(crate) fn other(expected: &lb_wit_type_t, given: impl Into<String>) -> Box<Wrong> {
        Fault::Other(expected.text(), given.into()).into()
    }

    #[cold]
    pub(crate) fn unfit(given: String, ty: &lb_wit_type_t) -> Box<Wrong> {
        Fault::Unfit(given, ty.text()).into()
    }

    #[cold]
    pub(crate) fn unknown(ty: &lb_wit_type_t, what: &'static str, name: &str) -> Box<Wrong> {
        let names = ty.parts.iter().filter_map(|it| it.name.as_deref());
        let known = names.map(|it| it.to_string_lossy().into_owned());
        Fault::Unknown(what, name.to_owned(), ty.text(), known.collect()).into()
    }

    #[cold]
    pub(crate) fn unknown_case(ty: &lb_wit_type_t, name: &str) -> Box<Wrong> {
        Fault::unknown(ty, "case", name)
    }
}

impl Wrong {
    /// It is in a field, a case or an element of a tuple.
    #[cold]
    pub(crate) fn in_field(mut self: Box<Wrong>, name: &str) -> Box<Wrong> {
        self.path.insert_str(0, &format!(".{name}"));
        self
    }

    /// It is in an element of a list.
    #[cold]
    pub(crate) fn in_element(mut self: Box<Wrong>, index: usize) -> Box<Wrong> {
        self.path.insert_str(0, &format!("[{index}]"));
        self
    }

    /// The error, in the words of core.
    #[cold]
    pub(crate) fn at(self, root: &str) -> Error {
        let place = format!("{root}{}", self.path);
        let what = match &self.fault {
            Fault::Other(expected, given) => WrongValue::Other { expected, given },
            Fault::Unfit(given, ty) => WrongValue::Unfit { given, ty },
            Fault::Missing(name, ty) => {
                let what = "field";
                WrongValue::Missing { what, name, ty }
            }
            Fault::Unknown(what, name, ty, known) => {
                let known: Vec<&str> = known.iter().map(|it| &**it).collect();
                let unknown = WrongValue::Unknown {
                    what,
                    name,
                    ty,
                    known: &known,
                };
                return wrong_value(&place, unknown);
            }
            Fault::Twice(name) => {
                let what = "field";
                WrongValue::Twice { what, name }
            }
            Fault::TooDeep => WrongValue::TooDeep,
            Fault::Of(error) => return error.clone().at_place(&place),
        };
        wrong_value(&place, what)
    }
}
