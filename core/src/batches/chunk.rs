//! Chunk: the memory in which columns lie while their rows are called.

/// The memory of a chunk: a driver's, or some of its own.
pub(super) struct Chunk {
    base: *mut u8,
    bytes: usize,
    /// Where it is, if it is not a driver's.
    _own: Vec<u8>,
}

// SAFETY: it is of the engine's store, which goes from thread to thread with the turn, or its own.
unsafe impl Send for Chunk {}

impl Chunk {
    pub(super) fn of_bytes(bytes: usize) -> Chunk {
        let mut own = vec![0; bytes];
        Chunk {
            base: own.as_mut_ptr(),
            bytes,
            _own: own,
        }
    }

    /// # Safety
    /// The memory stays where it is as long as the chunk is used, and only the guest that it is of touches it, while no
    /// bytes are borrowed.
    pub(super) unsafe fn of_memory(memory: &mut [u8]) -> Chunk {
        Chunk {
            base: memory.as_mut_ptr(),
            bytes: memory.len(),
            _own: Vec::new(),
        }
    }

    pub(super) fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the vector is never touched; else, the promise of `of_memory`.
        unsafe { std::slice::from_raw_parts_mut(self.base, self.bytes) }
    }
}
