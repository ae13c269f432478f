//! What is made for a store's first module that imports WASI.

use std::path::Path;
use std::sync::Arc;

use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

use super::clock::{PolicyClock, Seeded, clock};
use super::folder::Folder;
use super::opened::Opened;
use super::streams::{Pipe, Reading, Source};
use crate::policy::{Access, Random};
use crate::store::Inner;
use crate::{Error, ErrorKind, Result};

/// What a store keeps for WASI. The descriptors go before the folders they are in.
pub(crate) struct State {
    pub(super) library: WasiP1Ctx,
    pub(super) opened: Opened,
    /// The clock, if it is not the host's.
    pub(super) told: Option<PolicyClock>,
    /// What stdin is.
    pub(super) source: Arc<Source>,
    /// Folders that go with the store.
    _folders: Vec<Folder>,
}

impl State {
    /// What the policy and the streams are for `wasmtime-wasi`.
    pub(super) fn new(inner: &Inner) -> Result<State> {
        let policy = inner.policy();
        let mut wasi = WasiCtxBuilder::new();
        wasi.allow_blocking_current_thread(true);
        let mut names = Vec::new();
        for (name, dir) in policy.dirs() {
            grant(&mut wasi, name, &dir.path, dir.access)?;
            names.push(name.clone());
        }
        let mut folders = Vec::new();
        for (name, dir) in policy.memory_dirs() {
            let folder = Folder::new(dir.files())?;
            grant(&mut wasi, name, &folder.files()?, dir.access())?;
            names.push(name.clone());
            folders.push(folder);
        }
        let told = environment(&mut wasi, inner)?;
        let source = Arc::new(Source::new(inner.stdin())?);
        wasi.stdin(Reading::new(inner, &source));
        let mut library = wasi.build_p1();
        Ok(State {
            opened: Opened::new(&mut library, names),
            library,
            told,
            source,
            _folders: folders,
        })
    }
}

fn grant(wasi: &mut WasiCtxBuilder, name: &str, path: &Path, access: Access) -> Result<()> {
    let perms = match access {
        Access::Read => FsPerms::ReadOnly,
        Access::Write => FsPerms::ReadWrite,
    };
    let granted = wasi.preopened_dir(path, name, perms);
    granted.map_err(|e| refused(path, &e))?;
    Ok(())
}

fn refused(path: &Path, error: &wasmtime::Error) -> Error {
    match error.downcast_ref::<std::io::Error>() {
        Some(error) => Error::io(path, error),
        None => Error::new(ErrorKind::Io, format!("{}: {error:#}", path.display())),
    }
}

/// What is not a folder; gives the clock if it is not the host's.
fn environment(wasi: &mut WasiCtxBuilder, inner: &Inner) -> Result<Option<PolicyClock>> {
    let policy = inner.policy();
    for (name, value) in policy.env() {
        wasi.env(name, value);
    }
    wasi.args(policy.args());
    let told = clock(wasi, inner);
    if let Random::Seeded(seed) = policy.random() {
        wasi.secure_random(Seeded::new(seed));
    }
    let [out, err, _] = inner.sinks()?;
    wasi.stdout(Pipe::new(inner, out))
        .stderr(Pipe::new(inner, err));
    Ok(told)
}
