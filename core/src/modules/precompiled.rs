//! Precompiled modules as files: the engine's code, then the module's own bytes, then a footer that
//! says what they are for and whether they are whole.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::compiled::{self, Compiled};
use crate::engine_facts;
use crate::held_dir::HeldDir;
use crate::seems::{self, Seems};
use crate::{Error, ErrorKind, Result, VERSION};

/// Whose file it is, and in which format.
const MAGIC: &[u8; 16] = b"landbridge code1";

/// Bytes that tell whether a file may be one.
const HEAD_BYTES: u64 = 4096;

/// At the very end: length of the code, length of the module, checksum of all before, magic.
const FOOTER_BYTES: usize = 8 + 8 + 32 + MAGIC.len();

/// Which version of this library wrote the file, in a fixed width behind the module.
const VERSION_BYTES: usize = 16;

fn version() -> [u8; VERSION_BYTES] {
    let mut padded = [0; VERSION_BYTES];
    padded[..VERSION.len()].copy_from_slice(VERSION.as_bytes());
    padded
}

/// Writes the file, whole or not at all.
pub(crate) fn write(path: &Path, code: &Compiled, wasm: &[u8]) -> Result<()> {
    let code = code.serialize();
    let mut bytes = code.map_err(|e| Error::from_engine(e, ErrorKind::Internal))?;
    let code_bytes = bytes.len() as u64;
    bytes.extend_from_slice(wasm);
    bytes.extend_from_slice(&version());
    bytes.extend_from_slice(&code_bytes.to_le_bytes());
    bytes.extend_from_slice(&(wasm.len() as u64).to_le_bytes());
    let checksum = blake3::hash(&bytes);
    bytes.extend_from_slice(checksum.as_bytes());
    bytes.extend_from_slice(MAGIC);
    replace(path, &bytes).map_err(|e| Error::io(path, &e))
}

/// By a descriptor of the folder, so that what is removed is what was made there.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = path.file_name().ok_or(std::io::ErrorKind::InvalidInput)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    HeldDir::open(folder)?.replace(name, &[bytes])
}

/// A file that is whole and of this version.
pub(crate) struct File {
    file: fs::File,
    wasm: Vec<u8>,
}

impl File {
    pub(crate) fn read(path: &Path) -> Result<File> {
        let mut bytes = Vec::new();
        let mut open = || -> std::io::Result<fs::File> {
            let mut file = fs::File::open(path)?;
            file.by_ref().take(HEAD_BYTES).read_to_end(&mut bytes)?;
            // What is none may have no end, such as a device.
            if engine_facts::is_code(&bytes) {
                file.read_to_end(&mut bytes)?;
            }
            Ok(file)
        };
        let file = open().map_err(|e| Error::io(path, &e))?;
        let wasm = check(&bytes).map_err(|why| refused(path, why))?.to_vec();
        Ok(File { file, wasm })
    }

    /// The module's own bytes.
    pub(crate) fn wasm(&self) -> &[u8] {
        &self.wasm
    }

    /// The code, mapped from the file, and the module's own bytes.
    ///
    /// # Safety
    /// The file's code is trusted, and the file stays as it is while the module is there.
    pub(crate) unsafe fn load(
        self,
        engine: &wasmtime::Engine,
        path: &Path,
    ) -> Result<(Compiled, Vec<u8>)> {
        // The module's own bytes tell what it is; the checksum is over these too.
        let is_component = compiled::is_component(&self.wasm);
        // SAFETY: the caller's promise; the file was found to be as it was written.
        let code = unsafe { Compiled::of_file(engine, self.file, is_component) };
        let code = code.map_err(|e| refused(path, engine_facts::misfit(&Error::text_of(&e))))?;
        Ok((code, self.wasm))
    }
}

fn refused(path: &Path, why: String) -> Error {
    Error::new(ErrorKind::Compile, why).in_file(path)
}

/// Finds the module's own bytes in a file that is whole and of this version.
fn check(bytes: &[u8]) -> Result<&[u8], String> {
    let Some(footer_at) = bytes.len().checked_sub(FOOTER_BYTES) else {
        return Err(no_footer(bytes));
    };
    let (body, footer) = bytes.split_at(footer_at);
    if !footer.ends_with(MAGIC) {
        return Err(no_footer(bytes));
    }
    let number = |at: usize| u64::from_le_bytes(footer[at..at + 8].try_into().unwrap_or_default());
    if blake3::hash(&bytes[..footer_at + 16]).as_bytes()[..] != footer[16..48] {
        return Err("the file was altered: its checksum is wrong".to_owned());
    }
    let (code, wasm) = (number(0) as usize, number(8) as usize);
    let parts = body
        .split_at_checked(code)
        .and_then(|(_, rest)| rest.split_at_checked(wasm));
    let (wasm, made_by) = parts.ok_or("the file was altered: its lengths are wrong")?;
    if made_by != version() {
        return Err(format!(
            "the file is of another version: it was made by {}, this is {VERSION}; compile the \
             module again",
            String::from_utf8_lossy(made_by).trim_end_matches('\0')
        ));
    }
    Ok(wasm)
}

fn no_footer(bytes: &[u8]) -> String {
    match engine_facts::is_code(bytes) {
        true => "the file was truncated: its end is missing".to_owned(),
        false => match seems::of(bytes) {
            Seems::Other(other) => format!("this is not a precompiled module; {other}"),
            _ => "this is not a precompiled module; load it with load".to_owned(),
        },
    }
}
