//! Global: one value that host and guests share.

use std::fmt;

use crate::store::Context;
use crate::{Error, ErrorKind, GlobalType, Result, Store, Value, messages};

/// A global in a store. Cheap to clone.
#[derive(Clone)]
pub struct Global {
    pub(crate) store: Store,
    pub(crate) global: wasmtime::Global,
}

impl Global {
    /// Makes a global that can be provided to modules in this store.
    ///
    /// # Errors
    /// `type` if `value` is not of the type, `wrong_store`, `closed`, `limit` as [`Func::new`](crate::Func::new).
    pub fn new(store: &Store, ty: &GlobalType, value: &Value) -> Result<Global> {
        let mutability = match ty.mutable {
            true => wasmtime::Mutability::Var,
            false => wasmtime::Mutability::Const,
        };
        let engine_ty = wasmtime::GlobalType::new(ty.content.engine(), mutability);
        store.scoped(|ctx| {
            store.count_made()?;
            let global = Global::of_type(ctx, engine_ty, value, &place)?;
            Ok(Global {
                store: store.clone(),
                global,
            })
        })
    }

    /// A global of the engine, of just this type.
    pub(crate) fn of_type(
        ctx: &mut Context<'_>,
        ty: wasmtime::GlobalType,
        value: &Value,
        place: &dyn Fn() -> String,
    ) -> Result<wasmtime::Global> {
        let value = value.lower(ctx, ty.content(), place)?;
        let global = wasmtime::Global::new(&mut ctx.engine, ty, value);
        global.map_err(|e| Error::from_engine(e, ErrorKind::Type))
    }

    /// The store it lives in.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Its type.
    ///
    /// # Errors
    /// `closed`.
    pub fn ty(&self) -> Result<GlobalType> {
        self.store
            .enter(|ctx| Ok(GlobalType::of(&self.global.ty(&ctx.engine))))
    }

    /// Reads its value.
    ///
    /// # Errors
    /// `closed`.
    pub fn get(&self) -> Result<Value> {
        self.store.scoped(|ctx| {
            let value = self.global.get(&mut ctx.engine);
            Value::lift(ctx, &value)
        })
    }

    /// Writes its value.
    ///
    /// # Errors
    /// `type` if the value does not fit or the global is immutable, `wrong_store`, `closed`.
    pub fn set(&self, value: &Value) -> Result<()> {
        self.store.scoped(|ctx| {
            let ty = self.global.ty(&ctx.engine);
            if ty.mutability().is_const() {
                return Err(Error::new(ErrorKind::Type, "the global is immutable"));
            }
            let value = value.lower(ctx, ty.content(), &place)?;
            let set = self.global.set(&mut ctx.engine, value);
            set.map_err(|e| Error::from_engine(e, ErrorKind::Type))
        })
    }
}

/// Names the place of a value, for messages.
fn place() -> String {
    messages::global_value().to_owned()
}

impl fmt::Debug for Global {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}
