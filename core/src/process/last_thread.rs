//! Last thread: which one called into a store last, so that its next call finds out without a thread-local.
//!
//! A thread-local takes a call in a shared library. What tells threads apart in one instruction, the token, is used
//! again when a thread has ended, and so may be the memory of its thread-locals. So each end of a thread is counted,
//! and what was noted holds while none ended.

use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::this_thread::{self, Thread};
use crate::token::thread_token;

/// How many threads ended that a store noted, and how often all but one were left behind in a fork. All calls read
/// it; it is only written when a thread ends.
static ENDED: AtomicUsize = AtomicUsize::new(0);

/// Counts the end of its thread.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        ENDED.fetch_add(1, Ordering::SeqCst);
    }
}

thread_local! {
    static END: End = const { End };
}

/// In a forked child: the other threads are gone, and did not count it.
pub(crate) fn forked() {
    ENDED.fetch_add(1, Ordering::SeqCst);
}

/// The thread of a store's current outermost call, or of its last one. Only touched by who holds the turn.
pub(crate) struct LastThread {
    thread: Cell<NonNull<Thread>>,
    /// [`Stack::thread_id`](crate::stack::Stack::thread_id): no other thread ever has it.
    id: Cell<u64>,
    /// Zero, which no thread has, if it cannot be told again by it.
    token: Cell<usize>,
    ended: Cell<usize>,
}

impl LastThread {
    pub(crate) const fn new() -> LastThread {
        LastThread {
            thread: Cell::new(NonNull::dangling()),
            id: Cell::new(0),
            token: Cell::new(0),
            ended: Cell::new(0),
        }
    }

    /// This thread, if it is the one that was noted.
    #[inline(always)]
    pub(crate) fn if_mine(&self) -> Option<&Thread> {
        let is_mine =
            self.token.get() == thread_token() && self.ended.get() == ENDED.load(Ordering::Relaxed);
        // SAFETY: this thread has the token that was noted. No thread has ended since, so it is the thread
        // that noted it, whose thread-locals are where they were. The end of a thread is counted before its
        // token can be another's: what hands on the memory of an ended thread orders both.
        is_mine.then(|| unsafe { self.thread.get().as_ref() })
    }

    /// This thread.
    #[inline(always)]
    pub(crate) fn current(&self) -> &Thread {
        match self.if_mine() {
            Some(thread) => thread,
            None => this_thread::current(),
        }
    }

    /// The thread that was noted last. It is there while its outermost call is.
    pub(crate) fn get(&self) -> *const Thread {
        self.thread.get().as_ptr()
    }

    /// Its number.
    pub(crate) fn id(&self) -> u64 {
        self.id.get()
    }

    /// Notes this thread, which has looked at its stack.
    #[inline(always)]
    pub(crate) fn note(&self, thread: &Thread) {
        if self.if_mine().is_none() {
            self.note_other(thread);
        }
    }

    #[cold]
    fn note_other(&self, thread: &Thread) {
        let ended = ENDED.load(Ordering::Relaxed);
        // Its end may have been counted already, in a destructor of a thread-local: then nobody would count it.
        let is_counted = END.try_with(|_| ()).is_ok();
        self.token.set(if is_counted { thread_token() } else { 0 });
        self.ended.set(ended);
        self.thread.set(NonNull::from(thread));
        self.id.set(thread.stack.thread_id());
    }
}
