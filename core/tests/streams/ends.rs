//! Two ends of what is written and read.

use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// What bytes go through.
#[derive(Debug)]
pub(crate) struct Ends {
    _what: &'static str,
    writer: Option<File>,
    reader: Option<File>,
}

impl Ends {
    pub(crate) const ALL: [fn() -> Ends; 5] = [
        Ends::pipe,
        Ends::named,
        Ends::sockets,
        Ends::terminal,
        Ends::master,
    ];

    fn new(_what: &'static str, reader: OwnedFd, writer: OwnedFd) -> Ends {
        let (reader, writer) = (Some(reader.into()), Some(writer.into()));
        Ends {
            _what,
            writer,
            reader,
        }
    }

    pub(crate) fn pipe() -> Ends {
        let mut fds = [0; 2];
        // SAFETY: a place for two descriptors, which are nobody else's.
        unsafe {
            assert_eq!(libc::pipe(fds.as_mut_ptr()), 0);
            Ends::new(
                "pipe",
                OwnedFd::from_raw_fd(fds[0]),
                OwnedFd::from_raw_fd(fds[1]),
            )
        }
    }

    pub(crate) fn named() -> Ends {
        let scratch = Scratch::new();
        let path = scratch.pipe("p");
        let both = File::options().read(true).write(true).open(&path).unwrap();
        let (reader, writer) = (
            File::open(&path).unwrap(),
            File::options().write(true).open(&path).unwrap(),
        );
        drop(both);
        Ends::new("named pipe", reader.into(), writer.into())
    }

    pub(crate) fn sockets() -> Ends {
        let (reader, writer) = UnixStream::pair().unwrap();
        Ends::new("sockets", reader.into(), writer.into())
    }

    /// What is written to the terminal comes out of its other end as it is.
    pub(crate) fn terminal() -> Ends {
        let [master, slave] = terminal();
        Ends::new("terminal", master, slave)
    }

    pub(crate) fn master() -> Ends {
        let [master, slave] = terminal();
        Ends::new("terminal's other end", slave, master)
    }

    pub(crate) fn writer(&self) -> &File {
        self.writer.as_ref().unwrap()
    }

    pub(crate) fn reader(&self) -> &File {
        self.reader.as_ref().unwrap()
    }

    pub(crate) fn writes(&self) -> File {
        self.writer().try_clone().unwrap()
    }

    pub(crate) fn reads(&self) -> File {
        self.reader().try_clone().unwrap()
    }

    pub(crate) fn close_reader(&mut self) {
        self.reader = None;
    }

    pub(crate) fn close_writer(&mut self) {
        self.writer = None;
    }

    /// As Node.js does with its output.
    pub(crate) fn set_unblocked(&self) {
        let fd = self.writer().as_raw_fd();
        // SAFETY: changes flags of an open descriptor.
        unsafe {
            let flags = libc::fcntl(fd, libc::F_GETFL);
            assert_eq!(libc::fcntl(fd, libc::F_SETFL, flags | libc::O_NONBLOCK), 0);
        }
    }
}

fn terminal() -> [OwnedFd; 2] {
    let (mut master, mut slave) = (0, 0);
    // SAFETY: places for two descriptors, which are nobody else's, and for what is raw.
    unsafe {
        let mut raw: libc::termios = std::mem::zeroed();
        libc::cfmakeraw(&raw mut raw);
        raw.c_cflag |= libc::CREAD | libc::CS8;
        raw.c_cc[libc::VMIN] = 1;
        let opened = libc::openpty(
            &raw mut master,
            &raw mut slave,
            std::ptr::null_mut(),
            &raw const raw,
            std::ptr::null(),
        );
        assert_eq!(opened, 0);
        [OwnedFd::from_raw_fd(master), OwnedFd::from_raw_fd(slave)]
    }
}

/// Runs `what` with a file in the place of one of the process's descriptors.
pub(crate) fn with_descriptor<R>(fd: i32, file: &File, what: impl FnOnce() -> R) -> R {
    struct Back(i32, i32);
    impl Drop for Back {
        fn drop(&mut self) {
            // SAFETY: puts back what was there.
            unsafe {
                libc::dup2(self.1, self.0);
                libc::close(self.1);
            }
        }
    }
    // SAFETY: the test is alone in its process.
    let _back = unsafe {
        let kept = libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 10);
        assert!(kept >= 0 && libc::dup2(file.as_raw_fd(), fd) == fd);
        Back(fd, kept)
    };
    what()
}

/// A folder that goes.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("landbridge-streams-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Scratch(folder)
    }

    pub(crate) fn pipe(&self, name: &str) -> PathBuf {
        let path = self.0.join(name);
        let made = Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
