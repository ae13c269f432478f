//! One run of the command.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What came of it.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_landbridge"));
    command.current_dir(folder).args(args);
    command
}

/// Runs it with an input.
pub(crate) fn with_input(folder: &Path, args: &[&str], input: &[u8]) -> Ran {
    let mut command = command(folder, args);
    let pipes = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let output = std::thread::scope(|scope| {
        // A guest need not read what it is given, and may write while it reads.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().expect("the command ends")
    });
    Ran {
        code: output.status.code().expect("no signal"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

impl Ran {
    /// Ended well, with this output and no word of its own.
    #[track_caller]
    pub(crate) fn prints(&self, stdout: &str) {
        assert_eq!((self.code, &*self.stdout, &*self.stderr), (0, stdout, ""));
    }

    /// Ended with this code and, on the first line, with this error.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, first: &str) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(
            self.stderr.starts_with(&format!("landbridge: {first}")),
            "{self:?}"
        );
    }

    /// Said this on stderr.
    #[track_caller]
    pub(crate) fn says(&self, part: &str) {
        assert!(self.stderr.contains(part), "{part:?} is not in {self:?}");
    }
}
