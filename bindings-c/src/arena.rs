//! Memory for structs of C that live and die together.

use std::mem::MaybeUninit;

/// Hands out memory that stays where it is until the arena is dropped.
#[derive(Default)]
pub(crate) struct Arena {
    /// The last one is being filled.
    chunks: Vec<Box<[MaybeUninit<u64>]>>,
    /// How many words of it are used.
    used: usize,
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
        let left = self.chunks.last().map_or(0, |it| it.len() - self.used);
        if left < words {
            let size = (SMALL << self.chunks.len().min(8)).min(LARGE).max(words);
            self.chunks.push(Box::new_uninit_slice(size));
            self.used = 0;
        }
        let used = self.used;
        self.used += words;
        let last = self.chunks.last_mut().map(|it| &mut it[used..used + words]);
        last.map_or(std::ptr::null_mut(), |it| it.as_mut_ptr().cast())
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
