//! What an instance of a component exports, found by name.

use std::sync::Arc;

use wasmtime::component::ResourceType as EngineResource;
use wasmtime::component::types::ComponentItem;

use super::link::MadeComponent;
use super::shapes::{Shapes, resources_of};
use crate::{Error, ErrorKind, Instance, Result, WitFunc, text};

/// A function.
pub(crate) fn func(instance: &Instance, made: &Arc<MadeComponent>, name: &str) -> Result<WitFunc> {
    let store = instance.store();
    store.enter(|ctx| {
        let (interface, own) = match name.rsplit_once('#') {
            Some((interface, own)) => (Some(interface), own),
            None => (None, name),
        };
        let missing = || {
            let text = format!("no function is named {}", text::quoted(name));
            Error::new(ErrorKind::NotFound, text)
        };
        let within = match interface {
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
            .get_export_index(&mut ctx.engine, within.as_ref(), own);
        let func = made
            .instance
            .get_func(&mut ctx.engine, &index.ok_or_else(missing)?);
        let func = func.ok_or_else(missing)?;
        let engine_ty = func.ty(&ctx.engine);
        let ty = Shapes::default().func(&engine_ty)?;
        let resources = resources_of(&ty, &engine_ty);
        Ok(WitFunc::new(
            instance,
            made,
            func,
            name,
            ty.into(),
            resources,
        ))
    })
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
