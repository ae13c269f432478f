//! Layout: where the columns of a chunk lie in its memory.

use super::check::element_bytes;
use crate::FuncType;

/// Bytes of all columns of a chunk together, so that it stays in the first cache.
const CHUNK_BYTES: usize = 24 << 10;

/// Rows of a chunk of functions that take and give nothing.
const MOST_ROWS: usize = 4096;

/// Between columns, so that rows of the same number do not share a place in the cache.
const GAP_BYTES: usize = 64;

/// A column of a chunk.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) offset: usize,
    /// Bytes of an element.
    pub(super) size: usize,
}

/// Where the columns of a chunk lie: the arguments, then the results.
pub(super) struct Layout {
    places: Vec<Place>,
    params: usize,
    /// How many rows have room.
    pub(super) rows: usize,
    /// How long the memory is.
    pub(super) bytes: usize,
}

impl Layout {
    /// For at most `most` rows of a function whose types columns can hold.
    pub(super) fn new(ty: &FuncType, most: usize) -> Layout {
        let types = ty.params().iter().chain(ty.results());
        let sizes = types.map(|ty| element_bytes(*ty).unwrap_or(8));
        let row_bytes: usize = sizes.clone().sum();
        let rows = match CHUNK_BYTES.checked_div(row_bytes) {
            None => MOST_ROWS,
            Some(few @ 0..=7) => few.max(1),
            Some(rows) => rows / 8 * 8,
        };
        let rows = rows.min(most.max(1));
        let mut bytes = 0;
        let places = sizes.map(|size| {
            let offset = bytes;
            bytes += (rows * size).next_multiple_of(8) + GAP_BYTES;
            Place { offset, size }
        });
        Layout {
            places: places.collect(),
            params: ty.params().len(),
            rows,
            bytes,
        }
    }

    pub(super) fn args(&self) -> &[Place] {
        &self.places[..self.params]
    }

    pub(super) fn results(&self) -> &[Place] {
        &self.places[self.params..]
    }
}

impl Place {
    /// The first `rows` elements.
    pub(super) fn of<'a>(&self, chunk: &'a [u8], rows: usize) -> &'a [u8] {
        &chunk[self.offset..][..rows * self.size]
    }

    pub(super) fn of_mut<'a>(&self, chunk: &'a mut [u8], rows: usize) -> &'a mut [u8] {
        &mut chunk[self.offset..][..rows * self.size]
    }
}
