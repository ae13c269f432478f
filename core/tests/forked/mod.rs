//! Children of the tests of forks.

/// Runs `what` in a forked child; whether it said yes in time.
pub(crate) fn in_child(what: impl FnOnce() -> bool) -> bool {
    // SAFETY: the child only runs `what` and ends without unwinding or running exit handlers.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: ends a child that hangs.
        unsafe { libc::alarm(20) };
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(what));
        // SAFETY: ends the child.
        unsafe { libc::_exit(if matches!(done, Ok(true)) { 0 } else { 1 }) };
    }
    let mut status = 0;
    // SAFETY: `status` is valid, and the child is ours.
    assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
    let is_well = libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0;
    if !is_well {
        // Past what a runner of tests keeps of the output.
        let line = format!("a child ended with status {status:#x}\n");
        // SAFETY: the bytes are there; it is only told.
        unsafe { libc::write(libc::STDERR_FILENO, line.as_ptr().cast(), line.len()) };
    }
    is_well
}
