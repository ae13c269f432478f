//! Copies of this library in one process, as a JVM has one for each class loader.
//!
//! Each copy has handlers of its own and wants one of them in front. As each hands on what is not its own, it is enough
//! that the one in front leads to the others: so a copy can ask the others what theirs lead to. Else each would go in
//! front of all others again and again, until it has no handler left for that.

use std::ffi::c_int;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// What a handler of the copy leads to; zero if it is none of its, or leads to nobody's.
type Next = extern "C" fn(signal: c_int, handler: usize) -> usize;

/// More copies do without.
const MOST: usize = 256;

/// A chain that is longer than this is not followed: it may have changed meanwhile, to go round and round.
const LONGEST: usize = 1024;

/// The table that all copies share. Its layout is the same in all versions: the functions of the copies, then zeroes.
#[repr(C)]
struct Family {
    members: [AtomicUsize; MOST],
}

static FAMILY: AtomicPtr<Family> = AtomicPtr::new(std::ptr::null_mut());

/// Makes a table for a process that has none, which stays as long as the process.
pub(super) fn found() -> usize {
    let family = Family {
        members: [const { AtomicUsize::new(0) }; MOST],
    };
    std::ptr::from_mut(Box::leak(Box::new(family))).expose_provenance()
}

/// Enters this copy into a table, once.
///
/// # Safety
/// `family` is what [`found`] gave in this process, to whichever copy. This one is never unloaded.
pub(super) unsafe fn join(family: usize, next: Next) {
    let family: *mut Family = std::ptr::with_exposed_provenance_mut(family);
    let before = FAMILY.compare_exchange(
        std::ptr::null_mut(),
        family,
        Ordering::AcqRel,
        Ordering::Acquire,
    );
    if before.is_ok() {
        // SAFETY: the caller's promise; it is never freed.
        let members = unsafe { &(*family).members };
        let free = |slot: &&AtomicUsize| {
            let me = (next as *const ()).expose_provenance();
            slot.compare_exchange(0, me, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
        };
        let _ = members.iter().find(free);
    }
}

/// Whether a handler of another copy leads, by those of further copies, to one that `is_ours`.
pub(super) fn leads_to(signal: c_int, mut handler: usize, is_ours: impl Fn(usize) -> bool) -> bool {
    // SAFETY: null, or what `join` was promised.
    let Some(family) = (unsafe { FAMILY.load(Ordering::Acquire).as_ref() }) else {
        return false;
    };
    for _ in 0..LONGEST {
        let Some(next) = family.next(signal, handler) else {
            return false;
        };
        if is_ours(next) {
            return true;
        }
        handler = next;
    }
    false
}

impl Family {
    fn next(&self, signal: c_int, handler: usize) -> Option<usize> {
        let members = self.members.iter().map(|it| it.load(Ordering::Acquire));
        let members = members.take_while(|it| *it != 0);
        let answers = members.map(|it| {
            // SAFETY: `join` put in a function of this type, of a copy that is never unloaded.
            let next: Next = unsafe { std::mem::transmute(it) };
            next(signal, handler)
        });
        answers.into_iter().find(|next| *next != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNAL: c_int = 11;

    /// A copy whose handlers are 10 and 11: the one leads to whoever came before all, the other to 20.
    extern "C" fn first(_: c_int, handler: usize) -> usize {
        match handler {
            10 => 1,
            11 => 20,
            _ => 0,
        }
    }

    /// One that came later, whose handlers are 20, 21 and 22.
    extern "C" fn second(signal: c_int, handler: usize) -> usize {
        match handler {
            _ if signal != SIGNAL => 0,
            20 => 10,
            21 => 11,
            22 => 99,
            _ => 0,
        }
    }

    #[test]
    fn chains_are_followed_through_all_copies() {
        let family = found();
        // SAFETY: the table was just made, and the functions stay.
        unsafe { join(family, first) };
        // SAFETY: `join` put the table there.
        let members = unsafe { &FAMILY.load(Ordering::Acquire).as_ref().unwrap().members };
        members[1].store((second as *const ()).expose_provenance(), Ordering::Release);
        let is_first = |handler| handler == 10 || handler == 11;
        let is_second = |handler| (20..23).contains(&handler);
        assert!(leads_to(SIGNAL, 20, is_first) && leads_to(SIGNAL, 21, is_first));
        assert!(leads_to(SIGNAL, 11, is_second) && !leads_to(SIGNAL, 10, is_second));
        assert!(
            leads_to(SIGNAL, 11, |handler| handler == 10),
            "by way of the second"
        );
        assert!(
            !leads_to(SIGNAL, 22, is_first),
            "nobody knows where 99 leads to"
        );
        assert!(!leads_to(SIGNAL, 7, is_first), "it is nobody's");
        assert!(!leads_to(8, 20, is_first), "it is another signal's");
        assert!(!leads_to(SIGNAL, 10, |_| false));
        // SAFETY: as above.
        unsafe { join(found(), second) };
        assert_eq!(
            members[2].load(Ordering::Acquire),
            0,
            "one that is in a family stays"
        );
    }
}
