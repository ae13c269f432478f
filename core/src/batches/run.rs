//! Run: a batch, chunk by chunk, within one call of the store.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use wasmtime::{StoreContextMut, ValRaw};

use super::chunk::Chunk;
use super::drivers::InUse;
use super::layout::{Layout, Place};
use super::picks::Picks;
use super::{Batch, Columns, MapArg};
use crate::store::Data;
use crate::{Func, Result, Slot};

/// Runs a batch that was checked.
pub(super) fn run(func: &Func, batch: &Batch<'_>, columns: &mut dyn Columns) -> Result<()> {
    let row = Cell::new(None);
    let store = func.store();
    let done = store.enter(|ctx| {
        let driver = store.inner().drivers().take(ctx, func, batch.rows);
        store.run_in(ctx, |engine| match driver {
            Some(mut driver) => {
                let code = driver.layout();
                let way = Way::Driver(&mut driver);
                Run::new(func, batch, code.layout(), way, &row).all(engine, columns)
            }
            None => {
                let layout = Layout::new(func.ty(), batch.rows);
                let chunk = Chunk::of_bytes(layout.bytes);
                let slots = vec![Slot::zero(); func.ty().slots()];
                let way = Way::Calls(chunk, slots);
                Run::new(func, batch, &layout, way, &row).all(engine, columns)
            }
        })
    });
    let done = done.and_then(|done| done);
    done.map_err(|error| match row.get() {
        Some(row) => error.at_row(row as u64),
        None => error,
    })
}

/// What was given by code of the host's; the outer one is the engine's.
type Told = wasmtime::Result<Result<()>>;

/// How the rows of a chunk are called.
enum Way<'a, 'b> {
    /// By the loop of a driver, in its memory.
    Driver(&'a mut InUse<'b>),
    /// Each from here.
    Calls(Chunk, Vec<Slot>),
}

impl Way<'_, '_> {
    fn chunk(&mut self) -> &mut [u8] {
        match self {
            Way::Driver(driver) => driver.chunk().bytes(),
            Way::Calls(chunk, _) => chunk.bytes(),
        }
    }
}

struct Run<'a, 'b> {
    func: &'a Func,
    batch: &'a Batch<'a>,
    layout: &'a Layout,
    way: Way<'a, 'b>,
    /// The row at which it is.
    row: &'a Cell<Option<usize>>,
}

impl<'a, 'b> Run<'a, 'b> {
    fn new(
        func: &'a Func,
        batch: &'a Batch<'a>,
        layout: &'a Layout,
        way: Way<'a, 'b>,
        row: &'a Cell<Option<usize>>,
    ) -> Run<'a, 'b> {
        Run {
            func,
            batch,
            layout,
            way,
            row,
        }
    }

    fn all(&mut self, engine: &mut StoreContextMut<'_, Data>, columns: &mut dyn Columns) -> Told {
        let most = self.layout.rows.min(self.batch.rows);
        self.repeat_scalars(most);
        let mut selection = self.batch.selection.unwrap_or_default();
        let mut first = 0;
        while first < self.batch.rows {
            let rows = self.layout.rows.min(self.batch.rows - first);
            let picks = Picks::of(self.batch, &mut selection, first, rows);
            self.row.set(Some(first));
            if first > 0 {
                let verdict = engine.data().inner().verdict();
                verdict.map_err(wasmtime::Error::new)?;
            }
            if let Err(error) = self.step(engine, columns, &picks, first, rows)? {
                return Ok(Err(error));
            }
            first += rows;
        }
        Ok(Ok(()))
    }

    /// Calls the rows of a chunk.
    fn step(
        &mut self,
        engine: &mut StoreContextMut<'_, Data>,
        columns: &mut dyn Columns,
        picks: &Picks,
        first: usize,
        rows: usize,
    ) -> Told {
        let count = picks.count(rows);
        if count > 0
            && let Err(error) = in_host(engine, || self.read(columns, picks, first, rows))
        {
            return Ok(Err(error));
        }
        let (done, called) = self.call_rows(engine, count);
        let end = match called {
            Ok(()) => rows,
            Err(_) => picks.row(done),
        };
        let wrote = in_host(engine, || self.write(columns, picks, first, done, end));
        match called {
            Ok(()) => Ok(wrote),
            Err(error) => {
                self.row.set(Some(first + end));
                Err(error)
            }
        }
    }

    /// The same value in each row of the chunk.
    fn repeat_scalars(&mut self, rows: usize) {
        for (arg, place) in self.batch.args.iter().zip(self.layout.args()) {
            let MapArg::Scalar(slot) = arg else { continue };
            let bytes = slot.as_i64().to_le_bytes();
            let column = place.of_mut(self.way.chunk(), rows);
            let elements = column.chunks_exact_mut(place.size);
            elements.for_each(|it| it.copy_from_slice(&bytes[..place.size]));
        }
    }

    fn read(
        &mut self,
        columns: &mut dyn Columns,
        picks: &Picks,
        first: usize,
        rows: usize,
    ) -> Result<()> {
        let args = self.batch.args.iter().zip(self.layout.args()).enumerate();
        for (index, (arg, place)) in args {
            if let MapArg::Column { .. } = arg {
                columns.read(index, first, place.of_mut(self.way.chunk(), rows))?;
                picks.pack(self.way.chunk(), *place);
            }
        }
        Ok(())
    }

    /// Writes the results of the rows below `end`, of which `done` were called.
    fn write(
        &mut self,
        columns: &mut dyn Columns,
        picks: &Picks,
        first: usize,
        done: usize,
        end: usize,
    ) -> Result<()> {
        let runs = picks.runs(end);
        for (index, place) in self.layout.results().iter().enumerate() {
            picks.unpack(self.way.chunk(), *place, done, end);
            for (row, length) in &runs {
                let column =
                    &place.of(self.way.chunk(), end)[row * place.size..][..length * place.size];
                columns.write(index, first + row, column)?;
            }
        }
        Ok(())
    }

    /// Calls the first `count` rows of the chunk: how many were called, and what ended them.
    fn call_rows(
        &mut self,
        engine: &mut StoreContextMut<'_, Data>,
        count: usize,
    ) -> (usize, wasmtime::Result<()>) {
        match &mut self.way {
            _ if count == 0 => (0, Ok(())),
            Way::Driver(driver) => driver.call(engine, count),
            Way::Calls(chunk, slots) => {
                let func = self.func.engine_func();
                for row in 0..count {
                    if let Err(error) = call_row(engine, func, self.layout, chunk, slots, row) {
                        return (row, Err(error));
                    }
                }
                (count, Ok(()))
            }
        }
    }
}

fn call_row(
    engine: &mut StoreContextMut<'_, Data>,
    func: wasmtime::Func,
    layout: &Layout,
    chunk: &mut Chunk,
    slots: &mut [Slot],
    row: usize,
) -> wasmtime::Result<()> {
    for (slot, place) in slots.iter_mut().zip(layout.args()) {
        *slot = load(chunk.bytes(), *place, row);
    }
    let raw = std::ptr::from_mut(&mut *slots) as *mut [ValRaw];
    // SAFETY: `Slot` is a transparent `ValRaw`; there are enough of them, all initialised; every bit pattern is a value
    // of a number type; the function belongs to the store that is entered.
    unsafe { func.call_unchecked(&mut *engine, raw) }?;
    for (slot, place) in slots.iter().zip(layout.results()) {
        store(chunk.bytes(), *place, row, slot);
    }
    Ok(())
}

/// Runs code of the host's that is no host function: nobody enters the store meanwhile.
fn in_host(engine: &StoreContextMut<'_, Data>, what: impl FnOnce() -> Result<()>) -> Result<()> {
    let inner = engine.data().inner();
    let shut = inner.shut_for_host();
    let done = inner.visit(|| catch_unwind(AssertUnwindSafe(what)));
    drop(shut);
    done.unwrap_or_else(|panic| resume_unwind(panic))
}

fn load(chunk: &[u8], place: Place, row: usize) -> Slot {
    let mut bytes = [0; 8];
    let at = place.offset + row * place.size;
    bytes[..place.size].copy_from_slice(&chunk[at..at + place.size]);
    Slot::from_i64(i64::from_le_bytes(bytes))
}

fn store(chunk: &mut [u8], place: Place, row: usize, slot: &Slot) {
    let at = place.offset + row * place.size;
    let bytes = slot.as_i64().to_le_bytes();
    chunk[at..at + place.size].copy_from_slice(&bytes[..place.size]);
}
