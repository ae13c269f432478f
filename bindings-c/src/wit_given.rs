//! Values of C as messages tell them, and what they are as integers.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ffi::CStr;

use crate::wit_fault::{Fault, Wrong};
use crate::wit_type::*;
use crate::wit_value::*;

/// Names of the sorts of types, by their numbers.
const NAMES: [&str; 23] = [
    "bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string",
    "list", "record", "tuple", "variant", "enum", "flags", "option", "result", "resource",
    "resource",
];

/// What sort of value it is, for messages.
pub(crate) fn sort_name(value: &lb_wit_value_t) -> Cow<'static, str> {
    match value.sort {
        LB_WIT_SORT_NOTHING => "nothing".into(),
        LB_WIT_SORT_NUMBERS => match NAMES.get(value.part as usize) {
            Some(of) if number_bytes(value.part) > 0 => format!("list<{of}>").into(),
            _ => "numbers whose part is no sort of numbers".into(),
        },
        LB_WIT_SORT_RESOURCE | LB_WIT_SORT_OBJECT => "resource".into(),
        sort => match NAMES.get(sort as usize) {
            Some(name) => (*name).into(),
            None => format!("a value of the unknown sort {sort}").into(),
        },
    }
}

/// The value of an integer.
///
/// # Safety
/// The value is as its sort says.
pub(crate) unsafe fn integer(value: &lb_wit_value_t) -> Option<i128> {
    // SAFETY: the caller's promise.
    unsafe {
        Some(match value.sort {
            LB_WIT_SORT_S8 => value.of.s8.into(),
            LB_WIT_SORT_U8 => value.of.u8.into(),
            LB_WIT_SORT_S16 => value.of.s16.into(),
            LB_WIT_SORT_U16 => value.of.u16.into(),
            LB_WIT_SORT_S32 => value.of.s32.into(),
            LB_WIT_SORT_U32 => value.of.u32.into(),
            LB_WIT_SORT_S64 => value.of.s64.into(),
            LB_WIT_SORT_U64 => value.of.u64.into(),
            _ => return None,
        })
    }
}

/// Why these are not the fields of a record: one that there is not, before one that is missing, since it may be that one,
/// misspelt; or one that is given twice.
///
/// # Safety
/// All fields have names.
#[cold]
pub(crate) unsafe fn not_the_fields(
    ty: &lb_wit_type_t,
    given: &[lb_wit_field_t],
    missing: Option<&CStr>,
) -> Box<Wrong> {
    let known = |name: &CStr| ty.parts.iter().any(|it| it.name.as_deref() == Some(name));
    // SAFETY: the caller's promise.
    let names = given.iter().map(|it| unsafe { CStr::from_ptr(it.name) });
    if let Some(unknown) = names.clone().find(|it| !known(it)) {
        return Fault::unknown(ty, "field", &unknown.to_string_lossy());
    }
    if let Some(missing) = missing {
        return Fault::Missing(missing.to_string_lossy().into_owned(), ty.text()).into();
    }
    let mut seen = HashSet::new();
    let twice = names.clone().find(|it| !seen.insert(*it));
    let twice = twice.map(|it| it.to_string_lossy().into_owned());
    Fault::Twice(twice.unwrap_or_default()).into()
}
