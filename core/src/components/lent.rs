//! The handles among the arguments of a call: they are checked before it, and borrows stay until it returns.

use wasmtime::component::ResourceType as EngineResource;

use super::frame::WitArgs;
use super::walk::{self, Handle, Holds};
use super::wrong::{self, Wrong};
use crate::store::Inner;
use crate::{Result, WitFuncType, WitType};

/// What is lent to a call, until it is dropped.
pub(crate) struct Lent<'a> {
    store: &'a Inner,
    handles: Vec<u64>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut resources = self.store.resources().borrow_mut();
        self.handles
            .iter()
            .for_each(|it| resources.lend(*it, false));
    }
}

/// Checks all handles of a frame of arguments.
///
/// # Errors
/// `closed`, `type`, `busy`, with the place of the handle; `type` if the frame is malformed.
pub(crate) fn check<'a>(
    store: &'a Inner,
    ty: &WitFuncType,
    resources: &[(u32, EngineResource)],
    args: &WitArgs<'_>,
) -> Result<Lent<'a>> {
    let mut lent = Lent {
        store,
        handles: Vec::new(),
    };
    let mut given = Vec::new();
    walk::handles(args.bytes, ty, Holds::Arguments, &mut |handle| {
        lent.add(handle, resources, &mut given)
    })?;
    Ok(lent)
}

impl Lent<'_> {
    fn add(
        &mut self,
        handle: &Handle<'_>,
        resources: &[(u32, EngineResource)],
        given: &mut Vec<u64>,
    ) -> Result<(), Wrong> {
        let of = handle.of;
        let Some((_, wanted)) = resources.iter().find(|(index, _)| *index == of.index) else {
            let known = WitType::Own(of.clone());
            return Err(wrong::other(known, "a resource of another component"));
        };
        let resources = self.store.resources();
        let number = handle.number;
        resources.borrow().check(number, *wanted, handle.is_own)?;
        // Lent and given in one call, or given twice: the first wins.
        if given.contains(&number) {
            return Err(super::resources::gone().into());
        }
        if handle.is_own {
            given.push(number);
        } else {
            resources.borrow_mut().lend(number, true);
            self.handles.push(number);
        }
        Ok(())
    }
}
