//! Apart: arguments that lie where results are going to are copied first, so that each row sees them as they were.

use super::check::element_bytes;
use super::{Batch, Columns, MapArg};
use crate::{Error, ErrorKind, Func, Result};

/// Where rows of a column lie in the host's memory, or in any other numbering that tells its columns apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSpan {
    /// The first of them.
    pub row: usize,
    /// How many they are.
    pub rows: usize,
    /// Where the first one's number is.
    pub at: usize,
    /// From a number to that of the next row, in bytes.
    pub stride: isize,
}

impl ColumnSpan {
    /// A whole column of numbers that lie one after the other.
    pub fn dense(at: usize, rows: usize, bytes: usize) -> ColumnSpan {
        ColumnSpan {
            row: 0,
            rows,
            at,
            stride: bytes as isize,
        }
    }

    /// The addresses that it reaches over, for numbers of so many bytes; the second is behind the last.
    fn reach(&self, bytes: usize) -> (i128, i128) {
        let first = self.at as i128;
        let last = first + self.stride as i128 * (self.rows as i128 - 1);
        (first.min(last), first.max(last) + bytes as i128)
    }

    /// Where the number of row 0 of the column would be.
    fn origin(&self) -> i128 {
        self.at as i128 - self.row as i128 * self.stride as i128
    }

    /// Whether numbers of it are read after another row's result was written over them.
    fn is_written_by(&self, bytes: usize, result: &ColumnSpan, result_bytes: usize) -> bool {
        if self.rows == 0 || result.rows == 0 {
            return false;
        }
        let (first, end) = self.reach(bytes);
        let (result_first, result_end) = result.reach(result_bytes);
        let is_row_by_row =
            (self.origin(), self.stride, bytes) == (result.origin(), result.stride, result_bytes);
        first < result_end && result_first < end && !is_row_by_row
    }
}

/// The arguments that have to be copied.
pub(super) struct Copies(Vec<Option<Whole>>);

/// The numbers of an argument, one after the other.
struct Whole {
    bytes: Vec<u8>,
    /// Of each.
    size: usize,
}

impl Copies {
    /// Copies what has to be; nothing if the columns are apart, as most are.
    pub(super) fn of(
        func: &Func,
        batch: &Batch<'_>,
        columns: &mut dyn Columns,
    ) -> Result<Option<Copies>> {
        let mut copies = None;
        for index in 0..batch.args.len() {
            if !is_written_over(func, batch, columns, index) {
                continue;
            }
            let none = || batch.args.iter().map(|_| None).collect::<Vec<_>>();
            copies.get_or_insert_with(none)[index] = Some(Whole::of(func, batch, columns, index)?);
        }
        Ok(copies.map(Copies))
    }
}

fn is_written_over(func: &Func, batch: &Batch<'_>, columns: &dyn Columns, index: usize) -> bool {
    let MapArg::Column { ty, .. } = batch.args[index] else {
        return false;
    };
    let bytes = element_bytes(ty).unwrap_or(8);
    let mut is_written = false;
    for (result, result_ty) in func.ty().results().iter().enumerate() {
        let result_bytes = element_bytes(*result_ty).unwrap_or(8);
        columns.result_spans(result, &mut |to| {
            columns.argument_spans(index, &mut |from| {
                is_written |= from.is_written_by(bytes, &to, result_bytes);
            });
        });
    }
    is_written
}

impl Whole {
    fn of(
        func: &Func,
        batch: &Batch<'_>,
        columns: &mut dyn Columns,
        index: usize,
    ) -> Result<Whole> {
        let size = element_bytes(func.ty().params()[index]).unwrap_or(8);
        let mut bytes = Vec::new();
        let all = batch.rows.checked_mul(size);
        let room = all.filter(|all| bytes.try_reserve_exact(*all).is_ok());
        let no_room = || no_room(&func.argument_place(index), batch.rows);
        bytes.resize(room.ok_or_else(no_room)?, 0);
        columns.read(index, 0, &mut bytes)?;
        Ok(Whole { bytes, size })
    }
}

#[cold]
fn no_room(place: &str, rows: usize) -> Error {
    let text = format!(
        "{place}: results are going to where it lies, and there is no memory for a copy of its {rows} rows"
    );
    Error::new(ErrorKind::MemoryLimit, text)
}

/// The columns of a host, some of which were copied.
pub(super) struct Apart<'a> {
    pub(super) copies: Copies,
    pub(super) columns: &'a mut dyn Columns,
}

impl Columns for Apart<'_> {
    fn read(&mut self, column: usize, first: usize, to: &mut [u8]) -> Result<()> {
        match &self.copies.0[column] {
            Some(copy) => {
                to.copy_from_slice(&copy.bytes[first * copy.size..][..to.len()]);
                Ok(())
            }
            None => self.columns.read(column, first, to),
        }
    }

    fn write(&mut self, column: usize, first: usize, from: &[u8]) -> Result<()> {
        self.columns.write(column, first, from)
    }
}
