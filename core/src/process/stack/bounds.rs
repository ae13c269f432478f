//! Bounds: where a native stack begins and ends, the thread's own or that of a coroutine.

use super::stack_pointer;
use crate::{Error, ErrorKind, Result};

/// Lowest address, and the first one above.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bounds {
    pub(super) low: usize,
    pub(super) high: usize,
}

impl Bounds {
    pub(super) const NONE: Bounds = Bounds { low: 0, high: 0 };

    pub(super) fn contains(self, address: usize) -> bool {
        (self.low..self.high).contains(&address)
    }

    /// Asks the system for this thread's own.
    #[cold]
    pub(super) fn of_thread() -> Bounds {
        match system_stack() {
            Some((low, size)) => Bounds {
                low,
                high: low + size,
            },
            None => Bounds {
                low: stack_pointer().saturating_sub(384 << 10),
                high: usize::MAX,
            },
        }
    }

    /// The stack of a coroutine that this address is on, which ends at its guard page.
    ///
    /// # Errors
    /// `unsupported` if it has none: then its end cannot be found.
    #[cold]
    pub(super) fn of_coroutine(here: usize) -> Result<Bounds> {
        guarded(here).ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                "this thread runs on the stack of a coroutine, and the end of that stack cannot be found; \
                 make such stacks with mmap and a guard page below",
            )
        })
    }
}

impl Bounds {
    /// Whether what was found for an earlier call still holds: all is readable as far as a guest may come
    /// now, and what is below the stack is not. Asks for each page, which is faster than to look again.
    #[cold]
    pub(super) fn still_hold(self, here: usize, bytes: usize) -> bool {
        let least = here.saturating_sub(bytes).max(self.low);
        self.contains(here)
            && !is_readable(self.low - size_of::<u64>())
            && (least..here).step_by(PAGE_BYTES).all(is_readable)
    }
}

/// The least that a page has.
const PAGE_BYTES: usize = 4096;

/// Whether the eight bytes at an address can be read.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn is_readable(address: usize) -> bool {
    const UNKNOWN: libc::c_int = -1;
    let nothing = std::ptr::null_mut::<u64>();
    // SAFETY: the system reads the bytes or says that it cannot, and then finds that it does not know
    // what to do with them.
    unsafe { libc::syscall(libc::SYS_rt_sigprocmask, UNKNOWN, address, nothing, 8usize) };
    std::io::Error::last_os_error().raw_os_error() == Some(libc::EINVAL)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn is_readable(_: usize) -> bool {
    false
}

/// Where the allocator of the C library begins the memory of its threads. That has inaccessible memory
/// below, too, but what is in it are not only stacks.
const ARENA_BYTES: usize = 64 << 20;

/// The memory around an address, if what is just below is inaccessible.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn guarded(here: usize) -> Option<Bounds> {
    guarded_in(&std::fs::read_to_string("/proc/self/maps").ok()?, here)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn guarded(_: usize) -> Option<Bounds> {
    None
}

/// Lines are in the order of addresses: `7f0000000000-7f0000010000 rw-p 00000000 00:00 0`.
fn guarded_in(maps: &str, here: usize) -> Option<Bounds> {
    let mut guard = Bounds::NONE;
    for line in maps.lines() {
        let mut words = line.split_ascii_whitespace();
        let (low, high) = words.next()?.split_once('-')?;
        let found = Bounds {
            low: usize::from_str_radix(low, 16).ok()?,
            high: usize::from_str_radix(high, 16).ok()?,
        };
        if found.contains(here) {
            let ends = guard.high == found.low && !found.low.is_multiple_of(ARENA_BYTES);
            return ends.then_some(found);
        }
        if words.next()?.starts_with("---") {
            guard = found;
        }
    }
    None
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn system_stack() -> Option<(usize, usize)> {
    let mut attr = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut low, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: `attr` is initialised by the first call before it is read and destroyed after; the
    // out pointers are valid.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attr.as_mut_ptr()) != 0 {
            return None;
        }
        let found = libc::pthread_attr_getstack(attr.as_ptr(), &mut low, &mut size);
        libc::pthread_attr_destroy(attr.as_mut_ptr());
        (found == 0).then_some((low as usize, size))
    }
}

#[cfg(target_os = "macos")]
fn system_stack() -> Option<(usize, usize)> {
    // SAFETY: both calls only read properties of the calling thread.
    unsafe {
        let top = libc::pthread_get_stackaddr_np(libc::pthread_self()) as usize;
        let size = libc::pthread_get_stacksize_np(libc::pthread_self());
        Some((top - size, size))
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos")))]
fn system_stack() -> Option<(usize, usize)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPS: &str = "\
1000-2000 rw-p 00000000 00:00 0          [heap]
3000-4000 ---p 00000000 00:00 0
4000-8000 rw-p 00000000 00:00 0
9000-a000 rw-p 00000000 00:00 0
7f0000000-7f4000000 ---p 00000000 00:00 0
7f4000000-7f4021000 rw-p 00000000 00:00 0
";

    #[test]
    fn a_stack_ends_at_its_guard_page() {
        let stack = Bounds {
            low: 0x4000,
            high: 0x8000,
        };
        assert_eq!(guarded_in(MAPS, 0x4000), Some(stack));
        assert_eq!(guarded_in(MAPS, 0x7fff), Some(stack));
    }

    #[test]
    fn nobody_knows_where_a_stack_without_a_guard_page_ends() {
        for here in [0x1800, 0x2800, 0x3800, 0x9800, 0x7_f400_1000, 0xffff_ffff] {
            assert_eq!(guarded_in(MAPS, here), None, "{here:x}");
        }
    }
}
