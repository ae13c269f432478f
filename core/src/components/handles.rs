//! Resources on their way from a host to a frame, where each is a handle, and back.

use wasmtime::component::ResourceType as EngineResource;

use super::frame::{Crossed, WitWriter};
use super::resource::{GuestResource, HostResource, Resource};
use super::resources::Resources;
use super::types::ResourceType;
use super::walk::{self, Holds};
use super::wrong::{self, Wrong};
use crate::store::Inner;
use crate::{Error, ErrorKind, Result, Store, WitFuncType, WitType};

/// What resources are given handles with.
pub(crate) struct Handles<'a> {
    store: &'a Inner,
    /// What the engine knows the resources of a function as.
    types: &'a [(u32, EngineResource)],
    /// Those that were made for objects of the host.
    made: Vec<u64>,
}

impl<'a> Handles<'a> {
    pub(crate) fn new(store: &'a Inner, types: &'a [(u32, EngineResource)]) -> Handles<'a> {
        Handles {
            store,
            types,
            made: Vec::new(),
        }
    }

    fn resources<R>(&self, what: impl FnOnce(&mut Resources) -> R) -> R {
        what(&mut self.store.resources().borrow_mut())
    }

    /// What the engine knows a resource as.
    fn wanted(&self, of: &ResourceType) -> Result<EngineResource, Wrong> {
        let found = self.types.iter().find(|(index, _)| *index == of.index);
        let own = || WitType::Own(of.clone());
        found.map_or_else(
            || Err(wrong::other(own(), "a resource of another type")),
            |(_, wanted)| Ok(*wanted),
        )
    }

    /// Refuses a handle that cannot be given.
    fn check(&self, of: &ResourceType, handle: u64, is_own: bool) -> Result<(), Wrong> {
        let wanted = self.wanted(of)?;
        self.resources(|it| it.check(handle, wanted, is_own))?;
        Ok(())
    }

    /// The handle that a resource crosses as.
    pub(crate) fn give(
        &mut self,
        of: &ResourceType,
        resource: &Resource,
        is_own: bool,
    ) -> Result<u64, Wrong> {
        let wanted = self.wanted(of)?;
        let handle = match resource {
            Resource::Guest(guest) => guest.handle_in(self.store.number())?,
            Resource::Host(host) => {
                let make = |it: &mut Resources| it.make(wanted, host.0.clone());
                let handle = self.resources(make)?;
                self.made.push(handle);
                handle
            }
        };
        self.resources(|it| it.check(handle, wanted, is_own))?;
        Ok(handle)
    }

    /// Gives handles to all resources that were written to a frame.
    pub(crate) fn give_all(
        &mut self,
        frame: &mut WitWriter<'_>,
        ty: &WitFuncType,
        holds: Holds<'_>,
    ) -> Result<()> {
        let written = frame.take_resources();
        let mut left = written.iter().peekable();
        let mut given = Vec::with_capacity(written.len());
        walk::handles(frame.lend()?.bytes, ty, holds, &mut |it| {
            if let Some((_, resource)) = left.next_if(|(at, _)| *at == it.at) {
                given.push((it.at, self.give(it.of, resource, it.is_own)?));
            }
            Ok(())
        })?;
        for (at, handle) in given {
            frame.set_handle(at, handle);
        }
        frame.keep_resources(written);
        Ok(())
    }

    /// Lets go of handles that no guest took.
    pub(crate) fn release(&mut self) {
        for handle in std::mem::take(&mut self.made) {
            let taken = self.resources(|it| it.take(handle));
            if let Ok(taken) = taken {
                self.store.let_go_of(taken);
            }
        }
    }
}

/// The resource that came as a handle. An object of the host that is given back is taken out.
pub(crate) fn take(
    store: &Store,
    of: &ResourceType,
    handle: u64,
    is_own: bool,
) -> Result<Resource> {
    let resources = store.inner().resources();
    let object = resources.borrow().object(handle)?;
    Ok(match object {
        Some(object) => {
            if is_own {
                let taken = resources.borrow_mut().take(handle)?;
                store.inner().let_go_of(taken);
            }
            Resource::Host(HostResource(object))
        }
        None => Resource::Guest(GuestResource::new(store, handle, of, is_own)),
    })
}

/// All resources that came in a frame.
pub(crate) fn take_all(
    store: &Store,
    frame: &[u8],
    ty: &WitFuncType,
    holds: Holds<'_>,
) -> Result<Vec<Crossed>> {
    let mut all = Vec::new();
    walk::handles(frame, ty, holds, &mut |it| {
        let resource = take(store, it.of, it.number, it.is_own)?;
        all.push(Crossed::new(it.at, resource));
        Ok(())
    })?;
    Ok(all)
}

/// Gives handles to the objects of a frame in which only their places stand.
pub(crate) fn objects_into(
    handles: &mut Handles<'_>,
    frame: &mut [u8],
    ty: &WitFuncType,
    holds: Holds<'_>,
    objects: &[HostResource],
) -> Result<()> {
    let mut given = Vec::new();
    walk::handles(frame, ty, holds, &mut |it| {
        if it.number >> 32 == 0 {
            let object = objects.get(it.number as usize).ok_or_else(no_object)?;
            let object = Resource::Host(object.clone());
            given.push((it.at, handles.give(it.of, &object, it.is_own)?));
        } else if matches!(holds, Holds::ResultOf(_)) {
            // Those of a call's arguments are checked when it begins.
            handles.check(it.of, it.number, it.is_own)?;
        }
        Ok(())
    })?;
    set_all(frame, &given);
    Ok(())
}

/// Takes the objects out of a frame, and leaves their places.
pub(crate) fn objects_out_of(
    store: &Store,
    frame: &mut [u8],
    ty: &WitFuncType,
    holds: Holds<'_>,
) -> Result<Vec<HostResource>> {
    let mut objects = Vec::new();
    let mut places = Vec::new();
    let resources = store.inner().resources();
    walk::handles(frame, ty, holds, &mut |it| {
        let Some(object) = resources.borrow().object(it.number)? else {
            return Ok(());
        };
        if it.is_own {
            let taken = resources.borrow_mut().take(it.number)?;
            store.inner().let_go_of(taken);
        }
        places.push((it.at, objects.len() as u64));
        objects.push(HostResource(object));
        Ok(())
    })?;
    set_all(frame, &places);
    Ok(objects)
}

fn set_all(frame: &mut [u8], numbers: &[(usize, u64)]) {
    for (at, number) in numbers {
        frame[*at..*at + 8].copy_from_slice(&number.to_le_bytes());
    }
}

#[cold]
fn no_object() -> Wrong {
    let text = "the frame is malformed: there is no such object beside it";
    Error::new(ErrorKind::Type, text).into()
}
