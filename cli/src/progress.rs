//! A line on the terminal while something takes long.

use std::io::{IsTerminal, Write, stderr};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use landbridge::text;

/// What is quicker needs no word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Columns that the line may take: one that goes on in the next row cannot be erased.
const COLUMNS: usize = 70;

/// Does the work; says that the file is being compiled if that takes long and somebody looks on.
pub(crate) fn compiling<T>(file: &Path, work: impl FnOnce() -> T) -> T {
    match stderr().is_terminal() {
        true => saying(&line(file), PATIENCE, stderr(), work),
        false => work(),
    }
}

fn line(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str());
    let line = format!(
        "landbridge: compiling {} ...",
        text::name(&name.to_string_lossy())
    );
    match line.chars().count() > COLUMNS {
        true => "landbridge: compiling ...".to_owned(),
        false => line,
    }
}

/// Does the work; after a while there is a line, which is erased at the end.
fn saying<T>(
    line: &str,
    patience: Duration,
    mut to: impl Write + Send,
    work: impl FnOnce() -> T,
) -> T {
    let (done, waits) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if waits.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                // If nobody can read it nothing is lost.
                let _ = write!(to, "{line}").and_then(|()| to.flush());
                let _ = waits.recv();
                let _ = write!(to, "\r\x1b[2K").and_then(|()| to.flush());
            }
        });
        let made = work();
        drop(done);
        made
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Sender;

    use super::*;

    struct Screen(Sender<Vec<u8>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.send(bytes.to_vec()).expect("somebody looks");
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn there_is_a_line_until_the_work_is_done() {
        let (screen, seen) = channel();
        let first = saying("compiling ...", Duration::ZERO, Screen(screen), || {
            seen.recv().expect("a line")
        });
        assert_eq!(first, b"compiling ...");
        assert_eq!(seen.iter().flatten().collect::<Vec<u8>>(), b"\r\x1b[2K");
    }

    #[test]
    fn what_is_quick_needs_no_word() {
        let (screen, seen) = channel();
        assert_eq!(saying("x", Duration::MAX, Screen(screen), || 5), 5);
        assert_eq!(seen.iter().count(), 0);
    }

    #[test]
    fn the_line_is_short_and_steers_nothing() {
        assert_eq!(
            line(Path::new("a/b\x1b[2J.wasm")),
            "landbridge: compiling b\\u{1b}[2J.wasm ..."
        );
        assert_eq!(
            line(Path::new(&"x".repeat(100))),
            "landbridge: compiling ..."
        );
    }
}
