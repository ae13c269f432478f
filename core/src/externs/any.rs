//! An extern of any sort: its type, and the engine's part of it.

use crate::store::Context;
use crate::{Error, Extern, ExternType, Func, Global, Memory, Result, Store, Table, Tag};

impl Extern {
    /// What this is, with its type.
    ///
    /// # Errors
    /// `closed` if its store is.
    pub fn ty(&self) -> Result<ExternType> {
        Ok(match self {
            Extern::Func(func) => ExternType::Func(func.ty().clone()),
            Extern::Memory(memory) => ExternType::Memory(memory.ty()?),
            Extern::Table(table) => ExternType::Table(table.ty()?),
            Extern::Global(global) => ExternType::Global(global.ty()?),
            Extern::Tag(tag) => ExternType::Tag(tag.ty().clone()),
        })
    }

    /// What the engine gave; nothing if hosts cannot hold it.
    pub(crate) fn from_engine(
        ctx: &mut Context<'_>,
        found: wasmtime::Extern,
        name: Option<&str>,
    ) -> Option<Extern> {
        let store = ctx.store().clone();
        Some(match found {
            wasmtime::Extern::Func(func) => Extern::Func(Func::from_engine(ctx, func, name)),
            wasmtime::Extern::Memory(memory) => Extern::Memory(Memory { store, memory }),
            wasmtime::Extern::Table(table) => Extern::Table(Table { store, table }),
            wasmtime::Extern::Global(global) => Extern::Global(Global { store, global }),
            wasmtime::Extern::Tag(tag) => Extern::Tag(Tag::from_engine(ctx, tag)),
            wasmtime::Extern::SharedMemory(_) => return None,
        })
    }

    /// The engine's item, if it lives in this store.
    pub(crate) fn in_store(&self, store: &Store) -> Result<wasmtime::Extern> {
        Ok(match self {
            Extern::Func(func) => func.in_store(store)?.into(),
            Extern::Memory(memory) if memory.store.same(store) => memory.memory.into(),
            Extern::Table(table) if table.store.same(store) => table.table.into(),
            Extern::Global(global) if global.store.same(store) => global.global.into(),
            Extern::Tag(tag) => tag.in_store(store)?.into(),
            other => return Err(Error::wrong_store(other.sort())),
        })
    }
}

/// Lets every item be lent as it is.
macro_rules! into_extern {
    ($($Item:ident)*) => {$(
        impl From<$Item> for Extern {
            fn from(item: $Item) -> Extern {
                Extern::$Item(item)
            }
        }
    )*};
}

into_extern! { Func Memory Table Global Tag }
