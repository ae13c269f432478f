//! Records: objects of the class that was made for them, dicts, and any object with such attributes.

use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};

use super::encode::Encoder;
use super::plan::{FieldPlan, Plan, RecordPlan};
use super::wrong::{Put, What, Wrong, other};

pub(super) fn record<'py>(
    to: &mut Encoder<'_, 'py>,
    plan: &Plan,
    of: &RecordPlan,
    object: &Bound<'py, PyAny>,
) -> Put {
    let py = object.py();
    if of.class.is_class_of(object) {
        for field in &of.fields {
            let name = field.name.get(py);
            let value = object.getattr(name.cast::<PyString>().map_err(PyErr::from)?)?;
            to.put(&field.plan, &value)
                .map_err(|it| it.in_field(&field.wit))?;
        }
        return Ok(());
    }
    match object.cast::<PyDict>() {
        Ok(dict) => of_dict(to, plan, of, dict),
        Err(_) => of_attributes(to, plan, of, object),
    }
}

/// Names are those of WIT or of Python.
fn of_dict<'py>(
    to: &mut Encoder<'_, 'py>,
    plan: &Plan,
    of: &RecordPlan,
    dict: &Bound<'py, PyDict>,
) -> Put {
    let mut used = 0;
    for field in &of.fields {
        let spelt = dict.get_item(field.name.get(dict.py()))?;
        let named = match *field.wit == *field.spelt {
            true => None,
            false => dict.get_item(&*field.wit)?,
        };
        if spelt.is_some() && named.is_some() {
            let (what, name) = ("field", field.wit.to_string());
            return Err(What::Twice { what, name }.into());
        }
        match spelt.or(named) {
            Some(value) => {
                used += 1;
                to.put(&field.plan, &value)
                    .map_err(|it| it.in_field(&field.wit))?;
            }
            None if field.plan.is_option() => to.frame.byte(0),
            None => return Err(not_the_fields(plan, of, dict, &field.wit)),
        }
    }
    match used == dict.len() {
        true => Ok(()),
        false => Err(not_the_fields(plan, of, dict, "")),
    }
}

/// One that there is not goes before one that is missing: it may be that one, misspelt.
#[cold]
fn not_the_fields(plan: &Plan, of: &RecordPlan, dict: &Bound<'_, PyDict>, missing: &str) -> Wrong {
    let ty = plan.ty.clone();
    for (key, _) in dict.iter() {
        let Ok(name) = key.extract::<String>() else {
            return other("a name of a field", &key);
        };
        let is_known = |it: &FieldPlan| *it.wit == *name || it.spelt == name;
        if !of.fields.iter().any(is_known) {
            let known = of.fields.iter().map(|it| it.wit.to_string()).collect();
            let what = "field";
            return What::Unknown {
                what,
                name,
                ty,
                known,
            }
            .into();
        }
    }
    let name = missing.to_owned();
    What::Missing { name, ty }.into()
}

/// Another mapping as a dict.
#[cold]
pub(super) fn copied<'py>(mapping: &Bound<'py, PyMapping>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(mapping.py());
    dict.update(mapping)?;
    Ok(dict)
}

fn of_attributes<'py>(
    to: &mut Encoder<'_, 'py>,
    plan: &Plan,
    of: &RecordPlan,
    object: &Bound<'py, PyAny>,
) -> Put {
    let py = object.py();
    let mut any = false;
    let mut absent = None;
    let mut found = Vec::with_capacity(of.fields.len());
    for field in &of.fields {
        let name = field.name.get(py);
        let value = match object.getattr(name.cast::<PyString>().map_err(PyErr::from)?) {
            Ok(value) => Some(value),
            Err(raised) if raised.is_instance_of::<PyAttributeError>(py) => None,
            Err(raised) => return Err(raised.into()),
        };
        any |= value.is_some();
        if value.is_none() && !field.plan.is_option() && absent.is_none() {
            absent = Some(field);
        }
        found.push(value);
    }
    // Whatever has none of the fields was not meant for it; and a class is no object of it.
    if !any || object.is_instance_of::<pyo3::types::PyType>() {
        return match object.cast::<PyMapping>() {
            Ok(mapping) => of_dict(to, plan, of, &copied(mapping)?),
            Err(_) => Err(other(&plan.ty, object)),
        };
    }
    if let Some(field) = absent {
        let (name, ty) = (field.wit.to_string(), plan.ty.clone());
        return Err(What::Missing { name, ty }.into());
    }
    for (field, value) in of.fields.iter().zip(found) {
        match value {
            Some(value) => to
                .put(&field.plan, &value)
                .map_err(|it| it.in_field(&field.wit))?,
            None => to.frame.byte(0),
        }
    }
    Ok(())
}
