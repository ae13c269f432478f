//! Reservation: the address space that memories get, which they grow into and never leave.
//!
//! By default it is 4 GiB, so that compiled code need not check addresses of 32 bits. What has less or
//! more is reserved here, for each memory as much as it can need.

use std::cell::Cell;

use crate::engine_facts;
use crate::{Error, ErrorKind};

/// What each memory gets by default. Code for 32-bit memories relies on all of it.
pub(crate) const USUAL_BYTES: u64 = 4 << 30;

/// What each memory of a slot takes, with the guard behind it.
pub(crate) const SLOT_BYTES: u64 = USUAL_BYTES + (32 << 20);

/// What slots may take of a limited address space: a quarter.
const SLOTS_SHARE: u64 = 4;

/// The most that a 64-bit memory gets where the engine's option is the default.
pub(crate) const LARGE_BYTES: u64 = 64 << 30;

/// What follows a memory and is never mapped, where code checks addresses itself: accesses a little
/// behind one that was checked need no check of their own then.
const SMALL_GUARD_BYTES: u64 = 64 << 10;

/// How many memories a process whose address space is limited should have room for.
const SHARES: u64 = 16;

/// The least that is chosen where address space is limited.
const LEAST_BYTES: u64 = 1 << 20;

/// What a memory leaves to the rest of a process whose address space is limited: one that has none for
/// its own allocations is ended.
const SPARE_BYTES: usize = 32 << 20;

/// What memories reserve by default: the usual, or a share of what the process may have.
pub(crate) fn usual() -> u64 {
    match address_space() {
        Some(bytes) if bytes / SHARES < USUAL_BYTES => (bytes / SHARES).max(LEAST_BYTES),
        _ => USUAL_BYTES,
    }
}

/// The address space that this process may have, if it is limited.
#[cfg(unix)]
fn address_space() -> Option<u64> {
    let mut limit = libc::rlimit {
        rlim_cur: libc::RLIM_INFINITY,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: it writes to the struct only.
    let told = unsafe { libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) };
    (told == 0 && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
}

#[cfg(not(unix))]
fn address_space() -> Option<u64> {
    None
}

/// Whether memories that reserve so much can be in slots: those that are made in no other way.
pub(crate) fn can_be_slots(bytes: u64) -> bool {
    cfg!(target_pointer_width = "64") && bytes == USUAL_BYTES
}

/// How many slots of so many bytes there may be, so that the rest of the process has enough. Each is there from the
/// start.
pub(crate) fn slots(bytes: u64) -> usize {
    let most = address_space().map_or(u64::MAX, |space| space / SLOTS_SHARE / bytes);
    usize::try_from(most).unwrap_or(usize::MAX)
}

/// Whether stores of the engine can be made anew for memories of more than it reserves.
pub(crate) fn can_enlarge(bytes: u64) -> bool {
    cfg!(unix) && bytes == USUAL_BYTES
}

/// Tells the engine how memories of `bytes` at most are reserved.
pub(crate) fn configure(config: &mut wasmtime::Config, bytes: u64, large: bool) {
    // A memory whose type fits into the reservation never moves. Others do not either, since they are
    // not let grow out of what they have; but code then asks where their end is.
    config.memory_may_move(cfg!(unix));
    match (bytes, large) {
        (USUAL_BYTES, false) => drop(config.memory_reservation(USUAL_BYTES)),
        (USUAL_BYTES, true) => apart(config, USUAL_BYTES, LARGE_BYTES),
        (USUAL_BYTES.., _) => apart(config, USUAL_BYTES, bytes),
        _ => {
            config.memory_guard_size(SMALL_GUARD_BYTES);
            config.guard_before_linear_memory(false);
            apart(config, 0, bytes);
        }
    }
}

/// Each memory gets `least` at least, and what it can need up to `most`.
#[cfg(unix)]
fn apart(config: &mut wasmtime::Config, least: u64, most: u64) {
    config.memory_reservation(least);
    // Images of memory can only be laid out in the engine's own reservations.
    config.memory_init_cow(false);
    config.with_host_memory(std::sync::Arc::new(unix::Creator { most }));
}

/// Each memory gets `most`.
#[cfg(not(unix))]
fn apart(config: &mut wasmtime::Config, _least: u64, most: u64) {
    config.memory_reservation(most);
}

/// Says which option helps where address space ran out.
pub(crate) fn explained(error: Error) -> Error {
    let is_it = engine_facts::is_out_of_addresses(error.message());
    match is_it && error.kind() == ErrorKind::Limit {
        true => error.because(
            ErrorKind::Limit,
            "there is too little address space for a memory; the engine's option \
             memory_reservation_bytes makes memories take less, and so does a lower maximum",
        ),
        false => error,
    }
}

thread_local! {
    /// What a limit leaves for the memory that this thread is about to make.
    static ROOM: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// Says what a limit leaves for a memory that this thread is about to make.
pub(crate) fn set_room(bytes: Option<u64>) {
    ROOM.set(bytes.unwrap_or(u64::MAX));
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::ptr;

    use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

    use super::{ROOM, SPARE_BYTES, address_space};

    pub(super) struct Creator {
        pub(super) most: u64,
    }

    // SAFETY: memories are zeros, page aligned, of their own, and never move; behind each are as many
    // bytes that cannot be touched as the engine asks for.
    unsafe impl MemoryCreator for Creator {
        fn new_memory(
            &self,
            _ty: MemoryType,
            minimum: usize,
            maximum: Option<usize>,
            reserved: Option<usize>,
            guard: usize,
        ) -> Result<Box<dyn LinearMemory>, String> {
            let room = ROOM.replace(u64::MAX).min(self.most);
            let needed = usize::try_from(room).unwrap_or(usize::MAX);
            let needed = needed.min(maximum.unwrap_or(usize::MAX));
            let least = minimum.max(reserved.unwrap_or(0));
            let made = Reserved::new(needed.max(least), least, guard, minimum);
            match made {
                Ok(made) => Ok(Box::new(made)),
                Err(error) => Err(format!(
                    "{} bytes of address space cannot be reserved: {error}",
                    needed.max(least)
                )),
            }
        }
    }

    /// A memory in its reservation, between two guards.
    struct Reserved {
        start: *mut u8,
        total: usize,
        guard: usize,
        capacity: usize,
        size: usize,
    }

    // SAFETY: it owns what the pointer leads to.
    unsafe impl Send for Reserved {}
    // SAFETY: as above; without `&mut` it is only asked where it is.
    unsafe impl Sync for Reserved {}

    impl Reserved {
        /// Reserves what is wanted; halves it down to `least` while the system has not so much.
        fn new(wanted: usize, least: usize, guard: usize, size: usize) -> io::Result<Reserved> {
            let too_large = || io::Error::from(io::ErrorKind::OutOfMemory);
            let least = pages(least).ok_or_else(too_large)?;
            let mut capacity = pages(wanted).ok_or_else(too_large)?;
            loop {
                match reserve(capacity, guard) {
                    Ok((start, total)) => {
                        let mut made = Reserved {
                            start,
                            total,
                            guard,
                            capacity,
                            size: 0,
                        };
                        made.become_accessible(size)?;
                        return Ok(made);
                    }
                    // Half of a page is a page again.
                    Err(error) if capacity <= least.max(page_bytes()) => return Err(error),
                    Err(_) => capacity = pages(capacity / 2).unwrap_or(least).max(least),
                }
            }
        }

        fn base(&self) -> *mut u8 {
            self.start.wrapping_add(self.guard)
        }

        fn become_accessible(&mut self, size: usize) -> io::Result<()> {
            let before = pages(self.size).unwrap_or(self.capacity);
            let after = pages(size).unwrap_or(usize::MAX);
            if after > before {
                let from = self.base().wrapping_add(before);
                let access = libc::PROT_READ | libc::PROT_WRITE;
                // SAFETY: these pages are inside of the reservation, and nobody has them yet.
                if unsafe { libc::mprotect(from.cast(), after - before, access) } != 0 {
                    return Err(io::Error::last_os_error());
                }
            }
            self.size = size;
            Ok(())
        }
    }

    impl Drop for Reserved {
        fn drop(&mut self) {
            // SAFETY: it was mapped by `reserve` as it is, and nobody uses it any more.
            unsafe { libc::munmap(self.start.cast(), self.total) };
        }
    }

    // SAFETY: see `Creator`.
    unsafe impl LinearMemory for Reserved {
        fn byte_size(&self) -> usize {
            self.size
        }

        fn byte_capacity(&self) -> usize {
            self.capacity
        }

        fn grow_to(&mut self, size: usize) -> wasmtime::Result<()> {
            if size > self.capacity {
                let text = format!("only {} bytes are reserved for it", self.capacity);
                return Err(wasmtime::Error::msg(text));
            }
            Ok(self.become_accessible(size)?)
        }

        fn as_ptr(&self) -> *mut u8 {
            self.base()
        }
    }

    /// Address space for so many bytes and a guard on each side.
    fn reserve(bytes: usize, guard: usize) -> io::Result<(*mut u8, usize)> {
        let total = bytes
            .checked_add(guard)
            .and_then(|it| it.checked_add(guard));
        let total = total.ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))?;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // A mapping of no bytes is an error.
        let length = total.max(page_bytes());
        let spare = address_space().map_or(0, |_| SPARE_BYTES);
        let asked = length.saturating_add(spare);
        // SAFETY: a fresh mapping touches nothing that is there.
        let start = unsafe { libc::mmap(ptr::null_mut(), asked, libc::PROT_NONE, flags, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = start.cast::<u8>();
        if asked > length {
            // SAFETY: it is the end of what was just mapped, in whole pages, which nobody uses.
            unsafe { libc::munmap(start.wrapping_add(length).cast(), asked - length) };
        }
        Ok((start, length))
    }

    /// Rounded up to whole pages of the system.
    fn pages(bytes: usize) -> Option<usize> {
        bytes.checked_next_multiple_of(page_bytes())
    }

    fn page_bytes() -> usize {
        // SAFETY: it only answers.
        let bytes = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        usize::try_from(bytes).unwrap_or(4096)
    }
}
