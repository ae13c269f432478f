//! Checks of a batch before any row is called.

use super::{Batch, MapArg};
use crate::{Error, Func, Result, Type, messages, text};

/// Bytes of an element in a column; none if a column cannot hold it.
pub(crate) fn element_bytes(ty: Type) -> Option<usize> {
    match ty {
        Type::I32 | Type::F32 => Some(4),
        Type::I64 | Type::F64 => Some(8),
        _ => None,
    }
}

impl Func {
    /// Checks that columns can hold what it takes and gives.
    ///
    /// # Errors
    /// `type`.
    pub fn check_mappable(&self) -> Result<()> {
        let ty = self.ty();
        let mut all = ty.params().iter().chain(ty.results());
        match all.all(|ty| element_bytes(*ty).is_some()) {
            true => Ok(()),
            false => Err(messages::not_mappable(text::name(self.name()), ty)),
        }
    }

    /// The number of rows of a batch, which all columns have. `args` has the rows of each argument, none for a scalar;
    /// `results` those of the result columns that are given, and is empty if none are. `rows` is what the caller says.
    ///
    /// # Errors
    /// `type` if the counts are not the function's, if two columns differ, naming both, or if nothing says how many rows
    /// there are.
    pub fn batch_rows(
        &self,
        args: &[Option<usize>],
        results: &[usize],
        rows: Option<usize>,
    ) -> Result<usize> {
        self.check_mappable()?;
        self.check_count(args.len())?;
        if !results.is_empty() {
            self.check_result_count(results.len())?;
        }
        let mut found = rows.map(|rows| (Place::Rows, rows));
        let args = args.iter().enumerate();
        let args = args.filter_map(|(i, rows)| Some((Place::Argument(i), (*rows)?)));
        let results = results.iter().enumerate();
        let results = results.map(|(i, rows)| (Place::Result(i), *rows));
        for (place, rows) in args.chain(results) {
            let (first, expected) = *found.get_or_insert((place, rows));
            if rows != expected {
                let (place, first) = (self.place(place), self.place(first));
                return Err(messages::rows_differ(place, rows, first, expected));
            }
        }
        found
            .map(|(_, rows)| rows)
            .ok_or_else(|| messages::no_rows(text::name(self.name())))
    }

    /// Checks that a column of `given` can be argument `index`.
    ///
    /// # Errors
    /// `type`.
    pub fn check_column(&self, index: usize, given: Type) -> Result<()> {
        match self.ty().params().get(index) {
            Some(ty) if *ty == given => Ok(()),
            Some(ty) => Err(messages::wrong_column(
                self.argument_place(index),
                given,
                *ty,
            )),
            None => self.check_count(index + 1),
        }
    }

    /// The same for result `index`.
    ///
    /// # Errors
    /// `type`.
    pub fn check_result_column(&self, index: usize, given: Type) -> Result<()> {
        match self.ty().results().get(index) {
            Some(ty) if *ty == given => Ok(()),
            Some(ty) => Err(messages::wrong_column(
                self.place(Place::Result(index)),
                given,
                *ty,
            )),
            None => self.check_result_count(index + 1),
        }
    }

    /// Checks the number of result columns.
    ///
    /// # Errors
    /// `type`.
    pub fn check_result_count(&self, given: usize) -> Result<()> {
        if given == self.ty().results().len() {
            return Ok(());
        }
        let place = messages::results(text::name(self.name()));
        Err(Error::count(&place, self.ty().results(), given))
    }

    pub(super) fn check_batch(&self, batch: &Batch<'_>) -> Result<()> {
        self.check_mappable()?;
        self.check_count(batch.args.len())?;
        for (index, arg) in batch.args.iter().enumerate() {
            if let MapArg::Column { ty, validity } = arg {
                self.check_column(index, *ty)?;
                if let Some(validity) = validity {
                    validity.check(&self.argument_place(index), batch.rows)?;
                }
            }
        }
        check_selection(batch)
    }

    #[cold]
    fn place(&self, place: Place) -> String {
        match place {
            Place::Rows => "rows".to_owned(),
            Place::Argument(index) => self.argument_place(index),
            Place::Result(index) => messages::result(index + 1, text::name(self.name())),
        }
    }
}

#[derive(Clone, Copy)]
enum Place {
    Rows,
    Argument(usize),
    Result(usize),
}

fn check_selection(batch: &Batch<'_>) -> Result<()> {
    let mut least = 0;
    for row in batch.selection.unwrap_or_default() {
        if *row >= batch.rows as u64 {
            let last = batch.rows as i128 - 1;
            return Err(messages::out_of_range("selection", row, 0, last));
        }
        if *row < least {
            return Err(messages::selection_order(row, least - 1));
        }
        least = row + 1;
    }
    Ok(())
}
