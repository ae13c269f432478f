//! Times of files, which guests see as their clock has them: a file that was just written
//! would be a clock otherwise.

use wasmtime_wasi::p1::types::Fstflags;

use super::syscall::Syscall;
use crate::policy::Clock;

/// Where the three times of a file are in what is told of it, and how much that is.
const TIMES: usize = 40;
const END: usize = 64;

impl Syscall<'_> {
    /// Puts the guest's time for those of a file that was told of at `out`.
    pub(super) fn tell_times(&mut self, out: i32) {
        let Some(told) = self.state.told.as_ref() else {
            return;
        };
        let now = told.next().as_nanos() as u64;
        let at = out as u32 as usize;
        if let Some(times) = self.bytes_mut(at + TIMES, END - TIMES) {
            times.chunks_exact_mut(8).for_each(|time| {
                time.copy_from_slice(&now.to_le_bytes());
            });
        }
    }

    /// Times that a guest gives a file, with its own time for the present. A guest without a clock
    /// leaves that to the system, as it does when it writes: it is not told.
    pub(super) fn times(&self, times: [i64; 2], flags: i32) -> ([i64; 2], i32) {
        let own = self.state.told.as_ref();
        let own = own.filter(|_| self.inner().policy().clock() != Clock::None);
        let Some(told) = own else {
            return (times, flags);
        };
        let now = told.next().as_nanos() as i64;
        let kinds = [
            (Fstflags::ATIM, Fstflags::ATIM_NOW),
            (Fstflags::MTIM, Fstflags::MTIM_NOW),
        ];
        let (mut times, mut flags) = (times, flags);
        for (time, (given, present)) in times.iter_mut().zip(kinds) {
            let (given, present) = (i32::from(given.bits()), i32::from(present.bits()));
            // Both together the library refuses.
            if flags & (given | present) == present {
                *time = now;
                flags = flags & !present | given;
            }
        }
        (times, flags)
    }
}
