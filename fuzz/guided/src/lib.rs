//! What is done with an input, whoever made it: libFuzzer here, and the test `inputs` of core, which takes this file
//! too. A function returns if all is as promised and panics if it is not.

mod wave;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use landbridge::frame::{self, FromFrame, Function, Lending, ToFrame};
use landbridge::{
    CompileCache, Engine, EngineOptions, Error, ErrorKind, FuncType, GlobalType, Imports,
    Inspection, Limits, MemoryType, Module, NumberList, Output, Policy, Result, Store, TableType,
    WitFrame, WitFunc,
};
use landbridge_worlds::{World, text as text_of};

pub use wave::wave;

/// Takes an input, and panics if something is wrong.
pub type Target = fn(&[u8]);

/// All of them, by name. Each has a folder of this name in `corpus`.
pub const ALL: [(&str, Target); 8] = [
    ("policy", policy),
    ("frame", frame),
    ("text", text),
    ("binary", binary),
    ("component", component),
    ("values", values),
    ("precompiled", precompiled),
    ("wave", wave),
];

/// Compiles without a cache, which would fill up.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| engine(true));

fn engine(interruptible: bool) -> Engine {
    let options = EngineOptions {
        interruptible,
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

/// The same for limits. A long time with a part of a millisecond is written without it.
fn limits(json: &str) {
    match Limits::from_json(json) {
        Ok(limits) => {
            let written = limits.to_json();
            let again = Limits::from_json(&written).expect("limits that were written can be read");
            assert_eq!(again.to_json(), written);
        }
        Err(error) => kind(&error, &[ErrorKind::Type]),
    }
}

/// The JSON of a policy: read, or refused by an error of kind `type`. What was read says the same when it is written.
pub fn policy(data: &[u8]) {
    let Ok(json) = std::str::from_utf8(data) else {
        return;
    };
    limits(json);
    if let Err(error) = Policy::program().allows_json(json) {
        kind(&error, &[ErrorKind::Type, ErrorKind::Range]);
    }
    let policy = match Policy::from_json(json) {
        Ok(policy) => policy,
        Err(error) => return kind(&error, &[ErrorKind::Type]),
    };
    let written = policy.to_json();
    let again = Policy::from_json(&written).expect("a policy that was written can be read");
    assert_eq!(
        again, policy,
        "what was written says something else: {written}"
    );
    assert_eq!(again.to_json(), written);
    let twice = again.with_json(&written).expect("it can be read again");
    assert_eq!(twice.to_json(), written, "it grants itself once more");
    assert!(
        policy.allows(&policy),
        "it does not allow itself: {written}"
    );
    assert_eq!(
        policy.restrict(&policy),
        policy,
        "it restricts itself: {written}"
    );
    assert!(Policy::none().restrict(&policy) == Policy::none() && policy.allows(&Policy::none()));
}

/// What a host sends as a frame: read as each of them, or refused by an error of kind `type`. What was read and can be
/// written is the same bytes again. The version is in front of the input, so that none is wasted on it.
pub fn frame(data: &[u8]) {
    let bytes = [&[frame::VERSION], data].concat();
    same::<Limits>(&bytes);
    same::<FuncType>(&bytes);
    same::<MemoryType>(&bytes);
    same::<TableType>(&bytes);
    same::<GlobalType>(&bytes);
    same::<Vec<Option<String>>>(&bytes);
    same::<Vec<Vec<f64>>>(&bytes);
    read(frame::read::<Lending<'_>>(&bytes));
    let function = |_: Function| Ok(Output::None);
    read(frame::sandbox(&bytes, Policy::none(), function));
}

fn same<T: for<'a> FromFrame<'a> + ToFrame>(bytes: &[u8]) {
    if let Some(it) = read(frame::read::<T>(bytes)) {
        let written = frame::write(&it).expect("it is as short as it was");
        assert_eq!(written, bytes);
    }
}

fn read<T>(result: Result<T>) -> Option<T> {
    result.map_err(|e| kind(&e, &[ErrorKind::Type])).ok()
}

/// WebAssembly text.
pub fn text(data: &[u8]) {
    if std::str::from_utf8(data).is_ok() {
        module(data);
    }
}

/// A module's bytes. Those that stand behind the header are the input, so that none is wasted on it.
pub fn binary(data: &[u8]) {
    module(&[b"\0asm\x01\0\0\0", data].concat());
}

/// Loads and inspects a module. Each is refused by an error of a kind that is told, and a module that can be loaded
/// can be inspected and has the same imports and exports there.
fn module(bytes: &[u8]) {
    let inspected = Inspection::new(bytes);
    if let Err(error) = &inspected {
        kind(error, &[ErrorKind::Compile, ErrorKind::Limit]);
    }
    let module = match Module::with_engine(&ENGINE, bytes) {
        Ok(module) => module,
        Err(error) => {
            let kinds = [ErrorKind::Compile, ErrorKind::Limit, ErrorKind::Unsupported];
            return kind(&error, &kinds);
        }
    };
    let inspected = inspected.expect("a module that can be loaded can be inspected");
    assert_eq!(inspected.imports, module.imports());
    assert_eq!(inspected.exports, module.exports());
    assert_eq!(inspected.name.as_deref(), module.name());
}

/// A component's bytes, those that stand behind the header. It is refused as a module is, or can be inspected and tried
/// without imports: its functions are all there.
pub fn component(data: &[u8]) {
    let bytes = [b"\0asm\x0d\0\x01\0", data].concat();
    let inspected = Inspection::new(&bytes);
    let module = match Module::with_engine(&ENGINE, &bytes) {
        Ok(module) => module,
        Err(error) => return kind(&error, &[ErrorKind::Compile, ErrorKind::Limit]),
    };
    inspected.expect("a component that can be loaded can be inspected");
    assert!(module.imports().is_empty() && module.exports().is_empty());
    let store = Store::new(&ENGINE).expect("a store");
    if let Err(error) = store.instantiate(&module, &Imports::new()) {
        kind(
            &error,
            &[ErrorKind::Link, ErrorKind::Trap, ErrorKind::Limit],
        );
    }
}

/// Frames for worlds of one seed. The first byte says which world, the second how many blobs, then come the length of
/// each in two, the blobs, and the frame.
pub fn values(data: &[u8]) {
    static WORLDS: LazyLock<Vec<Module>> = LazyLock::new(|| (0..32).map(echo).collect());
    let [world, blobs, rest @ ..] = data else {
        return;
    };
    let mut rest = rest;
    let blobs = (0..blobs % 4).map_while(|_| {
        let (length, after) = rest.split_first_chunk::<2>()?;
        let (blob, after) = after.split_at_checked(u16::from_le_bytes(*length).into())?;
        rest = after;
        Some(NumberList::U8(blob.to_vec()))
    });
    let blobs = blobs.collect();
    let frame = WitFrame {
        bytes: rest.to_vec(),
        blobs,
    };
    let func = echo_of(&WORLDS[usize::from(*world) % WORLDS.len()]);
    let mut found = WitFrame::default();
    match func.call_frame(&frame.lend(), &mut found) {
        Ok(()) => {
            let mut again = WitFrame::default();
            func.call_frame(&found.lend(), &mut again)
                .expect("what a call gave is well made");
            assert_eq!(again, found);
        }
        Err(error) => kind(&error, &[ErrorKind::Type]),
    }
}

/// The component of a world that asks no host.
fn echo(number: u64) -> Module {
    let world = World {
        through_host: false,
        ..World::new(1, number)
    };
    Module::with_engine(&ENGINE, text_of(&world)).expect("a component")
}

/// Its function, in a store of its own: an error ends all components of one.
fn echo_of(module: &Module) -> WitFunc {
    let store = Store::new(&ENGINE).expect("a store");
    let instance = store
        .instantiate(module, &Imports::new())
        .expect("an instance");
    let func = instance
        .wit_func("echo")
        .or_else(|_| instance.wit_func("api#echo"));
    func.expect("the function")
}

/// A file of compiled code that was damaged on its way. The input is the file, or says how a good one is changed; only
/// one that is as it was written may be loaded. This is about mistakes: whoever can write such a file for you can run
/// code as you.
pub fn precompiled(data: &[u8]) {
    static GOOD: LazyLock<Vec<u8>> = LazyLock::new(good);
    static OTHER: LazyLock<Engine> = LazyLock::new(|| engine(false));
    let damaged = match data.split_first() {
        Some((0, rest)) => rest.to_vec(),
        _ => damage(GOOD.clone(), data),
    };
    let path = file();
    std::fs::write(&path, &damaged).expect("a file");
    // SAFETY: no file but the one that was just compiled passes the checksum, and nobody else has its name.
    let loaded = unsafe { Module::load_precompiled(&ENGINE, &path) };
    match loaded {
        Ok(_) => assert!(damaged == *GOOD, "a damaged file was loaded"),
        Err(error) => {
            assert!(damaged != *GOOD, "a good file was refused: {error}");
            kind(&error, &[ErrorKind::Compile]);
        }
    }
    // Nor is it taken by an engine of other options, or for a module.
    // SAFETY: as above.
    let other = unsafe { Module::load_precompiled(&OTHER, &path) };
    kind(
        &other.expect_err("it is for another engine"),
        &[ErrorKind::Compile],
    );
    if damaged.starts_with(b"\x7fELF") {
        let plain = Module::with_engine(&ENGINE, &damaged);
        kind(&plain.expect_err("it is no module"), &[ErrorKind::Compile]);
    }
    std::fs::remove_file(&path).expect("the file");
}

/// The bytes of a file as it should be.
fn good() -> Vec<u8> {
    let text = r#"(module $good (import "env" "f" (func)) (memory (export "memory") 1)
        (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))"#;
    let path = file();
    let module = Module::with_engine(&ENGINE, text).expect("a module");
    module.compile(&path).expect("a file");
    let bytes = std::fs::read(&path).expect("the file");
    std::fs::remove_file(&path).expect("the file");
    bytes
}

/// Applies changes of six bytes each: what is done, three bytes of where, two of with what.
fn damage(mut file: Vec<u8>, changes: &[u8]) -> Vec<u8> {
    for change in changes.chunks_exact(6) {
        // Half of the places count from the end, where the footer is.
        let far = u32::from_le_bytes([change[1], change[2], change[3], 0]) as usize;
        let near = usize::from(change[1]);
        let length = file.len().max(1);
        let at = match change[0] & 1 {
            0 => far % length,
            _ => length - 1 - near % length,
        };
        let with = usize::from(u16::from_le_bytes([change[4], change[5]]));
        let end = (at + with).min(file.len());
        match change[0] >> 1 & 7 {
            0 if at < file.len() => file[at] ^= 1 << (with & 7),
            1 if at < file.len() => file[at] = change[4],
            2 => file.truncate(at),
            3 if at < end => drop(file.drain(at..end)),
            4 => drop(file.splice(
                at.min(end)..at.min(end),
                vec![change[4]; usize::from(change[5])],
            )),
            5 if at < end => file[at..end].reverse(),
            6 => file.extend_from_slice(&change[1..]),
            _ => file.extend_from_within(at.min(end)..end),
        }
    }
    file
}

/// A name that nobody else has, in memory where the system has a place for that.
fn file() -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => memory.to_owned(),
        false => std::env::temp_dir(),
    };
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    folder.join(format!("landbridge-fuzz-{}-{count}", std::process::id()))
}

/// An error is of one of these kinds, and its text is no longer than a person reads.
fn kind(error: &Error, kinds: &[ErrorKind]) {
    assert!(kinds.contains(&error.kind()), "{:?}: {error}", error.kind());
    let length = error.to_string().len();
    assert!(length < 64 << 10, "a message of {length} bytes");
}
