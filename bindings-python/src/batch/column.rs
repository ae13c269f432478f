//! Column: the numbers of one argument or result of a batch, wherever they lie in memory.

use std::ptr;

use landbridge::{ColumnSpan, Type};
use smallvec::SmallVec;

/// The size of a number, in bytes.
pub(super) fn width(ty: Type) -> usize {
    match ty {
        Type::I32 | Type::F32 => 4,
        _ => 8,
    }
}

/// A bitmap of Arrow's: a zero is a null.
#[derive(Clone, Copy)]
pub(super) struct Nulls {
    pub(super) bits: *const u8,
    /// The bit of the first row.
    pub(super) first: usize,
}

impl Nulls {
    /// Whether a row has a number.
    ///
    /// # Safety
    /// The bitmap is alive and has the row.
    pub(super) unsafe fn has(self, row: usize) -> bool {
        let bit = self.first + row;
        // SAFETY: the caller's promise.
        unsafe { *self.bits.add(bit / 8) >> (bit % 8) & 1 != 0 }
    }
}

/// Numbers that lie one after the other, or at a distance.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) data: *const u8,
    /// From a number to the next one, in bytes.
    pub(super) stride: isize,
    pub(super) rows: usize,
    pub(super) nulls: Option<Nulls>,
}

impl Part {
    /// Where it lies, if its first row is `row` of the column.
    pub(super) fn span(&self, row: usize) -> ColumnSpan {
        ColumnSpan {
            row,
            rows: self.rows,
            at: self.data.addr(),
            stride: self.stride,
        }
    }
}

/// The parts of a column: most have one.
pub(super) type Parts = SmallVec<[Part; 1]>;

/// Copies numbers from row `first` on.
#[inline]
pub(super) fn read(parts: &[Part], width: usize, mut first: usize, mut to: &mut [u8]) {
    for part in parts {
        if first >= part.rows {
            first -= part.rows;
            continue;
        }
        let rows = (part.rows - first).min(to.len() / width);
        let (now, rest) = to.split_at_mut(rows * width);
        // SAFETY: the rows are within the part, which is kept where it is; the other side has room for them. Others
        // may write there meanwhile, so no reference to it is made.
        unsafe {
            let from = part.data.offset(part.stride * first as isize);
            gather(from, part.stride, now.as_mut_ptr(), width, rows);
        }
        (to, first) = (rest, 0);
        if to.is_empty() {
            return;
        }
    }
}

/// Copies numbers to row `first` and on.
#[inline]
pub(super) fn write(to: Part, width: usize, first: usize, from: &[u8]) {
    let rows = (from.len() / width).min(to.rows.saturating_sub(first));
    // SAFETY: as in `read`; the part can be written.
    unsafe {
        let at = to.data.cast_mut().offset(to.stride * first as isize);
        scatter(from.as_ptr(), at, to.stride, width, rows);
    }
}

/// # Safety
/// So many numbers are at both places.
unsafe fn gather(from: *const u8, stride: isize, to: *mut u8, width: usize, rows: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        if stride == width as isize {
            return ptr::copy(from, to, rows * width);
        }
        match width {
            4 => (0..rows)
                .for_each(|i| copy_one::<u32>(from.offset(stride * i as isize), to.add(4 * i))),
            _ => (0..rows)
                .for_each(|i| copy_one::<u64>(from.offset(stride * i as isize), to.add(8 * i))),
        }
    }
}

/// # Safety
/// So many numbers are at both places.
unsafe fn scatter(from: *const u8, to: *mut u8, stride: isize, width: usize, rows: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        if stride == width as isize {
            return ptr::copy(from, to, rows * width);
        }
        match width {
            4 => (0..rows)
                .for_each(|i| copy_one::<u32>(from.add(4 * i), to.offset(stride * i as isize))),
            _ => (0..rows)
                .for_each(|i| copy_one::<u64>(from.add(8 * i), to.offset(stride * i as isize))),
        }
    }
}

/// # Safety
/// A number is at both places, which need not be aligned.
#[inline(always)]
unsafe fn copy_one<T>(from: *const u8, to: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe {
        to.cast::<T>()
            .write_unaligned(from.cast::<T>().read_unaligned())
    };
}
