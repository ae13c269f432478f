//! Tag: what tells one sort of exception from another.

use landbridge::{Result, Store, Tag};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle};

pub(crate) const TABLE: &[(&str, Native)] = &[("tagNew", new)];

impl Noun for Tag {
    const NAME: &'static str = "Tag";
}

/// `tagNew(store, params)`
fn new(call: &CallbackInfo) -> Result<Js> {
    let (store, side) = call.sided::<Store>(0)?;
    handle(call.env, (Tag::new(store, &call.types(1)?)?, side.clone()))
}
