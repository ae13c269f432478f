//! Variants, enums, flags, options and results: how they are written.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFrozenSet, PyList, PyMapping, PySet, PyString, PyTuple, PyType};

use super::encode::Encoder;
use super::plan::{CasePlan, EnumPlan, FlagsPlan, How, Plan, VariantPlan, case_bytes, flags_bytes};
use super::record::copied;
use super::wrong::{Put, What, Wrong, other};
use crate::lazy::Lazy;

/// A class of `_wit.py`.
pub(crate) fn class<'py>(
    py: Python<'py>,
    cell: &'static Lazy<Py<PyAny>>,
    name: &str,
) -> PyResult<&'py Bound<'py, PyAny>> {
    cell.import(py, "landbridge._wit", name)
}

pub(crate) static SOME: Lazy<Py<PyAny>> = Lazy::new();
pub(crate) static OK: Lazy<Py<PyAny>> = Lazy::new();
pub(crate) static ERR: Lazy<Py<PyAny>> = Lazy::new();

/// An object of a class made for a case; a text, for a case that holds nothing; a dict of one case; or an object of a
/// class that is called like a case.
pub(super) fn variant<'py>(
    to: &mut Encoder<'_, 'py>,
    plan: &Plan,
    of: &VariantPlan,
    object: &Bound<'py, PyAny>,
) -> Put {
    let exact = |it: &CasePlan| it.class.is_class_of(object);
    if let Some(case) = of.cases.iter().position(exact) {
        let value = match of.cases[case].plan {
            Some(_) => Some(object.getattr(pyo3::intern!(object.py(), "value"))?),
            None => None,
        };
        return held(to, of, case, value.as_ref());
    }
    if let Ok(text) = object.cast::<PyString>() {
        let case = named(plan, of, text)?;
        return held(to, of, case, None);
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        let Some((name, value)) = dict.iter().next().filter(|_| dict.len() == 1) else {
            let (expected, given) = (plan.ty.to_string(), format!("a dict of {}", dict.len()));
            return Err(What::Other { expected, given }.into());
        };
        let Ok(text) = name.cast::<PyString>() else {
            return Err(other("a name of a case", &name));
        };
        let case = named(plan, of, text)?;
        let value = Some(&value).filter(|it| !(it.is_none() && of.cases[case].plan.is_none()));
        return held(to, of, case, value);
    }
    let name = object.get_type().name()?.to_string();
    match of.cases.iter().position(|it| it.spelt == name) {
        Some(case) if !object.is_instance_of::<PyType>() => {
            let value = object.getattr_opt(pyo3::intern!(object.py(), "value"))?;
            held(to, of, case, value.as_ref())
        }
        _ => match object.cast::<PyMapping>() {
            Ok(mapping) => variant(to, plan, of, &copied(mapping)?.into_any()),
            Err(_) => Err(other(&plan.ty, object)),
        },
    }
}

fn named(plan: &Plan, of: &VariantPlan, name: &Bound<'_, PyString>) -> Result<usize, Wrong> {
    let name = name.to_string_lossy().into_owned();
    let found = of
        .cases
        .iter()
        .position(|it| *it.wit == *name || it.spelt == name);
    found.ok_or_else(|| {
        let known = of.cases.iter().map(|it| it.wit.to_string()).collect();
        unknown("case", name, plan, known)
    })
}

fn unknown(what: &'static str, name: String, plan: &Plan, known: Vec<String>) -> Wrong {
    let ty = plan.ty.clone();
    What::Unknown {
        what,
        name,
        ty,
        known,
    }
    .into()
}

fn held<'py>(
    to: &mut Encoder<'_, 'py>,
    of: &VariantPlan,
    case: usize,
    value: Option<&Bound<'py, PyAny>>,
) -> Put {
    to.frame.case(case as u32, case_bytes(of.cases.len()));
    let case = &of.cases[case];
    payload(to, case.plan.as_ref(), value, &case.wit)
}

/// What a case holds, or nothing.
fn payload<'py>(
    to: &mut Encoder<'_, 'py>,
    plan: Option<&Plan>,
    value: Option<&Bound<'py, PyAny>>,
    case: &str,
) -> Put {
    let put = match (plan, value) {
        (Some(plan), Some(value)) => to.put(plan, value),
        (None, None) => Ok(()),
        (Some(plan), None) => Err(What::Other {
            expected: plan.ty.to_string(),
            given: "nothing".to_owned(),
        }
        .into()),
        (None, Some(value)) => Err(other("nothing", value)),
    };
    put.map_err(|it| it.in_field(case))
}

/// A member of the class made for it, a text, or a member of another enum with such a value or name.
pub(super) fn enumerator<'py>(
    to: &mut Encoder<'_, 'py>,
    plan: &Plan,
    of: &EnumPlan,
    object: &Bound<'py, PyAny>,
) -> Put {
    let found = of.members.iter().position(|it| it.0 == object.as_ptr());
    let case = match found {
        Some(case) => case,
        None => match object.cast::<PyString>() {
            Ok(text) => place(plan, &of.names, "case", &text.to_string_lossy())?,
            Err(_) => match name_of(object)? {
                Some(name) => place(plan, &of.names, "case", &name)?,
                None => return Err(other(&plan.ty, object)),
            },
        },
    };
    to.frame.case(case as u32, case_bytes(of.names.len()));
    Ok(())
}

/// What a member of a user's enum means: its value if that is a text, or its name.
fn name_of(object: &Bound<'_, PyAny>) -> Result<Option<String>, Wrong> {
    static ENUM: Lazy<Py<PyAny>> = Lazy::new();
    if !object.is_instance(ENUM.import(object.py(), "enum", "Enum")?)? {
        return Ok(None);
    }
    let value = object.getattr("value")?;
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Some(text.to_string_lossy().into_owned()));
    }
    let name: String = object.getattr("name")?.extract()?;
    Ok(Some(name.to_lowercase().replace('_', "-")))
}

fn place(
    plan: &Plan,
    names: &[std::sync::Arc<str>],
    what: &'static str,
    name: &str,
) -> Result<usize, Wrong> {
    let found = names.iter().position(|it| **it == *name);
    let found = found.or_else(|| {
        names.iter().position(|it| {
            it.len() == name.len()
                && it
                    .bytes()
                    .zip(name.bytes())
                    .all(|(a, b)| a.eq_ignore_ascii_case(&b) || (a == b'-' && b == b'_'))
        })
    });
    found.ok_or_else(|| {
        let known = names.iter().map(|it| it.to_string()).collect();
        unknown(what, name.to_owned(), plan, known)
    })
}

/// A member of the class made for them, or a set of names.
pub(super) fn flags<'py>(
    to: &mut Encoder<'_, 'py>,
    plan: &Plan,
    of: &FlagsPlan,
    object: &Bound<'py, PyAny>,
) -> Put {
    let mut bytes = vec![0; flags_bytes(of.names.len())];
    if of.class.is_class_of(object) {
        let value = object.getattr(pyo3::intern!(object.py(), "_value_"))?;
        // A user's class may have more bits, and negative numbers.
        let bits = value.extract::<u64>().ok();
        let count = of.names.len() as u32;
        if let Some(bits) = bits.filter(|it| it.checked_shr(count).unwrap_or(0) == 0) {
            let count = bytes.len();
            bytes.copy_from_slice(&bits.to_le_bytes()[..count]);
            to.frame.raw(&bytes);
            return Ok(());
        }
    }
    let is_set = object.is_instance_of::<PySet>()
        || object.is_instance_of::<PyFrozenSet>()
        || object.is_instance_of::<PyList>()
        || object.is_instance_of::<PyTuple>();
    // A user's flags are what they have in them.
    if !is_set {
        check_flags(plan, of, object)?;
    }
    for (i, item) in object.try_iter()?.enumerate() {
        let item = item?;
        let name = match item.cast::<PyString>() {
            Ok(text) => text.to_string_lossy().into_owned(),
            Err(_) => match name_of(&item)? {
                Some(name) => name,
                None => return Err(other("a name of a flag", &item).in_element(i)),
            },
        };
        let bit = place(plan, &of.names, "flag", &name)?;
        bytes[bit / 8] |= 1 << (bit % 8);
    }
    to.frame.raw(&bytes);
    Ok(())
}

/// Whether an object is a user's flags, of which each has a name, or another sort of set.
fn check_flags(plan: &Plan, of: &FlagsPlan, object: &Bound<'_, PyAny>) -> Put {
    static FLAG: Lazy<Py<PyAny>> = Lazy::new();
    static SET: Lazy<Py<PyAny>> = Lazy::new();
    let py = object.py();
    if !object.is_instance(FLAG.import(py, "enum", "Flag")?)? {
        return match object.is_instance(SET.import(py, "collections.abc", "Set")?)? {
            true => Ok(()),
            false => Err(other(&plan.ty, object)),
        };
    }
    let value = object.getattr("value")?;
    let mut named = value.bitxor(&value)?;
    for item in object.try_iter()? {
        named = named.bitor(item?.getattr("value")?)?;
    }
    if named.eq(&value)? {
        return Ok(());
    }
    let known = of.names.iter().map(|it| it.to_string()).collect();
    let name = value.bitxor(named)?.str()?.to_string();
    Err(unknown("flag", name, plan, known))
}

/// `None` or what it holds. An option in an option is in a `Some`.
pub(super) fn option<'py>(
    to: &mut Encoder<'_, 'py>,
    plan: &Plan,
    of: &Plan,
    object: &Bound<'py, PyAny>,
) -> Put {
    if object.is_none() {
        to.frame.byte(0);
        return Ok(());
    }
    to.frame.byte(1);
    if !of.is_option() {
        return to.put(of, object);
    }
    match object.is_instance(class(object.py(), &SOME, "Some")?)? {
        true => to.put(of, &object.getattr("value")?),
        false => Err(other(format!("{} as Some(value)", plan.ty), object)),
    }
}

/// An `Ok` or an `Err`.
pub(super) fn result<'py>(
    to: &mut Encoder<'_, 'py>,
    plan: &Plan,
    [ok, err]: [Option<&Plan>; 2],
    object: &Bound<'py, PyAny>,
) -> Put {
    let py = object.py();
    let (case, of, name) = if object.is_instance(class(py, &OK, "Ok")?)? {
        (0, ok, "ok")
    } else if object.is_instance(class(py, &ERR, "Err")?)? {
        (1, err, "err")
    } else {
        return Err(other(&plan.ty, object));
    };
    side(to, case, of, &object.getattr("value")?, name)
}

/// What `ok` or `err` of a result holds; `None` where that is nothing.
pub(crate) fn side<'py>(
    to: &mut Encoder<'_, 'py>,
    case: u8,
    of: Option<&Plan>,
    value: &Bound<'py, PyAny>,
    name: &str,
) -> Put {
    to.frame.byte(case);
    let value = Some(value).filter(|it| !(of.is_none() && it.is_none()));
    payload(to, of, value, name)
}

/// Whether a plan is of a result.
pub(crate) fn is_result(plan: &Plan) -> bool {
    matches!(plan.how, How::Result(..))
}
