//! The compile cache as an option of the engine, one module a process, and precompiled files.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use landbridge::*;

/// A folder of this user alone that goes with its owner.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("landbridge-cache-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).unwrap();
        Folder(folder)
    }

    fn files(&self) -> Vec<PathBuf> {
        files_in(&self.0)
    }

    /// Those of a cache whose place it is.
    fn cached(&self) -> Vec<PathBuf> {
        files_in(&self.0.join("landbridge/modules"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn engine(cache: CompileCache) -> Engine {
    let options = EngineOptions {
        cache,
        ..EngineOptions::default()
    };
    Engine::new(options).unwrap()
}

fn engine_in(folder: &Path) -> Engine {
    engine(CompileCache::Folder(folder.to_owned()))
}

fn gives(number: u32) -> String {
    format!(r#"(module (func (export "f") (result i32) i32.const {number}))"#)
}

fn run(module: &Module) -> Value {
    let instance = module.instantiate(&Imports::new()).unwrap();
    instance.call("f", &[]).unwrap().remove(0)
}

#[test]
fn code_is_taken_from_the_folder() {
    let folder = Folder::new();
    let load = |number| Module::with_engine(&engine_in(&folder.0), gives(number)).unwrap();
    load(1);
    let first = folder.cached();
    load(2);
    let second: Vec<_> = folder.cached();
    let second = second.iter().find(|file| !first.contains(file)).unwrap();
    // What runs must be what lies there: let the first module's file hold the second one's code.
    std::fs::copy(second, &first[0]).unwrap();
    assert_eq!(run(&load(1)), Value::I32(2));
}

#[test]
fn a_cache_that_is_off_or_impossible_is_no_error() {
    let folder = Folder::new();
    let file = folder.0.join("file");
    std::fs::write(&file, "no folder").unwrap();
    for cache in [
        CompileCache::Off,
        CompileCache::Folder(file.clone()),
        CompileCache::Folder(file.join("below")),
        CompileCache::Folder(PathBuf::from("/proc/none")),
    ] {
        let module = Module::with_engine(&engine(cache), gives(3)).unwrap();
        assert_eq!(run(&module), Value::I32(3));
    }
    assert_eq!(folder.files(), [file]);
}

/// Sparse files of a gigabyte each, which use no room, last changed yesterday.
fn documents_in(folder: &Path) -> Vec<PathBuf> {
    let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
    ["thesis.tex", "photos.tar"]
        .map(|name| folder.join(name))
        .map(|path| {
            let file = std::fs::File::create_new(&path).unwrap();
            file.set_len(1 << 30).unwrap();
            file.set_modified(yesterday).unwrap();
            path
        })
        .to_vec()
}

#[test]
fn a_cache_touches_nothing_else_in_its_place() {
    let folder = Folder::new();
    let mut documents = documents_in(&folder.0);
    let load = |number| run(&Module::with_engine(&engine_in(&folder.0), gives(number)).unwrap());
    assert_eq!(load(1), Value::I32(1));
    assert!(documents.iter().all(|file| file.exists()));
    documents.extend(documents_in(&folder.0.join("landbridge/modules")));
    assert_eq!(load(2), Value::I32(2));
    assert!(documents.iter().all(|file| file.exists()));
    assert_eq!(folder.cached().len(), 4, "and both modules are kept");
}

#[cfg(unix)]
#[test]
fn a_place_that_others_may_change_is_no_place_for_a_cache() {
    use std::os::unix::fs::PermissionsExt;
    let shared = Folder::new();
    let inside = shared.0.join("mine");
    std::fs::create_dir(&inside).unwrap();
    for (path, mode) in [(&inside, 0o700), (&shared.0, 0o777)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    // It is private, but whoever may write above it may put another one in its place.
    let module = Module::with_engine(&engine_in(&inside), gives(1)).unwrap();
    assert_eq!(run(&module), Value::I32(1));
    assert_eq!(files_in(&inside).len(), 0);
}

#[test]
fn many_processes_fill_one_cache_at_once() {
    let folder = Folder::new();
    let program = std::env::current_exe().unwrap();
    let start = || {
        let mut command = Command::new(&program);
        command.args(["--exact", "one_of_many_processes", "--ignored"]);
        command.stdout(Stdio::null());
        command.env("LANDBRIDGE_CACHE", &folder.0).spawn().unwrap()
    };
    let children: Vec<_> = (0..8).map(|_| start()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(folder.cached().len(), 20, "no drafts, each module once");
}

/// Containers whose user nobody knows have such homes.
#[test]
#[cfg(unix)]
fn a_home_that_is_no_absolute_path_is_none() {
    for (home, cache) in [("?", ""), ("relative/home", "relative")] {
        let here = Folder::new();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "one_of_many_processes", "--ignored"]);
        command.stdout(Stdio::null()).current_dir(&here.0);
        command.env_remove("LANDBRIDGE_CACHE").env("HOME", home);
        let done = command.env("XDG_CACHE_HOME", cache).status().unwrap();
        assert!(done.success());
        assert_eq!(here.files(), [] as [PathBuf; 0], "{home:?}");
    }
}

#[test]
#[ignore = "a part of the tests above, which start it in other processes"]
fn one_of_many_processes() {
    for number in 0..20 {
        let module = Module::with_engine(&engine(CompileCache::User), gives(number)).unwrap();
        assert_eq!(run(&module), Value::I32(number as i32));
    }
}

#[test]
fn a_process_compiles_a_module_once() {
    let engine = engine(CompileCache::Off);
    let load = |text: &str| Module::with_engine(&engine, text).unwrap();
    let first = load(&gives(1));
    assert!(first.same(&load(&gives(1))));
    assert!(first.same(&Module::with_engine(&engine, first.bytes()).unwrap()));
    assert!(!first.same(&load(&gives(2))));
    let digest = first.digest();
    drop(first);
    assert_eq!(load(&gives(1)).digest(), digest);
}

#[test]
fn an_ordinary_load_never_runs_a_precompiled_file() {
    let folder = Folder::new();
    let engine = engine(CompileCache::Off);
    let file = folder.0.join("code");
    let module = Module::with_engine(&engine, gives(1)).unwrap();
    module.compile(&file).unwrap();
    let bytes = module.bytes().to_owned();
    drop(module);
    // SAFETY: the file was written just now.
    let precompiled = unsafe { Module::load_precompiled(&engine, &file) }.unwrap();
    let loaded = Module::with_engine(&engine, &bytes).unwrap();
    assert!(!loaded.same(&precompiled));
    assert_eq!(precompiled.bytes(), bytes);
    assert_eq!(run(&precompiled), Value::I32(1));
    let error = Module::from_file_with_engine(&engine, &file).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Compile);
}

#[test]
fn any_damage_to_a_precompiled_file_is_found() {
    let folder = Folder::new();
    let engine = engine(CompileCache::Off);
    let file = folder.0.join("code");
    let module = Module::with_engine(&engine, gives(1)).unwrap();
    module.compile(&file).unwrap();
    let good = std::fs::read(&file).unwrap();
    let refused = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        // SAFETY: damage is found before any code is used.
        let error = unsafe { Module::load_precompiled(&engine, &file) }.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Compile, "{error}");
        error
    };
    let step = good.len() / 97;
    for at in (0..good.len())
        .step_by(step)
        .chain(good.len() - 80..good.len())
    {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        refused(&bad);
        refused(&good[..at]);
    }
    for other in [&b"\x7fELF"[..], b"", b"\0asm\x01\0\0\0", &[0; 4096]] {
        refused(other);
    }
    std::fs::write(&file, &good).unwrap();
    // SAFETY: the file is as it was written.
    unsafe { Module::load_precompiled(&engine, &file) }.unwrap();
}

#[test]
fn a_precompiled_file_that_cannot_be_written_is_an_io_error() {
    let module = Module::new(gives(1)).unwrap();
    let error = module.compile("/proc/none/code").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    let folder = Folder::new();
    for wrong in [
        folder.0.clone(),
        folder.0.join(".."),
        PathBuf::from("/"),
        PathBuf::new(),
    ] {
        let error = module.compile(&wrong).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{}", wrong.display());
    }
    assert_eq!(folder.files().len(), 0);
}

#[cfg(unix)]
#[test]
fn a_precompiled_file_takes_the_place_of_a_link_and_of_nothing_else() {
    let folder = Folder::new();
    let (file, target) = (folder.0.join("x".repeat(250)), folder.0.join("target"));
    std::fs::write(&target, "mine").unwrap();
    std::os::unix::fs::symlink(&target, &file).unwrap();
    let module = Module::new(gives(1)).unwrap();
    module.compile(&file).unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), b"mine");
    assert!(std::fs::symlink_metadata(&file).unwrap().is_file());
    assert_eq!(folder.files(), [target, file], "no drafts");
}
