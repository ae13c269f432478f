//! Lend: the user's objects as what a component imports.

use std::sync::Arc;

use landbridge::host::wit::interface_fits;
use landbridge::{
    self as lb, Error, ErrorKind, FuncDef, FuncRole, Imports, Interface, TypeKind, World,
    WorldItem, text,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString, PyType};

use super::host::{HostFunction, Target};
use super::names::{camel, short, snake};
use super::types::Types;
use crate::guard::Fault;
use crate::instance::Instance;
use crate::kept::{Lent, Roots};
use crate::place::{look_up, names_of};

/// What lends functions of one component.
struct Lender<'a, 'py> {
    py: Python<'py>,
    imports: &'a mut Imports,
    roots: &'a Arc<Roots>,
    types: Bound<'py, Types>,
    kept: Arc<Lent>,
}

/// Takes what a component asks for out of mappings, objects with attributes and instances.
pub(crate) fn lend(
    module: &lb::Module,
    given: &Bound<'_, PyAny>,
    roots: &Arc<Roots>,
    imports: &mut Imports,
) -> Result<(), Fault> {
    let py = given.py();
    let Some(world) = module.world() else {
        return Ok(());
    };
    let types = Types::new(py, module, None)?;
    let mut lender = Lender {
        py,
        imports,
        roots,
        kept: Arc::new(Lent::new(roots, types.clone_ref(py).into_any())),
        types: types.into_bound(py),
    };
    let own = look_up(given, "")?;
    let mut is_missing = false;
    for item in &world.imports {
        match item {
            WorldItem::Interface(it) => is_missing |= !lender.interface(it, given)?,
            WorldItem::Func(func) => {
                let mut is_lent = false;
                for place in own.iter().chain([given]) {
                    is_lent = is_lent || lender.func("", func, place)?;
                }
                is_missing |= !is_lent;
            }
            WorldItem::Type(def) if matches!(def.kind, TypeKind::Resource(_)) => {
                let mut places = own.iter().chain([given]);
                if places.any(|it| member(it, &def.name, camel).is_ok_and(|it| it.is_some())) {
                    lender.imports.wit_resource("", &def.name);
                }
            }
            _ => {}
        }
    }
    if is_missing {
        lender.offer_others(world, given)?;
    }
    Ok(())
}

impl Lender<'_, '_> {
    /// Lends the functions of an interface; whether all are there.
    fn interface(&mut self, it: &Interface, given: &Bound<'_, PyAny>) -> Result<bool, Fault> {
        let Some(space) = space(&it.name, given)? else {
            return Ok(it.funcs.is_empty());
        };
        if let Ok(instance) = space.cast::<Instance>() {
            self.imports.instance(&it.name, instance.get().native())?;
            return Ok(true);
        }
        let mut lent = Vec::new();
        for func in &it.funcs {
            if self.func(&it.name, func, &space)? {
                lent.push(&*func.name);
            }
        }
        for def in &it.types {
            let TypeKind::Resource(_) = &def.kind else {
                continue;
            };
            if member(&space, &def.name, camel)?.is_some() && lent.is_empty() {
                self.imports.wit_resource(&it.name, &def.name);
            }
        }
        if lent.len() < it.funcs.len() {
            for (name, item) in names_of(&space)? {
                if item.is_callable() {
                    self.imports.offer(Some(&it.name), &name);
                }
            }
        }
        Ok(lent.len() == it.funcs.len())
    }

    /// Tells core what was given by names that the component does not know, so that it can say what was meant.
    fn offer_others(&mut self, world: &World, given: &Bound<'_, PyAny>) -> Result<(), Fault> {
        let is_known = |name: &str| {
            world.imports.iter().any(|item| match item {
                WorldItem::Interface(it) => {
                    interface_fits(name, &it.name).is_some() || name == snake(short(&it.name))
                }
                WorldItem::Func(func) => *name == *func.name || name == snake(&func.name),
                _ => false,
            })
        };
        for (name, item) in names_of(given)? {
            if name.starts_with('_') || is_known(&name) {
                continue;
            }
            if item.is_callable() && !item.is_instance_of::<PyType>() {
                self.imports.offer(Some(""), &name);
                continue;
            }
            for (member, _) in names_of(&item)?.iter().filter(|(_, it)| it.is_callable()) {
                self.imports.offer(Some(&name), member);
            }
        }
        Ok(())
    }

    /// Lends a function, if it is there.
    fn func(
        &mut self,
        interface: &str,
        func: &FuncDef,
        space: &Bound<'_, PyAny>,
    ) -> Result<bool, Fault> {
        let Some(found) = target(func, space)? else {
            return Ok(false);
        };
        let (target, takes_caller) = match found {
            Found::Callable(callable) => {
                if !callable.is_callable() {
                    return Err(not_callable(interface, func, &callable));
                }
                let flag = callable.getattr_opt("__wasm_caller__")?;
                let flag = flag.map_or(Ok(false), |flag| flag.is_truthy())?;
                (
                    Target::Callable(Lent::new(self.roots, callable.unbind())),
                    flag,
                )
            }
            Found::Method(name, function) => {
                let flag = function.getattr_opt("__wasm_caller__")?;
                let flag = flag.map_or(Ok(false), |flag| flag.is_truthy())?;
                let name = PyString::intern(self.py, &name).into_any();
                (Target::Method(self.types.get().keep(name)), flag)
            }
        };
        let plan = |ty: &lb::WitType| self.types.get().plan(self.py, ty);
        let params = func.ty.params.iter().map(|it| plan(&it.ty));
        let host = HostFunction {
            target,
            types: self.kept.clone(),
            params: params.collect::<PyResult<_>>()?,
            result: func.ty.result.as_ref().map(plan).transpose()?,
            takes_caller,
            has_handles: has_handles(&func.ty),
        };
        self.imports.wit(interface, &func.name, Arc::new(host));
        Ok(true)
    }
}

/// Whether there are resources in a function's type.
fn has_handles(ty: &lb::WitFuncType) -> bool {
    let told = ty.params.iter().map(|it| &it.ty).chain(&ty.result);
    told.into_iter().any(is_handle)
}

/// Whether there are resources in a type.
fn is_handle(ty: &lb::WitType) -> bool {
    use lb::WitType as T;
    match ty {
        T::Own(_) | T::Borrow(_) => true,
        T::List(of) | T::Option(of) => is_handle(of),
        T::Record(of) => of.fields.iter().any(|it| is_handle(&it.ty)),
        T::Tuple(of) => of.iter().any(is_handle),
        T::Variant(of) => of
            .cases
            .iter()
            .filter_map(|it| it.ty.as_ref())
            .any(is_handle),
        T::Result(of) => of.ok.iter().chain(&of.err).any(is_handle),
        _ => false,
    }
}

enum Found<'py> {
    Callable(Bound<'py, PyAny>),
    /// Of the object that comes first: a name, and what its class has there.
    Method(String, Bound<'py, PyAny>),
}

/// What is called for a function: the one of its name, or a member of the class of its resource.
fn target<'py>(func: &FuncDef, space: &Bound<'py, PyAny>) -> Result<Option<Found<'py>>, Fault> {
    if let Some(found) = exact(space, &func.name)? {
        return Ok(Some(Found::Callable(found)));
    }
    let Some(resource) = func.resource() else {
        return Ok(member(space, func.own_name(), snake)?.map(Found::Callable));
    };
    let Some(class) = member(space, resource, camel)? else {
        return Ok(None);
    };
    if let FuncRole::Constructor(_) = func.role {
        return Ok(Some(Found::Callable(class)));
    }
    let name = snake(func.own_name());
    let Some(found) = class.getattr_opt(&*name)? else {
        return Ok(None);
    };
    Ok(Some(match func.role {
        FuncRole::Method(_) => Found::Method(name, found),
        _ => Found::Callable(found),
    }))
}

/// What has just the name that a function has in its component, such as `[method]journal.write`.
fn exact<'py>(space: &Bound<'py, PyAny>, name: &str) -> Result<Option<Bound<'py, PyAny>>, Fault> {
    match name.starts_with('[') {
        true => look_up(space, name),
        false => Ok(None),
    }
}

/// A member of an object by Python's spelling, or by its name in WIT.
fn member<'py>(
    space: &Bound<'py, PyAny>,
    name: &str,
    spell: fn(&str) -> String,
) -> Result<Option<Bound<'py, PyAny>>, Fault> {
    let spelt = spell(name);
    match look_up(space, &spelt)? {
        None if spelt != name => look_up(space, name),
        found => Ok(found),
    }
}

/// What implements an interface: by its name in WIT, long or short, or in Python's spelling.
fn space<'py>(
    interface: &str,
    given: &Bound<'py, PyAny>,
) -> Result<Option<Bound<'py, PyAny>>, Fault> {
    if let Some(exact) = look_up(given, interface)? {
        return Ok(Some(exact));
    }
    let is_mapping = given.cast::<PyDict>().is_ok() || given.cast::<PyMapping>().is_ok();
    if is_mapping {
        let mut best: Option<(u32, Bound<'py, PyAny>)> = None;
        for key in given.try_iter()? {
            let key = key?;
            let Ok(name) = key.cast::<PyString>() else {
                continue;
            };
            let Some(rank) = interface_fits(&name.to_string_lossy(), interface) else {
                continue;
            };
            if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                best = Some((rank, key));
            }
        }
        if let Some((_, key)) = best {
            return Ok(Some(given.get_item(key)?));
        }
    }
    look_up(given, &snake(short(interface)))
}

#[cold]
fn not_callable(interface: &str, func: &FuncDef, item: &Bound<'_, PyAny>) -> Fault {
    let given = super::wrong::class_name(item);
    let of = if interface.is_empty() { "" } else { "#" };
    let text = format!(
        "{}{of}{}: expected a callable, got {given}",
        text::name(interface),
        text::name(&func.name)
    );
    Error::new(ErrorKind::Link, text).into()
}
