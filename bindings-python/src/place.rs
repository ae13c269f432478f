//! Place: what is lent by name: in mappings, instances and objects with attributes.

use landbridge::Extern;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyType};

use crate::exports::Exports;
use crate::func;
use crate::global::Global;
use crate::guard::Fault;
use crate::instance::Instance;
use crate::memory::Memory;
use crate::table::Table;
use crate::tag::Tag;

/// The most names that are told the core of what was given.
pub(crate) const OFFERED: usize = 1000;

/// The names that a dict has, or an object and its classes; none of another mapping, which may make them.
pub(crate) fn names_of<'py>(
    place: &Bound<'py, PyAny>,
) -> Result<Vec<(String, Bound<'py, PyAny>)>, Fault> {
    let mut dicts = Vec::new();
    if let Ok(dict) = place.cast::<PyDict>() {
        dicts.push(dict.clone());
    } else if !place.is_instance_of::<PyModule>() {
        let classes = place.get_type().mro();
        for holder in std::iter::once(place.clone()).chain(classes.iter()) {
            dicts.extend(own_dict(&holder)?);
        }
    }
    let items = dicts.iter().flat_map(|dict| dict.iter()).take(OFFERED);
    let named = items.filter_map(|(name, item)| Some((name.extract().ok()?, item)));
    Ok(named.collect())
}

/// What an object or a class of the user's has itself; nothing of Python's own classes.
fn own_dict<'py>(holder: &Bound<'py, PyAny>) -> Result<Option<Bound<'py, PyDict>>, Fault> {
    if let Ok(class) = holder.cast::<PyType>() {
        if class.module()?.to_string_lossy() == "builtins" {
            return Ok(None);
        }
        // A class gives a proxy of its own, which changes with it.
        let names = holder.getattr("__dict__")?.call_method0("copy")?;
        return Ok(names.cast_into::<PyDict>().ok());
    }
    let own = holder.getattr_opt("__dict__")?;
    Ok(own.and_then(|own| own.cast_into::<PyDict>().ok()))
}

/// What a place has under a name.
pub(crate) fn look_up<'py>(
    place: &Bound<'py, PyAny>,
    name: &str,
) -> Result<Option<Bound<'py, PyAny>>, Fault> {
    let py = place.py();
    if let Ok(dict) = place.cast::<PyDict>() {
        return Ok(dict.get_item(name)?);
    }
    if let Ok(instance) = place.cast::<Instance>() {
        return look_up(instance.get().exports().bind(py), name);
    }
    if place.is_instance_of::<Exports>() || place.cast::<PyMapping>().is_ok() {
        return match place.get_item(name) {
            Err(e) if e.is_instance_of::<PyKeyError>(py) => Ok(None),
            found => Ok(Some(found?)),
        };
    }
    Ok(attribute(place, name)?)
}

/// An attribute that is lent: the guest chose the name, and much of an object is not meant for it.
fn attribute<'py>(place: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    if name.starts_with('_') {
        return Ok(None);
    }
    let module = place.cast::<PyModule>().ok();
    if let Some(module) = module
        && let Some(all) = module.dict().get_item("__all__")?
    {
        return match all.contains(name)? {
            true => module.getattr_opt(name),
            false => Ok(None),
        };
    }
    if let Ok(class) = place.cast::<PyType>()
        && !defines(class, name)?
    {
        return Ok(None);
    }
    let Some(found) = place.getattr_opt(name)? else {
        return Ok(None);
    };
    let is_lent = !found.is_instance_of::<PyModule>()
        && module.map_or(Ok(true), |module| is_own(module, &found))?;
    Ok(is_lent.then_some(found))
}

/// Whether a class or a base of it defines a name, and not only its own class: `mro`, or `register`.
fn defines(class: &Bound<'_, PyType>, name: &str) -> PyResult<bool> {
    for base in class.mro().iter() {
        if base.getattr("__dict__")?.contains(name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a module defines what is in it, and did not import it from another one.
fn is_own(module: &Bound<'_, PyModule>, found: &Bound<'_, PyAny>) -> PyResult<bool> {
    if !found.is_callable() || native(found).is_some() {
        return Ok(true);
    }
    let Some(home) = found.getattr_opt("__module__")? else {
        return Ok(false);
    };
    home.eq(module.name()?)
}

/// What lives in a store already.
pub(crate) fn native(item: &Bound<'_, PyAny>) -> Option<Extern> {
    if let Some(func) = func::native(item) {
        return Some(func.clone().into());
    }
    if let Ok(memory) = item.cast::<Memory>() {
        return Some(memory.get().native().clone().into());
    }
    if let Ok(table) = item.cast::<Table>() {
        return Some(table.get().native().clone().into());
    }
    if let Ok(tag) = item.cast::<Tag>() {
        return Some(tag.get().native().clone().into());
    }
    let global = item.cast::<Global>().ok()?;
    Some(global.get().native().clone().into())
}
