//! Plan: a type of WIT with all that is needed to make its values in Python and to take them from there, looked up once.

use std::sync::Arc;

use landbridge::WitType;
use pyo3::ffi;
use pyo3::prelude::*;

use super::numbers::Number;

/// An object that the `Types` object of a plan keeps: whoever uses a plan holds that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ref(pub(super) *mut ffi::PyObject);

// SAFETY: a pointer; it is only followed with Python's lock held.
unsafe impl Send for Ref {}
// SAFETY: as above.
unsafe impl Sync for Ref {}

impl Ref {
    #[inline(always)]
    pub(crate) fn get<'a, 'py>(&'a self, py: Python<'py>) -> Borrowed<'a, 'py, PyAny> {
        // SAFETY: alive as long as the `Types` object, which whoever has the plan holds.
        unsafe { Borrowed::from_ptr(py, self.0) }
    }

    /// Whether it is the class of an object.
    #[inline(always)]
    pub(crate) fn is_class_of(self, object: &Bound<'_, PyAny>) -> bool {
        object.get_type_ptr().cast() == self.0
    }
}

/// A type and how its values cross.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) ty: WitType,
    pub(crate) how: How,
}

#[derive(Clone)]
pub(crate) enum How {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    Char,
    String,
    Numbers(Number),
    List(Arc<Plan>),
    Record(Arc<RecordPlan>),
    Tuple(Arc<[Plan]>),
    Variant(Arc<VariantPlan>),
    Enum(Arc<EnumPlan>),
    Flags(Arc<FlagsPlan>),
    Option(Arc<Plan>),
    Result(Option<Arc<Plan>>, Option<Arc<Plan>>),
    Resource(ResourcePlan),
}

pub(crate) struct RecordPlan {
    pub(crate) class: Ref,
    /// Whether the class is one that was made for the type, and not the user's.
    pub(crate) is_made: bool,
    pub(crate) fields: Box<[FieldPlan]>,
}

pub(crate) struct FieldPlan {
    pub(crate) wit: Arc<str>,
    pub(crate) spelt: String,
    /// The same as an object.
    pub(crate) name: Ref,
    pub(crate) plan: Plan,
}

pub(crate) struct VariantPlan {
    pub(crate) cases: Box<[CasePlan]>,
}

pub(crate) struct CasePlan {
    pub(crate) wit: Arc<str>,
    pub(crate) spelt: String,
    pub(crate) class: Ref,
    /// The only object of the class, if it holds nothing.
    pub(crate) alone: Option<Ref>,
    pub(crate) is_made: bool,
    pub(crate) plan: Option<Plan>,
}

pub(crate) struct EnumPlan {
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) members: Box<[Ref]>,
}

pub(crate) struct FlagsPlan {
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) class: Ref,
    /// Its members by their values.
    pub(crate) known: Ref,
}

#[derive(Clone, Copy)]
pub(crate) struct ResourcePlan {
    /// The class of those that are guests'.
    pub(crate) class: Ref,
    pub(crate) is_own: bool,
}

/// How many bytes the number of a case takes, of so many.
#[inline]
pub(crate) fn case_bytes(cases: usize) -> usize {
    match cases {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

/// How many bytes so many flags take.
#[inline]
pub(crate) fn flags_bytes(flags: usize) -> usize {
    match flags {
        0 => 0,
        1..=8 => 1,
        9..=16 => 2,
        _ => 4 * flags.div_ceil(32),
    }
}

impl Plan {
    /// Whether it is an option: left out, it is none.
    #[inline]
    pub(crate) fn is_option(&self) -> bool {
        matches!(self.how, How::Option(_))
    }

    /// All sorts of what can lie beside a frame of such values.
    pub(crate) fn beside(&self, all: &mut Vec<Option<Number>>) {
        match &self.how {
            How::String => all.push(None),
            How::Numbers(number) => all.push(Some(*number)),
            How::List(of) | How::Option(of) => of.beside(all),
            How::Record(of) => of.fields.iter().for_each(|it| it.plan.beside(all)),
            How::Tuple(of) => of.iter().for_each(|it| it.beside(all)),
            How::Variant(of) => {
                let held = of.cases.iter().filter_map(|it| it.plan.as_ref());
                held.for_each(|it| it.beside(all));
            }
            How::Result(ok, err) => ok.iter().chain(err).for_each(|it| it.beside(all)),
            _ => {}
        }
    }
}
