//! A line on the terminal while something takes long.

use std::io::{IsTerminal, stderr};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// What is quicker needs no word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Does the work; says that the file is being compiled if that takes long and somebody looks on.
pub(crate) fn compiling<T>(file: &Path, work: impl FnOnce() -> T) -> T {
    if !stderr().is_terminal() {
        return work();
    }
    let (done, waits) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if waits.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                eprint!("landbridge: compiling {} ...", file.display());
                let _ = waits.recv();
                eprint!("\r\x1b[2K");
            }
        });
        let made = work();
        drop(done);
        made
    })
}
