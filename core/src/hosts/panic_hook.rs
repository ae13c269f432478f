//! The panic hook: a panic that is caught and becomes an error is not printed as well.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::thread;

thread_local! {
    /// Whether a panic of this thread is told by an error.
    static IS_TOLD: Cell<bool> = const { Cell::new(false) };
}

/// For the library of a binding, and for the command: they have a panic hook of their own, which prints defects alone from
/// now on, and nothing about bytes that are not valid. In a program in Rust the hook is the program's, and stays as it is.
pub fn print_defects_alone() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            if !IS_TOLD.get() {
                print(panicked);
            }
        }));
    });
}

/// Runs what may panic, which the caller tells by an error.
pub(crate) fn told<R>(run: impl FnOnce() -> R) -> thread::Result<R> {
    let before = IS_TOLD.replace(true);
    let ran = catch_unwind(AssertUnwindSafe(run));
    IS_TOLD.set(before);
    ran
}
