//! Memory that costs next to nothing: a pointer that goes up, and down when the last piece is given back or nothing is
//! in use.

use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const PAGE: usize = 1 << 16;

#[global_allocator]
static MEMORY: Memory = Memory {
    next: AtomicUsize::new(0),
    live: AtomicUsize::new(0),
    start: AtomicUsize::new(0),
};

struct Memory {
    /// The first free byte.
    next: AtomicUsize,
    /// How many pieces are in use.
    live: AtomicUsize,
    /// Where the first piece was, or 0.
    start: AtomicUsize,
}

// SAFETY: pieces never overlap, since `next` goes behind each; it goes back only behind the last one before, or when
// there are none. There are no threads here.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.start.load(Relaxed) == 0 {
            let end = core::arch::wasm32::memory_size(0) * PAGE;
            self.start.store(end, Relaxed);
            self.next.store(end, Relaxed);
        }
        let at = self.next.load(Relaxed).next_multiple_of(layout.align());
        let end = at + layout.size();
        let room = core::arch::wasm32::memory_size(0) * PAGE;
        if end > room {
            let more = (end - room).div_ceil(PAGE);
            if core::arch::wasm32::memory_grow(0, more) == usize::MAX {
                return std::ptr::null_mut();
            }
        }
        self.next.store(end, Relaxed);
        self.live.store(self.live.load(Relaxed) + 1, Relaxed);
        at as *mut u8
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        let live = self.live.load(Relaxed) - 1;
        self.live.store(live, Relaxed);
        if live == 0 {
            self.next.store(self.start.load(Relaxed), Relaxed);
        } else if piece as usize + layout.size() == self.next.load(Relaxed) {
            self.next.store(piece as usize, Relaxed);
        }
    }
}

/// A list of numbers as memory happens to be, so that filling it is not measured.
pub(crate) fn whatever<T: Number>(length: u32) -> Vec<T> {
    let numbers = Box::<[T]>::new_uninit_slice(length as usize);
    // SAFETY: memory of WebAssembly always holds some bits, and all bits are numbers. Only the host reads them.
    unsafe { numbers.assume_init() }.into_vec()
}

/// All bits are one.
pub(crate) trait Number {}
impl Number for u8 {}
impl Number for f64 {}
