//! Modules
//!
//! A module is compiled code: load it once, instantiate it any number of times, from any thread.
//! Bytes and WebAssembly text are both taken.

use std::ffi::{CString, c_char};
use std::sync::OnceLock;

use landbridge::{Engine, Module, Result};

use crate::engine::chosen;
use crate::error::{c_text, lb_error_t};
use crate::guard::{Noun, array, guard, guard_new, guard_out, null, set, text};
use crate::handle::{lb_engine_t, lb_module_t};
use crate::types::lb_extern_type_t;

/// What a module asks its host for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_import_t {
    /// The first part of the import's name.
    pub module: *const c_char,
    /// The second part of the import's name.
    pub name: *const c_char,
    /// What is asked for.
    pub r#type: lb_extern_type_t,
}

/// What a module exports.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_export_t {
    /// Its name.
    pub name: *const c_char,
    /// What it is.
    pub r#type: lb_extern_type_t,
}

/// A module with its names as C texts, made when they are first asked for.
pub struct Loaded {
    pub(crate) module: Module,
    described: OnceLock<Described>,
}

struct Described {
    name: Option<CString>,
    imports: Vec<lb_import_t>,
    exports: Vec<lb_export_t>,
    #[expect(dead_code, reason = "held for the pointers to them")]
    texts: Vec<CString>,
}

// SAFETY: the pointers lead to texts and types that are kept beside them and never change.
unsafe impl Send for Described {}
// SAFETY: as above.
unsafe impl Sync for Described {}

impl Loaded {
    pub(crate) fn new(module: Module) -> Loaded {
        Loaded {
            module,
            described: OnceLock::new(),
        }
    }

    fn described(&self) -> &Described {
        self.described.get_or_init(|| Described::of(&self.module))
    }

    pub(crate) fn exports(&self) -> &[lb_export_t] {
        &self.described().exports
    }
}

impl Described {
    fn of(module: &Module) -> Described {
        let mut texts = Vec::new();
        let mut keep = |text: &str| {
            // The bytes of a CString stay where they are when it is moved.
            let text = c_text(text);
            let pointer = text.as_ptr();
            texts.push(text);
            pointer
        };
        let imports = module.imports().iter().map(|import| lb_import_t {
            module: keep(&import.module),
            name: keep(&import.name),
            r#type: lb_extern_type_t::lend(&import.ty),
        });
        let imports = imports.collect();
        let exports = module.exports().iter().map(|(name, ty)| lb_export_t {
            name: keep(name),
            r#type: lb_extern_type_t::lend(ty),
        });
        Described {
            imports,
            exports: exports.collect(),
            name: module.name().map(c_text),
            texts,
        }
    }
}

/// # Safety
/// `engine` is NULL or leads to a handle; `module` is NULL or may be written.
unsafe fn load(
    engine: *const lb_engine_t,
    module: *mut lb_module_t,
    what: impl FnOnce(&Engine) -> Result<Module>,
) -> *mut lb_error_t {
    // SAFETY: the caller's promise is ours.
    unsafe { guard_new(module, || Ok(Loaded::new(what(&chosen(engine)?)?))) }
}

/// Compiles a module from a file. engine may be NULL. The caller releases the module.
///
/// Errors: LB_KIND_IO if the file cannot be read, LB_KIND_COMPILE if it holds no valid module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load_file(
    engine: *const lb_engine_t,
    path: *const c_char,
    module: *mut lb_module_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        load(engine, module, |engine| {
            Module::from_file_with_engine(engine, path_of(path)?)
        })
    }
}

/// # Safety
/// `path` is NULL or a text that lives for `'a`.
#[cfg(unix)]
unsafe fn path_of<'a>(path: *const c_char) -> Result<&'a std::path::Path> {
    use std::os::unix::ffi::OsStrExt;
    if path.is_null() {
        return Err(null("path"));
    }
    // SAFETY: the caller's promise.
    let bytes = unsafe { std::ffi::CStr::from_ptr(path) }.to_bytes();
    Ok(std::path::Path::new(std::ffi::OsStr::from_bytes(bytes)))
}

/// # Safety
/// `path` is NULL or a text that lives for `'a`.
#[cfg(not(unix))]
unsafe fn path_of<'a>(path: *const c_char) -> Result<&'a std::path::Path> {
    // SAFETY: the caller's promise.
    Ok(std::path::Path::new(unsafe { text(path, "path") }?))
}

/// Compiles a module from WebAssembly text that ends with a zero byte. engine may be NULL. The
/// caller releases the module.
///
/// Errors: LB_KIND_COMPILE if the text is no valid module; the message says where.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load_text(
    engine: *const lb_engine_t,
    source: *const c_char,
    module: *mut lb_module_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        load(engine, module, |engine| {
            Module::with_engine(engine, text(source, "source")?)
        })
    }
}

/// Compiles a module from length bytes in memory, which are not needed afterwards. engine may be
/// NULL. The caller releases the module.
///
/// Errors: LB_KIND_COMPILE if the bytes are no valid module; the message says where.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load_bytes(
    engine: *const lb_engine_t,
    bytes: *const u8,
    length: usize,
    module: *mut lb_module_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        load(engine, module, |engine| {
            Module::with_engine(engine, array(bytes, length, "bytes")?)
        })
    }
}

/// The name that the module was given by its compiler, or NULL. Lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_name(
    module: lb_module_t,
    name: *mut *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or an out parameter.
    unsafe {
        guard_out(name, std::ptr::null(), || {
            let loaded = module.get()?;
            let name = &loaded.described().name;
            Ok(name.as_ref().map_or(std::ptr::null(), |name| name.as_ptr()))
        })
    }
}

/// What the module asks for, in its own order: an array of count elements that lives as long as the
/// handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_imports(
    module: lb_module_t,
    imports: *mut *const lb_import_t,
    count: *mut usize,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or out parameters.
    guard(|| unsafe {
        set(imports, std::ptr::null())?;
        set(count, 0)?;
        let loaded = module.get()?;
        set(imports, loaded.described().imports.as_ptr())?;
        set(count, loaded.described().imports.len())
    })
}

/// What the module exports, in its own order: an array of count elements that lives as long as the
/// handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_exports(
    module: lb_module_t,
    exports: *mut *const lb_export_t,
    count: *mut usize,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or out parameters.
    guard(|| unsafe {
        set(exports, std::ptr::null())?;
        set(count, 0)?;
        let loaded = module.get()?;
        set(exports, loaded.exports().as_ptr())?;
        set(count, loaded.exports().len())
    })
}

/// Releases the handle. Instances keep their module alive.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_module_release(module: lb_module_t) -> *mut lb_error_t {
    guard(|| module.release())
}
