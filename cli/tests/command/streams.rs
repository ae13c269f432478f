//! Streams that are not read, not written, or do not block.
#![cfg(unix)]

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::guests::*;
use crate::ran::command;
use crate::scratch::Scratch;

fn flood(scratch: &Scratch, args: &[&str], stdout: impl Into<Stdio>) -> Child {
    let args = [&["run"], args, &["flood.wat"]].concat();
    let mut command = command(scratch.path(), &args);
    let pipes = command.stdin(Stdio::null()).stdout(stdout);
    pipes.stderr(Stdio::piped()).spawn().expect("starts")
}

#[test]
fn a_deadline_ends_a_write_that_nobody_reads() {
    let scratch = Scratch::with("flood.wat", FLOOD);
    let (socket, other) = UnixStream::pair().expect("a pair");
    for stdout in [Stdio::piped(), OwnedFd::from(socket).into()] {
        let mut child = flood(&scratch, &["--timeout", "100ms"], stdout);
        // Kept open, and not read.
        let held = child.stdout.take();
        let output = child.wait_with_output().expect("ends");
        assert_eq!(output.status.code(), Some(124));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.starts_with("landbridge: timeout: "), "{stderr}");
        drop(held);
    }
    drop(other);
}

#[test]
fn an_interrupt_ends_a_write_that_nobody_reads() {
    let scratch = Scratch::with("flood.wat", FLOOD);
    // Whoever starts the tests may have it ignored, and the child would as well.
    // SAFETY: nothing of this process handles it.
    unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
    let mut child = flood(&scratch, &[], Stdio::piped());
    let held = child.stdout.take();
    // sleeps: the write waits by now, which nothing tells
    std::thread::sleep(Duration::from_millis(500));
    // SAFETY: the child was not waited for, so its number is its own.
    unsafe { libc::kill(child.id() as i32, libc::SIGINT) };
    let status = child.wait().expect("ends");
    assert_eq!(status.signal(), Some(libc::SIGINT));
    drop(held);
}

#[test]
fn a_descriptor_that_does_not_block_loses_nothing() {
    let scratch = Scratch::with("flood.wat", FLOOD);
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    // SAFETY: changes the flags of an open descriptor.
    let set = unsafe { libc::fcntl(writer.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) };
    assert_eq!(set, 0);
    let limit = ["--output-limit", "4MiB"];
    let mut child = flood(&scratch, &limit, File::from(OwnedFd::from(writer)));
    // sleeps: nobody reads for a while
    std::thread::sleep(Duration::from_millis(300));
    let mut written = Vec::new();
    reader.read_to_end(&mut written).expect("read");
    assert_eq!(written.len(), 4 << 20);
    assert_eq!(child.wait().expect("ends").code(), Some(70));
}

#[test]
fn a_reader_of_a_socket_or_a_named_pipe_that_leaves_ends_it_too() {
    let scratch = Scratch::with("flood.wat", FLOOD);
    let (socket, other) = UnixStream::pair().expect("a pair");
    drop(other);
    let path = scratch.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo is there").success());
    let both = File::options().read(true).write(true).open(&path);
    let named = File::options().write(true).open(&path).expect("opens");
    drop(both);
    for stdout in [OwnedFd::from(socket), named.into()] {
        let output = flood(&scratch, &[], stdout).wait_with_output();
        let output = output.expect("ends");
        assert_eq!(output.status.signal(), Some(libc::SIGPIPE));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}
