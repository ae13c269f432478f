//! This thread: the native stack that its guests are on, and the innermost host function on it.

use std::cell::Cell;
use std::io::Write;
use std::ptr;

use crate::stack::{Stack, stack_pointer};
use crate::{Error, ErrorKind, Result, coroutine, fork};

thread_local! {
    static THREAD: Thread = const { Thread::new() };
}

/// What is known of a thread that works with stores.
pub(crate) struct Thread {
    /// The stack that its guests are on.
    pub(crate) stack: Stack,
    /// The innermost host function; null while no guest is on the stack but the one that runs.
    innermost: Cell<*const Visit>,
    /// The innermost call of a component, which the lane knows the type of.
    pub(crate) call: Cell<*const ()>,
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
pub(crate) fn current<'a>() -> &'a Thread {
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
            call: Cell::new(ptr::null()),
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
        match is_below && mark() == MARK && self.stack.is_coroutines(coroutine::current()) {
            true => Ok(()),
            false => Err(coroutine::another()),
        }
    }

    /// Where the guest must stop in an outermost call of a store; see [`Stack::limit`].
    #[inline(always)]
    pub(crate) fn limit(&self, max_bytes: usize) -> Result<usize> {
        self.stack.limit(max_bytes, || self.is_in_host())
    }

    /// Runs a host function, whose panics `what` catches, with the turn held.
    #[inline(always)]
    pub(crate) fn visit<R>(&self, is_held: impl Fn() -> bool, what: impl FnOnce() -> R) -> R {
        let visit = Visit {
            mark: Cell::new(MARK),
            outer: self.innermost.get(),
        };
        let here = &raw const visit;
        self.innermost.set(here);
        let done = what();
        if !is_held() || self.innermost.get() != here {
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

/// Runs `what` with so much native stack: here if there is enough left, else on a thread of its
/// own.
pub(crate) fn with_room<R: Send>(bytes: usize, what: impl FnOnce() -> R + Send) -> Result<R> {
    if has_room(bytes) {
        return Ok(what());
    }
    let _section = fork::Section::enter();
    fork::threads()?;
    std::thread::scope(|scope| {
        let room = std::thread::Builder::new().stack_size(2 * bytes);
        let thread = room.spawn_scoped(scope, what).map_err(|e| {
            Error::new(
                ErrorKind::Limit,
                format!("a thread for compiling cannot be started: {e}"),
            )
        })?;
        thread.join().map_err(|panic| Error::from_panic(&*panic))
    })
}

/// Whether this thread has so much native stack left for certain: who is on a coroutine's stack has
/// little.
pub(crate) fn has_room(bytes: usize) -> bool {
    current().stack.has(bytes)
}
