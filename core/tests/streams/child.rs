//! Tests in a process of their own: they put other descriptors in the place of the process's.

use std::process::{Command, Stdio};
use std::time::Duration;

const CHILD: &str = "LANDBRIDGE_STREAMS_CHILD";

/// Runs the test of this name in a child, which is killed if it does not end.
pub(crate) fn in_child(test: &str, what: impl FnOnce()) {
    if std::env::var_os(CHILD).is_some() {
        return what();
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1")
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..1200 {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return;
        }
        // sleeps: a poll
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    panic!("{test} did not end");
}
