//! Tag: what tells one sort of exception from another.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::store::Context;
use crate::{Error, ErrorKind, FuncType, Identity, Result, Store, Type};

/// The tag of exceptions in a store: it says which sort an exception is of, and the types of its
/// payload. Cheap to clone; all clones are one tag.
#[derive(Clone)]
pub struct Tag(Arc<Inner>);

struct Inner {
    store: Store,
    tag: wasmtime::Tag,
    ty: FuncType,
    identity: Identity,
    /// Whether a host made it.
    is_made: bool,
    /// Whether a guest, or an exception, may have it.
    is_given: AtomicBool,
}

impl Tag {
    /// Makes a tag that can be provided to modules in this store; its exceptions carry values of these
    /// types.
    ///
    /// Once it was provided to a module, or an exception was made with it, it stays as long as its store.
    /// Otherwise its room is used again when the last clone is dropped.
    ///
    /// # Errors
    /// `limit` if there are more than 1000 types, or as [`Func::new`](crate::Func::new); `closed`.
    pub fn new(store: &Store, params: &[Type]) -> Result<Tag> {
        let limit = |e| Error::from_engine(e, ErrorKind::Limit);
        let ty = FuncType::new(params, []);
        store.enter(|ctx| {
            let _section = store.inner().variant()?.section()?;
            let engine_ty = wasmtime::TagType::new(ty.engine(store.wasmtime()?)?);
            if let Some(spare) = store.spare_tag(&ty) {
                return Ok(Tag::of(ctx, spare, true));
            }
            store.count_made()?;
            let tag = wasmtime::Tag::new(&mut ctx.engine, &engine_ty).map_err(limit)?;
            Ok(Tag::of(ctx, tag, true))
        })
    }

    pub(crate) fn from_engine(ctx: &Context<'_>, tag: wasmtime::Tag) -> Tag {
        Tag::of(ctx, tag, false)
    }

    fn of(ctx: &Context<'_>, tag: wasmtime::Tag, is_made: bool) -> Tag {
        Tag(Arc::new(Inner {
            store: ctx.store().clone(),
            ty: FuncType::of(tag.ty(&ctx.engine).ty()),
            identity: Identity::of_item(ctx.store(), &tag),
            tag,
            is_made,
            is_given: AtomicBool::new(false),
        }))
    }

    /// The engine's tag for a guest or an exception, if it lives in this store.
    pub(crate) fn in_store(&self, store: &Store) -> Result<wasmtime::Tag> {
        if !self.0.store.same(store) {
            return Err(Error::wrong_store("tag"));
        }
        self.0.is_given.store(true, Ordering::Relaxed);
        Ok(self.0.tag)
    }

    /// The store it lives in.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The types of the payload of its exceptions, as the parameters of a signature without results.
    pub fn ty(&self) -> &FuncType {
        &self.0.ty
    }

    /// Whether both are one tag of one store. Holds when the store is closed, too.
    pub fn same(&self, other: &Tag) -> bool {
        self.0.identity == other.0.identity
    }

    /// See [`Identity`].
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }
}

impl Drop for Inner {
    /// What no guest has seen can be used again.
    fn drop(&mut self) {
        if self.is_made && !*self.is_given.get_mut() && !self.store.is_closed() {
            self.store.keep_tag(&self.ty, self.tag);
        }
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag{}", crate::types::list(self.ty().params()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    #[test]
    fn the_room_of_a_tag_that_nobody_saw_is_used_again() {
        let store = Store::new(&Engine::shared().unwrap()).unwrap();
        let tag = |ty| Tag::new(&store, &[ty]).unwrap();
        let first = tag(Type::I32).0.identity.clone();
        for _ in 0..100 {
            assert_eq!(tag(Type::I32).0.identity, first);
            assert_ne!(tag(Type::I64).0.identity, first);
        }
        let (one, two) = (tag(Type::I32), tag(Type::I32));
        assert_ne!(one, two);
        one.in_store(&store).unwrap();
        drop((one, two));
        assert_ne!(tag(Type::I32).0.identity, first, "a guest may have it");
    }
}
