//! Finds by name what an instance of a component exports.

use std::sync::Arc;

use wasmtime::component::ResourceType as EngineResource;
use wasmtime::component::types::ComponentItem;

use super::made::MadeComponent;
use super::shapes::resources_of;
use crate::{Error, ErrorKind, Instance, Module, Result, WitFunc, text};

/// A function.
pub(crate) fn func(instance: &Instance, made: &Arc<MadeComponent>, name: &str) -> Result<WitFunc> {
    let found = instance.module().world_or_why()?.find(name)?;
    let store = instance.store();
    store.enter(|ctx| {
        let missing = || {
            let text = format!("the engine finds no function {}", text::quoted(name));
            Error::new(ErrorKind::Internal, text)
        };
        let within = match found.interface.as_deref() {
            Some(interface) => {
                let found = made
                    .instance
                    .get_export_index(&mut ctx.engine, None, interface);
                Some(found.ok_or_else(missing)?)
            }
            None => None,
        };
        let index = made
            .instance
            .get_export_index(&mut ctx.engine, within.as_ref(), &found.name);
        let func = made
            .instance
            .get_func(&mut ctx.engine, index.ok_or_else(missing)?);
        let func = func.ok_or_else(missing)?;
        let engine_ty = func.ty(&ctx.engine);
        let resources = resources_of(&found.ty, &engine_ty);
        if !resources.is_empty() {
            let mut known = store.inner().resources().borrow_mut();
            let types = resources.iter().map(|(_, ty)| *ty);
            types.for_each(|ty| known.is_made_by(ty, made.clone()));
        }
        Ok(WitFunc::new(
            instance,
            made,
            func,
            name,
            found.ty.clone(),
            resources,
        ))
    })
}

/// Why a component has no function of this name for those who call functions of core modules.
#[cold]
pub(crate) fn no_core_func(module: &Module, name: &str) -> Error {
    match module.world_or_why().and_then(|world| world.find(name)) {
        Ok(found) => Error::new(
            ErrorKind::Unsupported,
            format!(
                "{} is a function of a component, with types of WIT: {}; get it with wit_func (witFunc in Java, \
                 lb_instance_wit_func in C)",
                text::quoted(name),
                text::of(&found.ty)
            ),
        ),
        Err(error) => error,
    }
}

/// The type of a resource of an interface.
pub(crate) fn resource(
    instance: &Instance,
    made: &MadeComponent,
    interface: &str,
    name: &str,
) -> Result<EngineResource> {
    instance.store().enter(|ctx| {
        let missing = || {
            let text = format!(
                "no resource {} is exported by {}",
                text::quoted(name),
                text::quoted(interface)
            );
            Error::new(ErrorKind::Link, text)
        };
        let within = made
            .instance
            .get_export_index(&mut ctx.engine, None, interface);
        let within = within.ok_or_else(missing)?;
        match made
            .instance
            .get_export(&mut ctx.engine, Some(&within), name)
        {
            Some((ComponentItem::Resource(ty), _)) => Ok(ty),
            _ => Err(missing()),
        }
    })
}
