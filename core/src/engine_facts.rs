//! Facts about the engine that its interface does not promise: texts of its messages, and where it keeps things.
//! Each fact has a test that fails when the engine changes it. `docs/upgrading-the-engine.md` says what to do then, and
//! what else depends on the engine.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use wasmtime_environ::{HostPtr, PtrSize};

use crate::{Error, ErrorKind, Result, fork};

// Words of its messages.

/// Parts of its messages about what is off, and what to do about it.
const HINTS: &[(&str, &str)] = &[
    (
        "threads must be enabled",
        "shared memory and threads are off in Landbridge; build the module without them",
    ),
    (
        "threads support is not enabled",
        "shared memory and threads are off in Landbridge; build the module without them",
    ),
    (
        "wide arithmetic support is not enabled",
        "turn on the engine's option wide_arithmetic",
    ),
    (
        "custom page sizes proposal",
        "turn on the engine's option custom_page_sizes",
    ),
    ("the component model async", NEWER),
    ("the component model more async", NEWER),
    ("the component model threading", NEWER),
    ("the component model error-context", NEWER),
    (
        "the component model map",
        "maps are no part of WIT 0.2; build it with a list of tuples in their place",
    ),
    (
        "the component model fixed-length lists",
        "lists of a fixed length are no part of WIT 0.2; build it with lists or tuples in their place",
    ),
    (
        "legacy_exceptions",
        "the module has exceptions of the old form; translate it with wasm-opt --translate-to-exnref -all, or build \
         it with those of WebAssembly 3.0",
    ),
];

/// What WASI 0.3 brings.
const NEWER: &str = "this component needs async functions, streams, futures, error contexts or threads of WASI 0.3, which \
                     Landbridge does not run yet; build it for WASI 0.2";

/// What to do about a module that is refused for something that is off.
pub(crate) fn hint(message: &str) -> Option<&'static str> {
    let found = HINTS.iter().find(|(part, _)| message.contains(part));
    found.map(|(_, hint)| *hint)
}

/// Whether an import does not have the type that the module asks for; it has no error type of its own.
pub(crate) fn is_about_imports(message: &str) -> bool {
    message.starts_with("incompatible import type")
}

/// Whether a guest gave WASI a pointer out of bounds, for which there is no error type here.
pub(crate) fn is_wild_pointer(message: &str) -> bool {
    message.contains("Pointer out of bounds")
}

/// The most bytes that a call of a component may copy to the host, by default.
pub(crate) const TRANSFER_BYTES: u64 = 128 << 20;

/// The most handles of resources in a store, by default.
pub(crate) const HANDLES: u64 = 100_000;

/// A limit of components that the engine keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    Transfer,
    Handles,
}

/// Which limit of components was reached, for which there are no error types here.
pub(crate) fn reached(error: &wasmtime::Error) -> Option<Reached> {
    if error.is::<Error>() || error.is::<wasmtime::Trap>() {
        return None;
    }
    let text = error.root_cause().to_string();
    if text.contains("fuel allocated for hostcalls has been exhausted") {
        Some(Reached::Transfer)
    } else if text.contains("store handle limit exceeded") {
        Some(Reached::Handles)
    } else {
        None
    }
}

/// Whether all that the engine keeps ready for instances is taken, for which the error type is private.
pub(crate) fn is_out_of_slots(message: &str) -> bool {
    message.contains("maximum concurrent limit of")
}

/// Whether there is no address space left, by its words, by ours in `reservation.rs`, or by the system's.
pub(crate) fn is_out_of_addresses(message: &str) -> bool {
    ["mmap failed", "cannot be reserved", "os error 12"]
        .iter()
        .any(|part| message.contains(part))
}

/// What it says of a trap, without the words that it has for every trap.
pub(crate) fn trap_text(trap: wasmtime::Trap) -> String {
    let text = trap.to_string();
    text.strip_prefix("wasm trap: ").unwrap_or(&text).to_owned()
}

/// What is wrong with code that it refuses.
pub(crate) fn misfit(why: &str) -> String {
    let is = |parts: &[&str]| parts.iter().any(|part| why.contains(part));
    let what = if is(&["version"]) {
        "of another version of the engine"
    } else if is(&["architecture", "operating system", "native host", "target"]) {
        "for another CPU or operating system"
    } else {
        "for another configuration of the engine"
    };
    format!("the file is {what} ({why}); compile the module again here")
}

// Where it keeps what.

/// Whether bytes are, or begin as, its code: an ELF file with a number of its own.
pub(crate) fn is_code(bytes: &[u8]) -> bool {
    const ABI_AT: usize = 7;
    const ABI: u8 = wasmtime_environ::obj::ELFOSABI_WASMTIME;
    bytes.starts_with(b"\x7fELF") && bytes.get(ABI_AT) == Some(&ABI)
}

/// What tells a memory, a table, a global or a tag from all others of its store: as it shows it, with the instance that
/// defines it and its number there.
pub(crate) fn item_text(item: &impl fmt::Debug) -> String {
    format!("{item:?}")
}

/// What tells a function from all others of its store: the context that it runs in, and its code.
pub(crate) fn func_words(ctx: impl wasmtime::AsContextMut, func: wasmtime::Func) -> (usize, usize) {
    let raw = func.to_raw(ctx).cast::<u8>();
    let word = |offset: u8| {
        // SAFETY: a reference of a function lives as long as its store, which the context is of.
        // The offsets are the compiler's own, of exactly this version; see `find_limit`, which each
        // store has passed.
        unsafe { raw.byte_add(offset.into()).cast::<usize>().read() }
    };
    let refs = HostPtr.vm_func_ref();
    (word(refs.vmctx()), word(refs.array_call()))
}

/// A trace of no frames. It makes one only where traces are off.
pub(crate) fn no_frames() -> Option<wasmtime::WasmBacktrace> {
    static WITHOUT: fork::Once<Option<wasmtime::Engine>> = fork::Once::new();
    let without = WITHOUT.get_or_init(|| {
        let mut config = wasmtime::Config::new();
        config.wasm_backtrace_max_frames(None);
        config.signals_based_traps(false);
        wasmtime::Engine::new(&config).ok()
    });
    let store = wasmtime::Store::new(without.as_ref()?, ());
    Some(wasmtime::WasmBacktrace::capture(&store))
}

/// Where the word with the stack limit is in a store, counted from where the store's insides begin. Zero until it was
/// found once. One for all stores of the same type: these are laid out alike.
pub(crate) type LimitPlace = AtomicUsize;

/// Finds the word that holds the guest's stack limit, which compiled code reads at each function's
/// start. Where it is in one store it is in all of the type, so only the first store needs the probe; each is
/// verified by the same marks.
pub(crate) fn find_limit<T: 'static>(
    body: &mut wasmtime::Store<T>,
    probe: &wasmtime::Module,
    place: &LimitPlace,
) -> Result<*mut usize> {
    const { assert!(size_of::<wasmtime::Store<T>>() == size_of::<*mut u8>()) };
    // SAFETY: a store is one pointer, to its insides. Only the pointer is read.
    let insides = unsafe { std::ptr::from_mut(body).cast::<*mut u8>().read() };
    let known = place.load(Ordering::Relaxed);
    if known != 0 {
        let limit = insides.wrapping_add(known).cast::<usize>();
        // SAFETY: in a store of the same type the word is there, as the probe found it, and has its context around it.
        if unsafe { is_limit(body, limit) } {
            return Ok(limit);
        }
    }
    let limit = probed_limit(body, probe)?;
    let found = limit.addr().wrapping_sub(insides.addr());
    if found < MOST_INSIDES {
        place.store(found, Ordering::Relaxed);
    }
    Ok(limit)
}

/// How far from their start the insides of a store may keep the word.
const MOST_INSIDES: usize = 4096;

/// A deadline that no store has by itself.
const MARK: u64 = 0x6c62_5f6d_6172_6b00;

/// Whether a word is the limit: nobody set it yet, and the deadline that is set here appears where the store's context
/// has it.
///
/// # Safety
/// It must be in a context of a store, or in the place of one.
unsafe fn is_limit<T: 'static>(body: &mut wasmtime::Store<T>, limit: *mut usize) -> bool {
    let context = HostPtr.vm_store_context();
    let start = limit
        .cast::<u8>()
        .wrapping_sub(context.stack_limit().into());
    let deadline = start
        .wrapping_add(context.epoch_deadline().into())
        .cast::<u64>();
    body.set_epoch_deadline(MARK);
    // SAFETY: the caller's promise; both words are of one context.
    let (limit, deadline) = unsafe { (limit.read(), deadline.read()) };
    body.set_epoch_deadline(1);
    // The deadline is the mark plus the present epoch, which counts milliseconds.
    limit == usize::MAX && deadline >= MARK && deadline - MARK < 1 << 48
}

/// Finds the word by an instance of a module with a function. The offsets are the compiler's own, from the crate the
/// engine is built on, at exactly the same version; the words found are compared with values known to be in them.
#[cold]
fn probed_limit<T: 'static>(
    body: &mut wasmtime::Store<T>,
    probe: &wasmtime::Module,
) -> Result<*mut usize> {
    let failed = |e| Error::from_engine(e, ErrorKind::Limit);
    let instance = wasmtime::Instance::new(&mut *body, probe, &[]).map_err(failed)?;
    let unknown = || {
        Error::new(
            ErrorKind::Internal,
            "the engine's layout is not the known one",
        )
    };
    let func = instance.get_func(&mut *body, "").ok_or_else(unknown)?;
    let func_ref = func.to_raw(&mut *body).cast::<u8>();
    let at = |base: *mut u8, offset: u8| base.wrapping_add(offset.into());
    // SAFETY: `func` is a function of a module, so its reference leads to that instance's context
    // and from there to the store's; each word lies inside the structure the engine allocated.
    let limit = unsafe {
        let vmctx = at(func_ref, HostPtr.vm_func_ref().vmctx())
            .cast::<*mut u8>()
            .read();
        let context = at(vmctx, HostPtr.vmcontext_store_context())
            .cast::<*mut u8>()
            .read();
        at(context, HostPtr.vm_store_context().stack_limit()).cast::<usize>()
    };
    // SAFETY: as above.
    match unsafe { is_limit(body, limit) } {
        true => Ok(limit),
        false => Err(unknown()),
    }
}
