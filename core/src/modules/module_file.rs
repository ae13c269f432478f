//! Reads a module from a file. A file that is not a module, such as a device or a picture, is not read to its end.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::components::world::MOST_WIT_BYTES;
use crate::file_mark::FileMark;
use crate::seems;
use crate::{Error, ErrorKind, Result};

/// The most bytes that a module has: those that the engine's parser takes.
const MOST_BYTES: u64 = 1 << 30;

/// Bytes that tell what it seems to be.
const HEAD_BYTES: u64 = 4096;

/// The bytes of a module, or of WebAssembly text, in a file; and the file's mark, if it was not changed
/// meanwhile.
pub(crate) fn read(path: &Path) -> Result<(Vec<u8>, Option<FileMark>)> {
    let failed = |e: io::Error| Error::io(path, &e);
    let file = fs::File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    let length = about.is_file().then_some(about.len());
    let bytes = read_from(&file, length).map_err(failed)?;
    let bytes = bytes.map_err(|e| e.in_file(path))?;
    let mark = FileMark::of(&about);
    let after = mark.and_then(|_| FileMark::of(&file.metadata().ok()?));
    Ok((bytes, mark.filter(|_| after == mark)))
}

/// The same for a source without a name, such as the standard input.
///
/// # Errors
/// `compile` if it is not a module, without reading on; the outer error if it cannot be read.
pub fn read_from(mut from: impl Read, length: Option<u64>) -> io::Result<Result<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.by_ref().take(HEAD_BYTES).read_to_end(&mut bytes)?;
    let is_all = (bytes.len() as u64) < HEAD_BYTES;
    if is_all {
        return Ok(Ok(bytes));
    }
    if let Some(other) = seems::known_by_its_head(&bytes) {
        return Ok(Err(Error::new(ErrorKind::Compile, other.to_string())));
    }
    if length.is_some_and(|length| length > MOST_BYTES) {
        return Ok(Err(too_large()));
    }
    bytes.reserve_exact((length.unwrap_or(0) as usize).saturating_sub(bytes.len()));
    let rest = MOST_BYTES - HEAD_BYTES + 1;
    from.take(rest).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > MOST_BYTES {
        true => Ok(Err(too_large())),
        false => Ok(Ok(bytes)),
    }
}

/// The WIT text beside a component's file, which has the same name and ends in `.wit`, if there is one that is not too
/// large.
pub(crate) fn wit_beside(path: &Path) -> Option<String> {
    let file = fs::File::open(path.with_extension("wit")).ok()?;
    let about = file.metadata().ok()?;
    let is_fit = about.is_file() && about.len() <= MOST_WIT_BYTES as u64;
    let mut text = String::new();
    let mut file = is_fit.then_some(file)?.take(MOST_WIT_BYTES as u64);
    file.read_to_string(&mut text).ok()?;
    Some(text)
}

fn too_large() -> Error {
    let text =
        "this has more than 1 GiB, which no module may have; look whether it is the right file";
    Error::new(ErrorKind::Compile, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives bytes without end, but panics if more than a few are asked for.
    struct Endless(u8, usize);

    impl Read for Endless {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            self.1 += bytes.len();
            assert!(self.1 < 1 << 20, "read on");
            bytes.fill(self.0);
            Ok(bytes.len())
        }
    }

    fn refused(from: impl Read, length: Option<u64>) -> String {
        let read = read_from(from, length).expect("read");
        read.expect_err("no module").message().to_owned()
    }

    #[test]
    fn what_is_no_module_is_not_read_to_its_end() {
        for byte in [0, b'x', 0xff, b'{'] {
            let told = refused(Endless(byte, 0), None);
            assert!(told.contains("seems to be"), "{told}");
        }
        for head in [
            &b"("[..],
            b"(\xff",
            b"(@",
            b"(;",
            b"(; ;)x",
            b"(module",
            b" (secret ",
            b";;",
        ] {
            let told = refused(head.chain(Endless(0xff, 0)), None);
            assert!(
                told.contains("no WebAssembly text") || told.contains("not UTF-8"),
                "{told}"
            );
        }
        let gzip = b"\x1f\x8b".chain(Endless(0, 0));
        assert!(refused(gzip, None).contains("gzip"));
    }

    #[test]
    fn what_is_too_large_is_not_read() {
        for head in [&b"\0asm\x01\0\0\0"[..], b"(module)"] {
            let told = refused(head.chain(Endless(b' ', 0)), Some(10 << 30));
            assert!(told.contains("1 GiB"), "{told}");
        }
    }

    #[test]
    fn modules_and_texts_are_whole() {
        let space = [b' '; 5000];
        for head in [
            &b"\0asm\x01\0\0\0"[..],
            b"(module)",
            b"",
            b";;",
            b"(; \xc3\xa4",
        ] {
            let all = [head, &space, b"\xc3\xa4"].concat();
            for length in [None, Some(all.len() as u64), Some(1)] {
                let read = read_from(&all[..], length).expect("read");
                assert_eq!(read.expect("may be a module"), all);
            }
        }
    }

    #[test]
    fn a_text_may_be_cut_where_its_head_ends() {
        let text = "(; \u{e4} ;) ;; a\n( (; b ;) module (; \u{e4} ;) )";
        for before in 0..=text.len() {
            let space = " ".repeat(HEAD_BYTES as usize - before);
            let all = [space.as_bytes(), text.as_bytes()].concat();
            let read = read_from(&all[..], None).expect("read");
            assert_eq!(read.expect("may be a module"), all, "{before}");
        }
    }
}
