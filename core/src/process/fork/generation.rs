//! Generation: which process this is, counted from the first one that used the library.

use std::sync::atomic::{AtomicU32, Ordering};

static GENERATION: AtomicU32 = AtomicU32::new(1);

/// How many forks lie between this process and the first one that used the library, counted from 1.
#[inline(always)]
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// In a forked child, before anything else.
pub(super) fn begin() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
}
