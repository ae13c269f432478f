//! Place: which argument or result of a function a column is for, and what is said of a wrong one.

use landbridge::{self as lb, Error, ErrorKind, Type};

use super::column::width;
use crate::guard::Fault;

/// What a column is for: an argument or a result of a function.
pub(super) struct Place<'a> {
    pub(super) func: &'a lb::Func,
    pub(super) index: usize,
    pub(super) is_result: bool,
    pub(super) ty: Type,
}

impl Place<'_> {
    /// `argument 1 of add`.
    pub(super) fn name(&self) -> String {
        match self.is_result {
            false => self.func.argument_place(self.index),
            true => lb::messages::result(self.index + 1, lb::text::name(self.func.name())),
        }
    }

    /// The size of a number, in bytes.
    pub(super) fn width(&self) -> usize {
        width(self.ty)
    }

    /// Whether it may have numbers of a type.
    pub(super) fn check(&self, found: Type) -> Result<(), Fault> {
        let checked = match self.is_result {
            false => self.func.check_column(self.index, found),
            true => self.func.check_result_column(self.index, found),
        };
        Ok(checked?)
    }

    /// The error for elements that are none of WebAssembly's numbers.
    #[cold]
    pub(super) fn wrong(&self, found: &str) -> Fault {
        lb::messages::wrong_column(self.name(), found, self.ty).into()
    }

    #[cold]
    pub(super) fn dimensions(&self, given: i32) -> Fault {
        self.no_column(&format!("a column has one dimension, not {given}"))
    }

    /// The error for something that is no column at all.
    #[cold]
    pub(super) fn no_column(&self, found: &str) -> Fault {
        let text = format!("{}: {found}", self.name());
        Error::new(ErrorKind::Type, text).into()
    }
}
