//! Python: a stub.

use landbridge::{Error, ErrorKind, World};

pub(super) fn write(_world: &World, _name: &str) -> Result<String, Error> {
    Err(Error::new(ErrorKind::Unsupported, "not yet"))
}
