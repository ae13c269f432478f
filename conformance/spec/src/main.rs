//! Turns the official WebAssembly test suite into lists of commands that every host runs. The
//! format is described in `conformance/spec/README.md`.

mod command;
mod list;
mod module;
mod suite;
mod trap;
mod value;

use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result {
    let folder = std::env::args_os().nth(1);
    let folder = PathBuf::from(folder.ok_or("usage: landbridge-spec OUT_DIR")?);
    let (stamp, now) = (folder.join("stamp"), version()?);
    if fs::read_to_string(&stamp).is_ok_and(|old| old == now) {
        return Ok(());
    }
    let names = suite::files()
        .map(|(name, file)| write(&folder, name, &file))
        .collect::<Result<Vec<_>>>()?;
    write_index(&folder, names)?;
    Ok(fs::write(stamp, now)?)
}

/// The program's own hash: the suite is part of it, so it decides all that is written.
fn version() -> Result<String> {
    let mut hasher = DefaultHasher::new();
    hasher.write(&fs::read(std::env::current_exe()?)?);
    Ok(format!("{:016x}\n", hasher.finish()))
}

fn write(folder: &Path, name: String, file: &suite::TestFile<'_>) -> Result<String> {
    let list = list::List::of(&name, file).map_err(|e| format!("{name}: {e}"))?;
    let path = folder.join(&name);
    fs::create_dir_all(path.parent().expect("every name has a folder"))?;
    fs::write(path.with_added_extension("json"), list.json())?;
    fs::write(path.with_added_extension("bin"), list.modules())?;
    Ok(name)
}

fn write_index(folder: &Path, mut names: Vec<String>) -> Result {
    names.sort_unstable();
    let lines: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    let json = format!("[\n{}\n]\n", lines.join(",\n"));
    Ok(fs::write(folder.join("index.json"), json)?)
}
