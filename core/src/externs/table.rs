//! Table: references to functions or host objects, by index.

use std::fmt;

use crate::store::Context;
use crate::{Error, ErrorKind, Result, Store, TableType, Type, Value, messages};

/// A table in a store. Cheap to clone.
#[derive(Clone)]
pub struct Table {
    pub(crate) store: Store,
    pub(crate) table: wasmtime::Table,
}

impl Table {
    /// Makes a table that can be provided to modules in this store; all elements are `init`.
    ///
    /// # Errors
    /// `type` if `init` is not of the element type, `limit` if there is no room, `closed`.
    pub fn new(store: &Store, ty: &TableType, init: &Value) -> Result<Table> {
        let limit = |e| Error::from_engine(e, ErrorKind::Limit);
        let engine_ty = ty.engine()?;
        store.scoped(|ctx| {
            let init = reference(ctx, &engine_ty, init)?;
            store.count_made()?;
            let make = || wasmtime::Table::new(&mut ctx.engine, engine_ty, init);
            let table = store.metered(|| make().map_err(limit))?;
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
        self.store
            .enter(|ctx| Ok(TableType::of(&self.table.ty(&ctx.engine))))
    }

    /// How many elements it has now.
    ///
    /// # Errors
    /// `closed`.
    pub fn size(&self) -> Result<u64> {
        self.store.enter(|ctx| Ok(self.table.size(&ctx.engine)))
    }

    /// Reads an element.
    ///
    /// # Errors
    /// `out_of_bounds`, `closed`.
    pub fn get(&self, index: u64) -> Result<Value> {
        self.store.scoped(|ctx| {
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
        self.store.scoped(|ctx| {
            let ty = self.table.ty(&ctx.engine);
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
        self.store.scoped(|ctx| {
            let ty = self.table.ty(&ctx.engine);
            let init = reference(ctx, &ty, init)?;
            let cannot = |_| {
                let text = format!("the table cannot grow by {delta} elements");
                Error::new(ErrorKind::Limit, text)
            };
            let grow = || self.table.grow(&mut ctx.engine, delta, init);
            self.store.metered(|| grow().map_err(cannot))
        })
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

impl TableType {
    /// The engine's type.
    fn engine(&self) -> Result<wasmtime::TableType> {
        let limit = |text| Error::new(ErrorKind::Limit, text);
        let element = self.element.engine();
        let Some(element) = element.as_ref().cloned() else {
            let text = format!(
                "element type of a table: expected a reference, got {}",
                self.element
            );
            return Err(Error::new(ErrorKind::Type, text));
        };
        if let Some(max) = self.max.filter(|max| *max < self.min) {
            let text = format!("a table of {} elements cannot have at most {max}", self.min);
            return Err(limit(text));
        }
        if self.is_64 {
            return Ok(wasmtime::TableType::new64(element, self.min, self.max));
        }
        let narrow = |n: u64| {
            u32::try_from(n).map_err(|_| limit(format!("a table cannot have {n} elements")))
        };
        let max = self.max.map(narrow).transpose()?;
        Ok(wasmtime::TableType::new(element, narrow(self.min)?, max))
    }
}

fn reference(
    ctx: &mut Context<'_>,
    ty: &wasmtime::TableType,
    value: &Value,
) -> Result<wasmtime::Ref> {
    let place = || messages::table_element().to_owned();
    let element = wasmtime::ValType::Ref(ty.element().clone());
    let lowered = value.lower(ctx, &element, &place)?;
    let wrong = || Error::wrong_type(&place(), Type::of(&element), value.ty().name());
    lowered.ref_().ok_or_else(wrong)
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}
