//! Tag: what tells one sort of exception from another.

use landbridge::{ExternType, Result, Tag};

use crate::env::Js;
use crate::guard::{Call, Native};
use crate::handle::Held;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("tagNew", new),
    ("tagId", id),
    ("tagType", ty),
    ("tagSame", same),
];

/// `tagNew(store, params)`
fn new(call: &Call) -> Result<Js> {
    let (store, side) = call.store(0)?;
    Held::Tag(Tag::new(store, &call.types(1)?)?, side.clone()).into_js(call.env)
}

/// `tagType(tag)`
fn ty(call: &Call) -> Result<Js> {
    let ty = call.tag(0)?.0.ty().clone();
    crate::module::extern_type(call.env, &ExternType::Tag(ty))
}

/// `tagSame(tag, other)`
fn same(call: &Call) -> Result<Js> {
    call.env.boolean(call.tag(0)?.0.same(call.tag(1)?.0))
}

/// `tagId(tag)`
fn id(call: &Call) -> Result<Js> {
    call.env.string(&call.tag(0)?.0.identity().to_string())
}
