//! The process: what guests share with everything else in it. Its signal handlers, native stacks, address space and forks.

pub(crate) mod coroutine;
pub(crate) mod fork;
pub(crate) mod handlers;
pub(crate) mod last_thread;
pub(crate) mod reservation;
pub(crate) mod stack;
pub(crate) mod this_thread;
