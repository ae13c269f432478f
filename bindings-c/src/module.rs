//! Modules
//!
//! A module is compiled code: load it once, instantiate it any number of times, from any thread.
//! Bytes and WebAssembly text are both taken.

use std::borrow::Cow;
use std::ffi::{CString, c_char};
use std::path::PathBuf;
use std::sync::OnceLock;

use landbridge::{Engine, Error, ErrorKind, ExternType, ImportType, Module, Result, World};

use crate::engine::chosen;
use crate::error::lb_error_t;
use crate::guard::{guard, guard_array, guard_new, guard_out, guard_release};
use crate::handle::{lb_engine_t, lb_module_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{array, path_of, text};
use crate::text::{Texts, c_name, pointer};
use crate::types::lb_extern_type_t;
use crate::wit_world;

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
    /// Of a component.
    world: OnceLock<wit_world::Described>,
}

noun!(lb_module_t, "module", Loaded);

struct Described {
    name: Option<CString>,
    digest: CString,
    imports: Vec<lb_import_t>,
    exports: Vec<lb_export_t>,
    #[expect(dead_code, reason = "held for the pointers to them")]
    texts: Texts,
}

impl Texts {
    pub(crate) fn imports(&mut self, imports: &[ImportType]) -> Vec<lb_import_t> {
        self.each(imports, |texts, import| lb_import_t {
            module: texts.keep(&import.module),
            name: texts.keep(&import.name),
            r#type: lb_extern_type_t::lend(&import.ty),
        })
    }

    pub(crate) fn exports(&mut self, exports: &[(String, ExternType)]) -> Vec<lb_export_t> {
        self.each(exports, |texts, (name, ty)| lb_export_t {
            name: texts.keep(name),
            r#type: lb_extern_type_t::lend(ty),
        })
    }
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
            world: OnceLock::new(),
        }
    }

    /// The same as core has it.
    pub(crate) fn wit_world(&self) -> Result<&World> {
        match self.module.world() {
            Some(world) => Ok(world),
            // That says why there is none.
            None => self.module.description().and(Err(no_world())),
        }
    }

    /// What a component asks for and offers.
    pub(crate) fn world(&self) -> Result<&wit_world::Described> {
        if let Some(world) = self.world.get() {
            return Ok(world);
        }
        let world = self.wit_world()?;
        Ok(self.world.get_or_init(|| wit_world::Described::of(world)))
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
        let mut texts = Texts::default();
        Described {
            imports: texts.imports(module.imports()),
            exports: texts.exports(module.exports()),
            name: module.name().map(c_name),
            digest: c_name(&module.digest()),
            texts,
        }
    }
}

#[cold]
fn no_world() -> Error {
    Error::new(ErrorKind::Internal, "a component has no world")
}

/// # Safety
/// `engine` is NULL or leads to a handle.
unsafe fn load(
    engine: *const lb_engine_t,
    module: Out<lb_module_t>,
    what: impl FnOnce(&Engine) -> Result<Module>,
) -> *mut lb_error_t {
    // SAFETY: the caller's promise is ours.
    unsafe { guard_new(module, || Ok(Loaded::new(what(&chosen(engine)?)?))) }
}

/// What a caller means by a string: a text, or the path of a file that is not UTF-8.
///
/// # Safety
/// `source` is NULL or a text.
pub(crate) unsafe fn string_of<'a>(source: *const c_char) -> Result<Result<Cow<'a, str>, PathBuf>> {
    // SAFETY: the caller's promise is ours.
    unsafe {
        match text(source, "source") {
            Ok(text) => Ok(Ok(text)),
            Err(error) => {
                let path = path_of(source)?;
                match Module::is_text(path.as_os_str().as_encoded_bytes()) {
                    true => Err(error),
                    false => Ok(Err(path)),
                }
            }
        }
    }
}

/// Compiles what a string names or is: WebAssembly text if it begins like one, with "(" or ";;" after
/// space and a byte order mark, and else the path of a file. A file whose own name begins so is loaded
/// by lb_module_load_file(). engine may be NULL. The caller releases the module.
///
/// Errors: LB_KIND_IO if the file cannot be read, LB_KIND_COMPILE if there is no valid module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load(
    engine: *const lb_engine_t,
    source: *const c_char,
    module: Out<lb_module_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        load(engine, module, |engine| match string_of(source)? {
            Ok(text) => Module::load_with_engine(engine, &text),
            Err(path) => Module::from_file_with_engine(engine, path),
        })
    }
}

/// Compiles a module from a file. engine may be NULL. The caller releases the module.
///
/// Errors: LB_KIND_IO if the file cannot be read, LB_KIND_COMPILE if it holds no valid module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load_file(
    engine: *const lb_engine_t,
    path: *const c_char,
    module: Out<lb_module_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        load(engine, module, |engine| {
            Module::from_file_with_engine(engine, path_of(path)?)
        })
    }
}

/// Compiles a module from WebAssembly text that ends with a zero byte. engine may be NULL. The
/// caller releases the module.
///
/// Errors: LB_KIND_COMPILE if the text is no valid module; the message says where.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load_text(
    engine: *const lb_engine_t,
    source: *const c_char,
    module: Out<lb_module_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        load(engine, module, |engine| {
            Module::with_engine(engine, &*text(source, "source")?)
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
    module: Out<lb_module_t>,
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
pub extern "C" fn lb_module_name(module: lb_module_t, name: Out<*const c_char>) -> *mut lb_error_t {
    guard_out(name, std::ptr::null(), || {
        Ok(pointer(&module.get()?.described().name))
    })
}

/// The module's bytes in the binary format, length of them, which live as long as the handle. A
/// module travels to another process as these: lb_module_load_bytes() finds there what was compiled
/// already.
///
/// Errors: LB_KIND_CLOSED if the module was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_module_bytes(
    module: lb_module_t,
    bytes: Out<*const u8>,
    length: Out<usize>,
) -> *mut lb_error_t {
    guard_array(bytes, length, || Ok(module.get()?.module.bytes()))
}

/// The BLAKE3 hash of its bytes, as 64 hexadecimal digits. Lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_module_digest(
    module: lb_module_t,
    digest: Out<*const c_char>,
) -> *mut lb_error_t {
    guard_out(digest, std::ptr::null(), || {
        Ok(module.get()?.described().digest.as_ptr())
    })
}

/// Writes the compiled code to a file, for lb_module_load_precompiled(). A file that is there is
/// replaced, in one step. It fits one version of this library, one sort of CPU and operating
/// system, and the engine's options, and may be read and written by this user only.
///
/// Errors: LB_KIND_IO if the file cannot be written, LB_KIND_CLOSED if the module was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_compile(
    module: lb_module_t,
    path: *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or a text.
    guard(|| module.get()?.module.compile(unsafe { path_of(path) }?))
}

/// Loads what lb_module_compile() wrote, without compiling. engine may be NULL. The caller releases
/// the module.
///
/// The file is machine code, which is run as it is and is trusted: never load one from somebody
/// whose programs you would not run, and do not change it while a module of it is loaded. Checks
/// are against mistakes, not against malice.
///
/// Errors: LB_KIND_IO if the file cannot be read; LB_KIND_COMPILE if it is no such file, was
/// truncated or altered, or was made by another version, for another machine or with other options.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load_precompiled(
    engine: *const lb_engine_t,
    path: *const c_char,
    module: Out<lb_module_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for, and trusts the file.
    unsafe {
        load(engine, module, |engine| {
            Module::load_precompiled(engine, path_of(path)?)
        })
    }
}

/// What the module asks for, in its own order: an array of count elements that lives as long as the
/// handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_module_imports(
    module: lb_module_t,
    imports: Out<*const lb_import_t>,
    count: Out<usize>,
) -> *mut lb_error_t {
    guard_array(imports, count, || Ok(&*module.get()?.described().imports))
}

/// What the module exports, in its own order: an array of count elements that lives as long as the
/// handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_module_exports(
    module: lb_module_t,
    exports: Out<*const lb_export_t>,
    count: Out<usize>,
) -> *mut lb_error_t {
    guard_array(exports, count, || Ok(module.get()?.exports()))
}

/// Releases the handle. Instances keep their module alive.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_module_release(module: lb_module_t) -> *mut lb_error_t {
    guard_release(module)
}
