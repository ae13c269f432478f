//! Resources: things that stay where they are, and cross as handles.

use std::any::Any;
use std::sync::Arc;

/// A resource: of a guest, or of the host. Cheap to clone; all clones are one.
#[derive(Clone)]
pub enum Resource {
    /// Of a guest.
    Guest(GuestResource),
    /// Of the host.
    Host(HostResource),
}

/// A resource of a guest.
#[derive(Clone)]
pub struct GuestResource(pub(crate) Arc<()>);

/// An object of the host that a guest has a handle to.
#[derive(Clone)]
pub struct HostResource(pub(crate) Arc<dyn Any + Send + Sync>);

impl PartialEq for Resource {
    fn eq(&self, other: &Resource) -> bool {
        match (self, other) {
            (Resource::Guest(a), Resource::Guest(b)) => Arc::ptr_eq(&a.0, &b.0),
            (Resource::Host(a), Resource::Host(b)) => Arc::ptr_eq(&a.0, &b.0),
            _ => false,
        }
    }
}

impl std::fmt::Debug for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Resource::Guest(_) => "Resource(of a guest)",
            Resource::Host(_) => "Resource(of the host)",
        })
    }
}
