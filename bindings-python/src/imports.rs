//! Imports: what Python lends to a module.

use std::sync::Arc;

use landbridge::{self as lb, Error, ErrorKind, Extern, ExternType, ImportType};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyType};

use crate::callable::host_func;
use crate::exports::Exports;
use crate::func;
use crate::global::Global;
use crate::guard::Fault;
use crate::instance::Instance;
use crate::kept::Roots;
use crate::memory::Memory;
use crate::table::Table;
use crate::tag::Tag;
use crate::value;

/// Takes what `module` asks for out of mappings, objects with attributes and instances. What of it
/// is Python's, `roots` keep.
pub(crate) fn lend(
    module: &lb::Module,
    given: Option<&Bound<'_, PyAny>>,
    roots: &Arc<Roots>,
) -> Result<lb::Imports, Fault> {
    let mut imports = lb::Imports::new();
    let Some(given) = given.filter(|given| !given.is_none()) else {
        return Ok(imports);
    };
    let mut is_missing = false;
    for import in module.imports() {
        if let Some(space) = look_up(given, &import.module)?
            && let Some(item) = look_up(&space, &import.name)?
        {
            put(&mut imports, import, &item, roots)?;
        } else {
            is_missing |= !lb::given::is_provided(&import.module, &import.name);
        }
    }
    if is_missing {
        offer(&mut imports, given)?;
    }
    Ok(imports)
}

/// The most names that are told the core of what was given.
const OFFERED: usize = 1000;

/// Tells the core what else was given, for the message about what is missing.
fn offer(imports: &mut lb::Imports, given: &Bound<'_, PyAny>) -> Result<(), Fault> {
    let mut left = OFFERED;
    for (name, space) in names_of(given)? {
        if space.is_callable() || native(&space).is_some() {
            imports.offer(None, &name);
        }
        for (inner, _) in names_of(&space)?.into_iter().take(left) {
            imports.offer(Some(&name), &inner);
            left -= 1;
        }
    }
    Ok(())
}

/// The names that a dict has, or an object in its own; none of another mapping, which may make them.
fn names_of<'py>(place: &Bound<'py, PyAny>) -> Result<Vec<(String, Bound<'py, PyAny>)>, Fault> {
    let own = match place.cast::<PyDict>() {
        Ok(dict) => Some(dict.clone()),
        Err(_) if place.is_instance_of::<PyModule>() => None,
        Err(_) => {
            let own = place.getattr_opt("__dict__")?;
            own.and_then(|own| own.cast_into::<PyDict>().ok())
        }
    };
    let items = own.iter().flat_map(|dict| dict.iter()).take(OFFERED);
    let named = items.filter_map(|(name, item)| Some((name.extract().ok()?, item)));
    Ok(named.collect())
}

fn look_up<'py>(place: &Bound<'py, PyAny>, name: &str) -> Result<Option<Bound<'py, PyAny>>, Fault> {
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

fn put(
    imports: &mut lb::Imports,
    import: &ImportType,
    item: &Bound<'_, PyAny>,
    roots: &Arc<Roots>,
) -> Result<(), Fault> {
    let (module, name) = (&import.module, &import.name);
    if let Some(item) = native(item) {
        imports.define(module, name, item);
    } else if item.is_callable() {
        imports.host_func(module, name, host_func(item, roots)?);
    } else if let ExternType::Global(ty) = &import.ty {
        let place = || place(import);
        imports.value(module, name, value::lower(item, ty.content, roots, &place)?);
    } else {
        return Err(not_lendable(import, item));
    }
    Ok(())
}

/// Names an import for messages, as the core does.
fn place(import: &ImportType) -> String {
    let (module, name) = (lb::text::name(&import.module), lb::text::name(&import.name));
    format!("{module}.{name}: {}", import.ty)
}

/// What lives in a store already.
fn native(item: &Bound<'_, PyAny>) -> Option<Extern> {
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

fn not_lendable(import: &ImportType, item: &Bound<'_, PyAny>) -> Fault {
    let given = item.get_type().name();
    let given = given.map_or_else(|_| "an object".to_owned(), |name| name.to_string());
    let place = place(import);
    let text = format!("{place}: expected a callable or an item of a store, got {given}");
    Error::new(ErrorKind::Link, text).into()
}
