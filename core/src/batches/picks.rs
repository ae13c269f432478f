//! Picks: which rows of a chunk are called, and how they are packed and put back.

use super::layout::Place;
use super::{Batch, MapArg};

/// The rows of a chunk by their numbers in it; `None` for all of them.
#[derive(Default)]
pub(super) struct Picks {
    /// Those whose results are written.
    selected: Option<Vec<usize>>,
    /// Those that are called.
    called: Option<Vec<usize>>,
}

impl Picks {
    /// Those of the `rows` rows from `first` on; `selection` is what is left of the batch's.
    pub(super) fn of(
        batch: &Batch<'_>,
        selection: &mut &[u64],
        first: usize,
        rows: usize,
    ) -> Picks {
        let selected = batch.selection.map(|_| {
            let end = selection.partition_point(|row| *row < (first + rows) as u64);
            let (here, rest) = selection.split_at(end);
            *selection = rest;
            here.iter().map(|row| *row as usize - first).collect()
        });
        let mut called: Option<Vec<usize>> = selected.clone();
        for validity in batch.args.iter().filter_map(MapArg::validity) {
            let before = called.unwrap_or_else(|| (0..rows).collect());
            let valid = before.into_iter().filter(|row| validity.get(first + row));
            called = Some(valid.collect());
        }
        Picks { selected, called }
    }

    /// How many rows of `rows` are called.
    pub(super) fn count(&self, rows: usize) -> usize {
        self.called.as_ref().map_or(rows, Vec::len)
    }

    /// The number in the chunk of the one that is called as number `index`.
    pub(super) fn row(&self, index: usize) -> usize {
        self.called.as_ref().map_or(index, |called| called[index])
    }

    /// Moves the elements of rows that are called to the front of a column.
    pub(super) fn pack(&self, chunk: &mut [u8], place: Place) {
        for (to, from) in self.called.iter().flatten().enumerate() {
            move_element(chunk, place, *from, to);
        }
    }

    /// Moves the first `done` elements of a column to their rows; the rows between have zeros, up to `end`.
    pub(super) fn unpack(&self, chunk: &mut [u8], place: Place, done: usize, end: usize) {
        let Some(called) = &self.called else { return };
        let mut next = end;
        for (from, to) in called[..done].iter().enumerate().rev() {
            clear(chunk, place, to + 1, next);
            move_element(chunk, place, from, *to);
            next = *to;
        }
        clear(chunk, place, 0, next);
    }

    /// The longest runs of rows below `end` whose results are written, as first and length.
    pub(super) fn runs(&self, end: usize) -> Vec<(usize, usize)> {
        let Some(selected) = &self.selected else {
            return if end == 0 { Vec::new() } else { vec![(0, end)] };
        };
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for row in selected.iter().filter(|row| **row < end) {
            match runs.last_mut() {
                Some((first, length)) if *first + *length == *row => *length += 1,
                _ => runs.push((*row, 1)),
            }
        }
        runs
    }
}

fn move_element(chunk: &mut [u8], place: Place, from: usize, to: usize) {
    let at = |row| place.offset + row * place.size;
    chunk.copy_within(at(from)..at(from) + place.size, at(to));
}

fn clear(chunk: &mut [u8], place: Place, from: usize, to: usize) {
    let at = |row| place.offset + row * place.size;
    chunk[at(from)..at(to).max(at(from))].fill(0);
}
