//! Tag: what tells one sort of exception from another.

use std::sync::Arc;

use landbridge::{ExternType, Result, Store, Tag, Type, frame};

pub(crate) fn new(store: Arc<Store>, params: Vec<u8>) -> Result<Tag> {
    Tag::new(&store, &frame::read::<Vec<Type>>(&params)?)
}

pub(crate) fn ty(tag: Arc<Tag>) -> Result<Vec<u8>> {
    frame::write(&ExternType::Tag(tag.ty().clone()))
}

pub(crate) fn same(a: Arc<Tag>, b: Arc<Tag>) -> Result<bool> {
    Ok(a.same(&b))
}
