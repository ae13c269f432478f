//! Batch: what a function is mapped over, and where the host's columns are.

use super::apart::{Apart, ColumnSpan, Copies};
use super::bitmap::Bitmap;
use super::run;
use crate::{Func, Result, Slot, Type};

/// Where a host's columns are. It is asked between guest code, with the turn of the store held, for some KiB at a
/// time: nobody can enter the store meanwhile, this thread neither.
///
/// Rows are read before the results of the same rows are written, so a result may go where an argument came from;
/// [`Columns::argument_spans`] has more.
pub trait Columns {
    /// Copies elements of argument `column` into `to`, from row `first` on: whole ones, little-endian.
    ///
    /// # Errors
    /// What it gives ends the batch, as row `first`'s.
    fn read(&mut self, column: usize, first: usize, to: &mut [u8]) -> Result<()>;

    /// Copies elements of result `column` out of `from`, from row `first` on.
    ///
    /// # Errors
    /// What it gives ends the batch, as row `first`'s.
    fn write(&mut self, column: usize, first: usize, from: &[u8]) -> Result<()>;

    /// Tells where argument `column` lies, part for part. An argument that lies where results are going to, other than
    /// row by row, is read whole before the first row. None need be told of a column that no result can lie over.
    fn argument_spans(&self, column: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        let _ = (column, tell);
    }

    /// The same of result `column`.
    fn result_spans(&self, column: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        let _ = (column, tell);
    }
}

/// One argument of a batch; a function has as many as it has parameters.
#[derive(Clone, Copy, Debug)]
pub enum MapArg<'a> {
    /// A column, which [`Columns::read`] reads.
    Column {
        /// What it holds: the type of the parameter.
        ty: Type,
        /// Which rows have a value; `None` if all have.
        validity: Option<Bitmap<'a>>,
    },
    /// The same value for each row.
    Scalar(Slot),
}

impl MapArg<'_> {
    /// A column without nulls.
    pub fn column(ty: Type) -> MapArg<'static> {
        MapArg::Column { ty, validity: None }
    }
}

/// What a function is mapped over.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// How many rows each column has; [`Func::batch_rows`] finds it.
    pub rows: usize,
    /// One a parameter.
    pub args: &'a [MapArg<'a>],
    /// The rows to call, ascending; `None` for all. Results of others stay as they are.
    pub selection: Option<&'a [u64]>,
}

impl<'a> Batch<'a> {
    /// All rows of these arguments.
    pub fn new(rows: usize, args: &'a [MapArg<'a>]) -> Batch<'a> {
        let selection = None;
        Batch {
            rows,
            args,
            selection,
        }
    }

    /// Writes which rows have results into a bitmap, at bit 0 for row 0: those that are to be called and have no null.
    /// Bits of rows that were not selected stay as they are. `bits` has room for all rows.
    pub fn validity(&self, bits: &mut [u8]) {
        let validities = || self.args.iter().filter_map(MapArg::validity);
        let mut set = |row: usize| {
            let valid = validities().all(|it| it.get(row));
            let mask = 1 << (row % 8);
            match valid {
                true => bits[row / 8] |= mask,
                false => bits[row / 8] &= !mask,
            }
        };
        match self.selection {
            Some(selection) => selection.iter().for_each(|row| set(*row as usize)),
            None => (0..self.rows).for_each(set),
        }
    }
}

impl<'a> MapArg<'a> {
    pub(super) fn validity(&self) -> Option<Bitmap<'a>> {
        match self {
            MapArg::Column { validity, .. } => *validity,
            MapArg::Scalar(_) => None,
        }
    }
}

impl Func {
    /// Calls it once a row, in one call of the store: the turn is taken once, and a timeout, cancelling and fuel are those
    /// of one call. What bindings use; [`Func::map`] takes slices.
    ///
    /// A row of which an argument is null is not called, and its results are zero; [`Batch::validity`] tells which.
    ///
    /// # Errors
    /// Those of [`Func::call`] for a row, with [`Error::row`](crate::Error::row); the results of the rows before it are
    /// written. `type` and `range`, without a row, if the batch does not fit the function; `closed`, `poisoned`, `busy`,
    /// `deadlock` if the store cannot be entered.
    pub fn map_columns(&self, batch: &Batch<'_>, columns: &mut dyn Columns) -> Result<()> {
        self.check_batch(batch)?;
        match Copies::of(self, batch, columns)? {
            None => run::run(self, batch, columns),
            Some(copies) => run::run(self, batch, &mut Apart { copies, columns }),
        }
    }
}
