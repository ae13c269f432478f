//! Coroutines: what else may run on a thread while a guest's frames lie on its native stack.
//!
//! A host function may switch to another coroutine (ucontext, Boost.Context, greenlet), which finds the
//! same thread: its turns are this thread's, and the engine's list of the thread's calls leads into a
//! stack that nobody is on, or that was copied away. Nothing must be put on top of that. So each
//! thread notes its innermost host function, and whoever is not below that one is refused.

use std::cell::Cell;
use std::io::Write;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::stack::{Stack, stack_pointer};
use crate::turn::Turn;
use crate::{Error, ErrorKind, Result};

thread_local! {
    static THREAD: Thread = const { Thread::new() };
}

/// What is known of a thread that works with stores.
pub(crate) struct Thread {
    /// The stack that its guests are on.
    pub(crate) stack: Stack,
    /// The innermost host function; null while no guest is on the stack but the one that runs.
    innermost: Cell<*const Visit>,
}

/// Lies in the frame of a host function.
struct Visit {
    /// Is there as long as nobody else's frames lie here.
    mark: Cell<i32>,
    outer: *const Visit,
}

const MARK: i32 = 0x4c62_5673;

/// What is known of this thread.
#[inline(always)]
pub(crate) fn thread<'a>() -> &'a Thread {
    // SAFETY: a thread-local without a destructor is there as long as its thread. Whoever has the
    // reference is on that thread's stack; a coroutine that takes it to another thread is found out
    // by `visit` before it is used there.
    THREAD.with(|thread| unsafe { &*ptr::from_ref(thread) })
}

impl Thread {
    const fn new() -> Thread {
        Thread {
            stack: Stack::new(),
            innermost: Cell::new(ptr::null()),
        }
    }

    /// Whether a host function runs on this thread, in whichever of its coroutines.
    #[inline(always)]
    pub(crate) fn is_in_host(&self) -> bool {
        !self.innermost.get().is_null()
    }

    /// Refuses everybody who is not in the innermost host function's coroutine, below its frame.
    ///
    /// # Errors
    /// `busy`.
    pub(crate) fn check(&self) -> Result<()> {
        let innermost = self.innermost.get();
        let here = stack_pointer();
        let is_below = self.stack.low() <= here && here < innermost.addr();
        // SAFETY: the frame lies between here and the end of the stack that both are on, so there
        // is memory, whatever is in it by now.
        let mark = || unsafe { (&raw const (*innermost).mark).cast::<i32>().read_volatile() };
        match is_below && mark() == MARK && self.stack.is_coroutines(current()) {
            true => Ok(()),
            false => Err(another()),
        }
    }

    /// Where the guest must stop in an outermost call of a store; see [`Stack::limit`].
    #[inline(always)]
    pub(crate) fn limit(&self, max_bytes: usize) -> Result<usize> {
        self.stack.limit(max_bytes, || self.is_in_host())
    }

    /// Runs a host function, whose panics `what` catches, with the turn held.
    #[inline(always)]
    pub(crate) fn visit<R>(&self, turn: &Turn, what: impl FnOnce() -> R) -> R {
        let visit = Visit {
            mark: Cell::new(MARK),
            outer: self.innermost.get(),
        };
        let here = &raw const visit;
        self.innermost.set(here);
        let done = what();
        if !turn.is_mine() || self.innermost.get() != here {
            out_of_order();
        }
        self.innermost.set(visit.outer);
        done
    }
}

/// The engine would go on with the state of another call, so the process cannot.
#[cold]
fn out_of_order() -> ! {
    let _ = writeln!(
        std::io::stderr(),
        "landbridge: a host function returned on another thread than it was called on, or while another \
         coroutine was inside of a guest that was called later; the process cannot go on"
    );
    std::process::abort()
}

#[cold]
pub(crate) fn another() -> Error {
    Error::new(
        ErrorKind::Busy,
        "another coroutine of this thread is inside of a guest, in a host function that has not returned; \
         let it return first, or call on another thread",
    )
}

#[cold]
pub(crate) fn moved() -> Error {
    Error::new(
        ErrorKind::Busy,
        "this coroutine is inside of a guest and has moved to another thread; \
         it must stay on its thread until its host function has returned",
    )
}

type Current = fn() -> usize;

static CURRENT: AtomicPtr<()> = AtomicPtr::new(ptr::null_mut());

/// See [`host::tell_coroutines_apart`](crate::host::tell_coroutines_apart).
pub(crate) fn tell_apart(current: Current) {
    CURRENT.store(current as *mut (), Ordering::Relaxed);
}

/// The number of the coroutine that runs, if the host tells.
pub(crate) fn current() -> Option<usize> {
    let installed = CURRENT.load(Ordering::Relaxed);
    if installed.is_null() {
        return None;
    }
    // SAFETY: only `tell_apart` writes it, a function of this type.
    Some(unsafe { std::mem::transmute::<*mut (), Current>(installed)() })
}
