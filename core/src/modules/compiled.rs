//! Compiled code: a module's or a component's, and how both are made, kept and read again.

use std::fs::File;

use wasmtime::component::Component;

use crate::{Error, ErrorKind, Result, fork, panic_hook, text};

/// Code of the engine's.
pub(crate) enum Compiled {
    Module(wasmtime::Module),
    Component(Component),
}

/// How modules and components begin.
const MAGIC: &[u8] = b"\0asm";

/// Whether these bytes begin as a component does: with the layer that is not of modules.
pub(crate) fn is_component(wasm: &[u8]) -> bool {
    wasm.starts_with(MAGIC) && wasm.get(6..8) == Some(&[1, 0])
}

impl Compiled {
    /// Compiles bytes in the binary format.
    pub(crate) fn compile(
        engine: &wasmtime::Engine,
        wasm: &[u8],
    ) -> Result<wasmtime::Result<Compiled>> {
        if !is_component(wasm) {
            let compile = || wasmtime::Module::from_binary(engine, wasm);
            return Ok(fork::on_all_cores(compile)?.map(Compiled::Module));
        }
        let compile = || checked("component", || Component::from_binary(engine, wasm));
        let compiled = fork::on_all_cores(compile)??;
        Ok(compiled.map(Compiled::Component))
    }

    /// As it is written to files.
    pub(crate) fn serialize(&self) -> wasmtime::Result<Vec<u8>> {
        match self {
            Compiled::Module(module) => module.serialize(),
            Compiled::Component(component) => component.serialize(),
        }
    }

    /// Maps what [`Compiled::serialize`] gave from a file. The engine refuses what is of the other sort.
    ///
    /// # Safety
    /// As for [`wasmtime::Module::deserialize_open_file`]: the code is trusted, and the file stays as it is while the
    /// code is there.
    pub(crate) unsafe fn of_file(
        engine: &wasmtime::Engine,
        file: File,
        is_component: bool,
    ) -> wasmtime::Result<Compiled> {
        if is_component {
            // SAFETY: the caller's promise.
            return unsafe { component_of(engine, file) }.map(Compiled::Component);
        }
        // SAFETY: the caller's promise.
        let module = unsafe { wasmtime::Module::deserialize_open_file(engine, file) };
        module.map(Compiled::Module)
    }
}

impl Compiled {
    /// Copies what [`Compiled::serialize`] gave.
    ///
    /// # Safety
    /// As for [`wasmtime::Module::deserialize`]: the code is trusted.
    pub(crate) unsafe fn of_bytes(
        engine: &wasmtime::Engine,
        bytes: &[u8],
        is_component: bool,
    ) -> wasmtime::Result<Compiled> {
        // SAFETY: the caller's promise.
        unsafe {
            match is_component {
                true => Component::deserialize(engine, bytes).map(Compiled::Component),
                false => wasmtime::Module::deserialize(engine, bytes).map(Compiled::Module),
            }
        }
    }
}

/// The engine opens files of components by their names alone. On Linux an open one has a name.
///
/// # Safety
/// As for [`Compiled::of_file`].
#[cfg(target_os = "linux")]
unsafe fn component_of(engine: &wasmtime::Engine, file: File) -> wasmtime::Result<Component> {
    use std::os::fd::AsRawFd;
    let name = format!("/proc/self/fd/{}", file.as_raw_fd());
    // SAFETY: the caller's promise.
    match unsafe { Component::deserialize_file(engine, &name) } {
        // A process may have no /proc.
        Err(_) if !std::path::Path::new(&name).exists() => {
            // SAFETY: the caller's promise.
            unsafe { component_in(engine, file) }
        }
        found => found,
    }
}

#[cfg(not(target_os = "linux"))]
unsafe fn component_of(engine: &wasmtime::Engine, file: File) -> wasmtime::Result<Component> {
    // SAFETY: the caller's promise.
    unsafe { component_in(engine, file) }
}

/// Copies the code.
///
/// # Safety
/// As for [`Compiled::of_file`].
unsafe fn component_in(engine: &wasmtime::Engine, file: File) -> wasmtime::Result<Component> {
    // SAFETY: the caller's promise: nobody changes the file.
    let bytes = unsafe { memmap2::Mmap::map(&file) }?;
    // SAFETY: the caller's promise.
    unsafe { Component::deserialize(engine, &bytes[..]) }
}

/// For what only core modules can do.
#[cold]
pub(crate) fn no_core_module() -> Error {
    let text = "this module is a component; this function is for core modules only";
    Error::new(ErrorKind::Unsupported, text)
}

/// For what only components can do.
#[cold]
pub(crate) fn no_component() -> Error {
    let text = "this is a core module and not a component: its functions take numbers, and are called with `call` or `func`";
    Error::new(ErrorKind::Unsupported, text)
}

/// Runs what reads foreign bytes and may panic: assertions inside the engine's parts for components fail on some that
/// are not valid.
pub(crate) fn checked<R>(what: &str, read: impl FnOnce() -> R) -> Result<R> {
    panic_hook::told(read).map_err(|panic| {
        let said = Error::from_panic(&*panic);
        let said = said.message().trim_start_matches("panic: ");
        let said = text::of(said);
        Error::new(
            ErrorKind::Compile,
            format!(
                "this {what} cannot be read: it is not valid, or of a form that the engine does not know ({said}); make \
                 it again with current tools, and check it with wasm-tools validate"
            ),
        )
    })
}
