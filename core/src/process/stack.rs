//! The native stack: how much of it is left, and where the guest must stop.
//!
//! The engine gives the guest a fixed number of bytes below the point of entry and does not look at
//! what there is. Here the limit is set from the stack's own bounds before each outermost call, so
//! infinite recursion ends as a trap on the smallest stack: the thread's, or that of a coroutine.

mod bounds;

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Error, Result, TrapCode, coroutine};
use bounds::Bounds;

/// What stays free for the host below the guest's part, at most. Host functions run there: an
/// interpreter needs tens of KiB, and HotSpot keeps about 100 KiB of guard and shadow pages.
const RESERVE_BYTES: usize = 256 << 10;

/// On a smaller stack the guest needs most of what there is to be entered at all.
const SMALL_BYTES: usize = 128 << 10;

/// The least a call needs of its own.
const ENTRY_BYTES: usize = 16 << 10;

/// The stack that the guests of a thread are on.
pub(crate) struct Stack {
    low: Cell<usize>,
    /// The lowest address that a call may begin at. What is more than [`ENTRY_BYTES`] below is for
    /// host functions and guard pages.
    least: Cell<usize>,
    /// How much is above that, if it is the thread's own stack and nobody else's. Else zero: what is known
    /// then holds for one call.
    room: Cell<usize>,
    /// The coroutine whose guests are on it, if the host tells coroutines apart.
    coroutine: Cell<Option<usize>>,
    /// The thread's own; empty before it was asked for.
    own: Cell<Bounds>,
    /// The one of a coroutine's that was looked for last.
    last: Cell<Bounds>,
    /// A number that no other thread ever has; zero before the first call.
    thread_id: Cell<u64>,
}

impl Stack {
    pub(crate) const fn new() -> Stack {
        Stack {
            low: Cell::new(0),
            least: Cell::new(0),
            room: Cell::new(0),
            coroutine: Cell::new(None),
            own: Cell::new(Bounds::NONE),
            last: Cell::new(Bounds::NONE),
            thread_id: Cell::new(0),
        }
    }

    #[inline(always)]
    pub(crate) fn thread_id(&self) -> u64 {
        self.thread_id.get()
    }

    #[inline(always)]
    pub(crate) fn low(&self) -> usize {
        self.low.get()
    }

    #[inline(always)]
    pub(crate) fn is_coroutines(&self, current: Option<usize>) -> bool {
        self.coroutine.get() == current
    }

    /// Where the guest must stop: `max_bytes` below here, or at the floor. A call is nested if the
    /// thread's guests are on this stack already.
    #[inline(always)]
    pub(crate) fn limit(&self, max_bytes: usize, nested: impl FnOnce() -> bool) -> Result<usize> {
        let here = stack_pointer();
        if here.wrapping_sub(self.least.get()) >= self.room.get() {
            self.look(here, max_bytes, nested())?;
        }
        Ok(here
            .saturating_sub(max_bytes)
            .max(self.least.get() - ENTRY_BYTES))
    }

    /// Finds out on which stack this is, and whether there is enough left of it.
    #[inline(never)]
    fn look(&self, here: usize, max_bytes: usize, nested: bool) -> Result<()> {
        if !nested || self.least.get() == 0 {
            let (own, current) = (self.own(), coroutine::current());
            self.coroutine.set(current);
            match own.contains(here) {
                true if current.is_none() => self.take(own, own.high),
                true => self.take(own, 0),
                false => self.take(self.coroutines(here, max_bytes)?, 0),
            }
        }
        match here < self.least.get() {
            true => Err(exhausted()),
            false => Ok(()),
        }
    }

    /// The reserve is at most half of the stack, and a quarter of a small one.
    fn take(&self, bounds: Bounds, high: usize) {
        let size = bounds.high - bounds.low;
        let most = if size < SMALL_BYTES {
            size / 4
        } else {
            size / 2
        };
        let least = bounds.low + RESERVE_BYTES.min(most) + ENTRY_BYTES;
        self.low.set(bounds.low);
        self.least.set(least);
        self.room.set(high.saturating_sub(least));
    }

    fn own(&self) -> Bounds {
        static LAST: AtomicU64 = AtomicU64::new(0);
        if self.thread_id.get() == 0 {
            self.own.set(Bounds::of_thread());
            self.thread_id.set(LAST.fetch_add(1, Ordering::Relaxed) + 1);
        }
        self.own.get()
    }

    /// That of the coroutine that runs.
    #[cold]
    fn coroutines(&self, here: usize, max_bytes: usize) -> Result<Bounds> {
        if !self
            .last
            .get()
            .still_hold(here, max_bytes.saturating_add(RESERVE_BYTES))
        {
            self.last.set(Bounds::of_coroutine(here)?);
        }
        Ok(self.last.get())
    }

    /// Whether so much is left for certain: who is on a coroutine's stack has little.
    pub(crate) fn has(&self, bytes: usize) -> bool {
        let (here, own) = (stack_pointer(), self.own());
        own.contains(here) && here - own.low >= bytes + RESERVE_BYTES
    }

    /// Whether an address of another thread's is on the stack that this one is on now: that of a coroutine
    /// which has moved.
    #[cold]
    pub(crate) fn is_shared_with(&self, address: usize) -> bool {
        let here = stack_pointer();
        let shared = |stack: Bounds| stack.contains(address);
        address != 0 && !self.own().contains(here) && Bounds::of_coroutine(here).is_ok_and(shared)
    }
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let here;
    // SAFETY: only a register is read.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        std::arch::asm!("mov {}, rsp", out(reg) here, options(nomem, nostack, preserves_flags));
        #[cfg(target_arch = "aarch64")]
        std::arch::asm!("mov {}, sp", out(reg) here, options(nomem, nostack, preserves_flags));
    }
    here
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let here = 0u8;
    std::hint::black_box(&raw const here) as usize
}

#[cold]
fn exhausted() -> Error {
    Error::trap(
        TrapCode::StackOverflow,
        "call stack exhausted: too little stack is left to enter the guest",
    )
}
