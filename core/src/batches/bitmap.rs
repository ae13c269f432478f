//! Bitmap: which rows have a value, in Arrow's order of bits.

use crate::{Result, messages};

/// Which rows have a value: a bit a row, set if there is one, the lowest bit of a byte first.
#[derive(Clone, Copy, Debug)]
pub struct Bitmap<'a> {
    bits: &'a [u8],
    offset: usize,
}

impl<'a> Bitmap<'a> {
    /// `offset` is the bit of row 0.
    pub fn new(bits: &'a [u8], offset: usize) -> Bitmap<'a> {
        Bitmap { bits, offset }
    }

    /// # Errors
    /// `range` if it is too short. `place` names the column.
    pub(super) fn check(&self, place: &str, rows: usize) -> Result<()> {
        let has = (self.bits.len() as u128 * 8).saturating_sub(self.offset as u128);
        match has >= rows as u128 {
            true => Ok(()),
            false => Err(messages::short_validity(place, has, rows)),
        }
    }

    /// Whether a row has a value. It must be one of those that were checked.
    #[inline(always)]
    pub(super) fn get(&self, row: usize) -> bool {
        let bit = self.offset + row;
        self.bits[bit / 8] >> (bit % 8) & 1 == 1
    }
}
