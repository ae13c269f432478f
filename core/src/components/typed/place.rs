//! Where in a signature a Rust type does not match the WIT type, and the message for it.

use std::fmt;

use super::{Wit, spelled};
use crate::text::{self, near};
use crate::{Error, ErrorKind, Result, WitType};

/// Where in a signature a type stands: `args[0].tags[]`.
#[derive(Clone, Copy)]
pub struct WitPlace<'p> {
    outer: Option<&'p WitPlace<'p>>,
    step: Step<'p>,
}

/// One step from the outside in.
#[derive(Clone, Copy)]
enum Step<'p> {
    /// An argument; who calls is a guest, or not.
    Argument(usize, Caller),
    /// The result, the same way.
    Result(Caller),
    /// A field of a record, a case of a variant, `ok` or `err`.
    Name(&'p str),
    /// A part of a tuple.
    Part(usize),
    /// The elements of a list.
    Elements,
}

/// Who calls the function.
#[derive(Clone, Copy)]
pub(super) enum Caller {
    Host,
    Guest,
}

impl<'p> WitPlace<'p> {
    pub(super) fn argument(index: usize, caller: Caller) -> WitPlace<'p> {
        let step = Step::Argument(index, caller);
        WitPlace { outer: None, step }
    }

    pub(super) fn result(caller: Caller) -> WitPlace<'p> {
        let step = Step::Result(caller);
        WitPlace { outer: None, step }
    }

    /// A field of a record, or what a case of a variant holds.
    pub fn name(&'p self, name: &'p str) -> WitPlace<'p> {
        self.step(Step::Name(name))
    }

    /// A part of a tuple.
    pub fn part(&'p self, index: usize) -> WitPlace<'p> {
        self.step(Step::Part(index))
    }

    /// The elements of a list.
    pub fn elements(&'p self) -> WitPlace<'p> {
        self.step(Step::Elements)
    }

    fn step(&'p self, step: Step<'p>) -> WitPlace<'p> {
        let outer = Some(self);
        WitPlace { outer, step }
    }

    /// The error for a type of Rust that is another one: `args[1]: the function takes string, not u32`.
    #[cold]
    pub fn other<T: Wit + ?Sized>(&self, found: &WitType) -> Error {
        self.not(found, &spelled(T::spell))
    }

    /// The same, where one of the two may be nothing.
    #[cold]
    pub(super) fn not(&self, found: impl fmt::Display, wanted: &str) -> Error {
        let of = match self.root() {
            Step::Result(Caller::Host) => "the function gives",
            Step::Result(Caller::Guest) => "the guest expects",
            Step::Argument(_, Caller::Guest) => "the guest passes",
            _ => "the function takes",
        };
        self.wrong(format_args!("{of} {found}, not {wanted}"))
    }

    /// The error for names that are not those that a type of WIT has, or stand in another order. `what` is what they
    /// are, such as `field`.
    #[cold]
    pub(super) fn other_names(
        &self,
        what: &str,
        ty: &WitType,
        found: &[&str],
        wanted: &[&str],
    ) -> Error {
        let sort = match ty {
            WitType::Record(_) => "the record",
            WitType::Variant(_) => "the variant",
            WitType::Enum(_) => "the enum",
            _ => "the flags type",
        };
        let is_in = |name: &&&str, names: &[&str]| names.iter().any(|it| is_same(it, name));
        if let Some(name) = wanted.iter().find(|it| !is_in(it, found)) {
            let meant = near::did_you_mean(name, found.iter().copied());
            let name = text::quoted(name);
            return self.wrong(format_args!("{sort} has no {what} {name}{meant}"));
        }
        if let Some(name) = found.iter().find(|it| !is_in(it, wanted)) {
            let name = text::quoted(name);
            return self.wrong(format_args!("{what} {name} of {sort} is missing"));
        }
        let order = text::listed(found.iter(), found.len(), ", ");
        self.wrong(format_args!(
            "WIT has the {what}s of {sort} in the order {order}: put those of the Rust type in the same order"
        ))
    }

    fn root(&self) -> Step<'p> {
        let mut place = self;
        while let Some(outer) = place.outer {
            place = outer;
        }
        place.step
    }

    fn wrong(&self, what: impl fmt::Display) -> Error {
        let text = text::of(format_args!("{self}: {what}"));
        Error::new(ErrorKind::Type, text)
    }
}

/// Names of WIT that differ only in the case of their letters are one.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Checks what may be nothing: the result of a function, or what a case holds.
pub(super) fn check_optional<T: Wit>(ty: Option<&WitType>, place: &WitPlace<'_>) -> Result<()> {
    match ty {
        Some(ty) if !T::NOTHING => T::check(ty, place),
        None if T::NOTHING => Ok(()),
        Some(ty) => Err(place.not(ty, "nothing")),
        None => Err(place.not("nothing", &spelled(T::spell))),
    }
}

impl fmt::Display for WitPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            outer.fmt(f)?;
        }
        match self.step {
            Step::Argument(index, _) => write!(f, "args[{index}]"),
            Step::Result(_) => f.write_str("result"),
            Step::Name(name) => write!(f, ".{name}"),
            Step::Part(index) => write!(f, ".{index}"),
            Step::Elements => f.write_str("[]"),
        }
    }
}

impl fmt::Debug for WitPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
