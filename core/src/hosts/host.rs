//! What a host language adds to the core: how its threads wait, what it does at a tick, and the
//! functions it lends to guests.

pub use crate::context::{HostContext, HostFunc};
pub use crate::habits::{Host, install};
pub(crate) use crate::habits::{current, did_not_wait, go_on_waiting};
pub use crate::hosts::wit;
pub use crate::loan::{Job, Loan, is_serving};
pub use crate::panic_hook::print_defects_alone;
pub use crate::place::{Begun, Place};
pub use crate::token::thread_token;
pub use crate::turn::Mark;
use crate::{coroutine, handlers, this_thread};

/// Whether the host function that runs has what stays free below guests for it, on a stack that is this thread's own:
/// 256 KiB. On a small stack, or in a coroutine, it may have less.
pub fn has_reserve() -> bool {
    this_thread::has_room(0)
}

/// Puts the engine's handlers of signals in front again, if anybody else's are. That is done within a
/// millisecond of a guest's work anyway; a host that knows of a change calls this at once.
pub fn look_at_handlers() {
    handlers::look();
}

/// Makes the token by which several copies of this library in one process know each other, so that they agree on whose
/// signal handler stands in front. A binding of which there can be several copies passes it from one to the next.
pub fn found_family() -> usize {
    handlers::found_family()
}

/// Connects this copy with the others.
///
/// # Safety
/// `family` is what [`found_family`] returned in this process, in any copy. This copy is never unloaded.
pub unsafe fn join_family(family: usize) {
    // SAFETY: the caller's promise.
    unsafe { handlers::join_family(family) }
}

/// Installs a function that tells apart coroutines that share the native stack of a thread. It returns a number
/// for the one that runs, and zero on a thread without any. It is called on each thread that calls guests, so it
/// must be fast. A binding whose language has such coroutines installs it when it is loaded.
pub fn tell_coroutines_apart(current: fn() -> usize) {
    coroutine::tell_apart(current);
}
