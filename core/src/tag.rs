//! Tag: what tells one sort of exception from another.

use std::fmt;

use crate::store::Context;
use crate::{Error, ErrorKind, FuncType, Result, Store, Type};

/// The tag of an exception, in a store: which sort it is of, and the types of what it carries.
/// Cheap to clone.
#[derive(Clone)]
pub struct Tag {
    store: Store,
    tag: wasmtime::Tag,
    ty: FuncType,
    /// The engine's numbers of the tag, so that tags can be compared when their store is closed.
    key: Box<str>,
}

impl Tag {
    /// Makes a tag that can be lent to modules in this store; its exceptions carry values of these
    /// types.
    ///
    /// # Errors
    /// `limit` if there are more than 1000 types or there is no room, `closed`.
    pub fn new(store: &Store, params: &[Type]) -> Result<Tag> {
        let limit = |e| Error::from_engine(e, ErrorKind::Limit);
        let ty = FuncType::new(params, []);
        let _section = store.inner().variant()?.section()?;
        let engine_ty = wasmtime::TagType::new(ty.engine(store.wasmtime()?)?);
        store.enter(|ctx| {
            let tag = wasmtime::Tag::new(&mut ctx.engine, &engine_ty).map_err(limit)?;
            Ok(Tag::from_engine(ctx, tag))
        })
    }

    pub(crate) fn from_engine(ctx: &Context<'_>, tag: wasmtime::Tag) -> Tag {
        Tag {
            store: ctx.store().clone(),
            ty: FuncType::of(tag.ty(&ctx.engine).ty()),
            key: format!("{tag:?}").into(),
            tag,
        }
    }

    /// The engine's tag, if it lives in this store.
    pub(crate) fn in_store(&self, store: &Store) -> Result<wasmtime::Tag> {
        match self.store.same(store) {
            true => Ok(self.tag),
            false => Err(Error::wrong_store("tag")),
        }
    }

    /// The store it lives in.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The types of what its exceptions carry, as the parameters of a signature without results.
    pub fn ty(&self) -> &FuncType {
        &self.ty
    }

    /// Whether both are one tag of one store. Holds when the store is closed, too.
    pub fn same(&self, other: &Tag) -> bool {
        self.store.same(&other.store) && self.key == other.key
    }
}

impl PartialEq for Tag {
    fn eq(&self, other: &Tag) -> bool {
        self.same(other)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag{}", crate::types::list(self.ty.params()))
    }
}
