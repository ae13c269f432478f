//! Exception: what a TaggedException of Java stands for.

use std::sync::Arc;

use landbridge::{Error, Exception, Result, Tag};

use crate::types::{Here, Longs, Objects};
use crate::value::{lift, lower};

pub(crate) fn new(tag: Arc<Tag>, bits: Here<Longs>, objects: Here<Objects>) -> Result<Exception> {
    let payload = lower(tag.ty().params(), bits, objects)?;
    Exception::new(&tag, &payload)
}

/// What the error says that throws it.
pub(crate) fn message(exception: Arc<Exception>) -> Result<String> {
    Ok(Error::from((*exception).clone()).message().to_owned())
}

pub(crate) fn tag(exception: Arc<Exception>) -> Result<Tag> {
    Ok(exception.tag().clone())
}

/// Fills the arrays, which have room for what the tag says.
pub(crate) fn payload(
    exception: Arc<Exception>,
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<()> {
    lift(&exception.payload()?, bits, objects)
}

pub(crate) fn same(a: Arc<Exception>, b: Arc<Exception>) -> Result<bool> {
    Ok(a.same(&b))
}
