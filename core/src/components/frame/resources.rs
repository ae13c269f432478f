//! Resources in a frame: each is a handle of 8 bytes there, and has its object beside the frame while it is made or read.

use super::{WitReader, WitWriter};
use crate::components::resource::Resource;
use crate::{Error, ErrorKind, Result};

#[cold]
fn no_resource() -> Error {
    let text = "a frame that is read by itself has the numbers of resources, and not the resources";
    Error::new(ErrorKind::Type, text)
}

/// A resource that came in a frame.
#[derive(Debug)]
pub(crate) struct Crossed {
    /// Where its handle is.
    pub(crate) at: usize,
    /// Until it is read.
    resource: Option<Resource>,
    /// It is not what who read it wanted.
    pub(crate) is_wrong: bool,
}

impl Crossed {
    pub(crate) fn new(at: usize, resource: Resource) -> Crossed {
        Crossed {
            at,
            resource: Some(resource),
            is_wrong: false,
        }
    }
}

impl WitWriter<'_> {
    /// Adds a resource. Its handle is found when all is written, by the type of the function.
    pub(crate) fn resource(&mut self, resource: Resource) {
        let handle = match &resource {
            Resource::Guest(guest) => guest.handle(),
            Resource::Host(_) => 0,
        };
        self.resources.push((self.frame.at(), resource));
        self.raw(&handle.to_le_bytes());
    }

    /// The resources up to now, and where their handles are to be.
    pub(crate) fn take_resources(&mut self) -> Vec<(usize, Resource)> {
        std::mem::take(&mut self.resources)
    }

    /// Keeps resources for as long as the frame is there.
    pub(crate) fn keep_resources(&mut self, resources: Vec<(usize, Resource)>) {
        self.resources = resources;
    }

    /// Writes a handle where one is to be.
    pub(crate) fn set_handle(&mut self, at: usize, handle: u64) {
        self.frame.set(at, &handle.to_le_bytes());
    }
}

impl WitReader<'_> {
    /// A resource, once.
    pub(crate) fn resource(&mut self) -> Result<Resource> {
        let at = self.frame.at();
        self.frame.array::<8>()?;
        let found = self.crossed(at).and_then(|it| it.resource.take());
        found.ok_or_else(no_resource)
    }

    /// The error for a resource that was read last and is not what it should be.
    #[cold]
    pub(crate) fn wrong_resource(&mut self, why: &str) -> Error {
        if let Some(crossed) = self.crossed(self.frame.at() - 8) {
            crossed.is_wrong = true;
        }
        Error::new(ErrorKind::Type, why)
    }

    fn crossed(&mut self, at: usize) -> Option<&mut Crossed> {
        let found = self.resources.binary_search_by_key(&at, |it| it.at);
        found.ok().map(|i| &mut self.resources[i])
    }
}
