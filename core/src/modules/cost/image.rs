//! Images: the ready-made contents of memories and tables, into which segments are laid out where that is possible.

use wasmparser::{ConstExpr, MemoryType, Operator};

use super::SPARSE_IMAGE_BYTES;

/// Memories with pages that are smaller than the machine's have no images.
const HOST_PAGE: u64 = 4096;

/// Of pages that do not say their size.
const PAGE_LOG2: u32 = 16;

/// A memory or a table, into which segments are laid out where it is known what they meet there.
#[derive(Default)]
pub(super) struct Image {
    /// How large it is at first; none if it is another's, or has something in it already.
    size: Option<u64>,
    /// What comes into it: how much, from where, to where.
    filled: u64,
    start: u64,
    pub(super) end: u64,
}

impl Image {
    pub(super) fn of(size: Option<u64>) -> Image {
        Image {
            size,
            start: u64::MAX,
            ..Image::default()
        }
    }

    pub(super) fn of_memory(ty: &MemoryType) -> Image {
        let page = 1_u64.checked_shl(ty.page_size_log2.unwrap_or(PAGE_LOG2));
        let page = page.filter(|page| *page >= HOST_PAGE);
        Image::of(page.and_then(|page| ty.initial.checked_mul(page)))
    }

    /// Whether a segment that begins there fits.
    pub(super) fn fill(&mut self, offset: Option<u64>, count: u64) -> bool {
        let end = offset.and_then(|offset| offset.checked_add(count));
        let (Some(start), Some(end), Some(size)) = (offset, end, self.size) else {
            return false;
        };
        if count > 0 {
            self.filled += count;
            self.start = self.start.min(start);
            self.end = self.end.max(end);
        }
        end <= size
    }

    /// Whether a memory's image is made although much of it is not set.
    pub(super) fn is_dense(&self) -> bool {
        let image = self.end.saturating_sub(self.start);
        image < 2 * self.filled || image < SPARSE_IMAGE_BYTES
    }
}

/// The offset of a segment, if it is not computed.
pub(super) fn constant(offset: &ConstExpr<'_>) -> Option<u64> {
    let mut operators = offset.get_operators_reader();
    let offset = match operators.read().ok()? {
        Operator::I32Const { value } => u64::from(value.cast_unsigned()),
        Operator::I64Const { value } => value.cast_unsigned(),
        _ => return None,
    };
    matches!(operators.read(), Ok(Operator::End)).then_some(offset)
}
