//! Inspection
//!
//! What a module is and what it imports, without compiling it. It may use features that the engine does
//! not have: you see which, and only loading it fails.
//!
//! All arrays below have count elements and live as long as the handle.

use std::ffi::{CString, c_char};
use std::sync::OnceLock;

use landbridge::{Ask, CustomSection, Inspection, Producer, Result, host};

use crate::error::lb_error_t;
use crate::guard::{guard_array, guard_new, guard_out, guard_release};
use crate::handle::lb_inspection_t;
use crate::module::{lb_export_t, lb_import_t, string_of};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{array, path_of, text};
use crate::text::{Texts, c_name, pointer};
use crate::types::lb_memory_type_t;

/// Something that a module asks of WASI.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_ask_t {
    /// "args", "env", "clock", "random", "files", "stdin", "streams", "poll", "exit", "sockets",
    /// "signals", "yield" or "http". "stdin" and "streams" may mean files where "files" is told too; stdout
    /// and stderr are "streams", since one function writes to both.
    pub what: *const c_char,
    /// The functions it asks by, in the order of its imports.
    pub functions: *const *const c_char,
    /// How many functions there are.
    pub count: usize,
}

/// A section that is not part of the standard.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_custom_section_t {
    /// Its name; several sections may have the same.
    pub name: *const c_char,
    /// What it holds.
    pub bytes: *const u8,
    /// How many bytes there are.
    pub length: usize,
}

/// Something that took part in making a module.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_producer_t {
    /// "language", "sdk" or "processed-by".
    pub field: *const c_char,
    /// Its name, such as "Rust".
    pub name: *const c_char,
    /// Its version.
    pub version: *const c_char,
}

/// An inspection as C has it.
pub struct Inspected {
    name: Option<CString>,
    built_for: Option<CString>,
    imports: Vec<lb_import_t>,
    asks: Vec<lb_ask_t>,
    exports: Vec<lb_export_t>,
    memories: Vec<lb_memory_type_t>,
    features: Vec<*const c_char>,
    custom_sections: Vec<lb_custom_section_t>,
    producers: Vec<lb_producer_t>,
    target_features: Vec<*const c_char>,
    wit: Option<CString>,
    #[expect(dead_code, reason = "held for the pointers into them")]
    asked: Vec<Vec<*const c_char>>,
    #[expect(dead_code, reason = "held for the pointers to them")]
    texts: Texts,
    /// Made when it is asked for.
    json: OnceLock<CString>,
    found: Inspection,
}

noun!(lb_inspection_t, "inspection", Inspected);

// SAFETY: the pointers lead to texts, types and bytes that are kept beside them and never change.
unsafe impl Send for Inspected {}
// SAFETY: as above.
unsafe impl Sync for Inspected {}

impl Inspected {
    fn new(found: Inspection) -> Inspected {
        let mut texts = Texts::default();
        let asked = texts.each(&found.asks, |texts, ask| {
            texts.each(&ask.functions, |texts, it| texts.keep(it))
        });
        Inspected {
            name: found.name.as_deref().map(c_name),
            built_for: found.built_for.map(c_name),
            imports: texts.imports(&found.imports),
            asks: asks(&mut texts, &found.asks, &asked),
            exports: texts.exports(&found.exports),
            memories: found.memories.iter().map(lb_memory_type_t::give).collect(),
            features: found.features.iter().map(|it| texts.keep(it)).collect(),
            custom_sections: texts.each(&found.custom_sections, custom_section),
            producers: texts.each(&found.producers, producer),
            target_features: texts.each(&found.target_features, |texts, it| texts.keep(it)),
            wit: found.world.as_ref().map(|it| c_name(&it.to_string())),
            asked,
            texts,
            json: OnceLock::new(),
            found,
        }
    }

    fn compile_cost(&self) -> u64 {
        self.found.compile_cost
    }
}

fn asks(texts: &mut Texts, asks: &[Ask], asked: &[Vec<*const c_char>]) -> Vec<lb_ask_t> {
    let each = asks.iter().zip(asked);
    let each = each.map(|(ask, functions)| lb_ask_t {
        what: texts.keep(ask.what),
        functions: functions.as_ptr(),
        count: functions.len(),
    });
    each.collect()
}

fn custom_section(texts: &mut Texts, section: &CustomSection) -> lb_custom_section_t {
    lb_custom_section_t {
        name: texts.keep(&section.name),
        bytes: section.bytes.as_ptr(),
        length: section.bytes.len(),
    }
}

fn producer(texts: &mut Texts, producer: &Producer) -> lb_producer_t {
    lb_producer_t {
        field: texts.keep(&producer.field),
        name: texts.keep(&producer.name),
        version: texts.keep(&producer.version),
    }
}

/// Inspects a module's bytes, which are not needed afterwards. The caller releases the inspection.
///
/// Errors: LB_KIND_COMPILE if they are no valid module; the message says where.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_inspect_bytes(
    bytes: *const u8,
    length: usize,
    inspection: Out<lb_inspection_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        inspected(inspection, || {
            Inspection::new(array(bytes, length, "bytes")?)
        })
    }
}

/// Inspects WebAssembly text that ends with a zero byte. Else as lb_inspect_bytes().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_inspect_text(
    source: *const c_char,
    inspection: Out<lb_inspection_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { inspected(inspection, || Inspection::new(&*text(source, "source")?)) }
}

/// Inspects what a string names or is, as lb_module_load() takes it. Else as lb_inspect_bytes().
///
/// Errors: LB_KIND_IO if the file cannot be read, LB_KIND_COMPILE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_inspect(
    source: *const c_char,
    inspection: Out<lb_inspection_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        inspected(inspection, || match string_of(source)? {
            Ok(text) => Inspection::of(&text),
            Err(path) => Inspection::of_file(path),
        })
    }
}

/// Inspects a file of bytes or of WebAssembly text. Else as lb_inspect_bytes().
///
/// Errors: LB_KIND_IO if the file cannot be read, LB_KIND_COMPILE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_inspect_file(
    path: *const c_char,
    inspection: Out<lb_inspection_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { inspected(inspection, || Inspection::of_file(path_of(path)?)) }
}

/// Keeps what `inspect` finds, and hands out its handle.
fn inspected(
    out: Out<lb_inspection_t>,
    inspect: impl FnOnce() -> Result<Inspection>,
) -> *mut lb_error_t {
    guard_new(out, || {
        host::print_defects_alone();
        inspect().map(Inspected::new)
    })
}

/// The name in the module's name section, or NULL. Lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the inspection was released, as for all below.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_name(
    inspection: lb_inspection_t,
    name: Out<*const c_char>,
) -> *mut lb_error_t {
    guard_out(name, std::ptr::null(), || {
        let inspected = inspection.get()?;
        Ok(pointer(&inspected.name))
    })
}

/// What the module was built for, if its imports tell of a host that is neither WASI nor one of its
/// own, such as JavaScript, and what to do, in a sentence; else NULL. Lives as long as the handle.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_built_for(
    inspection: lb_inspection_t,
    built_for: Out<*const c_char>,
) -> *mut lb_error_t {
    guard_out(built_for, std::ptr::null(), || {
        let inspected = inspection.get()?;
        Ok(pointer(&inspected.built_for))
    })
}

/// What a component imports and exports, as text of WIT for people to read, with what is written about it; NULL for a
/// core module. All of it is in lb_inspection_json() as data, as "world". Lives as long as the handle.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_wit(
    inspection: lb_inspection_t,
    wit: Out<*const c_char>,
) -> *mut lb_error_t {
    guard_out(wit, std::ptr::null(), || {
        let inspected = inspection.get()?;
        Ok(pointer(&inspected.wit))
    })
}

/// All of it as JSON, the same bytes in every host language: an object of "asks", "built_for",
/// "compile_cost", "custom_sections", "exports", "features", "imports", "memories", "name", "producers",
/// "target_features" and "world". Of a custom section there is how many bytes it has. Lives as long as the handle.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_json(
    inspection: lb_inspection_t,
    json: Out<*const c_char>,
) -> *mut lb_error_t {
    guard_out(json, std::ptr::null(), || {
        let inspected = inspection.get()?;
        let make = || c_name(&inspected.found.to_json());
        Ok(inspected.json.get_or_init(make).as_ptr())
    })
}

fn list<T>(
    inspection: lb_inspection_t,
    out: Out<*const T>,
    count: Out<usize>,
    what: impl FnOnce(&Inspected) -> &[T],
) -> *mut lb_error_t {
    guard_array(out, count, || Ok(what(&*inspection.get()?)))
}

/// What the module asks its host for, in its own order.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_imports(
    inspection: lb_inspection_t,
    imports: Out<*const lb_import_t>,
    count: Out<usize>,
) -> *mut lb_error_t {
    list(inspection, imports, count, |it| &it.imports)
}

/// What the module asks of WASI, as far as its imports tell. What else it imports, its host must
/// lend.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_asks(
    inspection: lb_inspection_t,
    asks: Out<*const lb_ask_t>,
    count: Out<usize>,
) -> *mut lb_error_t {
    list(inspection, asks, count, |it| &it.asks)
}

/// What the module exports, in its own order.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_exports(
    inspection: lb_inspection_t,
    exports: Out<*const lb_export_t>,
    count: Out<usize>,
) -> *mut lb_error_t {
    list(inspection, exports, count, |it| &it.exports)
}

/// All its memories, imported ones first, with their limits.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_memories(
    inspection: lb_inspection_t,
    memories: Out<*const lb_memory_type_t>,
    count: Out<usize>,
) -> *mut lb_error_t {
    list(inspection, memories, count, |it| &it.memories)
}

/// The features beyond WebAssembly 1.0 without which it is not valid, by the names of their
/// proposals.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_features(
    inspection: lb_inspection_t,
    features: Out<*const *const c_char>,
    count: Out<usize>,
) -> *mut lb_error_t {
    list(inspection, features, count, |it| &it.features)
}

/// The sections that are not part of the standard, in the module's order.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_custom_sections(
    inspection: lb_inspection_t,
    sections: Out<*const lb_custom_section_t>,
    count: Out<usize>,
) -> *mut lb_error_t {
    list(inspection, sections, count, |it| &it.custom_sections)
}

/// What made it, as its producers section says.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_producers(
    inspection: lb_inspection_t,
    producers: Out<*const lb_producer_t>,
    count: Out<usize>,
) -> *mut lb_error_t {
    list(inspection, producers, count, |it| &it.producers)
}

/// The features its compiler was told to use, such as "+simd128", as its target_features section
/// says.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_target_features(
    inspection: lb_inspection_t,
    features: Out<*const *const c_char>,
    count: Out<usize>,
) -> *mut lb_error_t {
    list(inspection, features, count, |it| &it.target_features)
}

/// How much more work compiling the module is than its size accounts for, in the units of the
/// member compile_cost of lb_engine_options_t; most modules have 0 here. An engine refuses a module
/// of more than its option, unless it is compiled already.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_compile_cost(
    inspection: lb_inspection_t,
    units: Out<u64>,
) -> *mut lb_error_t {
    guard_out(units, 0, || Ok(inspection.get()?.compile_cost()))
}

/// Releases the handle, and all that was read from it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_inspection_release(inspection: lb_inspection_t) -> *mut lb_error_t {
    guard_release(inspection)
}
