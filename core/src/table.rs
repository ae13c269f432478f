//! Table: references to functions or host objects, by index.

use std::fmt;

use crate::store::Context;
use crate::{Error, ErrorKind, Result, Store, TableType, Value};

/// A table in a store. Cheap to clone.
#[derive(Clone)]
pub struct Table {
    pub(crate) store: Store,
    pub(crate) table: wasmtime::Table,
}

impl Table {
    /// Makes a table that can be lent to modules in this store; all elements are `init`.
    ///
    /// # Errors
    /// `type` if `init` is not of the element type, `limit` if there is no room, `closed`.
    pub fn new(store: &Store, ty: &TableType, init: &Value) -> Result<Table> {
        let limit = |e| Error::from_engine(e, ErrorKind::Limit);
        let entered = store.enter()?;
        entered.context().scoped(|ctx| {
            let element = ty.element.engine()?;
            let element = element.as_ref().ok_or_else(|| {
                let what = "element type of a table";
                Error::new(
                    ErrorKind::Type,
                    format!("{what}: expected a reference, got {}", ty.element),
                )
            })?;
            let bound = |n: u64| {
                u32::try_from(n).map_err(|_| {
                    Error::new(
                        ErrorKind::Limit,
                        format!("a table cannot have {n} elements"),
                    )
                })
            };
            if let Some(max) = ty.max.filter(|max| *max < ty.min) {
                return Err(Error::new(
                    ErrorKind::Limit,
                    format!("a table of {} elements cannot have at most {max}", ty.min),
                ));
            }
            let engine_ty = wasmtime::TableType::new(
                element.clone(),
                bound(ty.min)?,
                ty.max.map(bound).transpose()?,
            );
            let init = reference(ctx, ty, init)?;
            let table = wasmtime::Table::new(&mut ctx.engine, engine_ty, init).map_err(limit)?;
            Ok(Table {
                store: store.clone(),
                table,
            })
        })
    }

    /// The store it lives in.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The type it was made with.
    ///
    /// # Errors
    /// `closed`.
    pub fn ty(&self) -> Result<TableType> {
        Ok(TableType::of(
            &self.table.ty(self.store.enter()?.context().engine),
        ))
    }

    /// How many elements it has now.
    ///
    /// # Errors
    /// `closed`.
    pub fn size(&self) -> Result<u64> {
        Ok(self.table.size(self.store.enter()?.context().engine))
    }

    /// Reads an element.
    ///
    /// # Errors
    /// `out_of_bounds`, `closed`.
    pub fn get(&self, index: u64) -> Result<Value> {
        let entered = self.store.enter()?;
        entered.context().scoped(|ctx| {
            let found = self.table.get(&mut ctx.engine, index);
            let found = found.ok_or_else(|| self.outside(ctx, index))?;
            Value::lift(ctx, &found.into())
        })
    }

    /// Writes an element.
    ///
    /// # Errors
    /// `out_of_bounds`, `type`, `wrong_store`, `closed`.
    pub fn set(&self, index: u64, value: &Value) -> Result<()> {
        let entered = self.store.enter()?;
        entered.context().scoped(|ctx| {
            let ty = TableType::of(&self.table.ty(&ctx.engine));
            self.check_null(ctx, value)?;
            let value = reference(ctx, &ty, value)?;
            if index >= self.table.size(&ctx.engine) {
                return Err(self.outside(ctx, index));
            }
            let set = self.table.set(&mut ctx.engine, index, value);
            set.map_err(|e| Error::from_engine(e, ErrorKind::Type))
        })
    }

    /// Grows it, filling with `init`, and returns the former size.
    ///
    /// # Errors
    /// `limit` if it cannot become that large, `type`, `wrong_store`, `closed`.
    pub fn grow(&self, delta: u64, init: &Value) -> Result<u64> {
        let entered = self.store.enter()?;
        entered.context().scoped(|ctx| {
            let ty = TableType::of(&self.table.ty(&ctx.engine));
            let init_value = reference(ctx, &ty, init)?;
            self.check_null(ctx, init)?;
            self.table
                .grow(&mut ctx.engine, delta, init_value)
                .map_err(|_| {
                    Error::new(
                        ErrorKind::Limit,
                        format!("the table cannot grow by {delta} elements"),
                    )
                })
        })
    }

    fn check_null(&self, ctx: &Context<'_>, value: &Value) -> Result<()> {
        let element = wasmtime::ValType::Ref(self.table.ty(&ctx.engine).element().clone());
        value.check_null(&element, &|| "element of a table".to_owned())
    }

    #[cold]
    fn outside(&self, ctx: &Context<'_>, index: u64) -> Error {
        let size = self.table.size(&ctx.engine);
        Error::new(
            ErrorKind::OutOfBounds,
            format!("element {index} is outside of the table of {size} elements"),
        )
    }
}

fn reference(ctx: &mut Context<'_>, ty: &TableType, value: &Value) -> Result<wasmtime::Ref> {
    let lowered = value.lower(ctx, ty.element, &|| "element of a table".to_owned())?;
    let wrong = || Error::wrong_type("element of a table", ty.element, value.ty().name());
    lowered.ref_().ok_or_else(wrong)
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({:?})", self.store)
    }
}
