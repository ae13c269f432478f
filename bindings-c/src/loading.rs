//! Asynchronous loading
//!
//! Compiling a large module takes seconds. It may be done on a thread of the library's, of which there are
//! two an engine for that: calls never wait for them.
//!
//!     lb_load_t load;
//!     lb_error_t *err = lb_module_load_file_async(NULL, "large.wasm", &load, NULL, NULL);
//!     // ... do something else ...
//!     if (!err) err = lb_load_wait(load, &module);
//!     lb_error_free(lb_load_release(load));

use std::ffi::{c_char, c_void};

use landbridge::{Call, Engine, Module, Prepared, Result};

use crate::call::{Waits, on_done, start};
use crate::engine::chosen;
use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_release};
use crate::handle::{lb_engine_t, lb_load_t, lb_module_t};
use crate::module::Loaded;
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{array, path_of, text};

noun!(lb_load_t, "load", Call<Module>);

/// Called with the outcome of loading, once: with an error and no module, or with NULL and a module, which
/// the function releases. data is what it was handed over with. The error is valid until the
/// function returns.
///
/// Runs on a thread of the library's, or on the thread that cancels what has not begun. It may call any
/// function of this header.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
pub type lb_loaded_t =
    Option<unsafe extern "C" fn(data: *mut c_void, error: *const lb_error_t, module: lb_module_t)>;

/// A function of C that waits for a module.
struct Done {
    done: unsafe extern "C" fn(*mut c_void, *const lb_error_t, lb_module_t),
    data: *mut c_void,
}

// SAFETY: whoever hands data over promises that it may be used on any thread.
unsafe impl Send for Done {}

impl Done {
    /// None if there is no function.
    fn of(done: lb_loaded_t, data: *mut c_void) -> Option<Done> {
        done.map(|done| Done { done, data })
    }
}

impl Waits<Module> for Done {
    fn run(self, outcome: Result<Module>) {
        let given = outcome.and_then(|module| lb_module_t::keep(Loaded::new(module)));
        match given {
            // SAFETY: whoever handed the function over promises that it takes its data and this.
            Ok(module) => unsafe { (self.done)(self.data, std::ptr::null(), module) },
            // SAFETY: as above.
            Err(error) => unsafe {
                (self.done)(self.data, &lb_error_t::of(error), lb_module_t::NONE);
            },
        }
    }
}

/// # Safety
/// `engine` is NULL or leads to a handle.
unsafe fn load_with(
    engine: *const lb_engine_t,
    out: Out<lb_load_t>,
    done: Option<Done>,
    prepare: impl FnOnce(&Engine) -> Result<Prepared<Module>>,
) -> *mut lb_error_t {
    // SAFETY: the caller's promise is ours.
    start(out, done, || prepare(&unsafe { chosen(engine) }?))
}

/// Compiles a module from a file on a thread of the library's, and does not wait. engine may be NULL. load
/// (or NULL) receives a handle, which the caller releases, and which is there before done is called. done
/// (or NULL) is called with data once there is an outcome, and never inside of this function; if this
/// function fails, it is not called.
///
/// Errors: LB_KIND_LIMIT if no thread can be started. All else is the outcome, as of lb_module_load_file().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load_file_async(
    engine: *const lb_engine_t,
    path: *const c_char,
    load: Out<lb_load_t>,
    done: lb_loaded_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        load_with(engine, load, Done::of(done, data), |engine| {
            Ok(Module::prepare_file(engine, path_of(path)?))
        })
    }
}

/// The same from WebAssembly text, which is copied.
///
/// Errors: as lb_module_load_file_async(). All else is the outcome, as of lb_module_load_text().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load_text_async(
    engine: *const lb_engine_t,
    source: *const c_char,
    load: Out<lb_load_t>,
    done: lb_loaded_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        load_with(engine, load, Done::of(done, data), |engine| {
            let source = text(source, "source")?;
            Ok(Module::prepare(engine, source.into_owned()))
        })
    }
}

/// The same from length bytes in memory, which are copied.
///
/// Errors: as lb_module_load_file_async(). All else is the outcome, as of lb_module_load_bytes().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_module_load_bytes_async(
    engine: *const lb_engine_t,
    bytes: *const u8,
    length: usize,
    load: Out<lb_load_t>,
    done: lb_loaded_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        load_with(engine, load, Done::of(done, data), |engine| {
            Ok(Module::prepare(engine, array(bytes, length, "bytes")?))
        })
    }
}

/// Ends the waiting with LB_KIND_CANCELLED: the done function is called here and now. What has not begun
/// is never done; what has is done to its end, and nobody hears of it. If there is an outcome, nothing
/// happens.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_load_cancel(load: lb_load_t) -> *mut lb_error_t {
    guard(|| {
        load.get()?.abandon();
        Ok(())
    })
}

/// Waits for the outcome. module receives a handle of its own each time, which the caller releases.
///
/// Errors: as of lb_module_load_file(); LB_KIND_CANCELLED; LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_load_wait(load: lb_load_t, module: Out<lb_module_t>) -> *mut lb_error_t {
    guard_new(module, || Ok(Loaded::new(load.get()?.wait()?)))
}

/// Whether there is an outcome. False if it is no such handle.
#[unsafe(no_mangle)]
pub extern "C" fn lb_load_is_done(load: lb_load_t) -> bool {
    crate::guard::guard_same(|| Ok(load.get()?.is_done()))
}

/// Has a function called with the outcome, beside the one that loading was started with. If there is an
/// outcome, it is called here and now.
///
/// Errors: LB_KIND_TYPE if done is NULL, LB_KIND_CLOSED if the handle was released; done is not called
/// then.
#[unsafe(no_mangle)]
pub extern "C" fn lb_load_on_done(
    load: lb_load_t,
    done: lb_loaded_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    on_done(load, Done::of(done, data))
}

/// Releases the handle. Loading goes on, and its done function is called.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_load_release(load: lb_load_t) -> *mut lb_error_t {
    guard_release(load)
}
