//! Resources: things that stay where they are, and cross as handles.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::resources::Object;
use super::types::ResourceType;
use crate::{Error, Result, Store};

/// A resource: of a guest, or of the host. Cheap to clone; all clones are one.
#[derive(Clone, Debug, PartialEq)]
pub enum Resource {
    /// Of a guest.
    Guest(GuestResource),
    /// Of the host.
    Host(HostResource),
}

/// A resource of a guest that the host has a handle to. Cheap to clone; all clones are one. May be used from many
/// threads.
///
/// Close it when you are done: the guest's destructor runs then. If you only drop it, the next call of a
/// component of its store closes it. A resource that a guest lets a host function borrow is valid until that function
/// returns, and is not closed.
#[derive(Clone)]
pub struct GuestResource(Arc<Guest>);

struct Guest {
    store: Store,
    handle: u64,
    ty: ResourceType,
    is_own: bool,
}

impl GuestResource {
    pub(crate) fn new(store: &Store, handle: u64, ty: &ResourceType, is_own: bool) -> Self {
        GuestResource(Arc::new(Guest {
            store: store.clone(),
            handle,
            ty: ty.clone(),
            is_own,
        }))
    }

    /// Its type.
    pub fn ty(&self) -> &ResourceType {
        &self.0.ty
    }

    /// The store it lives in.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The number that it crosses as in frames.
    pub fn handle(&self) -> u64 {
        self.0.handle
    }

    /// Releases the resource: the guest's destructor runs now or, if calls of components of this store are running, when
    /// they have returned. Closing a resource that was closed or given away is not an error.
    ///
    /// # Errors
    /// `busy` if a call in flight borrows it; the error of the destructor, if it fails.
    pub fn close(&self) -> Result<()> {
        match self.0.is_own {
            true => self.0.store.close_resource(self.0.handle),
            false => Ok(()),
        }
    }

    /// Whether it can be used no more: it was closed or given away, or its store was closed.
    ///
    /// # Errors
    /// `busy` and the like if the store cannot be asked.
    pub fn is_closed(&self) -> Result<bool> {
        let store = &self.0.store;
        store.has_resource(self.0.handle).map(|it| !it)
    }

    /// The handle, for a call in the store of a number.
    pub(crate) fn handle_in(&self, store: usize) -> Result<u64> {
        match self.0.store.number() == store {
            true => Ok(self.0.handle),
            false => Err(Error::wrong_store("resource")),
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        if self.is_own {
            self.store.inner().drop_later(self.handle);
        }
    }
}

impl PartialEq for GuestResource {
    fn eq(&self, other: &GuestResource) -> bool {
        self.0.handle == other.0.handle
    }
}

impl fmt::Debug for GuestResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.ty.name().unwrap_or("resource");
        write!(f, "GuestResource({name} {})", self.0.handle as u32)
    }
}

/// An object of the host that guests use as a resource. Cheap to clone; all clones are one.
///
/// A guest that gets one keeps it until it drops it or gives it back; the object itself never moves. It is dropped
/// when neither the host nor a guest has it any more. If the guest had it last, it is dropped after the call, or with the
/// store.
#[derive(Clone)]
pub struct HostResource(pub(crate) Object);

impl HostResource {
    /// Makes a resource of an object.
    pub fn new<T: Any + Send + Sync>(object: T) -> HostResource {
        HostResource(Arc::new(object))
    }

    /// The same for an object that is shared already.
    pub fn shared(object: Arc<dyn Any + Send + Sync>) -> HostResource {
        HostResource(object)
    }

    /// The object, if it is of this type.
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }

    /// The object.
    pub fn object(&self) -> &Arc<dyn Any + Send + Sync> {
        &self.0
    }
}

impl PartialEq for HostResource {
    fn eq(&self, other: &HostResource) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for HostResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostResource")
    }
}
