//! What guests write to and read from pipes, sockets and terminals: nothing waits past its call, and
//! nothing is lost.
#![cfg(unix)]

#[path = "streams/child.rs"]
mod child;
#[path = "streams/ends.rs"]
mod ends;

use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use child::in_child;
use ends::{Ends, Scratch, with_descriptor};
use landbridge::*;

const GUEST: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_readdir"
        (func $list (param i32 i32 i32 i64 i32) (result i32)))
    (memory (export "memory") 4)
    (data (i32.const 16) "\00\00\01\00\00\00\00\00")
    (func $once (export "write") (param $fd i32) (param $length i32) (result i32)
        (i32.store (i32.const 20) (local.get $length))
        (call $write (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 8)))
    (func (export "done") (result i32) (i32.load (i32.const 8)))
    (func (export "read") (param $length i32) (result i32)
        (i32.store (i32.const 20) (local.get $length))
        (drop (call $read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 8)))
        (i32.load (i32.const 8)))
    (func (export "list") (param $cookie i64) (param $size i32) (result i32)
        (call $list (i32.const 3) (i32.const 65536) (local.get $size) (local.get $cookie)
            (i32.const 8)))
    ;; Writes so often; the first error.
    (func (export "flood") (param $fd i32) (param $length i32) (param $times i32) (result i32)
        (local $error i32)
        (loop $again
            (local.set $error (call $once (local.get $fd) (local.get $length)))
            (br_if $again (i32.and (i32.eqz (local.get $error)) (i32.ne (i32.const 0)
                (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))))
        (local.get $error)))"#;

const PIPE: i32 = 64;

fn guest(stdio: Stdio, timeout_ms: Option<u64>) -> Instance {
    let limits = Limits {
        timeout: timeout_ms.map(Duration::from_millis),
        ..Limits::default()
    };
    let sandbox = Sandbox {
        limits,
        stdio,
        ..Sandbox::default()
    };
    let module = Module::new(GUEST).unwrap();
    module.instantiate_with(&Imports::new(), &sandbox).unwrap()
}

fn inherited() -> Stdio {
    Stdio {
        stdin: Input::Inherit,
        stdout: Output::Inherit,
        stderr: Output::Inherit,
        ..Stdio::default()
    }
}

fn call(guest: &Instance, name: &str, args: &[i32]) -> Result<i32> {
    let args: Vec<_> = args.iter().map(|it| Value::I32(*it)).collect();
    let results = guest.call(name, &args)?;
    match results[..] {
        [Value::I32(result)] => Ok(result),
        _ => unreachable!("one number"),
    }
}

fn kind(ended: Result<i32>) -> ErrorKind {
    ended.unwrap_err().kind()
}

/// Ends the call that runs by and by: it may not have begun yet.
fn until_done<R>(end: impl Fn() + Send + Sync, what: impl FnOnce() -> R + Send) -> R
where
    R: Send,
{
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::SeqCst) {
                // sleeps: a poll
                thread::sleep(Duration::from_millis(30));
                end();
            }
        });
        let done = what();
        is_done.store(true, Ordering::SeqCst);
        done
    })
}

#[test]
fn a_write_that_nobody_reads_ends_with_its_call() {
    in_child("a_write_that_nobody_reads_ends_with_its_call", || {
        for make in Ends::ALL {
            for (fd, length) in [(1, 10), (2, 4096), (1, 100_000)] {
                let ends = make();
                let flood = |guest: &Instance| call(guest, "flood", &[fd, length, -1]);
                with_descriptor(fd, ends.writer(), || {
                    let late = guest(inherited(), Some(100));
                    assert_eq!(kind(flood(&late)), ErrorKind::Timeout, "{ends:?}");
                    let one = guest(inherited(), None);
                    let ended = until_done(|| one.store().cancel(), || flood(&one));
                    assert_eq!(kind(ended), ErrorKind::Cancelled, "{ends:?}");
                    let one = guest(inherited(), None);
                    let ended = until_done(|| one.store().close(), || flood(&one));
                    assert_eq!(kind(ended), ErrorKind::Closed, "{ends:?}");
                });
            }
        }
    });
}

#[test]
fn a_read_from_what_nobody_writes_ends_with_its_call() {
    in_child("a_read_from_what_nobody_writes_ends_with_its_call", || {
        for make in Ends::ALL {
            let ends = make();
            with_descriptor(0, ends.reader(), || {
                let late = guest(inherited(), Some(50));
                assert_eq!(kind(call(&late, "read", &[10])), ErrorKind::Timeout);
                let reads = guest(inherited(), Some(60_000));
                ends.writes().write_all(b"four\n").unwrap();
                assert_eq!(call(&reads, "read", &[1000]).unwrap(), 5, "{ends:?}");
            });
        }
    });
}

/// Whoever reads must not wait until the last handle is gone: in some languages nobody knows when.
#[test]
fn a_store_that_is_closed_closes_its_output() {
    let scratch = Scratch::new();
    let path = scratch.pipe("out");
    let mut how = std::fs::OpenOptions::new();
    how.read(true).custom_flags(libc::O_NONBLOCK);
    let unread = guest(to_file(&path), None);
    for read_at_first in [false, true] {
        let mut reader = how.open(&path).unwrap();
        let one = match read_at_first {
            true => guest(to_file(&path), None),
            false => unread.clone(),
        };
        assert_eq!(call(&one, "write", &[1, 10]).unwrap(), 0);
        one.store().close();
        let mut all = Vec::new();
        assert_eq!(reader.read_to_end(&mut all).unwrap(), 10);
    }
}

fn to_file(path: &std::path::Path) -> Stdio {
    Stdio {
        stdout: Output::File(path.to_owned()),
        ..Stdio::default()
    }
}

#[test]
fn a_process_without_input_has_nothing_to_be_read() {
    in_child("a_process_without_input_has_nothing_to_be_read", || {
        // What is opened from here on would take its number.
        let _loaded = guest(Stdio::default(), None);
        // SAFETY: nobody else uses it in this process.
        assert_eq!(unsafe { libc::close(0) }, 0);
        assert_eq!(call(&guest(inherited(), None), "read", &[10]).unwrap(), 0);
    });
}

/// What others see of a descriptor that they share.
#[test]
fn a_shared_descriptor_stays_as_it_is() {
    in_child("a_shared_descriptor_stays_as_it_is", || {
        for make in Ends::ALL {
            let ends = make();
            with_descriptor(1, ends.writer(), || {
                with_descriptor(0, ends.reader(), || {
                    let late = guest(inherited(), Some(50));
                    assert!(call(&late, "flood", &[1, 10_000, -1]).is_err());
                });
            });
            for file in [ends.writer(), ends.reader()] {
                // SAFETY: asks for the flags of an open descriptor.
                let flags = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GETFL) };
                assert_eq!(flags & libc::O_NONBLOCK, 0, "{ends:?}");
            }
        }
    });
}

#[test]
fn all_that_is_written_arrives_though_the_descriptor_does_not_block() {
    let name = "all_that_is_written_arrives_though_the_descriptor_does_not_block";
    in_child(name, || {
        for (make, does_block) in Ends::ALL
            .into_iter()
            .flat_map(|it| [(it, true), (it, false)])
        {
            let ends = make();
            if !does_block {
                ends.set_unblocked();
            }
            let mut reader = ends.reads();
            let reading = thread::spawn(move || {
                // sleeps: the guest waits by now, which nothing tells
                thread::sleep(Duration::from_millis(50));
                let mut bytes = vec![0; 1_000_000];
                reader.read_exact(&mut bytes).unwrap();
                bytes.iter().all(|byte| *byte == b'x')
            });
            with_descriptor(2, ends.writer(), || {
                let guest = guest(inherited(), None);
                let memory = guest.memory("memory").unwrap();
                memory.write(0x10000, &[b'x'; 1000]).unwrap();
                assert_eq!(call(&guest, "flood", &[2, 10, 30_000]).unwrap(), 0);
                assert_eq!(call(&guest, "flood", &[2, 1000, 700]).unwrap(), 0);
            });
            assert!(reading.join().unwrap(), "{ends:?}");
        }
    });
}

#[test]
fn a_guest_whose_reader_has_left_is_told_and_its_host_lives() {
    in_child(
        "a_guest_whose_reader_has_left_is_told_and_its_host_lives",
        || {
            // SAFETY: as a program in C begins.
            unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
            for make in [Ends::pipe, Ends::named, Ends::sockets] {
                let mut ends = make();
                ends.close_reader();
                with_descriptor(1, ends.writer(), || {
                    let guest = guest(inherited(), None);
                    assert_eq!(call(&guest, "write", &[1, 10]).unwrap(), PIPE, "{ends:?}");
                    assert_eq!(call(&guest, "write", &[1, 99_999]).unwrap(), PIPE);
                    assert_eq!(call(&guest, "write", &[9, 10]).unwrap(), 8);
                });
            }
            assert!(!is_waiting(), "the signal was taken");
            // One that the host keeps waiting is the host's.
            block_sigpipe();
            // SAFETY: it is blocked.
            unsafe { libc::raise(libc::SIGPIPE) };
            let mut ends = Ends::pipe();
            ends.close_reader();
            with_descriptor(1, ends.writer(), || {
                let guest = guest(inherited(), None);
                assert_eq!(call(&guest, "write", &[1, 10]).unwrap(), PIPE);
            });
            assert!(is_waiting());
        },
    );
}

fn block_sigpipe() {
    // SAFETY: a set that is filled before it is used.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
    }
}

fn is_waiting() -> bool {
    // SAFETY: a set that is filled before it is read.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigpending(&raw mut set);
        libc::sigismember(&raw const set, libc::SIGPIPE) == 1
    }
}

#[test]
fn a_reader_sees_the_end_when_the_process_closes_its_output() {
    let name = "a_reader_sees_the_end_when_the_process_closes_its_output";
    in_child(name, || {
        for make in [Ends::pipe, Ends::named, Ends::sockets] {
            let mut ends = make();
            let guest = guest(inherited(), None);
            with_descriptor(1, ends.writer(), || {
                assert_eq!(call(&guest, "write", &[1, 3]).unwrap(), 0);
            });
            ends.close_writer();
            let mut all = Vec::new();
            ends.reads().read_to_end(&mut all).unwrap();
            assert_eq!(all.len(), 3, "{ends:?}");
            assert!(!guest.store().is_closed());
        }
    });
}

#[test]
fn a_pipe_by_its_name_waits_for_its_other_end_in_the_call() {
    in_child(
        "a_pipe_by_its_name_waits_for_its_other_end_in_the_call",
        || {
            let scratch = Scratch::new();
            let (input, output) = (scratch.pipe("in"), scratch.pipe("out"));
            let stdio = Stdio {
                stdin: Input::File(input.clone()),
                stdout: Output::File(output.clone()),
                ..Stdio::default()
            };
            let late = guest(stdio.clone(), Some(50));
            assert_eq!(kind(call(&late, "write", &[1, 10])), ErrorKind::Timeout);
            let late = guest(stdio.clone(), Some(50));
            assert_eq!(kind(call(&late, "read", &[10])), ErrorKind::Timeout);
            let one = guest(stdio, None);
            thread::scope(|scope| {
                scope.spawn(|| {
                    // sleeps: the guest waits by now, which nothing tells
                    thread::sleep(Duration::from_millis(50));
                    std::fs::write(&input, "twelve bytes").unwrap();
                    let written = std::fs::read(&output).unwrap();
                    assert_eq!(written.len(), 100_000);
                });
                assert_eq!(call(&one, "read", &[1000]).unwrap(), 12);
                assert_eq!(call(&one, "read", &[1000]).unwrap(), 0, "its end");
                assert_eq!(call(&one, "write", &[1, 100_000]).unwrap(), 0);
                // Its reader waits for the end.
                one.close();
                drop(one);
            });
        },
    );
}

#[test]
fn a_full_disk_is_the_guests_to_know() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let stdio = Stdio {
        stdout: Output::File("/dev/full".into()),
        stdin: Input::File("/dev/zero".into()),
        ..Stdio::default()
    };
    let guest = guest(stdio, None);
    assert_eq!(call(&guest, "write", &[1, 10]).unwrap(), 51);
    assert_eq!(call(&guest, "read", &[10]).unwrap(), 10, "not all of it");
}

#[test]
fn a_function_that_takes_output_gets_all_of_it() {
    let taken = Arc::new(std::sync::Mutex::new(0));
    let sum = taken.clone();
    let callback = move |_: &HostContext<'_>, bytes: &[u8]| {
        *sum.lock().unwrap() += bytes.len();
        Ok(())
    };
    let stdio = Stdio {
        stdout: Output::Callback(Arc::new(callback)),
        ..Stdio::default()
    };
    let guest = guest(stdio, None);
    assert_eq!(call(&guest, "write", &[1, 196_608]).unwrap(), 0);
    assert_eq!(call(&guest, "done", &[]).unwrap(), 196_608);
    assert_eq!(*taken.lock().unwrap(), 196_608);
}

/// The names of some entries of a folder, and where the next ones are.
fn listed(guest: &Instance, cookie: i64, size: i32) -> (Vec<String>, i64) {
    let args = [Value::I64(cookie), Value::I32(size)];
    assert_eq!(guest.call("list", &args).unwrap(), [Value::I32(0)]);
    let used = call(guest, "done", &[]).unwrap() as usize;
    let mut bytes = vec![0; used];
    guest
        .memory("memory")
        .unwrap()
        .read_into(0x10000, &mut bytes)
        .unwrap();
    let (mut names, mut next, mut rest) = (Vec::new(), cookie, &bytes[..]);
    while rest.len() >= 24 {
        let length = u32::from_le_bytes(rest[16..20].try_into().unwrap()) as usize;
        let Some(name) = rest.get(24..24 + length) else {
            break;
        };
        names.push(String::from_utf8(name.to_vec()).unwrap());
        next = i64::from_le_bytes(rest[..8].try_into().unwrap());
        rest = &rest[24 + length..];
    }
    (names, next)
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_leaves_the_others_listed() {
    use std::os::unix::ffi::OsStrExt;
    let scratch = Scratch::new();
    let mut expected = vec![".".to_owned(), "..".to_owned()];
    for i in 0..1500 {
        let name = format!("file {i}");
        std::fs::write(scratch.0.join(&name), "").unwrap();
        expected.push(name);
        if i % 3 == 0 {
            let name = format!("caf\u{e9} {i}").into_bytes();
            let name: Vec<_> = name.into_iter().filter(|byte| *byte != 0xc3).collect();
            std::fs::write(scratch.0.join(std::ffi::OsStr::from_bytes(&name)), "").unwrap();
        }
    }
    expected.sort();
    let sandbox = Sandbox {
        policy: Policy::none()
            .with_dir("/d", &scratch.0, Access::Read)
            .unwrap(),
        stdio: Stdio {
            refusals: Output::Capture,
            ..Stdio::default()
        },
        ..Sandbox::default()
    };
    let module = Module::new(GUEST).unwrap();
    let guest = module.instantiate_with(&Imports::new(), &sandbox).unwrap();
    for size in [100, 4096, 131_072] {
        let (mut all, mut cookie) = (Vec::new(), 0);
        loop {
            let (names, next) = listed(&guest, cookie, size);
            if names.is_empty() {
                break;
            }
            all.extend(names);
            cookie = next;
            // Each place is the same whichever way it was come to.
            let (again, _) = listed(&guest, cookie - 1, size);
            assert_eq!(again.first(), all.last());
        }
        all.sort();
        assert!(all == expected, "{} of {}", all.len(), expected.len());
    }
    let told = String::from_utf8(guest.store().refusals()).unwrap();
    let first = r#"refused: fd_readdir "/d": left out "caf\xa9 "#;
    assert!(told.starts_with(first), "{}", &told[..100]);
    assert!(told.lines().count() >= 500);
}
