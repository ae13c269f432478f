//! A folder of a test, which goes with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::ran::{Ran, with_input};

pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("command-{}-{count}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("a folder");
        Scratch(folder)
    }

    /// With one module in it.
    pub(crate) fn with(name: &str, text: &str) -> Scratch {
        let scratch = Scratch::new();
        scratch.write(name, text);
        scratch
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("a file")
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        with_input(&self.0, args, b"")
    }

    pub(crate) fn feed(&self, args: &[&str], input: &[u8]) -> Ran {
        with_input(&self.0, args, input)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A module of the conformance suite.
pub(crate) fn shared(name: &str) -> String {
    format!(
        "{}/../conformance/modules/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}
