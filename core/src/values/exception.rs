//! Exception: what a guest or a host throws, with its tag and what it carries.

use std::fmt;
use std::sync::{Arc, OnceLock};

use wasmtime::{OwnedRooted, Rooted, Val};

use crate::gc::{internal, same_root};
use crate::store::Context;
use crate::{Error, ErrorKind, Result, Store, Tag, Value, messages};

/// An exception of WebAssembly. Cheap to clone; all clones are one exception.
///
/// A host function throws one by returning [`Error::from`] it; the guest can catch it by its tag.
/// One that is not caught comes out of the call as an [`Error`] of kind `exception`, see
/// [`Error::exception`].
#[derive(Clone)]
pub struct Exception(Arc<Inner>);

struct Inner {
    store: Store,
    tag: Tag,
    root: OwnedRooted<wasmtime::ExnRef>,
    /// Of one in an error: what it carries.
    payload: OnceLock<Vec<Value>>,
}

impl Exception {
    /// Makes an exception, to be thrown or passed to a guest.
    ///
    /// # Errors
    /// `type` if the payload does not fit the tag, `wrong_store`, `limit` if there is no room,
    /// `closed`.
    pub fn new(tag: &Tag, payload: &[Value]) -> Result<Exception> {
        let types = tag.ty().params();
        if types.len() != payload.len() {
            return Err(Error::count(messages::payload(), types, payload.len()));
        }
        tag.store().scoped(|ctx| {
            let root = make(ctx, tag, payload)?;
            Exception::lift(ctx, root)
        })
    }

    /// Guest to host.
    pub(crate) fn lift(ctx: &mut Context<'_>, exn: Rooted<wasmtime::ExnRef>) -> Result<Exception> {
        let tag = exn.tag(&mut ctx.engine).map_err(internal)?;
        Ok(Exception(Arc::new(Inner {
            store: ctx.store().clone(),
            tag: Tag::from_engine(ctx, tag),
            root: exn.to_owned_rooted(&mut ctx.engine).map_err(internal)?,
            payload: OnceLock::new(),
        })))
    }

    /// Host to guest.
    pub(crate) fn lower(&self, ctx: &mut Context<'_>) -> Result<Rooted<wasmtime::ExnRef>> {
        match self.0.store.same(ctx.store()) {
            true => Ok(self.0.root.to_rooted(&mut ctx.engine)),
            false => Err(Error::wrong_store("exception")),
        }
    }

    /// The store it lives in.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Which sort of exception it is.
    pub fn tag(&self) -> &Tag {
        &self.0.tag
    }

    /// Its payload: values of the types of its tag.
    ///
    /// # Errors
    /// `closed` if the store is, unless the exception is in an [`Error`].
    pub fn payload(&self) -> Result<Vec<Value>> {
        if let Some(kept) = self.0.payload.get() {
            return Ok(kept.clone());
        }
        self.0.store.scoped(|ctx| self.read(ctx))
    }

    fn read(&self, ctx: &mut Context<'_>) -> Result<Vec<Value>> {
        let exn = self.lower(ctx)?;
        let fields = 0..self.tag().ty().params().len();
        let field = |i| {
            let value = exn.field(&mut ctx.engine, i).map_err(internal)?;
            Value::lift(ctx, &value)
        };
        fields.map(field).collect()
    }

    /// Keeps the payload for when the store is closed. Exceptions in it do not keep theirs, so that
    /// no chain of them is held together here, which would be dropped by recursion.
    pub(crate) fn keep_payload(&self, ctx: &mut Context<'_>) -> Result<()> {
        let payload = self.read(ctx)?;
        let _ = self.0.payload.set(payload);
        Ok(())
    }

    /// Whether both are one exception of one store.
    pub fn same(&self, other: &Exception) -> bool {
        let (this, other) = (&self.0, &other.0);
        Arc::ptr_eq(this, other)
            || this.store.same(&other.store) && same_root(&this.store, &this.root, &other.root)
    }
}

fn make(ctx: &mut Context<'_>, tag: &Tag, payload: &[Value]) -> Result<Rooted<wasmtime::ExnRef>> {
    let engine_tag = tag.in_store(ctx.store())?;
    let engine_ty = engine_tag.ty(&ctx.engine);
    let place = |i| move || messages::payload_value(i + 1);
    let each = payload.iter().zip(engine_ty.ty().params()).enumerate();
    let fields = each.map(|(i, (value, ty))| value.lower(ctx, &ty, &place(i)));
    let fields: Vec<Val> = fields.collect::<Result<_>>()?;
    let ty = wasmtime::ExnType::from_tag_type(&engine_ty).map_err(internal)?;
    let room = wasmtime::ExnRefPre::new(&mut ctx.engine, ty);
    wasmtime::ExnRef::new(&mut ctx.engine, &room, &engine_tag, &fields)
        .map_err(|e| Error::from_engine(e, ErrorKind::Limit))
}

impl PartialEq for Exception {
    fn eq(&self, other: &Exception) -> bool {
        self.same(other)
    }
}

impl fmt::Debug for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exception({:?}, {:?})", self.tag(), self.0.payload.get())
    }
}
