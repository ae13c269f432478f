//! Imports: what Python lends to a module.

use std::sync::Arc;

use landbridge::{self as lb, Error, ErrorKind, ExternType, ImportType};
use pyo3::prelude::*;

use crate::callable::host_func;
use crate::guard::Fault;
use crate::kept::Roots;
use crate::place::{OFFERED, look_up, names_of, native};
use crate::value;
use crate::wit;

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
    if module.is_component() {
        wit::lend::lend(module, given, roots, &mut imports)?;
        return Ok(imports);
    }
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

fn not_lendable(import: &ImportType, item: &Bound<'_, PyAny>) -> Fault {
    let given = item.get_type().name();
    let given = given.map_or_else(|_| "an object".to_owned(), |name| name.to_string());
    let place = place(import);
    let text = format!("{place}: expected a callable or an item of a store, got {given}");
    Error::new(ErrorKind::Link, text).into()
}
