//! Memory for structs of C that live and die together.

use std::mem::MaybeUninit;

/// Hands out memory that stays where it is until the arena is dropped.
#[derive(Default)]
pub(crate) struct Arena {
    /// The one that is being filled.
    chunk: Box<[MaybeUninit<u64>]>,
    /// How many words of it are used.
    used: usize,
    /// Those that are full.
    full: Vec<Box<[MaybeUninit<u64>]>>,
}

/// Words of the first chunk. Each is twice as large as the one before, up to `LARGE`.
const SMALL: usize = 32;
const LARGE: usize = 8192;

impl Arena {
    /// Room for `count` of them, not set to anything; NULL for none.
    pub(crate) fn room<T: Copy>(&mut self, count: usize) -> *mut T {
        const { assert!(align_of::<T>() <= align_of::<u64>()) };
        let words = count.saturating_mul(size_of::<T>()).div_ceil(8);
        if words == 0 {
            return std::ptr::null_mut();
        }
        if self.chunk.len() - self.used < words {
            self.next(words);
        }
        let used = self.used;
        self.used += words;
        self.chunk[used..used + words].as_mut_ptr().cast()
    }

    /// Begins a chunk with room for so many words.
    #[cold]
    fn next(&mut self, words: usize) {
        let size = (SMALL << self.full.len().min(8)).min(LARGE).max(words);
        let full = std::mem::replace(&mut self.chunk, Box::new_uninit_slice(size));
        if !full.is_empty() {
            self.full.push(full);
        }
        self.used = 0;
    }

    /// Keeps one.
    pub(crate) fn keep<T: Copy>(&mut self, it: T) -> *const T {
        let room = self.room::<T>(1);
        // SAFETY: there is room for one, which nobody else has.
        unsafe { room.write(it) };
        room
    }

    /// Keeps bytes so that they may be read as numbers.
    pub(crate) fn keep_bytes(&mut self, bytes: &[u8]) -> *const u8 {
        let room = self.room::<u8>(bytes.len());
        if !room.is_null() {
            // SAFETY: there is room for as many, which nobody else has.
            unsafe { room.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        }
        room
    }
}
