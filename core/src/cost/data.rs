//! What the contents of memories cost: an image that is written down, or code for each segment.

use wasmparser::MemoryType;

use crate::engine::SPARSE_IMAGE_BYTES;

/// The page size that memories have unless they say another.
const PAGE_LOG2: u32 = 16;

/// A memory and the segments that are put there. One that is imported has no room that is known.
#[derive(Default)]
pub(super) struct Memory {
    room: u64,
    bytes: u64,
    /// Where they begin and end.
    low: u64,
    high: u64,
}

impl Memory {
    pub(super) fn of(ty: &MemoryType) -> Memory {
        let room = match ty.page_size_log2 {
            None | Some(PAGE_LOG2) => ty.initial.saturating_mul(1 << PAGE_LOG2),
            Some(_) => 0,
        };
        Memory {
            room,
            ..Memory::default()
        }
    }

    /// Whether all of it is one image; the rule is the engine's.
    fn is_image(&self) -> bool {
        let extent = self.high - self.low;
        self.bytes == 0 || extent < self.bytes.saturating_mul(2) || extent < SPARSE_IMAGE_BYTES
    }
}

/// All memories and active segments of data.
#[derive(Default)]
pub(super) struct Data {
    pub(super) memories: Vec<Memory>,
    segments: u64,
    /// Whether there is one that no image takes. Then the engine makes none.
    has_other: bool,
}

impl Data {
    /// A segment, where it begins if that is known, and its bytes.
    pub(super) fn put(&mut self, memory: u32, start: Option<u64>, bytes: u64) {
        self.segments += 1;
        let end = start.and_then(|start| start.checked_add(bytes));
        let memory = self.memories.get_mut(memory as usize);
        let (Some(start), Some(end), Some(memory)) = (start, end, memory) else {
            self.has_other = true;
            return;
        };
        if end > memory.room || memory.room == 0 {
            self.has_other = true;
        } else if bytes > 0 {
            memory.low = if memory.bytes == 0 {
                start
            } else {
                start.min(memory.low)
            };
            memory.high = end.max(memory.high);
            memory.bytes = memory.bytes.saturating_add(bytes);
        }
    }

    /// Segments that code puts in their places.
    pub(super) fn placed(&self) -> u64 {
        match self.has_other || !self.memories.iter().all(Memory::is_image) {
            true => self.segments,
            false => 0,
        }
    }
}
