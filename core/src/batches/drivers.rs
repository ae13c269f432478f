//! Drivers of a store: one instance a signature, made when it pays and kept as long as the store. They count against no
//! limit of it.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use wasmtime::{Global, Instance, Val, ValRaw};

use super::chunk::Chunk;
use super::driver::{self, Loop};
use super::layout::Layout;
use crate::store::{Context, Data};
use crate::{Func, FuncType, Result};

/// The most signatures that a store has drivers for.
const MOST: usize = 64;

/// Rows of a signature after which a store makes an instance of its driver: before, that is dearer than what it saves.
const ROWS: usize = 256;

/// The same where the driver is to be compiled first.
const ROWS_TO_COMPILE: usize = 4096;

/// Those of a store. Only touched by whoever holds the turn, and never borrowed while a guest or a host runs.
#[derive(Default)]
pub(crate) struct Drivers {
    kept: RefCell<Vec<Kept>>,
    is_making: Cell<bool>,
}

// What is known of a signature.
struct Kept {
    ty: FuncType,
    /// How many rows were called.
    rows: usize,
    state: State,
}

enum State {
    /// It did not pay yet.
    None,
    /// It cannot be made.
    Refused,
    Idle(Driver),
    /// A batch uses it. One inside of that one calls its rows from here.
    Busy,
}

/// An instance of a driver.
pub(super) struct Driver {
    run: wasmtime::Func,
    row: Global,
    pub(super) chunk: Chunk,
    code: Arc<Loop>,
}

/// A driver that a batch uses; it is put back when this is dropped.
pub(super) struct InUse<'a> {
    drivers: &'a Drivers,
    index: usize,
    /// Taken when it is dropped.
    driver: Option<Driver>,
    func: *mut std::ffi::c_void,
}

impl Drivers {
    /// Whether a driver is being made, whose memory does not count.
    pub(crate) fn is_making(&self) -> bool {
        self.is_making.get()
    }

    /// The driver for so many rows of a function; none if the rows are to be called from here: its store counts fuel,
    /// the function has too many columns, it is busy, it would not pay yet, or there is no room.
    pub(super) fn take<'a>(
        &'a self,
        ctx: &mut Context<'_>,
        func: &Func,
        rows: usize,
    ) -> Option<InUse<'a>> {
        let ty = func.ty();
        if ctx.store().build().fueled || !driver::is_for(ty) {
            return None;
        }
        let index = self.index(ty)?;
        let mut kept = self.kept.borrow_mut();
        let it = &mut kept[index];
        it.rows = it.rows.saturating_add(rows);
        let driver = match std::mem::replace(&mut it.state, State::Busy) {
            State::Idle(driver) => driver,
            State::None if it.rows >= ROWS => {
                let rows = it.rows;
                drop(kept);
                let made = self.make(ctx, ty, rows);
                let (state, made) = match made {
                    Ok(Some(driver)) => (State::Busy, Some(driver)),
                    Ok(None) => (State::None, None),
                    Err(_) => (State::Refused, None),
                };
                self.kept.borrow_mut()[index].state = state;
                made?
            }
            other => {
                it.state = other;
                return None;
            }
        };
        Some(InUse {
            drivers: self,
            index,
            driver: Some(driver),
            func: func.engine_func().to_raw(&mut ctx.engine),
        })
    }

    /// Where a signature is kept.
    fn index(&self, ty: &FuncType) -> Option<usize> {
        let mut kept = self.kept.borrow_mut();
        let found = kept.iter().position(|it| driver::same(&it.ty, ty));
        if found.is_none() && kept.len() < MOST {
            kept.push(Kept {
                ty: ty.clone(),
                rows: 0,
                state: State::None,
            });
            return Some(kept.len() - 1);
        }
        found
    }

    /// How many there are, with the one that is being made.
    fn made(&self) -> usize {
        let kept = self.kept.borrow();
        let there = |it: &&Kept| matches!(it.state, State::Idle(_) | State::Busy);
        kept.iter().filter(there).count()
    }

    /// Makes a driver if it pays.
    fn make(&self, ctx: &mut Context<'_>, ty: &FuncType, rows: usize) -> Result<Option<Driver>> {
        let variant = ctx.store().inner().variant()?;
        if ctx.store().build().pooled && self.made() > variant.slots.loops() {
            return Err(missing());
        }
        let _section = variant.section()?;
        let code = match variant.loops.find(ty) {
            Some(code) => code,
            None if rows < ROWS_TO_COMPILE => return Ok(None),
            None => match variant.loops.make(variant, ty)? {
                Some(code) => code,
                None => return Err(missing()),
            },
        };
        self.is_making.set(true);
        let made = Instance::new(&mut ctx.engine, code.code.module()?, &[]);
        self.is_making.set(false);
        let failed = |e| crate::Error::from_engine(e, crate::ErrorKind::Limit);
        let made = made.map_err(failed)?;
        let engine = &mut ctx.engine;
        let memory = made.get_memory(&mut *engine, driver::MEMORY);
        let run = made.get_func(&mut *engine, driver::RUN);
        let row = made.get_global(&mut *engine, driver::ROW);
        let (Some(memory), Some(run), Some(row)) = (memory, run, row) else {
            return Err(missing());
        };
        // SAFETY: it is a memory of one page that never grows, so it stays where it is; the instance lives as long as
        // the engine's store, in which the driver is kept and used.
        let chunk = unsafe { Chunk::of_memory(memory.data_mut(engine)) };
        Ok(Some(Driver {
            run,
            row,
            chunk,
            code,
        }))
    }
}

/// A driver that is not there.
#[cold]
fn missing() -> crate::Error {
    crate::Error::new(crate::ErrorKind::Limit, "there is no driver")
}

impl InUse<'_> {
    fn driver(&mut self) -> &mut Driver {
        match &mut self.driver {
            Some(driver) => driver,
            None => unreachable!("it is only taken by drop"),
        }
    }

    /// The memory of the columns.
    pub(super) fn chunk(&mut self) -> &mut Chunk {
        &mut self.driver().chunk
    }

    /// Where they lie.
    pub(super) fn layout(&self) -> Arc<Loop> {
        match &self.driver {
            Some(driver) => driver.code.clone(),
            None => unreachable!("it is only taken by drop"),
        }
    }

    /// Calls the first `count` rows of the chunk: how many were called, and what ended them.
    pub(super) fn call(
        &mut self,
        engine: &mut wasmtime::StoreContextMut<'_, Data>,
        count: usize,
    ) -> (usize, wasmtime::Result<()>) {
        let mut raw = [ValRaw::funcref(self.func), ValRaw::i32(count as i32)];
        let driver = self.driver();
        let raw = &raw mut raw as *mut [ValRaw];
        // SAFETY: these are the parameters of the driver's loop: a function of this store with the parameters and
        // results that the driver was made for (engine code calls functions of one signature alike, whatever type they
        // were declared with), and a count that its memory has room for.
        let called = unsafe { driver.run.call_unchecked(&mut *engine, raw) };
        let Err(error) = called else {
            return (count, Ok(()));
        };
        let row = match driver.row.get(&mut *engine) {
            Val::I32(row) => row as usize,
            _ => 0,
        };
        // It is of the right type, and not constant.
        let reset = driver.row.set(&mut *engine, Val::I32(0));
        (row.min(count - 1), reset.and(Err(error)))
    }
}

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            self.drivers.kept.borrow_mut()[self.index].state = State::Idle(driver);
        }
    }
}

impl Loop {
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }
}
