//! What is wrong with a value of a component
//!
//! For bindings that write frames by themselves: what they find wrong is told in the words of all hosts.

use std::ffi::c_char;

use landbridge::host::wit::{WrongValue, wrong_value};
use landbridge::{Error, ErrorKind, Result};

use crate::error::lb_error_t;
use crate::guard::guard;
use crate::read::{array, null, text};
use crate::versioned::Versioned;

/// What is wrong: one of the LB_WIT_WRONG_ numbers.
pub type lb_wit_wrong_sort_t = u32;

/// It is of another type: expected, given. "expected string, got int"
pub const LB_WIT_WRONG_OTHER: lb_wit_wrong_sort_t = 1;
/// A number is too large or too small for its type: given, expected. "300 does not fit in u8"
pub const LB_WIT_WRONG_UNFIT: lb_wit_wrong_sort_t = 2;
/// A part is missing: part, name, expected. "field \"age\" of person is missing"
pub const LB_WIT_WRONG_MISSING: lb_wit_wrong_sort_t = 3;
/// There is no part of this name: part, name, expected, known. "person has no field \"agee\"; there is name, age"
pub const LB_WIT_WRONG_UNKNOWN: lb_wit_wrong_sort_t = 4;
/// A part is given twice: part, name.
pub const LB_WIT_WRONG_TWICE: lb_wit_wrong_sort_t = 5;
/// It is deeper than any value can be.
pub const LB_WIT_WRONG_TOO_DEEP: lb_wit_wrong_sort_t = 6;
/// A text has a surrogate alone, which is no character.
pub const LB_WIT_WRONG_SURROGATE: lb_wit_wrong_sort_t = 7;
/// It is a resource of another store; see lb_store_number().
pub const LB_WIT_WRONG_OTHER_STORE: lb_wit_wrong_sort_t = 8;

/// What is wrong with a value. Begin with LB_WIT_WRONG, and set sort and the members that it names; the others may be
/// NULL.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_wrong_t {
    /// sizeof(lb_wit_wrong_t), by which the library knows what the program knew.
    pub size: usize,
    /// One of the LB_WIT_WRONG_ numbers.
    pub sort: lb_wit_wrong_sort_t,
    /// The type that it should be of, as lb_wit_type_text() tells it.
    pub expected: *const c_char,
    /// What it is, as the program's language calls that, or the number.
    pub given: *const c_char,
    /// What sort of part: "field", "case" or "flag".
    pub part: *const c_char,
    /// The part's name.
    pub name: *const c_char,
    /// The names that there are.
    pub known: *const *const c_char,
    /// How many there are.
    pub nknown: usize,
}

// SAFETY: it begins with its size; zeros are no sort and no texts.
unsafe impl Versioned for lb_wit_wrong_t {
    const NAME: &'static str = "lb_wit_wrong_t";
    const START: &'static str = "LB_WIT_WRONG";
    const SIZES: &'static [usize] = &[size_of::<lb_wit_wrong_t>()];
}

/// The error that says what is wrong with the value at a place, such as "args[0].tags[1]": of LB_KIND_TYPE, or LB_KIND_RANGE
/// for a number that does not fit, LB_KIND_LIMIT for what is too deep, LB_KIND_WRONG_STORE. The caller owns it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_wrong(
    place: *const c_char,
    wrong: *const lb_wit_wrong_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe { Err(told(place, wrong)?) })
}

/// # Safety
/// `place` is NULL or a text; `wrong` is NULL or leads to a struct whose texts are NULL or texts.
unsafe fn told(place: *const c_char, wrong: *const lb_wit_wrong_t) -> Result<Error> {
    // SAFETY: the caller's promise, in all of it.
    unsafe {
        let wrong = lb_wit_wrong_t::copy(wrong.as_ref().ok_or_else(|| null("wrong"))?)?;
        let place = &*text(place, "place")?;
        let expected = || text(wrong.expected, "expected");
        let given = || text(wrong.given, "given");
        let part = || text(wrong.part, "part");
        let name = || text(wrong.name, "name");
        let what = match wrong.sort {
            LB_WIT_WRONG_OTHER => WrongValue::Other {
                expected: &expected()?,
                given: &given()?,
            },
            LB_WIT_WRONG_UNFIT => WrongValue::Unfit {
                given: &given()?,
                ty: &expected()?,
            },
            LB_WIT_WRONG_MISSING => WrongValue::Missing {
                what: &part()?,
                name: &name()?,
                ty: &expected()?,
            },
            LB_WIT_WRONG_UNKNOWN => {
                let known = array(wrong.known, wrong.nknown, "known")?;
                let known: Vec<_> = known
                    .iter()
                    .map(|it| text(*it, "known"))
                    .collect::<Result<_>>()?;
                let known: Vec<&str> = known.iter().map(|it| &**it).collect();
                let unknown = WrongValue::Unknown {
                    what: &part()?,
                    name: &name()?,
                    ty: &expected()?,
                    known: &known,
                };
                return Ok(wrong_value(place, unknown));
            }
            LB_WIT_WRONG_TWICE => WrongValue::Twice {
                what: &part()?,
                name: &name()?,
            },
            LB_WIT_WRONG_TOO_DEEP => WrongValue::TooDeep,
            LB_WIT_WRONG_SURROGATE => WrongValue::Surrogate,
            LB_WIT_WRONG_OTHER_STORE => WrongValue::OtherStore,
            other => {
                let text = format!("{other} is no LB_WIT_WRONG_ number");
                return Err(Error::new(ErrorKind::Type, text));
            }
        };
        Ok(wrong_value(place, what))
    }
}
