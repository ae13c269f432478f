//! Buffers of frames that are used again.

use std::cell::Cell;

use crate::WitFrame;

/// What is larger is given back to the system.
const MOST_BYTES: usize = 64 << 10;

/// Of one call: of its arguments and of its results.
pub(super) type Buffers = (Vec<u8>, WitFrame);

thread_local! {
    static SPARE: Cell<Option<Buffers>> = const { Cell::new(None) };
}

/// Those of the call before. A call inside of a call gets new ones.
#[inline]
pub(super) fn take() -> Buffers {
    let spare = SPARE.try_with(Cell::take).ok().flatten();
    spare.unwrap_or_default()
}

/// Keeps them.
#[inline]
pub(super) fn keep(mut buffers: Buffers) {
    let (args, results) = &mut buffers;
    results.clear();
    if args.capacity() <= MOST_BYTES && results.bytes.capacity() <= MOST_BYTES {
        // A thread that ends keeps nothing.
        let _ = SPARE.try_with(|spare| spare.set(Some(buffers)));
    }
}
